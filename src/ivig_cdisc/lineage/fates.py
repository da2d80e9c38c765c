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
ADVICE = "if that is meant, set not_submitted with the reason"


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
        """What became of one column; the reasons of its missing cells count as the column.

        Args:
            form: its name.
            column: of the form.

        Returns:
            The status, and the datasets in the order of their names.
        """
        cells = ((form, column), (form, f"{column}.missing"))
        standing: dict[str, Status] = {}
        decides: set[str] = set()
        for cell in cells:
            _add(standing, self.standing.get(cell, {}))
            decides |= self.deciding.get(cell, set())
        for wanted in (Status.MAPPED, Status.SUPPLEMENTAL):
            datasets = [dataset for dataset, status in standing.items() if status == wanted]
            if datasets:
                return wanted, sorted(datasets)
        if decides:
            return Status.CONDITION_ONLY, sorted(decides)
        return Status.NOT_SUBMITTED, []


def fates(plans: Mapping[str, Plan]) -> Fates:
    """Follow each column through internal datasets to those that are written.

    Args:
        plans: in the order in which the datasets are made.
    """
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
    if variable.supplemental:
        return {plan.spec.name: Status.SUPPLEMENTAL}
    return {plan.spec.name: Status.MAPPED}


def _add(known: dict[str, Status], reached: Mapping[str, Status]) -> None:
    """Add datasets that are reached.

    One that is reached in several ways is mapped if it is by one.
    """
    for dataset, status in reached.items():
        if known.get(dataset) != Status.MAPPED:
            known[dataset] = status


# ---------------------------------------------------------------- what is lost
def losses(taken: Raw, plans: Mapping[str, Plan], study: Study) -> pd.DataFrame:
    """Findings on collected values that stand in no dataset.

    Args:
        taken: the export.
        plans: of all datasets of the study, also of those that are not wanted this time.
        study: the specs; a form or column for which they say why it is `not_submitted` is left out.

    Returns:
        Findings in their fixed order: one for a form of which no dataset takes anything, else one
        for each of its columns that is not empty and whose values are lost.
    """
    known = fates(plans)
    found: list[pd.DataFrame] = []
    for name, form in study.forms.items():
        if name in taken.files and not form.not_submitted:
            found += _losses_of(form, taken.forms[name], known)
    return gather(found)


def _losses_of(form: Form, frame: pd.DataFrame, known: Fates) -> Iterator[pd.DataFrame]:
    of_columns = {name: known.of(form.name, name) for name in form.columns}
    if len(frame) and all(status == Status.NOT_SUBMITTED for status, _ in of_columns.values()):
        yield _loss("RAW-NOT-TAKEN", f"no dataset takes the form {form.name}; {ADVICE}", form)
        return
    for name, (status, datasets) in of_columns.items():
        if form.columns[name].not_submitted or not filled(frame, name):
            continue
        if status == Status.CONDITION_ONLY:
            message = f"only decides in {', '.join(datasets)}; what it holds stands in no dataset"
            yield _loss("RAW-CONDITION-ONLY", message, form, name)
        if status == Status.NOT_SUBMITTED:
            yield _loss("RAW-NOT-TAKEN", f"no dataset takes this column; {ADVICE}", form, name)


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
    """How many cells of a column of a form hold a value, or the reason why it is missing."""
    holds_something = frame[column].notna() | frame[f"{column}.missing"].notna()
    return int(holds_something.sum())
