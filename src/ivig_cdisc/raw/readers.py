"""One typed text to a value, by the type of its column."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from ..metadata import Column, Study
from ..text import number_text
from .characters import (
    LOST,
    cleaned,
    has_unseen,
    odd_characters,
    unseen_characters,
    unusual_characters,
    visible,
)
from .dates import date_reader, expected
from .numbers import Convention, as_decimal, conventions, number_reader
from .spreadsheets import error_value, is_formula

LONGEST_SHOWN = 40  # characters of a typed text that a message shows
MOST_CODES = 12  # that a message lists
_TEXT = "kept as text, without a number"
KINDS = {  # of texts that are kept and reported once for each column: rule, severity, what they are
    "grade": ("RAW-RESULT-TEXT", "note", f"a grade, {_TEXT}"),
    "limit": ("RAW-RESULT-TEXT", "note", f"a limit that is not < or >, {_TEXT}"),
    "mixed": ("RAW-RESULT-TEXT", "warning", f"digits and other signs, {_TEXT}"),
    "words": ("RAW-RESULT-TEXT", "note", f"words, {_TEXT}"),
    "unseen": ("RAW-INVISIBLE", "note", "holds characters that nobody sees, kept as typed"),
}
_LIMIT = re.compile(r"(?P<sign><=|>=|=<|=>|≤|≥|<|>|)\s*(?P<rest>.*)", re.DOTALL)
_GRADE = re.compile(r"[0-9]?\s?\+{1,5}|\(\+\)|\+/-|±|-{1,3}")


class ParsedValue(NamedTuple):
    """What one typed text is: canonical text, or a user-missing meaning, or neither.

    text, meaning            what it is; both missing where it is neither
    rule, message, severity  what is wrong with it; an empty rule where nothing is
    kind    one of KINDS, for what is said once for a column
    either  where the text can be read in two ways, one value for each convention of numbers
    proves  position of the only convention that can read the text; -1 where it proves none
    ranged  position of the convention whose reading, of several, is alone in the range; -1 where
            that decided nothing
    """

    text: str | None
    rule: str = ""
    message: str = ""
    severity: str = "error"
    meaning: str | None = None
    kind: str = ""
    either: tuple[ParsedValue, ...] = ()
    proves: int = -1
    ranged: int = -1


Reader = Callable[[str], ParsedValue]


def reader(column: Column, study: Study, *, identifies: bool = False) -> Reader:
    """A function that reads one typed text of this column.

    User-missing codes come first, whatever the type.

    Args:
        column: its type, and what belongs to it.
        study: how the export writes dates, numbers and codes.
        identifies: whether the column tells subjects or records apart.
    """
    read, missing = _READERS[column.type](column, study), study.intake.missing
    examine = _on_text if column.type in ("text", "code", "result") else _on_value
    clean, odd_in = _cleaning(column, identifies=identifies)

    def read_one(typed: str) -> ParsedValue:
        text, seen = clean(typed), cleaned(typed)
        if seen in missing:
            coded = ParsedValue(None, meaning=missing[seen])
            return _seen(coded, f"{seen} ({missing[seen]})", odd_characters(typed))
        nothing = _no_data(text, seen, typed)
        return nothing or _seen(examine(read(text), text), text, odd_in(typed))

    return read_one


def _cleaning(
    column: Column, *, identifies: bool
) -> tuple[Callable[[str], str], Callable[[str], str]]:
    """What of a typed text is read in this column, and the names of what is left out for that.

    Free text stays as it is; what identifies is read as it is seen; in all else only what takes no
    place is left out, as blanks of any width may stand between thousands.
    """
    if column.type == "code" or (identifies and column.type == "text"):
        return cleaned, odd_characters
    if column.type == "text":
        return str.strip, _nothing_odd
    return visible, unseen_characters


def _nothing_odd(_text: str) -> str:
    return ""


def shown(text: str) -> str:
    """Typed text in quotes, shortened to fit a message."""
    if len(text) > LONGEST_SHOWN:
        text = f"{text[: LONGEST_SHOWN - 3]}..."
    return f'"{text}"'


# ---------------------------------------------------------------- whatever the type
def _no_data(text: str, seen: str, typed: str) -> ParsedValue | None:
    """A text that says nothing in any column."""
    if not seen:
        message = f"holds nothing but {odd_characters(typed)}"
        return ParsedValue(None, "RAW-INVISIBLE", message, "warning")
    if LOST in text:
        message = f"{shown(text)} has a letter that could not be read; it is not used"
        return ParsedValue(None, "RAW-ENCODING", message)
    if what := error_value(text):
        return ParsedValue(None, "RAW-ERROR-VALUE", f"{shown(text)} {what}, not data")
    return None


def _seen(value: ParsedValue, text: str, odd: str) -> ParsedValue:
    """What was read without characters that nobody sees, and that is said; odd: their names."""
    if not odd:
        return value
    if value.rule:
        either = tuple(_seen(one, one.text or text, odd) for one in value.either)
        return value._replace(message=f"{value.message}; it holds {odd}", either=either)
    message = f"holds {odd}; read as {text}"
    return value._replace(rule="RAW-INVISIBLE", message=message, severity="warning")


def _on_text(value: ParsedValue, text: str) -> ParsedValue:
    """Text stays as it is typed; formulas, and what nobody sees, are reported."""
    if value.rule or value.text is None:
        return value
    if is_formula(text) and value.kind not in ("limit", "grade"):
        message = f"{shown(text)} begins as a formula of a spreadsheet does; it is kept as text"
        return ParsedValue(value.text, "RAW-FORMULA", message, "warning")
    if has_unseen(text):
        return value._replace(kind="unseen")
    return value


def _on_value(value: ParsedValue, text: str) -> ParsedValue:
    """Why a number, date or time cannot be read, where that can be said."""
    if not value.rule or value.text is not None or value.either:
        return value
    if is_formula(text):
        message = f"{shown(text)} is a formula of a spreadsheet, not its value"
        return ParsedValue(None, "RAW-FORMULA", message)
    if odd := unusual_characters(text):
        return value._replace(message=f"{value.message}; it holds {odd}")
    return value


# ---------------------------------------------------------------- text and codes
def _text(_column: Column, _study: Study) -> Reader:
    return ParsedValue


def _code(column: Column, study: Study) -> Reader:
    if not column.terms:
        return ParsedValue
    terms = study.terms[column.terms]
    names = {cleaned(code): code for code in terms}
    known = ", ".join(list(terms)[:MOST_CODES])
    if len(terms) > MOST_CODES:
        known += f" or another of {len(terms)} codes"

    def read(typed: str) -> ParsedValue:
        if typed in names:
            return ParsedValue(names[typed])
        message = f"{shown(typed)} is not a known code; expected {known}"
        return ParsedValue(typed, "RAW-CODE", message)

    return read


# ---------------------------------------------------------------- numbers and results
def _number(column: Column, study: Study) -> Reader:
    judge, plain = _judge(column, study), _number_readers(column, study)
    signs = " or ".join(way.decimal for way in ways(column, study))
    wanted = f"expected digits with {signs} as decimal sign"

    def read(typed: str) -> ParsedValue:
        found: list[ParsedValue | None] = []
        for read_as in plain:
            text = read_as(typed)
            found.append(None if text is None else judge(text.lstrip("+")))
        if value := _one_of(found, typed):
            return value
        return ParsedValue(None, "RAW-NUMBER", f"{shown(typed)} is not a number; {wanted}")

    return read


def _result(column: Column, study: Study) -> Reader:
    """A number, perhaps with < or > before it; any other text stays as typed."""
    judge, plain = _judge(column, study), _number_readers(column, study)

    def judged(sign: str, before: str, text: str) -> ParsedValue:
        if not sign:
            return judge(text)
        kind = "" if sign in "<>" else "limit"
        return ParsedValue(f"{before}{text}", kind=kind)

    def read(typed: str) -> ParsedValue:
        sign, rest = "", typed
        if parts := _LIMIT.fullmatch(typed):
            sign, rest = parts["sign"], parts["rest"]
        before = typed.removesuffix(rest)
        found: list[ParsedValue | None] = []
        for read_as in plain:
            text = read_as(rest)
            found.append(None if text is None else judged(sign, before, text))
        return _one_of(found, typed) or ParsedValue(typed, kind=_kind(typed))

    return read


def ways(column: Column, study: Study) -> tuple[Convention, ...]:
    """The conventions that the column's numbers may be written in."""
    signs = column.within(study.intake)
    return conventions(signs.decimal or (), signs.thousands)


