"""ISO 8601 dates and times of reduced precision: what is known, and what follows from it.

Every reader of --DTC text asks this module, so that `2024`, `2024-03`, `2024---15`,
`2024-03--T08:00` and `--03-15` mean the same everywhere. Such a date is a span: from the first
moment it can be to the last. Two dates are in a certain order where their spans do not overlap.

Parts that are not known are a hyphen each, and are left out at the end: `2024-03`, not `2024-03--`.
Moments are those of the clock that was looked at. A time may say its offset from UTC
(`T08:30+01:00`, `T08:30Z`): two times that both have one are compared in UTC, any others as they
are written. Intervals and durations are not dates.

Source: SDTMIG 3.4, 4.4.1 and 4.4.2.
"""

from __future__ import annotations

import datetime
import re
from calendar import monthrange
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple, TypeVar

import numpy as np
import pandas as pd

PARTS = ("year", "month", "day", "hour", "minute", "second")
LEAP_YEAR = 2000  # stands for an unknown year: then 29 February is possible

_SECONDS = r"(?::(?P<second>[0-9]{2}(?:\.[0-9]+)?|-))?"
_TIME = rf"T(?P<hour>[0-9]{{2}}|-)(?::(?P<minute>[0-9]{{2}}|-){_SECONDS})?(?<!-)"
_OFFSET = r"(?P<offset>Z|(?P<sign>[+-])(?P<hours>[0-9]{2})(?::(?P<minutes>[0-5][0-9]))?)?"
_DAY = rf"(?P<day>[0-9]{{2}}|-)(?:{_TIME}{_OFFSET})?"
_PATTERN = re.compile(rf"(?P<year>[0-9]{{4}}|-)(?:-(?P<month>[0-9]{{2}}|-)(?:-{_DAY})?)?(?<!-)")
_GAP = r"^-|--|T.*[-+Z]"  # an unknown part, or an offset: letters are not in the order of dates
_OFFSETS = (-12 * 60, 14 * 60)  # minutes, as the zones of the world have them
_ANY_DAY = "2000-01-01"
_SECOND = 1_000_000  # microseconds

_Answer = TypeVar("_Answer", pd.Series, pd.DataFrame)


# ---------------------------------------------------------------- what is known
def parts(text: pd.Series) -> pd.DataFrame:
    """The known parts of each date and time.

    Args:
        text: ISO 8601; what is not a date has no part.

    Returns:
        PARTS as columns of numbers, missing where a part is not known; index of the text.

    >>> known = parts(pd.Series(["2024---15", "2024-03--T08:00"]))
    >>> known.fillna(-1).astype(int).to_numpy().tolist()
    [[2024, -1, 15, -1, -1, -1], [2024, 3, -1, 8, 0, -1]]
    """
    return each(_known_parts, text)


def _known_parts(plain: pd.Series) -> pd.DataFrame:
    unknown = (None,) * len(PARTS)
    rows = []
    for text in plain:
        date = _read(text)
        rows.append(date.known if date else unknown)
    return pd.DataFrame(rows, columns=list(PARTS), dtype="float64")


def is_date(text: pd.Series) -> pd.Series:
    """Whether the text is a date that the calendar can have, complete or of reduced precision.

    Missing is not a date.

    >>> is_date(pd.Series(["2024---15", "2024---32", "2023-02-29", "--02-29"])).tolist()
    [True, False, False, True]
    >>> is_date(pd.Series(["2024-03--", "P3D", None])).tolist()
    [False, False, False]
    """
    possible: pd.Series = each(lambda plain: plain.map(_read).notna(), text).eq(True)
    return possible


