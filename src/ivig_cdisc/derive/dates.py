"""Dates and times: ISO 8601 text of reduced precision in SDTM, calendar dates in ADaM."""

from __future__ import annotations

import pandas as pd

from .kinds import Date, Number, Text
from .roles import Groups

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


def iso8601(date: Text, time: Text | None = None) -> Text:
    """The collected date and time in ISO 8601, to the precision that is known (SDTMIG 4.4.1, 4.4.2).

    date: ISO 8601 text, possibly of reduced precision. time: HH:MM or HH:MM:SS; dropped where the date is incomplete.

    >>> iso8601(pd.Series(["2018-05-03", "2018-05", None]), pd.Series(["09:30", "09:30", "09:30"])).tolist()
    ['2018-05-03T09:30', '2018-05', nan]
    """
    date = date.astype("str")
    if time is None:
        return date
    complete = (date.str.len() == 10) & time.notna()
    return date.where(~complete, date + "T" + time.astype("str"))


def calendar_date(date: Text) -> Date:
    """The date part as a calendar date; missing where day or month is unknown.

    >>> calendar_date(pd.Series(["2018-05-03T09:30", "2018-05"])).dt.strftime("%Y-%m-%d").tolist()
    ['2018-05-03', nan]
    """
    text = date_part(date)
    return _parsed(text.where(text.str.len() == 10), "%Y-%m-%d")


def date_part(date: Text) -> Text:
    """The ISO 8601 date without its time.

    >>> date_part(pd.Series(["2018-05-03T09:30", "2018-05"])).tolist()
    ['2018-05-03', '2018-05']
    """
    return date.astype("str").str.slice(0, 10)


def calendar_datetime(date: Text) -> Date:
    """Date and time; missing where the time is unknown.

    >>> calendar_datetime(pd.Series(["2018-05-03T09:30", "2018-05-03"])).dt.strftime("%H:%M").tolist()
    ['09:30', nan]
    """
    text = date.astype("str")
    text = text.where(text.str.len() >= 16)
    return _parsed(text.where(text.str.len() != 16, text + ":00"), "%Y-%m-%dT%H:%M:%S")


def _parsed(text: pd.Series, form: str) -> pd.Series:
    """Each distinct text is parsed once; what is no date becomes missing."""
    codes, uniques = pd.factorize(text)
    parsed = pd.to_datetime(pd.Series(uniques, dtype="str"), format=form, errors="coerce").astype("datetime64[s]")
    padded = pd.concat([parsed, pd.Series([pd.NaT], dtype="datetime64[s]")], ignore_index=True)
    return padded.take(codes).set_axis(text.index)


def study_day(date: Text, reference: Text) -> Number:
    """Date minus reference date, plus 1 on or after the reference date; there is no day 0 (SDTMIG 4.4.4).

    Both are ISO 8601 text; missing where one of them is incomplete.

    >>> day = study_day(pd.Series(["2018-05-03", "2018-05-02T10:00", "2018-05"]), pd.Series(["2018-05-03T09:00"] * 3))
    >>> day.tolist()
    [1.0, -1.0, nan]
    """
    return relative_day(calendar_date(date), calendar_date(reference))


def relative_day(date: Date, reference: Date) -> Number:
    """Calendar date minus reference date, plus 1 on or after the reference date; there is no day 0 (ADaMIG 3.3.3).

    >>> day = pd.to_datetime(pd.Series(["2018-05-01", "2018-05-03"]))
    >>> relative_day(day, pd.to_datetime(pd.Series(["2018-05-02"] * 2))).tolist()
    [-1.0, 2.0]
    """
    days = _days(reference, date)
    return days.where(days < 0, days + 1)


def days_from(date: Date, start: Date) -> Number:
    """Days from start to date, both included: date minus start plus 1 (BDS-TTE 1.0, AVAL).

    >>> days_from(pd.to_datetime(pd.Series(["2018-05-03"])), pd.to_datetime(pd.Series(["2018-05-03"]))).tolist()
    [1.0]
    """
    return _days(start, date) + 1


def _days(start: pd.Series, end: pd.Series) -> pd.Series:
    """Whole days from one calendar date to another."""
    return (end - start).dt.days.astype("float64")


def days_since_previous(groups: Groups, date: Date) -> Number:
    """Days since the group's date before this one; missing for the first.

    >>> date = pd.to_datetime(pd.Series(["2018-05-24", "2018-05-03"]))
    >>> days_since_previous([pd.Series(["s", "s"])], date).tolist()
    [21.0, nan]
    """
    ordered = date.sort_values(kind="stable")
    previous = ordered.groupby([g.reindex(ordered.index) for g in groups], observed=True).shift()
    return _days(previous.reindex(date.index), date)


