"""Which SDTM domain a form is for, and which variable a column: by CDASH and SDTM names, and by common words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from ..metadata.standard import StandardVariable, standard
from . import codes
from .column_names import knowledge, parts, plain, readings
from .column_types import Kind, is_numeric
from .sample import Sheet

_MADE = (
    "STUDYID",
    "DOMAIN",
    "USUBJID",
    "SUBJID",
    "SITEID",
    "EPOCH",
    "AGEU",
)  # wired otherwise, or derived
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
    """What a column is for: a variable, or the time of day that belongs to the date of a variable."""

    variable: str
    why: str
    is_time: bool = False


@dataclass(frozen=True)
class Measured:
    """A column that holds the results of one test."""

    code: str
    unit: str


# ---------------------------------------------------------------- domain
def domain(sheet: Sheet) -> tuple[str, str]:
    """The domain a form is for and why; two empty texts where nothing says so."""
    counts = Counter(found for name in sheet.columns for found in {_named_after(name)} if found)
    best = max(counts, key=lambda d: (counts[d], d), default="")
    if best and counts[best] >= _COLUMNS:
        return best, f"{counts[best]} columns are named after it"
    words = parts(re.sub(r"\.csv$", "", sheet.file, flags=re.IGNORECASE))
    found = [
        (len(plain(phrase)), d)
        for d, phrases in knowledge()["domains"].items()
        for phrase in phrases
        if _in(parts(phrase), words)
    ]
    return (max(found)[1], "by the name of the file") if found else ("", "")


def _in(phrase: tuple[str, ...], words: tuple[str, ...]) -> bool:
    return any(words[i : i + len(phrase)] == phrase for i in range(len(words))) or plain(
        phrase
    ) == plain(words)


def _named_after(name: str) -> str:
    """The domain whose variable, by CDASH or SDTM, the column is called like."""
    for words in readings(name):
        upper = "".join(words).upper()
        prefix = upper[:2]
        own = knowledge()["aliases"].get(prefix, prefix)
        if (
            own in standard().datasets
            and len(upper) > 2
            and (_cdash(upper, own) or _is_variable(upper, own))
        ):
            return str(own)
    return ""


# ---------------------------------------------------------------- variables
def targets(sheet: Sheet, of: str, kinds: Mapping[str, Kind]) -> dict[str, Target]:
    """The variable of each column for which one is guessed; each variable once, the nearest name first."""
    found: dict[str, Target] = {}
    guessed = [
        (level, name, target) for name in kinds for level, target in _guesses(sheet, name, of)
    ]
    for _, name, target in sorted(guessed, key=lambda one: one[0]):
        taken = {(t.variable, t.is_time) for t in found.values()}
        if (
            name not in found
            and (target.variable, target.is_time) not in taken
            and fits(kinds[name], target, of)
        ):
            found[name] = target
    return {name: found[name] for name in kinds if name in found}


def _guesses(sheet: Sheet, name: str, of: str) -> Iterator[tuple[int, Target]]:
    """Possible targets of a column, with how far the name is from them."""
    for words in readings(name, (of, sheet.name, *_aliases(of))):
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
    own = next((of + upper[len(p) :] for p in _aliases(of) if upper.startswith(p)), upper)
    if own in _MADE or own.removeprefix(of) in _DERIVED or not standard().domain_variable(of, own):
        return ""
    return own


def _by_words(words: str, group: str, of: str) -> list[str]:
    return [v for phrase, v in _phrases(group, of) if phrase == words]


@cache
def _phrases(group: str, of: str) -> tuple[tuple[str, str], ...]:
    listed = knowledge()["words"].get(group, {})
    named = [(variable.replace("--", of), phrases) for variable, phrases in listed.items()]
    return tuple((plain(p), v) for v, phrases in named if _is_variable(v, of) for p in phrases)


def _time_of(called: str, of: str) -> str:
    """The variable whose date a column of times belongs to."""
    for name, variable in knowledge()["times"].items():
        if called in (name.replace("--", of), plain(name)) or any(
            called == name.replace("--", p) for p in _aliases(of)
        ):
            return _is_variable(variable.replace("--", of), of)
    return ""


# ---------------------------------------------------------------- do the values allow it?
def variable(of: str, name: str) -> StandardVariable:
    """What the standard says of a variable of the domain."""
    found = standard().domain_variable(of, name)
    if found is None:
        raise LookupError(f"{name} is no variable of {of}")
    return found


def is_date(known: StandardVariable) -> bool:
    """Whether the variable holds a date and time."""
    return known.name.endswith("DTC")


def test_names(of: str, codelist_of: StandardVariable) -> str:
    """For --TESTCD the codelist of --TEST, else nothing."""
    if not codelist_of.name.endswith("TESTCD"):
        return ""
    return variable(of, codelist_of.name.removesuffix("CD")).codelist


def fits(kind: Kind, target: Target, of: str) -> bool:
    """Whether the values of the column can be those of the target; an empty column can be anything."""
    known = variable(of, target.variable)
    if kind.empty:
        return True
    if target.is_time or is_date(known):
        return kind.type == ("time" if target.is_time else "date")
    if kind.type in ("date", "time"):
        return False
    if known.type == "Num":
        return is_numeric(kind)
    if known.codelist and not codes.extensible(known.codelist):
        values = list(kind.counts.index)
        digits = all(re.fullmatch("[0-9]{1,2}", value) for value in values)
        return (digits and len(values) <= 10) or 2 * len(
            codes.match(values, known.codelist)
        ) >= len(values)
    return True


# ---------------------------------------------------------------- columns that are tests
def tests(sheet: Sheet, of: str, kinds: Mapping[str, Kind]) -> dict[str, Measured]:
    """Columns of numbers that are called like a test of the domain: weight_kg, SYSBP, Hemoglobin."""
    if f"{of}TESTCD" not in standard().sdtm.get(of, {}):
        return {}
    found: dict[str, Measured] = {}
    for name, kind in kinds.items():
        if kind.type not in ("number", "result", "code") or not is_numeric(kind):
            continue
        measured = _test(name, of, (of, sheet.name, f"{of}orres"))
        if measured and measured.code not in {m.code for m in found.values()}:
            found[name] = measured
    return found


def test_code(text: str, of: str) -> str:
    """The code of a test by its code, name or a common word for it; empty text where there is none."""
    return _test_codes(of).get("".join(parts(text)), "")


def _test(name: str, of: str, leading: tuple[str, ...]) -> Measured | None:
    units = knowledge()["units"]
    for words in readings(name, leading):
        whole = words[:-1] if words[-1].upper() == f"{of}ORRES" and len(words) > 1 else words
        unit = units.get(whole[-1], "") if len(whole) > 1 else ""
        code = _test_codes(of).get("".join(whole[:-1] if unit else whole))
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
            found |= {
                "".join(parts(text)): term for term, text in standard().decode(code, name).items()
            }
            found |= {term.lower(): term for term in standard().codelists[code].terms}
    words = knowledge()["tests"].get(of, {})
    return found | {
        "".join(parts(phrase)): str(code) for code, phrases in words.items() for phrase in phrases
    }
