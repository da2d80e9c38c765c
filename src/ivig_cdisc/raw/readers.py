"""One typed text to canonical text, by the type of its column."""

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

_TEXT = "kept as text, without a number"
KINDS = {  # of texts that are kept and told once for each column: rule, severity, what they are
    "grade": ("RAW-RESULT-TEXT", "note", f"a grade, {_TEXT}"),
    "limit": ("RAW-RESULT-TEXT", "note", f"a limit that is not < or >, {_TEXT}"),
    "mixed": ("RAW-RESULT-TEXT", "warning", f"digits and other signs, {_TEXT}"),
    "words": ("RAW-RESULT-TEXT", "note", f"words, {_TEXT}"),
    "unseen": ("RAW-INVISIBLE", "note", "holds characters that nobody sees, kept as typed"),
}
_LIMIT = re.compile(r"(?P<sign><=|>=|=<|=>|≤|≥|<|>|)\s*(?P<rest>.*)", re.DOTALL)
_GRADE = re.compile(r"[0-9]?\s?\+{1,5}|\(\+\)|\+/-|±|-{1,3}")


class Reading(NamedTuple):
    """What one typed text is: canonical text, or a user-missing meaning, or neither; and what is wrong with it.

    kind    one of KINDS, for what is said once for a column
    either  where the text has two readings, one for each convention of numbers
    proves  position of the only convention that can read the text; -1 where it proves none
    ranged  position of the convention whose reading, of several, is alone in the range; -1 where that decided nothing
    """

    text: str | None
    rule: str = ""
    message: str = ""
    severity: str = "error"
    meaning: str | None = None
    kind: str = ""
    either: tuple[Reading, ...] = ()
    proves: int = -1
    ranged: int = -1


Reader = Callable[[str], Reading]


def reader(column: Column, study: Study, *, identifies: bool = False) -> Reader:
    """A function that reads one typed text of this column; user-missing codes come first, whatever the type.

    identifies: whether the column tells subjects or records apart.
    """
    read, missing = _READERS[column.type](column, study), study.intake.missing
    remark = _on_text if column.type in ("text", "code", "result") else _on_value
    clean, odd_in = _cleaning(column, identifies=identifies)

    def read_one(typed: str) -> Reading:
        text, seen = clean(typed), cleaned(typed)
        if seen in missing:
            return _seen(
                Reading(None, meaning=missing[seen]),
                f"{seen} ({missing[seen]})",
                odd_characters(typed),
            )
        nothing = _no_data(text, seen, typed)
        return nothing or _seen(remark(read(text), text), text, odd_in(typed))

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
        return str.strip, lambda _: ""
    return visible, unseen_characters


def shown(text: str) -> str:
    """Typed text in quotes, shortened to fit a message."""
    return f'"{text if len(text) <= 40 else text[:37] + "..."}"'


# ---------------------------------------------------------------- whatever the type
def _no_data(text: str, seen: str, typed: str) -> Reading | None:
    """A text that says nothing in any column."""
    if not seen:
        return Reading(
            None, "RAW-INVISIBLE", f"holds nothing but {odd_characters(typed)}", "warning"
        )
    if LOST in text:
        return Reading(
            None,
            "RAW-ENCODING",
            f"{shown(text)} has a letter that could not be read; it is not used",
        )
    what = error_value(text)
    return Reading(None, "RAW-ERROR-VALUE", f"{shown(text)} {what}, not data") if what else None


def _seen(reading: Reading, text: str, odd: str) -> Reading:
    """What was read without characters that nobody sees, and that is said; odd: names of these."""
    if not odd:
        return reading
    if reading.rule:
        either = tuple(_seen(one, one.text or text, odd) for one in reading.either)
        return reading._replace(message=f"{reading.message}; it holds {odd}", either=either)
    return reading._replace(
        rule="RAW-INVISIBLE", message=f"holds {odd}; read as {text}", severity="warning"
    )


def _on_text(reading: Reading, text: str) -> Reading:
    """Text stays as it is typed; formulas, and what nobody sees, are told."""
    if reading.rule or reading.text is None:
        return reading
    if is_formula(text) and reading.kind not in ("limit", "grade"):
        message = f"{shown(text)} begins as a formula of a spreadsheet does; it is kept as text"
        return Reading(reading.text, "RAW-FORMULA", message, "warning")
    return reading._replace(kind="unseen") if has_unseen(text) else reading


def _on_value(reading: Reading, text: str) -> Reading:
    """Why a number, date or time cannot be read, where that can be told."""
    if not reading.rule or reading.text is not None or reading.either:
        return reading
    if is_formula(text):
        return Reading(
            None, "RAW-FORMULA", f"{shown(text)} is a formula of a spreadsheet, not its value"
        )
    odd = unusual_characters(text)
    return reading._replace(message=f"{reading.message}; it holds {odd}") if odd else reading


# ---------------------------------------------------------------- text and codes
def _text(_column: Column, _study: Study) -> Reader:
    return Reading


def _code(column: Column, study: Study) -> Reader:
    if not column.terms:
        return Reading
    terms = study.terms[column.terms]
    names = {cleaned(code): code for code in terms}
    more = f" or another of {len(terms)} codes" if len(terms) > 12 else ""
    known = ", ".join(list(terms)[:12]) + more

    def read(typed: str) -> Reading:
        if typed in names:
            return Reading(names[typed])
        return Reading(typed, "RAW-CODE", f"{shown(typed)} is not a known code; expected {known}")

    return read


