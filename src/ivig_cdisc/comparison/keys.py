"""What makes a record unique: as given, as a file or the standard says it, or found."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from ..errors import ExportError
from ..formats.table import Table
from ..metadata.standard import standard
from ..text import suggest
from .known_keys import KnownKeys
from .pairing import codes

SUBJECTS = (
    "USUBJID",
    "RSUBJID",
    "SUBJID",
    "SUBJECT",
    "SUBJECTID",
    "PATIENTID",
    "PATNUM",
    "PATNO",
    "PTNO",
)
SUPPLEMENTAL = ("USUBJID", "IDVAR", "IDVARVAL", "QNAM")
SAME_EVERYWHERE = ("STUDYID", "DOMAIN", "RDOMAIN")
# What identifies a record: what it is of, in an analysis, and when it was; -- is the domain.
OF_WHAT = (
    "--TESTCD",
    "--TRT",
    "--TERM",
    "--DECOD",
    "--CAT",
    "--SCAT",
    "--SPEC",
    "--LOC",
    "--LAT",
    "--METHOD",
)
OF_ANALYSIS = (
    "PARAMCD",
    "AVISITN",
    "AVISIT",
    "ATPTN",
    "ATPT",
    "DTYPE",
    "ADT",
    "ADTM",
    "ASTDT",
    "ASTDTM",
)
WHEN = (
    "VISITNUM",
    "VISIT",
    "--TPTNUM",
    "--TPT",
    "--DTC",
    "--STDTC",
    "--SPID",
    "--GRPID",
    "--REFID",
    "--LNKID",
)


Candidate = tuple[tuple[str, ...], str]  # variables, and how they came about


@dataclass(frozen=True)
class Keys:
    """The variables by which records are paired.

    how says where they are from; duplicates, how many records share theirs.
    """

    names: tuple[str, ...]
    how: str
    duplicates: tuple[int, int] = (0, 0)  # records beyond the first of each key, on both sides


def keys(first: Table, second: Table, known: KnownKeys, *, strict: bool) -> Keys:
    """The keys of two datasets.

    Those that the caller gives; strict: each must be in both, otherwise one of them is enough.
    Where none are given: those of the study's specs, those that a file says, those of SDTMIG, those
    that are found, of which --SEQ is the last, since two programmers number as they like. The
    subject is always one of them. ExportError where a key is not there, or the two have no variable
    in common. Records that agree in the keys are paired in their order.
    """
    given = known.given
    common = [str(name) for name in first.frame if name in second.frame]
    if not common:
        raise ExportError(f"{first.file} and {second.file} have no variable in common")
    absent = _without(given, common)
    if absent and (strict or len(absent) == len(given)):
        hints = [f"{name}{suggest(name, common)}" for name in absent]
        raise ExportError(f"{first.name}: not in both datasets: {', '.join(hints)}")
    if given:
        return _counted(first, second, tuple(_among(given, common)), "as given")
    return _found(first, second, known, common)


def _found(first: Table, second: Table, known: KnownKeys, common: Sequence[str]) -> Keys:
    """The first keys that are unique in both; if none are, those that leave fewest duplicates."""
    tried = []
    for names, how in _candidates(first, second, known, common):
        made = _counted(first, second, names, how)
        if made.duplicates == (0, 0):
            return made
        origin = how.removesuffix(": unique in both")
        tried.append(Keys(names, f"{origin}, but not unique", made.duplicates))
    return min(tried, key=lambda made: sum(made.duplicates))


def _candidates(
    first: Table, second: Table, known: KnownKeys, common: Sequence[str]
) -> Iterator[Candidate]:
    subject = _subject(common)
    for names, how in (*_of_specs(first, second, known, common), *_of_files(first, second)):
        if names and set(names) <= set(common) and (subject is None or subject in names):
            yield names, how
    if set(SUPPLEMENTAL) <= set(common):
        yield SUPPLEMENTAL, "found: unique in both"
    if subject:
        identifying = _among(_identifying(first.name), common)
        yield _shortest(first, second, (subject,), identifying), "found: unique in both"
        for name in _sequences(first.name, common):
            yield (subject, name), "found: unique in both"
    differing = _without(common, SAME_EVERYWHERE) or list(common)
    fixed = tuple(filter(None, [subject]))
    yield _shortest(first, second, fixed, differing), "found: unique in both"


def _subject(names: Sequence[str]) -> str | None:
    """The first name that variables of subjects have."""
    for name in names:
        if name.upper().replace("_", "") in SUBJECTS:
            return name
    return None


def _of_specs(
    first: Table, second: Table, known: KnownKeys, common: Sequence[str]
) -> Iterator[Candidate]:
    """The keys of the study's specs, as far as both have them.

    The study is left out where there is but one.
    """
    names = _without_constant(first, second, known.specs.get(first.name, ()))
    absent = _without(names, common)
    how = f"as the specs of {known.study} have them"
    if absent:
        how = f"{how}, without {', '.join(absent)}, not in both"
    yield tuple(_among(names, common)), how


def _of_files(first: Table, second: Table) -> Iterator[Candidate]:
    """The keys that the files say, and those of SDTMIG.

    The study is left out where there is but one.
    """
    for table in (first, second):
        yield table.keys, f"as {table.file} says"
    domain = standard().datasets.get(first.name)
    if domain:
        yield tuple(_without_constant(first, second, domain.keys)), "as SDTMIG has them"


def _without_constant(first: Table, second: Table, names: Iterable[str]) -> list[str]:
    return [name for name in names if not _constant(first, second, name)]


def _constant(first: Table, second: Table, name: str) -> bool:
    if name not in SAME_EVERYWHERE:
        return False
    values: set[object] = set()
    for table in (first, second):
        if name in table.frame:
            values |= set(table.frame[name].dropna())
    return len(values) <= 1


def _domain(dataset: str) -> str:
    """AE of AE and of ADAE."""
    if dataset.startswith("AD") and len(dataset) == 4:
        return dataset[2:]
    return dataset[:2]


def _identifying(dataset: str) -> list[str]:
    names = [*OF_WHAT, *WHEN]
    if dataset.startswith("AD"):
        names = [*OF_WHAT, *OF_ANALYSIS, *WHEN]
    return [name.replace("--", _domain(dataset)) for name in names]


def _sequences(dataset: str, common: Sequence[str]) -> list[str]:
    """Sequence numbers, that of the dataset's own domain first."""
    found = [name for name in common if re.fullmatch(r"ASEQ|[A-Z]{2}SEQ", name)]
    return sorted(found, key=lambda name: (name != f"{_domain(dataset)}SEQ", name != "ASEQ", name))


