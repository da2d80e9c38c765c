"""Statistics of groups of records: one number for each group, whatever the order of the records."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]


def statistic(how: str, values: pd.Series, group: pd.Series, share: float = 0.5) -> pd.Series:
    """One statistic of the values of each group; missing values do not count.

    A group without a value has none, but for `count`, which is 0 there. Sums are taken from the
    least value to the greatest, so that the order of the records does not matter.

    Args:
        how: count, sum, mean, std, median or quantile.
        values: numbers.
        group: the number of the group of each record, from 0 on; index as that of the values.
        share: of a quantile, from 0 to 1.

    Returns:
        float64 by group. std divides by n - 1 and is missing where there is one value. A quantile is
        that of SAS's definition 5 (R's type 2): where the share falls between two values, their mean.

    >>> values, group = pd.Series([4.0, 1.0, None, 2.0, None]), pd.Series([0, 0, 0, 0, 1])
    >>> [statistic(how, values, group).tolist() for how in ("mean", "median", "count")]
    [[2.3333333333333335, nan], [2.0, nan], [3.0, 0.0]]
    """
    groups = int(group.max()) + 1 if len(group) else 0
    number, code = _sorted(values, group)
    count = np.bincount(code, minlength=groups).astype("float64")
    begin = np.cumsum(count) - count
    return pd.Series(_of_sorted(how, number, code, count, begin, share), index=range(groups))


def _sorted(values: pd.Series, group: pd.Series) -> tuple[Floats, Codes]:
    """The values that there are, and their groups, by group and value."""
    number, code = values.to_numpy("float64"), group.to_numpy("int64")
    known = ~np.isnan(number)
    number, code = number[known], code[known]
    order = np.lexsort([number, code])
    return number[order], code[order]


def _of_sorted(
    how: str, number: Floats, code: Codes, count: Floats, begin: Floats, share: float
) -> Floats:
    if how == "count":
        return count
    if how in ("median", "quantile"):
        return _quantile(number, count, begin, 0.5 if how == "median" else share)
    with np.errstate(divide="ignore", invalid="ignore"):
        total = np.bincount(code, number, minlength=len(count))
        mean = total / count
        if how == "mean":
            return np.asarray(mean)
        if how == "std":
            squares = np.bincount(code, (number - mean[code]) ** 2, minlength=len(count))
            return np.where(count > 1, np.sqrt(squares / (count - 1)), np.nan)
    return np.where(count > 0, total, np.nan)


def _quantile(number: Floats, count: Floats, begin: Floats, share: float) -> Floats:
    """The value at which the share of the records is reached; the mean of two where it is met exactly."""
    place = count * share
    whole = np.floor(place + 1e-9)
    met = np.abs(place - whole) < 1e-9
    below = np.clip(np.where(met, whole - 1, whole), 0, np.maximum(count - 1, 0))
    above = np.clip(whole, 0, np.maximum(count - 1, 0))
    padded = np.append(number, np.nan)
    last = len(number)
    lower = padded[np.where(count > 0, begin + below, last).astype("int64")]
    upper = padded[np.where(count > 0, begin + above, last).astype("int64")]
    return np.asarray((lower + upper) / 2, dtype="float64")
