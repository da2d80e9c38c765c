"""Collected dates to ISO 8601, with the precision they were collected in."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

Unknown = Mapping[Literal["day", "month"], str]  # what is typed for a part that is not known
YEARS = (1900, 2100)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


@dataclass(frozen=True)
class Date:
    """A date as read: ISO 8601 text, or why there is none."""

    iso: str = ""
    impossible: str = ""  # it has the form of a date, but there is no such date
    ambiguous: str = ""  # another format reads it as this other date


def date_reader(formats: str, unknown: Unknown) -> Callable[[str], Date | None]:
    """A function from typed text to its date; None for text that has none of the formats (separated by `|`)."""
    patterns = [_pattern(one, unknown) for one in formats.split("|")]

    def read(typed: str) -> Date | None:
        found = [_date(match, typed) for pattern in patterns if (match := pattern.fullmatch(typed))]
        dates = [date for date in found if date.iso]
        if not dates:
            return found[0] if found else None
        other = next((date.iso for date in dates if date.iso != dates[0].iso), "")
        return Date(dates[0].iso, ambiguous=other)

    return read


def expected(formats: str, unknown: Unknown) -> str:
    """The formats in words, for messages."""
    parts = " and ".join(f"{token} for an unknown {part}" for part, token in unknown.items())
    return " or ".join(formats.split("|")) + (f", with {parts}" if parts else "")


def _pattern(text: str, unknown: Unknown) -> re.Pattern[str]:
    groups = {
        "DD": _group("day", "[0-9]{2}", unknown),
        "MM": _group("month", "[0-9]{2}", unknown),
        "Mon": _group("month", "|".join(_MONTHS), unknown),
        "YYYY": "(?P<year>[0-9]{4})",
    }
    pieces = re.split("(DD|MM|Mon|YYYY)", text)
    return re.compile("".join(groups.get(piece) or re.escape(piece) for piece in pieces), re.IGNORECASE)


def _group(part: Literal["day", "month"], digits: str, unknown: Unknown) -> str:
    token = f"|(?P<no_{part}>{re.escape(unknown[part])})" if unknown.get(part) else ""
    return f"(?:(?P<{part}>{digits}){token})"


def _date(match: re.Match[str], typed: str) -> Date:
    parts = match.groupdict()
    year, month, day = int(parts["year"]), _month(parts.get("month")), int(parts.get("day") or 0)
    if not YEARS[0] <= year <= YEARS[1]:
        return Date(impossible=f"the year of {typed} is not within {YEARS[0]} to {YEARS[1]}")
    if parts.get("day") and not parts.get("month"):
        return Date(impossible=f"{typed} has a day but no month; without a month the day must be unknown too")
    if not _exists(year, month, day if parts.get("day") else None):
        return Date(impossible=f"{typed} is not a day of the calendar")
    return Date("-".join([f"{year:04}", *([f"{month:02}"] if month else []), *([f"{day:02}"] if day else [])]))


def _month(text: str | None) -> int | None:
    if text is None:
        return None
    return int(text) if text.isdigit() else _MONTHS.index(text.casefold()) + 1


def _exists(year: int, month: int | None, day: int | None) -> bool:
    try:
        datetime.date(year, 1 if month is None else month, 1 if day is None else day)
    except ValueError:
        return False
    return True
