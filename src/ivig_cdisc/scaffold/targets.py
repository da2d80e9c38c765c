"""Which SDTM domain a form is for, and which variable a column.

By CDASH and SDTM names, and by common words.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from operator import itemgetter

from ..metadata.standard import StandardVariable, standard
from . import codes
from .column_names import knowledge, parts, plain, readings
from .column_types import ColumnType, is_numeric
from .sample import SampledFile

_MADE = (  # wired otherwise, or derived
    "STUDYID",
    "DOMAIN",
    "USUBJID",
    "SUBJID",
    "SITEID",
    "EPOCH",
    "AGEU",
)
_DERIVED = (
    "SEQ",
    "DY",
    "STDY",
    "ENDY",
    "STRESC",
    "STRESN",
    "STRESU",
    "LOBXFL",
    "BLFL",
    "DRVFL",
    "STAT",
    "REASND",
)
_COLUMNS = 2  # so many columns named after a domain say that the form is for it


@dataclass(frozen=True)
class Target:
    """What a column is for: a variable, or the time of day of the date of a variable."""

    variable: str
    why: str
    is_time: bool = False


@dataclass(frozen=True)
class Measured:
    """A column that holds the results of one test."""

    code: str
    unit: str


# ---------------------------------------------------------------- domain
def domain(sampled: SampledFile) -> tuple[str, str]:
    """The domain a form is for and why; two empty texts where nothing says so."""
    counts = Counter(map(_named_after, sampled.columns))
    counts.pop("", None)
    best = max(counts, key=lambda domain: (counts[domain], domain), default="")
    if best and counts[best] >= _COLUMNS:
        return best, f"{counts[best]} columns are named after it"
    words = parts(re.sub(r"\.csv$", "", sampled.file, flags=re.IGNORECASE))
    found = []
    for of, phrases in knowledge()["domains"].items():
        for phrase in phrases:
            if _in(parts(phrase), words):
                found.append((len(plain(phrase)), of))
    if not found:
        return "", ""
    return max(found)[1], "by the name of the file"


def _in(phrase: tuple[str, ...], words: tuple[str, ...]) -> bool:
    """Whether the words have the phrase among them, or are it written otherwise."""
    for first in range(len(words)):
        if words[first : first + len(phrase)] == phrase:
            return True
    return plain(phrase) == plain(words)


def _named_after(name: str) -> str:
    """The domain whose variable, by CDASH or SDTM, the column is called like."""
    for words in readings(name):
        upper = "".join(words).upper()
        own = str(knowledge()["aliases"].get(upper[:2], upper[:2]))
        if own not in standard().datasets or len(upper) <= 2:
            continue
        if _cdash(upper, own) or _is_variable(upper, own):
            return own
    return ""


# ---------------------------------------------------------------- variables
def targets(sampled: SampledFile, of: str, types: Mapping[str, ColumnType]) -> dict[str, Target]:
    """The variable of each column for which one is guessed; each once, the nearest name first.

    Args:
        sampled: the file.
        of: the domain.
        types: of the columns that may be for a variable.
    """
    guessed: list[tuple[int, str, Target]] = []
    for name in types:
        guessed += [(level, name, target) for level, target in _guesses(sampled, name, of)]
    found: dict[str, Target] = {}
    taken: set[tuple[str, bool]] = set()
    for _, name, target in sorted(guessed, key=itemgetter(0)):
        aim = (target.variable, target.is_time)
        if name not in found and aim not in taken and fits(types[name], target, of):
            found[name] = target
            taken.add(aim)
    return {name: found[name] for name in types if name in found}


def _guesses(sampled: SampledFile, name: str, of: str) -> Iterator[tuple[int, Target]]:
    """Possible targets of a column, with how far the name is from them."""
    for words in readings(name, (of, sampled.name, *_aliases(of))):
        upper = "".join(words).upper()
        for level, called in ((0, upper), (2, of + upper)):
            if date := _time_of(called, of):
                yield level, Target(date, "CDASH name", is_time=True)
            if variable := _cdash(called, of):
                yield level, Target(variable, "CDASH name")
            if variable := _is_variable(called, of):
                yield level, Target(variable, "SDTM name")
        for level, group in ((1, of), (3, "--")):
            for variable in _by_words(plain(words), group, of):
                yield level, Target(variable, f'"{" ".join(words)}"')
        if date := _time_of(plain(words), of):
            yield 3, Target(date, f'"{" ".join(words)}"', is_time=True)


def _aliases(of: str) -> list[str]:
    return [prefix for prefix, own in knowledge()["aliases"].items() if own == of]


def _cdash(upper: str, of: str) -> str:
    """The SDTM variable of a CDASH name; nothing where the domain has no such variable."""
    for name, variable in knowledge()["names"].items():
        for prefix in (of, *_aliases(of)):
            if upper == name.replace("--", prefix) and ("--" in name or of == "DM"):
                return _is_variable(variable.replace("--", of), of)
    return ""


def _is_variable(upper: str, of: str) -> str:
    """The variable of the domain that is called so and is collected, not derived."""
    own = upper
    for alias in _aliases(of):
        if upper.startswith(alias):
            own = of + upper[len(alias) :]
            break
    is_made = own in _MADE or own.removeprefix(of) in _DERIVED
    if is_made or not standard().domain_variable(of, own):
        return ""
    return own


def _by_words(words: str, group: str, of: str) -> list[str]:
    return [v for phrase, v in _phrases(group, of) if phrase == words]


@cache
def _phrases(group: str, of: str) -> tuple[tuple[str, str], ...]:
    found = []
    for called, phrases in knowledge()["words"].get(group, {}).items():
        variable = called.replace("--", of)
        if _is_variable(variable, of):
            for phrase in phrases:
                found.append((plain(phrase), variable))
    return tuple(found)


def _time_of(called: str, of: str) -> str:
    """The variable whose date a column of times belongs to."""
    for name, variable in knowledge()["times"].items():
        written = {name.replace("--", prefix) for prefix in (of, *_aliases(of))}
        if called in written or called == plain(name):
            return _is_variable(variable.replace("--", of), of)
    return ""


# ---------------------------------------------------------------- do the values allow it?
def variable(of: str, name: str) -> StandardVariable:
    """What the standard says of a variable of the domain."""
    found = standard().domain_variable(of, name)
    if found is None:
        raise LookupError(f"{name} is not a variable of {of}")
    return found


def is_date(known: StandardVariable) -> bool:
    """Whether the variable holds a date and time."""
    return known.name.endswith("DTC")


def test_names(of: str, codelist_of: StandardVariable) -> str:
    """For --TESTCD the codelist of --TEST, else nothing."""
    if not codelist_of.name.endswith("TESTCD"):
        return ""
    return variable(of, codelist_of.name.removesuffix("CD")).codelist


def fits(column: ColumnType, target: Target, of: str) -> bool:
    """Whether the values of the column can be those of the target.

    An empty column can be anything.
    """
    known = variable(of, target.variable)
    if column.empty:
        return True
    if target.is_time or is_date(known):
        return column.name == ("time" if target.is_time else "date")
    if column.name in ("date", "time"):
        return False
    if known.type == "Num":
        return is_numeric(column)
    if known.codelist and not codes.extensible(known.codelist):
        return _may_be_of(known.codelist, list(column.counts.index))
    return True


def _may_be_of(codelist: str, values: list[str]) -> bool:
    """Whether half of the values are terms, or all are numbers that may stand for these."""
    digits = all(re.fullmatch("[0-9]{1,2}", value) for value in values)
    if digits and len(values) <= 10:
        return True
    return 2 * len(codes.match(values, codelist)) >= len(values)


# ---------------------------------------------------------------- columns that are tests
def tests(sampled: SampledFile, of: str, types: Mapping[str, ColumnType]) -> dict[str, Measured]:
    """Columns of numbers that are called like a test of the domain: weight_kg, Hemoglobin."""
    if f"{of}TESTCD" not in standard().sdtm.get(of, {}):
        return {}
    found: dict[str, Measured] = {}
    taken: set[str] = set()
    for name, column_type in types.items():
        if column_type.name not in ("number", "result", "code") or not is_numeric(column_type):
            continue
        measured = _test(name, of, (of, sampled.name, f"{of}orres"))
        if measured and measured.code not in taken:
            found[name] = measured
            taken.add(measured.code)
    return found


def test_code(text: str, of: str) -> str:
    """The code of a test by its code, name or a common word; empty text where there is none."""
    return _test_codes(of).get("".join(parts(text)), "")


def _test(name: str, of: str, leading: tuple[str, ...]) -> Measured | None:
    for words in readings(name, leading):
        if words[-1].upper() == f"{of}ORRES" and len(words) > 1:
            words = words[:-1]  # noqa: PLW2901  the rest names the test
        unit = ""
        if len(words) > 1:
            unit = knowledge()["units"].get(words[-1], "")
        if unit:
            words = words[:-1]  # noqa: PLW2901  as above
        code = _test_codes(of).get("".join(words))
        if code:
            return Measured(code, str(unit or knowledge()["test_units"].get(code, "")))
    return None


@cache
def _test_codes(of: str) -> dict[str, str]:
    """Codes of tests by their code, name and common words, written as one word."""
    listed, known = variable(of, f"{of}TESTCD").codelist, variable(of, f"{of}TEST").codelist
    found: dict[str, str] = {}
    for code, name in zip(listed.split("; "), known.split("; "), strict=False):
        if code in standard().codelists:
            for term, text in standard().decode(code, name).items():
                found["".join(parts(text))] = term
            for term in standard().codelists[code].terms:
                found[term.lower()] = term
    for code, phrases in knowledge()["tests"].get(of, {}).items():
        for phrase in phrases:
            found["".join(parts(phrase))] = str(code)
    return found
