"""Dates and times: ISO 8601 text of reduced precision in SDTM, calendar dates in ADaM."""

from __future__ import annotations

from typing import Annotated

import numpy as np
import pandas as pd

from ..iso8601 import before, complete_date, completed_years, each, parts, span
from ..iso8601 import date_part as known_date
from .kinds import Date, Number, Text
from .roles import ACROSS, Groups

__all__ = [
    "age_in_years",
    "calendar_date",
    "calendar_datetime",
    "date_part",
    "days_from",
    "days_since_previous",
    "imputation_flag",
    "imputed_end",
    "imputed_start",
    "iso8601",
    "months_between",
    "relative_day",
    "study_day",
    "years_before",
]

MONTH_DAYS = 30.4375  # 365.25 / 12
COMPLETE = len("2018-05-03")


def iso8601(date: Text, time: Text | None = None) -> Text:
    """The collected date and time in ISO 8601, to the precision that is known.

    Args:
        date: ISO 8601 text, possibly of reduced precision.
        time: HH:MM or HH:MM:SS.

    Returns:
        ISO 8601 text. A time is kept beside a date of which parts are not known, or that is
        missing, with a hyphen for each part that is not. Missing where both are.

    Source: SDTMIG 3.4, 4.4.1 and 4.4.2.

    >>> date = pd.Series(["2018-05-03", "2018-05", "2018", None])
    >>> iso8601(date, pd.Series(["09:30"] * 4)).tolist()
    ['2018-05-03T09:30', '2018-05--T09:30', '2018----T09:30', '-----T09:30']
    """
    date = date.astype("str")
    if time is None:
        return date
    all_complete = (date.str.len() == COMPLETE).all()
    placed = date
    if not all_complete:
        placed = each(_with_places, date).astype("str").fillna("-----")
    timed = placed + each(lambda plain: "T" + plain, time).astype("str")
    return timed.where(time.notna(), date)


def _with_places(date: pd.Series) -> pd.Series:
    """The date with a hyphen for each unknown part at its end, as a time behind it needs."""
    known = parts(date)
    without_day = known["day"].isna() & (date.str.len() != COMPLETE)
    without_month = without_day & known["month"].isna()
    places = pd.Series("", index=date.index).mask(without_day, "--").mask(without_month, "----")
    return date + places


def calendar_date(date: Text) -> Date:
    """The date part as a calendar date; missing where a part of it is unknown.

    Args:
        date: ISO 8601 text, with or without a time.

    Returns:
        Calendar dates; missing for partial and missing dates.

    Source: ADaMIG 1.3, 3.1 (variables that end with DT).

    >>> calendar_date(pd.Series(["2018-05-03T09:30", "2018-05"])).dt.strftime("%Y-%m-%d").tolist()
    ['2018-05-03', nan]
    """
    return complete_date(date)


def date_part(date: Text) -> Text:
    """The ISO 8601 date without its time, to the precision that it has.

    Args:
        date: ISO 8601 text.

    Returns:
        ISO 8601 text. Missing where the date is, and where only the time is known.

    Source: SDTMIG 3.4, 4.4.2.

    >>> date_part(pd.Series(["2018-05-03T09:30", "2018-05--T09:30", "2018---03"])).tolist()
    ['2018-05-03', '2018-05', '2018---03']
    """
    return known_date(date)


def calendar_datetime(date: Text) -> Date:
    """Date and time as a moment, seconds 00 where they are unknown.

    Args:
        date: ISO 8601 text. An offset from UTC does not count: the time is the clock's.

    Returns:
        Moments to the second; parts of a second are cut off. Missing where any part but the seconds
        is unknown.

    Source: ADaMIG 1.3, 3.1 (variables that end with DTM).

    >>> moment = calendar_datetime(pd.Series(["2018-05-03T09:30", "2018-05-03"]))
    >>> moment.dt.strftime("%H:%M").tolist()
    ['09:30', nan]
    """
    moments = span(date)
    to_the_minute = moments["last"] - moments["first"] < pd.Timedelta(1, "min")
    return moments["first"].where(to_the_minute).astype("datetime64[s]")


def study_day(date: Text, reference: Text) -> Number:
    """Date minus reference date, plus 1 on or after the reference date; there is no day 0.

    Args:
        date: ISO 8601 text.
        reference: ISO 8601 text, RFSTDTC.

    Returns:
        Whole days. Missing where a part of one of the two dates is not known.

    Source: SDTMIG 3.4, 4.4.4.

    >>> date = pd.Series(["2018-05-03", "2018-05-02T10:00", "2018-05"])
    >>> study_day(date, pd.Series(["2018-05-03T09:00"] * 3)).tolist()
    [1.0, -1.0, nan]
    """
    return relative_day(calendar_date(date), calendar_date(reference))