def _shortest(
    first: Table, second: Table, fixed: tuple[str, ...], others: Sequence[str]
) -> tuple[str, ...]:
    """The fixed variables and as many of the others as make them unique in both.

    Those that add nothing are left out.
    """
    more = _without(others, fixed)
    chosen: list[str] = []
    while chosen != more and not _unique(first, second, [*fixed, *chosen]):
        chosen = more[: len(chosen) + 1]
    if not _unique(first, second, [*fixed, *chosen]):
        return (*fixed, *chosen)
    for name in chosen:
        rest = _without(chosen, [name])
        if _unique(first, second, [*fixed, *rest]):
            chosen = rest
    return (*fixed, *chosen)


def _among(names: Iterable[str], others: Collection[str]) -> list[str]:
    return [name for name in names if name in others]


def _without(names: Iterable[str], others: Collection[str]) -> list[str]:
    return [name for name in names if name not in others]


def _unique(first: Table, second: Table, names: Sequence[str]) -> bool:
    """Whether the names identify each record of both; nothing does so without a name."""
    if not names:
        return False
    return not (_duplicates(first, names) or _duplicates(second, names))


def _counted(first: Table, second: Table, names: tuple[str, ...], how: str) -> Keys:
    return Keys(names, how, (_duplicates(first, names), _duplicates(second, names)))


def _duplicates(table: Table, names: Sequence[str]) -> int:
    found = codes(table.frame[list(names)])
    return len(found) - len(set(found.tolist()))
