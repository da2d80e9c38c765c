"""What becomes of the columns of the raw export, by the wiring alone.

And what is lost without a reason.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pandas as pd

from ..engine import Plan
from ..findings import findings, gather
from ..metadata import Form, Study, Variable
from ..raw import Raw
from .entries import Status

Cell = tuple[str, str]  # form or dataset, column


@dataclass(frozen=True)
class Fates:
    """What becomes of raw columns.

    standing  (form, column): the written datasets that its values stand in, and whether only as
              supplemental qualifiers
    deciding  (form, column): the datasets where it decides whether a record or a value is there, or
              which
    """

    standing: Mapping[Cell, Mapping[str, Status]]
    deciding: Mapping[Cell, set[str]]

    def of(self, form: str, column: str) -> tuple[Status, list[str]]:
        """Status and datasets of one column, with the reasons of its missing cells."""
        cells = ((form, column), (form, f"{column}.missing"))
        standing: dict[str, Status] = {}
        decides: set[str] = set()
        for cell in cells:
            _add(standing, self.standing.get(cell, {}))
            decides |= self.deciding.get(cell, set())
        for status in (Status.MAPPED, Status.SUPPLEMENTAL):
            if names := sorted(name for name, how in standing.items() if how == status):
                return status, names
        if decides:
            return Status.CONDITION_ONLY, sorted(decides)
        return Status.NOT_SUBMITTED, []


def fates(plans: Mapping[str, Plan]) -> Fates:
    """Follow each column through internal datasets to those that are written."""
    standing: dict[Cell, dict[str, Status]] = {}
    deciding: dict[Cell, set[str]] = {}
    for plan in reversed(list(plans.values())):
        read = set(plan.read)
        for variable in plan.spec.variables:
            reached = _reached(plan, variable, standing)
            for cell in plan.carried.get(variable.name, ()):
                _add(standing.setdefault(cell, {}), reached)
            read.update(plan.origins.get(variable.name, ()))
        for cell in read:
            deciding.setdefault(cell, set()).add(plan.spec.name)
    return Fates(standing, deciding)


def _reached(
    plan: Plan, variable: Variable, standing: Mapping[Cell, Mapping[str, Status]]
) -> dict[str, Status]:
    """The written datasets that the values of a variable get to."""
    if plan.spec.internal:
        return dict(standing.get((plan.spec.name, variable.name), {}))
    return {plan.spec.name: Status.SUPPLEMENTAL if variable.supplemental else Status.MAPPED}


def _add(known: dict[str, Status], reached: Mapping[str, Status]) -> None:
    """Add datasets that are reached.

    One that is reached in several ways is mapped if it is by one.
    """
    for dataset, status in reached.items():
        if known.get(dataset) != Status.MAPPED:
            known[dataset] = status


# ---------------------------------------------------------------- what is lost
def losses(taken: Raw, plans: Mapping[str, Plan], study: Study) -> pd.DataFrame:
    """Findings on collected values that stand in no dataset, where the specs do not say why (`not_submitted`).

    Args:
        taken: the export.
        plans: of all datasets of the study, also of those that are not wanted this time.
        study: the specs.
    """
    known = fates(plans)
    found: list[pd.DataFrame] = []
    for name, form in study.forms.items():
        if name in taken.files and not form.not_submitted:
            found += _losses_of(form, taken.forms[name], known)
    return gather(found)


def _losses_of(form: Form, frame: pd.DataFrame, known: Fates) -> Iterator[pd.DataFrame]:
    told = {name: known.of(form.name, name) for name in form.columns}
    if len(frame) and all(status == Status.NOT_SUBMITTED for status, _ in told.values()):
        message = f"no dataset takes the form {form.name}; if that is meant, set not_submitted with the reason"
        yield _loss("RAW-NOT-TAKEN", message, form)
        return
    for name, (status, datasets) in told.items():
        if form.columns[name].not_submitted or not filled(frame, name):
            continue
        if status == Status.CONDITION_ONLY:
            message = f"only decides in {', '.join(datasets)}; what it holds stands in no dataset"
            yield _loss("RAW-CONDITION-ONLY", message, form, name)
        if status == Status.NOT_SUBMITTED:
            message = (
                "no dataset takes this column; if that is meant, set not_submitted with the reason"
            )
            yield _loss("RAW-NOT-TAKEN", message, form, name)


def _loss(rule: str, message: str, form: Form, column: str | None = None) -> pd.DataFrame:
    return findings(
        severity="warning",
        rule=rule,
        dataset=form.name,
        variable=column,
        message=message,
        file=form.file,
        column=column,
    )


def filled(frame: pd.DataFrame, column: str) -> int:
    """How many cells of a column of a form hold something, be it the reason why the value is missing."""
    return int((frame[column].notna() | frame[f"{column}.missing"].notna()).sum())
