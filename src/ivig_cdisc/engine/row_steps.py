"""The columns that row steps read, rename and make, by name."""

from __future__ import annotations

from collections.abc import Iterator

from ..conditions import columns_of
from ..metadata import (
    Filter,
    First,
    Join,
    Last,
    Lookup,
    Melt,
    Step,
    Summarize,
    Transpose,
    reason_columns,
)


def columns_read(step: Step) -> Iterator[str]:
    """Columns of the rows so far that a step reads."""
    if isinstance(step, Melt):
        yield from step.melt.columns
        if step.melt.reason:
            yield from reason_columns(step.melt.columns)
    elif isinstance(step, Join):
        yield from step.join.on
        for here, _ in step.join.compared:
            yield here
    elif isinstance(step, Lookup):
        yield from step.lookup.matched
    elif isinstance(step, Filter):
        yield from columns_of(step.filter)
    elif isinstance(step, First | Last | Transpose | Summarize):
        yield from groups(step)
        yield from _read_in_groups(step)


def groups(step: First | Last | Transpose | Summarize) -> tuple[str, ...]:
    """The columns in which the records of a group are alike."""
    if isinstance(step, First):
        return step.first.by
    if isinstance(step, Last):
        return step.last.by
    if isinstance(step, Transpose):
        return step.transpose.by
    return step.summarize.by


def _read_in_groups(step: First | Last | Transpose | Summarize) -> Iterator[str]:
    if isinstance(step, First):
        yield from step.first.sorting
    elif isinstance(step, Last):
        yield from step.last.sorting
    elif isinstance(step, Transpose):
        yield from (step.transpose.name, step.transpose.value)
    else:
        for statistic in step.summarize.take.values():
            yield from (statistic.column, *statistic.sorting)


def deciding_there(step: Join) -> list[str]:
    """The columns of the other source that decide which of its records match, each once."""
    spec = step.join
    names = [*spec.matched.values()]
    for _, there in spec.compared:
        names.append(there)
    for name in (spec.latest, spec.earliest):
        if name:
            names.append(name)
    names.extend(columns_of(spec.where))
    return list(dict.fromkeys(names))
