"""melt: one record per column."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ...metadata import Melt, reason_columns
from ..rows import Rows


def melt(rows: Rows, step: Melt) -> Rows:
    """One record per column; an empty cell makes none, unless it has a reason or the step keeps it.

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
    keep = long[spec.value].notna() | (spec.empty == "keep")
    if spec.reason:
        keep |= long[spec.reason].notna()
    collected = pd.Index([rows.renamed.get(column, column) for column in columns], dtype="str")
    known = _spread(rows.edges, frame.index, pd.Categorical.from_codes(turn, collected))
    edges = known[known["row"].isin(numbers[keep])]
    return Rows(long[keep], edges, left_out=rows.left_out)


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
