"""The SUPP-- datasets of a study.

Their specs follow from its supplemental variables (SDTMIG 8.4) and long text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import count

from ..text import LONGEST_TEXT
from .model import DatasetSpec, Variable
from .pieces import BASES, begun_by
from .source import DatasetSource
from .standard import StandardVariable
from .terminology import Terminology
from .wiring import Wiring

KEYS = ("STUDYID", "RDOMAIN", "USUBJID", "IDVAR", "IDVARVAL", "QNAM")
QNAM_LENGTH = 8
DOMAIN_LENGTH = 4  # of a dataset's name, so that SUPP and it are a name too
MOST = 99  # pieces that a text can have beside the first


def with_supplements(
    datasets: Iterable[DatasetSpec], terminology: Terminology
) -> Iterator[DatasetSpec]:
    """Each dataset, followed by its SUPP-- where it has one.

    Its supplemental variables make it, or a long text would.
    """
    for spec in datasets:
        yield spec
        if any(v.supplemental for v in spec.variables) or continuations(spec):
            yield _supplement(spec, terminology)


def _supplement(parent: DatasetSpec, terminology: Terminology) -> DatasetSpec:
    known = terminology.standard.sdtm["SUPPQUAL"].values()
    return DatasetSpec(
        name=f"SUPP{parent.name}",
        label=f"Supplemental Qualifiers for {parent.name}",
        standard="SDTM",
        structure=terminology.standard.datasets["SUPPQUAL"].structure,
        description="One record per supplemental qualifier per related parent domain record(s)",
        keys=KEYS,
        parent=parent.name,
        transliterate=parent.transliterate,
        rows=(),
        variables=tuple(_variable(v, parent, terminology) for v in known),
        place=parent.place,
    )


def _variable(known: StandardVariable, parent: DatasetSpec, terminology: Terminology) -> Variable:
    codelist = known.codelist
    if codelist and not terminology.use_codelist(codelist):
        codelist = ""
    lengths, name = terminology.lengths, f"SUPP{parent.name}"
    return Variable(
        name=known.name,
        label=known.label,
        type=known.type,  # type: ignore[arg-type]
        length=lengths.in_bytes(known.name, name) or known.length,
        by_data=lengths.by_data(known.name, name),
        codelist=codelist,
        core=known.core,
        role=known.role,
        wiring=Wiring(function="supplement", place=parent.place),
    )


def why_no_supplement(source: DatasetSource, standard_name: str) -> str:
    """Why no variable of a dataset leaves as records of SUPP--; empty where it may.

    Args:
        source: the dataset.
        standard_name: SDTM or ADaM.

    Source: SDTMIG 3.4, 8.4.
    """
    if source.internal:
        return "an internal dataset is not written, and has no SUPP--"
    if standard_name != "SDTM":
        return "a dataset of adam/ has no SUPP--: its variables are columns"
    if source.per == "study":
        return "SUPP-- names a record by its subject, and none of these has one"
    return ""


# ---------------------------------------------------------------- long text
def continuations(spec: DatasetSpec) -> Mapping[str, tuple[str, ...]]:
    """Where a text that is longer than a variable can be goes on.

    Args:
        spec: of the dataset.

    Returns:
        For each variable whose text may be so long: QNAM of its second piece, of its third, ...
        These are all Char variables of SDTM that have the full length, supplemental ones too, but
        for identifiers, and for those that go on in variables (see `pieces`). There are none in a
        dataset whose records a SUPP-- cannot name: those are named by the subject, and but for DM
        by --SEQ.

    Source: SDTMIG 3.4, 4.5.3.2.
    """
    if not _has_supplement(spec):
        return {}
    texts = tuple(v.name for v in spec.variables if _may_go_on(v))
    names = tuple(v.name for v in spec.variables)
    return _numbered(texts, names)


def _has_supplement(spec: DatasetSpec) -> bool:
    """Whether a SUPP-- can name the records of a dataset."""
    if spec.standard != "SDTM" or spec.internal or spec.per_study or spec.parent:
        return False
    is_named = spec.name == "DM" or f"{spec.name}SEQ" in spec.columns
    return is_named and len(spec.name) <= DOMAIN_LENGTH


def _may_go_on(variable: Variable) -> bool:
    is_full = variable.type == "Char" and variable.length == LONGEST_TEXT
    goes_on_here = variable.name in BASES or begun_by(variable.name)
    return is_full and variable.role != "Identifier" and not goes_on_here


@cache
def _numbered(texts: tuple[str, ...], variables: tuple[str, ...]) -> Mapping[str, tuple[str, ...]]:
    """Each name with 1, 2, ... at the end, shortened to QNAM_LENGTH.

    Numbers whose name is taken are passed over.
    """
    taken = set(variables)
    candidates = {name: _candidates(name) for name in texts}
    found: dict[str, list[str]] = {name: [] for name in texts}
    for _ in range(MOST):
        for name in texts:
            free = next(candidate for candidate in candidates[name] if candidate not in taken)
            taken.add(free)
            found[name].append(free)
    return {name: tuple(names) for name, names in found.items()}


def _candidates(name: str) -> Iterator[str]:
    for number in map(str, count(1)):
        yield name[: QNAM_LENGTH - len(number)] + number