def months_between(start: Text, end: Text) -> Number:
    """Months from start to end, days divided by 30.4375, to one decimal; an unknown day counts as the first.

    Both are ISO 8601 text; missing where the start has no month or the end is incomplete.

    >>> months_between(pd.Series(["2018-01", "2018"]), pd.Series(["2018-03-02", "2018-03-02"])).tolist()
    [2.0, nan]
    """
    text = start.astype("str").str.slice(0, 10)
    first = calendar_date(text.where(text.str.len() != 7, text + "-01"))
    return (_days(first, calendar_date(end)) / MONTH_DAYS).round(1)


def age_in_years(birth: Text, reference: Text) -> Number:
    """Completed years at the reference date; the difference of the years where one of the dates is partial.

    >>> age_in_years(pd.Series(["1960-06-02", "1960"]), pd.Series(["2018-06-01"] * 2)).tolist()
    [57.0, 58.0]
    """
    birth, reference = birth.astype("str").str.slice(0, 10), reference.astype("str").str.slice(0, 10)
    years = _year(reference) - _year(birth)
    both = (birth.str.len() == 10) & (reference.str.len() == 10)
    return years - (both & (reference.str.slice(5) < birth.str.slice(5))).astype("float64")


def years_before(date: Text, years: Number) -> Text:
    """The date whole years earlier, to the precision that it has; 29 February becomes 28 where the year has none.

    date: ISO 8601 text, its time is dropped; years: whole number. Missing where one of them is missing.

    >>> years_before(pd.Series(["2013-12-26", "2012-02-29", "2012-02"]), pd.Series([63.0, 1.0, 1.0])).tolist()
    ['1950-12-26', '2011-02-28', '2011-02']
    """
    text = date_part(date)
    year = _year(text) - years
    earlier = year.map("{:04.0f}".format, na_action="ignore").astype("str") + text.str.slice(4)
    common = (year % 4 != 0) | ((year % 100 == 0) & (year % 400 != 0))
    return earlier.mask((text.str.slice(4) == "-02-29") & common, earlier.str.slice(0, 8) + "28")


def _year(date: pd.Series) -> pd.Series:
    return pd.to_numeric(date.str.slice(0, 4), errors="coerce").astype("float64")


def imputed_start(date: Text, floor: Date) -> Date:
    """The first day of what is known of the start; the floor where year (and month, if known) are those of the floor.

    date: ISO 8601 text; floor: calendar date (TRTSDT). A wholly missing date stays missing.

    >>> floor = pd.to_datetime(pd.Series(["2018-05-10"] * 3))
    >>> imputed_start(pd.Series(["2018-05", "2018-04", "2018-05-02"]), floor).dt.strftime("%Y-%m-%d").tolist()
    ['2018-05-10', '2018-04-01', '2018-05-02']
    """
    text = date_part(date)
    first = calendar_date(text + text.str.len().map({4: "-01-01", 7: "-01"}).fillna(""))
    same_year = (text.str.len() == 4) & (first.dt.year == floor.dt.year)
    same_month = (text.str.len() == 7) & (first.dt.year == floor.dt.year) & (first.dt.month == floor.dt.month)
    return first.mask(same_year | same_month, floor)


def imputed_end(date: Text, ceiling: Date) -> Date:
    """The last day of what is known of the end, but not after the ceiling.

    date: ISO 8601 text; ceiling: calendar date (end of study; missing: no bound). A wholly missing date stays missing.

    >>> ceiling = pd.to_datetime(pd.Series(["2018-12-01", None, None]))
    >>> imputed_end(pd.Series(["2018", "2018-02", "2018-03-04"]), ceiling).dt.strftime("%Y-%m-%d").tolist()
    ['2018-12-01', '2018-02-28', '2018-03-04']
    """
    text = date_part(date)
    length = text.str.len()
    start = calendar_date(text + length.map({4: "-12-01", 7: "-01"}).fillna(""))
    partial = length.isin([4, 7])
    last = start.where(~partial, start + pd.offsets.MonthEnd(0)).astype("datetime64[s]")
    return last.mask(partial & (last > ceiling), ceiling)


def imputation_flag(date: Text) -> Text:
    """The highest part of the date that was imputed: D the day, M month and day (ADaMIG 3.3.3).

    >>> imputation_flag(pd.Series(["2018", "2018-05", "2018-05-01", None])).tolist()
    ['M', 'D', nan, nan]
    """
    return date.astype("str").str.len().map({4.0: "M", 7.0: "D"}).astype("str")
