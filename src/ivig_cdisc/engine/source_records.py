"""The record that a row was taken from, read off its row parents."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from ..dataset import Dataset
from . import row_parents
from .plan import Column, Plan
from .rows import Rows


def from_edges(plan: Plan, work: Column, current: Rows, done: Mapping[str, Dataset]) -> pd.Series:
    """The record that a row was taken from, as SRCDOM, SRCVAR and SRCSEQ say it (ADaMIG 3.3.9)."""
    index = current.frame.index
    known = pd.DataFrame(
        {
            "source": row_parents.source_dataset(current.edges, index),
            "record": row_parents.source_record(current.edges, index),
            "column": row_parents.source_column(current.edges, index),
            "branch": row_parents.source_branch(current.edges, index),
        }
    )
    found = pd.Series(np.nan, index=index, dtype="object")
    if work.wiring.function == "source_sequence":
        found = found.astype("float64")
    of_datasets = known[known["source"].isin(list(done))]
    for _, here in of_datasets.groupby(["source", "branch", "column"], dropna=False):
        name, branch, column = here.iloc[0][["source", "branch", "column"]]
        columns = _columns_of(plan, work, name, branch)
        if column not in columns:
            column = next(iter(columns), np.nan)
        found.loc[here.index] = _of_source(work, column, done[name], here["record"])
    if work.wiring.function == "source_sequence":
        return found
    return found.astype("str")


def _columns_of(plan: Plan, work: Column, source: str, branch: int) -> list[str]:
    """The columns of a source that the column is made of, for the rows of one branch."""
    origins = plan.origins[work.name]
    if branch >= 0:
        origins = plan.branches[branch][work.name] or origins
    return [column for name, column in origins if name == source]


def _of_source(work: Column, column: str | float, source: Dataset, record: pd.Series) -> Any:
    """What one source says of its records.

    A step on the way (internal) says what it was itself taken from.
    """
    function = work.wiring.function
    if source.spec.internal:
        carried = _wired_by(source, function)
        if carried is None:
            return np.nan
        return source.frame[carried].reindex(record).to_numpy()
    if function == "source_dataset":
        return source.name
    if function == "source_variable":
        return column
    sequence = _wired_by(source, "sequence")
    if sequence is None:
        return np.nan
    return source.frame[sequence].reindex(record).to_numpy("float64")


def _wired_by(dataset: Dataset, function: str) -> str | None:
    """The first variable of a dataset that a function gives."""
    for variable in dataset.spec.variables:
        if variable.wiring.function == function:
            return variable.name
    return None
