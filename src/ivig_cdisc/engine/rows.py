"""The row verbs: the only code that adds, drops or changes rows, and therefore the only code that makes edges.

Each takes rows and a step of the spec and returns rows. Every source record is accounted for: it
has an edge, or the step says why not (it did not fit `where`, was empty in a melt, was not the
first).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np
import pandas as pd

from ..conditions import fits
from ..iso8601 import sort_key
from ..metadata import First, Join, Melt, Stack, Step, Summarize, Take
from . import row_parents

Sources = Mapping[str, pd.DataFrame]


@dataclass(frozen=True)
class Rows:
    """Records on their way: a frame with a unique index, and the edges of that index."""

    frame: pd.DataFrame
    edges: pd.DataFrame
    renamed: Mapping[str, str] = field(
        default_factory=dict
    )  # columns that their source calls otherwise


def start(step: Step, sources: Sources) -> Rows:
    """Carry out the first step of a dataset."""
    if isinstance(step, Stack):
        return stack(step, sources)
    if isinstance(step, Take):
        return take(step, sources)
    raise TypeError("the first step is take or stack")


def apply(rows: Rows, step: Step, sources: Sources) -> Rows:
    """Carry out one of the steps after the first."""
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
    """Records of one source that fit; columns renamed, constants set."""
    source = sources[step.take]
    frame = source[fits(source, step.where)] if step.where else source
    frame = frame.rename(columns={old: new for new, old in step.rename.items()}).assign(**step.set)
    return Rows(frame, row_parents.edges(frame.index, step.take, frame.index, "take"), step.rename)


def stack(step: Stack, sources: Sources) -> Rows:
    """Records of each branch one after another, numbered anew."""
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
    names = list(dict.fromkeys(name for frame in frames for name in frame.columns))
    filled = _without_empty_columns([f for f in frames if len(f)]) or frames[:1]
    for name in names:
        kinds = [f[name].dtype for f in filled if name in f]
        categories = [kind for kind in kinds if isinstance(kind, pd.CategoricalDtype)]
        if len(kinds) == len(categories) > 1:
            union = pd.CategoricalDtype(
                sorted(set().union(*(kind.categories for kind in categories)))
            )
            filled = [f.assign(**{name: f[name].astype(union)}) if name in f else f for f in filled]
    joined = pd.concat(filled) if len(filled) > 1 else filled[0]
    absent = {
        n: next(f[n] for f in frames if n in f).reindex(joined.index)
        for n in names
        if n not in joined
    }
    return joined.assign(**absent)[names]


def _without_empty_columns(frames: list[pd.DataFrame]) -> list[pd.DataFrame]:
    """Frames without columns that are all missing where another has values.

    Their kind must not decide.
    """
    present = [{name for name in frame if frame[name].notna().any()} for frame in frames]
    known = set().union(*present)
    return [
        f[[n for n in f if n in here or n not in known]]
        for f, here in zip(frames, present, strict=True)
    ]


def melt(rows: Rows, step: Melt) -> Rows:
    """One record per column; a cell that is empty and has no reason for it makes none."""
    spec, frame = step.melt, rows.frame
    columns = list(spec.columns)
    rest = frame.drop(columns=[*columns, *(c for c in _reasons(columns) if c in frame)])
    repeated = rest.take(np.repeat(np.arange(len(rest)), len(columns)))
    numbers = np.arange(len(repeated))
    turn = np.tile(
        np.arange(len(columns)), len(rest)
    )  # which of the columns each new row comes from
    names = pd.Index(list(spec.columns.values()), dtype="str").take(turn)
    long = repeated.set_axis(numbers).assign(**{spec.value: _interleave(frame, columns)})
    long[spec.name] = names
    if spec.reason:
        long[spec.reason] = _interleave(frame, _reasons(columns))
    keep = long[spec.value].notna() | (long[spec.reason].notna() if spec.reason else False)
    collected = pd.Index([rows.renamed.get(column, column) for column in columns], dtype="str")
    known = _spread(rows.edges, frame.index, pd.Categorical.from_codes(turn, collected))
    return Rows(long[keep], known[known["row"].isin(numbers[keep])])


def _reasons(columns: list[str]) -> list[str]:
    return [f"{column}.missing" for column in columns]


def _interleave(frame: pd.DataFrame, columns: list[str]) -> pd.Series:
    """Values of the columns, row by row: a1 b1 a2 b2."""
    width = len(columns)
    stacked = pd.concat([frame[c].astype("str") for c in columns], ignore_index=True)
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
    same = [a == b for a, b in zip(left.dtypes, right.dtypes, strict=True)]
    wanted = left.set_axis(keys, axis=1)
    for key, equal in zip(keys, same, strict=True):
        if not equal:  # merging a category with text compares as text
            positions[key], wanted[key] = (
                positions[key].astype("object"),
                wanted[key].astype("object"),
            )
    merged = wanted.merge(positions, how="left", on=keys)
    return merged["position"].fillna(-1).to_numpy("int64")


def _pick(column: pd.Series, match: np.ndarray) -> pd.Series:
    """Values at the positions, missing at -1."""
    return column.reset_index(drop=True).reindex(match)


def first(rows: Rows, step: First) -> Rows:
    """The first record of each group.

    `-X` orders descending, missing values and dates without a year come last.
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
    plain = column.astype("str") if isinstance(column.dtype, pd.CategoricalDtype) else column
    grouped = plain.groupby(number, sort=True)
    if how == "sum":
        if not pd.api.types.is_numeric_dtype(column):
            raise TypeError(f"{column.name} is text and has no sum; derive number first")
        return grouped.sum(min_count=1)
    if how in ("count", "distinct"):
        return (grouped.count() if how == "count" else grouped.nunique()).astype("float64")
    ranks = sort_key(plain, undated="missing")
    if ranks is plain:
        return grouped.min() if how == "min" else grouped.max()
    of_rank = plain[ranks.notna()].set_axis(ranks.dropna())
    outermost = ranks.groupby(number, sort=True)
    return (outermost.min() if how == "min" else outermost.max()).map(
        of_rank[~of_rank.index.duplicated()]
    )
