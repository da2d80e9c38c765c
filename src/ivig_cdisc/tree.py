"""The derivation of one cell as a tree: value, rule, inputs, down to the raw cells and what was typed there."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from . import build, derive, raw
from .build import Plan
from .build.rows import BRANCH
from .dataset import Dataset
from .errors import CdiscError
from .reopen import Opened
from .spec import Wiring, suggest

BROUGHT = "as in the source record"


@dataclass(frozen=True)
class Node:
    """One cell and what it was made of; a leaf is a cell of the raw export, or a constant of the spec."""

    dataset: str  # or the raw file
    row: int  # or the line of the raw file
    column: str
    value: str | None  # what was typed, for a raw cell; None where it is missing or not known without the raw export
    rule: str
    inputs: tuple[Node, ...] = ()
    raw: bool = False
    again: bool = False  # stands above in the tree with its inputs

    def leaves(self) -> Iterator[Node]:
        """The raw cells behind the cell."""
        if self.raw:
            yield self
        for node in self.inputs:
            yield from node.leaves()


def find(opened: Opened, name: str, where: str) -> int:
    """The one row of a dataset that fits, as in "USUBJID=NTR6160-01-001 AVISIT='Week 9'".

    CdiscError where the dataset or a variable is not there, or none or several rows fit.
    """
    if name not in opened.datasets:
        raise CdiscError(f"{opened.out} has no dataset {name}{suggest(name, opened.datasets)}")
    frame = opened.datasets[name].frame
    fits = pd.Series(data=True, index=frame.index)
    for part in shlex.split(where):
        variable, _, value = part.partition("=")
        fits &= frame[known_variable(opened, name, variable)].map(shown).eq(value)
    found = frame.index[fits]
    if len(found) != 1:
        raise CdiscError(f"{len(found)} records of {name} fit {where!r}; name as many variables as single out one")
    return int(found[0])


def known_variable(opened: Opened, name: str, variable: str) -> str:
    """The variable's name; CdiscError where the dataset has none of that name."""
    columns = list(opened.datasets[name].frame.columns)
    if variable.upper() not in columns:
        raise CdiscError(f"{name} has no variable {variable}{suggest(variable.upper(), columns)}")
    return variable.upper()


def shown(value: Any) -> str | None:
    """A value as a person writes it: 22 and not 22.0, dates without time; None where it is missing."""
    if pd.isna(value):
        return None
    if isinstance(value, pd.Timestamp):
        return value.isoformat().removesuffix("T00:00:00")
    return f"{value:.15g}" if isinstance(value, float) else str(value)