def _number_readers(column: Column, study: Study) -> list[Callable[[str], str | None]]:
    """For each convention the function that reads numbers."""
    return [number_reader(way) for way in ways(column, study)]


def _judge(column: Column, study: Study) -> Reader:
    """A function that says of a number whether it is a user-missing code, and plausible."""
    missing = {as_decimal(code): meaning for code, meaning in study.intake.missing.items()}
    missing.pop(None, None)  # codes that are no numbers
    low, high = column.range or (-math.inf, math.inf)
    plausible = f"{number_text(low)} to {number_text(high)}"

    def judge(text: str) -> ParsedValue:
        value = as_decimal(text)
        if value in missing:
            return ParsedValue(None, meaning=missing[value])
        if low <= float(text) <= high:
            return ParsedValue(text)
        message = f"{text} is outside the plausible range {plausible}"
        return ParsedValue(text, "RAW-RANGE", message, "warning")

    return judge


def _one_of(found: Sequence[ParsedValue | None], typed: str) -> ParsedValue | None:
    """The value of a text, from one for each convention; None where no convention can read it.

    Where the readings differ, it is the only plausible one. If none or several are, it is open
    which is right.
    """
    given = [value for value in found if value]
    if not given:
        return None
    first = given[0]
    if len(given) < len(found) and first.text is not None:
        return first._replace(proves=found.index(first))
    if given.count(first) == len(given):
        return first
    plausible = [value for value in given if not value.rule]
    if len(plausible) == 1:
        return plausible[0]._replace(ranged=found.index(plausible[0]))
    return _ambiguous(given, typed)


