"""Value and unit of a result are one fact.

--STRESU is derived from what --STRESC is derived from.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..errors import Problem
from .model import DatasetSpec, Variable, Wiring

VALUE, UNIT = "standard_result", "standard_unit"
BY_UNITS = (VALUE, UNIT, "standard_limit")  # the derivations that take conversions
KEEPING = ("copy", "where_present")  # derivations that give the value of their column, or nothing


def with_units(spec: DatasetSpec) -> DatasetSpec:
    """The dataset with each --STRESU wired as the --STRESC beside it, where it does not say how itself."""
    wired = _wired(spec)
    return spec.model_copy(
        update={"variables": tuple(_completed(v, wired) for v in spec.variables)}
    )


def unit_problems(spec: DatasetSpec) -> list[Problem]:
    """Wiring that may part value and unit, and conversions that go by test where no test is wired."""
    wired = _wired(spec)
    return [
        Problem(wiring.place.file, wiring.place.line, f"{spec.name}.{name}", reason)
        for name, wiring in wired.items()
        for reason in (*_unlike(name, wired), *_without_test(wiring))
    ]


def _wired(spec: DatasetSpec) -> dict[str, Wiring]:
    return {**spec.working, **{v.name: v.wiring for v in spec.variables}}


def _value_beside(name: str, wired: Mapping[str, Wiring]) -> Wiring | None:
    """How the --STRESC of this --STRESU is derived, copies followed."""
    if not name.endswith("STRESU"):
        return None
    return _behind(f"{name[:-1]}C", wired)


def _behind(name: str, wired: Mapping[str, Wiring]) -> Wiring | None:
    """The wiring that makes the values of a column: its own, or that of the column it copies."""
    wiring, seen = wired.get(name), {name}
    while (
        wiring
        and wiring.function in KEEPING
        and (name := str(wiring.columns.get("value", ""))) not in seen
    ):
        if name not in wired:
            break
        wiring, seen = wired[name], seen | {name}
    return wiring


def _completed(variable: Variable, wired: Mapping[str, Wiring]) -> Variable:
    own, value = variable.wiring, _value_beside(variable.name, wired)
    if own.function != UNIT or value is None or value.function != VALUE:
        return variable
    added = {
        parameter: column
        for parameter, column in value.columns.items()
        if parameter not in own.columns
    }
    whole = {"columns": {**own.columns, **added}, "constants": {**value.constants, **own.constants}}
    whole["facts"] = {**value.facts, **own.facts}
    return variable.model_copy(update={"wiring": own.model_copy(update=whole)})


def _unlike(name: str, wired: Mapping[str, Wiring]) -> Iterator[str]:
    """Where a --STRESU may name another unit than that of the --STRESC beside it."""
    value, unit = _value_beside(name, wired), _behind(name, wired)
    if value is None or unit is None or unit.constants == {"value": None}:
        return
    beside = f"{name[:-1]}C"
    if value.function == VALUE and unit.function == UNIT:
        yield from _parted(beside, value, unit, wired)
    elif value.function == VALUE:
        yield f"{beside} is a {VALUE}: derive {name} as {UNIT}, with the same from and with"
    elif unit.function == UNIT and value.function == "copy":
        yield f"is a {UNIT}, but {beside} is as collected: derive that as {VALUE}, with the same from and with"


def _parted(beside: str, value: Wiring, unit: Wiring, wired: Mapping[str, Wiring]) -> Iterator[str]:
    """What the one is told and the other is not."""
    for parameter in sorted({*value.columns, *unit.columns}):
        one, other = (_origin(wiring.columns.get(parameter), wired) for wiring in (value, unit))
        if one != other:
            yield f"{parameter} is {other or 'not wired'}, but for {beside} it is {one or 'not wired'}"
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
    if (
        wiring.function in BY_UNITS
        and "test" not in wiring.columns
        and isinstance(conversions, Mapping)
    ):
        by_test = sorted(key for key, entry in conversions.items() if _goes_by_unit(entry))
        if by_test:
            yield f"there are conversions of {', '.join(by_test)}: set the column of the test (from: test)"


def _goes_by_unit(entry: Any) -> bool:
    """Whether the entry holds conversions by unit, and is no conversion itself."""
    return (
        isinstance(entry, Mapping)
        and bool(entry)
        and all(isinstance(one, Mapping) for one in entry.values())
    )
