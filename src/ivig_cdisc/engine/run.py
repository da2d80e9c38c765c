"""Carry out a plan: row steps and column functions in order, then a finished Dataset."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd
from pandas.api.types import (
    is_bool_dtype,
    is_datetime64_any_dtype,
    is_float_dtype,
    is_numeric_dtype,
)

from ..dataset import LEFT_OUT, Dataset, nothing_left_out
from ..errors import DerivationError
from ..iso8601 import sort_key
from ..metadata import CASES, COMPUTE, LINE, Variable, sources
from ..text import as_text
from . import row_parents, verbs
from .columns import derived
from .plan import Column, Plan, RowStep
from .rows import Rows
from .undefined import BESIDE, undefined


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
    frames = _sources(plan, forms, done)
    current = verbs.start(plan.spec.rows[0], frames)
    for work in plan.work[1:]:
        if isinstance(work, RowStep):
            current = verbs.apply(current, work.step, frames)
        elif isinstance(work, Column):
            current = derived(plan, work, current, done)
        else:
            current = _sort(current, work.keys)
    return current


def _sources(
    plan: Plan, forms: Mapping[str, pd.DataFrame], done: Mapping[str, Dataset]
) -> dict[str, pd.DataFrame]:
    """What row steps may read, by name; forms with the line of each record."""
    frames = dict(plan.tables)
    for name in sources(plan.spec.rows):
        if name in forms:
            frames[name] = forms[name].assign(**{LINE: forms[name].index.astype("float64")})
    for name, dataset in done.items():
        frames[name] = dataset.frame
    return frames


def _sort(current: Rows, keys: tuple[str, ...]) -> Rows:
    """Rows in key order, numbered 0..n-1.

    Rows alike in all keys stay in the order of their content.
    """
    frame = current.frame
    if keys:
        frame = frame.sort_values(list(keys), kind="stable", na_position="first", key=sort_key)
    numbers = pd.RangeIndex(len(frame))
    known = row_parents.settle(row_parents.renumber(current.edges, frame.index, numbers))
    return replace(current, frame=frame.set_axis(numbers), edges=known)


def _finish(plan: Plan, current: Rows) -> Dataset:
    """The variables of the dataset, without what was only on the way."""
    made = _in_whole_days(plan, current.frame)
    columns = {}
    for variable in plan.spec.variables:
        columns[variable.name] = _typed(plan, variable, made[variable.name])
    frame = pd.DataFrame(columns, index=made.index)
    left_out = pd.concat([nothing_left_out(), *current.left_out], ignore_index=True)
    return Dataset(plan.spec, frame, current.edges, undefined(made), left_out.astype(LEFT_OUT))


def _in_whole_days(plan: Plan, frame: pd.DataFrame) -> pd.DataFrame:
    """Calculated dates without those that are not a day: these are missing, and told."""
    for variable in plan.spec.variables:
        column = frame[variable.name]
        is_calculated = variable.wiring.function in (COMPUTE, CASES)
        if not (is_calculated and variable.kind == "date" and is_datetime64_any_dtype(column)):
            continue
        parted = column.notna() & column.ne(column.dt.normalize())
        if parted.any():
            reason = pd.Series("it is not a whole day", index=column.index[parted], dtype="object")
            beside = {variable.name + BESIDE: reason.reindex(column.index)}
            frame = frame.assign(**{variable.name: column.mask(parted), **beside})
    return frame


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
