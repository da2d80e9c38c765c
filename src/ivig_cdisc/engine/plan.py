"""Bind a dataset's spec to functions and sources, and put its work in order.

Every mistake is a problem, at once.

A variable that a row step reads is derived before that step, every other after the last; those that
read the order of the rows (sequence numbers) come after the final sort. All of it is known before
any data are read.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from .. import derive
from ..errors import Problem
from ..metadata import (
    DatasetSpec,
    First,
    Join,
    Melt,
    Stack,
    Step,
    Summarize,
    Take,
    Wiring,
    shown,
    suggest,
)
from ..text import number_text
from .calls import FROM_EDGES, call_faults, carried_reads

Path = tuple[str | int, ...]  # of an entry in the dataset's file
Origins = dict[str, tuple[tuple[str, str], ...]]


@dataclass(frozen=True)
class RowStep:
    """Carry out a row verb."""

    step: Step


@dataclass(frozen=True)
class Column:
    """Derive one column."""

    name: str
    wiring: Wiring


@dataclass(frozen=True)
class Sort:
    """Put the rows in key order."""

    keys: tuple[str, ...]


@dataclass(frozen=True)
class Plan:
    """One dataset's work in order, and for each column that there is at the end the source columns it was made of."""

    spec: DatasetSpec
    work: tuple[RowStep | Column | Sort, ...]
    origins: Origins
    branches: tuple[Origins, ...] = ()  # the same for the rows of each branch of a stack
    read: frozenset[tuple[str, str]] = frozenset()  # source columns that decide about rows
    carried: Origins = field(
        default_factory=dict
    )  # of the origins those that give a part of the value

    @property
    def wirings(self) -> dict[str, Wiring]:
        """How each derived column gets its values."""
        return {**self.spec.working, **{v.name: v.wiring for v in self.spec.variables}}


@dataclass(frozen=True)
class Source:
    """What a plan may take from: columns, and what makes a record unique."""

    columns: tuple[str, ...]
    key: tuple[str, ...]
    values: Mapping[str, Collection[str]] = field(
        default_factory=dict
    )  # of columns that hold nothing else


