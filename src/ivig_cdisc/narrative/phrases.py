"""Values and lists as a sentence has them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..text import number_text, value_text


def number(value: float) -> str:
    """A number with at most six digits; in full where it would wrongly become a whole number."""
    short = f"{value:.6g}"
    becomes_whole = float(short).is_integer() and not float(value).is_integer()
    if becomes_whole or "e" in short:
        return number_text(value)
    return short


def date(value: Any) -> str:
    """A date, or text of a date and time, as ISO 8601 with a blank for the T."""
    return value_text(value).replace("T", " at ")


def on_day(record: Mapping[str, Any], when: str = "ADT", day: str = "ADY") -> str:
    """2017-03-06 (day 1); empty where there is no date."""
    if when not in record:
        return ""
    told = date(record[when])
    if day not in record:
        return told
    return f"{told} (day {number(record[day])})"


def enumerated(parts: Sequence[str]) -> str:
    """a, b and c."""
    *most, last = parts or ("",)
    if not most:
        return last
    return f"{', '.join(most)} and {last}"


def count(number_of: float, one: str) -> str:
    """1 event, 2 events, 7.5 points, 0 points."""
    if number_of == 1:
        return f"{number(number_of)} {one}"
    return f"{number(number_of)} {one}s"


def sentence(text: str) -> str:
    """The text with a capital at its start and a full stop at its end."""
    told = text.strip()
    capital = f"{told[:1].upper()}{told[1:]}"
    if told.endswith((".", "?", "!")):
        return capital
    return f"{capital}."


def lower_term(record: Mapping[str, Any], name: str) -> str:
    """A term of a codelist as it stands in a sentence; empty where it is missing."""
    return str(record.get(name, "")).lower()