def relative_day(date: Date, reference: Date) -> Number:
    """Calendar date minus reference date, plus 1 from that date on; there is no day 0.

    Args:
        date: calendar dates.
        reference: calendar dates, TRTSDT.

    Returns:
        Whole days. Missing where one of the two is missing.

    Source: ADaMIG 1.3, 3.3 (ADY, ASTDY and AENDY).

    >>> day = pd.to_datetime(pd.Series(["2018-05-01", "2018-05-03"]))
    >>> relative_day(day, pd.to_datetime(pd.Series(["2018-05-02"] * 2))).tolist()
    [-1.0, 2.0]
    """
    days = _days(reference, date)
    return days.where(days < 0, days + 1)


def days_from(date: Date, start: Date) -> Number:
    """Days from start to date, both included: date minus start plus 1.

    Args:
        date: calendar dates.
        start: calendar dates.

    Returns:
        Whole days, 1 for the start itself. Missing where one of the two is missing.

    Source: ADaM Basic Data Structure for Time-to-Event Analyses 1.0 (AVAL).

    >>> day = pd.to_datetime(pd.Series(["2018-05-03"]))
    >>> days_from(day, day).tolist()
    [1.0]
    """
    return _days(start, date) + 1


def _days(start: pd.Series, end: pd.Series) -> pd.Series:
    """Whole days from one calendar date to another."""
    return (end - start).dt.days.astype("float64")


def days_since_previous(groups: Groups, date: Annotated[Date, ACROSS]) -> Number:
    """Days since the group's date before this one; missing for the first.

    Args:
        groups: what belongs together; records without a value in one of them do, too.
        date: calendar dates.

    Returns:
        Whole days; 0 on a date that the group has twice. Missing where the date is.

    >>> date = pd.to_datetime(pd.Series(["2018-05-24", "2018-05-03"]))
    >>> days_since_previous([pd.Series(["s", "s"])], date).tolist()
    [21.0, nan]
    """
    ordered = date.sort_values(kind="stable")
    series = [column.reindex(ordered.index) for column in groups]
    previous = ordered.groupby(series, observed=True, dropna=False).shift()
    return _days(previous.reindex(date.index), date)


def months_between(start: Text, end: Text) -> Number:
    """Months from start to end, days divided by 30.4375, to one decimal.

    Args:
        start: ISO 8601 text; an unknown day counts as the first of the month.
        end: ISO 8601 text.

    Returns:
        Months. Missing where year or month of the start is not known, or the end is incomplete.

    >>> start, end = pd.Series(["2018-01", "2018"]), pd.Series(["2018-03-02", "2018-03-02"])
    >>> months_between(start, end).tolist()
    [2.0, nan]
    """
    text = known_date(start)
    first = calendar_date(text.where(text.str.len() != 7, text + "-01"))
    return (_days(first, calendar_date(end)) / MONTH_DAYS).round(1)


def age_in_years(birth: Text, reference: Text) -> Number:
    """Completed years at the reference date, or the difference of the years.

    The difference of the years is taken where the known parts leave two answers.

    Args:
        birth: ISO 8601 text.
        reference: ISO 8601 text.

    Returns:
        Whole years. Missing where birth is after the reference, or a year is not known.

    >>> birth = pd.Series(["1960-06-02", "1960-12", "1960-06", "1960", "2019"])
    >>> age_in_years(birth, pd.Series(["2018-06-01"] * 5)).tolist()
    [57.0, 57.0, 58.0, 58.0, nan]
    """
    years = completed_years(birth, reference)
    difference = span(reference)["first"].dt.year - span(birth)["first"].dt.year
    age = years["least"].where(years["least"] == years["most"], difference)
    return age.mask(before(reference, birth)).astype("float64")


def years_before(date: Text, years: Number) -> Text:
    """The date whole years earlier, to the precision that it has.

    29 February becomes 28 February where the year has none.

    Args:
        date: ISO 8601 text; its time is dropped.
        years: whole numbers.

    Returns:
        ISO 8601 text. Missing where one of the two, or the year of the date, is missing, and before
        the year 0.

    >>> date = pd.Series(["2013-12-26", "2012-02-29", "2012-02"])
    >>> years_before(date, pd.Series([63.0, 1.0, 1.0])).tolist()
    ['1950-12-26', '2011-02-28', '2011-02']
    """
    text = known_date(date)
    year = pd.to_numeric(text.str.slice(0, 4), errors="coerce").astype("float64") - years
    in_digits = year.where(year >= 0).map("{:04.0f}".format, na_action="ignore").astype("str")
    rest = text.str.slice(4)
    common = (year % 4 != 0) | ((year % 100 == 0) & (year % 400 != 0))
    return in_digits + rest.mask((rest == "-02-29") & common, "-02-28")


