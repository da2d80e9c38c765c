"""The derivation of one cell as a tree: value, rule, inputs, down to the raw cells and what was typed there."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

import pandas as pd

from .. import derive, engine, raw
from ..dataset import Dataset
from ..engine import Plan
from ..errors import CdiscError
from ..metadata import Study, Wiring, suggest
from ..text import number_text
from .on_demand import OnDemand
from .origins import RECORD
from .walk import LINK, Lineage, walk

LONGEST = 120  # characters of a condition that a message shows
BROUGHT = "as in the source record"
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
    """One cell and what it was made of; a leaf is a cell of the raw export, or a constant of the spec."""

    dataset: str  # or the raw file
    row: int  # or the line of the raw file
    column: str
    value: (
        str | None
    )  # what was typed, for a raw cell; None where it is missing or not known without the raw export
    rule: str
    inputs: tuple[Node, ...] = ()
    raw: bool = False
    again: bool = False  # stands above in the tree with its inputs
    decided: tuple[
        Node, ...
    ] = ()  # at the root: raw cells that decided whether or which, and gave no value

    def leaves(self) -> Iterator[Node]:
        """The raw cells behind the cell, those that decided last."""
        if self.raw:
            yield self
        for node in (*self.inputs, *self.decided):
            yield from node.leaves()

    def __str__(self) -> str:
        return as_text(self)


def find(opened: Output, name: str, where: str) -> int:
    """The one row of a dataset that fits, as in "USUBJID=ABC123-01-001 AVISIT='Week 9'".

    CdiscError where the dataset or a variable is not there, or none or several rows fit.
    """
    if name not in opened.datasets:
        raise CdiscError(f"{opened.out} has no dataset {name}{suggest(name, opened.datasets)}")
    frame = opened.datasets[name].frame
    wanted = [
        (known_variable(opened, name, variable), value) for variable, value in conditions(where)
    ]
    texts = {variable: frame[variable].map(shown) for variable, _ in wanted}
    fits = pd.Series(data=True, index=frame.index)
    for variable, value in wanted:
        fits &= texts[variable].eq(value)
    found = frame.index[fits]
    if len(found) == 0:
        raise CdiscError(f"no record of {name} fits {_short(where)}{_never(wanted, texts)}")
    if len(found) > 1:
        keys = [
            key
            for key in opened.datasets[name].spec.keys
            if frame.loc[found, key].nunique(dropna=False) > 1
        ]
        told = f"{len(found)} records of {name} fit {_short(where)}"
        raise CdiscError(f"{told}; they differ in {', '.join(keys) or 'no key'}")
    return int(found[0])


def _never(wanted: Sequence[tuple[str, str]], texts: Mapping[str, pd.Series]) -> str:
    """Which of the conditions none of the records meets, with the value that was perhaps meant."""
    for variable, value in wanted:
        known = texts[variable].dropna().unique()
        if value not in known:
            longer = next((f" (did you mean {one}?)" for one in known if one.endswith(value)), "")
            return f": {variable} is nowhere {value[:LONGEST]}{longer or suggest(value[:LONGEST], known)}"
    return "; each condition fits some, but none fits all"


def conditions(where: str) -> list[tuple[str, str]]:
    """Variables and their values as typed; CdiscError where the text is none of `VARIABLE=value` parts."""
    example = "it reads as USUBJID=01-001 AVISIT='Week 9'"
    try:
        parts = shlex.split(where)
    except ValueError as error:
        mark = (
            "a quotation mark is not closed"
            if "quotation" in str(error)
            else "nothing follows the last \\"
        )
        raise CdiscError(
            f"the condition {_short(where)} cannot be read: {mark}; {example}"
        ) from error
    pairs = [part.partition("=") for part in parts]
    if not pairs:
        raise CdiscError(f"the condition is empty; {example}")
    for variable, equals, _ in pairs:
        if not (variable and equals):
            raise CdiscError(
                f"the condition {_short(where)} is not made of VARIABLE=value; {example}"
            )
    return [(variable, value) for variable, _, value in pairs]


def _short(where: str) -> str:
    return repr(where if len(where) <= LONGEST else f"{where[:LONGEST]}...")


def known_variable(opened: Output, name: str, variable: str) -> str:
    """The variable's name; CdiscError where the dataset has none of that name."""
    columns = list(opened.datasets[name].frame.columns)
    if variable.upper() not in columns:
        raise CdiscError(
            f"{name} has no variable {variable[:LONGEST]}{suggest(variable.upper()[:LONGEST], columns)}"
        )
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

    opened: Output
    export: Path | None = None

    # ------------------------------------------------------------ what there is
    @cached_property
    def taken(self) -> raw.Raw | None:
        return raw.read(self.export, self.opened.study) if self.export else None

    @cached_property
    def frames(self) -> Mapping[str, pd.DataFrame]:
        """All columns of every dataset that can be made again, working columns too; else what the files hold."""
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
        """The derivation of one cell; an input that stands twice is told once."""
        cell = pd.DataFrame({"dataset": [dataset], "row": [row], "variable": [column]})
        known = [links.assign(dataset=name) for name, links in walk(self.lineage, cell)]
        links = pd.concat(known) if known else pd.DataFrame(columns=["dataset", *LINK])
        giving = links[links["into_value"].astype(bool)].sort_values("rank", kind="stable")
        root = self._cell((dataset, row, column), _children(giving), set())
        given = {(leaf.dataset, leaf.row, leaf.column) for leaf in root.leaves()}
        decided = [
            one for one in self._deciding(links) if (one.dataset, one.row, one.column) not in given
        ]
        return self._with_typed(replace(root, decided=tuple(decided)))

    def _cell(self, place: Place, children: Mapping[Place, list[Place]], told: set[Place]) -> Node:
        dataset, row, column = place
        if dataset in self.opened.study.forms:
            return self._raw_cell(dataset, row, column)
        value, wiring = self._value(dataset, row, column), self._wiring(dataset, column)
        rule = _rule(wiring) if wiring else BROUGHT
        if place in told:
            return Node(dataset, row, column, value, rule, again=True)
        told.add(place)
        inputs = tuple(self._cell(one, children, told) for one in children.get(place, ()))
        return Node(dataset, row, column, value, rule, inputs)

    def _wiring(self, dataset: str, column: str) -> Wiring | None:
        return (
            self.opened.plans[dataset].wirings.get(column) if dataset in self.opened.plans else None
        )

    def _deciding(self, links: pd.DataFrame) -> list[Node]:
        """Raw cells that decide, in the order of files, lines and columns."""
        raw_cells = links["source"].isin(list(self.opened.study.forms)) & (
            links["source_column"] != RECORD
        )
        chosen = links[raw_cells & ~links["into_value"].astype(bool)]
        places = (
            chosen[["source", "source_row", "source_column"]]
            .drop_duplicates()
            .itertuples(index=False)
        )
        return [self._raw_cell(*place) for place in sorted(places)]

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
        cells = pd.DataFrame(
            [(n.dataset, n.row, n.column, None) for n in leaves], columns=list(PLACE)
        )
        typed = raw.add_verbatim(cells, self.taken.files, self.opened.study)
        texts = {
            (f, n, c): shown(text) for f, n, c, text in typed[list(PLACE)].itertuples(index=False)
        }
        return _filled(node, texts)


