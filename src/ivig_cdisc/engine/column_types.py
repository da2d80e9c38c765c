"""Types of columns (text, number, date) on their way from the raw forms.

And where one is wired that does not fit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .. import expressions
from ..conditions import Where, misfits
from ..expressions import Kind
from ..metadata import (
    CASES,
    COMPUTE,
    CONSTANT,
    COPY,
    COUNTS,
    LINE,
    OF_NUMBERS,
    Cross,
    DatasetSpec,
    Filter,
    Join,
    Lookup,
    Melt,
    Stack,
    Step,
    StudyTable,
    Summarize,
    Take,
    Transpose,
    Variable,
    Wiring,
    is_open,
    melted_columns,
    taken_columns,
)
from ..text import value_text
from .calls import ANY, ColumnType, gives, signature
from .plan import Column, Plan, RowStep, SpecPath

ColumnTypes = Mapping[str, ColumnType]  # by name of the column
ALIKE, MIXED = "alike", "mixed"
WORDS = {
    "text": "text",
    "number": "a number",
    "date": "a date",
    MIXED: "text in one branch and no text in another",
}
KINDS: Mapping[ColumnType, Kind] = {"text": "text", "number": "number", "date": "date"}
CURES = {
    ("number", "text"): ": derive number before",
    ("date", "text"): ": derive calendar_date before",
    ("order", "text"): ": derive calendar_date or number before",
    ("number", "date"): ": derive study_day or relative_day before",
}


NUM_OF_TEXT = {  # what makes a Num of text, by the kind of its numbers
    "number": "number",
    "time": "number",
    "date": "calendar_date",
    "datetime": "calendar_datetime",
}


def of_form(columns: Iterable[str]) -> dict[str, ColumnType]:
    """What a raw form holds: text, whatever the type of its columns, and the number of lines."""
    types: dict[str, ColumnType] = dict.fromkeys(columns, "text")
    types[LINE] = "number"
    return types


def of_table(table: StudyTable) -> dict[str, ColumnType]:
    """What a table of the specs holds: numbers or text."""
    types: dict[str, ColumnType] = {}
    for name in table.columns:
        types[name] = "text"
        if table.holds_numbers(name):
            types[name] = "number"
    return types


def of_spec(spec: DatasetSpec) -> dict[str, ColumnType]:
    """What the types of the variables say; a Num may be a number or a date."""
    types = {}
    for variable in spec.variables:
        types[variable.name] = ANY
        if variable.type == "Char":
            types[variable.name] = "text"
    return types


@dataclass
class TypeCheck:
    """One pass over a dataset's work, with the type of every column that there is.

    known       types of the columns of all sources.
    types       those of the columns that there are now.
    mismatches  what does not fit, of a wiring or of a row step: path, reason, wiring.
    """

    plan: Plan
    known: Mapping[str, ColumnTypes]
    types: dict[str, ColumnType] = field(default_factory=dict)
    made: dict[str, ColumnType] = field(default_factory=dict)  # by derivations
    mismatches: list[tuple[str | SpecPath, str, Wiring | None]] = field(default_factory=list)

    def variables(self) -> dict[str, ColumnType]:
        """Types of the finished variables."""
        for work in self.plan.work:
            if isinstance(work, Column):
                self._derive(work)
            elif isinstance(work, RowStep):
                self.types = self._after(work.step, work.path, self.types)
        return {variable.name: self._finished(variable) for variable in self.plan.spec.variables}

    def _derive(self, work: Column) -> None:
        """The type of a column; ANY, for those that read it, where it should be another one."""
        found = self._derived(work.name, work.wiring)
        self.made[work.name] = self.types[work.name] = found
        declared = {variable.name: variable.type for variable in self.plan.spec.variables}
        if declared.get(work.name) == "Num" and found in ("text", MIXED):
            self.types[work.name] = ANY

    def _finished(self, variable: Variable) -> ColumnType:
        """The type of a variable in the finished dataset.

        ANY where the column is not of the variable's type, which is reported once.
        """
        wiring = variable.wiring
        found = self.types.get(variable.name, ANY)
        if found == ANY:
            found = self.made.get(variable.name, ANY)
        if variable.type == "Num" and found in ("text", MIXED):
            cure = NUM_OF_TEXT[variable.kind]
            reason = f"is Num and {_source(wiring)} is {WORDS[found]}: derive {cure}"
            self.mismatches.append((variable.name, reason, wiring))
            return ANY
        if variable.type == "Char" and found == "date":
            reason = f"is Char and {_source(wiring)} is a date: say type: Num"
            self.mismatches.append((variable.name, reason, wiring))
        if variable.type == "Char":
            return "text"
        return found

    # ------------------------------------------------------------ rows
    def _after(
        self, step: Step, where: SpecPath, types: dict[str, ColumnType]
    ) -> dict[str, ColumnType]:
        """Types of the columns after the step."""
        if isinstance(step, Take):
            return self._taken(step, where)
        if isinstance(step, Stack):
            return self._stacked(step, where)
        if isinstance(step, Join):
            return {**types, **self._joined(step, where, types)}
        if isinstance(step, Filter):
            self._check_condition(step.filter, types, where, None)
        if isinstance(step, Lookup):
            return {**types, **self._brought(step.lookup.table, step.lookup.taken)}
        if isinstance(step, Cross):
            return {**types, **self._brought(step.cross.with_, step.cross.taken)}
        return {**types, **self._made(step, where, types)}

    def _made(self, step: Step, where: SpecPath, types: ColumnTypes) -> dict[str, ColumnType]:
        """Types of the columns that a step makes of the records so far."""
        if isinstance(step, Melt):
            return dict.fromkeys(melted_columns(step), "text")
        if isinstance(step, Summarize):
            return self._statistics(step, where, types)
        if isinstance(step, Transpose):
            found = types.get(step.transpose.value, ANY)
            return dict.fromkeys(step.transpose.columns.values(), found)
        return {}

    def _taken(self, step: Take, where: SpecPath) -> dict[str, ColumnType]:
        self._check_condition(step.where, self.known[step.take], where, None)
        known = self.known[step.take]
        types = {}
        for name, old in taken_columns(step, known).items():
            types[name] = known[old]
        for name, value in step.set.items():
            types[name] = of_constant(value)
        return types

    def _stacked(self, step: Stack, where: SpecPath) -> dict[str, ColumnType]:
        united: dict[str, set[ColumnType]] = {}
        for i, branch in enumerate(step.stack):
            types: dict[str, ColumnType] = {}
            for j, inner in enumerate(branch):
                types = self._after(inner, (*where, "stack", i, j), types)
            for name, column_type in types.items():
                united.setdefault(name, set()).add(column_type)
        return {name: _one_of(types - {ANY}) for name, types in united.items()}

    def _joined(self, step: Join, where: SpecPath, types: ColumnTypes) -> dict[str, ColumnType]:
        spec, source = step.join, self.known[step.join.with_]
        for left, right in spec.matched.items():
            here, there = types.get(left, ANY), source.get(right, ANY)
            if ANY not in (here, there) and here != there:
                key = f"{left} is {WORDS[here]}"
                other = f"{right} of {spec.with_} is {WORDS[there]}"
                self.mismatches.append((where, f"{key}, {other}: they never match", None))
        self._check_condition(spec.where, source, where, None)
        for left, right in spec.measured:
            self._check_order(step, where, (left, types.get(left, ANY)), right)
        self._check_texts(step, where, types)
        return {new: source.get(old, ANY) for new, old in spec.taken.items()}

    def _brought(self, source: str, taken: Mapping[str, str]) -> dict[str, ColumnType]:
        known = self.known[source]
        return {new: known.get(old, ANY) for new, old in taken.items()}

    def _check_order(
        self, step: Join, where: SpecPath, left: tuple[str, ColumnType], right: str
    ) -> None:
        """Bounds and distances are of numbers, or of dates."""
        (here, is_here), source = left, step.join.with_
        is_there = self.known[source].get(right, ANY)
        for name, found in ((here, is_here), (f"{right} of {source}", is_there)):
            if found in ("text", MIXED):
                reason = f"{name} is {WORDS[found]}, which has no order or distance"
                self.mismatches.append((where, f"{reason}{CURES['order', 'text']}", None))
                return
        if ANY not in (is_here, is_there) and is_here != is_there:
            reason = f"{here} is {WORDS[is_here]}, {right} of {source} is {WORDS[is_there]}"
            self.mismatches.append((where, f"{reason}: they do not compare", None))

    def _check_texts(self, step: Join, where: SpecPath, types: ColumnTypes) -> None:
        """The dates of intervals of `during` are ISO 8601 text."""
        source = step.join.with_
        found: dict[str, ColumnType] = {}
        for here, there in step.join.dated:
            found[here] = types.get(here, ANY)
            found[f"{there} of {source}"] = self.known[source].get(there, ANY)
        for name, kind in found.items():
            if kind in ("number", "date"):
                reason = f"{name} is {WORDS[kind]}, and during compares ISO 8601 text"
                self.mismatches.append((where, f"{reason}: see between", None))

    def _statistics(
        self, step: Summarize, where: SpecPath, types: ColumnTypes
    ) -> dict[str, ColumnType]:
        made = {}
        for new, statistic in step.summarize.take.items():
            how, column = statistic.how, statistic.column
            found = types.get(column, ANY)
            if how in OF_NUMBERS and found not in ("number", ANY):
                reason = f"{column} is {WORDS[found]} and has no {how}{_cure('number', found)}"
                self.mismatches.append((where, reason, None))
            made[new] = found
            if how in (*OF_NUMBERS, *COUNTS):
                made[new] = "number"
        return made

    # ------------------------------------------------------------ columns
    def _derived(self, name: str, wiring: Wiring) -> ColumnType:
        self._check_condition(wiring.where, self.types, name, wiring)
        if wiring.function == CONSTANT:
            return of_constant(wiring.constants["value"])
        if wiring.function == COMPUTE:
            return self._computed(name, wiring)
        if wiring.function == CASES:
            return self._of_cases(name, wiring)
        alike: dict[ColumnType, str] = {}  # the first column of each type
        for parameter, given in wiring.columns.items():
            wanted = signature(wiring.function)[parameter].column_type
            columns = (given,) if isinstance(given, str) else given
            for column in columns:
                found = self.types.get(column, ANY)
                if wanted == ALIKE:
                    alike.setdefault(found, column)
                elif ANY not in (wanted, found) and wanted != found:
                    wants = f"{parameter} wants {WORDS[wanted]}"
                    reason = f"{wants} and {column} is {WORDS[found]}{_cure(wanted, found)}"
                    self.mismatches.append((name, f"{wiring.function}: {reason}", wiring))
        made = gives(wiring.function)
        if made == ALIKE:
            return self._in_common(name, wiring, alike)
        return made

    def _computed(self, name: str, wiring: Wiring) -> ColumnType:
        expression = expressions.parse(str(wiring.constants["expression"]))
        kind, found = expressions.kind_of(expression, kinds(self.types))
        for misfit in found:
            self.mismatches.append((name, f"compute: {misfit}", wiring))
        if kind == "truth":
            reason = "compute: is a condition and not a value: see cases"
            self.mismatches.append((name, reason, wiring))
        if found or kind in ("truth", "any"):
            return ANY
        return kind

    def _of_cases(self, name: str, wiring: Wiring) -> ColumnType:
        """The type that the values of all cases have in common."""
        found: dict[ColumnType, Wiring] = {}  # the first case of each type
        for choice in wiring.cases:
            self._check_condition(choice.when, self.types, name, choice.wiring)
            found.setdefault(self._derived(name, choice.wiring), choice.wiring)
        found.pop(ANY, None)
        if len(found) < 2:
            return next(iter(found), ANY)
        each = [f"{_source(given)} is {WORDS[kind]}" for kind, given in found.items()]
        reason = f"cases give values of one kind: {', '.join(each)}"
        self.mismatches.append((name, reason, wiring))
        return ANY

    def _check_condition(
        self, where: Where, types: ColumnTypes, path: str | SpecPath, wiring: Wiring | None
    ) -> None:
        for reason in misfits(where, kinds(types)):
            self.mismatches.append((path, reason, wiring))

    def _in_common(self, name: str, wiring: Wiring, alike: Mapping[ColumnType, str]) -> ColumnType:
        """The type that the columns have in common."""
        known = {column_type: column for column_type, column in alike.items() if column_type != ANY}
        if len(known) > 1:
            each = [f"{column} is {WORDS[column_type]}" for column_type, column in known.items()]
            reason = f"{wiring.function}: all should be of one kind: {', '.join(each)}"
            self.mismatches.append((name, reason, wiring))
            return ANY
        return next(iter(known), ANY)


def kinds(types: ColumnTypes) -> dict[str, Kind]:
    """What expressions say of columns of these types."""
    found: dict[str, Kind] = {}
    for name, column_type in types.items():
        found[name] = KINDS.get(column_type, "any")
    return found


def of_constant(value: Any) -> ColumnType:
    """The type of a column that holds a constant; ANY where nothing is in it."""
    if value is None or is_open(value):
        return ANY
    if isinstance(value, str):
        return "text"
    if isinstance(value, int | float):
        return "number"
    return ANY


def _one_of(types: set[ColumnType]) -> ColumnType:
    if len(types) > 1:
        return MIXED
    return next(iter(types), ANY)


def _cure(wanted: ColumnType, found: ColumnType) -> str:
    return CURES.get((wanted, found), "")


def _source(wiring: Wiring) -> str:
    """What a column is made of, for a message."""
    if wiring.function == CONSTANT:
        return value_text(wiring.constants["value"])
    if wiring.function == COPY:
        return str(wiring.columns["value"])
    if wiring.function == COMPUTE:
        return str(wiring.constants["expression"])
    if wiring.function == CASES:
        return "what the cases give"
    return f"what {wiring.function} gives"
