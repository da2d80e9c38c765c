"""What each column is made of, and what decides that a record is there.

Read off the wiring, without data.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from .. import derive, sdtm
from ..derive.roles import FLAG, GROUP
from ..engine import Plan, across, deciding
from ..engine.calls import FROM_EDGES
from ..engine.plan import Column, RowStep
from ..metadata import DatasetSpec, Stack, Study, Take, Wiring
from .origins import RECORD, SELF, Inputs, Origin, among, once, only_deciding
from .row_steps import State, after, stacked, started


def inputs(study: Study, plans: Mapping[str, Plan]) -> dict[str, Inputs]:
    """The origins of the columns of every dataset.

    Working columns and those that row steps brought are among the columns.

    Args:
        study: the specs.
        plans: of the datasets that are made, in the order in which they are made.

    Returns:
        By dataset, those of the plans first and then their SUPP--, the origins of each column and,
        as RECORD, of the records. Before them the tables of the specs, whose cells have none.
    """
    sources = _source_columns(study, plans)
    specs = {spec.name: spec for spec in study.datasets}
    found: dict[str, Inputs] = {name: {} for name in study.tables}
    for name, plan in plans.items():
        found[name] = _read(plan, sources, specs)
    for spec in study.datasets:
        if spec.parent in plans:
            found[spec.name] = _supplement(specs[spec.parent])
    return found


def _source_columns(study: Study, plans: Mapping[str, Plan]) -> dict[str, tuple[str, ...]]:
    """The columns of all that rows are taken of; in forms more than the columns."""
    sources: dict[str, tuple[str, ...]] = {}
    for name, form in study.forms.items():
        sources[name] = form.readable
    for name, table in study.tables.items():
        sources[name] = tuple(table.columns)
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


def _read(
    plan: Plan, sources: Mapping[str, tuple[str, ...]], specs: Mapping[str, DatasetSpec]
) -> Inputs:
    first = plan.spec.rows[0]
    if isinstance(first, Stack):
        state = stacked(first, sources)
    else:
        state = started(first, -1, sources)
    for work in plan.work[1:]:
        if isinstance(work, RowStep):
            state = after(state, work.step, -1)
        elif isinstance(work, Column):
            made = _made(plan, work, state)
            if work.wiring.function in FROM_EDGES:
                made = _of_source(plan, work, specs)
            state = replace(state, columns={**state.columns, work.name: once(made)})
    return {**state.columns, RECORD: state.record}


# ---------------------------------------------------------------- one column
def _made(plan: Plan, work: Column, state: State) -> Iterator[Origin]:
    """Origins of a derived column.

    One that reads itself reads the column of that name from before.
    """
    wiring = work.wiring
    groups = _groups(wiring)
    for name in wiring.deciding:
        decided = only_deciding(_of_column(name, work, state))
        yield from _of_group(decided, groups, "")
    for name in wiring.tested:
        yield from _of_column(name, work, state)
    for choice in wiring.cases:
        for name in choice.wiring.inputs:
            yield from _of_column(name, work, state)
    yield from _of_arguments(work, state, groups)
    if groups is not None:
        yield Origin(SELF, RECORD, False, groups=groups)
    if getattr(derive.FUNCTIONS.get(wiring.function), "reads_order", False):
        for key in plan.spec.keys:
            if key in state.columns:
                yield Origin(SELF, key, False, groups=groups)


def _of_arguments(work: Column, state: State, groups: tuple[str, ...] | None) -> Iterator[Origin]:
    """What a function is given, by the roles of its parameters."""
    wiring = work.wiring
    roles, flag = deciding(wiring.function), _flag(wiring)
    for parameter, name in _wired_columns(wiring):
        origins = _of_column(name, work, state)
        if parameter in roles:
            yield from _of_group(only_deciding(origins), groups, "")
        elif parameter in across(wiring.function):
            yield from origins
            for origin in origins:
                yield among(origin, groups or ())
        else:
            yield from _of_group(origins, groups, flag)


def _of_column(name: str, work: Column, state: State) -> tuple[Origin, ...]:
    """A column of the same record; under the name of the new column, the one from before."""
    if name == work.name:
        return state.columns[name]
    return (Origin(SELF, name, True),)


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