def date_part(text: pd.Series) -> pd.Series:
    """The date without its time, unknown parts at its end left out.

    Missing where only a time is known, or the text is not a date.

    >>> date_part(pd.Series(["2024-03-05T08:30", "2024-03--T08:00"])).tolist()
    ['2024-03-05', '2024-03']
    >>> date_part(pd.Series(["2024---15T08:00", "-----T08:00"])).tolist()
    ['2024---15', nan]
    """
    text = text.astype("str")
    complete = complete_date(text).notna()
    partial = each(_without_time, text.mask(complete)).astype("str")
    return text.str.slice(0, 10).where(complete, partial)


def _without_time(plain: pd.Series) -> pd.Series:
    date = plain.str.replace("T.*", "", regex=True).str.rstrip("-")
    return date.where(is_date(date))


def complete_date(text: pd.Series) -> pd.Series:
    """The calendar date (datetime64[s]); missing where a part of it is not known.

    The time does not matter.

    >>> date = complete_date(pd.Series(["2024-03-05T08:30", "2024-03--T08:00"]))
    >>> date.dt.strftime("%Y-%m-%d").tolist()
    ['2024-03-05', nan]
    """
    return pd.Series(_days(text).astype("datetime64[s]"), index=text.index)


# ---------------------------------------------------------------- what follows
def span(text: pd.Series) -> pd.DataFrame:
    """The first and the last moment that each date can be.

    Returns:
        Columns `first` and `last`, datetime64[us], index of the text; missing where the year is
        not known or the text is not a date.

    >>> moments = span(pd.Series(["2024---15", "2024-02--T08:00"]))
    >>> moments.map("{:%m-%d %H:%M}".format).to_numpy().tolist()
    [['01-15 00:00', '12-15 23:59'], ['02-01 08:00', '02-29 08:00']]
    """
    found = moments(text)
    return pd.DataFrame({"first": found.first, "last": found.last}, index=text.index)


def before(one: pd.Series, other: pd.Series) -> pd.Series:
    """Whether the one date is certainly before the other.

    False where it is not, or may be not, or one of them is missing.

    >>> one = pd.Series(["2024-02", "2024---15", "2024-03-05"])
    >>> before(one, pd.Series(["2024-03-05"] * 3)).tolist()
    [True, False, False]
    """
    return pd.Series(precedes(moments(one), moments(other)), index=one.index)


def precedes(one: Moments, other: Moments) -> np.ndarray:
    """As `before`, of dates that are read already."""
    last, first = one.last, other.first
    both = ~(np.isnan(one.offset) | np.isnan(other.offset))
    if both.any():
        last = last - np.where(both, one.offset, 0).astype("timedelta64[m]")
        first = first - np.where(both, other.offset, 0).astype("timedelta64[m]")
    return np.asarray(last < first)


def differs(one: pd.Series, other: pd.Series) -> pd.Series:
    """True where a part that is known of both dates is not the same.

    >>> differs(pd.Series(["2024---15", "2024-03"]), pd.Series(["2024-03-16"] * 2)).tolist()
    [True, False]
    """
    left, right = parts(one), parts(other)
    unlike: pd.Series = ((left != right) & left.notna() & right.notna()).any(axis=1)
    return unlike


def completed_years(birth: pd.Series, reference: pd.Series) -> pd.DataFrame:
    """Completed years from birth to the reference.

    Who was born on 29 February has the birthday on 1 March in other years.

    Returns:
        Columns `least` and `most`, which differ where the known parts leave it open; index of
        birth. Missing where a year is not known.

    >>> years = completed_years(pd.Series(["1970-12", "1970"]), pd.Series(["2024-02-28"] * 2))
    >>> years.astype(int).to_numpy().tolist()
    [[53, 53], [53, 54]]
    """
    born, asked = span(birth), span(reference)
    least = _years(born["last"], asked["first"])
    return pd.DataFrame({"least": least, "most": _years(born["first"], asked["last"])})


def _years(start: pd.Series, end: pd.Series) -> pd.Series:
    early = end.dt.month * 100 + end.dt.day < start.dt.month * 100 + start.dt.day
    years: pd.Series = end.dt.year - start.dt.year - early
    return years


