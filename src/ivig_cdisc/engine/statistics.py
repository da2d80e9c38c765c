"""Statistics of groups of records, whatever the order of the records and other groups there are.

Sums, and what is made of them, are added up in twice the digits of a double.

Source: Ogita, Rump, Oishi, SIAM Journal on Scientific Computing 2005;26:1955-1988.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd
from pandas.api.types import is_numeric_dtype

from ..iso8601 import sort_key

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


def statistic(how: str, values: pd.Series, group: pd.Series, share: float = 0.5) -> pd.Series:
    """One statistic of the values of each group.

    Missing values do not count, and neither do dates without a year in `min` and `max`, where the
    least of dates is the one that can be first.

    Args:
        how: sum, mean, std, median or quantile of numbers; count, distinct, min or max of any.
        values: a column.
        group: the number of the group of each record, from 0 on; index as that of the values.
        share: of a quantile, from 0 to 1.

    Returns:
        The statistic by group, float64 but for min and max. A group without values has none, but
        for count and distinct, which are 0 there. std divides by n - 1 and is missing where there
        is one value. A quantile is SAS's definition 5 (R's type 2): where the share falls between
        two values, their mean.

    Raises:
        TypeError: a statistic of numbers is asked of something else.

    >>> values, group = pd.Series([0.1, 1e16, 0.2, -1e16, None]), pd.Series([0, 0, 0, 0, 1])
    >>> [statistic(how, values, group).tolist() for how in ("sum", "median", "count")]
    [[0.30000000000000004, nan], [0.15000000000000002, nan], [4.0, 0.0]]
    """
    if how in ("count", "distinct"):
        return _counted(how, values, group)
    if how in ("min", "max"):
        return _outermost(how, values, group)
    if not is_numeric_dtype(values):
        raise TypeError(f"{values.name} is not a number and has no {how}; derive number first")
    return pd.Series(_of_numbers(how, values, group, share))


# ---------------------------------------------------------------- of values of any kind
def _counted(how: str, values: pd.Series, group: pd.Series) -> pd.Series:
    grouped = _plain(values).groupby(group, sort=True)
    if how == "count":
        return grouped.count().astype("float64")
    return grouped.nunique().astype("float64")


def _outermost(how: str, values: pd.Series, group: pd.Series) -> pd.Series:
    plain = _plain(values)
    ranks = sort_key(plain, undated="missing")
    if ranks is plain:
        return plain.groupby(group, sort=True).agg(how)
    of_rank = plain[ranks.notna()].set_axis(ranks.dropna())
    first_of_rank = of_rank[~of_rank.index.duplicated()]
    return ranks.groupby(group, sort=True).agg(how).map(first_of_rank)


def _plain(values: pd.Series) -> pd.Series:
    """Categories as text."""
    if isinstance(values.dtype, pd.CategoricalDtype):
        return values.astype("str")
    return values


# ---------------------------------------------------------------- of numbers
def _of_numbers(how: str, values: pd.Series, group: pd.Series, share: float) -> Floats:
    number, code = _sorted(values.to_numpy("float64"), group.to_numpy("int64"))
    count = np.bincount(code, minlength=group.nunique()).astype("float64")
    if how == "median":
        return _quantile(number, count, 0.5)
    if how == "quantile":
        return _quantile(number, count, share)
    total = _sums(number, code, len(count))
    if how == "sum":
        return total
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.asarray(total / count)
        if how == "mean":
            return mean
        squares, of_group = _sorted((number - mean[code]) ** 2, code)
        variance = _sums(squares, of_group, len(count)) / (count - 1)
        return np.where(count > 1, np.sqrt(variance), np.nan)


def _sorted(number: Floats, code: Integers) -> tuple[Floats, Integers]:
    """The numbers that there are, and their groups, by group and number."""
    is_known = ~np.isnan(number)
    number, code = number[is_known], code[is_known]
    order = np.lexsort([number, code])
    return number[order], code[order]


def _quantile(number: Floats, count: Floats, share: float) -> Floats:
    """The number at which the share of a group is reached; the mean of two where it is exactly."""
    place = count * share
    whole = np.floor(place + 1e-9)
    is_exact = np.abs(place - whole) < 1e-9
    last = np.maximum(count - 1, 0)
    below = np.clip(np.where(is_exact, whole - 1, whole), 0, last)
    above = np.clip(whole, 0, last)
    begin = np.cumsum(count) - count
    padded = np.append(number, np.nan)  # where a group without numbers finds none
    nowhere = len(number)
    lower = padded[np.where(count > 0, begin + below, nowhere).astype("int64")]
    upper = padded[np.where(count > 0, begin + above, nowhere).astype("int64")]
    with np.errstate(over="ignore"):
        middle = (lower + upper) / 2
    return np.asarray(np.where(np.isinf(middle), lower / 2 + upper / 2, middle))


# ---------------------------------------------------------------- sums in twice the digits
def _sums(number: Floats, code: Integers, groups: int) -> Floats:
    """The sum of each group, missing where there is none; the numbers by group and number.

    Each group is added up pair by pair, from the least number on, and what each addition rounds
    off is added up too. So the sum of a group depends on its numbers alone; that of pandas changes
    its last digit where a number of another group is missing.
    """
    rest = np.zeros_like(number)
    while (code[1:] == code[:-1]).any():
        number, rest, code = _halved(number, rest, code)
    total = np.full(groups, np.nan)
    total[code] = number + rest
    return total


def _halved(number: Floats, rest: Floats, code: Integers) -> tuple[Floats, Floats, Integers]:
    """Every second number of each group added to the one before it."""
    begins = np.flatnonzero(np.diff(code, prepend=-1))
    place = np.arange(len(code)) - np.repeat(begins, np.diff(begins, append=len(code)))
    is_first = place % 2 == 0
    second = np.flatnonzero(~is_first)
    first = second - 1
    number, rest = number.copy(), rest.copy()
    number[first], lost = _added(number[first], number[second])
    rest[first] += rest[second] + lost
    return number[is_first], rest[is_first], code[is_first]


def _added(one: Floats, other: Floats) -> tuple[Floats, Floats]:
    """The rounded sums, and what was rounded off; nothing where a sum is not finite."""
    with np.errstate(over="ignore", invalid="ignore"):
        total = one + other
        share = total - one
        lost = (one - (total - share)) + (other - share)
    return total, np.where(np.isfinite(total), lost, 0.0)
