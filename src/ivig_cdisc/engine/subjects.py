"""Which columns name the subject of a record, from the raw forms to the finished variables.

A study is converted in partitions of subjects, so every record of every dataset must belong to one
subject. Rows come by the branches of a stack, or by the one take; a column may name the subject in
one branch and not in another.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ..metadata import (
    Cross,
    DatasetSpec,
    First,
    Form,
    Join,
    Last,
    Lookup,
    Melt,
    Stack,
    Step,
    Summarize,
    Take,
    Transpose,
    Wiring,
    melted_columns,
    sources,
    taken_columns,
)
from .plan import Column, Plan, RowStep, SpecPath
from .row_steps import groups

Names = Mapping[str, bool]  # column: whether it names the subject
# Subjects stay apart where all that goes in names them, or where a part does.
KEEPING = ("copy", "subject_key", "upper_case", "coalesce")
JOINING = "paste"


def of_form(form: Form, subject: str) -> dict[str, bool]:
    """A raw form has one column that names the subject; that it is missing is found elsewhere."""
    if subject not in form.columns:
        return dict.fromkeys(form.readable, True)
    return {name: name == subject for name in form.readable}


def taken_for_granted(spec: DatasetSpec) -> dict[str, bool]:
    """Of a dataset that has problems already: nothing is found of what follows from them."""
    return {variable.name: True for variable in spec.variables}


@dataclass
class Trail:
    """One pass over a dataset's work, with what is known of the columns of each branch.

    known: the same of the columns of all sources. lost: where the subject is lost, and what to do.
    """

    plan: Plan
    known: Mapping[str, Names]
    branches: list[dict[str, bool]] = field(default_factory=list)
    lost: list[tuple[SpecPath, str]] = field(default_factory=list)

    def variables(self) -> dict[str, bool]:
        """Which finished variables name the subject, in whichever branch a record came by."""
        if self.plan.spec.per_study:
            return {variable.name: False for variable in self.plan.spec.variables}
        if not self._reads_subjects():
            self._lose(("rows",), "nothing that it reads has a subject: set per: study")
            return taken_for_granted(self.plan.spec)
        for work in self.plan.work:
            if isinstance(work, Column):
                for names in self.branches:
                    names[work.name] = _derived(work.wiring, names)
            elif isinstance(work, RowStep):
                self._row_step(work.step, work.path)
        finished = {}
        for variable in self.plan.spec.variables:
            finished[variable.name] = self._everywhere(variable.name)
        if not self.lost and not any(finished.values()):
            example = self._example()
            reason = f"no variable names the subject of a record: add one{example}"
            self._lose(("rows",), reason)
        if self.lost:
            return taken_for_granted(self.plan.spec)
        return finished

    def _reads_subjects(self) -> bool:
        """Whether something that the rows read has subjects."""
        return any(any(self.known[name].values()) for name in sources(self.plan.spec.rows))

    def _everywhere(self, name: str) -> bool:
        """Whether the column names the subject in every branch."""
        return all(names.get(name, False) for names in self.branches)

    def _example(self) -> str:
        for name in _subjects(self.branches[0]):
            if self._everywhere(name):
                return f", as {name}"
        return ""

    # ------------------------------------------------------------ rows
    def _row_step(self, step: Step, where: SpecPath) -> None:
        before, self.branches = self.branches or [{}], []
        if isinstance(step, Stack):
            for i, branch in enumerate(step.stack):
                self.branches.append(self._after_branch(branch, (*where, "stack", i)))
        else:
            for names in before:
                self.branches.append(self._after(step, where, names))

    def _after_branch(self, branch: Sequence[Step], where: SpecPath) -> dict[str, bool]:
        names: dict[str, bool] = {}
        for j, step in enumerate(branch):
            names = self._after(step, (*where, j), names)
        return names

    def _after(self, step: Step, where: SpecPath, names: Names) -> dict[str, bool]:
        """Columns after the step; reports once where no column names the subject any more."""
        if isinstance(step, First | Last | Transpose | Summarize):
            self._check_groups(step, where, names)
        if isinstance(step, Join):
            self._check_matches(step, where, names)
        after = self._columns(step, names)
        before = _subjects(names)
        if isinstance(step, Take):
            before = _subjects(self.known[step.take])
        if before and not _subjects(after):
            lost = "leaves no column that names the subject of a record"
            self._lose(where, f"{lost}: keep {before[0]} as it is")
        return after

    def _columns(self, step: Step, names: Names) -> dict[str, bool]:
        if isinstance(step, Take):
            return self._taken(step)
        if isinstance(step, Melt):
            rest = dict(names)
            for name in step.melt.columns:
                rest.pop(name, None)
            return {**rest, **dict.fromkeys(melted_columns(step), False)}
        if isinstance(step, Summarize):
            return _summarized(step, names)
        if isinstance(step, Transpose):
            return _transposed(step, names)
        return {**names, **self._brought(step, names)}

    def _brought(self, step: Step, names: Names) -> dict[str, bool]:
        """The columns that come from another source."""
        if isinstance(step, Join):
            return self._joined(step, names)
        if isinstance(step, Lookup):
            return dict.fromkeys(step.lookup.taken, False)
        if isinstance(step, Cross):
            return dict.fromkeys(step.cross.taken, False)
        return {}

    def _taken(self, step: Take) -> dict[str, bool]:
        known = self.known[step.take]
        taken = {}
        for name, old in taken_columns(step, known).items():
            taken[name] = known[old]
        return {**taken, **dict.fromkeys(step.set, False)}

    def _joined(self, step: Join, names: Names) -> dict[str, bool]:
        """What is taken names the subject only if the records matched are of one subject."""
        spec, source = step.join, self.known[step.join.with_]
        within = self._is_within(step, names)
        return {new: within and source.get(old, False) for new, old in spec.taken.items()}

    def _is_within(self, step: Join, names: Names) -> bool:
        """Whether the records that a join matches are of one subject."""
        source = self.known[step.join.with_]
        for left, right in step.join.matched.items():
            if names.get(left, False) and source.get(right, False):
                return True
        return False

    def _check_matches(self, step: Join, where: SpecPath, names: Names) -> None:
        """Which record is taken, or how many, must not depend on other subjects."""
        subjects = _subjects(self.known[step.join.with_])
        if step.join.says_which and subjects and not self._is_within(step, names):
            cure = f"add {subjects[0]} to on, since a record belongs to one subject"
            self._lose(where, f"matches records of several subjects: {cure}")

    def _check_groups(
        self, step: First | Last | Transpose | Summarize, where: SpecPath, names: Names
    ) -> None:
        verb = "makes one of the"
        if isinstance(step, First | Last):
            verb = "chooses among the"
        if any(names.get(name, False) for name in groups(step)):
            return
        subject = next(iter(_subjects(names)), "the column that names the subject")
        cure = f"add {subject} to by, since a record belongs to one subject"
        self._lose(where, f"{verb} records of several subjects: {cure}")

    def _lose(self, where: SpecPath, reason: str) -> None:
        """The first loss is reported; others follow from it."""
        if not self.lost:
            self.lost.append((where, reason))


def _summarized(step: Summarize, names: Names) -> dict[str, bool]:
    after = {}
    for name in step.summarize.by:
        after[name] = names.get(name, False)
    for new, statistic in step.summarize.take.items():
        is_value = statistic.how in ("min", "max", "first", "last")
        after[new] = is_value and names.get(statistic.column, False)
    return after


def _transposed(step: Transpose, names: Names) -> dict[str, bool]:
    after = dict.fromkeys(step.transpose.columns.values(), False)
    for name in step.transpose.by:
        after[name] = names.get(name, False)
    return after


def _derived(wiring: Wiring, names: Names) -> bool:
    """Whether a derived column tells all subjects apart.

    Columns that a branch does not have are missing there.
    """
    read = [names[name] for name in wiring.inputs if name in names]
    if wiring.function == JOINING:
        return any(read)
    return wiring.function in KEEPING and bool(read) and all(read)


def _subjects(names: Names) -> list[str]:
    """Columns that name the subject, the one that all datasets have first."""
    subjects = [name for name, is_subject in names.items() if is_subject]
    return sorted(subjects, key=lambda name: name != "USUBJID")