def _filled(node: Node, texts: Mapping[tuple[str, int, str], str | None]) -> Node:
    if node.raw:
        return replace(node, value=texts.get((node.dataset, node.row, node.column)))
    inputs, decided = (
        tuple(_filled(one, texts) for one in part) for part in (node.inputs, node.decided)
    )
    return replace(node, inputs=inputs, decided=decided)


def _children(links: pd.DataFrame) -> dict[Place, list[Place]]:
    """The cells that give each cell its value, in the order of the wiring."""
    found: dict[Place, list[Place]] = {}
    columns = ["dataset", "row", "column", "source", "source_row", "source_column"]
    for dataset, row, column, source, source_row, source_column in links[columns].itertuples(
        index=False
    ):
        children = found.setdefault((dataset, int(row), column), [])
        if (source, int(source_row), source_column) not in children:
            children.append((source, int(source_row), source_column))
    return found


def _sources(plan: Plan) -> set[str]:
    return {source for pairs in plan.origins.values() for source, _ in pairs}


def _rule(wiring: Wiring) -> str:
    """The rule in words: the first sentence of the function's documentation."""
    if wiring.function == "constant":
        return f"Assigned: {wiring.constants.get('value')}"
    function = derive.FUNCTIONS.get(wiring.function)
    text = (
        (function.__doc__ or "").strip().partition("\n")[0]
        if function
        else wiring.function.replace("_", " ")
    )
    return f"{wiring.function}: {text}"


# ---------------------------------------------------------------- as text
def as_json(node: Node) -> str:
    """The tree as JSON."""
    return json.dumps(asdict(node), ensure_ascii=False, indent=1)


def as_text(node: Node) -> str:
    """The tree as indented lines."""
    return "\n".join([*_lines(node, "", ""), *_decided(node)])


def _lines(node: Node, lead: str, below: str) -> Iterator[str]:
    place = (
        f"{node.dataset}:{node.row}:{node.column}"
        if node.raw
        else f"{node.dataset}.{node.column} [{node.row}]"
    )
    value = "" if node.value is None else f" = {node.value!r}"
    yield f"{lead}{place}{value}{_told(node)}"
    for i, child in enumerate(node.inputs):
        last = i == len(node.inputs) - 1
        yield from _lines(
            child, f"{below}{'└─ ' if last else '├─ '}", f"{below}{'   ' if last else '│  '}"
        )


def _decided(node: Node) -> Iterator[str]:
    """The raw cells that decided, by file and column."""
    if node.decided:
        yield "Decided whether or which, and gave no value:"
    lines: dict[tuple[str, str], list[int]] = {}
    for one in node.decided:
        lines.setdefault((one.dataset, one.column), []).append(one.row)
    for (file, column), where in lines.items():
        yield f"  {file}:{','.join(map(str, sorted(where)))}:{column}"


def _told(node: Node) -> str:
    if node.raw:
        return ""
    return "   (see above)" if node.again else f"   {node.rule}"
