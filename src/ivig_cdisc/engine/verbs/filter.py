"""filter: those of the records so far that fit."""

from __future__ import annotations

from dataclasses import replace

from ...conditions import fits
from ...metadata import Filter
from ..rows import Rows


def filter_rows(rows: Rows, step: Filter) -> Rows:
    """The records that fit.

    Args:
        rows: as they are before it.
        step: the condition.

    Returns:
        These rows, in the order and with the index of before.
    """
    frame = rows.frame[fits(rows.frame, step.filter)]
    return replace(rows, frame=frame, edges=rows.edges[rows.edges["row"].isin(frame.index)])
