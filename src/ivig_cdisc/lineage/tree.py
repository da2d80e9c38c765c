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

from .. import derive, engine, raw, sdtm
from ..conditions import in_words
from ..dataset import Dataset
from ..engine import Plan
from ..metadata import CASES, COMPUTE, CONSTANT, LINE, Study, Wiring, pieces
from ..metadata.origins import value_in_words
from ..text import LONGEST_TEXT, as_text
from .on_demand import OnDemand
from .origins import RECORD
from .record import condition, shown
from .walk import LINK, Lineage, walk

COPIED = "as in the source record"
PLACE = ("file", "line", "column", "verbatim")
Place = tuple[str, int, str]  # dataset, row, column


class Format(Protocol):
    """The format of the files of an output, as formats.FORMATS has it."""

    def as_held(self, texts: pd.Series) -> pd.Series: ...


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
    @property
    def format(self) -> Format: ...


@dataclass(frozen=True, repr=False)
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
    record: str = ""  # the keys of its record, as a condition that finds it

    def leaves(self) -> Iterator[Node]:
        """The raw cells that the cell was made of, those that decided last."""
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

    def __repr__(self) -> str:
        return f"<Node {self.place} = {self.value!r}, {len(self.inputs)} inputs>"

    def __str__(self) -> str:
        from .tree_text import as_text

        return as_text(self)


@dataclass(frozen=True)
class DerivationTrees:
    """Makes trees for the cells of one output folder.

    opened  the folder, as output.open_output gives it
    export  the raw export that it was made from; with it a tree also shows what was typed
    """

    opened: Output
    export: Path | None = None

    # ------------------------------------------------------------ what there is
    @cached_property
    def taken(self) -> raw.Raw | None:
        """The raw export; None where it is not given."""
        if self.export is None:
            return None
        return raw.read(self.export, self.opened.study)

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
        for name in datasets:
            if name not in self.opened.plans:
                frames[name] = datasets[name].frame
        for name, plan in self.opened.plans.items():
            made[name] = engine.run(plan, self.taken.forms, made)
            again = engine.carry_out(plan, self.taken.forms, made).frame
            frames[name] = self._with_working_columns(name, again)
        return frames

    def _from_files(self, name: str) -> pd.DataFrame:
        """All columns of a dataset that is made of datasets alone; else those of its file."""
        datasets, plan = self.opened.datasets, self.opened.plans.get(name)
        if plan is None:
            return datasets[name].frame
        sources = self.opened.study.made_from(plan.spec)
        if not set(sources) <= set(datasets):
            return datasets[name].frame
        made_from = {source: datasets[source] for source in sources}
        again = engine.carry_out(plan, {}, made_from).frame
        return self._with_working_columns(name, again)

    def _with_working_columns(self, name: str, again: pd.DataFrame) -> pd.DataFrame:
        """The variables as the file has them, and the working columns as they were made again.

        Without these where the records that were made again are not those of the file.
        """
        if name not in self.opened.datasets:
            return again
        written = self.opened.datasets[name].frame
        if not self._are_the_same(name, written, again):
            return written
        working = [column for column in again if column not in written]
        return written.join(again[working])

    def _are_the_same(self, name: str, written: pd.DataFrame, again: pd.DataFrame) -> bool:
        if not written.index.equals(again.index):
            return False
        for key in self.opened.study.dataset(name).keys:
            held = self.opened.format.as_held(as_text(again[key])).fillna("")
            if not held.eq(as_text(written[key]).fillna("")).all():
                return False
        return True

    @cached_property
    def lineage(self) -> Lineage:
        return replace(self.opened.lineage, frames=self.frames)

    # ------------------------------------------------------------ trees
    def tree(self, dataset: str, row: int, column: str) -> Node:
        """The derivation of one cell.

        Args:
            dataset: its name.
            row: of the index of its frame.
            column: a variable, or a working column.

        Returns:
            The cell with all that it was made of. A cell that is there again further down has its
            inputs only where it is first. A missing value is None.
        """
        cell = pd.DataFrame({"dataset": [dataset], "row": [row], "variable": [column]})
        links = self._links(cell)
        giving = links[links["into_value"].astype(bool)].sort_values("rank", kind="stable")
        root = self._cell((dataset, row, column), _children(giving), set())
        giving_cells = set(root.leaves())
        decided = tuple(one for one in self._deciding(links) if one not in giving_cells)
        return self._with_verbatim(replace(root, decided=decided))

    def _links(self, cell: pd.DataFrame) -> pd.DataFrame:
        """All links on the way back from the cell, with the dataset that each begins in."""
        known = [links.assign(dataset=name) for name, links in walk(self.lineage, cell)]
        if not known:
            return pd.DataFrame(columns=["dataset", *LINK])
        return pd.concat(known)

    def _cell(self, place: Place, children: Mapping[Place, list[Place]], seen: set[Place]) -> Node:
        dataset, row, column = place
        if dataset in self.opened.study.forms:
            return self._raw_cell(dataset, row, column)
        if dataset in self.opened.study.tables:
            return self._table_cell(dataset, row, column)
        value, rule = self._value(dataset, row, column), self._rule(dataset, column)
        record = self._record(dataset, row)
        if place in seen:
            return Node(dataset, row, column, value, rule, again=True, record=record)
        seen.add(place)
        inputs = tuple(self._cell(child, children, seen) for child in children.get(place, ()))
        return Node(dataset, row, column, value, rule, inputs, record=record)

    def _record(self, dataset: str, row: int) -> str:
        """The keys of a record but the study; empty where it cannot be made again."""
        frame = self.frames.get(dataset)
        if frame is None:
            return ""
        keys = [key for key in self.opened.study.dataset(dataset).keys if key in frame]
        return condition(frame.loc[[row], keys].drop(columns="STUDYID", errors="ignore").iloc[0])

    def _rule(self, dataset: str, column: str) -> str:
        """The rule of a column in words; one that a row step brought is a copy."""
        plan = self.opened.plans.get(dataset)
        if plan is None:
            return COPIED
        wiring = plan.wirings.get(column)
        if wiring is None:
            return COPIED
        if begun := self._begun_by(dataset, column):
            return f"the text of {begun} goes on where {LONGEST_TEXT} bytes are full"
        return _in_words(wiring)

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
        if self._begun_by(dataset, column):
            frame = sdtm.shortened(self.opened.datasets[dataset]).frame
        if frame is None or column not in frame:
            return None
        return shown(frame[column].loc[row])

    def _begun_by(self, dataset: str, column: str) -> str:
        """The variable whose text goes on in this one; empty where none does."""
        if dataset in self.opened.plans:
            for name, further in pieces(self.opened.study.dataset(dataset)).items():
                if column in further:
                    return name
        return ""

    def _raw_cell(self, form: str, line: int, column: str) -> Node:
        file = self.opened.study.forms[form].file
        if column == LINE:
            return Node(file, line, column, str(line), "the line of the record", raw=True)
        return Node(file, line, column.removesuffix(".missing"), None, "as typed", raw=True)

    def _table_cell(self, table: str, row: int, column: str) -> Node:
        """A value that stands in the specs: of a row of a table."""
        known = self.opened.study.tables[table]
        place = f"{known.file.name}, line {known.lines[row - 1]}"
        value = shown(known.columns[column][row - 1])
        return Node(table, row, column, value, f"Assigned: {place}")

    def _with_verbatim(self, node: Node) -> Node:
        """The tree with what was typed in its raw cells, where the raw export is given."""
        if self.taken is None:
            return node
        leaves = dict.fromkeys(node.leaves())
        places = [(leaf.dataset, leaf.row, leaf.column, None) for leaf in leaves]
        cells = pd.DataFrame(places, columns=list(PLACE))
        verbatim = raw.add_verbatim(cells, self.taken.files, self.opened.study)
        texts: dict[Place, str | None] = {}
        for file, line, column, text in verbatim[list(PLACE)].itertuples(index=False):
            texts[file, line, column] = shown(text)
        return _filled(node, texts)


