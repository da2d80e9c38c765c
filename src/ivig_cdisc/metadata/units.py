"""Value and unit of a result are one fact.

--STRESU is derived from what --STRESC is derived from.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..errors import Problem
from .model import DatasetSpec, Variable
from .wiring import Wiring

VALUES, UNIT = ("standardized", "standard_result"), "standard_unit"
# the derivations that take conversions
BY_UNITS = (*VALUES, UNIT, "standard_limit", "standard_limit_number")
KEEPING = ("copy", "where_present")  # derivations that give the value of their column, or nothing


def with_units(spec: DatasetSpec) -> DatasetSpec:
    """The dataset with each --STRESU wired as the --STRESC beside it.

    What the --STRESU says itself stays.
    """
    wired = _wired(spec)
    variables = tuple(_completed(v, wired) for v in spec.variables)
    return spec.model_copy(update={"variables": variables})


def unit_problems(spec: DatasetSpec) -> list[Problem]:
    """Wiring that may part value and unit, and conversions by test where no test is wired."""
    wired = _wired(spec)
    found = []
    for name, wiring in wired.items():
        file, line = wiring.place.file, wiring.place.line
        for reason in (*_unlike(name, wired), *_without_test(wiring)):
            found.append(Problem(file, line, f"{spec.name}.{name}", reason))
    return found


def _wired(spec: DatasetSpec) -> dict[str, Wiring]:
    return {**spec.working, **{v.name: v.wiring for v in spec.variables}}


def _value_beside(name: str, wired: Mapping[str, Wiring]) -> Wiring | None:
    """How the --STRESC of this --STRESU is derived, copies followed."""
    if not name.endswith("STRESU"):
        return None
    return _making(f"{name[:-1]}C", wired)


def _making(name: str, wired: Mapping[str, Wiring]) -> Wiring | None:
    """The wiring that makes the values of a column: its own, or that of the column it copies."""
    wiring, seen = wired.get(name), {name}
    while wiring and wiring.function in KEEPING:
        name = str(wiring.columns.get("value", ""))
        if name in seen or name not in wired:
            break
        wiring = wired[name]
        seen.add(name)
    return wiring


def _completed(variable: Variable, wired: Mapping[str, Wiring]) -> Variable:
    own, value = variable.wiring, _value_beside(variable.name, wired)
    if own.function != UNIT or value is None or value.function not in VALUES:
        return variable
    columns = dict(own.columns)
    for parameter, column in value.columns.items():
        columns.setdefault(parameter, column)
    whole = {
        "columns": columns,
        "constants": {**value.constants, **own.constants},
        "facts": {**value.facts, **own.facts},
    }
    return variable.model_copy(update={"wiring": own.model_copy(update=whole)})


def _unlike(name: str, wired: Mapping[str, Wiring]) -> Iterator[str]:
    """Where a --STRESU may name another unit than that of the --STRESC beside it."""
    value, unit = _value_beside(name, wired), _making(name, wired)
    if value is None or unit is None or unit.constants == {"value": None}:
        return
    beside = f"{name[:-1]}C"
    if value.function in VALUES and unit.function == UNIT:
        yield from _parted(beside, value, unit, wired)
    elif value.function in VALUES:
        cure = f"derive {name} as {UNIT}, with the same from and with"
        yield f"{beside} is a {value.function}: {cure}"
    elif unit.function == UNIT and value.function == "copy":
        cure = "derive that as standard_result, with the same from and with"
        yield f"is a {UNIT}, but {beside} is as collected: {cure}"


def _parted(beside: str, value: Wiring, unit: Wiring, wired: Mapping[str, Wiring]) -> Iterator[str]:
    """What the one is told and the other is not."""
    for parameter in sorted({*value.columns, *unit.columns}):
        of_value = _origin(value.columns.get(parameter), wired)
        of_unit = _origin(unit.columns.get(parameter), wired)
        if of_value != of_unit:
            here, there = of_unit or "not wired", of_value or "not wired"
            yield f"{parameter} is {here}, but for {beside} it is {there}"
    if value.constants != unit.constants:
        yield f"the conversions are not those of {beside}"


def _origin(column: Any, wired: Mapping[str, Wiring]) -> Any:
    """The first column that holds these values.

    A column that keeps values of another is that other.
    """
    seen = set()
    while column in wired and column not in seen and wired[column].function in KEEPING:
        seen.add(column)
        column = wired[column].columns.get("value")
    return column


def _without_test(wiring: Wiring) -> Iterator[str]:
    conversions = wiring.constants.get("conversions")
    needs_test = wiring.function in BY_UNITS and "test" not in wiring.columns
    if not needs_test or not isinstance(conversions, Mapping):
        return
    by_test = sorted(key for key, entry in conversions.items() if _goes_by_unit(entry))
    if by_test:
        tests = ", ".join(by_test)
        yield f"there are conversions of {tests}: set the column of the test (from: test)"


def _goes_by_unit(entry: Any) -> bool:
    """Whether the entry holds conversions by unit, and is no conversion itself."""
    if not isinstance(entry, Mapping) or not entry:
        return False
    return all(isinstance(one, Mapping) for one in entry.values())
