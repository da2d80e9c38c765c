"""lookup and cross: columns of tables, by a key or for every record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from pandas.api.types import is_numeric_dtype

from ...metadata import Cross, Lookup
from ...text import as_text
from .. import row_parents
from ..matching import Matching, pairs
from ..reshaping import crossed
from ..rows import Rows, Sources
from ..undefined import BESIDE


# ---------------------------------------------------------------- lookup
def lookup(rows: Rows, step: Lookup, sources: Sources) -> Rows:
    """Columns of the one matching row of a table.

    Args:
        rows: as they are before it.
        step: the table, the columns that must be the same, and those that come.
        sources: tables, by name; in this one no two rows have the same key.

    Returns:
        All rows with these columns, index as before. Where no row of the table matches they are
        missing, and a column beside the first says why; a missing key matches none, and is not
        told. A number and a text are the same if they read the same.
    """
    spec, frame = step.lookup, rows.frame
    table = sources[spec.table]
    here, there = _comparable(frame, table, spec.matched)
    left, right = pairs(here, there, Matching(on=spec.matched))
    place = np.full(len(frame), -1)
    place[left] = right
    added = {}
    for new, old in spec.taken.items():
        added[new] = table[old].reset_index(drop=True).reindex(place).set_axis(frame.index)
    unmatched = (place < 0) & here.notna().all(axis=1).to_numpy()
    if unmatched.any():
        added[next(iter(spec.taken)) + BESIDE] = _reasons(here, unmatched, spec)
    looked_up = row_parents.edges(frame.index[left], spec.table, table.index[right], "join")
    known = row_parents.concat([rows.edges, looked_up])
    return replace(rows, frame=frame.assign(**added), edges=known)


def _comparable(
    frame: pd.DataFrame, table: pd.DataFrame, matched: Mapping[str, str]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The key columns of both; as text where one of a pair is not of numbers."""
    here, there = {}, {}
    for left, right in matched.items():
        here[left], there[right] = frame[left], table[right]
        if not (is_numeric_dtype(frame[left]) and is_numeric_dtype(table[right])):
            here[left], there[right] = as_text(frame[left]), as_text(table[right])
    return pd.DataFrame(here), pd.DataFrame(there)


def _reasons(keys: pd.DataFrame, unmatched: np.ndarray, spec: Lookup.In) -> pd.Series:
    """Why a record has no row of the table; missing for those that have."""
    wanted: list[Any] = []
    for here, there in spec.matched.items():
        wanted.append(f"{there} " + as_text(keys[here][unmatched]).astype("str"))
    listed: pd.Series = wanted[0].str.cat(wanted[1:], sep=", ")
    return (f"the table {spec.table} has no row for " + listed).reindex(keys.index)


# ---------------------------------------------------------------- cross
def cross(rows: Rows, step: Cross, sources: Sources) -> Rows:
    """Every record with every row of a table or of a dataset that is per study.

    Args:
        rows: as they are before it.
        step: the table or dataset, and the columns that come.
        sources: tables and finished datasets, by name.

    Returns:
        As many rows as both have multiplied, in the order of the records and then of the table,
        numbered from 0. All are there by their record and by the row of the table.
    """
    spec, frame = step.cross, rows.frame
    other = sources[spec.with_]
    left, right = crossed(frame, other)
    numbers = np.arange(len(left))
    made = frame.take(left).set_axis(numbers)
    for new, old in spec.taken.items():
        made[new] = other[old].take(right).set_axis(numbers)
    repeated = _repeated(rows.edges, frame.index, len(other))
    brought = row_parents.edges(pd.Index(numbers), spec.with_, other.index[right], "join")
    return replace(rows, frame=made, edges=row_parents.concat([repeated, brought]))


def _repeated(known: pd.DataFrame, index: pd.Index, times: int) -> pd.DataFrame:
    """Edges of each row for each of the rows that it became, which follow one another."""
    position = index.get_indexer(pd.Index(known["row"]))
    number = (position[:, None] * times + np.arange(times)).ravel()
    repeated = known.take(np.repeat(np.arange(len(known)), times)).reset_index(drop=True)
    return repeated.assign(row=number)
