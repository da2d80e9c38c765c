"""Edges: which records a record was made of. Made by row verbs, kept beside the data, walked back to the raw cell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from pandas.api.types import union_categoricals

from ..dataset import EDGES, Dataset

Origins = Mapping[str, Sequence[tuple[str, str]]]  # variable: the (source, column) pairs it reads, nearest first


def edges(row: pd.Index, source: str, source_row: np.ndarray | pd.Index, verb: str) -> pd.DataFrame:
    """One edge for each row to a record of one source."""
    return pd.DataFrame(
        {
            "row": np.asarray(row, dtype="int64"),
            "source": _all_the_same(source, len(row)),
            "source_row": np.asarray(source_row, dtype="int64"),
            "source_column": pd.Categorical.from_codes(np.full(len(row), -1), pd.Index([], dtype="str")),
            "verb": _all_the_same(verb, len(row)),
        }
    )


def _all_the_same(name: str, length: int) -> pd.Categorical:
    return pd.Categorical.from_codes(np.zeros(length, dtype="int8"), pd.Index([name], dtype="str"))


def concat(parts: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """All edges of the parts, categories united."""
    parts = list(parts)
    columns: dict[str, Any] = {name: _united([p[name] for p in parts], kind) for name, kind in EDGES.items()}
    return pd.DataFrame(columns)


def _united(columns: list[pd.Series], kind: str) -> pd.Categorical | np.ndarray:
    if kind == "category":
        return union_categoricals(columns, sort_categories=True)
    return np.concatenate([column.to_numpy() for column in columns])


def renumber(known: pd.DataFrame, old: pd.Index | np.ndarray, new: pd.Index | np.ndarray) -> pd.DataFrame:
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


def _main(lineage: pd.DataFrame, index: pd.Index) -> pd.DataFrame:
    taken = lineage[lineage["verb"] == "take"]
    single = taken[~taken["row"].duplicated(keep=False)]
    return single.set_index("row")[["source", "source_row", "source_column"]].reindex(index)


# ---------------------------------------------------------------- walking back
def locate(cells: pd.DataFrame, datasets: Mapping[str, Dataset], origins: Mapping[str, Origins]) -> pd.DataFrame:
    """The raw cell behind each cell.

    cells: dataset, row, variable (missing: the record as a whole). Returns form, line, column with the same index;
    where several raw cells lie behind one, the first in the order of the wiring; missing where there is none.
    """
    found = pd.DataFrame({"form": None, "line": pd.Series(dtype="Int64"), "column": None}, index=cells.index)
    ahead = cells[cells["dataset"].isin(list(datasets)) & cells["row"].notna()]
    ahead = ahead[["dataset", "row", "variable"]].astype({"row": "int64", "dataset": "object", "variable": "object"})
    while len(ahead):
        groups = ((str(name), group) for name, group in ahead.groupby("dataset", sort=False))
        ahead = pd.concat([_step_back(group, datasets[name], origins[name]) for name, group in groups])
        raw = ~ahead["dataset"].isin(list(datasets))
        arrived = ahead[raw]
        found.loc[arrived.index, "form"] = arrived["dataset"]
        found.loc[arrived.index, "line"] = arrived["row"].astype("Int64")
        found.loc[arrived.index, "column"] = arrived["variable"]
        ahead = ahead[~raw]
    return found


def _step_back(cells: pd.DataFrame, dataset: Dataset, origins: Origins) -> pd.DataFrame:
    """Cells of one dataset, one step nearer to the raw data; those without a parent drop out."""
    lineage = dataset.lineage[dataset.lineage["row"].isin(cells["row"])]
    groups = cells.groupby("variable", sort=False, dropna=False)
    return pd.concat([_parents(group, lineage, origins.get(str(name), ())) for name, group in groups])


def _parents(cells: pd.DataFrame, lineage: pd.DataFrame, pairs: Sequence[tuple[str, str]]) -> pd.DataFrame:
    edge = lineage.assign(source=lineage["source"].astype("object"), cell_column=None, rank=len(pairs))
    columns = edge["source_column"].astype("object")
    melted = _any_of([(edge["source"] == source) & (columns == column) for source, column in pairs], edge.index)
    for rank, (source, column) in reversed(list(enumerate(pairs))):
        fits = (edge["source"] == source) & (~melted | (columns == column))
        edge.loc[fits, "cell_column"] = column
        edge.loc[fits, "rank"] = rank
    edge["cell_column"] = edge["cell_column"].where(edge["cell_column"].notna(), columns)
    best = edge.sort_values(["row", "rank"], kind="stable").drop_duplicates("row").set_index("row")
    best = best.reindex(cells["row"]).set_axis(cells.index)
    behind = pd.DataFrame({"dataset": best["source"], "row": best["source_row"], "variable": best["cell_column"]})
    return behind[behind["row"].notna()].astype({"row": "int64", "variable": "object"})


def _any_of(conditions: Sequence[pd.Series], index: pd.Index) -> pd.Series:
    return pd.Series(np.logical_or.reduce(conditions) if conditions else False, index=index, dtype="bool")