@dataclass(frozen=True)
class Tracer:
    """Makes trees for the cells of one output folder; with the raw export it also knows what was typed."""

    opened: Opened
    export: Path | None = None

    # ------------------------------------------------------------ what there is
    @cached_property
    def taken(self) -> raw.Raw | None:
        return raw.read(self.export, self.opened.study) if self.export else None

    @cached_property
    def frames(self) -> dict[str, pd.DataFrame]:
        """All columns of every dataset that can be made again, working columns too; else what the files hold."""
        forms = self.taken.forms if self.taken else {}
        made: dict[str, Dataset] = {} if forms else dict(self.opened.datasets)
        frames = {name: dataset.frame for name, dataset in self.opened.datasets.items()}
        for name, plan in self.opened.plans.items():
            if forms:
                made[name] = build.run(plan, forms, made)
            if all(source in made or source in forms for source in _sources(plan)):
                frames[name] = build.carry_out(plan, forms, made).frame
        return frames

    @cached_property
    def edges(self) -> dict[str, pd.DataFrame]:
        """Edges of every dataset by row."""
        return {name: edges.set_index("row") for name, edges in self.opened.edges.items()}

    # ------------------------------------------------------------ trees
    def tree(self, dataset: str, row: int, column: str) -> Node:
        """The derivation of one cell; an input that stands twice is told once."""
        return self._cell(dataset, row, column, set())

    def _cell(self, dataset: str, row: int, column: str, told: set[tuple[str, int, str]]) -> Node:
        if dataset in self.opened.study.forms:
            return self._raw_cell(dataset, row, column)
        value, place = self._value(dataset, row, column), (dataset, row, column)
        wiring = self.opened.plans[dataset].wirings.get(column) if dataset in self.opened.plans else None
        rule = _rule(wiring) if wiring else BROUGHT
        if place in told:
            return Node(dataset, row, column, value, rule, again=True)
        told.add(place)
        inputs = self._inputs(dataset, row, wiring, column, told) if wiring else self._behind(*place, told)
        return Node(dataset, row, column, value, rule, tuple(inputs))

    def _inputs(
        self, dataset: str, row: int, wiring: Wiring, column: str, told: set[tuple[str, int, str]]
    ) -> Iterator[Node]:
        """The cells that the wiring reads; a column that reads itself reads the source's column of that name."""
        origin = self._origin(dataset, row, wiring)
        for name in wiring.reads:
            at = origin if name == wiring.columns.get("value") else row
            if name == column:
                yield from self._behind(dataset, at, name, told)
            else:
                yield self._cell(dataset, at, name, told)

    def _origin(self, dataset: str, row: int, wiring: Wiring) -> int:
        """The row that a value comes from: another one for functions that carry values between records."""
        picks = getattr(derive.FUNCTIONS.get(wiring.function), "reads_from", None)
        if picks is None or dataset not in self.frames:
            return row
        frame = self.frames[dataset]
        if not set(wiring.reads) <= set(frame.columns):
            return row
        columns = {p: frame[n] if isinstance(n, str) else [frame[one] for one in n] for p, n in wiring.columns.items()}
        return int(picks(**columns)[row])

    def _behind(self, dataset: str, row: int, column: str, told: set[tuple[str, int, str]]) -> Iterator[Node]:
        """The source cells of a column that row verbs brought."""
        pairs = self._pairs(dataset, row, column)
        edges = self.edges[dataset].loc[[row]] if row in self.edges[dataset].index else self.edges[dataset][:0]
        for source, name in pairs:
            fits = (edges["source"] == source) & (edges["source_column"].isna() | (edges["source_column"] == name))
            for source_row in edges.loc[fits, "source_row"].unique():
                yield self._cell(source, int(source_row), name, told)

    def _pairs(self, dataset: str, row: int, column: str) -> Sequence[tuple[str, str]]:
        plan = self.opened.plans.get(dataset)
        if plan is None:
            return self.opened.origins[dataset].get(column, ())
        branch = self.frames[dataset].get(BRANCH) if plan.branches and dataset in self.frames else None
        by_branch = plan.branches[int(branch[row])].get(column) if branch is not None else None
        return by_branch if by_branch is not None else plan.origins.get(column, ())

    # ------------------------------------------------------------ values
    def _value(self, dataset: str, row: int, column: str) -> str | None:
        frame = self.frames.get(dataset)
        return shown(frame[column].loc[row]) if frame is not None and column in frame else None

    def _raw_cell(self, form: str, line: int, column: str) -> Node:
        name = column.removesuffix(".missing")
        file = self.opened.study.forms[form].file
        return Node(file, line, name, self._typed(file, line, name), "as typed", raw=True)

    def _typed(self, file: str, line: int, column: str) -> str | None:
        if self.taken is None:
            return None
        cell = pd.DataFrame({"file": [file], "line": [line], "column": [column], "verbatim": [None]})
        return shown(raw.with_verbatim(cell, self.taken.files, self.opened.study)["verbatim"].iloc[0])


def _sources(plan: Plan) -> set[str]:
    return {source for pairs in plan.origins.values() for source, _ in pairs}


def _rule(wiring: Wiring) -> str:
    """The rule in words: the first sentence of the function's documentation."""
    if wiring.function == "constant":
        return f"Assigned: {wiring.constants.get('value')}"
    function = derive.FUNCTIONS.get(wiring.function)
    text = (function.__doc__ or "").strip().partition("\n")[0] if function else wiring.function.replace("_", " ")
    return f"{wiring.function}: {text}"


# ---------------------------------------------------------------- as text
def as_json(node: Node) -> str:
    """The tree as JSON."""
    return json.dumps(asdict(node), ensure_ascii=False, indent=1)


def as_text(node: Node) -> str:
    """The tree as indented lines."""
    return "\n".join(_lines(node, "", ""))


def _lines(node: Node, lead: str, below: str) -> Iterator[str]:
    place = f"{node.dataset}:{node.row}:{node.column}" if node.raw else f"{node.dataset}.{node.column} [{node.row}]"
    value = "" if node.value is None else f" = {node.value!r}"
    yield f"{lead}{place}{value}{_told(node)}"
    for i, child in enumerate(node.inputs):
        last = i == len(node.inputs) - 1
        yield from _lines(child, f"{below}{'└─ ' if last else '├─ '}", f"{below}{'   ' if last else '│  '}")


def _told(node: Node) -> str:
    if node.raw:
        return ""
    return "   (see above)" if node.again else f"   {node.rule}"
