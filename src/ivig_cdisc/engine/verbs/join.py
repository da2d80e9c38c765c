"""join: columns of the matching record of another source."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from ...metadata import Join
from .. import row_parents
from ..rows import Rows, Sources


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
