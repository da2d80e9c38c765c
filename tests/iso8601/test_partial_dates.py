"""Whatever a derivation says of a date of reduced precision is so for every date that it may stand for."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivig_cdisc.derive import FUNCTIONS
from ivig_cdisc.validation.checks import not_before, same_date

from .forms import completed, text

PAIRS = st.lists(st.tuples(completed(), completed()), min_size=1, max_size=30)
Pairs = list[tuple[tuple[str, str], tuple[str, str]]]


def every(pairs: Pairs, day: str) -> pd.Series:
    """The same calendar date beside each."""
    return pd.Series(pd.to_datetime([day] * len(pairs))).astype("datetime64[s]")


def sides(pairs: Pairs, known: int) -> tuple[pd.Series, pd.Series]:
    """Dates and references; known 0: as far as they are known, 1: completed."""
    return text(*(one[known] for one, _ in pairs)), text(*(other[known] for _, other in pairs))


def assert_certain(partial: pd.Series, complete: pd.Series) -> None:
    said = partial.notna()
    assert partial[said].tolist() == complete[said].tolist()


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(PAIRS)
def test_what_is_said_is_certain(pairs: Pairs) -> None:
    date, reference = sides(pairs, known=0)
    whole, complete = sides(pairs, known=1)
    for name in ("study_day", "is_after"):
        assert_certain(FUNCTIONS[name](date, reference), FUNCTIONS[name](whole, complete))


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(PAIRS)
def test_what_is_found_wrong_is_wrong_whatever_the_unknown_parts(pairs: Pairs) -> None:
    date, reference = sides(pairs, known=0)
    whole, complete = sides(pairs, known=1)
    for check in (not_before, same_date):
        found = check(date, reference).eq(False).fillna(False)
        assert check(whole, complete)[found].eq(False).all()


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(PAIRS)
def test_what_certainly_ended_before_the_first_dose_is_not_emergent(pairs: Pairs) -> None:
    first, last = every(pairs, "2024-01-10"), every(pairs, "2024-03-31")
    partial, complete = (
        FUNCTIONS["treatment_emergent"](first, first, last, 30, ended=sides(pairs, known)[0])
        for known in (0, 1)
    )
    assert complete[partial.isna()].isna().all()


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(PAIRS)
def test_imputed_dates_agree_with_the_known_parts(pairs: Pairs) -> None:
    date, _ = sides(pairs, known=0)
    limit = every(pairs, "2024-02-10")
    for name in ("imputed_start", "imputed_end"):
        imputed = FUNCTIONS[name](date, limit)
        assert imputed.notna().all()
        capped = (
            imputed.eq(limit) if name == "imputed_end" else pd.Series(False, index=imputed.index)
        )
        assert (same_date(date, imputed.dt.strftime("%Y-%m-%d")) | capped).all()
