"""What row steps make of the origins of columns and records."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from ..conditions import columns_of
from ..engine.row_steps import columns_read
from ..metadata import (
    Cross,
    Join,
    Lookup,
    Melt,
    Stack,
    Step,
    Summarize,
    Take,
    Transpose,
    taken_columns,
)
from .origins import RECORD, SELF, Origin, direct, once, only_deciding


@dataclass(frozen=True)
class State:
    """The origins of the columns that there are, and of the records."""

    columns: dict[str, tuple[Origin, ...]]
    record: tuple[Origin, ...]
    renamed: Mapping[str, str]  # columns that their source calls otherwise
    has_turns: bool = False  # there are edges that say which column became what


def started(step: Step, branch: int, sources: Mapping[str, tuple[str, ...]]) -> State:
    """Records of one source."""
    if not isinstance(step, Take):
        raise TypeError("the first step is take or stack")
    columns: dict[str, tuple[Origin, ...]] = {}
    for name, column in taken_columns(step, sources[step.take]).items():
        columns[name] = (Origin(step.take, column, True, "take", branch),)
    for name in step.set:
        columns[name] = ()
    selecting = (RECORD, *columns_of(step.where))
    record = tuple(Origin(step.take, column, False, "take", branch) for column in selecting)
    return State(columns, record, step.rename)


def stacked(step: Stack, sources: Mapping[str, tuple[str, ...]]) -> State:
    """Records of all branches; an origin knows its branch."""
    columns: dict[str, list[Origin]] = {}
    record: list[Origin] = []
    has_turns = False
    for number, steps in enumerate(step.stack):
        state = _branch(steps, number, sources)
        for name, origins in state.columns.items():
            columns.setdefault(name, []).extend(origins)
        record += state.record
        has_turns |= state.has_turns
    each_once = {name: once(origins) for name, origins in columns.items()}
    return State(each_once, once(record), {}, has_turns)


def _branch(steps: tuple[Step, ...], number: int, sources: Mapping[str, tuple[str, ...]]) -> State:
    state = started(steps[0], number, sources)
    for step in steps[1:]:
        state = after(state, step, number)
    return _without_steps(state)


def after(state: State, step: Step, branch: int) -> State:
    """The state after a step that is neither take nor stack."""
    if isinstance(step, Melt):
        return _melted(_without_steps(state), step)
    if isinstance(step, Join):
        return _joined(state, step, branch)
    if isinstance(step, Lookup):
        return _looked_up(state, step, branch)
    if isinstance(step, Cross):
        return _crossed(state, step, branch)
    if isinstance(step, Transpose | Summarize):
        return _of_groups(_without_steps(state), step)
    return _decided_by(state, columns_read(step))


def _decided_by(state: State, columns: Iterable[str]) -> State:
    record = list(state.record)
    for column in columns:
        record.append(Origin(SELF, column, False))
    return replace(state, record=once(record))


def _melted(state: State, step: Melt) -> State:
    """Each new row is of one of the columns; whether it is there depends on that cell."""
    spec = step.melt
    columns = dict(state.columns)
    values = tuple(_in_turn(state, spec.columns, ""))
    why: tuple[Origin, ...] = ()
    if spec.reason:
        why = tuple(_in_turn(state, spec.columns, ".missing"))
    for name in spec.columns:
        columns.pop(name, None)
        columns.pop(f"{name}.missing", None)
    there = only_deciding((*values, *why))
    columns |= {spec.value: values, spec.name: there}
    if spec.reason:
        columns[spec.reason] = why
    record = (*there, *state.record)
    return replace(state, columns=columns, record=record, has_turns=True)


def _in_turn(state: State, columns: Iterable[str], suffix: str) -> Iterator[Origin]:
    for column in columns:
        turn = state.renamed.get(column, column)
        for origin in state.columns.get(f"{column}{suffix}", ()):
            if origin.verb == "take":
                yield origin._replace(turn=turn)
            else:
                yield origin


def _joined(state: State, step: Join, branch: int) -> State:
    """Columns of the matching record; which it is, the columns on both sides decide."""
    spec = step.join
    keys: list[Origin] = []
    for left, right in (*spec.matched.items(), *spec.compared):
        keys += [_joins(spec, right, branch), Origin(SELF, left, False)]
    for right in (spec.latest, spec.earliest, *columns_of(spec.where)):
        if right:
            keys.append(_joins(spec, right, branch))
    columns = dict(state.columns)
    for name, old in spec.taken.items():
        value = _joins(spec, old, branch)._replace(is_value=True)
        columns[name] = (value, *keys)
    if spec.unmatched == "keep" and spec.matches == "one":
        return replace(state, columns=columns)
    record = once((*state.record, _joins(spec, RECORD, branch), *keys))
    return replace(state, columns=columns, record=record)


def _looked_up(state: State, step: Lookup, branch: int) -> State:
    """Columns of the matching row of a table; which it is, the columns on both sides decide."""
    spec = step.lookup
    keys: list[Origin] = []
    for left, right in spec.matched.items():
        keys += [Origin(spec.table, right, False, "join", branch), Origin(SELF, left, False)]
    columns = dict(state.columns)
    for name, old in spec.taken.items():
        columns[name] = (Origin(spec.table, old, True, "join", branch), *keys)
    return replace(state, columns=columns)


def _crossed(state: State, step: Cross, branch: int) -> State:
    """A record is there by its own record and by the row of the other source."""
    spec = step.cross
    columns = dict(state.columns)
    for name, old in spec.taken.items():
        columns[name] = (Origin(spec.with_, old, True, "join", branch),)
    record = (*state.record, Origin(spec.with_, RECORD, False, "join", branch))
    return replace(state, columns=columns, record=once(record))


def _joins(spec: Join.With, column: str, branch: int) -> Origin:
    return Origin(spec.with_, column, False, "join", branch)


def _of_groups(state: State, step: Transpose | Summarize) -> State:
    if isinstance(step, Transpose):
        return _transposed(state, step)
    return _summarized(state, step)


def _summarized(state: State, step: Summarize) -> State:
    """A record of all records of its group."""
    spec = step.summarize
    columns: dict[str, tuple[Origin, ...]] = {}
    record = list(state.record)
    for name in spec.by:
        columns[name] = state.columns[name]
        record += only_deciding(state.columns[name])
    for new, statistic in spec.take.items():
        origins = list(state.columns[statistic.column])
        for name in statistic.sorting:
            origins += only_deciding(state.columns[name])
        columns[new] = once(origins)
    return State(columns, once(record), {}, state.has_turns)


def _transposed(state: State, step: Transpose) -> State:
    """A record of all records of its group; a new column of those that became it.

    Of all of the group where edges say another thing already, as after a melt.
    """
    spec = step.transpose
    columns: dict[str, tuple[Origin, ...]] = {}
    record = list(state.record)
    for name in spec.by:
        columns[name] = state.columns[name]
        record += only_deciding(state.columns[name])
    became = (*state.columns[spec.value], *only_deciding(state.columns[spec.name]))
    for new in spec.columns.values():
        columns[new] = became
        if not state.has_turns:
            columns[new] = tuple(_of_records(became, new))
    return State(columns, once(record), {}, has_turns=True)


def _of_records(origins: Iterable[Origin], new: str) -> Iterator[Origin]:
    """The origins in those records only that became the column."""
    for origin in origins:
        if origin.verb == "take":
            yield origin._replace(turn=new)
        else:
            yield origin


def _without_steps(state: State) -> State:
    """All origins in sources: the columns on the way may be gone."""
    columns = {name: direct(state.columns, name) for name in state.columns}
    record = direct({**state.columns, RECORD: state.record}, RECORD)
    return replace(state, columns=columns, record=record)
