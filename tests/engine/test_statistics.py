"""Statistics of groups, against Python's own statistics and numpy's quantiles of SAS's definition."""

from __future__ import annotations

import math
import random
import statistics

import numpy as np
import pandas as pd
import pytest

from ivig_cdisc.engine.statistics import statistic

VALUES = pd.Series([3.0, 1.0, None, 2.0, 10.0, 7.0, None])
GROUP = pd.Series([0, 0, 0, 0, 1, 1, 2])
NAN = math.nan


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
