"""What row steps make of the origins of columns and records."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from ..conditions import columns_of
from ..engine.row_steps import taken_columns
from ..metadata import Cross, Filter, First, Join, Lookup, Melt, Stack, Step, Summarize, Take
from .origins import RECORD, SELF, Origin, direct, once, only_deciding


@dataclass(frozen=True)
class State:
    """The origins of the columns that there are, and of the records."""

    columns: dict[str, tuple[Origin, ...]]
    record: tuple[Origin, ...]
    renamed: Mapping[str, str]  # columns that their source calls otherwise


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
    for number, steps in enumerate(step.stack):
        state = _branch(steps, number, sources)
        for name, origins in state.columns.items():
            columns.setdefault(name, []).extend(origins)
        record += state.record
    each_once = {name: once(origins) for name, origins in columns.items()}
    return State(each_once, once(record), {})


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
    if isinstance(step, Filter):
        return _decided_by(state, columns_of(step.filter))
    if isinstance(step, First):
        order = [name.removeprefix("-") for name in step.first.order]
        return _decided_by(state, (*step.first.by, *order))
    if isinstance(step, Summarize):
        return _summarized(_without_steps(state), step)
    return state


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
    return replace(state, columns=columns, record=(*there, *state.record))


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
    for left, right in spec.matched.items():
        keys += [_joins(spec, right, branch), Origin(SELF, left, False)]
    columns = dict(state.columns)
    for name, old in spec.taken.items():
        value = _joins(spec, old, branch)._replace(is_value=True)
        columns[name] = (value, *keys)
    if spec.unmatched != "drop":
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


def _summarized(state: State, step: Summarize) -> State:
    """A record of all records of its group."""
    spec = step.summarize
    columns: dict[str, tuple[Origin, ...]] = {}
    record = list(state.record)
    for name in spec.by:
        columns[name] = state.columns[name]
        record += only_deciding(state.columns[name])
    for new, statistic in spec.take.items():
        for old in statistic.values():
            columns[new] = state.columns[old]
    return State(columns, once(record), {})


def _without_steps(state: State) -> State:
    """All origins in sources: the columns on the way may be gone."""
    columns = {name: direct(state.columns, name) for name in state.columns}
    record = direct({**state.columns, RECORD: state.record}, RECORD)
    return replace(state, columns=columns, record=record)
