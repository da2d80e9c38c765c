"""Which columns name the subject of a record, followed from the raw forms to the finished variables.

A study is converted in partitions of subjects, so every record of every dataset must belong to one
subject. Rows come by the branches of a stack, or by the one take; a column may name the subject in
one branch and not in another.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ..metadata import DatasetSpec, First, Form, Join, Melt, Stack, Step, Summarize, Take, Wiring
from .plan import Column, Path, Plan, RowStep

Names = Mapping[str, bool]  # column: whether it names the subject
KEEPING = (
    "copy",
    "subject_key",
    "upper_case",
    "coalesce",
)  # subjects stay apart where all that goes in names them
JOINING = "paste"  # they stay apart where a part names them


def of_form(form: Form, subject: str) -> dict[str, bool]:
    """A raw form has one column that names the subject; that it is missing is told elsewhere."""
    return {name: name == subject or subject not in form.columns for name in form.columns}


def taken_for_granted(spec: DatasetSpec) -> dict[str, bool]:
    """Of a dataset that has problems already: nothing is told of what follows from them."""
    return {variable.name: True for variable in spec.variables}


@dataclass
class Trail:
    """One pass over a dataset's work, with what is known of the columns of each branch.

    known: the same of the columns of all sources. lost: where the subject is lost, and what to do.
    """

    plan: Plan
    known: Mapping[str, Names]
    branches: list[dict[str, bool]] = field(default_factory=list)
    lost: list[tuple[Path, str]] = field(default_factory=list)

    def variables(self) -> dict[str, bool]:
        """Which finished variables name the subject, in whichever branch a record came by."""
        step = 0
        for work in self.plan.work:
            if isinstance(work, Column):
                self.branches = [
                    {**names, work.name: _derived(work.wiring, names)} for names in self.branches
                ]
            elif isinstance(work, RowStep):
                self._row_step(work.step, ("rows", step))
                step += 1
        finished = {
            v.name: all(b.get(v.name, False) for b in self.branches)
            for v in self.plan.spec.variables
        }
        if not self.lost and not any(finished.values()):
            self.lost.append(
                (("rows",), f"no variable names the subject of a record: add one{self._example()}")
            )
        return taken_for_granted(self.plan.spec) if self.lost else finished

    def _example(self) -> str:
        everywhere = [
            name
            for name in _subjects(self.branches[0])
            if all(b.get(name, False) for b in self.branches)
        ]
        return f", as {everywhere[0]}" if everywhere else ""

    # ------------------------------------------------------------ rows
    def _row_step(self, step: Step, where: Path) -> None:
        if isinstance(step, Stack):
            ways = [self._way(branch, (*where, "stack", i)) for i, branch in enumerate(step.stack)]
            self.branches = ways
        else:
            self.branches = [self._after(step, where, names) for names in self.branches or [{}]]

    def _way(self, branch: Sequence[Step], where: Path) -> dict[str, bool]:
        names: dict[str, bool] = {}
        for step in branch:
            names = self._after(step, where, names)
        return names

    def _after(self, step: Step, where: Path, names: Names) -> dict[str, bool]:
        """Columns after the step; told once, where no column names the subject any more."""
        if isinstance(step, First | Summarize):
            self._check_groups(step, where, names)
        after = self._columns(step, names)
        before = _subjects(self.known[step.take] if isinstance(step, Take) else names)
        if before and not _subjects(after):
            self._lose(
                where,
                f"leaves no column that names the subject of a record: keep {before[0]} as it is",
            )
        return after

    def _columns(self, step: Step, names: Names) -> dict[str, bool]:
        if isinstance(step, Take):
            new_names = {old: new for new, old in step.rename.items()}
            taken = {
                new_names.get(name, name): is_subject
                for name, is_subject in self.known[step.take].items()
            }
            return {**taken, **dict.fromkeys(step.set, False)}
        if isinstance(step, Melt):
            made = filter(None, (step.melt.name, step.melt.value, step.melt.reason))
            rest = {
                name: is_subject
                for name, is_subject in names.items()
                if name not in step.melt.columns
            }
            return {**rest, **dict.fromkeys(made, False)}
        if isinstance(step, Join):
            return {**names, **self._joined(step, names)}
        if isinstance(step, Summarize):
            return dict(_summarized(step, names))
        return dict(names)

    def _joined(self, step: Join, names: Names) -> dict[str, bool]:
        """What is taken names the subject only if the records matched are of one subject."""
        spec, source = step.join, self.known[step.join.with_]
        within = False
        for left, right in spec.matched.items():
            within |= names.get(left, False) and source.get(right, False)
        return {new: within and source.get(old, False) for new, old in spec.taken.items()}

    def _check_groups(self, step: First | Summarize, where: Path, names: Names) -> None:
        by = step.first.by if isinstance(step, First) else step.summarize.by
        if any(names.get(name, False) for name in by):
            return
        verb = "chooses among the" if isinstance(step, First) else "makes one of the"
        cure = f"add {next(iter(_subjects(names)), 'the column that names the subject')} to by"
        self._lose(
            where,
            f"{verb} records of several subjects: {cure}, since a record belongs to one subject",
        )

    def _lose(self, where: Path, reason: str) -> None:
        if not self.lost:
            self.lost.append((where, reason))


def _summarized(step: Summarize, names: Names) -> Iterator[tuple[str, bool]]:
    for name in step.summarize.by:
        yield name, names.get(name, False)
    for new, statistic in step.summarize.take.items():
        for how, old in statistic.items():
            yield new, how in ("min", "max") and names.get(old, False)


def _derived(wiring: Wiring, names: Names) -> bool:
    """Whether a derived column tells all subjects apart.

    Columns that a branch does not have are missing there.
    """
    read = [names[name] for name in wiring.reads if name in names]
    if wiring.function == JOINING:
        return any(read)
    return wiring.function in KEEPING and bool(read) and all(read)


def _subjects(names: Names) -> list[str]:
    """Columns that name the subject, the one that all datasets have first."""
    return sorted(
        (name for name, is_subject in names.items() if is_subject),
        key=lambda name: name != "USUBJID",
    )
