"""Carry out a plan: row steps and column functions in order, then a finished Dataset."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from pandas.api.types import (
    is_bool_dtype,
    is_datetime64_any_dtype,
    is_float_dtype,
    is_numeric_dtype,
)

from .. import derive
from ..dataset import Dataset
from ..errors import DerivationError
from ..iso8601 import sort_key
from ..metadata import Variable, Wiring, is_open
from ..text import as_text
from . import row_parents, verbs
from .calls import FROM_EDGES, signature
from .plan import Column, Plan, RowStep
from .rows import Rows


def run(plan: Plan, forms: Mapping[str, pd.DataFrame], done: Mapping[str, Dataset]) -> Dataset:
    """Build one dataset from raw forms and the datasets before it.

    Args:
        plan: of the dataset.
        forms: raw forms by name, as they were read.
        done: datasets by name, finished; those that the plan reads are among them.

    Returns:
        The dataset, its rows in key order.

    Raises:
        DerivationError: a function fails, does not return a column with the index of its inputs, or
            gives text where the variable is Num.
    """
    return _finish(plan, carry_out(plan, forms, done))


def carry_out(plan: Plan, forms: Mapping[str, pd.DataFrame], done: Mapping[str, Dataset]) -> Rows:
    """All rows and columns at the end of the work.

    Args:
        plan: of the dataset.
        forms: raw forms by name, as they were read.
        done: datasets by name, finished; those that the plan reads are among them.

    Returns:
        The rows in key order, with columns that do not become part of the dataset too.

    Raises:
        DerivationError: a function fails, or does not return a column with the index of its inputs.
    """
    sources = dict(forms)
    for name, dataset in done.items():
        sources[name] = dataset.frame
    current = verbs.start(plan.spec.rows[0], sources)
    for work in plan.work[1:]:
        if isinstance(work, RowStep):
            current = verbs.apply(current, work.step, sources)
        elif isinstance(work, Column):
            column = _column(plan, work, current, done)
            current = replace(current, frame=current.frame.assign(**{work.name: column}))
        else:
            current = _sort(current, work.keys)
    return current


def _sort(current: Rows, keys: tuple[str, ...]) -> Rows:
    """Rows in key order, numbered 0..n-1.

    Rows alike in all keys stay in the order of their content.
    """
    frame = current.frame
    if keys:
        frame = frame.sort_values(list(keys), kind="stable", na_position="first", key=sort_key)
    numbers = pd.RangeIndex(len(frame))
    known = row_parents.settle(row_parents.renumber(current.edges, frame.index, numbers))
    return Rows(frame.set_axis(numbers), known)


def _finish(plan: Plan, current: Rows) -> Dataset:
    """The variables of the dataset, without what was only on the way."""
    columns = {}
    for variable in plan.spec.variables:
        columns[variable.name] = _typed(plan, variable, current.frame[variable.name])
    return Dataset(plan.spec, pd.DataFrame(columns, index=current.frame.index), current.edges)


def _typed(plan: Plan, variable: Variable, column: pd.Series) -> pd.Series:
    """The column as the spec's type holds it."""
    if variable.type == "Char":
        return _text(column)
    if is_numeric_dtype(column) or is_datetime64_any_dtype(column):
        if is_bool_dtype(column):
            return column.astype("float64")
        return column
    if column.isna().all():
        return column.astype("float64")
    reason = f"is Num in the spec but the derivation gives {column.dtype}: use number"
    raise DerivationError(
        reason, dataset=plan.spec.name, variable=variable.name, function=variable.wiring.function
    )


def _text(column: pd.Series) -> pd.Series:
    """The column as text; categories stay such.

    Empty text is missing, as every format has it.
    """
    if is_float_dtype(column) and column.notna().any():
        return as_text(column)
    if isinstance(column.dtype, pd.CategoricalDtype):
        if "" in column.cat.categories:
            return column.cat.remove_categories("")
        return column
    text = column.astype("str")
    empty = text.eq("")
    if empty.any():
        return text.mask(empty)
    return text


# ---------------------------------------------------------------- one column
def _column(plan: Plan, work: Column, current: Rows, done: Mapping[str, Dataset]) -> pd.Series:
    wiring, frame = work.wiring, current.frame
    if wiring.function == "constant":
        return _constant(wiring.constants["value"], frame.index)
    if wiring.function in FROM_EDGES:
        return _from_edges(plan, work, current, done)
    context = {"dataset": plan.spec.name, "variable": work.name, "function": wiring.function}
    try:
        column: Any = derive.FUNCTIONS[wiring.function](**_arguments(wiring, frame))
    except Exception as error:
        raise DerivationError(f"{type(error).__name__}: {error}", **context) from error
    if not isinstance(column, pd.Series) or not column.index.equals(frame.index):
        raise DerivationError("does not return a column with the index of its inputs", **context)
    return column


def _constant(value: Any, index: pd.Index) -> pd.Series:
    if value is None or is_open(value):
        return pd.Series(np.nan, index=index)
    if isinstance(value, str):
        return pd.Series(row_parents.all_the_same(value, len(index)), index=index)
    return pd.Series(value, index=index)


def _arguments(wiring: Wiring, frame: pd.DataFrame) -> dict[str, Any]:
    """Only what is wired; one column for a parameter that takes several is a list of one."""
    wanted = signature(wiring.function)
    columns: dict[str, Any] = {}
    for parameter, names in wiring.columns.items():
        listed = (names,) if isinstance(names, str) else names
        if wanted[parameter].is_list:
            columns[parameter] = [frame[name] for name in listed]
        else:
            columns[parameter] = frame[listed[0]]
    return {**columns, **wiring.constants}


# ---------------------------------------------------------------- what only the edges know
def _from_edges(plan: Plan, work: Column, current: Rows, done: Mapping[str, Dataset]) -> pd.Series:
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
