"""Which texts are dates, what is known of them, their first and last moment, and which of two is the earlier."""

from __future__ import annotations

import itertools

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivig_cdisc import iso8601

from .forms import FORMS, NO_DATES, completed, text, values


@pytest.mark.parametrize("form", FORMS)
def test_dates(form: str) -> None:
    assert values(iso8601.is_date(text(form))) == [True]


@pytest.mark.parametrize("form", NO_DATES)
def test_what_is_no_date(form: str) -> None:
    assert values(iso8601.is_date(text(form))) == [False]
    assert iso8601.parts(text(form)).isna().all(axis=None)
    assert iso8601.span(text(form)).isna().all(axis=None)


@pytest.mark.parametrize(
    ("form", "known"),
    [
        ("2024", [2024, None, None, None, None, None]),
        ("2024---15", [2024, None, 15, None, None, None]),
        ("2024-03--T08:00", [2024, 3, None, 8, 0, None]),
        ("-----T08:00", [None, None, None, 8, 0, None]),
        ("----15", [None, None, 15, None, None, None]),
        ("2024-03-05T-:30", [2024, 3, 5, None, 30, None]),
        ("2024-03-05T08:30:15.5", [2024, 3, 5, 8, 30, 15.5]),
        ("2024-03-05T08:30+01:00", [2024, 3, 5, 8, 30, None]),
    ],
)
def test_parts(form: str, known: list[float | None]) -> None:
    assert values(iso8601.parts(text(form)).iloc[0]) == known


@pytest.mark.parametrize(
    ("form", "date", "complete"),
    [
        ("2024-03-05", "2024-03-05", "2024-03-05"),
        ("2024-03-05T08:30", "2024-03-05", "2024-03-05"),
        ("2024-03-05T-:30", "2024-03-05", "2024-03-05"),
        ("2024-03--T08:00", "2024-03", None),
        ("2024----T08:00", "2024", None),
        ("2024---15", "2024---15", None),
        ("2024---15T08:00", "2024---15", None),
        ("--03-15T08:00", "--03-15", None),
        ("-----T08:00", None, None),  # the time alone is no date
        ("2023-02-29", None, None),
        (None, None, None),
    ],
)
def test_date_part_and_complete_date(
    form: str | None, date: str | None, complete: str | None
) -> None:
    assert values(iso8601.date_part(text(form))) == [date]
    assert values(iso8601.complete_date(text(form)).dt.strftime("%Y-%m-%d")) == [complete]


@pytest.mark.parametrize(
    ("form", "first", "last"),
    [
        ("2024", "2024-01-01 00:00:00.000000", "2024-12-31 23:59:59.999999"),
        ("2024-02", "2024-02-01 00:00:00.000000", "2024-02-29 23:59:59.999999"),
        ("2023-02", "2023-02-01 00:00:00.000000", "2023-02-28 23:59:59.999999"),
        ("2024---15", "2024-01-15 00:00:00.000000", "2024-12-15 23:59:59.999999"),
        ("2024---31", "2024-01-31 00:00:00.000000", "2024-12-31 23:59:59.999999"),
        ("2024-03-05", "2024-03-05 00:00:00.000000", "2024-03-05 23:59:59.999999"),
        ("2024-03-05T08", "2024-03-05 08:00:00.000000", "2024-03-05 08:59:59.999999"),
        ("2024-03-05T08:30", "2024-03-05 08:30:00.000000", "2024-03-05 08:30:59.999999"),
        ("2024-03-05T08:30:15", "2024-03-05 08:30:15.000000", "2024-03-05 08:30:15.999999"),
        ("2024-03-05T08:30:15.5", "2024-03-05 08:30:15.500000", "2024-03-05 08:30:15.500000"),
        ("2024-03-05T-:30", "2024-03-05 00:30:00.000000", "2024-03-05 23:30:59.999999"),
        ("2024-03--T08:00", "2024-03-01 08:00:00.000000", "2024-03-31 08:00:59.999999"),
        ("2024----T08:00", "2024-01-01 08:00:00.000000", "2024-12-31 08:00:59.999999"),
        (
            "2024-03-05T08:30+01:00",
            "2024-03-05 08:30:00.000000",
            "2024-03-05 08:30:59.999999",
        ),  # as the clock showed it
        ("0001", "0001-01-01 00:00:00.000000", "0001-12-31 23:59:59.999999"),
        ("9999", "9999-01-01 00:00:00.000000", "9999-12-31 23:59:59.999999"),
        ("--03-15", None, None),
        ("-----T08:00", None, None),
    ],
)
def test_span(form: str, first: str | None, last: str | None) -> None:
    moments = iso8601.span(text(form))
    written = [
        values(moments[end].dt.strftime("%Y-%m-%d %H:%M:%S.%f")) for end in ("first", "last")
    ]
    assert written == [[first], [last]]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("2024-03-04", "2024-03-05", True),
        ("2024-03-05", "2024-03-05", False),
        ("2024-02", "2024-03-05", True),
        ("2024-03", "2024-03-05", False),  # may be
        ("2024---15", "2024-03-05", False),  # may be; as text it is less
        ("2023---15", "2024-01-01", True),
        ("2024---15", "2024-12-16", True),
        ("2024-03--T08:00", "2024-03-31T08:01", True),
        ("2024-03--T08:00", "2024-03-31T08:00", False),
        ("2024-03-05T08:30", "2024-03-05T08:30:15", False),  # the second is not known
        ("2024-03-05T08:30", "2024-03-05T08:31", True),
        ("2024-03-05T-:30", "2024-03-05T23:31", True),
        ("2024-03-05", "2024-03-05T23:59", False),
        ("--03-15", "2024-03-16", False),
        ("2024-03-16", "--03-15", False),
        ("2024-03-05T08:30+01:00", "2024-03-05T07:45Z", True),  # 07:30 in UTC
        ("2024-03-05T08:30Z", "2024-03-05T09:15+01:00", False),
        ("2024-03-05T08:30+01:00", "2024-03-05T07:45", False),  # one without an offset: as written
        ("2023-02-29", "2024-01-01", False),
        (None, "2024-01-01", False),
        ("2024-01-01", None, False),
    ],
)
def test_before(one: str | None, other: str | None, expected: bool) -> None:
    assert values(iso8601.before(text(one), text(other))) == [expected]


