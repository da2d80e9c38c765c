"""What each column is made of, and what decides that a record is there.

Read off the wiring, without data.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from .. import derive, sdtm
from ..derive.roles import FLAG, GROUP
from ..engine import Plan, deciding
from ..engine.calls import FROM_EDGES
from ..engine.plan import Column, RowStep
from ..metadata import DatasetSpec, First, Join, Melt, Stack, Step, Study, Summarize, Take, Wiring

SELF = ""  # as a source: the dataset itself
RECORD = ""  # as a column: that the record is there


class Origin(NamedTuple):
    """One cell that goes into another, or decides about it."""

    source: str  # form or dataset, or SELF
    column: str  # or RECORD
    is_value: bool  # its value goes in; else it decides whether or which
    verb: str = ""  # take or join: the edges that lead to it; none in the dataset itself
    branch: int = -1  # of the stack; -1 for what all rows have
    turn: str = ""  # only of rows that this source column became
    groups: tuple[str, ...] | None = None  # of all records that are alike in these columns
    flag: str = ""  # and of these only where this column is Y

    @property
    def deciding(self) -> Origin:
        return self._replace(is_value=False)


Inputs = Mapping[str, tuple[Origin, ...]]  # of a column, or RECORD, in the order of the wiring


def inputs(study: Study, plans: Mapping[str, Plan]) -> dict[str, Inputs]:
    """For each dataset the origins of its columns, working columns and those that row steps brought among them."""
    sources = {
        name: (*form.columns, *(f"{n}.missing" for n in form.columns))
        for name, form in study.forms.items()
    }
    specs = {spec.name: spec for spec in study.datasets}
    sources |= {name: tuple(v.name for v in plan.spec.variables) for name, plan in plans.items()}
    found = {name: _read(plan, sources, specs) for name, plan in plans.items()}
    supplements = (spec for spec in study.datasets if spec.parent in plans)
    return {**found, **{spec.name: _supplement(specs[spec.parent]) for spec in supplements}}


def _supplement(parent: DatasetSpec) -> Inputs:
    """SUPP-- has a record for each supplemental value of its parent, and for pieces of long text."""
    wired = sdtm.origins(parent)
    names = {name for _, name in wired["QVAL"]}
    told = {
        column: tuple(
            Origin(parent.name, c, True, "take", turn=c if c in names else "") for _, c in pairs
        )
        for column, pairs in wired.items()
    }
    return {
        **told,
        RECORD: (
            *(origin.deciding for origin in told["QVAL"]),
            Origin(parent.name, RECORD, False, "take"),
        ),
    }


def _once(origins: Iterable[Origin]) -> tuple[Origin, ...]:
    """The origins in their order, each once."""
    return tuple(dict.fromkeys(origins))


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
    state = _stacked(first, sources) if isinstance(first, Stack) else _started(first, -1, sources)
    for work in plan.work[1:]:
        if isinstance(work, RowStep):
            state = _after(state, work.step, -1)
        elif isinstance(work, Column):
            made = _made(plan, work, state)
            if work.wiring.function in FROM_EDGES:
                made = _of_source(plan, work, specs)
            state = replace(state, columns={**state.columns, work.name: _once(made)})
    return {**state.columns, RECORD: state.record}


def _started(step: Step, branch: int, sources: Mapping[str, tuple[str, ...]]) -> _State:
    """Records of one source."""
    if not isinstance(step, Take):
        raise TypeError("the first step is take or stack")
    names = {old: new for new, old in step.rename.items()}
    taken = {
        names.get(n, n): (Origin(step.take, n, True, "take", branch),) for n in sources[step.take]
    }
    chosen = (Origin(step.take, column, False, "take", branch) for column in (RECORD, *step.where))
    return _State({**taken, **dict.fromkeys(step.set, ())}, tuple(chosen), step.rename)


def _stacked(step: Stack, sources: Mapping[str, tuple[str, ...]]) -> _State:
    """Records of all branches; an origin knows its branch."""
    states = [_branch(branch, number, sources) for number, branch in enumerate(step.stack)]
    columns: dict[str, list[Origin]] = {}
    record: list[Origin] = []
    for state in states:
        for name, origins in state.columns.items():
            columns.setdefault(name, []).extend(origins)
        record += state.record
    return _State({n: _once(origins) for n, origins in columns.items()}, _once(record), {})


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
    deciding_here = (Origin(SELF, column, False) for column in columns)
    return replace(state, record=_once((*state.record, *deciding_here)))


def _melted(state: _State, step: Melt) -> _State:
    """Each new row is of one of the columns; whether it is there depends on that cell."""
    spec = step.melt
    columns = dict(state.columns)
    values = tuple(_in_turn(state, spec.columns, ""))
    why = tuple(_in_turn(state, spec.columns, ".missing"))
    for name in spec.columns:
        columns.pop(name, None)
        columns.pop(f"{name}.missing", None)
    if not spec.reason:
        why = ()
    there = tuple(origin.deciding for origin in (*values, *why))
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
    record = _once((*state.record, _joins(spec, RECORD, branch), *keys))
    return replace(state, columns=columns, record=record)


def _joins(spec: Join.With, column: str, branch: int) -> Origin:
    return Origin(spec.with_, column, False, "join", branch)


def _summarized(state: _State, step: Summarize) -> _State:
    """A record of all records of its group."""
    spec = step.summarize
    columns = {name: state.columns[name] for name in spec.by}
    record = list(state.record)
    for name in spec.by:
        record += [origin.deciding for origin in state.columns[name]]
    for new, statistic in spec.take.items():
        for old in statistic.values():
            columns[new] = state.columns[old]
    return _State(columns, _once(record), {})


# ---------------------------------------------------------------- one column
def _made(plan: Plan, work: Column, state: _State) -> Iterator[Origin]:
    """Origins of a derived column.

    One that reads itself reads the column of that name from before.
    """
    wiring, roles = work.wiring, deciding(work.wiring.function)
    groups = _groups(wiring)
    flag = next(
        (str(columns) for name, columns in wiring.columns.items() if roles.get(name) == FLAG), ""
    )
    for parameter, names in wiring.columns.items():
        for name in (names,) if isinstance(names, str) else names:
            before = state.columns[name] if name == work.name else (Origin(SELF, name, True),)
            mine = [origin if parameter not in roles else origin.deciding for origin in before]
            if groups is None:
                yield from mine
            elif flag and parameter not in roles:
                yield from (_among(origin, groups, flag) for origin in mine)
            else:
                yield from mine
                yield from (_among(origin.deciding, groups) for origin in mine)
    if groups is not None:
        yield Origin(SELF, RECORD, False, groups=groups)
    if getattr(derive.FUNCTIONS.get(wiring.function), "reads_order", False):
        yield from (
            Origin(SELF, key, False, groups=groups)
            for key in plan.spec.keys
            if key in state.columns
        )


def _groups(wiring: Wiring) -> tuple[str, ...] | None:
    """The columns in which records that are looked at together are the same.

    None where each is on its own.
    """
    roles = deciding(wiring.function)
    names = [columns for name, columns in wiring.columns.items() if roles.get(name) == GROUP]
    return (
        tuple(n for one in names for n in ((one,) if isinstance(one, str) else one))
        if names
        else None
    )


def _among(origin: Origin, groups: tuple[str, ...], flag: str = "") -> Origin:
    """The same of all records of the group.

    Of the records of wider groups where it is of a group already.
    """
    wider = (
        groups if origin.groups is None else tuple(name for name in groups if name in origin.groups)
    )
    return origin._replace(groups=wider, flag=flag if origin.groups is None else "")


def _of_source(plan: Plan, work: Column, specs: Mapping[str, DatasetSpec]) -> Iterator[Origin]:
    """What says of its records which they are.

    Their sequence number, or what a step on the way carries.
    """
    function = work.wiring.function
    for source, branch in _takes(plan):
        if source in specs:
            wanted = (
                function
                if specs[source].internal
                else "sequence"
                if function == "source_sequence"
                else ""
            )
            carried = (v.name for v in specs[source].variables if v.wiring.function == wanted)
            yield from (Origin(source, name, True, "take", branch) for name in carried)
    yield from (Origin(SELF, name, False) for name in work.wiring.reads)


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


def direct(columns: Inputs, name: str) -> tuple[Origin, ...]:
    """Origins of a column in sources only, each once, in the order of the wiring."""
    return _once(_direct(columns, columns.get(name, ())))


def _direct(columns: Inputs, origins: Iterable[Origin]) -> Iterator[Origin]:
    for origin in origins:
        if origin.source != SELF:
            yield origin
            continue
        for behind in _direct(columns, columns.get(origin.column, ())):
            if not origin.is_value:
                behind = behind.deciding  # noqa: PLW2901
            if origin.groups is not None:
                behind = _among(behind, origin.groups, origin.flag)  # noqa: PLW2901
            yield behind
