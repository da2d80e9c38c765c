"""Values and lists as a sentence has them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from ..text import number_text


def number(value: float) -> str:
    """A number with at most six digits; in full where these would make it a whole number that it is not."""
    short = f"{value:.6g}"
    whole = float(short).is_integer() and not float(value).is_integer()
    return number_text(value) if whole or "e" in short else short


def date(value: Any) -> str:
    """A date, or text of a date and time, as ISO 8601 with a blank for the T."""
    text = value.isoformat() if isinstance(value, pd.Timestamp) else str(value)
    return text.removesuffix("T00:00:00").replace("T", " at ")


def on_day(record: Mapping[str, Any], when: str = "ADT", day: str = "ADY") -> str:
    """2017-03-06 (day 1); empty where there is no date."""
    if when not in record:
        return ""
    told = date(record[when])
    return f"{told} (day {number(record[day])})" if day in record else told


def joined(parts: Sequence[str]) -> str:
    """a, b and c."""
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def count(number_of: int, one: str, several: str = "") -> str:
    """1 event, 2 events, no event."""
    word = one if number_of in {0, 1} else several or f"{one}s"
    return f"{number_of or 'no'} {word}"


def sentence(text: str) -> str:
    """The text with a capital at its start and a full stop at its end."""
    told = text.strip()
    return f"{told[:1].upper()}{told[1:]}{'' if told.endswith(('.', '?', '!')) else '.'}"


def low(record: Mapping[str, Any], name: str) -> str:
    """A term of a codelist as it stands in a sentence; empty where it is missing."""
    return str(record.get(name, "")).lower()