PAIRS = st.lists(st.tuples(completed(), completed()), min_size=1, max_size=40)


def column(
    pairs: list[tuple[tuple[str, str], tuple[str, str]]], side: int, known: int
) -> pd.Series:
    return text(*(pair[side][known] for pair in pairs))


@settings(max_examples=50, deadline=None)
@given(PAIRS)
def test_what_is_certain_of_a_partial_date_holds_for_every_date_it_may_stand_for(
    pairs: list[tuple[tuple[str, str], tuple[str, str]]],
) -> None:
    one, other = column(pairs, 0, known=0), column(pairs, 1, known=0)
    earlier = iso8601.before(column(pairs, 0, known=1), column(pairs, 1, known=1))
    assert not (iso8601.before(one, other) & ~earlier).any()
    assert not (iso8601.before(other, one) & earlier).any()


@settings(max_examples=50, deadline=None)
@given(PAIRS)
def test_a_completion_lies_within_the_span(
    pairs: list[tuple[tuple[str, str], tuple[str, str]]],
) -> None:
    one, complete = column(pairs, 0, known=0), column(pairs, 0, known=1)
    wide, narrow = iso8601.span(one), iso8601.span(complete)
    assert (wide["first"] <= narrow["first"]).all()
    assert (narrow["last"] <= wide["last"]).all()
    assert not iso8601.differs(one, complete).any()


@settings(deadline=None)
@given(st.text(alphabet="0123456789-T:Z+. \n", max_size=20) | st.text(max_size=12))
def test_any_text_is_a_date_or_none(typed: str) -> None:
    """A date has a part that is known; what is no date has nothing."""
    found = iso8601.parts(text(typed)).notna().any(axis=None)
    assert values(iso8601.is_date(text(typed))) == [bool(found)]


@pytest.mark.parametrize(
    ("birth", "reference", "least", "most"),
    [
        ("1970-12", "2024-02-28", 53, 53),
        ("1970-02", "2024-02-10", 53, 54),
        ("1970", "2024-12-30", 53, 54),
        ("1970", "2024-12-31", 54, 54),  # every birthday of that year has been
        ("1970---15", "2024-12-20", 54, 54),
        ("1970---15", "2024-06-20", 53, 54),
        ("1970-03-05", "2024", 53, 54),
        ("1970-03-05", "2024-04", 54, 54),
        ("2000-02-29", "2024-02", 23, 24),
        ("1970-12--T08:00", "2024-02-28", 53, 53),
        ("2024-03-05", "2024-03-04", -1, -1),
        ("--12-01", "2024-02-28", None, None),
        (None, "2024-02-28", None, None),
    ],
)
def test_completed_years(
    birth: str | None, reference: str, least: float | None, most: float | None
) -> None:
    years = iso8601.completed_years(text(birth), text(reference))
    assert [*values(years["least"]), *values(years["most"])] == [least, most]


ORDERED = (
    "-----T08:00",
    "--03-15",
    "2023",
    "2024",
    "2024-01-01",
    "2024---15",
    "2024-01-15T08:00",
    "2024-01-16",
)


def test_order_is_by_the_first_moment_whatever_the_order_of_rows() -> None:
    for turned in itertools.islice(itertools.permutations(ORDERED), 0, None, 997):
        column = text(*turned, None)
        order = iso8601.sort_key(column).sort_values(kind="stable").index
        assert values(column[order]) == [*ORDERED, None]


@pytest.mark.parametrize(
    "column",
    [
        text("2024-03", "2024", "2024-03-05"),  # only cut off: letters are in order
        text("a--b", "2024---15"),  # not a column of dates
        pd.Series([2.0, 1.0]),
    ],
)
def test_other_columns_are_sorted_by_what_they_are(column: pd.Series) -> None:
    assert iso8601.sort_key(column) is column


def test_categories_are_text() -> None:
    column = text("2024---15", "2024-03-05", None)
    other = column.astype("category")
    assert values(iso8601.sort_key(other)) == values(iso8601.sort_key(column))
    assert iso8601.span(other).equals(iso8601.span(column))
    assert values(iso8601.date_part(other)) == values(iso8601.date_part(column))
