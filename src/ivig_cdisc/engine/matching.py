"""Which records of two tables belong together: by equal keys, intervals, or the nearest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

Positions = npt.NDArray[np.int64]

PAIRS_AT_ONCE = 4_000_000  # so that memory stays small however many records share a key


@dataclass(frozen=True)
class Matching:
    """What makes two records belong together, and which of several is taken. Left column: right.

    on       equal in both; a missing key equals nothing
    between  the left value lies between two columns of the right, both included
    nearest  the right value with the smallest distance (days, for dates); of two, the smaller
    within   the greatest distance that counts
    pick     of several the one with the latest or earliest value of a right column; missing loses
    """

    on: Mapping[str, str]
    between: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    nearest: tuple[str, str] | None = None
    within: float | None = None
    pick: tuple[Literal["latest", "earliest"], str] | None = None

    @property
    def single(self) -> bool:
        """Each left record has one match at most."""
        return self.nearest is not None or self.pick is not None


def pairs(left: pd.DataFrame, right: pd.DataFrame, how: Matching) -> tuple[Positions, Positions]:
    """Positions of the records that belong together, in the order of left, then of right.

    Args:
        left, right: the tables; columns that are compared are of one kind.
        how: what makes records belong together.

    Returns:
        Positions in left and in right, pair by pair.
    """
    lefts: list[Positions] = []
    rights: list[Positions] = []
    for i, j in _equal(left[list(how.on)], right[list(how.on.values())]):
        fits = _inside(left, right, i, j, how)
        chosen_left, chosen_right = i[fits], j[fits]
        if how.single and len(chosen_left):
            best = _best(left, right, chosen_left, chosen_right, how)
            chosen_left, chosen_right = chosen_left[best], chosen_right[best]
        lefts.append(chosen_left)
        rights.append(chosen_right)
    nothing = np.empty(0, dtype="int64")
    return np.concatenate([nothing, *lefts]), np.concatenate([nothing, *rights])


# ---------------------------------------------------------------- equal keys
def _equal(left: pd.DataFrame, right: pd.DataFrame) -> Iterator[tuple[Positions, Positions]]:
    """Pairs with equal keys, block by block of left records."""
    left_key, right_key = _keys(left, right)
    order = np.argsort(right_key, kind="stable")
    order = order[right_key[order] >= 0]
    sorted_key = right_key[order]
    begin = np.searchsorted(sorted_key, left_key, side="left")
    count = np.searchsorted(sorted_key, left_key, side="right") - begin
    count[left_key < 0] = 0
    block = np.cumsum(count) // PAIRS_AT_ONCE
    for number in np.unique(block[count > 0]):
        i = np.flatnonzero((block == number) & (count > 0))
        yield np.repeat(i, count[i]), order[_ranges(begin[i], count[i])]


def _keys(left: pd.DataFrame, right: pd.DataFrame) -> tuple[Positions, Positions]:
    """A number for each distinct key of both tables; -1 where a part of it is missing."""
    number = np.zeros(len(left) + len(right), dtype="int64")
    known = np.ones(len(number), dtype=bool)
    for one, other in zip(left, right):
        codes, distinct = pd.factorize(_together(left[one], right[other]))
        known &= codes >= 0
        number, _ = pd.factorize(number * (len(distinct) + 1) + codes)
    number = np.where(known, number, -1)
    return number[: len(left)], number[len(left) :]


def _together(left: pd.Series, right: pd.Series) -> Any:
    """Both columns as one; categories and text as text."""
    if left.dtype == right.dtype and not isinstance(left.dtype, pd.CategoricalDtype):
        return pd.concat([left, right], ignore_index=True)
    return pd.concat([left.astype("str"), right.astype("str")], ignore_index=True)


def _ranges(begin: Positions, count: Positions) -> Positions:
    """begin, begin + 1, ... up to count of each, one after another."""
    ends = np.cumsum(count)
    shift = np.repeat(begin - (ends - count), count)
    return np.asarray(np.arange(len(shift)) + shift, dtype="int64")


# ---------------------------------------------------------------- intervals and distance
def _inside(
    left: pd.DataFrame, right: pd.DataFrame, i: Positions, j: Positions, how: Matching
) -> npt.NDArray[np.bool_]:
    """Pairs of which every left value lies in its interval, and near enough.

    What is missing does not fit.
    """
    fits = np.ones(len(i), dtype=bool)
    for name, (begin, end) in how.between.items():
        value = left[name].to_numpy()[i]
        fits &= (right[begin].to_numpy()[j] <= value) & (value <= right[end].to_numpy()[j])
    if how.nearest:
        distance = _distance(left, right, i, j, how.nearest)
        limit = np.inf if how.within is None else how.within
        fits &= np.abs(distance) <= limit
    return fits


def _distance(
    left: pd.DataFrame, right: pd.DataFrame, i: Positions, j: Positions, names: tuple[str, str]
) -> npt.NDArray[np.float64]:
    """Right less left, in days or in the unit of the numbers; NaN where one is missing."""
    difference: Any = right[names[1]].to_numpy()[j] - left[names[0]].to_numpy()[i]
    if difference.dtype.kind == "m":
        difference = difference / np.timedelta64(1, "D")
    return np.asarray(difference, dtype="float64")


def _best(
    left: pd.DataFrame, right: pd.DataFrame, i: Positions, j: Positions, how: Matching
) -> Positions:
    """Places of the one pair of each left record that is taken, in the order of left."""
    ranks: list[Any] = [j]  # of those alike, the first record of right
    if how.pick:
        which, name = how.pick
        value, _ = pd.factorize(right[name].to_numpy(), sort=True)
        rank = value[j]
        ranks.append(np.where(rank < 0, len(value), -rank if which == "latest" else rank))
    if how.nearest:
        distance = _distance(left, right, i, j, how.nearest)
        ranks += [distance, np.abs(distance)]
    order = np.lexsort([*ranks, i])
    first = np.ones(len(order), dtype=bool)
    first[1:] = i[order][1:] != i[order][:-1]
    return order[first]
