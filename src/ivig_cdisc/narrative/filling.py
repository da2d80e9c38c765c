"""A sentence of the specs with the values of one record in it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any

import pandas as pd

from ..iso8601 import complete_date
from ..metadata import Fill, Piece, parsed
from .phrases import count, date, number, sentence

Value = Callable[[str], Any]  # what a record holds under a name; None where it is missing
_pieces = cache(parsed)


def first_said(texts: Iterable[str], value: Value) -> str:
    """The first of these texts whose values are all known, as a sentence; empty without one."""
    told = first_filled(texts, value)
    if told is None:
        return ""
    return sentence(told)


def first_filled(texts: Iterable[str], value: Value) -> str | None:
    """The first of these texts whose values are all known; None where there is none."""
    for text in texts:
        told = filled(text, value)
        if told is not None:
            return told
    return None


def filled(text: str, value: Value) -> str | None:
    """The text with its values; None where one outside of brackets is missing.

    >>> known = {"DOSE": 40.0, "UNIT": "g", "DAY": None}.get
    >>> filled("{DOSE} {UNIT}[ on day {DAY}]", known)
    '40 g'
    >>> filled("on day {DAY}", known) is None
    True
    """
    return _joined(_pieces(text), value)


def part(text: str, record: Mapping[str, Any]) -> str:
    """The text with values of a record; empty where one outside of brackets is missing."""
    return filled(text, record.get) or ""


def _joined(pieces: Iterable[Piece], value: Value) -> str | None:
    told = ""
    for piece in pieces:
        if isinstance(piece, str):
            told += piece
        elif isinstance(piece, Fill):
            shown = _shown(value(piece.name), piece.form)
            if shown is None:
                return None
            told += shown
        else:
            told += _joined(piece.pieces, value) or ""
    return told


def _shown(value: Any, form: str) -> str | None:
    """A value as its format says; None where it is missing."""
    if value is None or value == "":
        return None
    if form == "lower":
        return str(value).lower()
    if form == "when":
        return _when(date(value))
    if form and not isinstance(value, str | pd.Timestamp):
        return _number(value, form)
    return _plain(value)


def _number(value: float, form: str) -> str:
    if form.startswith("count "):
        return count(value, form.removeprefix("count "))
    return format(value, form)


def _plain(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, pd.Timestamp):
        return date(value)
    return number(value)


def _when(known: str) -> str:
    """On a day, or in a month or year."""
    moment = pd.Series([known.replace(" at ", "T")], dtype="str")
    if complete_date(moment).notna().all():
        return f"on {known}"
    return f"in {known}"
