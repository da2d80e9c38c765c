"""Statistics of groups, against Python's own statistics and exact sums, and numpy's quantiles of SAS's definition."""

from __future__ import annotations

import math
import random
import statistics
from random import Random

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivig_cdisc.engine.statistics import statistic

VALUES = pd.Series([3.0, 1.0, None, 2.0, 10.0, 7.0, None])
GROUP = pd.Series([0, 0, 0, 0, 1, 1, 2])
NAN = math.nan
NUMBERS = st.floats(-1e9, 1e9, allow_subnormal=False)
RECORDS = st.lists(st.tuples(st.integers(0, 3), st.none() | NUMBERS), max_size=40)


@pytest.mark.parametrize(
    ("how", "share", "expected"),
    [
        ("count", 0, [3.0, 2.0, 0.0]),
        ("sum", 0, [6.0, 17.0, NAN]),
        ("mean", 0, [2.0, 8.5, NAN]),
        ("median", 0, [2.0, 8.5, NAN]),
        ("std", 0, [1.0, math.sqrt(4.5), NAN]),
        ("quantile", 0.25, [1.0, 7.0, NAN]),
        ("quantile", 0.5, [2.0, 8.5, NAN]),
        ("quantile", 0, [1.0, 7.0, NAN]),
        ("quantile", 1, [3.0, 10.0, NAN]),
    ],
)
def test_literal(how: str, share: float, expected: list[float]) -> None:
    assert str(statistic(how, VALUES, GROUP, share).tolist()) == str(expected)


def test_one_value_has_no_standard_deviation() -> None:
    assert math.isnan(statistic("std", pd.Series([4.0]), pd.Series([0]))[0])


def test_no_records() -> None:
    assert statistic("mean", pd.Series([], dtype="float64"), pd.Series([], dtype="int64")).empty


@pytest.mark.parametrize("share", [0.05, 0.1, 0.2, 0.25, 1 / 3, 0.5, 0.75, 0.9, 0.95])
def test_quantiles_are_those_of_sas(share: float) -> None:
    chance = random.Random(3)
    for size in (1, 2, 3, 4, 5, 10, 20, 41, 100):
        values = [chance.choice([1.5, 2.0, 4.25, 8.0, 100.0]) for _ in range(size)]
        expected = np.quantile(values, share, method="averaged_inverted_cdf")
        found = statistic("quantile", pd.Series(values), pd.Series([0] * size), share)
        assert found[0] == expected, (size, share)


def test_any_order_of_records_gives_the_same_doubles() -> None:
    chance = random.Random(4)
    values = [chance.uniform(-1, 1) * 10 ** chance.randrange(6) for _ in range(200)]
    group = [chance.randrange(4) for _ in values]
    pairs = list(zip(values, group))
    first = {
        how: statistic(how, pd.Series(values), pd.Series(group)) for how in ("sum", "mean", "std")
    }
    for how, expected in first.items():
        own = [statistics.fmean(v for v, g in pairs if g == each) for each in range(4)]
        if how == "mean":
            assert expected.tolist() == pytest.approx(own, rel=1e-12)
        for _ in range(20):
            chance.shuffle(pairs)
            again = statistic(
                how, pd.Series([v for v, _ in pairs]), pd.Series([g for _, g in pairs])
            )
            assert again.tolist() == expected.tolist()


# ---------------------------------------------------------------- sums, against Python's exact ones
def sums(values: pd.Series, group: pd.Series) -> pd.Series:
    return statistic("sum", values, group)


def test_sums() -> None:
    values = pd.Series([0.1, None, 0.2, 0.3, None, 7.0], index=[9, 3, 5, 1, 0, 2])
    group = pd.Series([1, 1, 1, 1, 0, 2], index=values.index)
    assert (
        str(sums(values, group).tolist()) == "[nan, 0.6, 7.0]"
    )  # by three additions 0.6000000000000001


def test_sums_of_no_records() -> None:
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


def test_a_mean_and_a_deviation_are_of_exact_sums() -> None:
    values = pd.Series([1e16, 1.0, -1e16, 2.0, 3.0])
    assert statistic("mean", values, pd.Series([0] * 5))[0] == 1.2
    near = pd.Series(
        [1e8 + 1, 1e8 + 2, 1e8 + 3]
    )  # of which squares less squared sums leave nothing
    assert statistic("std", near, pd.Series([0] * 3))[0] == 1.0


def test_text_has_no_mean() -> None:
    text = pd.Series(["a"], name="AVALC")
    with pytest.raises(TypeError, match="AVALC is not a number and has no mean"):
        statistic("mean", text, pd.Series([0]))