# ---------------------------------------------------------------- binding one dataset
@dataclass
class Binder:
    """Makes the plan of one dataset and finds what is wrong with its wiring."""

    spec: DatasetSpec
    sources: Mapping[str, Source]
    problems: list[Problem] = field(default_factory=list)
    wrong_facts: list[tuple[Wiring, tuple[str, ...], str]] = field(
        default_factory=list
    )  # parameter and entries in it
    work: list[RowStep | Column | Sort] = field(default_factory=list)
    columns: dict[str, tuple[tuple[str, str], ...]] = field(
        default_factory=dict
    )  # those there are now, and their origins
    branches: list[Origins] = field(default_factory=list)  # columns of each branch of the stack
    read: set[tuple[str, str]] = field(default_factory=set)  # source columns that row steps read
    derived: set[str] = field(default_factory=set)
    open: list[str] = field(default_factory=list)  # being derived, to see circles
    blind: bool = False  # a source is not known, so neither are its columns
    carrying: bool = False  # origins are only those that give a part of the value

    def __post_init__(self) -> None:
        self.wirings: dict[str, Wiring] = {
            **self.spec.working,
            **{v.name: v.wiring for v in self.spec.variables},
        }

    def plan(self) -> Plan:
        for name, wiring in self.wirings.items():
            self._check_call(name, wiring)
        for i, step in enumerate(self.spec.rows):
            self._row_step(i, step)
        self._columns_after_rows()
        branches = tuple(self._origins_in(branch) for branch in self.branches)
        return Plan(self.spec, tuple(self.work), dict(self.columns), branches, frozenset(self.read))

    def _origins_in(self, branch: Origins) -> Origins:
        """Origins of each column for the rows that came by one branch of the stack."""
        derived = {
            name: tuple(dict.fromkeys(self._behind(name, branch, frozenset())))
            for name in self.wirings
        }
        return {**branch, **derived}

    def _behind(
        self, name: str, branch: Origins, seen: frozenset[str]
    ) -> Iterator[tuple[str, str]]:
        wiring = self.wirings.get(name)
        if wiring is None or name in seen:
            yield from branch.get(name, ())
            return
        for read in wiring.reads:
            yield from self._behind(read, branch, seen | {name})

    def complain(self, path: str | Path, reason: str, wiring: Wiring | None = None) -> None:
        """A problem of a wiring, at its line; or of a row step or the head, at the line of that."""
        steps = (path,) if isinstance(path, str) else path
        line = wiring.place.line if wiring else self.spec.line(steps)
        file = (wiring or self.spec).place.file
        self.problems.append(Problem(file, line, f"{self.spec.name}.{shown(steps)}", reason))

    # ------------------------------------------------------------ rows
    def _row_step(self, i: int, step: Step) -> None:
        starts = isinstance(step, Take | Stack)
        if starts != (i == 0):
            self.blind |= i == 0
            self.complain(("rows", i), "the first step, and only that, is take or stack")
            return
        for name in _reads(step):
            if self._reads_order(name, frozenset()):
                self.complain(("rows", i), f"{name} is derived from the order of the finished rows")
            self._need(name, ("rows", i))
            self.read.update(self.columns[name])
        self.columns = self._after(("rows", i), step, self.columns)
        self.derived &= set(self.columns)
        self.work.append(RowStep(step))

    def _after(self, path: Path, step: Step, columns: Mapping[str, Any]) -> dict[str, Any]:
        """Columns and their origins after the step."""
        if isinstance(step, Take):
            return self._after_take(path, step)
        if isinstance(step, Stack):
            return self._after_stack(path, step)
        if isinstance(step, Melt):
            return self._after_melt(path, step, columns)
        if isinstance(step, Join):
            return self._after_join(path, step, columns)
        if isinstance(step, Summarize):
            return self._after_summarize(step, columns)
        return dict(columns)

    def _source(self, path: Path, name: str) -> Source | None:
        if name not in self.sources:
            self.blind = True
            self.complain(
                path,
                f"there is no form or dataset {name} to read here{suggest(name, self.sources)}",
            )
        return self.sources.get(name)

    def _after_take(self, path: Path, step: Take) -> dict[str, Any]:
        source = self._source(path, step.take)
        if source is None:
            return {}
        for name in (*step.where, *step.rename.values()):
            if name not in source.columns:
                self.complain(
                    path, f"{step.take} has no column {name}{suggest(name, source.columns)}"
                )
        self._check_wanted(path, step, source)
        self.read.update((step.take, name) for name in step.where)
        names = {old: new for new, old in step.rename.items()}
        for new in step.rename:
            if new in source.columns and new not in names:
                self.complain(
                    path, f"there is a column {new} already; rename it too, or take another name"
                )
        taken = {names.get(name, name): ((step.take, name),) for name in source.columns}
        return {**taken, **dict.fromkeys(step.set, ())}

    def _check_wanted(self, path: Path, step: Take, source: Source) -> None:
        """A value that a column cannot have would take no record at all."""
        for name, wanted in step.where.items():
            known = source.values.get(name, ())
            if not known or isinstance(wanted, str):
                continue
            for value in (one if isinstance(one, str) else number_text(one) for one in wanted):
                if value not in known:
                    self.complain(
                        path, f"{name} of {step.take} is never {value}{suggest(value, known)}"
                    )

    def _after_stack(self, path: Path, step: Stack) -> dict[str, Any]:
        united: dict[str, tuple[tuple[str, str], ...]] = {}
        if not step.stack:
            self.blind = True
            self.complain(path, "a stack has at least one branch")
        for i, branch in enumerate(step.stack):
            columns = self._after_branch((*path, "stack", i), branch)
            self.branches.append(columns)
            for name, origins in columns.items():
                united[name] = tuple(dict.fromkeys((*united.get(name, ()), *origins)))
        return united

    def _after_branch(self, path: Path, branch: tuple[Step, ...]) -> dict[str, Any]:
        columns: dict[str, Any] = {}
        if [isinstance(inner, Take) for inner in branch] != [
            True,
            *[False] * (len(branch) - 1),
        ] or any(isinstance(inner, Stack) for inner in branch):
            self.blind = True
            self.complain(
                path,
                "the first step of a branch, and only that, is take; there is no stack in a stack",
            )
            return columns
        for inner in branch:
            for name in _reads(inner):
                if name not in columns and not self.blind:
                    self.complain(path, f"there is no column {name} here{suggest(name, columns)}")
            columns = self._after(path, inner, columns)
        return columns

    def _after_melt(self, path: Path, step: Melt, columns: Mapping[str, Any]) -> dict[str, Any]:
        spec = step.melt
        gone = {*spec.columns, *(f"{name}.missing" for name in spec.columns)}
        rest = {name: pairs for name, pairs in columns.items() if name not in gone}
        origins = tuple(pair for name in spec.columns for pair in columns.get(name, ()))
        for name in filter(None, (spec.name, spec.value, spec.reason)):
            if name in rest:
                self.complain(path, f"there is a column {name} already; take another name")
            rest[name] = () if self.carrying and name == spec.name else origins
        return rest

    def _after_summarize(self, step: Summarize, columns: Mapping[str, Any]) -> dict[str, Any]:
        made = {name: columns.get(name, ()) for name in step.summarize.by}
        for new, statistic in step.summarize.take.items():
            ((how, old),) = statistic.items()
            counted = how in ("count", "distinct")
            made[new] = () if self.carrying and counted else columns.get(old, ())
        return made

    def _after_join(self, path: Path, step: Join, columns: Mapping[str, Any]) -> dict[str, Any]:
        spec = step.join
        source = self._source(path, spec.with_)
        if source is None:
            return dict(columns)
        on = list(spec.matched.values())
        taken = spec.taken
        for name in (*on, *taken.values()):
            if name not in source.columns:
                self.complain(
                    path, f"{spec.with_} has no column {name}{suggest(name, source.columns)}"
                )
        self.read.update((spec.with_, name) for name in on)
        if not source.key:
            self.complain(
                path, f"{spec.with_} has no key, so it may have several records for {', '.join(on)}"
            )
        if missing := [name for name in source.key if name not in on and name != "STUDYID"]:
            self.complain(
                path,
                f"{spec.with_} may have several records for {', '.join(on)}: add {', '.join(missing)}",
            )
        for name in taken:
            if name in columns:
                self.complain(path, f"there is a column {name} already; take it under another name")
        return {**columns, **{new: ((spec.with_, old),) for new, old in taken.items()}}

    # ------------------------------------------------------------ columns
    def _columns_after_rows(self) -> None:
        late = {v.name for v in self.spec.variables if self._reads_order(v.name, frozenset())}
        names = [v.name for v in self.spec.variables]
        for name in names:
            if name not in late:
                self._need(name, name)
        for key in self.spec.keys:
            if key not in names:
                self.complain(
                    "keys", f"{key} is not a variable of the dataset{suggest(key, names)}", None
                )
            elif key in late:
                self.complain("keys", f"{key} is derived from the order that the keys give")
        self.work.append(
            Sort(tuple(k for k in self.spec.keys if k in self.columns and k != "STUDYID"))
        )
        for name in names:
            if name in late:
                self._need(name, name)

    def _reads_order(self, name: str, seen: frozenset[str]) -> bool:
        """Whether the column, or one that it reads, depends on the order of the rows."""
        wiring = self.wirings.get(name)
        if wiring is None or name in seen:
            return False
        if getattr(derive.FUNCTIONS.get(wiring.function), "reads_order", False):
            return True
        return any(self._reads_order(read, seen | {name}) for read in wiring.reads)

    def _need(self, name: str, path: str | Path, reader: Wiring | None = None) -> None:
        """Make sure that the column is there when the next work begins."""
        if name in self.wirings and name not in self.derived:
            self._derive(name)
        elif name not in self.columns:
            known = {**self.columns, **self.wirings}
            if not self.blind:
                self.complain(path, f"there is no column {name} here{suggest(name, known)}", reader)
            self.columns[name] = ()

    def _derive(self, name: str) -> None:
        wiring = self.wirings[name]
        if name in self.open:
            circle = [*self.open[self.open.index(name) :], name]
            self.complain(
                name,
                f"is derived from itself: {' <- '.join(circle)}{self._taken_over(circle)}",
                wiring,
            )
            return
        self.open.append(name)
        for read in wiring.reads:
            if read != name:
                self._need(read, name, wiring)
            elif name not in self.columns and not self.blind:
                self.complain(
                    name,
                    f"there is no column {name} to take it from{suggest(name, self.columns)}",
                    wiring,
                )
        self.open.pop()
        self.derived.add(name)
        reads = carried_reads(wiring) if self.carrying else wiring.reads
        self.columns[name] = tuple(
            dict.fromkeys(pair for read in reads for pair in self.columns.get(read, ()))
        )
        self.work.append(Column(name, wiring))

    def _taken_over(self, names: Sequence[str]) -> str:
        """What to say where one of the names is also a column of the source, which was perhaps meant."""
        name = next(
            (name for name in names if name in self.columns and name not in self.derived), ""
        )
        cure = f"take the source's column under another name, as in rename: {{collected_{name}: {name}}}"
        return f"; {name} is the variable here, not the source's column: {cure}" if name else ""

    # ------------------------------------------------------------ calls
    def _check_call(self, name: str, wiring: Wiring) -> None:
        if wiring.function == "constant":
            return
        if wiring.function not in (*derive.FUNCTIONS, *FROM_EDGES):
            near = suggest(wiring.function, [*derive.FUNCTIONS, *FROM_EDGES])
            self.complain(name, f"there is no derivation {wiring.function}{near}", wiring)
            return
        self._check_numbers(name, wiring)
        for path, reason in call_faults(wiring):
            if path and path[0] in wiring.facts:
                self.wrong_facts.append((wiring, path, reason))
            else:
                self.complain(
                    name,
                    f"{wiring.function}: {' '.join(filter(None, ('.'.join(path), reason)))}",
                    wiring,
                )

    def _check_numbers(self, name: str, wiring: Wiring) -> None:
        """A term that is to be a number and is none would be missing in every record."""
        source = (
            self.wirings.get(str(wiring.columns.get("value")))
            if wiring.function == "number"
            else None
        )
        if source is None or source.function != "recode":
            return
        given = source.constants.get("terms")
        terms = pd.Series(list(given.values()) if isinstance(given, Mapping) else [], dtype="str")
        for term in terms[derive.FUNCTIONS["number"](terms).isna()]:
            self.complain(
                name,
                f"number: the term {term} of {wiring.columns['value']} is not a number",
                wiring,
            )


def _reads(step: Step) -> Iterator[str]:
    """Columns of the rows so far that a step reads."""
    if isinstance(step, Melt):
        yield from step.melt.columns
        yield from (f"{name}.missing" for name in step.melt.columns if step.melt.reason)
    elif isinstance(step, Join):
        yield from step.join.on
    elif isinstance(step, First):
        yield from (*step.first.by, *(name.removeprefix("-") for name in step.first.order))
    elif isinstance(step, Summarize):
        yield from step.summarize.by
        yield from (column for how in step.summarize.take.values() for column in how.values())
