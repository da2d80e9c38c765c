"""The values that a variable can have at all, as far as its wiring says so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..metadata import (
    CASES,
    CONSTANT,
    COPY,
    Filter,
    First,
    Join,
    Last,
    Stack,
    Step,
    Take,
    Wiring,
    is_open,
)
from .calls import only_value
from .plan import Plan, Source

KEEPING_VALUES = (
    Take,
    Stack,
    Join,
    Filter,
    First,
    Last,
)  # steps after which a column is what it was
Values = frozenset[str]


def known_values(plan: Plan, sources: Mapping[str, Source]) -> dict[str, Values]:
    """For each text variable of which it is known, all values that it can have; missing is none.

    Args:
        plan: of the dataset.
        sources: what it is made of, with the values that are known of them.

    Returns:
        The values by variable: of constants, of cases that are constants, of functions that give
        nothing but Y, and of copies of such variables.
    """
    found = {}
    for variable in plan.spec.variables:
        if variable.type == "Char":
            values = _of_column(variable.name, plan, sources, ())
            if values:
                found[variable.name] = values
    return found


def _of_column(
    name: str, plan: Plan, sources: Mapping[str, Source], seen: tuple[str, ...]
) -> Values | None:
    """The values of a column of the dataset; one that reads its own name is one of the rows."""
    if name in plan.wirings and name not in seen:
        return _of_wiring(plan.wirings[name], plan, sources, (*seen, name))
    return _of_rows(name, plan, sources)


def _of_wiring(
    wiring: Wiring, plan: Plan, sources: Mapping[str, Source], seen: tuple[str, ...]
) -> Values | None:
    """The values that a wiring can give; None where they are not known."""
    if wiring.function == COPY:
        return _of_column(wiring.inputs[0], plan, sources, seen)
    if wiring.function == CASES:
        return _united(_of_wiring(one.wiring, plan, sources, seen) for one in wiring.cases)
    value: Any = only_value(wiring.function)
    if wiring.function == CONSTANT:
        value = wiring.constants["value"]
    if isinstance(value, str) and value and not is_open(value):
        return frozenset([value])
    return None


def _of_rows(column: str, plan: Plan, sources: Mapping[str, Source]) -> Values | None:
    """The values of a column of the rows, where all its sources are known."""
    steps = list(_all_steps(plan.spec.rows))
    if not all(isinstance(step, KEEPING_VALUES) for step in steps):
        return None
    parts: list[Values | None] = []
    for source, name in plan.origins.get(column, ()):
        values = sources[source].values.get(name)
        parts.append(frozenset(values) if values else None)
    for step in steps:
        if isinstance(step, Take) and column in step.set:
            value = step.set[column]
            parts.append(frozenset([value]) if isinstance(value, str) else None)
    return _united(parts)


def _all_steps(steps: tuple[Step, ...]) -> Iterator[Step]:
    """Row steps, and those in the branches of a stack."""
    for step in steps:
        yield step
        if isinstance(step, Stack):
            for branch in step.stack:
                yield from _all_steps(branch)


def _united(parts: Iterator[Values | None] | list[Values | None]) -> Values | None:
    """All values of the parts; None where one of these is not known, or there is none."""
    united: Values = frozenset()
    for part in parts:
        if part is None:
            return None
        united |= part
    return united or None
