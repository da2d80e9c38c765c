"""Dates and times: ISO 8601 text of reduced precision in SDTM, calendar dates in ADaM."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..iso8601 import before, complete_date, completed_years, each, parts, span
from ..iso8601 import date_part as known_date
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
COMPLETE = len("2018-05-03")


def iso8601(date: Text, time: Text | None = None) -> Text:
    """The collected date and time in ISO 8601, to the precision that is known (SDTMIG 4.4.1, 4.4.2).

    date: ISO 8601 text, possibly of reduced precision. time: HH:MM or HH:MM:SS; kept beside a date
        of which parts are not known, or that is missing, with a hyphen for each part that is not.

    >>> iso8601(pd.Series(["2018-05-03", "2018-05", "2018", None]), pd.Series(["09:30"] * 4)).tolist()
    ['2018-05-03T09:30', '2018-05--T09:30', '2018----T09:30', '-----T09:30']
    """
    date = date.astype("str")
    if time is None:
        return date
    all_complete = (date.str.len() == COMPLETE).all()
    placed = date if all_complete else each(_with_places, date).astype("str").fillna("-----")
    timed = placed + each(lambda plain: "T" + plain, time).astype("str")
    return timed.where(time.notna(), date)


def _with_places(date: pd.Series) -> pd.Series:
    """The date with a hyphen for each unknown part at its end, as a time behind it needs."""
    known = parts(date)
    without_day = known["day"].isna() & (date.str.len() != COMPLETE)
    places = (
        pd.Series("", index=date.index)
        .mask(without_day, "----")
        .mask(without_day & known["month"].notna(), "--")
    )
    return date + places


def calendar_date(date: Text) -> Date:
    """The date part as a calendar date; missing where a part of it is unknown.

    >>> calendar_date(pd.Series(["2018-05-03T09:30", "2018-05"])).dt.strftime("%Y-%m-%d").tolist()
    ['2018-05-03', nan]
    """
    return complete_date(date)


def date_part(date: Text) -> Text:
    """The ISO 8601 date without its time, to the precision that it has.

    Missing where only the time is known.

    >>> date_part(pd.Series(["2018-05-03T09:30", "2018-05--T09:30", "2018---03"])).tolist()
    ['2018-05-03', '2018-05', '2018---03']
    """
    return known_date(date)


def calendar_datetime(date: Text) -> Date:
    """Date and time, seconds 00 where they are unknown; missing where any other part is unknown.

    An offset from UTC does not count: it is the time that the clock showed. Parts of a second are
    cut off.

    >>> calendar_datetime(pd.Series(["2018-05-03T09:30", "2018-05-03"])).dt.strftime("%H:%M").tolist()
    ['09:30', nan]
    """
    moments = span(date)
    to_the_minute = moments["last"] - moments["first"] < pd.Timedelta(1, "min")
    return moments["first"].where(to_the_minute).astype("datetime64[s]")


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

    Both are ISO 8601 text; missing where year or month of the start is not known, or the end is
    incomplete.

    >>> months_between(pd.Series(["2018-01", "2018"]), pd.Series(["2018-03-02", "2018-03-02"])).tolist()
    [2.0, nan]
    """
    text = known_date(start)
    first = calendar_date(text.where(text.str.len() != 7, text + "-01"))
    return (_days(first, calendar_date(end)) / MONTH_DAYS).round(1)


def age_in_years(birth: Text, reference: Text) -> Number:
    """Completed years at the reference date; the difference of the years where the known parts leave two answers.

    Both are ISO 8601 text. Missing where birth is after the reference, or a year is not known.

    >>> birth = pd.Series(["1960-06-02", "1960-12", "1960-06", "1960", "2019"])
    >>> age_in_years(birth, pd.Series(["2018-06-01"] * 5)).tolist()
    [57.0, 57.0, 58.0, 58.0, nan]
    """
    years = completed_years(birth, reference)
    difference = span(reference)["first"].dt.year - span(birth)["first"].dt.year
    age = years["least"].where(years["least"] == years["most"], difference)
    return age.mask(before(reference, birth)).astype("float64")


