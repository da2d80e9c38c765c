"""Numbers, dates and times as text: what is written is read as the same number, and other digits as none."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ivig_cdisc.formats.values import numbers, written
from ivig_cdisc.metadata import Kind

FIRST, LAST = -715_510, 2_936_549  # days of 0001-01-01 and 9999-12-31
MIDDLE = (
    2.0**-24
)  # 5.9604644775390625e-08: in 16 digits it ends in 3 when it is written, in 2 when it is rounded


@pytest.mark.parametrize(
    ("text", "kind", "number"),
    [
        ("5.960464477539063e-08", "number", MIDDLE),
        ("00:00:00.00000005960464477539063", "time", MIDDLE),
        ("0.30000000000000004", "number", 0.1 + 0.2),
        ("1960-01-02T00:00:00.5", "datetime", 86_400.5),
        ("1959-12-31", "date", -1.0),
    ],
)
def test_the_digits_of_a_number(text: str, kind: Kind, number: float) -> None:
    assert numbers(pd.Series([text]), kind).tolist() == [number]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("9007199254740993", "number"),  # its double ends in 2
        ("0.30000000000000003", "number"),
        ("2023-02-29", "date"),
        ("24:00:00", "time"),
    ],
)
def test_other_digits(text: str, kind: Kind) -> None:
    assert numbers(pd.Series([text]), kind).isna().all()


VALUES = {
    "number": st.floats(allow_nan=False, allow_infinity=False),
    "time": st.floats(0, 86_400, exclude_max=True),
    "date": st.integers(FIRST, LAST).map(float),
    "datetime": st.floats(FIRST * 86_400, (LAST + 1) * 86_400, exclude_max=True),
}
ANY = st.sampled_from(sorted(VALUES)).flatmap(lambda kind: st.tuples(st.just(kind), VALUES[kind]))


@settings(max_examples=500)
@example(("time", MIDDLE))
@given(ANY)
def test_what_is_written_is_read(given_one: tuple[Kind, float]) -> None:
    kind, number = given_one
    assert numbers(written(pd.Series([number]), kind), kind).tolist() == [number]
