"""The one walk back: from any cell to the raw cells that went into it or decided about it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import cast

import numpy as np
import pandas as pd

from ..dataset import Dataset
from ..metadata import LINE
from .origins import RECORD, SELF, Inputs
from .table import ANY_COLUMN, SAME_DATASET, DatasetTable

AT_ONCE = 256  # cells whose ancestors are looked for together: bounds memory
ANCESTORS = ["cell", "form", "line", "column", "is_value"]
CELLS = ["start", "row", "column", "is_value"]
LINK = [*CELLS, "source", "source_row", "source_column", "into_value", "rank"]
NO_CELLS, NO_LINKS = pd.DataFrame(columns=CELLS), pd.DataFrame(columns=LINK)
Follow = Callable[[str, pd.DataFrame], np.ndarray]  # which cells of a dataset to go on from


@dataclass(frozen=True)
class Lineage:
    """What there is to walk on.

    inputs  origins of every column, by dataset, in the order in which datasets are made; a table
            of the specs has none
    edges   parents of every record, by dataset; columns as dataset.EDGES
    frames  values, for groups of records; of a dataset without one, all records are one group
    """

    inputs: Mapping[str, Inputs]
    edges: Mapping[str, pd.DataFrame]
    frames: Mapping[str, pd.DataFrame]
    _tables: dict[str, DatasetTable] = field(default_factory=dict, repr=False)

    @property
    def without_raw(self) -> list[str]:
        """The tables, and the datasets that are made of nothing else, as the trial's design is."""
        found: list[str] = []
        for name, columns in self.inputs.items():
            sources = {origin.source for origins in columns.values() for origin in origins}
            if sources <= {SELF, *found}:
                found.append(name)
        return found

    @classmethod
    def of(cls, inputs: Mapping[str, Inputs], datasets: Mapping[str, Dataset]) -> Lineage:
        """The lineage of datasets in memory.

        Args:
            inputs: as `lineage.inputs` gives them.
            datasets: those that were made, by name.
        """
        edges: dict[str, pd.DataFrame] = {}
        frames: dict[str, pd.DataFrame] = {}
        for name, dataset in datasets.items():
            edges[name] = dataset.lineage
            frames[name] = dataset.frame
        return cls(inputs, edges, frames)

    def is_made(self, name: str) -> bool:
        """Whether it is a dataset, of which there is a way further back; not so of a table."""
        return bool(self.inputs.get(name))

    def table(self, name: str) -> DatasetTable:
        """The dataset prepared for walking; one that is not there has no edges."""
        if name not in self._tables:
            origins, edges = self.inputs.get(name, {}), self.edges.get(name)
            self._tables[name] = DatasetTable(origins, edges, self.frames.get(name))
        return self._tables[name]


# ---------------------------------------------------------------- one step
def parents(
    lineage: Lineage, name: str, cells: pd.DataFrame, *, inside: bool = True
) -> pd.DataFrame:
    """From each of these cells of a dataset to the cells that it is made of or decided by.

    Args:
        lineage: of the whole study.
        name: of the dataset.
        cells: of that dataset; columns start, row, column, is_value.
        inside: whether columns on the way in the dataset are links of their own; else only cells of
            its sources are linked.

    Returns:
        Columns LINK, one row per link; none for cells that are not there.
    """
    table = lineage.table(name)
    wanted = [table.origins(str(column), inside=inside) for column in cells["column"].unique()]
    if not sum(map(len, wanted)):
        return NO_LINKS
    asked = cells.merge(pd.concat(wanted, ignore_index=True), on="column")
    asked["into_value"] &= asked["is_value"]
    alone = asked["groups"].isna()
    of_record = asked[alone].assign(at=asked.loc[alone, "row"])
    every = _concat([of_record, *_of_groups(table, asked[~alone])])
    is_own = every["kind"] == SAME_DATASET
    own, other = every[is_own], every[~is_own].drop(columns="turn")
    own = own.assign(source=name, source_row=own["at"])
    parent = other.merge(table.parents.rename(columns={"row": "at"}), on=["at", "kind"])
    is_needed = (parent["needed"] == ANY_COLUMN) | (parent["needed"] == parent["turn"])
    return _concat([NO_LINKS, own[LINK], parent.loc[is_needed, LINK]])


