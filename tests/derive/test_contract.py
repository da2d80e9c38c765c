"""What every derivation promises: a column with the index of its inputs, whatever is in them, and inputs left alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from ivig_cdisc.build.plan import deciding, signature
from ivig_cdisc.derive import FUNCTIONS

from .samples import SAMPLES

COLUMNS = [
    (name, parameter)
    for name, sample in SAMPLES.items()
    for parameter in sample
    if signature(name)[parameter][0] != "constant"
]
ELSEWHERE = pd.Index([17, 3, 11])  # as rows are after a step: neither from 0 nor in order


def test_every_derivation_has_a_sample() -> None:
    assert set(SAMPLES) == set(FUNCTIONS), "samples.py has one entry for each derivation"
    for name, sample in SAMPLES.items():
        assert set(sample) == set(signature(name)), name


def test_what_only_decides_is_said_in_the_signature() -> None:
    assert deciding("where_is") == {"flag": "condition"}  # the value is the other column's
    assert deciding("carried") == {"groups": "group", "flag": "condition"}
    assert deciding("population") == {}  # a flag is made of what it requires
    assert deciding("source_dataset") == {}  # fulfilled by the kernel


def changed(name: str, change: Callable[[pd.Series], pd.Series], only: str = "") -> dict[str, Any]:
    """The sample with its columns changed, or only that parameter's."""
    made: dict[str, Any] = {}
    for parameter, value in SAMPLES[name].items():
        kind = signature(name)[parameter][0]
        if kind == "constant" or (only and parameter != only):
            made[parameter] = value
        else:
            made[parameter] = [change(column) for column in value] if kind == "columns" else change(value)
    return made


def without_values(column: pd.Series) -> pd.Series:
    return column.where(column.isna())


def nobody_collected(column: pd.Series) -> pd.Series:
    """As the kernel makes a column that nothing is wired to; calendar dates are derived and stay dates."""
    missing = without_values(column)
    return missing if pd.api.types.is_datetime64_any_dtype(column) else missing.astype("float64")


def columns(inputs: dict[str, Any], name: str) -> list[pd.Series]:
    kinds = signature(name)
    listed = [v if kinds[p][0] == "columns" else [v] for p, v in inputs.items() if kinds[p][0] != "constant"]
    return [column for group in listed for column in group]


def call(name: str, inputs: dict[str, Any]) -> pd.Series:
    """The derived column, which has the index of the inputs and has left them as they were."""
    given = columns(inputs, name)
    before = [column.copy(deep=True) for column in given]
    column = FUNCTIONS[name](**inputs)
    assert isinstance(column, pd.Series)
    assert column.index.equals(given[0].index)
    for one, two in zip(given, before, strict=True):
        pd.testing.assert_series_equal(one, two)
    return column


def values(column: pd.Series) -> list[Any]:
    return [None if pd.isna(value) else value for value in column.astype("object")]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_keeps_the_index(name: str) -> None:
    elsewhere = call(name, changed(name, lambda column: column.set_axis(ELSEWHERE)))
    assert values(elsewhere) == values(call(name, SAMPLES[name]))  # and it is by position that nothing changes


@pytest.mark.parametrize("name", sorted(set(FUNCTIONS) - {"sequence"}))  # the one that counts rows
def test_does_not_depend_on_the_order_of_rows(name: str) -> None:
    turned = call(name, changed(name, lambda column: column.iloc[::-1]))
    assert values(turned.iloc[::-1]) == values(call(name, SAMPLES[name]))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_of_nothing(name: str) -> None:
    assert len(call(name, changed(name, lambda column: column.iloc[:0]))) == 0


@pytest.mark.parametrize("name", FUNCTIONS)
def test_of_nothing_but_missing_values(name: str) -> None:
    assert len(call(name, changed(name, without_values))) == 3


@pytest.mark.parametrize("name", FUNCTIONS)
def test_of_columns_that_nobody_collected(name: str) -> None:
    assert len(call(name, changed(name, nobody_collected))) == 3


@pytest.mark.parametrize(("name", "parameter"), COLUMNS)
def test_of_one_column_that_nobody_collected(name: str, parameter: str) -> None:
    assert len(call(name, changed(name, nobody_collected, parameter))) == 3


@pytest.mark.parametrize(("name", "parameter"), COLUMNS)
def test_categories_are_text(name: str, parameter: str) -> None:
    def categories(column: pd.Series) -> pd.Series:
        return column.astype("category") if pd.api.types.is_string_dtype(column) else column

    assert values(call(name, changed(name, categories, parameter))) == values(call(name, SAMPLES[name]))
