"""Time to event, said once: an `events` step as the row steps that carry it out.

Each parameter has its candidates, stacked: the events and, below them, the censorings. Of the
candidates of a subject the first one counts.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ..conditions import columns_of, renamed, with_value
from ..text import suggest
from .document import Path_
from .event_steps import Events, EventSource, Parameter
from .source import VariableSource
from .steps import Candidate, Filter, First, Join, Last, Stack, Step

SUBJECT = "USUBJID"
RANK, PLACE, MOMENT = "events.rank", "events.place", "events.moment"
EVENT = 0  # the rank of all events; censorings come after them
LONGEST_CODE = 8  # of PARAMCD (ADaMIG 1.3, 3.3.4)
OF_SUBJECT = "for."  # before the names of what decides whether a subject takes part


class Expanded(NamedTuple):
    """Row steps without `events`.

    steps     of the dataset.
    said_at   where the YAML says a step that is made here: its path, and the path in the YAML.
    working   columns on the way that the steps read.
    faults    what is wrong: path in the YAML, and reason.
    """

    steps: tuple[Step, ...]
    said_at: dict[Path_, Path_]
    working: dict[str, VariableSource]
    faults: list[tuple[Path_, str]]


def expanded(rows: tuple[Step, ...]) -> Expanded:
    """The row steps of a dataset, each `events` as what it stands for.

    Args:
        rows: as the YAML says them.

    Returns:
        The steps that the engine carries out.
    """
    made = Expanded((), {}, {}, [])
    steps: list[Step] = []
    for i, step in enumerate(rows):
        path: Path_ = ("rows", i)
        if not isinstance(step, Events):
            made.said_at["rows", len(steps)] = path
            steps.append(step)
            continue
        for inner, inner_path in _steps(step, path, made, len(steps)):
            made.said_at["rows", len(steps)] = inner_path
            steps.append(inner)
    return made._replace(steps=tuple(steps))


def _steps(step: Events, path: Path_, made: Expanded, number: int) -> Iterator[tuple[Step, Path_]]:
    """The steps of one `events`, each with its place in the YAML."""
    spec, path = step.events, (*path, "events")
    made.faults.extend(_faults(step, path))
    branches: list[tuple[Step, ...]] = []
    for name, parameter in spec.parameters.items():
        for source_name, rank in _candidates(parameter):
            source = spec.sources.get(source_name)
            if source is not None:
                here = (*path, "sources", source_name)
                made.said_at["rows", number, "stack", len(branches)] = here
                branches.append(_branch(name, parameter, source, rank, len(branches)))
    yield Stack.model_construct(stack=tuple(branches)), path
    yield _population(step), (*path, "for")
    if spec.for_.where:
        named = renamed(spec.for_.where, f"{OF_SUBJECT}{{}}".format)
        yield Filter.model_validate({"filter": named}), (*path, "for")
    moment = "ADT"
    if any(parameter.latest for parameter in spec.parameters.values()):
        moment = MOMENT
        made.working[MOMENT] = _moment(spec.parameters)
        made.said_at["working", MOMENT] = (*path, "start")
    order = (RANK, moment, PLACE)
    yield First(first=First.By(by=(SUBJECT, "PARAMCD"), order=order)), path


def _candidates(parameter: Parameter) -> Iterator[tuple[str, int]]:
    """The sources of one parameter, each with its rank."""
    for name in parameter.events:
        yield name, EVENT
    for place, name in enumerate(parameter.censorings, EVENT + 1):
        if parameter.latest:
            yield name, EVENT + 1
        else:
            yield name, place


def _branch(
    code: str, parameter: Parameter, source: EventSource, rank: int, place: int
) -> tuple[Step, ...]:
    """The candidate of each subject from one source: its first record, or its last."""
    names = {"ADT": source.date}
    if source.flag:
        names["ADTF"] = source.flag
    told = {"PARAMCD": code, "CNSR": min(rank, 1), RANK: rank, PLACE: place}
    told |= _descriptions(parameter, source, is_event=rank == EVENT)
    choice = First.By(by=(SUBJECT,), order=("ADT", *source.order))
    chosen: Step = First(first=choice)
    if source.last:
        chosen = Last(last=choice)
    dated = with_value(source.where, source.date)  # a record without a date is no candidate
    given = {"take": source.take, "where": dated, "rename": names, "set": told}
    return Candidate.model_validate(given), chosen


def _descriptions(parameter: Parameter, source: EventSource, *, is_event: bool) -> dict[str, str]:
    """EVNTDESC and CNSDTDSC of a candidate, as far as they are said."""
    if is_event:
        said = {"EVNTDESC": source.says}
    else:
        said = {"EVNTDESC": source.says or parameter.none, "CNSDTDSC": source.censored}
    return {name: text for name, text in said.items() if text}


def _population(step: Events) -> Step:
    """The subjects who take part, with the day from which time is counted."""
    spec = step.events
    taken = {"STARTDT": spec.start}
    for name in columns_of(spec.for_.where):
        taken[OF_SUBJECT + name] = name
    given = {"with": spec.for_.take, "on": (SUBJECT,), "take": taken, "unmatched": "drop"}
    return Join.model_validate({"join": given})


def _moment(parameters: dict[str, Parameter]) -> VariableSource:
    """Days that order candidates; from the last to the first where the latest censoring counts."""
    codes = [f"'{name}'" for name, parameter in parameters.items() if parameter.latest]
    latest = f"`{RANK}` > {EVENT} and PARAMCD in ({', '.join(codes)})"
    backwards = {"when": latest, "compute": "STARTDT - ADT"}
    forwards = {"otherwise": {"compute": "ADT - STARTDT"}}
    return VariableSource.model_validate({"cases": [backwards, forwards]})


# ---------------------------------------------------------------- what is wrong
def _faults(step: Events, path: Path_) -> Iterator[tuple[Path_, str]]:
    spec = step.events
    used: set[str] = set()
    for name, parameter in spec.parameters.items():
        if len(name) > LONGEST_CODE:
            reason = f"{name}: a PARAMCD has at most {LONGEST_CODE} letters and digits"
            yield (*path, "parameters", name), reason
        if not parameter.events:
            yield (*path, "parameters", name, "event"), "should not be empty"
        for source in (*parameter.events, *parameter.censorings):
            used.add(source)
            if source not in spec.sources:
                near = suggest(source, spec.sources)
                reason = f"there is no source {source}{near}"
                yield (*path, "parameters", name), reason
        for source in sorted({*parameter.events} & {*parameter.censorings}):
            reason = f"{source} is an event and a censoring of the same parameter"
            yield (*path, "parameters", name), reason
    for name in spec.sources:
        if name not in used:
            yield (*path, "sources", name), "no parameter has this source"
