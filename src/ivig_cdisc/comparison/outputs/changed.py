"""Which cells and records differ between two outputs: only their ancestors can be causes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from ... import engine
from ...dataset import Dataset
from ...lineage import RECORD, Lineage
from ...metadata import DatasetSpec, Form
from ...output import StudyOutput
from ..pairing import changes, identities, pair

SIDES = ("old", "new")
Forms = Mapping[str, pd.DataFrame]
# old, new: positions of the same record, -1 where it is in one only; way: how it was recognised
Pairs = pd.DataFrame


def paired(old: pd.DataFrame, new: pd.DataFrame, spec: DatasetSpec) -> Pairs:
    """Records of both outputs that are the same."""
    names = [variable.name for variable in spec.variables]
    dates = [v.name for v in spec.variables if v.iso8601 or v.kind != "number"]
    ways = identities(lasting(names), lasting(spec.keys), dates, _sponsor_key(names))
    return pair(old, new, ways)


def _sponsor_key(names: Sequence[str]) -> list[str]:
    """Subject and the sponsor's number; nothing where the dataset does not have both."""
    for name in names:
        if name.endswith("SPID") and "USUBJID" in names:
            return ["USUBJID", name]
    return []


def paired_lines(form: Form, old: pd.DataFrame, new: pd.DataFrame) -> Pairs:
    """Records of both exports that are the same by the form's key, whatever their line."""
    dates = [name for name, column in form.columns.items() if column.type in {"date", "time"}]
    return pair(old, new, identities(old.columns, form.key, dates))


def by_line(pairs: Pairs, old: pd.DataFrame, new: pd.DataFrame) -> Pairs:
    """Pairs by the lines of the files."""
    found = pairs.copy()
    for side, frame in zip(SIDES, (old, new), strict=True):
        if len(frame):
            lines = frame.index.to_numpy().take(pairs[side].clip(0))
            found[side] = np.where(pairs[side] < 0, -1, lines)
    return found


def counts(name: str) -> bool:
    """A number that is given by the order of records, not by what is recorded."""
    return name.endswith("SEQ")


def lasting(names: Iterable[str]) -> list[str]:
    """Those of the variables that do not depend on the order of records."""
    return [name for name in names if not counts(name)]


def walkable(opened: StudyOutput, forms: Forms) -> Lineage:
    """The lineage of an output with the values of all steps on the way that can be made again."""
    made: dict[str, Dataset] = dict(opened.datasets)
    if forms:
        for name, plan in opened.plans.items():
            if name not in made:
                made[name] = engine.run(plan, forms, made)
    frames = {name: dataset.frame for name, dataset in made.items()}
    return replace(opened.lineage, frames=frames)


@dataclass(frozen=True)
class Changed:
    """What differs in the datasets that both outputs have.

    cells: row and column of one side that are not the same in the other. alone: rows that are
        missing on the other side. moved: rows that are made of other records there.
    """

    columns: Mapping[str, frozenset[str]]
    cells: Mapping[str, pd.MultiIndex]
    alone: Mapping[str, pd.Index]
    moved: Mapping[str, pd.Index]
    others: Mapping[str, pd.Series]  # the row of the same record on the other side, by row

    def follow(self, name: str, cells: pd.DataFrame, *, sequences: bool) -> np.ndarray:
        """Cells whose ancestors may be a cause.

        Those that differ, and those of which it is not known.

        sequences: also numbers that the order of records gives.
        """
        if name not in self.columns:
            return np.ones(len(cells), dtype=bool)
        row, column = cells["row"], cells["column"]
        alone = row.isin(self.alone[name])
        other = alone | ~column.isin(list(self.columns[name]))
        other |= pd.MultiIndex.from_arrays([row, column]).isin(self.cells[name])
        if not sequences:
            other &= ~column.str.endswith("SEQ")
        there = alone | row.isin(self.moved[name])
        return np.where(column == RECORD, there, other)


def compared(
    lineages: tuple[Lineage, Lineage], specs: Iterable[DatasetSpec], lines: Mapping[str, Pairs]
) -> tuple[Changed, Changed]:
    """What differs on the old and on the new side.

    lines: of both exports, by form, where these are known.
    """
    pairs, old, new = dict(lines), _Sides(), _Sides()
    for spec in specs:
        name = spec.name
        before, after = lineages[0].frames.get(name), lineages[1].frames.get(name)
        if before is not None and after is not None:
            pairs[name] = paired(before, after, spec)
            _add(old, new, name, before, after, pairs[name])
            moved = _moved(name, lineages, pairs)
            for side, found in zip(SIDES, (old, new), strict=True):
                here = pairs[name][side]
                found.moved[name] = pd.Index(here[here.index.isin(moved) & (here >= 0)])
    return old.changed, new.changed


@dataclass(frozen=True)
class _Sides:
    """What differs on one side, as far as datasets were looked at."""

    columns: dict[str, frozenset[str]] = field(default_factory=dict)
    cells: dict[str, pd.MultiIndex] = field(default_factory=dict)
    alone: dict[str, pd.Index] = field(default_factory=dict)
    moved: dict[str, pd.Index] = field(default_factory=dict)
    others: dict[str, pd.Series] = field(default_factory=dict)

    @property
    def changed(self) -> Changed:
        return Changed(self.columns, self.cells, self.alone, self.moved, self.others)


def _add(
    old: _Sides, new: _Sides, name: str, before: pd.DataFrame, after: pd.DataFrame, pairs: Pairs
) -> None:
    cells = changes(before, after, pairs, list(before.columns))
    for side, other, found in (("old", "new", old), ("new", "old", new)):
        found.columns[name] = frozenset(before.columns)
        rows = cells[f"{side}_row"].astype("int64")
        found.cells[name] = pd.MultiIndex.from_arrays([rows, cells["variable"]])
        found.alone[name] = pd.Index(pairs.loc[pairs[other] < 0, side])
        both = pairs[(pairs["old"] >= 0) & (pairs["new"] >= 0)]
        found.others[name] = both.set_index(side)[other]


def _moved(name: str, lineages: tuple[Lineage, Lineage], pairs: Mapping[str, Pairs]) -> pd.Index:
    """Records that are made of other records on one side than on the other.

    By their place in the pairs.
    """
    parts = []
    for lineage, side in zip(lineages, SIDES, strict=True):
        edges = _renumbered(name, lineage.edges[name], pairs, side)
        parts.append(edges.drop_duplicates())
    single = pd.concat(parts).drop_duplicates(keep=False)
    rows: pd.Index = pd.Index(single["row"].unique())
    return rows


def _renumbered(
    name: str, edges: pd.DataFrame, pairs: Mapping[str, Pairs], side: str
) -> pd.DataFrame:
    """Edges with records by their place in the pairs, which is the same on both sides.

    -1 where they are not paired.
    """
    typed = edges.astype({"source": "str", "verb": "str", "source_column": "object"})
    found = typed.assign(row=_place(pairs[name], side, edges["row"]))
    for source in found["source"].unique():
        mine = found["source"] == source
        if source in pairs:
            rows = edges.loc[mine, "source_row"]
            found.loc[mine, "source_row"] = _place(pairs[source], side, rows)
        else:
            found.loc[mine, "source_row"] = -1
    return found


def _place(pairs: Pairs, side: str, rows: pd.Series) -> np.ndarray:
    there = pairs[pairs[side] >= 0]
    return rows.map(pd.Series(there.index, index=there[side])).fillna(-1).to_numpy("int64")