def _concat(parts: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """The parts one after another; those without rows do not decide the types of the columns."""
    parts = list(parts)
    filled = [part for part in parts if len(part)]
    if not filled:
        return parts[0]
    return pd.concat(filled, ignore_index=True)


def _of_groups(table: DatasetTable, asked: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """What is asked of groups, asked of each of their records."""
    for (groups, flag), part in asked.groupby(["groups", "flag"], sort=False):
        numbers = table.group(cast("tuple[str, ...]", groups))
        members = pd.DataFrame({"group": numbers, "at": numbers.index})
        if str(flag):
            members = members[members["at"].isin(table.flagged(str(flag)))]
        grouped = part.assign(group=part["row"].map(numbers))
        yield grouped.merge(members, on="group").drop(columns="group")


# ---------------------------------------------------------------- all the way
def ancestors(lineage: Lineage, cells: pd.DataFrame, follow: Follow | None = None) -> pd.DataFrame:
    """The raw cells that each cell was made of, with the reason why.

    Args:
        lineage: of the whole study.
        cells: columns dataset, row, variable; a missing variable asks for the record as a whole.
        follow: which cells of a dataset to go on from, as a mask; without it, from all.

    Returns:
        Columns ANCESTORS, in the order of cells, forms, lines and columns. cell is the index of
        `cells`; is_value says that the raw cell's value went into the cell's, else it decided
        whether or which: by a selection of records, their order, keys of joins, or a condition.
        Nothing for cells that are not there.
    """
    found = [pd.DataFrame(columns=ANCESTORS)]
    for at in range(0, len(cells), AT_ONCE):
        found.append(_ancestors_of(lineage, cells.iloc[at : at + AT_ONCE], follow))
    kinds = {
        "cell": cells.index.dtype,
        "form": "str",
        "line": "int64",
        "column": "str",
        "is_value": "bool",
    }
    return _concat(found).astype(kinds)


def _ancestors_of(lineage: Lineage, cells: pd.DataFrame, follow: Follow | None) -> pd.DataFrame:
    columns = ["start", "source", "source_row", "source_column", "into_value"]
    raw = [NO_LINKS[columns]]
    for _, links in walk(lineage, cells, follow):
        arrived = ~links["source"].isin(list(lineage.inputs)) & (links["source_column"] != RECORD)
        raw.append(links.loc[arrived, columns])
    every = _concat(raw).set_axis(ANCESTORS, axis=1)
    if every.empty:
        return every
    every["column"] = every["column"].str.removesuffix(".missing")
    values_first = every.sort_values("is_value", ascending=False, kind="stable")
    distinct = values_first.drop_duplicates(ANCESTORS[:4])
    ordered = distinct.sort_values(ANCESTORS[:4], kind="stable", ignore_index=True)
    return ordered.assign(cell=cells.index.take(ordered["cell"].to_numpy("int64")))


def walk(
    lineage: Lineage, cells: pd.DataFrame, follow: Follow | None = None
) -> Iterator[tuple[str, pd.DataFrame]]:
    """Every link on the way back from these cells, by dataset from the last made to the first.

    Args:
        lineage: of the whole study.
        cells: as for `ancestors`; where is_value is False, all ancestors of the cell only decide.
        follow: as for `ancestors`.

    Returns:
        Names of datasets, each with columns LINK; `start` is the cell's position. A dataset comes
        again for each further step inside it.
    """
    waiting = _by_dataset(_starts(cells))
    for name in reversed(list(lineage.inputs)):
        ahead = _distinct(waiting.pop(name, []))
        seen = ahead
        while len(ahead):
            links = parents(lineage, name, ahead)
            links = _followed(lineage, links, follow)
            yield name, links
            for source, part in links.groupby("source", sort=False):
                if lineage.is_made(str(source)) and source != name:
                    waiting.setdefault(str(source), []).append(_cells(part))
            inside = _cells(links[links["source"] == name])
            ahead = _fresh(_distinct([inside]), seen)
            seen = pd.concat([seen, ahead])


def _starts(cells: pd.DataFrame) -> pd.DataFrame:
    """The cells to begin with, by their positions; those of no dataset or row are left out."""
    dataset = cells["dataset"].astype("object").to_numpy()
    variable = cells["variable"].astype("object")
    starts = pd.DataFrame({"dataset": dataset, "start": np.arange(len(cells))})
    starts["row"] = cells["row"].to_numpy()
    starts["column"] = variable.where(variable.notna(), RECORD).to_numpy()
    starts["is_value"] = True
    if "is_value" in cells:
        starts["is_value"] = cells["is_value"].to_numpy(bool)
    is_place = starts["row"].notna() & starts["dataset"].notna()
    return starts[is_place].astype({"row": "int64"})


def _cells(links: pd.DataFrame) -> pd.DataFrame:
    """The cells that links lead to."""
    return links[["start", "source_row", "source_column", "into_value"]].set_axis(CELLS, axis=1)


def _distinct(parts: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """The cells of all parts, each once."""
    found = _concat([NO_CELLS, *parts])[CELLS]
    return found.astype({"row": "int64", "is_value": "bool"}).drop_duplicates()


def _fresh(cells: pd.DataFrame, seen: pd.DataFrame) -> pd.DataFrame:
    """Cells that were not seen before."""
    if cells.empty:
        return cells
    again = pd.concat([seen, cells]).duplicated().to_numpy()[len(seen) :]
    return cells[~again]


def _followed(lineage: Lineage, links: pd.DataFrame, follow: Follow | None) -> pd.DataFrame:
    """The links to raw cells, and to those cells of datasets that are let through."""
    if follow is None or links.empty:
        return links
    keep = np.ones(len(links), dtype=bool)
    for source in links["source"].unique():
        here = (links["source"] == source).to_numpy()
        if lineage.is_made(str(source)):
            keep[here] = follow(str(source), _cells(links[here]))
    return links[keep]


# ---------------------------------------------------------------- the nearest raw cell
def locate(lineage: Lineage, cells: pd.DataFrame) -> pd.DataFrame:
    """The one raw cell to look at for each cell.

    The first of those whose value went in, else the first that decided, in the order of the wiring.

    Args:
        lineage: of the whole study.
        cells: as for `ancestors`.

    Returns:
        Columns form, line (Int64) and column, the index as given. All are missing where there is no
        raw cell; the column alone where the record as a whole is the place.
    """
    arrived: list[pd.DataFrame] = []
    waiting = _by_dataset(_starts(cells))
    for name in reversed(list(lineage.inputs)):
        if name in waiting:
            near = _nearest(lineage, name, pd.concat(waiting.pop(name)))
            for source, part in _by_dataset(near).items():
                if source in lineage.inputs:
                    waiting.setdefault(source, []).extend(part)
                else:
                    arrived.extend(part)
    missing = {"form": None, "line": pd.Series(dtype="Int64"), "column": None}
    found = pd.DataFrame(missing, index=cells.index)
    if arrived:
        raw = pd.concat(arrived)
        at = raw["start"].to_numpy("int64")
        column = raw["column"].str.removesuffix(".missing")
        found.iloc[at, 0] = raw["dataset"].to_numpy()
        found.iloc[at, 1] = raw["row"].astype("Int64").array
        found.iloc[at, 2] = column.where(~column.isin([RECORD, LINE]), None).to_numpy()
    return found


def _by_dataset(cells: pd.DataFrame) -> dict[str, list[pd.DataFrame]]:
    return {str(name): [part] for name, part in cells.groupby("dataset", sort=False)}


def _nearest(lineage: Lineage, name: str, cells: pd.DataFrame) -> pd.DataFrame:
    """The first parent of each cell of a dataset, in its sources."""
    links = parents(lineage, name, cells[CELLS], inside=False)
    links = links[~links["source"].isin(lineage.without_raw)]
    order = {"start": True, "into_value": False, "rank": True}
    best = links.sort_values(list(order), ascending=list(order.values()), kind="stable")
    first = best.drop_duplicates("start")[["source", "start", "source_row", "source_column"]]
    nearest = first.set_axis(["dataset", *CELLS[:3]], axis=1)
    return nearest.assign(is_value=True).astype({"row": "int64"})