def _filled(node: Node, texts: Mapping[Place, str | None]) -> Node:
    """The node with these texts in all raw cells of its tree."""
    if node.raw and node.column != LINE:
        return replace(node, value=texts.get((node.dataset, node.row, node.column)))
    inputs = tuple(_filled(one, texts) for one in node.inputs)
    decided = tuple(_filled(one, texts) for one in node.decided)
    return replace(node, inputs=inputs, decided=decided)


def _children(links: pd.DataFrame) -> dict[Place, list[Place]]:
    """The cells that give each cell its value, in the order of the wiring."""
    found: dict[Place, list[Place]] = {}
    columns = ["dataset", "row", "column", "source", "source_row", "source_column"]
    for link in links[columns].itertuples(index=False):
        dataset, row, column, source, source_row, source_column = link
        children = found.setdefault((dataset, int(row), column), [])
        child = (source, int(source_row), source_column)
        if child not in children:
            children.append(child)
    return found


def _in_words(wiring: Wiring) -> str:
    """The rule in words, with its condition."""
    if wiring.where:
        return f"{_rule(wiring)} Where {in_words(wiring.where)}."
    return _rule(wiring)


def _rule(wiring: Wiring) -> str:
    """What the YAML says; of a function the first sentence of its documentation."""
    if wiring.function == CONSTANT:
        return f"Assigned: {wiring.constants.get('value')}"
    if wiring.function in (COMPUTE, CASES):
        return f"{wiring.function}: {value_in_words(wiring)}"
    function = derive.FUNCTIONS.get(wiring.function)
    text = wiring.function.replace("_", " ")
    if function:
        text = (function.__doc__ or "").strip().partition("\n")[0]
    return f"{wiring.function}: {text}"
