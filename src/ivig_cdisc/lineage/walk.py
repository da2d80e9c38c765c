"""The one walk back: from any cell to the raw cells that went into it or decided about it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from ..dataset import Dataset
from ..metadata import LINE
from .links import Cells, Codes, Links, all_cells, all_links, fresh, no_cells, no_links
from .origins import RECORD, SELF, Inputs
from .table import SAME_DATASET, DatasetTable, Steps

AT_ONCE = 1024  # cells whose ancestors are looked for together: bounds memory
ANCESTORS = ["cell", "form", "line", "column", "is_value"]
LINK = list(Links._fields)
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
    codes: Codes = field(default_factory=Codes, init=False, repr=False)
    _tables: dict[str, DatasetTable] = field(default_factory=dict, init=False, repr=False)

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
            frame = self.frames.get(name)
            self._tables[name] = DatasetTable(name, self.codes, origins, edges, frame)
        return self._tables[name]


# ---------------------------------------------------------------- one step
def parents(lineage: Lineage, name: str, cells: Cells, *, inside: bool = True) -> Links:
    """From each of these cells of a dataset to the cells that it is made of or decided by.

    Args:
        lineage: of the whole study.
        name: of the dataset.
        cells: of that dataset.
        inside: whether columns on the way in the dataset are links of their own; else only cells of
            its sources are linked.

    Returns:
        The links; none for cells that are not there.
    """
    if not len(cells):
        return no_links()
    table = lineage.table(name)
    entries, steps = _asked(lineage, table, cells, inside=inside)
    parts = []
    for group in np.unique(steps.group):
        chosen = np.flatnonzero(steps.group == group)
        part, row = steps.at(chosen), cells.row[entries[chosen]]
        among, at = np.arange(len(chosen)), row
        if group >= 0:
            among, at = table.members(int(group), row)
        parts.append(_linked(table, cells.at(entries[chosen[among]]), part.at(among), at))
    return all_links(parts)


def _asked(
    lineage: Lineage, table: DatasetTable, cells: Cells, *, inside: bool
) -> tuple[np.ndarray, Steps]:
    """The positions of the cells, once for each origin of their columns, and the origins."""
    columns = pd.unique(cells.column)
    entries, steps = [], []
    for column, text in zip(columns, lineage.codes.texts(columns), strict=True):
        of_column = table.steps(str(text), inside=inside)
        here = np.flatnonzero(cells.column == column)
        number = len(of_column.kind)
        entries.append(np.repeat(here, number))
        steps.append(of_column.at(np.tile(np.arange(number), len(here))))
    return np.concatenate(entries), Steps(*map(np.concatenate, zip(*steps, strict=True)))


def _linked(table: DatasetTable, cells: Cells, steps: Steps, at: np.ndarray) -> Links:
    """The links of cells by their origins, as seen from the records at which these are."""
    is_own = steps.kind == SAME_DATASET
    own, other = np.flatnonzero(is_own), np.flatnonzero(~is_own)
    found, source_row = table.parents(at[other], steps.kind[other], steps.needed[other])
    chosen = np.concatenate([own, other[found]])
    cells, steps = cells.at(chosen), steps.at(chosen)
    return Links(
        *cells,
        source=steps.source,
        source_row=np.concatenate([at[own], source_row]),
        source_column=steps.source_column,
        into_value=steps.into_value & cells.is_value,
        rank=steps.rank,
    )


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
    return pd.concat(found, ignore_index=True).astype(kinds)


def _ancestors_of(lineage: Lineage, cells: pd.DataFrame, follow: Follow | None) -> pd.DataFrame:
    made = [lineage.codes.number(name) for name in lineage.inputs]
    record = lineage.codes.number(RECORD)
    raw = []
    for _, links in _walk(lineage, cells, follow):
        arrived = ~np.isin(links.source, made) & (links.source_column != record)
        raw.append(links.at(arrived))
    links = all_links(raw)
    every = pd.DataFrame(
        {
            "cell": links.start,
            "form": lineage.codes.texts(links.source),
            "line": links.source_row,
            "column": lineage.codes.texts(links.source_column),
            "is_value": links.into_value,
        }
    )
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
    for name, links in _walk(lineage, cells, follow):
        told = links._asdict()
        for column in ("column", "source", "source_column"):
            told[column] = lineage.codes.texts(told[column])
        yield name, pd.DataFrame(told, columns=LINK)


def _walk(
    lineage: Lineage, cells: pd.DataFrame, follow: Follow | None
) -> Iterator[tuple[str, Links]]:
    """The links of `walk`, as numbers."""
    waiting: dict[int, list[Cells]] = {}
    for start, (part,) in _by_dataset(_starts(cells)).items():
        waiting[lineage.codes.number(start)] = [_numbered(lineage, part)]
    made = {lineage.codes.number(name) for name in lineage.inputs if lineage.is_made(name)}
    for name in reversed(list(lineage.inputs)):
        here = lineage.codes.number(name)
        ahead = fresh(all_cells(waiting.pop(here, [])), no_cells())
        seen = ahead
        while len(ahead):
            links = _followed(lineage, parents(lineage, name, ahead), follow)
            yield name, links
            for source in np.unique(links.source):
                if source in made and source != here:
                    there = links.at(links.source == source)
                    waiting.setdefault(int(source), []).append(there.cells)
            inside = links.at(links.source == here)
            ahead = fresh(inside.cells, seen)
            seen = all_cells([seen, ahead])


def _numbered(lineage: Lineage, cells: pd.DataFrame) -> Cells:
    return Cells(
        start=cells["start"].to_numpy("int64"),
        row=cells["row"].to_numpy("int64"),
        column=lineage.codes.numbers(cells["column"]),
        is_value=cells["is_value"].to_numpy("bool"),
    )


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


def _followed(lineage: Lineage, links: Links, follow: Follow | None) -> Links:
    """The links to raw cells, and to those cells of datasets that are let through."""
    if follow is None:
        return links
    keep = np.ones(len(links), dtype=bool)
    for source in np.unique(links.source):
        name = str(lineage.codes.texts(np.array([source]))[0])
        if lineage.is_made(name):
            here = links.source == source
            cells = pd.DataFrame(links.at(here).cells._asdict())
            named = cells.assign(column=lineage.codes.texts(cells["column"].to_numpy()))
            keep[here] = follow(name, named)
    return links.at(keep)


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
    links = parents(lineage, name, _numbered(lineage, cells), inside=False)
    designed = [lineage.codes.number(source) for source in lineage.without_raw]
    links = links.at(~np.isin(links.source, designed))
    best = links.at(np.lexsort([links.rank, ~links.into_value, links.start]))
    first = best.at(~pd.Series(best.start).duplicated().to_numpy())
    return pd.DataFrame(
        {
            "dataset": lineage.codes.texts(first.source),
            "start": first.start,
            "row": first.source_row,
            "column": lineage.codes.texts(first.source_column),
            "is_value": True,
        }
    )
