"""Sums of groups, against Python's exact sums."""

from __future__ import annotations

import math
from random import Random

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from ivig_cdisc.engine.statistics import statistic


def sums(values: pd.Series, group: pd.Series) -> pd.Series:
    return statistic("sum", values, group)


NUMBERS = st.floats(-1e9, 1e9, allow_subnormal=False)
RECORDS = st.lists(st.tuples(st.integers(0, 3), st.none() | NUMBERS), max_size=40)


def test_literal() -> None:
    values = pd.Series([0.1, None, 0.2, 0.3, None, 7.0], index=[9, 3, 5, 1, 0, 2])
    group = pd.Series([1, 1, 1, 1, 0, 2], index=values.index)
    assert (
        str(sums(values, group).tolist()) == "[nan, 0.6, 7.0]"
    )  # by three additions 0.6000000000000001


def test_no_records() -> None:
    assert sums(pd.Series([], dtype="float64"), pd.Series([], dtype="int64")).empty


def test_beyond_a_double() -> None:
    found = sums(pd.Series([1e308, 1e308, math.inf, 1.0]), pd.Series([0, 0, 1, 1]))
    assert found.tolist() == [math.inf, math.inf]


def test_a_missing_value_elsewhere_changes_no_digit() -> None:
    dose = [0.5573248407643312, 0.47770700636942676, 0.47770700636942676, 0.47770700636942676]
    for other in ([], [1.0], [None], [math.inf]):
        values = pd.Series([*dose, *other], dtype="float64")
        assert sums(values, pd.Series([0] * 4 + [1] * len(other)))[0] == 1.9904458598726116


@given(records=RECORDS, chance=st.randoms(use_true_random=False))
def test_its_own_values_decide(records: list[tuple[int, float | None]], chance: Random) -> None:
    """Neither their order nor other groups; and they are added up as if by fractions."""
    records = [*records, *((group, None) for group in range(4))]
    chance.shuffle(records)
    groups, values = zip(*records, strict=True)
    found = sums(pd.Series(values, dtype="float64"), pd.Series(groups))
    for group, total in found.items():
        known = [value for number, value in records if number == group and value is not None]
        if not known:
            assert math.isnan(total)
            continue
        alone = sums(pd.Series(sorted(known)), pd.Series([0] * len(known)))[0]
        assert total == alone
        exact = math.fsum(known)
        assert abs(total - exact) <= math.ulp(exact) + 2.0**-90 * math.fsum(map(abs, known))
