"""Records to columns: what stands below each other in a table comes to stand side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from ..text import as_text


def transposed(
    frame: pd.DataFrame, by: Sequence[str], name: str, value: str, columns: Mapping[str, str]
) -> tuple[pd.DataFrame, pd.Series]:
    """One record per group, with a column for each of the listed values of a column.

    Args:
        frame: the records.
        by: columns that make a group; what is missing is a group of its own.
        name: the column that says what a record holds.
        value: the column whose values become columns.
        columns: value of `name`: the column that it becomes. Records of other values count for
            the groups, and give nothing.

    Returns:
        The groups in the order of their first record, index 0 to n - 1, with `by` and the new
        columns (missing where a group has no such record; of several the first); and for each
        record the number of its group, index of the frame.

    >>> frame = pd.DataFrame({"s": [*"AAB"], "t": ["SYS", "DIA", "SYS"], "v": [120.0, 80, 9]})
    >>> transposed(frame, ["s"], "t", "v", {"SYS": "sys", "DIA": "dia"})[0].to_dict("list")
    {'s': ['A', 'B'], 'sys': [120.0, 9.0], 'dia': [80.0, nan]}
    """
    groups = frame.groupby(list(by), sort=False, dropna=False, observed=True)
    number = groups.ngroup()
    heads = frame.loc[~number.duplicated(), list(by)].reset_index(drop=True)
    names = as_text(frame[name]).to_numpy(object)
    for wanted, new in columns.items():
        heads[new] = _first_of_group(frame[value], number, names == wanted, len(heads))
    return heads, number


def _first_of_group(values: pd.Series, number: pd.Series, chosen: Any, groups: int) -> pd.Series:
    """The value of the first chosen record of each group."""
    places = np.flatnonzero(chosen)
    group = number.to_numpy()[places]
    place = np.full(groups, -1)
    place[group[::-1]] = places[::-1]  # the first is written last
    taken = values.reset_index(drop=True).reindex(place)
    return taken.reset_index(drop=True)


def crossed(left: pd.DataFrame, right: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Positions of every record of left with every record of right.

    In the order of left, then of right.

    >>> two, three = pd.DataFrame(index=range(2)), pd.DataFrame(index=range(3))
    >>> [each.tolist() for each in crossed(two, three)]
    [[0, 0, 0, 1, 1, 1], [0, 1, 2, 0, 1, 2]]
    """
    here, there = len(left), len(right)
    return np.repeat(np.arange(here), there), np.tile(np.arange(there), here)
