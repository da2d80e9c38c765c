"""The row verbs: the only code that adds, drops or changes rows, and that makes edges.

Each takes rows and a step of the spec and returns rows. Every source record is accounted for: it
has an edge, or the step says why not (it did not fit `where`, was empty in a melt, was not the
first).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from ..conditions import fits
from ..iso8601 import sort_key
from ..metadata import First, Join, Melt, Stack, Step, Summarize, Take
from . import row_parents
from .row_steps import new_names, reason_columns
from .sums import sums

Sources = Mapping[str, pd.DataFrame]


@dataclass(frozen=True)
class Rows:
    """Records on their way: a frame with a unique index, and the edges of that index.

    renamed  columns that their source calls otherwise: name here, and name there.
    """

    frame: pd.DataFrame
    edges: pd.DataFrame
    renamed: Mapping[str, str] = field(default_factory=dict)


def start(step: Step, sources: Sources) -> Rows:
    """Carry out the first step of a dataset.

    Args:
        step: take or stack.
        sources: raw forms and finished datasets, by name.

    Returns:
        The rows, with the index of the source; of a stack numbered from 0.

    Raises:
        TypeError: the step is another one.
    """
    if isinstance(step, Stack):
        return stack(step, sources)
    if isinstance(step, Take):
        return take(step, sources)
    raise TypeError("the first step is take or stack")


def apply(rows: Rows, step: Step, sources: Sources) -> Rows:
    """Carry out one of the steps after the first.

    Args:
        rows: as they are before it.
        step: any but take and stack.
        sources: raw forms and finished datasets, by name.

    Returns:
        The rows after it, with an index of their own after melt and summarize.

    Raises:
        TypeError: the step is take or stack, or sums up text.
    """
    if isinstance(step, Melt):
        return melt(rows, step)
    if isinstance(step, Join):
        return join(rows, step, sources)
    if isinstance(step, First):
        return first(rows, step)
    if isinstance(step, Summarize):
        return summarize(rows, step)
    raise TypeError("take and stack only start")


def take(step: Take, sources: Sources) -> Rows:
    """Records of one source that fit; columns renamed, constants set.

    Args:
        step: source, conditions, new names and constants.
        sources: raw forms and finished datasets, by name.

    Returns:
        The rows, with the index of the source.
    """
    frame = sources[step.take]
    if step.where:
        frame = frame[fits(frame, step.where)]
    frame = frame.rename(columns=new_names(step)).assign(**step.set)
    return Rows(frame, row_parents.edges(frame.index, step.take, frame.index, "take"), step.rename)


def stack(step: Stack, sources: Sources) -> Rows:
    """Records of each branch one after another, numbered anew.

    Args:
        step: the branches.
        sources: raw forms and finished datasets, by name.

    Returns:
        The rows, numbered from 0; a column that a branch has not is missing there.
    """
    frames, known, before = [], [], 0
    for i, (head, *tail) in enumerate(step.stack):
        rows = start(head, sources)
        for inner in tail:
            rows = apply(rows, inner, sources)
        numbers = np.arange(before, before + len(rows.frame))
        frames.append(rows.frame.set_axis(numbers))
        known.append(row_parents.renumber(rows.edges, rows.frame.index, numbers).assign(branch=i))
        before += len(rows.frame)
    return Rows(_concat(frames), row_parents.concat(known))


def _concat(frames: list[pd.DataFrame]) -> pd.DataFrame:
    """Frames one after another.

    Categories are united, and columns that a frame lacks are missing there.
    """
    first_with: dict[str, pd.DataFrame] = {}  # the first frame that has the column
    for frame in frames:
        for name in frame.columns:
            first_with.setdefault(name, frame)
    filled = _without_empty_columns([frame for frame in frames if len(frame)]) or frames[:1]
    filled = _with_united_categories(filled, first_with)
    whole = filled[0]
    if len(filled) > 1:
        whole = pd.concat(filled)
    absent = {}
    for name, frame in first_with.items():
        if name not in whole:
            absent[name] = frame[name].reindex(whole.index)
    return whole.assign(**absent)[list(first_with)]


def _with_united_categories(frames: list[pd.DataFrame], names: Iterable[str]) -> list[pd.DataFrame]:
    """Frames in which a column that is one of categories everywhere has the same categories."""
    united = list(frames)
    for name in names:
        dtype = _united_categories([frame[name].dtype for frame in frames if name in frame])
        if dtype is None:
            continue
        for i, frame in enumerate(united):
            if name in frame:
                united[i] = frame.assign(**{name: frame[name].astype(dtype)})
    return united


def _united_categories(dtypes: list[Any]) -> pd.CategoricalDtype | None:
    """All categories of two or more types; None where one of these is not of categories."""
    categories: set[Any] = set()
    for dtype in dtypes:
        if not isinstance(dtype, pd.CategoricalDtype):
            return None
        categories.update(dtype.categories)
    if len(dtypes) < 2:
        return None
    return pd.CategoricalDtype(sorted(categories))


def _without_empty_columns(frames: list[pd.DataFrame]) -> list[pd.DataFrame]:
    """Frames without columns that are all missing where another has values.

    Their kind must not decide.
    """
    known: set[str] = set()
    empty = []
    for frame in frames:
        has_values = frame.notna().any()
        known.update(has_values.index[has_values])
        empty.append(has_values.index[~has_values])
    kept = []
    for frame, names in zip(frames, empty, strict=True):
        kept.append(frame.drop(columns=names[names.isin(list(known))]))
    return kept


def melt(rows: Rows, step: Melt) -> Rows:
    """One record per column; a cell that is empty and has no reason for it makes none.

    Args:
        rows: as they are before it.
        step: the columns, and what the new ones are called.

    Returns:
        The rows without the columns, and with those of name, value and reason as text; a number
        for each cell, empty ones counted, is the index.
    """
    spec, frame = step.melt, rows.frame
    columns = list(spec.columns)
    reasons = reason_columns(columns)
    rest = frame.drop(columns=columns).drop(columns=reasons, errors="ignore")
    repeated = rest.take(np.repeat(np.arange(len(rest)), len(columns)))
    numbers = np.arange(len(repeated))
    turn = np.tile(np.arange(len(columns)), len(rest))  # the column that each new row comes from
    names = pd.Index(list(spec.columns.values()), dtype="str").take(turn)
    long = repeated.set_axis(numbers).assign(**{spec.value: _interleave(frame, columns)})
    long[spec.name] = names
    if spec.reason:
        long[spec.reason] = _interleave(frame, reasons)
    keep = long[spec.value].notna()
    if spec.reason:
        keep |= long[spec.reason].notna()
    collected = pd.Index([rows.renamed.get(column, column) for column in columns], dtype="str")
    known = _spread(rows.edges, frame.index, pd.Categorical.from_codes(turn, collected))
    return Rows(long[keep], known[known["row"].isin(numbers[keep])])


def _interleave(frame: pd.DataFrame, columns: list[str]) -> pd.Series:
    """Values of the columns, row by row: a1 b1 a2 b2."""
    width = len(columns)
    texts = [frame[column].astype("str") for column in columns]
    stacked = pd.concat(texts, ignore_index=True)
    order = np.arange(len(stacked)).reshape(width, -1).T.ravel()
    return stacked.take(order).reset_index(drop=True)


def _spread(known: pd.DataFrame, index: pd.Index, source_column: pd.Categorical) -> pd.DataFrame:
    """Edges of each row for each of its new rows, one per column.

    A take edge says which column became the row.
    """
    width = len(source_column.categories)
    position = index.get_indexer(pd.Index(known["row"]))
    spread = known.take(np.repeat(np.arange(len(known)), width)).reset_index(drop=True)
    number = (position[:, None] * width + np.arange(width)).ravel()
    taken = (spread["verb"] == "take").to_numpy()
    codes = np.where(taken, source_column.codes[number], -1)
    columns = pd.Categorical.from_codes(codes, source_column.categories)
    return spread.assign(row=number, source_column=columns)


def join(rows: Rows, step: Join, sources: Sources) -> Rows:
    """Columns of the matching record.

    The wiring guarantees that there is one at most (bad data: the first).

    Args:
        rows: as they are before it.
        step: the other source, the columns that must be the same, and those that come.
        sources: raw forms and finished datasets, by name.

    Returns:
        The rows with these columns, missing where no record matches; or, if the step drops
        what is unmatched, without such rows. Index as before.
    """
    spec, frame = step.join, rows.frame
    here, there = list(spec.matched), list(spec.matched.values())
    right = sources[spec.with_].dropna(subset=there).drop_duplicates(there)
    match = _match(frame[here], right[there])
    added = {}
    for new, old in spec.taken.items():
        added[new] = _pick(right[old], match).set_axis(frame.index)
    joined = frame.assign(**added)
    found = match >= 0
    index = frame.index[found]
    looked_up = row_parents.edges(index, spec.with_, right.index[match[found]], "join")
    known = row_parents.concat([rows.edges, looked_up])
    if spec.unmatched == "drop":
        return replace(rows, frame=joined[found], edges=known[known["row"].isin(index)])
    return replace(rows, frame=joined, edges=known)


def _match(left: pd.DataFrame, right: pd.DataFrame) -> np.ndarray:
    """Position of each left row's match in right, -1 where there is none."""
    keys = [f"k{i}" for i in range(left.shape[1])]
    positions = right.set_axis(keys, axis=1).assign(position=np.arange(len(right)))
    wanted = left.set_axis(keys, axis=1)
    for key, here, there in zip(keys, left.dtypes, right.dtypes, strict=True):
        if here != there:  # merging a category with text compares as text
            positions[key] = positions[key].astype("object")
            wanted[key] = wanted[key].astype("object")
    merged = wanted.merge(positions, how="left", on=keys)
    return merged["position"].fillna(-1).to_numpy("int64")


def _pick(column: pd.Series, match: np.ndarray) -> pd.Series:
    """Values at the positions, missing at -1."""
    return column.reset_index(drop=True).reindex(match)


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
