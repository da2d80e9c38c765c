"""join: columns of the matching record of another source, or of each one."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import numpy as np
import pandas as pd

from ...metadata import Join
from .. import row_parents
from ..matching import Matching, Positions, pairs
from ..rows import Rows, Sources
from ..undefined import chosen_of

NOWHERE = -1


def join(rows: Rows, step: Join, sources: Sources) -> Rows:
    """Columns of the matching record, or of each one.

    Where one is asked for, the wiring says which it is, or guarantees that there is one at most
    (bad data: the first).

    Args:
        rows: as they are before it.
        step: the other source, what makes its records match, and the columns that come.
        sources: raw forms and finished datasets, by name.

    Returns:
        The rows with these columns, missing where no record matches; or, if the step drops
        what is unmatched, without such rows. Index as before; with a row for each match, these
        are numbered from 0, in the order of the rows and then of the source.
    """
    spec = step.join
    right, gone = chosen_of(spec.with_, sources[spec.with_], spec.where)
    left, match = pairs(rows.frame, right, _matching(spec))
    if spec.unmatched == "keep":
        left, match = _with_unmatched(left, match, len(rows.frame))
    matched = _at(rows, left, spec)
    frame = matched.frame
    added = {}
    for new, old in spec.taken.items():
        added[new] = _pick(right[old], match).set_axis(frame.index)
    found = match != NOWHERE
    source_rows = right.index[match[found]]
    looked_up = row_parents.edges(frame.index[found], spec.with_, source_rows, "join")
    known = row_parents.concat([matched.edges, looked_up])
    left_out = (*rows.left_out, *gone)
    return replace(rows, frame=frame.assign(**added), edges=known, left_out=left_out)


def _matching(spec: Join.With) -> Matching:
    pick: tuple[Literal["latest", "earliest"], str] | None = None
    if spec.latest:
        pick = ("latest", spec.latest)
    if spec.earliest:
        pick = ("earliest", spec.earliest)
    return Matching(
        on=spec.matched,
        not_before=spec.lower,
        not_after=spec.upper,
        during=spec.spans,
        nearest=next(iter(spec.nearest.items()), None),
        within=spec.within,
        pick=pick,
        every=spec.matches == "all",
    )


def _with_unmatched(left: Positions, match: Positions, records: int) -> tuple[Positions, Positions]:
    """The pairs, and the records that are in none, NOWHERE at their side; in the order of left."""
    is_matched = np.zeros(records, dtype=bool)
    is_matched[left] = True
    alone = np.flatnonzero(~is_matched)
    every = np.concatenate([left, alone])
    place = np.concatenate([match, np.full(len(alone), NOWHERE)])
    order = np.argsort(every, kind="stable")
    return every[order], place[order]


def _at(rows: Rows, left: Positions, spec: Join.With) -> Rows:
    """The rows at the positions; numbered anew where one may come several times."""
    if spec.matches == "all":
        numbers = pd.RangeIndex(len(left))
        new = pd.DataFrame({"row": rows.frame.index.take(left), "new": numbers})
        repeated = rows.edges.merge(new, on="row", how="inner")
        known = repeated.assign(row=repeated["new"]).drop(columns="new")
        return replace(rows, frame=rows.frame.take(left).set_axis(numbers), edges=known)
    if spec.unmatched == "keep":
        return rows
    frame = rows.frame.take(left)
    return replace(rows, frame=frame, edges=rows.edges[rows.edges["row"].isin(frame.index)])


def _pick(column: pd.Series, match: Positions) -> pd.Series:
    """Values at the positions, missing at NOWHERE."""
    return column.reset_index(drop=True).reindex(match)
