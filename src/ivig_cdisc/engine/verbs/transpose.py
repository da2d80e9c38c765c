"""transpose: one record per group, with a column for each of some values."""

from __future__ import annotations

import pandas as pd

from ...metadata import Transpose
from ...text import as_text
from ..reshaping import transposed
from ..rows import Rows
from ..undefined import reasons_of_groups


def transpose(rows: Rows, step: Transpose) -> Rows:
    """One record per group, in order of first appearance, with a column for each listed value.

    Its parents are all records of the group; an edge names the column that its record became,
    unless it names the column that a melt made the record of.

    Args:
        rows: as they are before it.
        step: what makes a group, which records become which column, and the column of the values.

    Returns:
        One row per group with the columns of `by` and the new ones, numbered from 0. Missing where
        a group has no such record; of several the first counts.
    """
    spec, frame = step.transpose, rows.frame
    heads, number = transposed(frame, spec.by, spec.name, spec.value, spec.columns)
    heads = heads.assign(**reasons_of_groups(frame, number))
    known = rows.edges.assign(row=number.reindex(rows.edges["row"]).to_numpy())
    became = as_text(frame[spec.name]).astype("object").map(dict(spec.columns))
    of_edge = pd.Series(became.reindex(rows.edges["row"]).to_numpy(), known.index, dtype="str")
    turns = known["source_column"].astype("str").fillna(of_edge)
    known["source_column"] = turns.where(known["verb"] == "take").astype("category")
    return Rows(heads, known, left_out=rows.left_out)
