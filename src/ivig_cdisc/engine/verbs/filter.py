"""filter: those of the records so far that fit."""

from __future__ import annotations

from dataclasses import replace

from ...metadata import Filter
from ..rows import Rows
from ..undefined import filtered


def filter_rows(rows: Rows, step: Filter) -> Rows:
    """The records that fit.

    Args:
        rows: as they are before it.
        step: the condition.

    Returns:
        These rows, in the order and with the index of before.
    """
    frame, gone = filtered(rows.frame, rows.edges, step.filter)
    edges = rows.edges[rows.edges["row"].isin(frame.index)]
    return replace(rows, frame=frame, edges=edges, left_out=(*rows.left_out, *gone))