def years_before(date: Text, years: Number) -> Text:
    """The date whole years earlier, to the precision that it has; 29 February becomes 28 where the year has none.

    date: ISO 8601 text, its time is dropped; years: whole number. Missing where one of them, or the
        year, is missing.

    >>> years_before(pd.Series(["2013-12-26", "2012-02-29", "2012-02"]), pd.Series([63.0, 1.0, 1.0])).tolist()
    ['1950-12-26', '2011-02-28', '2011-02']
    """
    text = known_date(date)
    year = pd.to_numeric(text.str.slice(0, 4), errors="coerce").astype("float64") - years
    earlier = year.where(year >= 0).map("{:04.0f}".format, na_action="ignore").astype(
        "str"
    ) + text.str.slice(4)
    common = (year % 4 != 0) | ((year % 100 == 0) & (year % 400 != 0))
    return earlier.mask((text.str.slice(4) == "-02-29") & common, earlier.str.slice(0, 8) + "28")


def imputed_start(date: Text, floor: Date, end: Date | None = None) -> Date:
    """The first day that the known parts of the start allow, from the floor on if one is; not after the end.

    date: ISO 8601 text; floor, end: calendar dates (TRTSDT, AENDT). A complete date stays as it is;
        one without a year stays missing.

    >>> date, floor = pd.Series(["2018-05", "2018---03", "2018-05-02"]), pd.Series(pd.to_datetime(["2018-05-10"] * 3))
    >>> imputed_start(date, floor).dt.strftime("%Y-%m-%d").tolist()
    ['2018-05-10', '2018-06-03', '2018-05-02']
    >>> end = pd.Series(pd.to_datetime(["2018-05-04"] * 3))
    >>> imputed_start(date, floor, end).dt.strftime("%Y-%m-%d").tolist()
    ['2018-05-04', '2018-05-04', '2018-05-02']
    """
    start = complete_date(date)
    partial = start.isna()
    start[partial] = _first_day(date[partial], floor[partial])
    return start if end is None else start.mask(partial & (start > end), end)


def _first_day(date: pd.Series, floor: pd.Series) -> pd.Series:
    first, last = _days_possible(date)
    within = (first <= floor) & (floor <= last)
    of_month = parts(date)["day"]
    return first.mask(within, floor.where(of_month.isna(), _nearest(floor, of_month, step=1)))


def imputed_end(date: Text, ceiling: Date) -> Date:
    """The last day that the known parts of the end allow, but not after the ceiling.

    date: ISO 8601 text; ceiling: calendar date (end of study; missing: no bound). A complete date
        stays as it is; one without a year stays missing.

    >>> ceiling = pd.to_datetime(pd.Series(["2018-12-01", None, None]))
    >>> imputed_end(pd.Series(["2018", "2018-02", "2018-03-04"]), ceiling).dt.strftime("%Y-%m-%d").tolist()
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
    return moments["first"].dt.floor("D").astype("datetime64[s]"), moments["last"].dt.floor(
        "D"
    ).astype("datetime64[s]")


def _nearest(limit: pd.Series, of_month: pd.Series, step: int) -> pd.Series:
    """The day with that number in its month, nearest to the limit: from it on (step 1), or up to it (step -1)."""
    day, month = limit.to_numpy("datetime64[D]"), limit.to_numpy("datetime64[M]")
    since = of_month.fillna(1).to_numpy("int64") - 1
    nearest = np.full(len(limit), np.datetime64("NaT", "D"))
    for months in (2, 1, 0):  # one month after another may lack a 30th, a 31st not twice in a row
        there = month + step * months
        found = there.astype("datetime64[D]") + since
        fits = (found.astype("datetime64[M]") == there) & (
            (found >= day) if step > 0 else (found <= day)
        )
        nearest = np.where(fits, found, nearest)
    return pd.Series(nearest.astype("datetime64[s]"), index=limit.index)


def imputation_flag(date: Text) -> Text:
    """The highest part of the date that was imputed: D the day, M the month (ADaMIG 3.3.3).

    Missing for a complete date, and for one without a year, which is not imputed.

    >>> imputation_flag(pd.Series(["2018", "2018-05", "2018---03", "2018-05-01", None])).tolist()
    ['M', 'D', 'M', nan, nan]
    """
    return each(_unknown, date.where(complete_date(date).isna())).astype("str")


def _unknown(partial: pd.Series) -> pd.Series:
    known = parts(partial)
    highest = pd.Series("D", index=partial.index).mask(known["month"].isna(), "M")
    return highest.where(known["year"].notna())
