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
    """A date as read: ISO 8601 text, or why there is none. Source: SDTMIG 3.4, 4.4.2."""

    iso: str = ""  # 2024---15: a hyphen for a part that is not known before one that is
    impossible: str = ""  # it has the form of a date, but there is no such date
    nothing: str = ""  # no part of it is known
    ambiguous: str = ""  # another format reads it as this other date


def date_reader(formats: str, unknown: Unknown) -> Callable[[str], Date | None]:
    """A function from typed text to its date.

    Args:
        formats: of DD, MM, Mon and YYYY, several with `|` between.
        unknown: what is typed for a part that is not known.

    Returns:
        The function; it gives None for text that has none of the formats.

    >>> read = date_reader("DD-MM-YYYY|MM-DD-YYYY", {"day": "UN"})
    >>> [read(text).iso for text in ("31-12-2019", "UN-02-2020", "01-02-2020")]
    ['2019-12-31', '2020-02', '2020-02-01']
    >>> read("01-02-2020").ambiguous, read("2020"), read("31-31-2019").impossible
    ('2020-01-02', None, '31-31-2019 is not a day of the calendar')
    """
    patterns = [_pattern(one, unknown) for one in each(formats)]

    def read(typed: str) -> Date | None:
        found = []
        for pattern in patterns:
            if match := pattern.fullmatch(typed):
                found.append(_date(match, typed))
        return _one_of(found)

    return read


def _one_of(found: list[Date]) -> Date | None:
    """The first of these that is a date, and whether another format reads another date."""
    dates = [date for date in found if date.iso]
    if not dates:
        return found[0] if found else None
    first = dates[0]
    for other in dates[1:]:
        if other.iso != first.iso:
            return Date(first.iso, ambiguous=other.iso)
    return first


def expected(formats: str, unknown: Unknown) -> str:
    """The formats in words, for messages."""
    wanted = " or ".join(each(formats))
    if not unknown:
        return wanted
    tokens = " and ".join(f"{token} for an unknown {part}" for part, token in unknown.items())
    return f"{wanted}, with {tokens}"


def _pattern(text: str, unknown: Unknown) -> re.Pattern[str]:
    groups = {
        "DD": _group("day", "[0-9]{2}", unknown),
        "MM": _group("month", "[0-9]{2}", unknown),
        "Mon": _group("month", "|".join(_MONTHS), unknown),
        "YYYY": _group("year", "[0-9]{4}", unknown),
    }
    pieces = re.split("(DD|MM|Mon|YYYY)", text)
    pattern = "".join(groups.get(piece) or re.escape(piece) for piece in pieces)
    return re.compile(pattern, re.IGNORECASE)


def _group(part: Part, digits: str, unknown: Unknown) -> str:
    """One part; its token comes first, since it may consist of digits (00)."""
    known = f"(?P<{part}>{digits})"
    if token := unknown.get(part):
        return f"(?:(?P<no_{part}>{re.escape(token)})|{known})"
    return f"(?:{known})"


def _date(match: re.Match[str], typed: str) -> Date:
    parts = match.groupdict()
    year, day = _whole(parts.get("year")), _whole(parts.get("day"))
    month = _month(parts.get("month"))
    if year is None and month is None and day is None:
        return Date(nothing=f"no part of {typed} is known")
    if year is not None and not YEARS[0] <= year <= YEARS[1]:
        return Date(impossible=f"the year of {typed} is not within {YEARS[0]} to {YEARS[1]}")
    if not _exists(year, month, day):
        return Date(impossible=f"{typed} is not a day of the calendar")
    return Date(_iso(year, month, day))


def _iso(year: int | None, month: int | None, day: int | None) -> str:
    """ISO 8601, up to the last part that is known."""
    written = ["-", "-", "-"]
    if year is not None:
        written[0] = f"{year:04}"
    if month is not None:
        written[1] = f"{month:02}"
    if day is not None:
        written[2] = f"{day:02}"
    while written[-1] == "-":
        written.pop()
    return "-".join(written)


def _whole(text: str | None) -> int | None:
    return None if text is None else int(text)


def _month(text: str | None) -> int | None:
    if text is None:
        return None
    if text.isdigit():
        return int(text)
    return _MONTHS.index(text.casefold()) + 1


def _exists(year: int | None, month: int | None, day: int | None) -> bool:
    """Whether there is such a day: in some month of 31 days, or leap year, if not known."""
    if year is None:
        year = LEAP
    if month is None:
        month = 1
    if day is None:
        day = 1
    try:
        datetime.date(year, month, day)
    except ValueError:
        return False
    return True
