"""Dates at their boundaries: partial, leap, imputed at the ends of months and years, around day 1."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from ivig_cdisc.derive import dates

from .samples import day, number, text


def values(column: pd.Series) -> list[Any]:
    return [None if pd.isna(value) else value for value in column.tolist()]


def written(column: pd.Series) -> list[str | None]:
    return values(column.dt.strftime("%Y-%m-%dT%H:%M:%S").str.removesuffix("T00:00:00"))


@pytest.mark.parametrize(
    ("date", "time", "expected"),
    [
        ("2018-05-03", "09:30", "2018-05-03T09:30"),
        ("2018-05-03", "09:30:15", "2018-05-03T09:30:15"),
        ("2018-05-03", "00:00", "2018-05-03T00:00"),  # midnight is a time
        ("2018-05-03", None, "2018-05-03"),
        ("2018-05", "09:30", "2018-05--T09:30"),  # a hyphen for each part that is not known
        ("2018", "09:30", "2018----T09:30"),
        ("2018---03", "09:30", "2018---03T09:30"),
        ("--05-03", "09:30", "--05-03T09:30"),
        ("--05", "09:30", "--05--T09:30"),
        ("----03", "09:30", "----03T09:30"),
        (None, "09:30", "-----T09:30"),
        ("2018---03", None, "2018---03"),
        (None, None, None),
    ],
)
def test_iso8601(date: str | None, time: str | None, expected: str | None) -> None:
    assert values(dates.iso8601(text(date), text(time))) == [expected]


@pytest.mark.parametrize(
    ("date", "calendar", "moment"),
    [
        ("2018-05-03", "2018-05-03", None),
        ("2018-05-03T09:30", "2018-05-03", "2018-05-03T09:30:00"),
        ("2018-05-03T09:30:15", "2018-05-03", "2018-05-03T09:30:15"),
        ("2018-05-03T24:00", "2018-05-03", None),  # no time of the day
        ("2020-02-29", "2020-02-29", None),
        ("2019-02-29", None, None),  # no leap year
        ("1900-02-29", None, None),  # nor this
        ("2000-02-29", "2000-02-29", None),
        ("2018-05-03T09:30:15.9", "2018-05-03", "2018-05-03T09:30:15"),
        ("2018-05-03T09:30+02:00", "2018-05-03", "2018-05-03T09:30:00"),  # what the clock showed
        ("2018-05-03T09", "2018-05-03", None),
        ("2018-05-03T-:30", "2018-05-03", None),
        ("2018-05--T09:30", None, None),
        ("2018---03", None, None),
        ("--05-03", None, None),
        ("-----T09:30", None, None),
        ("2018-5-3", None, None),
        ("2018-05", None, None),
        ("2018", None, None),
        ("", None, None),
        (None, None, None),
    ],
)
def test_calendar(date: str | None, calendar: str | None, moment: str | None) -> None:
    assert written(dates.calendar_date(text(date))) == [calendar]
    assert written(dates.calendar_datetime(text(date))) == [moment]


@pytest.mark.parametrize(
    ("date", "reference", "expected"),
    [
        ("2018-05-03", "2018-05-03", 1),
        ("2018-05-03T00:00", "2018-05-03T23:59", 1),  # days, not hours
        ("2018-05-04", "2018-05-03", 2),
        ("2018-05-02", "2018-05-03", -1),  # there is no day 0
        ("2018-05-02T23:59", "2018-05-03T00:00", -1),
        ("2018-05-01", "2018-05-03", -2),
        ("2020-03-01", "2020-02-28", 3),  # by way of the 29th
        ("2019-03-01", "2019-02-28", 2),
        ("2019-01-01", "2018-12-31", 2),
        ("2018-05-03T-:30", "2018-05-03", 1),
        ("2018-05-04T00:30+02:00", "2018-05-03", 2),  # the date is that of the site's calendar
        ("2018-05", "2018-05-03", None),
        ("2018-05--T09:30", "2018-05-03", None),
        ("2018---03", "2018-05-03", None),
        ("--05-03", "2018-05-03", None),
        ("2018-05-03", "2018-05", None),
        (None, "2018-05-03", None),
        ("2018-05-03", None, None),
    ],
)
def test_study_day(date: str | None, reference: str | None, expected: float | None) -> None:
    assert values(dates.study_day(text(date), text(reference))) == [expected]


def test_days_from_has_a_day_0_and_before() -> None:
    start = day("2018-05-03", "2018-05-03", "2018-05-03", None)
    assert values(
        dates.days_from(day("2018-05-03", "2018-05-02", "2018-05-01", "2018-05-01"), start)
    ) == [
        1,
        0,
        -1,
        None,
    ]


def test_days_since_previous_by_group_and_date_not_by_row() -> None:
    date = day("2018-05-24", "2018-05-03", "2018-05-03", None, "2018-06-01")
    assert values(dates.days_since_previous([text("a", "a", "b", "a", "a")], date)) == [
        21,
        None,
        None,
        None,
        8,
    ]


def test_days_since_previous_where_a_group_is_missing() -> None:
    date = day("2018-05-03", "2018-05-24", "2018-05-28")
    groups = [text("a", "a", "a"), text(None, "LEFT", None)]
    assert values(dates.days_since_previous(groups, date)) == [None, None, 25]


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2018-01-01", "2018-01-01", 0.0),
        ("2018-01-01", "2018-01-31", 1.0),  # 30 days / 30.4375 = 0.986
        ("2018-01-01", "2019-01-01", 12.0),
        ("2018-01", "2018-01-31", 1.0),  # from the first of the month
        ("2018-02-01", "2018-01-01", -1.0),
        ("2018-01--T09:30", "2018-01-31", 1.0),
        ("2018---01", "2018-03-02", None),  # the month is not known
        ("--01-01", "2018-03-02", None),
        ("2018", "2018-03-02", None),
        ("2018-01-01", "2018-03", None),
        ("2018-01-01T10:00", "2018-02-01T09:00", 1.0),
        (None, "2018-03-02", None),
    ],
)
def test_months_between(start: str | None, end: str | None, expected: float | None) -> None:
    assert values(dates.months_between(text(start), text(end))) == [expected]


@pytest.mark.parametrize(
    ("birth", "reference", "expected"),
    [
        ("1960-06-01", "2018-06-01", 58),  # the birthday itself
        ("1960-06-02", "2018-06-01", 57),
        ("1960-06-02", "2018-06-02T08:00", 58),
        ("2000-02-29", "2018-02-28", 17),
        (
            "2000-02-29",
            "2018-03-01",
            18,
        ),  # who was born on a leap day has the birthday on 1 March in other years
        ("2000-02-29", "2020-02-29", 20),
        ("1970-12", "2024-02-28", 53),  # the month decides
        ("1970-02", "2024-02-10", 54),  # 53 or 54: the difference of the years
        ("1970-02", "2024-03-01", 54),
        ("1970-12--T08:00", "2024-02-28", 53),
        ("1960", "2018-01-01", 58),
        ("1960", "2018-12-31", 58),
        ("1960-06-02", "2018", 58),
        ("1960-06-02", "2018-05", 57),
        ("1960---15", "2018-06-20", 58),
        ("2018", "2018-03-01", 0),
        ("2018-04", "2018-03-01", None),  # birth is after the reference
        ("2019", "2018-03-01", None),
        ("--06-02", "2018-06-01", None),
        (None, "2018-06-01", None),
        ("1960-06-02", None, None),
    ],
)
def test_age_in_years(birth: str | None, reference: str | None, expected: float | None) -> None:
    assert values(dates.age_in_years(text(birth), text(reference))) == [expected]


@pytest.mark.parametrize(
    ("date", "floor", "expected"),
    [
        ("2018-05-02", "2018-05-10", "2018-05-02"),  # known: stays before the floor
        ("2018-05-02T10:00", "2018-05-10", "2018-05-02"),
        ("2018-05", "2018-05-10", "2018-05-10"),
        ("2018-05", "2018-05-01", "2018-05-01"),
        ("2018-04", "2018-05-10", "2018-04-01"),
        ("2018-06", "2018-05-10", "2018-06-01"),
        ("2017-05", "2018-05-10", "2017-05-01"),  # the same month of another year
        ("2018", "2018-05-10", "2018-05-10"),
        ("2018", "2018-01-01", "2018-01-01"),
        ("2017", "2018-05-10", "2017-01-01"),
        ("2019", "2018-05-10", "2019-01-01"),
        ("2018", None, "2018-01-01"),
        ("2018-05--T09:30", "2018-05-10", "2018-05-10"),
        ("2018---15", "2018-05-10", "2018-05-15"),  # the first 15th from the floor on
        ("2018---15", "2018-05-15", "2018-05-15"),
        ("2018---05", "2018-05-10", "2018-06-05"),
        ("2018---31", "2018-04-02", "2018-05-31"),  # April has none
        ("2018---30", "2018-01-31", "2018-03-30"),
        ("2018---15", "2018-12-20", "2018-01-15"),  # all before the floor: the first of all
        ("2017---15", "2018-05-10", "2017-01-15"),
        ("2019---15", "2018-05-10", "2019-01-15"),
        ("2018---15", None, "2018-01-15"),
        ("--05-15", "2018-05-10", None),
        ("-----T09:30", "2018-05-10", None),
        (None, "2018-05-10", None),
    ],
)
def test_imputed_start(date: str | None, floor: str | None, expected: str | None) -> None:
    assert written(dates.imputed_start(text(date), day(floor))) == [expected]


@pytest.mark.parametrize(
    ("date", "end", "expected"),
    [
        ("2018-05", "2018-05-04", "2018-05-04"),  # not the floor, which is after the end
        ("2018-05", "2018-05-10", "2018-05-10"),
        ("2018-05", "2018-05-31", "2018-05-10"),
        ("2018", "2018-02-28", "2018-02-28"),
        ("2018-06", "2018-05-31", "2018-05-31"),  # the two contradict each other
        ("2018---15", "2018-05-12", "2018-05-12"),
        ("2018-05", None, "2018-05-10"),
        (
            "2018-05-20",
            "2018-05-04",
            "2018-05-20",
        ),  # known: stays after the end, and is an error of the data
    ],
)
def test_an_imputed_start_is_not_after_the_end(date: str, end: str | None, expected: str) -> None:
    assert written(dates.imputed_start(text(date), day("2018-05-10"), day(end))) == [expected]


@pytest.mark.parametrize(
    ("date", "ceiling", "expected"),
    [
        ("2018-02", None, "2018-02-28"),
        ("2020-02", None, "2020-02-29"),
        ("1900-02", None, "1900-02-28"),
        ("2018-04", None, "2018-04-30"),
        ("2018-12", None, "2018-12-31"),
        ("2018", None, "2018-12-31"),
        ("2018", "2018-12-31", "2018-12-31"),
        ("2018", "2018-06-15", "2018-06-15"),
        ("2018-06", "2018-06-15", "2018-06-15"),
        ("2018-05", "2018-06-15", "2018-05-31"),
        ("2018-07", "2018-06-15", "2018-06-15"),  # not after the ceiling, even if the month is
        ("2018-07-01", "2018-06-15", "2018-07-01"),  # known: stays after the ceiling
        ("2018-05--T09:30", None, "2018-05-31"),
        ("2018---15", None, "2018-12-15"),
        ("2018---15", "2018-06-20", "2018-06-15"),  # the last 15th up to the ceiling
        ("2018---20", "2018-06-15", "2018-05-20"),
        ("2018---31", "2018-07-15", "2018-05-31"),
        ("2018---15", "2018-01-10", "2018-01-10"),  # all after the ceiling
        ("--05-15", "2018-06-15", None),
        (None, "2018-06-15", None),
    ],
)
def test_imputed_end(date: str | None, ceiling: str | None, expected: str | None) -> None:
    assert written(dates.imputed_end(text(date), day(ceiling))) == [expected]


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("2018", "M"),
        ("2018-05", "D"),
        ("2018---03", "M"),
        ("2018----T09:30", "M"),
        ("2018-05--T09:30", "D"),
        ("2018-05-03", None),
        ("2018-05-03T09:30", None),
        ("2018-05-03T-:30", None),
        ("--05-03", None),  # without a year nothing is imputed
        ("-----T09:30", None),
        (None, None),
    ],
)
def test_imputation_flag(date: str | None, expected: str | None) -> None:
    assert values(dates.imputation_flag(text(date))) == [expected]


@pytest.mark.parametrize(
    ("date", "years", "expected"),
    [
        ("2013-12-26", 63, "1950-12-26"),
        ("2013-12-26", 0, "2013-12-26"),
        ("2012-02-29", 4, "2008-02-29"),
        ("2012-02-29", 63, "1949-02-28"),
        ("2000-02-29", 100, "1900-02-28"),  # 1900 was no leap year
        ("2004-02-29", 4, "2000-02-29"),  # 2000 was
        ("2012-02-29T09:30", 1, "2011-02-28"),
        ("2012-02", 1, "2011-02"),
        ("2012", 1, "2011"),
        ("0063-01-01", 1, "0062-01-01"),
        ("2012---29", 1, "2011---29"),
        ("2012-02--T09:30", 1, "2011-02"),
        ("--02-29", 1, None),
        ("0001", 2, None),  # before the calendar
        ("2012-02-29", None, None),
        (None, 1, None),
    ],
)
def test_years_before(date: str | None, years: float | None, expected: str | None) -> None:
    assert values(dates.years_before(text(date), number(years))) == [expected]


def test_a_date_without_a_column_of_times_stays_as_it_is() -> None:
    assert values(dates.iso8601(text("2018-05", None))) == ["2018-05", None]
