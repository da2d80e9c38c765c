"""Which records of two tables belong together: by equal keys, intervals, or the nearest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
from pandas.api.types import is_datetime64_any_dtype, is_numeric_dtype, union_categoricals

from ..iso8601 import sort_key
from .intervals import Intervals

Positions = npt.NDArray[np.int64]

PAIRS_AT_ONCE = 4_000_000  # so that memory stays small however many records share a key


@dataclass(frozen=True)
class Matching:
    """What makes two records belong together, and which of several is taken.

    Columns are pairs: of the left table, of the right.

    on          equal in both; a missing key equals nothing
    not_before  the left value is the right one or after it
    not_after   the left value is the right one or before it
    during      the left date is in the interval of two right ones; all are ISO 8601 text
    nearest     the right value with the smallest distance (days, for dates); of two, the smaller
    within      the greatest distance that counts
    pick        of several the one with the latest or earliest value of a right column; missing
                loses, and so do dates without a year
    every       each match counts; else one, of those alike the first of the right table
    """

    on: Mapping[str, str]
    not_before: Sequence[tuple[str, str]] = ()
    not_after: Sequence[tuple[str, str]] = ()
    during: Sequence[tuple[str, str, str]] = ()
    nearest: tuple[str, str] | None = None
    within: float | None = None
    pick: tuple[Literal["latest", "earliest"], str] | None = None
    every: bool = False


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
    intervals: list[Intervals] = []
    for date, start, end in how.during:
        intervals.append(Intervals.of(left[date], right[start], right[end]))
    for i, j in _equal(left[list(how.on)], right[list(how.on.values())]):
        fits = _inside(left, right, i, j, how)
        for interval in intervals:
            fits &= interval.hold(i, j)
        chosen_left, chosen_right = i[fits], j[fits]
        if not how.every and _has_several(chosen_left):
            best = _best(left, right, chosen_left, chosen_right, how)
            chosen_left, chosen_right = chosen_left[best], chosen_right[best]
        lefts.append(chosen_left)
        rights.append(chosen_right)
    nothing = np.empty(0, dtype="int64")
    return np.concatenate([nothing, *lefts]), np.concatenate([nothing, *rights])


def _has_several(left: Positions) -> bool:
    """Whether a record of the left table has several matches; these are in its order."""
    return bool((left[1:] == left[:-1]).any())


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
    blocks = int(block.max(initial=-1)) + 1
    for number in range(blocks):
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
    """Both columns as one: numbers and dates as they are, all else as text."""
    for is_kind in (is_numeric_dtype, is_datetime64_any_dtype):
        if is_kind(left) and is_kind(right):
            return pd.concat([left, right], ignore_index=True)
    if _are_categories_alike(left.dtype, right.dtype):
        return union_categoricals([left, right])
    return pd.concat([left.astype("str"), right.astype("str")], ignore_index=True)


def _are_categories_alike(left: Any, right: Any) -> bool:
    """Whether both are of categories of one type; a column without a value may have another."""
    kinds = [getattr(dtype, "categories", None) for dtype in (left, right)]
    if kinds[0] is None or kinds[1] is None:
        return False
    return bool(kinds[0].dtype == kinds[1].dtype)


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
    for name, bound in how.not_before:
        fits &= left[name].to_numpy()[i] >= right[bound].to_numpy()[j]
    for name, bound in how.not_after:
        fits &= left[name].to_numpy()[i] <= right[bound].to_numpy()[j]
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
    kept = np.arange(len(i))
    for rank in _ranks(left, right, i, j, how):
        kept = kept[_is_least(rank[kept], i[kept])]
    return kept[_is_first(i[kept])]  # of those alike the first record of right


def _ranks(
    left: pd.DataFrame, right: pd.DataFrame, i: Positions, j: Positions, how: Matching
) -> Iterator[npt.NDArray[Any]]:
    """What decides among the pairs of a left record, most important first: the least is taken."""
    if how.nearest:
        distance = _distance(left, right, i, j, how.nearest)
        yield np.abs(distance)
        yield distance
    if how.pick:
        which, name = how.pick
        value, _ = pd.factorize(sort_key(right[name], undated="missing"), sort=True)
        rank = np.where(value < 0, len(value), value)
        if which == "latest":
            rank = np.where(value < 0, 1, -value)
        yield rank[j]


def _is_least(rank: npt.NDArray[Any], left: Positions) -> npt.NDArray[np.bool_]:
    """Pairs whose rank is the least of their left record; pairs in the order of left."""
    begins = np.flatnonzero(_is_first(left))
    least = np.minimum.reduceat(rank, begins)
    several = np.diff(begins, append=len(left))
    return np.asarray(rank == np.repeat(least, several))


def _is_first(left: Positions) -> npt.NDArray[np.bool_]:
    """The first pair of each left record; pairs in the order of left."""
    return np.asarray(np.diff(left, prepend=-1) != 0)
