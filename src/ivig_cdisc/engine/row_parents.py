"""Edges: which records a record was made of. Made by row verbs and kept beside the data."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd
from pandas.api.types import union_categoricals

from ..dataset import EDGES


def edges(row: pd.Index, source: str, source_row: np.ndarray | pd.Index, verb: str) -> pd.DataFrame:
    """One edge for each row to a record of one source."""
    return pd.DataFrame(
        {
            "row": np.asarray(row, dtype="int64"),
            "source": _all_the_same(source, len(row)),
            "source_row": np.asarray(source_row, dtype="int64"),
            "source_column": pd.Categorical.from_codes(
                np.full(len(row), -1), pd.Index([], dtype="str")
            ),
            "verb": _all_the_same(verb, len(row)),
            "branch": np.full(len(row), -1),
        }
    )


def _all_the_same(name: str, length: int) -> pd.Categorical:
    return pd.Categorical.from_codes(np.zeros(length, dtype="int8"), pd.Index([name], dtype="str"))


def concat(parts: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """All edges of the parts, categories united."""
    parts = list(parts)
    columns: dict[str, Any] = {
        name: _united([p[name] for p in parts], kind) for name, kind in EDGES.items()
    }
    return pd.DataFrame(columns)


def _united(columns: list[pd.Series], kind: str) -> pd.Categorical | np.ndarray:
    if kind == "category":
        return union_categoricals(columns, sort_categories=True)
    return np.concatenate([column.to_numpy() for column in columns])


def renumber(
    known: pd.DataFrame, old: pd.Index | np.ndarray, new: pd.Index | np.ndarray
) -> pd.DataFrame:
    """Edges of the rows `old`, which are now called `new`; edges of other rows are gone."""
    position = pd.Index(old).get_indexer(known["row"])
    numbers = np.asarray(new, dtype="int64")[position[position >= 0]]
    kept: pd.DataFrame = known[position >= 0].assign(row=numbers)
    return kept


def settle(known: pd.DataFrame) -> pd.DataFrame:
    """Edges in the order of rows, takes before joins, as a finished dataset has them."""
    rank = (known["verb"] != "take").to_numpy()
    order = np.lexsort((rank, known["row"].to_numpy()))
    return known.iloc[order].reset_index(drop=True)


# ---------------------------------------------------------------- what the edges say of a row
def source_dataset(lineage: pd.DataFrame, index: pd.Index) -> pd.Series:
    """Name of the source of each row; missing where a row was made of several records."""
    return _main(lineage, index)["source"].astype("str")


def source_record(lineage: pd.DataFrame, index: pd.Index) -> pd.Series:
    """Row of each row's source record; missing where there are several."""
    return _main(lineage, index)["source_row"]


def source_column(lineage: pd.DataFrame, index: pd.Index) -> pd.Series:
    """Column of the source that became the row; missing where the source was not melted."""
    return _main(lineage, index)["source_column"].astype("object")


def source_branch(lineage: pd.DataFrame, index: pd.Index) -> pd.Series:
    """Branch of the stack through which each row came; -1 where there is none."""
    return _main(lineage, index)["branch"].fillna(-1).astype("int64")


def _main(lineage: pd.DataFrame, index: pd.Index) -> pd.DataFrame:
    taken = lineage[lineage["verb"] == "take"]
    single = taken[~taken["row"].duplicated(keep=False)]
    return single.set_index("row")[["source", "source_row", "source_column", "branch"]].reindex(
        index
    )
