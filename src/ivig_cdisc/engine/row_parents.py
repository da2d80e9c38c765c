"""Edges: which records a record was made of. Made by row verbs and kept beside the data."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd
from pandas.api.types import union_categoricals

from ..dataset import EDGES


def edges(row: pd.Index, source: str, source_row: np.ndarray | pd.Index, verb: str) -> pd.DataFrame:
    """One edge for each row to a record of one source.

    Args:
        row: index of the rows.
        source: the raw form or dataset.
        source_row: for each row the index of its record there.
        verb: take or join.

    Returns:
        The edges, columns EDGES, numbered from 0; no source column, and branch -1.
    """
    no_column = pd.Categorical.from_codes(np.full(len(row), -1), pd.Index([], dtype="str"))
    return pd.DataFrame(
        {
            "row": np.asarray(row, dtype="int64"),
            "source": all_the_same(source, len(row)),
            "source_row": np.asarray(source_row, dtype="int64"),
            "source_column": no_column,
            "verb": all_the_same(verb, len(row)),
            "branch": np.full(len(row), -1),
        }
    )


def all_the_same(name: str, length: int) -> pd.Categorical:
    """One text in so many rows, held once."""
    return pd.Categorical.from_codes(np.zeros(length, dtype="int8"), pd.Index([name], dtype="str"))


def concat(parts: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """All edges of the parts one after another, categories united.

    Args:
        parts: edges, of one part or more.

    Returns:
        The edges, columns EDGES, numbered from 0.
    """
    parts = list(parts)
    columns: dict[str, Any] = {}
    for name, kind in EDGES.items():
        columns[name] = _united([part[name] for part in parts], kind)
    return pd.DataFrame(columns)


def _united(columns: list[pd.Series], kind: str) -> pd.Categorical | np.ndarray:
    if kind == "category":
        return union_categoricals(columns, sort_categories=True)
    return np.concatenate([column.to_numpy() for column in columns])


def renumber(
    known: pd.DataFrame, old: pd.Index | np.ndarray, new: pd.Index | np.ndarray
) -> pd.DataFrame:
    """Edges of rows that get a new index; edges of other rows are gone.

    Args:
        known: edges by the old index.
        old: index of the rows that stay.
        new: what each of them is called now.

    Returns:
        The edges by the new index, in the order as before.
    """
    position = pd.Index(old).get_indexer(known["row"])
    numbers = np.asarray(new, dtype="int64")[position[position >= 0]]
    kept: pd.DataFrame = known[position >= 0].assign(row=numbers)
    return kept


def settle(known: pd.DataFrame) -> pd.DataFrame:
    """Edges in the order of rows, takes before joins, as a finished dataset has them.

    Args:
        known: edges in any order.

    Returns:
        The edges, numbered from 0.
    """
    rank = (known["verb"] != "take").to_numpy()
    order = np.lexsort((rank, known["row"].to_numpy()))
    return known.iloc[order].reset_index(drop=True)


# ---------------------------------------------------------------- what the edges say of a row
def source_dataset(lineage: pd.DataFrame, index: pd.Index) -> pd.Series:
    """Name of the source of each row.

    Args:
        lineage: edges of the rows.
        index: of the rows.

    Returns:
        The names, by the index; missing where a row was made of several records.
    """
    return _main(lineage, index)["source"].astype("str")


def source_record(lineage: pd.DataFrame, index: pd.Index) -> pd.Series:
    """Row of each row's source record.

    Args:
        lineage: edges of the rows.
        index: of the rows.

    Returns:
        The row in the source, by the index; missing where there are several.
    """
    return _main(lineage, index)["source_row"]


def source_column(lineage: pd.DataFrame, index: pd.Index) -> pd.Series:
    """Column of the source that became the row.

    Args:
        lineage: edges of the rows.
        index: of the rows.

    Returns:
        The columns, by the index; missing where the source was not melted.
    """
    return _main(lineage, index)["source_column"].astype("object")


def source_branch(lineage: pd.DataFrame, index: pd.Index) -> pd.Series:
    """Branch of the stack through which each row came.

    Args:
        lineage: edges of the rows.
        index: of the rows.

    Returns:
        The branches counted from 0, by the index; -1 where there is none.
    """
    return _main(lineage, index)["branch"].fillna(-1).astype("int64")


def _main(lineage: pd.DataFrame, index: pd.Index) -> pd.DataFrame:
    """The one record that each row was taken from; all missing where there are several."""
    taken = lineage[lineage["verb"] == "take"]
    single = taken[~taken["row"].duplicated(keep=False)].set_index("row")
    return single[["source", "source_row", "source_column", "branch"]].reindex(index)