def _ambiguous(given: Sequence[ParsedValue], typed: str) -> ParsedValue:
    """A number that can be read in several ways."""
    meant = " or ".join(value.text or f"the code for {value.meaning}" for value in given)
    message = (
        f"{shown(typed)} may be {meant}, "
        "and the other numbers of its site in this column do not decide; "
        "set decimal or thousands in study.yaml"
    )
    return ParsedValue(None, "RAW-NUMBER-AMBIGUOUS", message, either=tuple(given))


def _kind(typed: str) -> str:
    """Which kind of text stands in place of a number."""
    if _GRADE.fullmatch(typed):
        return "grade"
    if any(map(str.isdigit, typed)):
        return "mixed"
    return "words"


# ---------------------------------------------------------------- times and dates
def _time(_column: Column, _study: Study) -> Reader:
    pattern = re.compile("([01]?[0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?")

    def read(typed: str) -> ParsedValue:
        if not pattern.fullmatch(typed):
            message = f"{shown(typed)} is not a time; expected HH:MM, 00:00 to 23:59"
            return ParsedValue(None, "RAW-TIME", message)
        if typed[2] != ":":
            typed = f"0{typed}"
        return ParsedValue(typed)

    return read


def _date(column: Column, study: Study) -> Reader:
    formats, unknown = column.format or study.intake.date, study.intake.unknown
    parse, wanted = date_reader(formats, unknown), expected(formats, unknown)

    def read(typed: str) -> ParsedValue:
        date = parse(typed)
        if date is None:
            message = f"{shown(typed)} is not a date; expected {wanted}"
            return ParsedValue(None, "RAW-DATE-UNPARSABLE", message)
        if date.nothing:
            return ParsedValue(None, "RAW-DATE-UNKNOWN", date.nothing, "warning")
        if date.impossible:
            return ParsedValue(None, "RAW-DATE-IMPOSSIBLE", date.impossible)
        if date.ambiguous:
            message = f"{typed} may be {date.iso} or {date.ambiguous}; read as {date.iso}"
            return ParsedValue(date.iso, "RAW-DATE-AMBIGUOUS", message, "warning")
        return ParsedValue(date.iso)

    return read


_READERS: dict[str, Callable[[Column, Study], Reader]] = {
    "text": _text,
    "code": _code,
    "number": _number,
    "result": _result,
    "date": _date,
    "time": _time,
}
