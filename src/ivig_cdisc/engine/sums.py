"""Sums of groups: the same whatever the order of the records, and whatever groups there are."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


def sums(values: pd.Series, group: pd.Series) -> pd.Series:
    """The sum of the values of each group, added up in twice the digits of a double.

    Each group is added up pair by pair, from the least value on, and what each addition rounds off
    is added up too. So the sum of a group depends on its values alone; that of pandas changes its
    last digit where a value of another group is missing.

    Args:
        values: numbers; missing ones do not count.
        group: the number of the group of each record, from 0 on; index as that of the values.

    Returns:
        float64 by group; missing where a group has no value.

    Source: Ogita, Rump, Oishi, SIAM Journal on Scientific Computing 2005;26:1955-1988.

    >>> sums(pd.Series([0.1, 1e16, 0.2, -1e16, None]), pd.Series([0, 0, 0, 0, 1])).tolist()
    [0.30000000000000004, nan]
    """
    number, code = _sorted(values, group)
    rest = np.zeros_like(number)
    while len(code) > len(np.unique(code)):
        number, rest, code = _halved(number, rest, code)
    total = np.full(group.nunique(), np.nan)
    total[code] = number + rest
    return pd.Series(total)


def _sorted(values: pd.Series, group: pd.Series) -> tuple[Floats, Integers]:
    """The values that there are, and their groups, by group and value."""
    number, code = values.to_numpy("float64"), group.to_numpy("int64")
    is_known = ~np.isnan(number)
    number, code = number[is_known], code[is_known]
    order = np.lexsort([number, code])
    return number[order], code[order]


def _halved(number: Floats, rest: Floats, code: Integers) -> tuple[Floats, Floats, Integers]:
    """Every second value of each group added to the one before it."""
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
