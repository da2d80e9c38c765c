"""Collected dates to ISO 8601, with the precision they were collected in."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from ..metadata.dateformat import each

Part = Literal["day", "month", "year"]
Unknown = Mapping[Part, str]  # what is typed for a part that is not known
YEARS = (1900, 2100)
LEAP = 2000
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


@dataclass(frozen=True)
class Date:
    """A date as read: ISO 8601 text, or why there is none."""

    iso: str = ""  # a hyphen for a part that is not known before one that is (SDTMIG 3.4, 4.4.2): 2024---15
    impossible: str = ""  # it has the form of a date, but there is no such date
    nothing: str = ""  # no part of it is known
    ambiguous: str = ""  # another format reads it as this other date


def date_reader(formats: str, unknown: Unknown) -> Callable[[str], Date | None]:
    """A function from typed text to its date; None for text that has none of the formats (separated by `|`)."""
    patterns = [_pattern(one, unknown) for one in each(formats)]

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
    return " or ".join(each(formats)) + (f", with {parts}" if parts else "")


def _pattern(text: str, unknown: Unknown) -> re.Pattern[str]:
    groups = {
        "DD": _group("day", "[0-9]{2}", unknown),
        "MM": _group("month", "[0-9]{2}", unknown),
        "Mon": _group("month", "|".join(_MONTHS), unknown),
        "YYYY": _group("year", "[0-9]{4}", unknown),
    }
    pieces = re.split("(DD|MM|Mon|YYYY)", text)
    return re.compile(
        "".join(groups.get(piece) or re.escape(piece) for piece in pieces), re.IGNORECASE
    )


def _group(part: Part, digits: str, unknown: Unknown) -> str:
    """One part; its token comes first, since it may consist of digits (00)."""
    token = f"(?P<no_{part}>{re.escape(unknown[part])})|" if unknown.get(part) else ""
    return f"(?:{token}(?P<{part}>{digits}))"


def _date(match: re.Match[str], typed: str) -> Date:
    parts = match.groupdict()
    year, month, day = (
        _whole(parts.get("year")),
        _month(parts.get("month")),
        _whole(parts.get("day")),
    )
    if year is None and month is None and day is None:
        return Date(nothing=f"no part of {typed} is known")
    if year is not None and not YEARS[0] <= year <= YEARS[1]:
        return Date(impossible=f"the year of {typed} is not within {YEARS[0]} to {YEARS[1]}")
    if not _exists(year, month, day):
        return Date(impossible=f"{typed} is not a day of the calendar")
    known = [
        "-" if year is None else f"{year:04}",
        *("-" if part is None else f"{part:02}" for part in (month, day)),
    ]
    while known[-1] == "-":
        known.pop()
    return Date("-".join(known))


def _whole(text: str | None) -> int | None:
    return None if text is None else int(text)


def _month(text: str | None) -> int | None:
    if text is None:
        return None
    return int(text) if text.isdigit() else _MONTHS.index(text.casefold()) + 1


def _exists(year: int | None, month: int | None, day: int | None) -> bool:
    """Whether there is such a day in some month of 31 days, or some leap year, where these are not known."""
    try:
        datetime.date(
            LEAP if year is None else year, 1 if month is None else month, 1 if day is None else day
        )
    except ValueError:
        return False
    return True
