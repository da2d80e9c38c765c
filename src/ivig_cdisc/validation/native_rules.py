"""Rules of specs/rules said in expectations of Great Expectations, as far as it has them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from ..conditions import columns_of
from ..metadata import DatasetSpec, Rule
from ..text import value_text
from . import patterns
from .checks import words
from .native import Native, between, in_set, matches, not_less, not_null, null, unique
from .rules import listed

YEAR_KNOWN = "[0-9].*"  # of a date that conforms: what begins by a hyphen has no year


class UnsayableError(Exception):
    """Why native expectations cannot say a rule."""


def expectations(rule: Rule, spec: DatasetSpec) -> list[Native]:
    """A rule as native expectations; together these name the records that break it.

    Raises:
        UnsayableError: Great Expectations cannot say it, or the file does not hold all that it
            reads.
    """
    if rule.join:
        others = ", ".join(join.with_ for join in rule.join)
        raise UnsayableError(f"It reads {others} as well.")
    if rule.check not in CHECKS:
        raise UnsayableError(f"Great Expectations has no such expectation: {words(rule.check)}")
    for name in _read(rule, spec):
        if name not in spec.columns:
            raise UnsayableError(f"{name} is written as records of SUPP{spec.name}.")
    where = _row_condition(rule, spec)
    natives = CHECKS[rule.check](rule, spec)
    return [Native(rule.variable, said.type, {**said.kwargs, **where}) for said in natives]


def _read(rule: Rule, spec: DatasetSpec) -> Iterator[str]:
    """The columns that decide whether a record breaks a rule."""
    yield from columns_of(rule.where)
    for wired in rule.columns.values():
        if isinstance(wired, str):
            yield wired
        else:
            yield from listed(wired, _variables(spec))


def _variables(spec: DatasetSpec) -> set[str]:
    return {variable.name for variable in spec.variables}


# ---------------------------------------------------------------- which records
def _row_condition(rule: Rule, spec: DatasetSpec) -> dict[str, Any]:
    """What `where` says, as an argument of an expectation; no argument where it says nothing."""
    if isinstance(rule.where, str):
        raise UnsayableError(f"Its condition is an expression: {rule.where}")
    conditions = [_condition(name, wanted, spec) for name, wanted in rule.where.items()]
    if not conditions:
        return {}
    if len(conditions) == 1:
        return {"row_condition": conditions[0]}
    return {"row_condition": {"type": "and", "conditions": conditions}}


def _condition(name: str, wanted: Any, spec: DatasetSpec) -> dict[str, Any]:
    column = {"name": name}
    if wanted in ("present", "absent"):
        return {"type": "nullity", "column": column, "is_null": wanted == "absent"}
    _refuse_dates(name, spec)
    values = in_set(name, [value_text(one) for one in wanted], spec).kwargs["value_set"]
    return {"type": "comparison", "column": column, "operator": "IN", "parameter": values}


def _refuse_dates(name: str, spec: DatasetSpec) -> None:
    if spec.variable(name).kind != "number":
        raise UnsayableError(f"{name} is a number of days or seconds in the file.")


# ---------------------------------------------------------------- what must hold of them
def _present(rule: Rule, _: DatasetSpec) -> Iterator[Native]:
    yield not_null(_column(rule, "value"))


def _absent(rule: Rule, _: DatasetSpec) -> Iterator[Native]:
    yield null(_column(rule, "value"))


def _dated(rule: Rule, spec: DatasetSpec) -> Iterator[Native]:
    """There is a value, it is a date, and its year is known."""
    name = _text(rule, "value", spec)
    yield not_null(name)
    yield matches(name, patterns.DATE)
    yield matches(name, YEAR_KNOWN)


def _is_date(rule: Rule, spec: DatasetSpec) -> Iterator[Native]:
    yield matches(_text(rule, "value", spec), patterns.DATE)


def _is_duration(rule: Rule, spec: DatasetSpec) -> Iterator[Native]:
    yield matches(_text(rule, "value", spec), patterns.DURATION)


def _one_of(rule: Rule, spec: DatasetSpec) -> Iterator[Native]:
    name, allowed = _column(rule, "value"), rule.constants["allowed"]
    _refuse_dates(name, spec)
    if isinstance(allowed, str):
        allowed = [allowed]
    yield in_set(name, allowed, spec)


def _in_range(rule: Rule, spec: DatasetSpec) -> Iterator[Native]:
    name = _number(rule, "value", spec)
    yield between(name, rule.constants["low"], rule.constants["high"])


def _not_less(rule: Rule, spec: DatasetSpec) -> Iterator[Native]:
    yield not_less(_number(rule, "high", spec), _number(rule, "low", spec))


def _distinct(rule: Rule, spec: DatasetSpec) -> Iterator[Native]:
    columns = listed(rule.columns["values"], _variables(spec))
    yield unique(columns, ignoring="any_value_is_missing")


CHECKS: dict[str, Callable[[Rule, DatasetSpec], Iterator[Native]]] = {
    "absent": _absent,
    "complete_or_reduced": _is_date,
    "dated": _dated,
    "distinct": _distinct,
    "in_range": _in_range,
    "is_duration": _is_duration,
    "not_less": _not_less,
    "one_of": _one_of,
    "present": _present,
}  # by the names of checks.CHECKS


def _column(rule: Rule, parameter: str) -> str:
    name = rule.columns[parameter]
    if not isinstance(name, str):
        raise UnsayableError(f"{parameter} is several columns.")
    return name


def _text(rule: Rule, parameter: str, spec: DatasetSpec) -> str:
    name = _column(rule, parameter)
    if spec.variable(name).type != "Char":
        raise UnsayableError(f"{name} is a number in the file.")
    return name


def _number(rule: Rule, parameter: str, spec: DatasetSpec) -> str:
    name = _column(rule, parameter)
    if spec.variable(name).type != "Num":
        raise UnsayableError(f"{name} is text in the file.")
    _refuse_dates(name, spec)
    return name
