"""first and summarize: one record for each group."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pandas as pd

from ...iso8601 import sort_key
from ...metadata import First, Summarize
from ..rows import Rows
from ..sums import sums


def first(rows: Rows, step: First) -> Rows:
    """The first record of each group.

    `-X` orders descending, missing values and dates without a year come last.

    Args:
        rows: as they are before it.
        step: what makes a group, and the order in it.

    Returns:
        One row per group, in the order and with the index of before.
    """
    spec = step.first
    names = [name.removeprefix("-") for name in spec.order]
    ascending = [not name.startswith("-") for name in spec.order]
    by_moment = partial(sort_key, undated="missing")
    ordered = rows.frame.sort_values(
        names, ascending=ascending, na_position="last", kind="stable", key=by_moment
    )
    chosen = ordered.index[~ordered.duplicated(list(spec.by))]
    keep = rows.frame.index.isin(chosen)
    return replace(rows, frame=rows.frame[keep], edges=rows.edges[rows.edges["row"].isin(chosen)])


def summarize(rows: Rows, step: Summarize) -> Rows:
    """One record per group, in order of first appearance.

    Its parents are all records of the group.

    Args:
        rows: as they are before it.
        step: what makes a group, and the statistics of it.

    Returns:
        One row per group with these columns, numbered from 0.

    Raises:
        TypeError: a sum is of text.
    """
    spec = step.summarize
    groups = rows.frame.groupby(list(spec.by), sort=False, dropna=False, observed=True)
    number = groups.ngroup()
    heads = rows.frame.loc[~number.duplicated(), list(spec.by)].reset_index(drop=True)
    for new, statistic in spec.take.items():
        ((how, column),) = statistic.items()
        heads[new] = _statistic(rows.frame[column], how, number)
    renamed = rows.edges.assign(row=number.reindex(rows.edges["row"]).to_numpy())
    return Rows(heads, renamed)


def _statistic(column: pd.Series, how: str, number: pd.Series) -> pd.Series:
    """`how` over each group.

    Missing values do not count, and a group with none but missing ones is missing.

    The least of dates is the one that can be first. Dates without a year do not count either.
    """
    plain = column
    if isinstance(column.dtype, pd.CategoricalDtype):
        plain = column.astype("str")
    grouped = plain.groupby(number, sort=True)
    if how == "sum":
        if not pd.api.types.is_numeric_dtype(column):
            raise TypeError(f"{column.name} is text and has no sum; derive number first")
        return sums(column, number)
    if how == "count":
        return grouped.count().astype("float64")
    if how == "distinct":
        return grouped.nunique().astype("float64")
    ranks = sort_key(plain, undated="missing")
    if ranks is plain:
        return grouped.agg(how)
    of_rank = plain[ranks.notna()].set_axis(ranks.dropna())
    first_of_rank = of_rank[~of_rank.index.duplicated()]
    return ranks.groupby(number, sort=True).agg(how).map(first_of_rank)
