"""Checks: properties that the examples in their docstrings do not show."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivig_cdisc.validation import CHECKS, words
from ivig_cdisc.validation.checks import (
    at_most_one,
    complete_or_reduced,
    days_between,
    distinct,
    not_after,
    not_before,
    present,
    within_percent,
)

MOMENTS = st.datetimes(min_value=pd.Timestamp("1900-01-01"), max_value=pd.Timestamp("2100-01-01"))
PRECISIONS = st.sampled_from([4, 7, 10, 13, 16, 19])


@given(one=MOMENTS, other=MOMENTS, cut=PRECISIONS, other_cut=PRECISIONS)
def test_partial_dates_fail_only_where_the_known_parts_do(one, other, cut, other_cut) -> None:  # noqa: ANN001
    known = min(cut, other_cut)
    early, late = one.isoformat()[:cut], other.isoformat()[:other_cut]
    assert not_before(pd.Series([late]), pd.Series([early])).tolist() == [
        late[:known] >= early[:known]
    ]


@given(moment=MOMENTS, cut=PRECISIONS)
def test_every_cut_of_a_date_is_iso_8601(moment, cut) -> None:  # noqa: ANN001
    assert complete_or_reduced(pd.Series([moment.isoformat()[:cut]])).tolist() == [True]


def test_impossible_dates_are_not_compared() -> None:
    assert not_before(pd.Series(["2017-02-30", "soon"]), pd.Series(["2018", "2018"])).isna().all()


def test_numeric_dates_are_compared_like_text() -> None:
    dates = pd.Series(pd.to_datetime(["2017-05-12 00:00", "2017-05-12 10:00", None]))
    assert not_after(dates, "2017-05-11").tolist() == [False, False, pd.NA]
    assert days_between(pd.Series([1, 2, 3]), dates, dates).tolist() == [True, False, pd.NA]


def test_categories_are_text() -> None:
    dates = pd.Series(["2017", "2018"], dtype="category")
    assert not_before(dates, pd.Series(["2018", "2018"])).tolist() == [False, True]
    flags = pd.DataFrame({"PARAMCD": pd.Series(["A", "A"], dtype="category")})
    assert at_most_one(pd.Series(["Y", "Y"], dtype="category"), flags).tolist() == [False, False]
    assert present(pd.Series(["A", None], dtype="category")).tolist() == [True, False]


def test_ten_percent_of_decimals_is_exact_enough() -> None:
    assert within_percent(pd.Series([1.1, 0.9, 1.1000001]), pd.Series([1.0] * 3), 10).tolist() == [
        True,
        True,
        False,
    ]


@pytest.mark.parametrize("name", sorted(CHECKS))
def test_checks_say_themselves_in_one_sentence(name: str) -> None:
    assert words(name).endswith(".")
    assert len(words(name)) < 120


def test_no_records_are_no_trouble() -> None:
    nothing = pd.Series([], dtype="str")
    assert not_before(nothing, nothing).empty
    assert at_most_one(nothing, pd.DataFrame({"A": nothing})).empty
    assert distinct(pd.DataFrame({"A": nothing})).empty