def sort_key(column: pd.Series, *, undated: str = "first") -> pd.Series:
    """What to sort the column by: dates by the first moment they can be, anything else as it is.

    Dates that are only cut off at their end sort rightly as text. Where one has a gap
    (`2024---15`), all become ranks, by their text where the first moment is the same. undated:
    dates without a year come `first`, or are `missing`.

    >>> column = pd.Series(["2024-01-20", "2024---15", "2023"])
    >>> column[sort_key(column).sort_values().index].tolist()
    ['2023', '2024---15', '2024-01-20']
    """
    grouped = isinstance(column.dtype, pd.CategoricalDtype)
    if not (grouped or pd.api.types.is_string_dtype(column.dtype)):
        return column
    codes, plain = _distinct(column)
    if not plain.str.contains(_GAP, regex=True).any() or not is_date(plain).all():
        return column
    dated = pd.DataFrame({"first": span(plain)["first"], "text": plain})
    order = dated.sort_values(["first", "text"], na_position="first").index
    rank = pd.Series(np.arange(len(order), dtype="float64"), index=order)
    if undated == "missing":
        rank = rank[dated["first"].notna()]
    return rank.reindex(codes).set_axis(column.index)


# ---------------------------------------------------------------- reading
def each(function: Callable[[pd.Series], _Answer], text: pd.Series) -> _Answer:
    """What the function says of each distinct text, spread over all rows; missing stays missing."""
    codes, plain = _distinct(text)
    found = function(plain)
    if (codes >= 0).all():
        return found.take(codes).set_axis(text.index)
    return found.reindex(codes).set_axis(text.index)


def _distinct(text: pd.Series) -> tuple[np.ndarray, pd.Series]:
    """For each row the number of its text, -1 for missing; and the texts."""
    if isinstance(text.dtype, pd.CategoricalDtype):
        return text.cat.codes.to_numpy(), pd.Series(text.cat.categories, dtype="str")
    codes, plain = pd.factorize(text)
    return codes, pd.Series(plain, dtype="str")


class Moments(NamedTuple):
    """Of each date, as arrays, what it says; missing where its year is not known, or it is none."""

    day: np.ndarray  # of a complete date
    first: np.ndarray  # first and last moment, in microseconds
    last: np.ndarray
    offset: np.ndarray  # from UTC, in minutes


def moments(text: pd.Series, *, to_the_minute: bool = False) -> Moments:
    """What `span` and `before` are made of. to_the_minute: of a time without seconds, these are 00.

    Of complete dates, days and times are read apart: there are fewer distinct ones of each than of
    both together.
    """
    text = text.astype("str")
    day = _days(text)
    first, last, offset = _spans(text.str.slice(10), _ANY_DAY, to_the_minute=to_the_minute)
    since = day - np.datetime64(_ANY_DAY)
    found = Moments(day, first + since, last + since, offset)
    others = np.flatnonzero(np.isnat(day))
    if len(others):
        spans = _spans(text.iloc[others], to_the_minute=to_the_minute)
        for known, read in zip(found[1:], spans, strict=True):
            known[others] = read
    return found


def _days(text: pd.Series) -> np.ndarray:
    """The day of each complete date, datetime64[D]."""
    if not isinstance(text.dtype, pd.CategoricalDtype):
        text = text.astype("str").str.slice(
            0, 11
        )  # the eleventh letter says whether a time follows
    codes, plain = _distinct(text)
    days = [_day(one) for one in plain]
    spread: np.ndarray = np.array([*days, None], dtype="datetime64[D]")[codes]  # -1 is missing
    return spread


def _day(text: str) -> int | None:
    """The day of a date, with or without a time."""
    if text[10:11] not in ("", "T"):
        return None
    date = _read(text[:10])
    return date and date.day


