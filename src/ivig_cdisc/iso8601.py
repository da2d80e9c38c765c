"""ISO 8601 dates and times of reduced precision (SDTMIG 3.4, 4.4.1 and 4.4.2): what is known, and what follows from it.

Every reader of --DTC text asks this module, so that `2024`, `2024-03`, `2024---15`, `2024-03--T08:00` and `--03-15`
mean the same everywhere. Such a date is a span: from the first moment it can be to the last. Two dates are in a certain
order where their spans do not overlap.

Parts that are not known are a hyphen each, and are left out at the end: `2024-03`, not `2024-03--`. Moments are those
of the clock that was looked at. A time may say its offset from UTC (`T08:30+01:00`, `T08:30Z`): two times that both
have one are compared in UTC, any others as they are written. Intervals and durations are not dates.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import numpy as np
import pandas as pd

PARTS = ("year", "month", "day", "hour", "minute", "second")
LEAP_YEAR = 2000  # stands for an unknown year: then 29 February is possible

_TIME = r"T(?P<hour>[0-9]{2}|-)(?::(?P<minute>[0-9]{2}|-)(?::(?P<second>[0-9]{2}(?:\.[0-9]+)?|-))?)?(?<!-)"
_OFFSET = r"(?P<offset>Z|[+-][0-9]{2}(?::[0-9]{2})?)?"
_DAY = rf"(?P<day>[0-9]{{2}}|-)(?:{_TIME}{_OFFSET})?"
_PATTERN = rf"^(?P<year>[0-9]{{4}}|-)(?:-(?P<month>[0-9]{{2}}|-)(?:-{_DAY})?)?(?<!-)\Z"
_GAP = r"^-|--|T.*[-+Z]"  # an unknown part, or an offset: then the order of letters is not that of dates
_LIMITS = {
    "month": (1, 12),
    "hour": (0, 23),
    "minute": (0, 59),
    "second": (0, 60 - 1e-9),
    "offset": (-12 * 60, 14 * 60),  # minutes, as the zones of the world have them
}
_ANY_DAY = "2000-01-01"

_Answer = TypeVar("_Answer", pd.Series, pd.DataFrame)


# ---------------------------------------------------------------- what is known
def parts(text: pd.Series) -> pd.DataFrame:
    """The known parts of each date and time: PARTS as columns of numbers, missing where a part is not known.

    text: ISO 8601; what is not a date has no part.

    >>> parts(pd.Series(["2024---15", "2024-03--T08:00"])).fillna(-1).astype(int).to_numpy().tolist()
    [[2024, -1, 15, -1, -1, -1], [2024, 3, -1, 8, 0, -1]]
    """
    return each(lambda plain: _known(plain)[list(PARTS)], text)


def is_date(text: pd.Series) -> pd.Series:
    """True where the text is a date, complete or of reduced precision, that the calendar can have; missing: False.

    >>> is_date(pd.Series(["2024---15", "2024---32", "2023-02-29", "--02-29", "2024-03--", "P3D", None])).tolist()
    [True, False, False, True, False, False, False]
    """
    possible: pd.Series = _moments(text)["possible"].eq(True)
    return possible


def date_part(text: pd.Series) -> pd.Series:
    """The date without its time, unknown parts at its end left out; missing where only a time is known, or no date.

    >>> date_part(pd.Series(["2024-03-05T08:30", "2024-03--T08:00", "2024---15T08:00", "-----T08:00"])).tolist()
    ['2024-03-05', '2024-03', '2024---15', nan]
    """

    def dated(plain: pd.Series) -> pd.Series:
        date = plain.str.replace("T.*", "", regex=True).str.rstrip("-")
        return date.where(is_date(date))

    text = text.astype("str")
    complete = complete_date(text).notna()
    return text.str.slice(0, 10).where(complete, each(dated, text.mask(complete)).astype("str"))


def complete_date(text: pd.Series) -> pd.Series:
    """The calendar date (datetime64[s]); missing where a part of it is not known. The time does not matter.

    >>> complete_date(pd.Series(["2024-03-05T08:30", "2024-03--T08:00"])).dt.strftime("%Y-%m-%d").tolist()
    ['2024-03-05', nan]
    """

    def parsed(plain: pd.Series) -> pd.Series:
        day = plain.where(plain.str.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}"))
        return pd.to_datetime(day, format="%Y-%m-%d", errors="coerce").astype("datetime64[s]")

    text = text.astype("str")
    return each(parsed, text.str.slice(0, 10).where(text.str.slice(10, 11).isin(["", "T"])))


# ---------------------------------------------------------------- what follows
def span(text: pd.Series) -> pd.DataFrame:
    """The first and the last moment that each date can be: columns `first` and `last`, datetime64[us].

    Missing where the year is not known or the text is not a date.

    >>> span(pd.Series(["2024---15", "2024-02--T08:00"])).map("{:%m-%d %H:%M}".format).to_numpy().tolist()
    [['01-15 00:00', '12-15 23:59'], ['02-01 08:00', '02-29 08:00']]
    """
    return _moments(text)[["first", "last"]]


def before(one: pd.Series, other: pd.Series) -> pd.Series:
    """True where the one date is certainly before the other; False where it is not, or may be not, or is not known.

    >>> before(pd.Series(["2024-02", "2024---15", "2024-03-05"]), pd.Series(["2024-03-05"] * 3)).tolist()
    [True, False, False]
    """
    end, start = _moments(one), _moments(other)
    last, first = end["last"].to_numpy(), start["first"].to_numpy()
    both = end["offset"].notna().to_numpy() & start["offset"].notna().to_numpy()
    if both.any():
        last = last - np.where(both, end["offset"].fillna(0), 0).astype("timedelta64[m]")
        first = first - np.where(both, start["offset"].fillna(0), 0).astype("timedelta64[m]")
    return pd.Series(last < first, index=one.index)


def differs(one: pd.Series, other: pd.Series) -> pd.Series:
    """True where a part that is known of both dates is not the same.

    >>> differs(pd.Series(["2024---15", "2024-03"]), pd.Series(["2024-03-16", "2024-03-16"])).tolist()
    [True, False]
    """
    left, right = parts(one), parts(other)
    unlike: pd.Series = ((left != right) & left.notna() & right.notna()).any(axis=1)
    return unlike


def completed_years(birth: pd.Series, reference: pd.Series) -> pd.DataFrame:
    """Completed years from birth to the reference: columns `least` and `most`, as far as the known parts leave it open.

    Who was born on 29 February has the birthday on 1 March in other years. Missing where a year is not known.

    >>> completed_years(pd.Series(["1970-12", "1970"]), pd.Series(["2024-02-28"] * 2)).astype(int).to_numpy().tolist()
    [[53, 53], [53, 54]]
    """
    born, asked = span(birth), span(reference)
    least = _years(born["last"], asked["first"])
    return pd.DataFrame({"least": least, "most": _years(born["first"], asked["last"])})


def _years(start: pd.Series, end: pd.Series) -> pd.Series:
    early = end.dt.month * 100 + end.dt.day < start.dt.month * 100 + start.dt.day
    years: pd.Series = end.dt.year - start.dt.year - early
    return years


def sort_key(column: pd.Series) -> pd.Series:
    """What to sort the column by: dates by the first moment they can be, anything else as it is.

    Dates that are only cut off at their end sort rightly as text. Where one has a gap (`2024---15`), all become ranks:
    dates without a year first, and by their text where the first moment is the same.

    >>> column = pd.Series(["2024-01-20", "2024---15", "2023"])
    >>> column[sort_key(column).sort_values().index].tolist()
    ['2023', '2024---15', '2024-01-20']
    """
    if not (isinstance(column.dtype, pd.CategoricalDtype) or pd.api.types.is_string_dtype(column.dtype)):
        return column
    codes, plain = _distinct(column)
    if not plain.str.contains(_GAP, regex=True).any() or not is_date(plain).all():
        return column
    dated = pd.DataFrame({"first": span(plain)["first"], "text": plain})
    order = dated.sort_values(["first", "text"], na_position="first").index
    rank = pd.Series(np.arange(len(order), dtype="float64"), index=order)
    return rank.reindex(codes).set_axis(column.index)


# ---------------------------------------------------------------- reading
def each(function: Callable[[pd.Series], _Answer], text: pd.Series) -> _Answer:
    """What the function says of each distinct text, spread over all rows; missing stays missing."""
    codes, plain = _distinct(text)
    return function(plain).reindex(codes).set_axis(text.index)


def _distinct(text: pd.Series) -> tuple[np.ndarray, pd.Series]:
    """For each row the number of its text, -1 for missing; and the texts."""
    if isinstance(text.dtype, pd.CategoricalDtype):
        return text.cat.codes.to_numpy(), pd.Series(text.cat.categories, dtype="str")
    codes, plain = pd.factorize(text)
    return codes, pd.Series(plain, dtype="str")


def _moments(text: pd.Series) -> pd.DataFrame:
    """First and last moment, offset in minutes, and whether there can be such a date.

    Of complete dates, days and times are read apart: there are fewer distinct ones of each than of both together.
    """
    text = text.astype("str")
    day = complete_date(text)
    made = each(_read, text.mask(day.notna(), _ANY_DAY + text.str.slice(10)))
    since = (day - pd.Timestamp(_ANY_DAY)).fillna(pd.Timedelta(0))
    return made.assign(first=made["first"] + since, last=made["last"] + since)


def _known(plain: pd.Series) -> pd.DataFrame:
    """PARTS and the offset in minutes of distinct texts; all missing where there can be no such date."""
    found = plain.str.extract(_PATTERN)
    known = found[list(PARTS)].replace("-", np.nan).astype("float64")
    known["offset"] = _minutes(found["offset"])
    possible = known["offset"].isna() | known["hour"].notna()
    for part, (low, high) in _LIMITS.items():
        possible &= known[part].isna() | known[part].between(low, high)
    month = known["month"].where(known["month"].between(1, 12))
    longest = _days_in_month(known["year"].fillna(LEAP_YEAR), month.fillna(1))
    possible &= known["day"].isna() | known["day"].between(1, longest)
    return known.where(possible)


def _minutes(offset: pd.Series) -> pd.Series:
    """`+01:30` is 90, `Z` is 0."""
    pieces = offset.replace("Z", "+00").str.extract(r"^([+-])([0-9]{2}):?([0-9]{2})?$")
    sign = pieces[0].map({"+": 1, "-": -1}).astype("float64")
    hours, minutes = pieces[1].astype("float64"), pieces[2].fillna("0").astype("float64")
    return sign * (hours * 60 + minutes.where(minutes < 60, np.inf))


def _read(plain: pd.Series) -> pd.DataFrame:
    """First and last moment, offset in minutes, and whether there can be such a date, of distinct texts."""
    known = _known(plain)
    early, late = known.fillna({"month": 1, "day": 1}), known.fillna({"month": 12})
    late["day"] = late["day"].fillna(_days_in_month(late["year"].fillna(LEAP_YEAR), late["month"]))
    first = _moment(early.fillna({"hour": 0, "minute": 0, "second": 0}))
    last = _moment(late.fillna({"hour": 23, "minute": 59, "second": 59.999999}))
    to_the_second = known["second"].notna() & known["second"].mod(1).eq(0)
    last = last.where(~to_the_second, last + pd.Timedelta(999_999, "us"))
    possible = known[list(PARTS)].notna().any(axis=1)
    return pd.DataFrame({"first": first, "last": last, "offset": known["offset"], "possible": possible})


def _days_in_month(year: pd.Series, month: pd.Series) -> pd.Series:
    start = _month(year, month)
    days = (start + 1).astype("datetime64[D]") - start.astype("datetime64[D]")
    return pd.Series(days.astype("float64"), index=year.index)


def _month(year: pd.Series, month: pd.Series) -> np.ndarray:
    since_1970 = (year.fillna(1970) - 1970) * 12 + month - 1
    return since_1970.to_numpy("int64").astype("datetime64[M]")


def _moment(known: pd.DataFrame) -> pd.Series:
    """The moment that all parts make; missing where the year is."""
    day = _month(known["year"], known["month"]).astype("datetime64[D]") + (known["day"].to_numpy("int64") - 1)
    seconds = known["hour"] * 3600 + known["minute"] * 60 + known["second"]
    moment = day.astype("datetime64[us]") + np.floor(seconds * 1e6 + 0.5).to_numpy("int64").astype("timedelta64[us]")
    return pd.Series(moment, index=known.index).where(known["year"].notna())
