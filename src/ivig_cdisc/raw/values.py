"""Collected cells to canonical text, by the type of their column.

A column is read through its distinct texts: each is read once, and the outcome is taken back to the cells.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from ..spec import Column, Study
from .dates import date_reader, expected


class Reading(NamedTuple):
    """What one typed text is: canonical text, or a user-missing meaning, or neither; and what is wrong with it."""

    text: str | None
    rule: str = ""
    message: str = ""
    severity: str = "error"
    meaning: str | None = None


Reader = Callable[[str], Reading]


@dataclass(frozen=True)
class Cells:
    """One column of a form: for each record the position of its reading, -1 where the cell is empty."""

    codes: np.ndarray
    typed: tuple[str, ...]
    readings: tuple[Reading, ...]

    @property
    def text(self) -> pd.api.extensions.ExtensionArray:
        """Canonical text; missing where there is none."""
        return _taken([r.text for r in self.readings], self.codes)

    @property
    def meaning(self) -> pd.api.extensions.ExtensionArray:
        """What the user-missing code means; missing elsewhere."""
        return _taken([r.meaning for r in self.readings], self.codes)

    @property
    def present(self) -> np.ndarray:
        """Where there is canonical text."""
        return _picked([r.text is not None for r in self.readings], False, self.codes)

    @property
    def wrong(self) -> np.ndarray:
        """Where something is wrong with what was typed."""
        return _picked([bool(r.rule) for r in self.readings], False, self.codes)

    @property
    def identity(self) -> np.ndarray:
        """Equal numbers for equal content."""
        numbers: dict[tuple[bool, str], int] = {}
        same = [numbers.setdefault(key, len(numbers)) for key in map(_content, self.typed, self.readings)]
        return _picked(same, -1, self.codes)

    @property
    def rank(self) -> np.ndarray:
        """Order by content: canonical text, then what has none, then empty cells."""
        content = list(zip(map(_content, self.typed, self.readings), self.typed, strict=True))
        order = sorted(range(len(content)), key=content.__getitem__)
        smallest = np.min_scalar_type(len(order))  # small integers sort fastest
        return _picked(np.argsort(order), len(order), self.codes).astype(smallest)


def read_cells(fields: pd.Series, column: Column, study: Study) -> Cells:
    """All cells of one column, read by its type."""
    codes, distinct = pd.factorize(fields)
    typed = tuple(distinct.tolist())
    read = reader(column, study)
    return Cells(codes, typed, tuple(map(read, typed)))


def _content(typed: str, reading: Reading) -> tuple[bool, str]:
    """What two equal cells share: canonical text, or what was typed where there is none."""
    return (False, reading.text) if reading.text is not None else (True, typed)


def _taken(values: Sequence[str | None], codes: np.ndarray) -> pd.api.extensions.ExtensionArray:
    return pd.array(list(values), dtype="str").take(codes, allow_fill=True)


def _picked(values: Sequence[int] | np.ndarray, empty: int, codes: np.ndarray) -> np.ndarray:
    """One value for each cell, from one for each reading and one for empty cells."""
    picked: np.ndarray = np.append(np.array(values, type(empty)), np.array(empty))[codes]
    return picked


# ---------------------------------------------------------------- one text
def reader(column: Column, study: Study) -> Reader:
    """A function that reads one typed text of this column; user-missing codes come first, whatever the type."""
    read, missing = _READERS[column.type](column, study), study.intake.missing

    def read_one(typed: str) -> Reading:
        return Reading(None, meaning=missing[typed]) if typed in missing else read(typed)

    return read_one


def shown(text: str) -> str:
    """Typed text in quotes, shortened to fit a message."""
    return f'"{text if len(text) <= 40 else text[:37] + "..."}"'


def _text(_column: Column, _study: Study) -> Reader:
    return Reading


def _code(column: Column, study: Study) -> Reader:
    if not column.terms:
        return Reading
    terms = study.terms[column.terms]
    more = f" or another of {len(terms)} codes" if len(terms) > 12 else ""
    known = ", ".join(list(terms)[:12]) + more

    def read(typed: str) -> Reading:
        if typed in terms:
            return Reading(typed)
        return Reading(typed, "RAW-CODE", f"{shown(typed)} is not a known code; expected {known}")

    return read


def _number(column: Column, study: Study) -> Reader:
    plain = _number_reader(study)
    low, high = column.range or (-math.inf, math.inf)
    wanted = f"expected digits with {' or '.join(study.intake.decimal)} as decimal sign"

    def read(typed: str) -> Reading:
        text = plain(typed)
        if text is None:
            return Reading(None, "RAW-NUMBER", f"{shown(typed)} is not a number; {wanted}")
        if low <= float(text) <= high:
            return Reading(text)
        return Reading(text, "RAW-RANGE", f"{text} is outside the plausible range {low:g} to {high:g}", "warning")

    return read


def _result(_column: Column, study: Study) -> Reader:
    plain = _number_reader(study)

    def read(typed: str) -> Reading:
        sign = typed[0] if typed[0] in "<>" else ""
        text = plain(typed.removeprefix(sign).lstrip())
        if text is None:
            message = f"{shown(typed)} is not a result; expected a number, or < or > and a number"
            return Reading(None, "RAW-RESULT", message)
        return Reading(sign + text)

    return read


def _number_reader(study: Study) -> Callable[[str], str | None]:
    marks = "".join(map(re.escape, study.intake.decimal))
    pattern = re.compile(rf"-?(?:[0-9]+(?:[{marks}][0-9]+)?|[{marks}][0-9]+)(?:[eE][+-]?[0-9]+)?")

    def read(typed: str) -> str | None:
        if not pattern.fullmatch(typed):
            return None
        text = typed
        for mark in study.intake.decimal:
            text = text.replace(mark, ".")
        return text if math.isfinite(float(text)) else None

    return read


def _time(_column: Column, _study: Study) -> Reader:
    pattern = re.compile("([01]?[0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?")

    def read(typed: str) -> Reading:
        if pattern.fullmatch(typed):
            return Reading(typed if typed[2] == ":" else f"0{typed}")
        return Reading(None, "RAW-TIME", f"{shown(typed)} is not a time; expected HH:MM, 00:00 to 23:59")

    return read


def _date(column: Column, study: Study) -> Reader:
    formats, unknown = column.format or study.intake.date, study.intake.unknown
    parse, wanted = date_reader(formats, unknown), expected(formats, unknown)

    def read(typed: str) -> Reading:
        date = parse(typed)
        if date is None:
            return Reading(None, "RAW-DATE-UNPARSABLE", f"{shown(typed)} is not a date; expected {wanted}")
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
