"""The columns that there are after each row step, and the source columns they were made of."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from ..conditions import Where, columns_of, compared, excluded
from ..metadata import (
    COUNTS,
    Candidate,
    Cross,
    Join,
    Lookup,
    Melt,
    Stack,
    Step,
    StudyTable,
    Summarize,
    Take,
    Transpose,
    melted_columns,
    reason_columns,
    taken_columns,
)
from ..text import suggest
from .plan import Origins, Source, SourceColumn, SpecPath
from .problems import Problems
from .row_steps import columns_read, deciding_there
from .spec_tables import repeated_keys

CHOICES = "latest, earliest, nearest or matches: all"


class StepOrigins:
    """Follows columns through row steps, and finds what is wrong with the steps.

    branches  columns of each branch of the stack, and their origins.
    read      source columns that decide about rows.
    blind     whether a source is not known, so that neither are its columns.
    """

    def __init__(
        self,
        sources: Mapping[str, Source],
        problems: Problems,
        *,
        carrying: bool,
        unread: Collection[str] = (),
    ) -> None:
        self.sources = sources
        self.unread = unread  # sources that are there and cannot be used: said where they stand
        self.problems = problems
        self.carrying = carrying  # origins are only those that give a part of the value
        self.branches: list[Origins] = []
        self.read: set[SourceColumn] = set()
        self.missing: set[str] = set()  # columns that were read and not there: that is told
        self.blind = False

    def after(self, path: SpecPath, step: Step, columns: Origins) -> Origins:
        """Columns and their origins after the step."""
        if isinstance(step, Take):
            return self._after_take(path, step)
        if isinstance(step, Stack):
            return self._after_stack(path, step)
        if isinstance(step, Join):
            return self._after_join(path, step, columns)
        if isinstance(step, Lookup):
            return self._after_lookup(path, step, columns)
        if isinstance(step, Cross):
            return self._after_cross(path, step, columns)
        return self._after_alone(path, step, columns)

    def _after_alone(self, path: SpecPath, step: Step, columns: Origins) -> Origins:
        """The same after a step that reads no other source."""
        if isinstance(step, Melt):
            return self._after_melt(path, step, columns)
        if isinstance(step, Summarize):
            return self._after_summarize(path, step, columns)
        if isinstance(step, Transpose):
            return self._after_transpose(path, step, columns)
        return dict(columns)

    # ------------------------------------------------------------ sources
    def _source(self, path: SpecPath, name: str) -> Source | None:
        if name not in self.sources:
            self.blind = True
            if name not in self.unread:
                near = suggest(name, self.sources)
                self.problems.add(path, f"there is no form or dataset {name} to read here{near}")
        source = self.sources.get(name)
        if source is not None and source.table and not source.columns:
            self.blind = True  # what is wrong with the table is told where it stands
        if source is not None and source.per_subject and self.problems.spec.per_study:
            reason = f"{name} has subjects: a dataset per study reads tables, or datasets per study"
            self.problems.add(path, reason)
        return source

    def _check_column(self, path: SpecPath, name: str, source_name: str) -> None:
        known = self.sources[source_name].columns
        if name not in known:
            self.problems.add(path, f"{source_name} has no column {name}{suggest(name, known)}")

    # ------------------------------------------------------------ take
    def _after_take(self, path: SpecPath, step: Take) -> Origins:
        source = self._source(path, step.take)
        if source is None:
            return {}
        selecting = columns_of(step.where)
        for name in (*selecting, *step.rename.values()):
            self._check_column(path, name, step.take)
        self._check_wanted(path, step.where, step.take, source)
        for name in selecting:
            self.read.add((step.take, name))
        self._check_new_names(path, step, source)
        taken: Origins = {}
        for name, old in taken_columns(step, source.columns).items():
            taken[name] = ((step.take, old),)
        return {**taken, **dict.fromkeys(step.set, ())}

    def _check_wanted(self, path: SpecPath, where: Where, of: str, source: Source) -> None:
        """A value that a column cannot have would take no record at all."""
        for name, value in compared(where):
            known = source.values.get(name, ())
            if known and value not in known:
                near = suggest(value, known)
                self.problems.add(path, f"{name} of {of} is never {value}{near}")
        for name, value in excluded(where):
            if set(source.values.get(name, ())) == {value}:
                reason = f"{name} of {of} is {value} or missing, so that this never holds"
                self.problems.add(path, f"{reason}: write {name} is missing")

    def _check_new_names(self, path: SpecPath, step: Take, source: Source) -> None:
        if isinstance(step, Candidate):
            return
        for new in step.rename:
            if new in source.columns and new not in step.rename.values():
                reason = f"there is a column {new} already; rename it too, or take another name"
                self.problems.add(path, reason)

    # ------------------------------------------------------------ stack
    def _after_stack(self, path: SpecPath, step: Stack) -> Origins:
        united: Origins = {}
        if not step.stack:
            self.blind = True
            self.problems.add(path, "a stack has at least one branch")
        for i, branch in enumerate(step.stack):
            columns = self._after_branch((*path, "stack", i), branch)
            self.branches.append(columns)
            for name, origins in columns.items():
                united[name] = tuple(dict.fromkeys((*united.get(name, ()), *origins)))
        return united

    def _after_branch(self, path: SpecPath, branch: tuple[Step, ...]) -> Origins:
        if not _is_branch(branch):
            self.blind = True
            first = "the first step of a branch, and only that, is take"
            self.problems.add(path, f"{first}; there is no stack in a stack")
            return {}
        columns: Origins = {}
        for j, step in enumerate(branch):
            here = (*path, j)
            for name in dict.fromkeys(columns_read(step)):
                if name not in columns and not self.blind:
                    near = suggest(name, columns)
                    self.problems.add(here, f"there is no column {name} here{near}")
            columns = self.after(here, step, columns)
        return columns

    # ------------------------------------------------------------ steps after the first
    def _after_melt(self, path: SpecPath, step: Melt, columns: Origins) -> Origins:
        spec = step.melt
        rest = dict(columns)
        for name in (*spec.columns, *reason_columns(spec.columns)):
            rest.pop(name, None)
        origins: list[SourceColumn] = []
        for name in spec.columns:
            origins += columns.get(name, ())
        for name in melted_columns(step):
            self._check_new(path, name, rest)
            rest[name] = tuple(origins)
            if self.carrying and name == spec.name:
                rest[name] = ()
        return rest

    def _after_summarize(self, path: SpecPath, step: Summarize, columns: Origins) -> Origins:
        made: Origins = {}
        for name in step.summarize.by:
            made[name] = columns.get(name, ())
        for new, statistic in step.summarize.take.items():
            self._check_new(path, new, made)
            made[new] = self._united(columns, [statistic.column], statistic.sorting)
            if self.carrying and statistic.how in COUNTS:
                made[new] = ()
        return made

    def _after_transpose(self, path: SpecPath, step: Transpose, columns: Origins) -> Origins:
        spec = step.transpose
        made: Origins = {}
        for name in spec.by:
            made[name] = columns.get(name, ())
        for new in spec.columns.values():
            self._check_new(path, new, made)
            made[new] = self._united(columns, [spec.value], [spec.name])
        return made

    def _check_new(self, path: SpecPath, name: str, columns: Origins) -> None:
        if name in columns and name not in self.missing:
            self.problems.add(path, f"there is a column {name} already; take another name")

    def _united(
        self, columns: Origins, giving: Iterable[str], deciding: Iterable[str]
    ) -> tuple[SourceColumn, ...]:
        """Origins of columns that give values and of those that decide which."""
        names = [*giving]
        if not self.carrying:
            names += deciding
        found: list[SourceColumn] = []
        for name in names:
            found += columns.get(name, ())
        return tuple(dict.fromkeys(found))

    def _after_join(self, path: SpecPath, step: Join, columns: Origins) -> Origins:
        spec = step.join
        source = self._source(path, spec.with_)
        if source is None:
            return dict(columns)
        deciding = deciding_there(step)
        for name in (*deciding, *spec.taken.values()):
            self._check_column(path, name, spec.with_)
        for name in deciding:
            self.read.add((spec.with_, name))
        self._check_wanted(path, spec.where, spec.with_, source)
        self._check_one_match(path, step, source)
        return self._brought(path, spec.with_, spec.taken, columns)

    def _after_lookup(self, path: SpecPath, step: Lookup, columns: Origins) -> Origins:
        spec = step.lookup
        source = self.sources.get(spec.table)
        if source is None:
            tables = [name for name, known in self.sources.items() if known.table]
            near = suggest(spec.table, tables)
            self.problems.add(path, f"there is no table {spec.table}{near}")
        elif source.table is None:
            self.problems.add(path, f"{spec.table} is not a table of the study: join it")
        elif source.columns:  # else something is wrong with the table itself
            self._check_lookup(path, spec, source.table)
        return self._brought(path, spec.table, spec.taken, columns)

    def _check_lookup(self, path: SpecPath, spec: Lookup.In, table: StudyTable) -> None:
        for name in (*spec.matched.values(), *spec.taken.values()):
            self._check_column(path, name, spec.table)
        for line, reason in repeated_keys(table, list(spec.matched.values())):
            self.problems.add_of_table(table, line, reason)

    def _after_cross(self, path: SpecPath, step: Cross, columns: Origins) -> Origins:
        spec = step.cross
        source = self._source(path, spec.with_)
        if source is None or not source.columns:
            return {**columns, **dict.fromkeys(spec.taken, ())}
        if source.per_subject:
            reason = f"{spec.with_} has subjects: cross goes with tables, or datasets per study"
            self.problems.add(path, reason)
        for name in spec.taken.values():
            self._check_column(path, name, spec.with_)
        return self._brought(path, spec.with_, spec.taken, columns)

    def _brought(
        self, path: SpecPath, source: str, taken: Mapping[str, str], columns: Origins
    ) -> Origins:
        """The columns with those of another source, which take no name that is there already."""
        joined = dict(columns)
        for new, old in taken.items():
            if new in columns and new not in self.missing:
                reason = f"there is a column {new} already; take it under another name"
                self.problems.add(path, reason)
            joined[new] = ((source, old),)
        return joined

    def _check_one_match(self, path: SpecPath, step: Join, source: Source) -> None:
        """A join finds one record at most: it names all of the key but the study.

        Or it says which of several is taken.
        """
        if step.join.says_which:
            return
        on = list(step.join.matched.values())
        name, matched = step.join.with_, ", ".join(on) or "nothing"
        if not source.key:
            reason = f"{name} has no key, so it may have several records for {matched}"
            self.problems.add(path, f"{reason}: choose: {CHOICES}")
        missing = [key for key in source.key if key not in on and key != "STUDYID"]
        if missing:
            several = f"{name} may have several records for {matched}"
            cure = f"add {', '.join(missing)} to on, or choose: {CHOICES}"
            self.problems.add(path, f"{several}: {cure}")


def _is_branch(steps: tuple[Step, ...]) -> bool:
    """Whether the first step, and only that, is take, and none is a stack."""
    if not steps or not isinstance(steps[0], Take):
        return False
    return not any(isinstance(step, Take | Stack) for step in steps[1:])