# ---------------------------------------------------------------- numbers and results
def _number(column: Column, study: Study) -> Reader:
    written, judge = ways(column, study), _judge(column, study)
    plain = [number_reader(way) for way in written]
    wanted = f"expected digits with {' or '.join(way.decimal for way in written)} as decimal sign"

    def read(typed: str) -> Reading:
        found = [judge(text.lstrip("+")) if (text := read_as(typed)) else None for read_as in plain]
        message = f"{shown(typed)} is not a number; {wanted}"
        return _one_of(found, typed) or Reading(None, "RAW-NUMBER", message)

    return read


def _result(column: Column, study: Study) -> Reader:
    """A number, perhaps with < or > before it; any other text stays as typed."""
    plain = [number_reader(way) for way in ways(column, study)]
    judge = _judge(column, study)

    def judged(sign: str, before: str, text: str) -> Reading:
        if not sign:
            return judge(text)
        return Reading(f"{before}{text}", kind="" if sign in "<>" else "limit")

    def read(typed: str) -> Reading:
        parts = _LIMIT.fullmatch(typed)
        sign, rest = (parts["sign"], parts["rest"]) if parts else ("", typed)
        before = typed.removesuffix(rest)
        found = [
            judged(sign, before, text) if (text := read_as(rest)) else None for read_as in plain
        ]
        return _one_of(found, typed) or Reading(typed, kind=_kind(typed))

    return read


def ways(column: Column, study: Study) -> tuple[Convention, ...]:
    """The conventions that the column's numbers may be written in."""
    signs = column.within(study.intake)
    return conventions(signs.decimal or (), signs.thousands)


def _judge(column: Column, study: Study) -> Reader:
    """A function that says of a number in plain digits whether it is a user-missing code, and plausible."""
    codes = {as_decimal(code): meaning for code, meaning in study.intake.missing.items()}
    missing = {value: meaning for value, meaning in codes.items() if value is not None}
    low, high = column.range or (-math.inf, math.inf)

    def judge(text: str) -> Reading:
        value = as_decimal(text)
        if value in missing:
            return Reading(None, meaning=missing[value])
        if low <= float(text) <= high:
            return Reading(text)
        plausible = f"{number_text(low)} to {number_text(high)}"
        return Reading(
            text, "RAW-RANGE", f"{text} is outside the plausible range {plausible}", "warning"
        )

    return judge


def _one_of(found: Sequence[Reading | None], typed: str) -> Reading | None:
    """The reading of a text, of one for each convention; None where no convention can read it.

    Where the readings differ, it is the only plausible one. If none or several are, it is open
    which is right.
    """
    given = [reading for reading in found if reading]
    if not given:
        return None
    if len(given) < len(found) and given[0].text is not None:
        return given[0]._replace(proves=found.index(given[0]))
    if all(reading == given[0] for reading in given):
        return given[0]
    plausible = [reading for reading in given if not reading.rule]
    if len(plausible) == 1:
        return plausible[0]._replace(ranged=found.index(plausible[0]))
    meant = " or ".join(reading.text or f"the code for {reading.meaning}" for reading in given)
    message = (
        f"{shown(typed)} may be {meant}, and the other numbers of its site in this column do not say which; "
        "say decimal or thousands in study.yaml"
    )
    return Reading(None, "RAW-NUMBER-AMBIGUOUS", message, either=tuple(given))


def _kind(typed: str) -> str:
    """Which kind of text stands in place of a number."""
    if _GRADE.fullmatch(typed):
        return "grade"
    return "mixed" if any(char.isdigit() for char in typed) else "words"


# ---------------------------------------------------------------- times and dates
def _time(_column: Column, _study: Study) -> Reader:
    pattern = re.compile("([01]?[0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?")

    def read(typed: str) -> Reading:
        if pattern.fullmatch(typed):
            return Reading(typed if typed[2] == ":" else f"0{typed}")
        return Reading(
            None, "RAW-TIME", f"{shown(typed)} is not a time; expected HH:MM, 00:00 to 23:59"
        )

    return read


def _date(column: Column, study: Study) -> Reader:
    formats, unknown = column.format or study.intake.date, study.intake.unknown
    parse, wanted = date_reader(formats, unknown), expected(formats, unknown)

    def read(typed: str) -> Reading:
        date = parse(typed)
        if date is None:
            return Reading(
                None, "RAW-DATE-UNPARSABLE", f"{shown(typed)} is not a date; expected {wanted}"
            )
        if date.nothing:
            return Reading(None, "RAW-DATE-UNKNOWN", date.nothing, "warning")
        if date.impossible:
            return Reading(None, "RAW-DATE-IMPOSSIBLE", date.impossible)
        if date.ambiguous:
            message = f"{typed} may be {date.iso} or {date.ambiguous}; read as {date.iso}"
            return Reading(date.iso, "RAW-DATE-AMBIGUOUS", message, "warning")
        return Reading(date.iso)

    return read


_READERS: dict[str, Callable[[Column, Study], Reader]] = {
    "text": _text,
    "code": _code,
    "number": _number,
    "result": _result,
    "date": _date,
    "time": _time,
}
