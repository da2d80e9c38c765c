"""Kinds of columns (text, number, date) on their way from the raw forms.

And where one is wired that does not fit.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..metadata import (
    DatasetSpec,
    Join,
    Melt,
    Stack,
    Step,
    Summarize,
    Take,
    Variable,
    Wiring,
    is_open,
)
from .calls import ANY, gives, signature
from .plan import Column, Path, Plan, RowStep

Kinds = Mapping[
    str, str
]  # column: text, number or date; ANY where nothing is in it, or nothing is known
ALIKE, MIXED = "alike", "mixed"
WORDS = {
    "text": "text",
    "number": "a number",
    "date": "a date",
    MIXED: "text in one branch and no text in another",
}
CURES = {
    ("number", "text"): ": derive number before",
    ("date", "text"): ": derive calendar_date before",
    ("number", "date"): ": derive study_day or relative_day before",
}


def of_form(columns: Iterable[str]) -> dict[str, str]:
    """What a raw form holds: text, whatever the type of its columns."""
    return dict.fromkeys(columns, "text")


def by_type(spec: DatasetSpec) -> dict[str, str]:
    """What the types of the variables say; a Num may be a number or a date."""
    return {v.name: "text" if v.type == "Char" else ANY for v in spec.variables}


@dataclass
class Walk:
    """One pass over a dataset's work, with the kind of every column that there is.

    known: kinds of the columns of all sources. misfits: what does not fit, of a wiring or of a row
        step.
    """

    plan: Plan
    known: Mapping[str, Kinds]
    kinds: dict[str, str] = field(default_factory=dict)
    misfits: list[tuple[str | Path, str, Wiring | None]] = field(default_factory=list)

    def variables(self) -> dict[str, str]:
        """Kinds of the finished variables."""
        step = 0
        for work in self.plan.work:
            if isinstance(work, Column):
                self.kinds[work.name] = self._derived(work.name, work.wiring)
            elif isinstance(work, RowStep):
                self.kinds = self._after(work.step, ("rows", step), self.kinds)
                step += 1
        return {v.name: self._finished(v) for v in self.plan.spec.variables}

    def _finished(self, variable: Variable) -> str:
        """The kind of a variable in the finished dataset.

        ANY where it is not of its type, which is told once.
        """
        kind, wiring = self.kinds.get(variable.name, ANY), variable.wiring
        if variable.type == "Num" and kind in ("text", MIXED):
            reason = f"is Num and {_source(wiring)} is {WORDS[kind]}: derive number"
            self.misfits.append((variable.name, reason, wiring))
            return ANY
        if variable.type == "Char" and kind == "date":
            self.misfits.append(
                (variable.name, f"is Char and {_source(wiring)} is a date: say type: Num", wiring)
            )
        return "text" if variable.type == "Char" else kind

    # ------------------------------------------------------------ rows
    def _after(self, step: Step, where: Path, kinds: dict[str, str]) -> dict[str, str]:
        if isinstance(step, Take):
            new_names = {old: new for new, old in step.rename.items()}
            taken = {
                new_names.get(name, name): kind for name, kind in self.known[step.take].items()
            }
            return {**taken, **{name: kind_of(value) for name, value in step.set.items()}}
        if isinstance(step, Stack):
            return self._stacked(step, where)
        if isinstance(step, Melt):
            melted = (step.melt.name, step.melt.value, step.melt.reason)
            return {**kinds, **dict.fromkeys(filter(None, melted), "text")}
        if isinstance(step, Join):
            return {**kinds, **self._joined(step, where, kinds)}
        if isinstance(step, Summarize):
            return {**kinds, **dict(self._statistics(step, where, kinds))}
        return kinds

    def _stacked(self, step: Stack, where: Path) -> dict[str, str]:
        united: dict[str, set[str]] = {}
        for i, branch in enumerate(step.stack):
            kinds: dict[str, str] = {}
            for inner in branch:
                kinds = self._after(inner, (*where, "stack", i), kinds)
            for name, kind in kinds.items():
                united.setdefault(name, set()).add(kind)
        return {name: _one_of(kinds - {ANY}) for name, kinds in united.items()}

    def _joined(self, step: Join, where: Path, kinds: Kinds) -> dict[str, str]:
        spec, source = step.join, self.known[step.join.with_]
        for left, right in spec.matched.items():
            here, there = kinds.get(left, ANY), source.get(right, ANY)
            if ANY not in (here, there) and here != there:
                reason = f"{left} is {WORDS[here]}, {right} of {spec.with_} is {WORDS[there]}: they never match"
                self.misfits.append((where, reason, None))
        return {new: source.get(old, ANY) for new, old in spec.taken.items()}

    def _statistics(self, step: Summarize, where: Path, kinds: Kinds) -> Iterator[tuple[str, str]]:
        for new, statistic in step.summarize.take.items():
            for how, column in statistic.items():
                kind = kinds.get(column, ANY)
                if how == "sum" and kind not in ("number", ANY):
                    self.misfits.append(
                        (
                            where,
                            f"{column} is {WORDS[kind]} and has no sum{_cure('number', kind)}",
                            None,
                        )
                    )
                yield new, kind if how in ("min", "max") else "number"

    # ------------------------------------------------------------ columns
    def _derived(self, name: str, wiring: Wiring) -> str:
        if wiring.function == "constant":
            return kind_of(wiring.constants["value"])
        alike: dict[str, str] = {}  # kind: the column that has it
        for parameter, given in wiring.columns.items():
            wanted = signature(wiring.function)[parameter].kind
            for column in (given,) if isinstance(given, str) else given:
                kind = self.kinds.get(column, ANY)
                if wanted == ALIKE:
                    alike.setdefault(kind, column)
                elif ANY not in (wanted, kind) and wanted != kind:
                    reason = f"{parameter} wants {WORDS[wanted]} and {column} is {WORDS[kind]}{_cure(wanted, kind)}"
                    self.misfits.append((name, f"{wiring.function}: {reason}", wiring))
        made = gives(wiring.function)
        return self._like(name, wiring, alike) if made == ALIKE else made

    def _like(self, name: str, wiring: Wiring, alike: Mapping[str, str]) -> str:
        """The kind that the columns have in common."""
        kinds = {kind: column for kind, column in alike.items() if kind != ANY}
        if len(kinds) > 1:
            told = ", ".join(f"{column} is {WORDS[kind]}" for kind, column in kinds.items())
            self.misfits.append(
                (name, f"{wiring.function}: all should be of one kind: {told}", wiring)
            )
            return ANY
        return next(iter(kinds), ANY)


def kind_of(value: Any) -> str:
    """The kind of a constant."""
    if value is None or is_open(value) or not isinstance(value, str | int | float):
        return ANY
    return "text" if isinstance(value, str) else "number"


def _one_of(kinds: set[str]) -> str:
    return MIXED if len(kinds) > 1 else next(iter(kinds), ANY)


def _cure(wanted: str, kind: str) -> str:
    return CURES.get((wanted, kind), "")


def _source(wiring: Wiring) -> str:
    if wiring.function == "constant":
        return "its value"
    return (
        str(wiring.columns["value"])
        if wiring.function == "copy"
        else f"what {wiring.function} gives"
    )
