"""QORIG: where the values of variables that leave as SUPP-- records come from.

Source: SDTMIG 3.4, 8.4 (QORIG: collected on a CRF, derived, or assigned).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from .model import DatasetSpec, Variable
from .origins import predecessors
from .steps import Melt, Stack, Step
from .supplement import continuations
from .whole import Study
from .wiring import CONSTANT, COPY, Wiring

CRF, ASSIGNED, DERIVED = "CRF", "Assigned", "Derived"
RESPELLED = ("recode", "upper_case", "iso8601")  # give what was collected in other words
Column = tuple[str, str]  # dataset and name


def with_qorig(study: Study) -> Study:
    """The study with the QORIG of each variable of which SUPP-- may have records.

    What the YAML says stays; else it is CRF where the value is a copy of a raw form or is recoded
    from it, Assigned where it is a constant, and Derived otherwise. The rest of a long text has the
    origin of its variable.

    Args:
        study: all of it, since a copy of a dataset has the origin that it has there.
    """
    datasets = [_with_qorig(spec, study) for spec in study.datasets]
    return study.model_copy(update={"datasets": tuple(datasets)})


def _with_qorig(spec: DatasetSpec, study: Study) -> DatasetSpec:
    long = continuations(spec)
    variables = []
    for variable in spec.variables:
        told = variable
        if not variable.qorig and (variable.supplemental or variable.name in long):
            told = variable.model_copy(update={"qorig": _qorig(variable, spec, study)})
        variables.append(told)
    return spec.model_copy(update={"variables": tuple(variables)})


def _qorig(variable: Variable, spec: DatasetSpec, study: Study) -> str:
    if variable.wiring.function == CONSTANT:
        return ASSIGNED
    if _gives_collected(variable.wiring, spec, study, frozenset({(spec.name, variable.name)})):
        return CRF
    return DERIVED


def _gives_collected(
    wiring: Wiring, spec: DatasetSpec, study: Study, seen: frozenset[Column]
) -> bool:
    """Whether a wiring gives what was collected, as it is or in other words."""
    if wiring.function not in (COPY, *RESPELLED):
        return False
    return _are_collected(((spec, name) for name in wiring.inputs), study, seen)


def _are_collected(
    columns: Iterable[tuple[DatasetSpec, str]], study: Study, seen: frozenset[Column]
) -> bool:
    """Whether there are columns, and all of them were collected."""
    found = [_is_collected(name, spec, study, seen) for spec, name in columns]
    return bool(found) and all(found)


def _is_collected(name: str, spec: DatasetSpec, study: Study, seen: frozenset[Column]) -> bool:
    """Whether a column is one of a raw form; a column of the dataset's own before one of its rows.

    seen: columns that are on the way here: they read the column of that name in the rows.
    """
    own = _wired(name, spec)
    if own is not None and (spec.name, name) not in seen:
        return _gives_collected(own, spec, study, seen | {(spec.name, name)})
    melted = list(_melted(name, spec.steps))
    if melted:
        return _are_collected(((spec, column) for column in melted), study, seen)
    datasets: list[tuple[DatasetSpec, str]] = []
    places = predecessors(name, spec, study)
    for source, original in places:
        if source in study.tables:
            return False
        if source not in study.forms:
            datasets.append((study.dataset(source), original))
    if not datasets:
        return bool(places)
    return _are_collected(datasets, study, seen)


def _wired(name: str, spec: DatasetSpec) -> Wiring | None:
    """How the dataset makes a column; None where its rows bring it."""
    for variable in spec.variables:
        if variable.name == name:
            return variable.wiring
    return spec.working.get(name)


def _melted(name: str, steps: Iterable[Step]) -> Iterator[str]:
    """The columns that became the value, or the reason, of this name."""
    for step in steps:
        if isinstance(step, Stack):
            for branch in step.stack:
                yield from _melted(name, branch)
        elif isinstance(step, Melt) and name in (step.melt.value, step.melt.reason):
            yield from step.melt.columns