def imputed_start(date: Text, floor: Date, end: Date | None = None) -> Date:
    """The first day that the start can be, from the floor on if one is; not after the end.

    Args:
        date: ISO 8601 text.
        floor: calendar dates, TRTSDT.
        end: calendar dates, AENDT.

    Returns:
        Calendar dates. A complete date stays as it is; one without a year stays missing. A missing
        floor or end is no bound.

    Source: ADaMIG 1.3, 3.1: how to impute is for the sponsor to define.

    >>> date = pd.Series(["2018-05", "2018---03", "2018-05-02"])
    >>> floor = pd.Series(pd.to_datetime(["2018-05-10"] * 3))
    >>> imputed_start(date, floor).dt.strftime("%Y-%m-%d").tolist()
    ['2018-05-10', '2018-06-03', '2018-05-02']
    >>> end = pd.Series(pd.to_datetime(["2018-05-04"] * 3))
    >>> imputed_start(date, floor, end).dt.strftime("%Y-%m-%d").tolist()
    ['2018-05-04', '2018-05-04', '2018-05-02']
    """
    start = complete_date(date)
    partial = start.isna()
    start[partial] = _first_day(date[partial], floor[partial])
    if end is None:
        return start
    return start.mask(partial & (start > end), end)


def _first_day(date: pd.Series, floor: pd.Series) -> pd.Series:
    first, last = _days_possible(date)
    within = (first <= floor) & (floor <= last)
    of_month = parts(date)["day"]
    return first.mask(within, floor.where(of_month.isna(), _nearest(floor, of_month, step=1)))


def imputed_end(date: Text, ceiling: Date) -> Date:
    """The last day that the known parts of the end allow, but not after the ceiling.

    Args:
        date: ISO 8601 text.
        ceiling: calendar dates, the end of study.

    Returns:
        Calendar dates. A complete date stays as it is; one without a year stays missing. A missing
        ceiling is no bound.

    Source: ADaMIG 1.3, 3.1: how to impute is for the sponsor to define.

    >>> ceiling = pd.to_datetime(pd.Series(["2018-12-01", None, None]))
    >>> date = pd.Series(["2018", "2018-02", "2018-03-04"])
    >>> imputed_end(date, ceiling).dt.strftime("%Y-%m-%d").tolist()
    ['2018-12-01', '2018-02-28', '2018-03-04']
    """
    end = complete_date(date)
    partial = end.isna()
    end[partial] = _last_day(date[partial], ceiling[partial])
    return end


def _last_day(date: pd.Series, ceiling: pd.Series) -> pd.Series:
    first, last = _days_possible(date)
    of_month = parts(date)["day"]
    fixed = of_month.notna() & (first <= ceiling)
    return last.mask(last > ceiling, ceiling.mask(fixed, _nearest(ceiling, of_month, step=-1)))


def _days_possible(date: pd.Series) -> tuple[pd.Series, pd.Series]:
    """The first and the last day that the date can be."""
    moments = span(date)
    first, last = moments["first"].dt.floor("D"), moments["last"].dt.floor("D")
    return first.astype("datetime64[s]"), last.astype("datetime64[s]")


def _nearest(limit: pd.Series, of_month: pd.Series, step: int) -> pd.Series:
    """The day of that number in a month, nearest to the limit: step 1 from it on, -1 up to it."""
    day, month = limit.to_numpy("datetime64[D]"), limit.to_numpy("datetime64[M]")
    since = of_month.fillna(1).to_numpy("int64") - 1
    nearest = np.full(len(limit), np.datetime64("NaT", "D"))
    for months in (2, 1, 0):  # one month after another may lack a 30th, a 31st not twice in a row
        there = month + step * months
        found = there.astype("datetime64[D]") + since
        exists = found.astype("datetime64[M]") == there
        beyond = (found - day) * step >= np.timedelta64(0, "D")
        nearest = np.where(exists & beyond, found, nearest)
    return pd.Series(nearest.astype("datetime64[s]"), index=limit.index)


def imputation_flag(date: Text) -> Text:
    """The highest part of the date that was imputed: D the day, M the month.

    Args:
        date: ISO 8601 text.

    Returns:
        D or M. Missing for a complete date, and for one without a year, which is not imputed.

    Source: ADaMIG 1.3, 3.1 (variables that end with DTF).

    >>> imputation_flag(pd.Series(["2018", "2018-05", "2018---03", "2018-05-01", None])).tolist()
    ['M', 'D', 'M', nan, nan]
    """
    return each(_unknown, date.where(complete_date(date).isna())).astype("str")


def _unknown(partial: pd.Series) -> pd.Series:
    known = parts(partial)
    highest = pd.Series("D", index=partial.index).mask(known["month"].isna(), "M")
    return highest.where(known["year"].notna())
