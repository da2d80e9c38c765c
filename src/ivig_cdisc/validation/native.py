"""Expectations that Great Expectations has itself, and the requirements of a spec said in them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import pandas as pd

from ..metadata import DatasetSpec
from . import patterns
from .conformance import DATE


class Native(NamedTuple):
    """One expectation of Great Expectations, and the variable that it speaks of."""

    variable: str  # empty: of the dataset
    type: str
    kwargs: dict[str, Any]


# ---------------------------------------------------------------- single expectations
def not_null(name: str) -> Native:
    """Every record has a value."""
    return Native(name, "expect_column_values_to_not_be_null", {"column": name})


def null(name: str) -> Native:
    """No record has a value."""
    return Native(name, "expect_column_values_to_be_null", {"column": name})


def in_set(name: str, terms: Sequence[str], spec: DatasetSpec) -> Native:
    """The values are terms; of a numeric variable those terms that are numbers."""
    allowed: list[Any] = list(terms)
    if spec.variable(name).type == "Num":
        numbers = pd.to_numeric(pd.Series(allowed), errors="coerce")
        allowed = numbers.dropna().astype("float64").tolist()
    kwargs = {"column": name, "value_set": allowed}
    return Native(name, "expect_column_values_to_be_in_set", kwargs)


def between(name: str, low: float, high: float) -> Native:
    """The numbers are from low to high, both included."""
    kwargs = {"column": name, "min_value": low, "max_value": high}
    return Native(name, "expect_column_values_to_be_between", kwargs)


def matches(name: str, *allowed: str) -> Native:
    """The whole text matches one of these regular expressions."""
    kwargs = {"column": name, "regex": patterns.whole(*allowed)}
    return Native(name, "expect_column_values_to_match_regex", kwargs)


def unique(names: Sequence[str], *, ignoring: str) -> Native:
    """Records differ in these columns together; ignoring: which records are not compared."""
    if len(names) == 1:
        return Native(names[0], "expect_column_values_to_be_unique", {"column": names[0]})
    kwargs = {"column_list": list(names), "ignore_row_if": ignoring}
    return Native(names[-1], "expect_compound_columns_to_be_unique", kwargs)


def not_less(high: str, low: str) -> Native:
    """The one number is not less than the other, where there are both."""
    kwargs = {
        "column_A": high,
        "column_B": low,
        "or_equal": True,
        "ignore_row_if": "either_value_is_missing",
    }
    return Native(high, "expect_column_pair_values_a_to_be_greater_than_b", kwargs)


# ---------------------------------------------------------------- requirements of a spec
def _columns(variables: Mapping[str, str], _: DatasetSpec) -> Iterator[Native]:
    for name in variables:
        yield Native(name, "expect_column_to_exist", {"column": name})
    every = {"column_set": list(variables), "exact_match": True}
    yield Native("", "expect_table_columns_to_match_set", every)


def _types(variables: Mapping[str, str], _: DatasetSpec) -> Iterator[Native]:
    for name, wanted in variables.items():
        kwargs = {"column": name, "type_": "float64"}
        if wanted == "Char":
            kwargs["type_"] = "str"
        yield Native(name, "expect_column_values_to_be_of_type", kwargs)


def _lengths(variables: Mapping[str, int], _: DatasetSpec) -> Iterator[Native]:
    for name, most in variables.items():
        kwargs = {"column": name, "max_value": most}
        yield Native(name, "expect_column_value_lengths_to_be_between", kwargs)


def _required(variables: Mapping[str, str], _: DatasetSpec) -> Iterator[Native]:
    for name in variables:
        yield not_null(name)


def _terms(variables: Mapping[str, Mapping[str, Any]], spec: DatasetSpec) -> Iterator[Native]:
    for name, required in variables.items():
        for listed in required.get("parts", [required]):
            native = in_set(name, listed["terms"], spec)
            yield native._replace(kwargs={**native.kwargs, **_meant(listed)})


def _meant(listed: Mapping[str, Any]) -> dict[str, Any]:
    """The records that a codelist is for, as an argument; none where it is for all."""
    if "by" not in listed:
        return {}
    operator, values = "IN", listed.get("values")
    if values is None:
        operator, values = "NOT_IN", listed["but"]
    column = {"name": listed["by"]}
    condition = {
        "type": "comparison",
        "column": column,
        "operator": operator,
        "parameter": values,
    }
    return {"row_condition": condition}


def _key(variables: Mapping[str, int], _: DatasetSpec) -> Iterator[Native]:
    yield unique(list(variables), ignoring="never")


def _iso8601(variables: Mapping[str, str], _: DatasetSpec) -> Iterator[Native]:
    for name, wanted in variables.items():
        if wanted == DATE:
            yield matches(name, patterns.DATE)
        else:
            yield matches(name, patterns.DATE, patterns.DURATION)


def _ranges(variables: Mapping[str, tuple[float, float]], _: DatasetSpec) -> Iterator[Native]:
    for name, (low, high) in variables.items():
        yield between(name, low, high)


REQUIRED: dict[str, Callable[[Mapping[str, Any], DatasetSpec], Iterator[Native]]] = {
    "SPEC-COLUMN": _columns,
    "SPEC-TYPE": _types,
    "SPEC-LENGTH": _lengths,
    "SPEC-REQUIRED": _required,
    "SPEC-CODELIST": _terms,
    "SPEC-EXTENSIBLE": _terms,
    "SPEC-KEY": _key,
    "SPEC-ISO8601": _iso8601,
    "SPEC-RANGE": _ranges,
}  # by the names of conformance.REQUIREMENTS