def _spans(
    text: pd.Series, day: str = "", *, to_the_minute: bool
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """First and last moment and offset of each text, with the day before it."""
    codes, plain = _distinct(text)
    first: list[int | None] = []
    last: list[int | None] = []
    offset: list[int | None] = []
    for one in plain:
        date = _read(day + one) or _NO_DATE
        first.append(date.first)
        last.append(date.until(to_the_minute=to_the_minute))
        offset.append(date.offset)
    return (
        np.array([*first, None], dtype="datetime64[us]")[codes],  # -1, the last, is missing
        np.array([*last, None], dtype="datetime64[us]")[codes],
        np.array([*offset, None], dtype="float64")[codes],
    )


class _Date(NamedTuple):
    """A date as read, in microseconds and days since 1970; None where not known."""

    known: tuple[float | None, ...]
    first: int | None
    last: int | None
    offset: int | None
    day: int | None

    def until(self, *, to_the_minute: bool) -> int | None:
        """The last moment; to_the_minute: of the second 00 where only seconds are not known."""
        all_but_seconds = None not in self.known[:-1] and self.known[-1] is None
        if to_the_minute and all_but_seconds and self.first is not None:
            return self.first + _SECOND - 1
        return self.last


_NO_DATE = _Date((None,) * len(PARTS), None, None, None, None)


@lru_cache(maxsize=2**16)
def _read(text: str) -> _Date | None:
    """What one text says; None where it is not a date of the calendar."""
    found = _PATTERN.fullmatch(text)
    if found is None:
        return None
    year, month, day, hour, minute = (_number(found[part]) for part in PARTS[:5])
    second = _seconds(found["second"])
    offset = _offset(found)
    if not (_is_of_calendar(year, month, day) and _is_of_clock(hour, minute, second, offset)):
        return None
    known = (year, month, day, hour, minute, second)
    if year is None:
        return _Date(known, None, None, offset, None)
    to_month = month or 12
    to_day = day or monthrange(year, to_month)[1]
    first = _moment((year, month or 1, day or 1), hour or 0, minute or 0, second or 0)
    last = _moment((year, to_month, to_day), _or(hour, 23), _or(minute, 59), _or(second, 59))
    if not (second and second % 1):  # a whole second lasts until the next
        last += _SECOND - 1
    whole = None
    if month and day:
        whole = _since_1970(year, month, day)
    return _Date(known, first, last, offset, whole)


def _number(text: str | None) -> int | None:
    if text in (None, "-"):
        return None
    return int(text)


def _seconds(text: str | None) -> float | None:
    if text in (None, "-"):
        return None
    return float(text)


def _or(known: float | None, otherwise: float) -> float:
    if known is None:
        return otherwise
    return known


def _offset(found: re.Match[str]) -> int | None:
    """Minutes from UTC: `+01:30` is 90, `Z` is 0."""
    if found["offset"] is None:
        return None
    if found["offset"] == "Z":
        return 0
    minutes = int(found["hours"]) * 60 + int(found["minutes"] or 0)
    if found["sign"] == "-":
        return -minutes
    return minutes


def _is_of_calendar(year: int | None, month: int | None, day: int | None) -> bool:
    if 0 in (year, month, day) or (month or 1) > 12:
        return False
    longest = 31
    if month is not None:
        longest = monthrange(year or LEAP_YEAR, month)[1]
    return (day or 1) <= longest


def _is_of_clock(
    hour: int | None, minute: int | None, second: float | None, offset: int | None
) -> bool:
    placed = offset is None or (hour is not None and _OFFSETS[0] <= offset <= _OFFSETS[1])
    return placed and (hour or 0) <= 23 and (minute or 0) <= 59 and (second or 0) < 60


def _since_1970(year: int, month: int, day: int) -> int:
    return (datetime.date(year, month, day) - datetime.date(1970, 1, 1)).days


def _moment(day: tuple[int, int, int], hour: float, minute: float, second: float) -> int:
    minutes = (_since_1970(*day) * 24 + int(hour)) * 60 + int(minute)
    return minutes * 60 * _SECOND + int(second * _SECOND + 0.5)
