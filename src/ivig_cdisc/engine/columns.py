"""Derive one column: a constant, a copy, an expression, a choice by conditions, or a function.

What a calculation cannot say, as a division by zero, is missing, and why stands in a column beside
it (`AVAL.undefined`), so that it stays with its record whatever row steps follow.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from pandas.api.types import is_bool_dtype, is_datetime64_any_dtype

from .. import derive, expressions
from ..conditions import fitting
from ..dataset import Dataset
from ..errors import DerivationError
from ..iso8601 import sort_key
from ..metadata import CASES, COMPUTE, CONSTANT, COPY, ORDER, Wiring, is_open
from . import row_parents
from .calls import FROM_EDGES, signature
from .plan import Column, Plan
from .rows import Rows
from .source_records import from_edges
from .undefined import BESIDE, first_reason, reasons_of


class Derived(NamedTuple):
    """A column, and for each record why a calculation in it has no value; else missing."""

    values: pd.Series
    undefined: pd.Series | None = None


def derived(plan: Plan, work: Column, current: Rows, done: Mapping[str, Dataset]) -> Rows:
    """The rows with one column more.

    Args:
        plan: of the dataset.
        work: the column, and how it gets its values.
        current: the rows; all columns that go in are there.
        done: datasets by name, finished.

    Returns:
        The rows with the column; missing where its `where` does not hold.

    Raises:
        DerivationError: the function fails, or does not return a column with the index of its
            inputs.
    """
    wiring, frame = work.wiring, current.frame
    chosen, faults = fitting(frame, wiring.where)
    there = frame
    if wiring.where:
        there = frame[chosen]
    made = _values(plan, work, wiring, replace(current, frame=there), done)
    undefined = first_reason(made.undefined, reasons_of(faults, frame, wiring.where))
    columns = {work.name: _on_all(made.values, frame.index)}
    if undefined is not None:
        columns[work.name + BESIDE] = _on_all(undefined, frame.index)
    return replace(current, frame=frame.assign(**columns))


def _on_all(values: pd.Series, index: pd.Index) -> pd.Series:
    """The values on all records; missing on those that were left out."""
    if len(values) == len(index):
        return values
    if is_bool_dtype(values):
        values = values.astype("float64")
    return values.reindex(index)


# ---------------------------------------------------------------- the ways
def _values(
    plan: Plan, work: Column, wiring: Wiring, current: Rows, done: Mapping[str, Dataset]
) -> Derived:
    frame = current.frame
    if wiring.function == CASES:
        return _chosen(plan, work, wiring, current, done)
    if wiring.function == CONSTANT:
        return Derived(_constant(wiring.constants["value"], frame.index))
    if wiring.function == COPY:
        return Derived(frame[wiring.inputs[0]])
    if wiring.function == COMPUTE:
        return _computed(str(wiring.constants["expression"]), frame)
    if wiring.function in FROM_EDGES:
        return Derived(from_edges(plan, work, current, done))
    return Derived(_called(plan, work, frame))


def _called(plan: Plan, work: Column, frame: pd.DataFrame) -> pd.Series:
    """What a derivation returns."""
    function = work.wiring.function
    context = {"dataset": plan.spec.name, "variable": work.name, "function": function}
    try:
        column: Any = derive.FUNCTIONS[function](**_arguments(work.wiring, frame))
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
        if parameter == ORDER:
            columns[parameter] = _in_order(listed, wiring, frame)
        elif wanted[parameter].is_list:
            columns[parameter] = [frame[name] for name in listed]
        else:
            columns[parameter] = frame[listed[0]]
    return {**columns, **wiring.constants}


def _in_order(names: Sequence[str], wiring: Wiring, frame: pd.DataFrame) -> list[pd.Series]:
    """The columns of an order; of one that descends what ascends as it descends."""
    columns = []
    for name in names:
        column = frame[name]
        if name in wiring.descending:
            rank, _ = pd.factorize(sort_key(column), sort=True)
            column = pd.Series(-rank.astype("float64"), column.index).where(rank >= 0)
        columns.append(column)
    return columns


def _computed(text: str, frame: pd.DataFrame) -> Derived:
    values, faults = expressions.compute(expressions.parse(text), frame)
    return Derived(values, reasons_of(faults, frame, text))


# ---------------------------------------------------------------- cases
def _chosen(
    plan: Plan, work: Column, wiring: Wiring, current: Rows, done: Mapping[str, Dataset]
) -> Derived:
    """Each record has the value of the first case that holds for it; without one it has none."""
    frame = current.frame
    left = np.ones(len(frame), dtype=bool)  # records for which no case has held yet
    parts, reasons = [], []
    for choice in wiring.cases:
        holds, faults = fitting(frame, choice.when)
        here = left & holds.to_numpy(bool)
        left &= ~here
        made = _values(plan, work, choice.wiring, replace(current, frame=frame[here]), done)
        parts.append(made.values)
        reasons += [reasons_of(faults, frame, choice.when), made.undefined]
    parts.append(pd.Series(np.nan, index=frame.index[left]))
    return Derived(_joined(parts, frame.index), _united(reasons, frame.index))


def _joined(parts: list[pd.Series], index: pd.Index) -> pd.Series:
    """Parts of a column one below the other, in the order of the index.

    A part without a value does not decide what the column holds, unless none has one: then it
    holds dates if a part does.
    """
    filled = []
    for part in parts:
        if isinstance(part.dtype, pd.CategoricalDtype):
            filled.append(part.astype("str"))
        elif part.notna().any():
            filled.append(part)
    if filled:
        return pd.concat(filled).reindex(index)
    for part in parts:
        if is_datetime64_any_dtype(part):
            return part.reindex(index)
    return pd.Series(np.nan, index=index)


def _united(reasons: list[pd.Series | None], index: pd.Index) -> pd.Series | None:
    united: pd.Series | None = None
    for part in reasons:
        if part is not None:
            united = first_reason(united, part.reindex(index))
    return united
