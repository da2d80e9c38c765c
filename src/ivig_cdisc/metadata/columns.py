"""What row steps read, and the columns after them, as far as the specs alone say it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType

from .steps import Candidate, Join, Melt, Stack, Step, Summarize, Take, Transpose
from .table_steps import Cross, Lookup

EVERY: Mapping[str, str] = MappingProxyType({})  # all columns of a source, by their own names
Columns = Mapping[str, Sequence[str]]  # of forms, tables and datasets, by name


def sources(steps: tuple[Step, ...]) -> tuple[str, ...]:
    """Names of all forms, tables and datasets that row steps read.

    Args:
        steps: the row steps of a dataset.

    Returns:
        The names in the order of the steps, each once.
    """
    return tuple(dict.fromkeys(name for name, _ in read_by(steps)))


def read_by(steps: tuple[Step, ...]) -> Iterator[tuple[str, Mapping[str, str]]]:
    """What row steps read, each with its columns by the names that they get.

    Args:
        steps: the row steps of a dataset, or of a branch.

    Returns:
        Names of forms, tables and datasets, each with names here and there; EVERY for all columns
        by their own names. A take that renames comes twice.
    """
    for step in steps:
        if isinstance(step, Take):
            yield step.take, step.rename or EVERY
            if step.rename:
                yield step.take, EVERY
        elif isinstance(step, Stack):
            for branch in step.stack:
                yield from read_by(branch)
        elif isinstance(step, Join):
            yield step.join.with_, step.join.taken
        elif isinstance(step, Lookup):
            yield step.lookup.table, step.lookup.taken
        elif isinstance(step, Cross):
            yield step.cross.with_, step.cross.taken


def taken_columns(step: Take, columns: Iterable[str]) -> dict[str, str]:
    """The columns of a source after a take, without those that it sets.

    Args:
        step: with new names for some columns.
        columns: those of the source.

    Returns:
        The name after the take, and the name in the source, in the order of the source.
    """
    new_names = {old: new for new, old in step.rename.items()}
    taken = {}
    for name in columns:
        replaced = isinstance(step, Candidate) and name in step.rename
        if name in new_names or not replaced:
            taken[new_names.get(name, name)] = name
    return taken


def melted_columns(step: Melt) -> list[str]:
    """The columns that a melt makes.

    Args:
        step: with a name for each of them.

    Returns:
        Those of name and value, and of the reason where it has one.
    """
    made = [step.melt.name, step.melt.value]
    if step.melt.reason:
        made.append(step.melt.reason)
    return made


def columns_after(rows: Sequence[Step], known: Columns) -> list[str]:
    """The columns after the last of some row steps, each once.

    Args:
        rows: the steps.
        known: columns of what they read; a source that is not among them has none.

    Returns:
        The names in the order in which they come up. Mistakes in the steps are told elsewhere.
    """
    names: list[str] = []
    for step in rows:
        names = _after(step, names, known)
    return list(dict.fromkeys(names))


def _after(step: Step, names: list[str], known: Columns) -> list[str]:
    if isinstance(step, Take):
        return [*taken_columns(step, known.get(step.take, ())), *step.set]
    if isinstance(step, Stack):
        united: list[str] = []
        for branch in step.stack:
            united += columns_after(branch, known)
        return united
    if isinstance(step, Melt):
        rest = [name for name in names if name not in step.melt.columns]
        return [*rest, *melted_columns(step)]
    if isinstance(step, Transpose):
        return [*step.transpose.by, *step.transpose.columns.values()]
    if isinstance(step, Summarize):
        return [*step.summarize.by, *step.summarize.take]
    return [*names, *_brought(step)]


def _brought(step: Step) -> Mapping[str, str]:
    """The columns that come from another source: name here, and name there."""
    if isinstance(step, Join):
        return step.join.taken
    if isinstance(step, Lookup):
        return step.lookup.taken
    if isinstance(step, Cross):
        return step.cross.taken
    return {}
