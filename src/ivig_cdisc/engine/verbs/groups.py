"""first, last and summarize: one record for each group."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Literal

import pandas as pd

from ...iso8601 import sort_key
from ...metadata import First, Last, Statistic, Summarize
from ..rows import Rows
from ..statistics import statistic
from ..undefined import reasons_of_groups

Which = Literal["first", "last"]


def first(rows: Rows, step: First) -> Rows:
    """The first record of each group.

    `-X` orders descending. A missing value, or a date without a year, is never before a value; of
    records alike in the order the one that stands first is taken.

    Args:
        rows: as they are before it.
        step: what makes a group, and the order in it.

    Returns:
        One row per group, in the order and with the index of before.
    """
    return _one_of_each(rows, step.first, "first")


def last(rows: Rows, step: Last) -> Rows:
    """The last record of each group: the mirror of `first`.

    `-X` orders descending. A missing value, or a date without a year, is never after a value; of
    records alike in the order the one that stands last is taken.

    Args:
        rows: as they are before it.
        step: what makes a group, and the order in it.

    Returns:
        One row per group, in the order and with the index of before.
    """
    return _one_of_each(rows, step.last, "last")


def _one_of_each(rows: Rows, spec: First.By, which: Which) -> Rows:
    ordered = _in_order(rows.frame, spec.sorting, which)
    chosen = ordered.index[~ordered.duplicated(list(spec.by), keep=which)]
    keep = rows.frame.index.isin(chosen)
    return replace(rows, frame=rows.frame[keep], edges=rows.edges[rows.edges["row"].isin(chosen)])


def _in_order(frame: pd.DataFrame, sorting: Mapping[str, bool], which: Which) -> pd.DataFrame:
    """The records in an order, missing values at the end that none is chosen from."""
    missing_at: Which = "last"
    if which == "last":
        missing_at = "first"
    return frame.sort_values(
        list(sorting),
        ascending=list(sorting.values()),
        na_position=missing_at,
        kind="stable",
        key=partial(sort_key, undated="missing"),
    )


def summarize(rows: Rows, step: Summarize) -> Rows:
    """One record per group, in order of first appearance.

    Its parents are all records of the group. Missing values do not count in a statistic.

    Args:
        rows: as they are before it.
        step: what makes a group, and the statistics of it.

    Returns:
        One row per group with these columns, numbered from 0.

    Raises:
        TypeError: a statistic of numbers is asked of something else.
    """
    spec, frame = step.summarize, rows.frame
    groups = frame.groupby(list(spec.by), sort=False, dropna=False, observed=True)
    number = groups.ngroup()
    heads = frame.loc[~number.duplicated(), list(spec.by)].reset_index(drop=True)
    for new, asked in spec.take.items():
        if asked.order:
            heads[new] = _by_order(frame, number, asked)
        else:
            heads[new] = statistic(asked.how, frame[asked.column], number, asked.share or 0)
    heads = heads.assign(**reasons_of_groups(frame, number))
    renamed = rows.edges.assign(row=number.reindex(rows.edges["row"]).to_numpy())
    return Rows(heads, renamed, left_out=rows.left_out)


def _by_order(frame: pd.DataFrame, number: pd.Series, asked: Statistic) -> pd.Series:
    """The first or last value of each group that there is; missing in a group without one."""
    which: Which = "first"
    if asked.last:
        which = "last"
    known = frame[frame[asked.column].notna()]
    of_group = number.reindex(_in_order(known, asked.sorting, which).index)
    chosen = of_group[~of_group.duplicated(keep=which)]
    values = frame[asked.column].reindex(chosen.index).set_axis(chosen.to_numpy())
    return values.reindex(range(number.nunique()))
