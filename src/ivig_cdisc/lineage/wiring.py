"""What each column is made of, and what decides that a record is there.

Read off the wiring, without data.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from .. import derive, sdtm
from ..derive.roles import FLAG, GROUP
from ..engine import Plan, across, deciding
from ..engine.calls import FROM_EDGES
from ..engine.plan import Column, RowStep
from ..metadata import DatasetSpec, First, Join, Melt, Stack, Step, Study, Summarize, Take, Wiring
from .origins import RECORD, SELF, Inputs, Origin, among, direct, once, only_deciding


def inputs(study: Study, plans: Mapping[str, Plan]) -> dict[str, Inputs]:
    """The origins of the columns of every dataset.

    Working columns and those that row steps brought are among the columns.

    Args:
        study: the specs.
        plans: of the datasets that are made, in the order in which they are made.

    Returns:
        By dataset, those of the plans first and then their SUPP--, the origins of each column and,
        as RECORD, of the records.
    """
    sources = _source_columns(study, plans)
    specs = {spec.name: spec for spec in study.datasets}
    found: dict[str, Inputs] = {}
    for name, plan in plans.items():
        found[name] = _read(plan, sources, specs)
    for spec in study.datasets:
        if spec.parent in plans:
            found[spec.name] = _supplement(specs[spec.parent])
    return found


def _source_columns(study: Study, plans: Mapping[str, Plan]) -> dict[str, tuple[str, ...]]:
    """The columns of all that rows are taken of; in forms each has one for why it is missing."""
    sources: dict[str, tuple[str, ...]] = {}
    for name, form in study.forms.items():
        reasons = [f"{column}.missing" for column in form.columns]
        sources[name] = (*form.columns, *reasons)
    for name, plan in plans.items():
        sources[name] = tuple(variable.name for variable in plan.spec.variables)
    return sources


def _supplement(parent: DatasetSpec) -> Inputs:
    """SUPP-- has a record for each supplemental value of its parent, and piece of long text."""
    wired = sdtm.origins(parent)
    became_records = {name for _, name in wired["QVAL"]}
    found: dict[str, tuple[Origin, ...]] = {}
    for column, pairs in wired.items():
        origins: list[Origin] = []
        for _, name in pairs:
            origin = Origin(parent.name, name, True, "take")
            if name in became_records:
                origin = origin._replace(turn=name)
            origins.append(origin)
        found[column] = tuple(origins)
    record = (*only_deciding(found["QVAL"]), Origin(parent.name, RECORD, False, "take"))
    return {**found, RECORD: record}


# ---------------------------------------------------------------- rows and columns on their way
@dataclass(frozen=True)
class _State:
    """The origins of the columns that there are, and of the records."""

    columns: dict[str, tuple[Origin, ...]]
    record: tuple[Origin, ...]
    renamed: Mapping[str, str]  # columns that their source calls otherwise


def _read(
    plan: Plan, sources: Mapping[str, tuple[str, ...]], specs: Mapping[str, DatasetSpec]
) -> Inputs:
    first = plan.spec.rows[0]
    if isinstance(first, Stack):
        state = _stacked(first, sources)
    else:
        state = _started(first, -1, sources)
    for work in plan.work[1:]:
        if isinstance(work, RowStep):
            state = _after(state, work.step, -1)
        elif isinstance(work, Column):
            made = _made(plan, work, state)
            if work.wiring.function in FROM_EDGES:
                made = _of_source(plan, work, specs)
            state = replace(state, columns={**state.columns, work.name: once(made)})
    return {**state.columns, RECORD: state.record}


def _started(step: Step, branch: int, sources: Mapping[str, tuple[str, ...]]) -> _State:
    """Records of one source."""
    if not isinstance(step, Take):
        raise TypeError("the first step is take or stack")
    names = {old: new for new, old in step.rename.items()}
    columns: dict[str, tuple[Origin, ...]] = {}
    for column in sources[step.take]:
        name = names.get(column, column)
        columns[name] = (Origin(step.take, column, True, "take", branch),)
    for name in step.set:
        columns[name] = ()
    selecting = (RECORD, *step.where)
    record = tuple(Origin(step.take, column, False, "take", branch) for column in selecting)
    return _State(columns, record, step.rename)


def _stacked(step: Stack, sources: Mapping[str, tuple[str, ...]]) -> _State:
    """Records of all branches; an origin knows its branch."""
    columns: dict[str, list[Origin]] = {}
    record: list[Origin] = []
    for number, steps in enumerate(step.stack):
        state = _branch(steps, number, sources)
        for name, origins in state.columns.items():
            columns.setdefault(name, []).extend(origins)
        record += state.record
    each_once = {name: once(origins) for name, origins in columns.items()}
    return _State(each_once, once(record), {})


def _branch(steps: tuple[Step, ...], number: int, sources: Mapping[str, tuple[str, ...]]) -> _State:
    state = _started(steps[0], number, sources)
    for step in steps[1:]:
        state = _after(state, step, number)
    return _without_steps(state)


def _after(state: _State, step: Step, branch: int) -> _State:
    if isinstance(step, Melt):
        return _melted(_without_steps(state), step)
    if isinstance(step, Join):
        return _joined(state, step, branch)
    if isinstance(step, First):
        order = [name.removeprefix("-") for name in step.first.order]
        return _decided_by(state, (*step.first.by, *order))
    if isinstance(step, Summarize):
        return _summarized(_without_steps(state), step)
    return state


def _decided_by(state: _State, columns: Iterable[str]) -> _State:
    record = list(state.record)
    for column in columns:
        record.append(Origin(SELF, column, False))
    return replace(state, record=once(record))


def _melted(state: _State, step: Melt) -> _State:
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


def _in_turn(state: _State, columns: Iterable[str], suffix: str) -> Iterator[Origin]:
    for column in columns:
        turn = state.renamed.get(column, column)
        for origin in state.columns.get(f"{column}{suffix}", ()):
            if origin.verb == "take":
                yield origin._replace(turn=turn)
            else:
                yield origin


def _joined(state: _State, step: Join, branch: int) -> _State:
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


def _joins(spec: Join.With, column: str, branch: int) -> Origin:
    return Origin(spec.with_, column, False, "join", branch)


def _summarized(state: _State, step: Summarize) -> _State:
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
    return _State(columns, once(record), {})


# ---------------------------------------------------------------- one column
def _made(plan: Plan, work: Column, state: _State) -> Iterator[Origin]:
    """Origins of a derived column.

    One that reads itself reads the column of that name from before.
    """
    wiring = work.wiring
    roles = deciding(wiring.function)
    groups, flag = _groups(wiring), _flag(wiring)
    for parameter, name in _wired_columns(wiring):
        origins: tuple[Origin, ...] = (Origin(SELF, name, True),)
        if name == work.name:
            origins = state.columns[name]
        if parameter in roles:
            yield from _of_group(only_deciding(origins), groups, "")
        elif parameter in across(wiring.function):
            yield from origins
            for origin in origins:
                yield among(origin, groups or ())
        else:
            yield from _of_group(origins, groups, flag)
    if groups is not None:
        yield Origin(SELF, RECORD, False, groups=groups)
    if getattr(derive.FUNCTIONS.get(wiring.function), "reads_order", False):
        for key in plan.spec.keys:
            if key in state.columns:
                yield Origin(SELF, key, False, groups=groups)


def _wired_columns(wiring: Wiring) -> Iterator[tuple[str, str]]:
    """Each parameter with each of its columns."""
    for parameter, columns in wiring.columns.items():
        if isinstance(columns, str):
            yield parameter, columns
            continue
        for column in columns:
            yield parameter, column


def _of_group(
    origins: tuple[Origin, ...], groups: tuple[str, ...] | None, flag: str
) -> Iterator[Origin]:
    """The origins, and the same cells of the other records of the group, which decide.

    With a flag only cells of records that have it, and these for their values.
    """
    if groups is None:
        yield from origins
    elif flag:
        for origin in origins:
            yield among(origin, groups, flag)
    else:
        yield from origins
        for origin in origins:
            yield among(origin.deciding, groups)


def _groups(wiring: Wiring) -> tuple[str, ...] | None:
    """The columns in which records that are looked at together are the same.

    None where each is on its own.
    """
    roles = deciding(wiring.function)
    if GROUP not in [roles.get(parameter) for parameter in wiring.columns]:
        return None
    names: list[str] = []
    for parameter, name in _wired_columns(wiring):
        if roles.get(parameter) == GROUP:
            names.append(name)
    return tuple(names)


def _flag(wiring: Wiring) -> str:
    """The column that says whose values go in; empty where all records of the group give theirs."""
    roles = deciding(wiring.function)
    for parameter, columns in wiring.columns.items():
        if roles.get(parameter) == FLAG:
            return str(columns)
    return ""


def _of_source(plan: Plan, work: Column, specs: Mapping[str, DatasetSpec]) -> Iterator[Origin]:
    """What says of its records which they are.

    Their sequence number, or what a step on the way carries.
    """
    function = work.wiring.function
    for source, branch in _takes(plan):
        if source not in specs:
            continue
        wanted = _carried_by(specs[source], function)
        for variable in specs[source].variables:
            if variable.wiring.function == wanted:
                yield Origin(source, variable.name, True, "take", branch)
    for name in work.wiring.reads:
        yield Origin(SELF, name, False)


def _carried_by(source: DatasetSpec, function: str) -> str:
    """The function of those variables of a source that hold what a function of edges reads.

    A step on the way has made it by the same function. Empty where no variable holds it.
    """
    if source.internal:
        return function
    if function == "source_sequence":
        return "sequence"
    return ""


def _takes(plan: Plan) -> Iterator[tuple[str, int]]:
    step = plan.spec.rows[0]
    if isinstance(step, Take):
        yield step.take, -1
    if isinstance(step, Stack):
        for branch, (head, *_) in enumerate(step.stack):
            if isinstance(head, Take):
                yield head.take, branch


# ---------------------------------------------------------------- without steps inside a dataset
def _without_steps(state: _State) -> _State:
    """All origins in sources: the columns on the way may be gone."""
    columns = {name: direct(state.columns, name) for name in state.columns}
    record = direct({**state.columns, RECORD: state.record}, RECORD)
    return replace(state, columns=columns, record=record)
