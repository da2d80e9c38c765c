"""Bind a dataset's spec to functions and sources, and put its work in order.

Every mistake is a problem, at once.

A variable that a row step reads is derived before that step, every other after the last; those that
read the order of the rows (sequence numbers) come after the final sort.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from .. import derive
from ..metadata import DatasetSpec, Stack, Step, Take, Wiring, shown
from ..metadata.columns import columns_after
from ..text import suggest
from .call_check import CallCheck
from .calls import carried_reads
from .plan import Column, Origins, Plan, RowStep, Sort, Source, SourceColumn, SpecPath, wirings
from .problems import Problems
from .row_steps import columns_read
from .step_origins import StepOrigins


class Binder:
    """Makes the plan of one dataset and finds what is wrong with its wiring.

    columns  those there are now, and their origins.
    derived  names of those that were derived.
    open     those that are being derived, to see circles.
    overlaid columns of the rows whose name is that of a variable with other values.
    """

    def __init__(
        self,
        spec: DatasetSpec,
        sources: Mapping[str, Source],
        *,
        carrying: bool = False,
        unread: Collection[str] = (),
    ) -> None:
        self.spec = spec
        self.carrying = carrying  # origins are only those that give a part of the value
        self.wirings = wirings(spec)
        self.problems = Problems(spec)
        self.calls = CallCheck(self.wirings, self.problems)
        self.steps = StepOrigins(sources, self.problems, carrying=carrying, unread=unread)
        self.steps.blind = not spec.rows  # which is said where they should stand
        self.work: list[RowStep | Column | Sort] = []
        self.columns: Origins = {}
        self.derived: set[str] = set()
        self.open: list[str] = []
        self.step: SpecPath = ()  # the row step whose columns are derived
        self.overlaid: set[str] = set()

    def plan(self) -> Plan:
        """All work of the dataset in order."""
        for name, wiring in self.wirings.items():
            self.calls.check(name, wiring)
        for i, step in enumerate(self.spec.rows):
            self._row_step(i, step)
        self._columns_after_rows()
        branches = tuple(self._origins_in(branch) for branch in self.steps.branches)
        read = frozenset(self.steps.read)
        return Plan(self.spec, tuple(self.work), dict(self.columns), branches, read)

    def _origins_in(self, branch: Origins) -> Origins:
        """Origins of each column for the rows that came by one branch of the stack."""
        origins = dict(branch)
        for name in self.wirings:
            found = self._source_columns(name, branch, frozenset())
            origins[name] = tuple(dict.fromkeys(found))
        return origins

    def _source_columns(
        self, name: str, branch: Origins, seen: frozenset[str]
    ) -> Iterator[SourceColumn]:
        """What a column was made of in one branch, as often as it went in."""
        wiring = self.wirings.get(name)
        if wiring is None or name in seen:
            yield from branch.get(name, ())
            return
        for read in wiring.reads:
            yield from self._source_columns(read, branch, seen | {name})

    # ------------------------------------------------------------ rows
    def _row_step(self, i: int, step: Step) -> None:
        path = ("rows", i)
        starts = isinstance(step, Take | Stack)
        if starts != (i == 0):
            self.steps.blind |= i == 0
            self.problems.add(
                path, "the first step, and only that, is take, stack, values or events"
            )
            return
        self._carry_out(path, step)

    def _carry_out(self, path: SpecPath, step: Step) -> None:
        """Add a step to the work, after the columns that it reads."""
        self.step = path
        for name in columns_read(step):
            if self._reads_order(name, frozenset()):
                taken_over = self._taken_over([name])
                reason = f"{name} is derived from the order of the finished rows{taken_over}"
                self.problems.add(path, reason)
            self._need(name, path)
            self.steps.read.update(self.columns[name])
        self.step = ()
        self.columns = self.steps.after(path, step, self.columns)
        self.derived &= set(self.columns)
        self.work.append(RowStep(step, path))

    def _brings(self, name: str) -> bool:
        """Whether the column is one that the join of kept variables brings."""
        return self.spec.kept is not None and name in self.spec.kept.join.taken

    def _join_kept(self) -> None:
        """Join the kept variables of ADSL now that one of them is read."""
        kept = self.spec.kept
        if kept is None:
            return
        for name in kept.join.matched:
            if name not in self.wirings and name not in self.columns and not self.steps.blind:
                reason = f"records of ADSL are found by {name}, and there is no column {name} here"
                self.problems.add("keep", reason)
                self.columns[name] = ()
        self._carry_out(("keep",), kept)

    # ------------------------------------------------------------ columns
    def _columns_after_rows(self) -> None:
        names = [variable.name for variable in self.spec.variables]
        late = {name for name in names if self._reads_order(name, frozenset())}
        for name in names:
            if name not in late:
                self._need(name, name)
        self._check_keys(names, late)
        keys = [key for key in self.spec.keys if key in self.columns and key != "STUDYID"]
        self.work.append(Sort(tuple(keys)))
        for name in names:
            if name in late:
                self._need(name, name)

    def _check_keys(self, names: Sequence[str], late: Collection[str]) -> None:
        for key in self.spec.keys:
            if key not in names:
                near = suggest(key, names)
                self.problems.add("keys", f"{key} is not a variable of the dataset{near}")
            elif key in late:
                reason = f"{key} is derived from the order that the keys give"
                self.problems.add("keys", reason)

    def _reads_order(self, name: str, seen: frozenset[str]) -> bool:
        """Whether the column, or one that it reads, depends on the order of the rows."""
        wiring = self.wirings.get(name)
        if wiring is None or name in seen:
            return False
        if getattr(derive.FUNCTIONS.get(wiring.function), "reads_order", False):
            return True
        return any(self._reads_order(read, seen | {name}) for read in wiring.reads)

    def _need(self, name: str, path: str | SpecPath, reader: Wiring | None = None) -> None:
        """Make sure that the column is there when the next work begins."""
        if name in self.wirings and name not in self.derived:
            self._derive(name)
        elif name not in self.columns and self._brings(name):
            self._join_kept()
        elif name not in self.columns:
            if not self.steps.blind:
                near = suggest(name, {**self.columns, **self.wirings})
                reason = f"there is no column {name} here{near}{self._too_early(name)}"
                self.problems.add(path, reason, reader)
            self.steps.missing.add(name)
            self.columns[name] = ()

    def _too_early(self, name: str) -> str:
        """What to say where a column is brought only after the variable that reads it is needed."""
        if not (self.step and self.open):
            return ""
        number = int(self.step[1])
        if name not in columns_after(self.spec.rows[number:], {}):
            return ""
        step = shown(self.spec.as_said(self.step))
        return f"; {self.open[0]} is derived before {step}, which reads it"

    def _derive(self, name: str) -> None:
        wiring = self.wirings[name]
        if name in self.open:
            circle = [*self.open[self.open.index(name) :], name]
            reason = f"is derived from itself: {' <- '.join(circle)}{self._taken_over(circle)}"
            self.problems.add(name, reason, wiring)
            return
        self.open.append(name)
        for read in wiring.reads:
            if read != name:
                self._need(read, name, wiring)
            elif name not in self.columns and not self.steps.blind:
                near = suggest(name, self.columns)
                reason = f"there is no column {name} to take it from{near}"
                self.problems.add(name, reason, wiring)
        self.open.pop()
        if name in self.columns and wiring.columns != {"value": name}:
            self.overlaid.add(name)
        self.derived.add(name)
        self.columns[name] = self._origins(wiring)
        self.work.append(Column(name, wiring))

    def _origins(self, wiring: Wiring) -> tuple[SourceColumn, ...]:
        """What goes into a column, from the columns that there are."""
        reads = wiring.reads
        if self.carrying:
            reads = carried_reads(wiring)
        found: list[SourceColumn] = []
        for read in reads:
            found += self.columns.get(read, ())
        return tuple(dict.fromkeys(found))

    def _taken_over(self, names: Sequence[str]) -> str:
        """What to say where one of the names is also a column of the source.

        That column was perhaps meant.
        """
        for name in names:
            if name in self.columns and name not in self.derived:
                meant = f"{name} is the variable here, not the source's column"
                cure = "take the source's column under another name"
                return f"; {meant}: {cure}, as in rename: {{collected_{name}: {name}}}"
        return ""
