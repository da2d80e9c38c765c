"""take and stack: records of one source, or of several one after another."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from ...metadata import Take, taken_columns
from .. import row_parents
from ..rows import Rows, Sources
from ..undefined import chosen_of


def take(step: Take, sources: Sources) -> Rows:
    """Records of one source that fit; columns renamed, constants set.

    Args:
        step: source, conditions, new names and constants.
        sources: raw forms and finished datasets, by name.

    Returns:
        The rows, with the index of the source.
    """
    frame, gone = chosen_of(step.take, sources[step.take], step.where)
    taken = taken_columns(step, frame.columns)
    if len(taken) < frame.shape[1]:
        frame = frame[list(taken.values())]
    frame = frame.set_axis(list(taken), axis=1).assign(**step.set)
    known = row_parents.edges(frame.index, step.take, frame.index, "take")
    return Rows(frame, known, step.rename, gone)


def stack(branches: Sequence[Rows]) -> Rows:
    """Records of each branch one after another, numbered anew.

    Args:
        branches: the rows of each.

    Returns:
        The rows, numbered from 0; a column that a branch has not is missing there.
    """
    frames, known, before = [], [], 0
    gone: list[pd.DataFrame] = []
    for i, rows in enumerate(branches):
        numbers = np.arange(before, before + len(rows.frame))
        frames.append(rows.frame.set_axis(numbers))
        known.append(row_parents.renumber(rows.edges, rows.frame.index, numbers).assign(branch=i))
        gone += rows.left_out
        before += len(rows.frame)
    return Rows(_concat(frames), row_parents.concat(known), left_out=tuple(gone))


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
