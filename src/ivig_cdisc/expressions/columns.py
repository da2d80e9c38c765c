"""An expression over the columns of a frame: whole columns at a time, never record by record."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd
from pandas.api.types import is_datetime64_any_dtype, is_numeric_dtype

from .kinds import date_of, whole_number
from .logic import Flags, Truth, all_of, any_of
from .rounding import round_half_away
from .syntax import (
    Among,
    And,
    Arithmetic,
    Call,
    Column,
    Comparison,
    Expression,
    Negative,
    Not,
    Number,
    Or,
    Presence,
    Text,
)

Floats = npt.NDArray[np.float64]
Dates = npt.NDArray[np.datetime64]
Value: TypeAlias = Any  # doubles; datetime64[us]; a Series of text; or one text between quotes

COMPARE: dict[str, Callable[[Any, Any], Any]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
ARITHMETIC: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "**": operator.pow,
}
FUNCTIONS: dict[str, Callable[[Any], Any]] = {
    "abs": np.abs,
    "floor": np.floor,
    "ceil": np.ceil,
    "sqrt": np.sqrt,
    "exp": np.exp,
    "log": np.log,
}
DAY = 86_400_000_000  # microseconds
FIRST, LAST = np.datetime64("0001-01-01", "us"), np.datetime64("9999-12-31T23:59:59.999999", "us")


@dataclass(frozen=True)
class Fault:
    """Records in which a part of an expression has no value though its operands have theirs."""

    rows: Flags
    reason: str
    at: int  # character of the expression


def compute(expression: Expression, frame: pd.DataFrame) -> tuple[pd.Series, list[Fault]]:
    """The value of an expression in each record.

    A value is missing where one that it is made of is; min and max pass over missing operands. What
    no number can say (a division by zero, the root of a negative number) is missing, and a fault.

    Args:
        expression: one that gives a value; its columns are in the frame.
        frame: numbers as float64, text as str or categories, dates as datetime64.

    Returns:
        The column, with the index of the frame: float64, datetime64[us], or text as it stands in
        the column; and the faults.
    """
    evaluation = _Evaluation(frame)
    value = evaluation.value(expression)
    if isinstance(value, str):
        return pd.Series(value, index=frame.index, dtype="str"), []
    if isinstance(value, pd.Series):
        return value, []
    column = np.broadcast_to(value, len(frame))
    return pd.Series(column.copy(), index=frame.index), evaluation.faults


def select(expression: Expression, frame: pd.DataFrame) -> tuple[Flags, list[Fault]]:
    """The records of which a condition is known to be true.

    Args:
        expression: a condition; its columns are in the frame.
        frame: as for `compute`.

    Returns:
        Truth values in the order of the records, and the faults of values on the way.
    """
    evaluation = _Evaluation(frame)
    truth = evaluation.truth(expression)
    return np.broadcast_to(truth.true, len(frame)).copy(), evaluation.faults


class _Evaluation:
    """One pass over an expression; `faults` collects what has no value."""

    def __init__(self, frame: pd.DataFrame) -> None:
        self.frame = frame
        self.faults: list[Fault] = []

    # ------------------------------------------------------------ values
    def value(self, expression: Expression) -> Value:
        match expression:
            case Number(value=number):
                return np.float64(number)
            case Text(value=text):
                return text
            case Column(name=name):
                return _column(self.frame[name])
            case Negative(operand=operand):
                return -_number(self.value(operand)) + 0.0
            case Arithmetic():
                return self._arithmetic(expression)
            case Call():
                return self._call(expression)
        raise TypeError("a condition is not a value")

    def _arithmetic(self, expression: Arithmetic) -> Value:
        left, right = self.value(expression.left), self.value(expression.right)
        if _is_date(left) and _is_date(right):
            return (left - right) / np.timedelta64(DAY, "us")
        if _is_date(left) or _is_date(right):
            return self._shifted(expression, left, right)
        operands = _number(left), _number(right)
        with np.errstate(all="ignore"):
            result = ARITHMETIC[expression.sign](*operands) + 0.0
        return self._sound(expression, result, operands)

    def _shifted(self, expression: Arithmetic, left: Value, right: Value) -> Dates:
        """A date plus or minus days; missing, and a fault, beyond the years 1 to 9999."""
        date, days = (left, right) if _is_date(left) else (right, left)
        days = _number(days)
        date, days = np.broadcast_arrays(date, days if expression.sign == "+" else -days)
        known = ~np.isnat(date) & ~np.isnan(days)
        near = known & (np.abs(days) < 4_000_000)
        shift = np.rint(np.where(near, days, 0) * DAY).astype("timedelta64[us]")
        moved = np.where(near, date + shift, np.datetime64("NaT"))
        sound = near & (moved >= FIRST) & (moved <= LAST)
        self._fault(known & ~sound, "the date is beyond the calendar", expression.at)
        return np.where(sound, moved, np.datetime64("NaT"))

    def _call(self, expression: Call) -> Value:
        operands = [self.value(operand) for operand in expression.operands]
        if expression.function in ("min", "max"):
            return _extreme(expression.function, operands)
        number = _number(operands[0])
        if expression.function == "round":
            digits = whole_number(expression.operands[1]) if len(operands) == 2 else 0
            return round_half_away(np.atleast_1d(number), digits or 0)
        with np.errstate(all="ignore"):
            result = FUNCTIONS[expression.function](number) + 0.0
        return self._sound(expression, result, (number,))

    def _sound(self, expression: Arithmetic | Call, result: Any, operands: Sequence[Any]) -> Any:
        """The result, missing where it is no number; a fault where all operands are known."""
        known = ~np.isnan(sum(operands) if len(operands) > 1 else operands[0])
        lost = known & ~np.isfinite(result)
        if not np.any(lost):
            return result
        by_zero = _by_zero(expression, operands)
        self._fault(lost & by_zero, "division by zero", expression.at)
        self._fault(lost & ~by_zero, f"{_name(expression)} gives no number", expression.at)
        return np.where(np.isfinite(result), result, np.nan)

    def _fault(self, rows: Any, reason: str, at: int) -> None:
        if np.any(rows):
            whole = np.broadcast_to(rows, len(self.frame))
            self.faults.append(Fault(whole.copy(), reason, at))

    # ------------------------------------------------------------ conditions
    def truth(self, expression: Expression) -> Truth:
        match expression:
            case Comparison():
                return self._comparison(expression)
            case Among():
                return self._among(expression)
            case Presence(operand=operand, present=present):
                known = _known(self.value(operand))
                return Truth.of(known if present else ~known, np.ones_like(known))
            case Not(operand=operand):
                return self.truth(operand).negated()
            case And(operands=operands):
                return all_of([self.truth(operand) for operand in operands])
            case Or(operands=operands):
                return any_of([self.truth(operand) for operand in operands])
        raise TypeError("a value is not a condition")

    def _comparison(self, expression: Comparison) -> Truth:
        left, right = self.value(expression.left), self.value(expression.right)
        known = _known(left) & _known(right)
        left, right = _alike(left, right), _alike(right, left)
        holds = COMPARE[expression.sign](left, right)
        return Truth.of(np.asarray(holds, dtype=bool), known)

    def _among(self, expression: Among) -> Truth:
        operand = self.value(expression.operand)
        known = _known(operand)
        values = [_alike(self.value(value), operand) for value in expression.values]
        if isinstance(operand, pd.Series):
            return Truth.of(operand.isin(values).to_numpy(bool), known)
        return Truth.of(np.isin(operand, np.array(values)), known)


# ---------------------------------------------------------------- kinds of values
def _column(values: pd.Series) -> Value:
    if is_datetime64_any_dtype(values.dtype):
        return values.to_numpy().astype("datetime64[us]")
    if is_numeric_dtype(values.dtype):
        return values.to_numpy("float64") + 0.0
    return values


def _is_date(value: Value) -> bool:
    return isinstance(value, np.ndarray | np.generic) and value.dtype.kind == "M"


def _number(value: Value) -> Any:
    if isinstance(value, str | pd.Series) or _is_date(value):
        raise TypeError("not a number")
    return value


def _known(value: Value) -> Flags:
    """Where there is a value; empty text is none."""
    if isinstance(value, str):
        return np.array(bool(value))
    if isinstance(value, pd.Series):
        return (value.notna() & value.ne("")).to_numpy(bool)
    if _is_date(value):
        return np.asarray(~np.isnat(value))
    return np.asarray(~np.isnan(value))


def _alike(value: Value, other: Value) -> Value:
    """Text in quotes as the day that it says, where the other is a date."""
    if isinstance(value, str) and _is_date(other):
        return np.datetime64(date_of(value) or "NaT", "us")
    if isinstance(value, pd.Series) and isinstance(other, pd.Series):
        return value.astype("str")
    return value


def _extreme(function: str, operands: Sequence[Value]) -> Value:
    """The least or greatest of the operands that are known; missing where none is."""
    pick = {"min": np.fmin, "max": np.fmax}[function]
    result = operands[0]
    for operand in operands[1:]:
        result = pick(result, operand)
    return result


def _by_zero(expression: Arithmetic | Call, operands: Sequence[Any]) -> Any:
    """Where an operation divides by zero: X / 0, and 0 to a negative power."""
    if isinstance(expression, Arithmetic) and expression.sign == "/":
        return operands[1] == 0
    if isinstance(expression, Arithmetic) and expression.sign == "**":
        return (operands[0] == 0) & (operands[1] < 0)
    return np.zeros(np.shape(operands[0]), dtype=bool)


def _name(expression: Arithmetic | Call) -> str:
    return expression.sign if isinstance(expression, Arithmetic) else expression.function
