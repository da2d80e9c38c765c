"""The derivation of one cell as a tree.

Value, rule, inputs, down to the raw cells and what was typed there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Protocol

import pandas as pd

from .. import derive, engine, raw
from ..dataset import Dataset
from ..engine import Plan
from ..metadata import Study, Wiring
from .on_demand import OnDemand
from .origins import RECORD
from .record import shown
from .walk import LINK, Lineage, walk

COPIED = "as in the source record"
PLACE = ("file", "line", "column", "verbatim")
Place = tuple[str, int, str]  # dataset, row, column


class Output(Protocol):
    """What is in an output folder, as output.open_output gives it."""

    @property
    def out(self) -> Path: ...
    @property
    def study(self) -> Study: ...
    @property
    def plans(self) -> Mapping[str, Plan]: ...
    @property
    def datasets(self) -> Mapping[str, Dataset]: ...
    @property
    def lineage(self) -> Lineage: ...


@dataclass(frozen=True)
class Node:
    """One cell and what it was made of.

    A leaf is a cell of the raw export, or a constant of the spec.
    """

    dataset: str  # or the raw file
    row: int  # or the line of the raw file
    column: str
    value: str | None  # None where it is missing; what was typed, for a raw cell that is known
    rule: str
    inputs: tuple[Node, ...] = ()
    raw: bool = False
    again: bool = False  # stands above in the tree with its inputs
    decided: tuple[Node, ...] = ()  # at the root: raw cells that decided and gave no value

    def leaves(self) -> Iterator[Node]:
        """The raw cells behind the cell, those that decided last."""
        if self.raw:
            yield self
        for node in (*self.inputs, *self.decided):
            yield from node.leaves()

    @property
    def place(self) -> str:
        """Where the cell is: labs.csv:12:result, or LB.LBORRES [11]."""
        if self.raw:
            return f"{self.dataset}:{self.row}:{self.column}"
        return f"{self.dataset}.{self.column} [{self.row}]"

    def __str__(self) -> str:
        from .tree_text import as_text

        return as_text(self)


@dataclass(frozen=True)
class DerivationTrees:
    """Makes trees for the cells of one output folder.

    With the raw export it also knows what was typed.
    """

    opened: Output
    export: Path | None = None

    # ------------------------------------------------------------ what there is
    @cached_property
    def taken(self) -> raw.Raw | None:
        return raw.read(self.export, self.opened.study) if self.export else None

    @cached_property
    def frames(self) -> Mapping[str, pd.DataFrame]:
        """All columns of every dataset that can be made again, working columns too.

        Else what the files hold.
        """
        datasets = self.opened.datasets
        if self.taken is None:
            return OnDemand(datasets, self._from_files)
        made: dict[str, Dataset] = {}
        frames = {}
        for name, plan in self.opened.plans.items():
            made[name] = engine.run(plan, self.taken.forms, made)
            frames[name] = engine.carry_out(plan, self.taken.forms, made).frame
        others = [name for name in datasets if name not in frames]
        return {**{name: datasets[name].frame for name in others}, **frames}

    def _from_files(self, name: str) -> pd.DataFrame:
        """All columns of a dataset that is made of datasets alone; else those of its file."""
        datasets, plan = self.opened.datasets, self.opened.plans.get(name)
        if plan is None or any(source not in datasets for source in _sources(plan)):
            return datasets[name].frame
        made_from = {source: datasets[source] for source in _sources(plan)}
        return engine.carry_out(plan, {}, made_from).frame

    @cached_property
    def lineage(self) -> Lineage:
        return replace(self.opened.lineage, frames=self.frames)

    # ------------------------------------------------------------ trees
    def tree(self, dataset: str, row: int, column: str) -> Node:
        """The derivation of one cell; an input that is a duplicate is told once."""
        cell = pd.DataFrame({"dataset": [dataset], "row": [row], "variable": [column]})
        known = [links.assign(dataset=name) for name, links in walk(self.lineage, cell)]
        links = pd.concat(known) if known else pd.DataFrame(columns=["dataset", *LINK])
        giving = links[links["into_value"].astype(bool)].sort_values("rank", kind="stable")
        root = self._cell((dataset, row, column), _children(giving), set())
        giving_cells = set(root.leaves())
        decided = tuple(one for one in self._deciding(links) if one not in giving_cells)
        return self._with_typed(replace(root, decided=decided))

    def _cell(self, place: Place, children: Mapping[Place, list[Place]], told: set[Place]) -> Node:
        dataset, row, column = place
        if dataset in self.opened.study.forms:
            return self._raw_cell(dataset, row, column)
        value, wiring = self._value(dataset, row, column), self._wiring(dataset, column)
        rule = _rule(wiring) if wiring else COPIED
        if place in told:
            return Node(dataset, row, column, value, rule, again=True)
        told.add(place)
        inputs = tuple(self._cell(one, children, told) for one in children.get(place, ()))
        return Node(dataset, row, column, value, rule, inputs)

    def _wiring(self, dataset: str, column: str) -> Wiring | None:
        plan = self.opened.plans.get(dataset)
        return plan.wirings.get(column) if plan else None

    def _deciding(self, links: pd.DataFrame) -> list[Node]:
        """Raw cells that decide, in the order of files, lines and columns."""
        is_raw = links["source"].isin(list(self.opened.study.forms))
        is_cell = links["source_column"] != RECORD
        decides = links[is_raw & is_cell & ~links["into_value"].astype(bool)]
        places = decides[["source", "source_row", "source_column"]].drop_duplicates()
        cells = [self._raw_cell(*place) for place in sorted(places.itertuples(index=False))]
        return list(dict.fromkeys(cells))  # a cell and the reason why it is empty are one

    # ------------------------------------------------------------ values
    def _value(self, dataset: str, row: int, column: str) -> str | None:
        frame = self.frames.get(dataset)
        if frame is None or column not in frame:
            return None
        return shown(frame[column].loc[row])

    def _raw_cell(self, form: str, line: int, column: str) -> Node:
        file = self.opened.study.forms[form].file
        return Node(file, line, column.removesuffix(".missing"), None, "as typed", raw=True)

    def _with_typed(self, node: Node) -> Node:
        """The tree with what was typed in its raw cells, where the raw export is given."""
        if self.taken is None:
            return node
        leaves = dict.fromkeys(node.leaves())
        places = [(leaf.dataset, leaf.row, leaf.column, None) for leaf in leaves]
        cells = pd.DataFrame(places, columns=list(PLACE))
        typed = raw.add_verbatim(cells, self.taken.files, self.opened.study)
        texts: dict[Place, str | None] = {}
        for file, line, column, text in typed[list(PLACE)].itertuples(index=False):
            texts[file, line, column] = shown(text)
        return _filled(node, texts)


def _filled(node: Node, texts: Mapping[Place, str | None]) -> Node:
    if node.raw:
        return replace(node, value=texts.get((node.dataset, node.row, node.column)))
    inputs = tuple(_filled(one, texts) for one in node.inputs)
    decided = tuple(_filled(one, texts) for one in node.decided)
    return replace(node, inputs=inputs, decided=decided)


def _children(links: pd.DataFrame) -> dict[Place, list[Place]]:
    """The cells that give each cell its value, in the order of the wiring."""
    found: dict[Place, list[Place]] = {}
    columns = ["dataset", "row", "column", "source", "source_row", "source_column"]
    told = links[columns].itertuples(index=False)
    for dataset, row, column, source, source_row, source_column in told:
        children = found.setdefault((dataset, int(row), column), [])
        child = (source, int(source_row), source_column)
        if child not in children:
            children.append(child)
    return found


def _sources(plan: Plan) -> set[str]:
    return {source for pairs in plan.origins.values() for source, _ in pairs}


def _rule(wiring: Wiring) -> str:
    """The rule in words: the first sentence of the function's documentation."""
    if wiring.function == "constant":
        return f"Assigned: {wiring.constants.get('value')}"
    function = derive.FUNCTIONS.get(wiring.function)
    text = wiring.function.replace("_", " ")
    if function:
        text = (function.__doc__ or "").strip().partition("\n")[0]
    return f"{wiring.function}: {text}"
