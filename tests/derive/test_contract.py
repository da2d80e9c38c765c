"""What every derivation promises: a column with the index of its inputs, whatever is in them, and inputs left alone."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from ivig_cdisc.derive import FUNCTIONS
from ivig_cdisc.engine.calls import deciding, gives, signature
from ivig_cdisc.engine.constants import faults

from .samples import SAMPLES

COLUMNS = [
    (name, parameter)
    for name, sample in SAMPLES.items()
    for parameter in sample
    if not signature(name)[parameter].is_constant
]
ELSEWHERE = pd.Index([17, 3, 11])  # as rows are after a step: neither from 0 nor in order


def test_every_derivation_has_a_sample() -> None:
    assert set(SAMPLES) == set(FUNCTIONS), "samples.py has one entry for each derivation"
    for name, sample in SAMPLES.items():
        assert set(sample) == set(signature(name)), name


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_docstring_says_all_that_a_reader_asks(name: str) -> None:
    """What each parameter is, what comes back, and what of it is missing."""
    method, _, rest = str(FUNCTIONS[name].__doc__).partition("\n\n")
    assert method.endswith(".")
    parameters, found, returns = rest.partition("Returns:\n")
    assert found, "Returns"
    described = re.findall(
        r"^        (\w+):", parameters.partition("Args:\n")[2], flags=re.MULTILINE
    )
    assert described == list(signature(name))
    assert re.search(r"[Mm]issing|Records without", returns), "what is missing"


def test_what_only_decides_is_said_in_the_signature() -> None:
    assert deciding("where_is") == {"flag": "condition"}  # the value is the other column's
    assert deciding("carried") == {"groups": "group", "flag": "flag"}
    assert deciding("population") == {}  # a flag is made of what it requires
    assert deciding("source_dataset") == {}  # fulfilled by the kernel


def changed(name: str, change: Callable[[pd.Series], pd.Series], only: str = "") -> dict[str, Any]:
    """The sample with its columns changed, or only that parameter's."""
    made: dict[str, Any] = {}
    for parameter, value in SAMPLES[name].items():
        declared = signature(name)[parameter]
        if declared.is_constant or (only and parameter != only):
            made[parameter] = value
        else:
            made[parameter] = (
                [change(column) for column in value] if declared.is_list else change(value)
            )
    return made


def kind_of(column: pd.Series) -> str:
    if pd.api.types.is_datetime64_any_dtype(column):
        return "date"
    return "number" if pd.api.types.is_numeric_dtype(column) else "text"


@pytest.mark.parametrize("name", FUNCTIONS)
def test_gives_the_kind_that_its_signature_says(name: str) -> None:
    declared, made = gives(name), kind_of(call(name, SAMPLES[name]))
    alike = {
        kind_of(c)
        for p, said in signature(name).items()
        if said.column_type == "alike"
        for c in listed(SAMPLES[name][p])
    }
    assert made in (alike if declared == "alike" else {declared})


@pytest.mark.parametrize(("name", "parameter"), COLUMNS)
def test_the_sample_is_of_the_kinds_that_the_signature_says(name: str, parameter: str) -> None:
    wanted = signature(name)[parameter].column_type
    assert wanted in ("", "alike") or {
        kind_of(column) for column in listed(SAMPLES[name][parameter])
    } == {wanted}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_constants_of_the_sample_are_of_their_types(name: str) -> None:
    constants = {p: said.hint for p, said in signature(name).items() if said.is_constant}
    assert [
        found for p, hint in constants.items() for found in faults(hint, SAMPLES[name][p])
    ] == []


def listed(argument: Any) -> list[pd.Series]:
    return argument if isinstance(argument, list) else [argument]


def without_values(column: pd.Series) -> pd.Series:
    return column.where(column.isna())


def nobody_collected(column: pd.Series) -> pd.Series:
    """As the kernel makes a column that nothing is wired to; calendar dates are derived and stay dates."""
    missing = without_values(column)
    return missing if pd.api.types.is_datetime64_any_dtype(column) else missing.astype("float64")


def columns(inputs: dict[str, Any], name: str) -> list[pd.Series]:
    declared = signature(name)
    listed = [
        v if declared[p].is_list else [v] for p, v in inputs.items() if not declared[p].is_constant
    ]
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
    assert values(elsewhere) == values(
        call(name, SAMPLES[name])
    )  # and it is by position that nothing changes


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

    assert values(call(name, changed(name, categories, parameter))) == values(
        call(name, SAMPLES[name])
    )
