"""The derivation of one cell as a tree: value, rule, inputs, down to the raw cells and what was typed there."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from . import build, derive, raw
from .build import Plan
from .build.rows import BRANCH
from .dataset import Dataset
from .errors import CdiscError
from .reopen import Opened
from .spec import Wiring, suggest
from .text import number_text

LONGEST = 120  # characters of a condition that a message shows
BROUGHT = "as in the source record"
PLACE = ("file", "line", "column", "verbatim")


class Edge(NamedTuple):
    """From a row to a record that it was made of."""

    source: str
    source_row: int
    source_column: str | None
    verb: str


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
    for variable, value in conditions(where):
        fits &= frame[known_variable(opened, name, variable)].map(shown).eq(value)
    found = frame.index[fits]
    if len(found) != 1:
        told = f"{len(found)} records of {name} fit {_short(where)}"
        raise CdiscError(f"{told}; name as many variables as single out one")
    return int(found[0])


def conditions(where: str) -> list[tuple[str, str]]:
    """Variables and their values as typed; CdiscError where the text is none of `VARIABLE=value` parts."""
    example = "it reads as USUBJID=01-001 AVISIT='Week 9'"
    try:
        parts = shlex.split(where)
    except ValueError as error:
        mark = "a quotation mark is not closed" if "quotation" in str(error) else "nothing follows the last \\"
        raise CdiscError(f"the condition {_short(where)} cannot be read: {mark}; {example}") from error
    pairs = [part.partition("=") for part in parts]
    if not pairs:
        raise CdiscError(f"the condition is empty; {example}")
    for variable, equals, _ in pairs:
        if not (variable and equals):
            raise CdiscError(f"the condition {_short(where)} is not made of VARIABLE=value; {example}")
    return [(variable, value) for variable, _, value in pairs]


def _short(where: str) -> str:
    return repr(where if len(where) <= LONGEST else f"{where[:LONGEST]}...")


def known_variable(opened: Opened, name: str, variable: str) -> str:
    """The variable's name; CdiscError where the dataset has none of that name."""
    columns = list(opened.datasets[name].frame.columns)
    if variable.upper() not in columns:
        raise CdiscError(f"{name} has no variable {variable[:LONGEST]}{suggest(variable.upper()[:LONGEST], columns)}")
    return variable.upper()


def shown(value: Any) -> str | None:
    """A value as a person writes it: 22 and not 22.0, dates without time; None where it is missing."""
    if pd.isna(value):
        return None
    if isinstance(value, pd.Timestamp):
        return value.isoformat().removesuffix("T00:00:00")
    return number_text(value) if isinstance(value, float) else str(value)


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
    def _edges(self) -> dict[str, dict[str, np.ndarray]]:
        """Columns of the edges of every dataset, by row."""
        ordered = {name: edges.sort_values("row", kind="stable") for name, edges in self.opened.edges.items()}
        return {
            n: {c: e[c].astype("object").to_numpy() for c in e} | {"row": e["row"].to_numpy()}
            for n, e in ordered.items()
        }

    def edges(self, dataset: str, row: int) -> list[Edge]:
        """The edges of one row."""
        known = self._edges[dataset]
        start, end = np.searchsorted(known["row"], [row, row + 1])
        return [Edge(*(known[field][i] for field in Edge._fields)) for i in range(start, end)]

    # ------------------------------------------------------------ trees
    def tree(self, dataset: str, row: int, column: str) -> Node:
        """The derivation of one cell; an input that stands twice is told once."""
        return self._with_typed(self._cell(dataset, row, column, set()))

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
            if name == column:
                yield from self._behind(dataset, origin, name, told)
            else:
                yield self._cell(dataset, origin, name, told)

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
        """The source cells of a column that row verbs brought, then those that decided that the record is here."""
        edges, pairs = self.edges(dataset, row), self._pairs(dataset, row, column)
        for source, name in pairs:
            others = {other for where, other in pairs if where == source and other != name}
            mine = (e.source_row for e in edges if e.source == source and e.source_column not in others)
            for source_row in dict.fromkeys(mine):
                yield self._cell(source, int(source_row), name, told)
        yield from self._deciding(dataset, [edge for edge in edges if edge.verb == "take"], told)

    def _deciding(self, dataset: str, edges: Sequence[Edge], told: set[tuple[str, int, str]]) -> Iterator[Node]:
        """Cells of the source records that row steps looked at: selection, order, keys of joins."""
        read = self.opened.plans[dataset].read if dataset in self.opened.plans else frozenset()
        for source, name in sorted(read):
            for source_row in dict.fromkeys(edge.source_row for edge in edges if edge.source == source):
                place = (source, int(source_row), name)
                if place not in told and source not in self.opened.study.forms:
                    yield self._cell(*place, told)

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
        file = self.opened.study.forms[form].file
        return Node(file, line, column.removesuffix(".missing"), None, "as typed", raw=True)

    def _with_typed(self, node: Node) -> Node:
        """The tree with what was typed in its raw cells, where the raw export is given."""
        if self.taken is None:
            return node
        leaves = list(dict.fromkeys(node.leaves()))
        cells = pd.DataFrame([(n.dataset, n.row, n.column, None) for n in leaves], columns=list(PLACE))
        typed = raw.with_verbatim(cells, self.taken.files, self.opened.study)
        texts = {(f, n, c): shown(text) for f, n, c, text in typed[list(PLACE)].itertuples(index=False)}
        return _filled(node, texts)


def _filled(node: Node, texts: Mapping[tuple[str, int, str], str | None]) -> Node:
    if node.raw:
        return replace(node, value=texts.get((node.dataset, node.row, node.column)))
    return replace(node, inputs=tuple(_filled(one, texts) for one in node.inputs))


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
