"""Formats of dates are guessed back from dates that were written in them."""

from __future__ import annotations

import datetime
import re

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivig_cdisc.scaffold import date_formats
from ivig_cdisc.scaffold.date_formats import DateFormat

FORMATS = [
    *(
        "DD-MM-YYYY",
        "MM-DD-YYYY",
        "YYYY-MM-DD",
        "DD/MM/YYYY",
        "MM/DD/YYYY",
        "YYYY/MM/DD",
        "DD.MM.YYYY",
        "DD MM YYYY",
    ),
    *(
        "DD-Mon-YYYY",
        "DD/Mon/YYYY",
        "Mon/DD/YYYY",
        "DDMonYYYY",
        "DD Mon YYYY",
        "YYYY-Mon-DD",
        "YYYYMMDD",
        "DDMMYYYY",
    ),
]
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def spelt(day: datetime.date, form: str) -> str:
    parts = {
        "DD": f"{day.day:02}",
        "Mon": MONTHS[day.month - 1],
        "MM": f"{day.month:02}",
        "YYYY": f"{day.year:04}",
    }
    return re.sub("DD|Mon|MM|YYYY", lambda token: parts[token[0]], form)


def found(*typed: str, named_date: bool = True, **unknown: str) -> DateFormat | None:
    counts = pd.Series(typed).value_counts().sort_index()
    return date_formats.find(counts, unknown, named_date=named_date)  # type: ignore[arg-type]


@pytest.mark.parametrize("form", FORMATS)
@settings(max_examples=25, deadline=None)
@given(
    days=st.lists(
        st.dates(datetime.date(1990, 1, 1), datetime.date(2030, 12, 31)), min_size=1, max_size=12
    )
)
def test_guessed_back(form: str, days: list[datetime.date]) -> None:
    date = found(*(spelt(day, form) for day in days))
    assert date is not None
    assert form in (date.formats, date.rival)
    if any(day.day > 12 for day in days):  # a day over 12 settles it
        assert date == DateFormat(form, fitting=len(days))


def test_ambiguous() -> None:
    assert found("03/04/2024", "11/12/2024") == DateFormat("DD/MM/YYYY", "MM/DD/YYYY", 2)
    assert found("03/03/2024") == DateFormat("DD/MM/YYYY", "MM/DD/YYYY", 1)
    assert found("03/04/2024", "03/25/2024") == DateFormat("MM/DD/YYYY", "", 2)


def test_partial() -> None:
    """Unknown parts are dates by their tokens; shorter texts are formats of their own."""
    assert found("03-May-2024", "UN-UNK-2024", day="UN", month="UNK") == DateFormat(
        "DD-Mon-YYYY", "", 2
    )
    several = found(*["13-02-2024"] * 8, "02-2024", "2023")
    assert several == DateFormat("DD-MM-YYYY|MM-YYYY|YYYY", "", 10)


def test_bad_dates_do_not_make_formats() -> None:
    assert found(*["13-02-2024"] * 30, "2024/02/14", "31-02-2024", "later") == DateFormat(
        "DD-MM-YYYY", "", 30
    )


def test_two_formats() -> None:
    assert found(*["13-02-2024"] * 8, *["2024-02-14"] * 2) == DateFormat(
        "DD-MM-YYYY|YYYY-MM-DD", "", 10
    )


@pytest.mark.parametrize(
    "typed", [("20240131",), ("120/80", "135/85"), ("1/2/2024", "3/14/2024"), ("A-1-10",), ("yes",)]
)
def test_no_dates(typed: tuple[str, ...]) -> None:
    """Eight digits are a date only where the column is called so; days of one digit are in no format of the specs."""
    assert found(*typed, named_date=False) is None
