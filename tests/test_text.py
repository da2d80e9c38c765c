"""One number is the same digits wherever it is shown."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivig_cdisc.comparison import pairing
from ivig_cdisc.sdtm import supplement
from ivig_cdisc.text import decimal_text, number_text, numbers_as_text
from ivig_cdisc.tree import shown
from ivig_cdisc.validate import wording

NUMBERS = [
    (2.0, "2"),
    (-0.5, "-0.5"),
    (0.1 + 0.2, "0.30000000000000004"),  # another double than 0.3
    (5.294117647058823, "5.294117647058823"),
    (1e-7, "0.0000001"),  # no exponent
    (5e-324, f"0.{'0' * 323}5"),
    (1e16, "10000000000000000"),
    (1234567890123456.0, "1234567890123456"),
    (1.7976931348623157e308, f"17976931348623157{'0' * 292}"),
    (-0.0, "0"),
]
WRITERS: dict[str, Callable[[float], object]] = {
    "one number": number_text,
    "a column": lambda number: numbers_as_text(pd.Series([number]))[0],
    "QVAL": lambda number: supplement._text(pd.Series([number]))[0],  # noqa: SLF001
    "findings": lambda number: wording.text(pd.Series([number]))[0],
    "trace": shown,
    "compare and diff": pairing.text,
}


@pytest.mark.parametrize("writer", WRITERS)
@pytest.mark.parametrize(("number", "digits"), NUMBERS)
def test_one_number_is_written_alike_everywhere(writer: str, number: float, digits: str) -> None:
    assert WRITERS[writer](number) == digits


@given(number=st.floats(allow_nan=False, allow_infinity=False))
def test_the_digits_are_those_of_the_double(number: float) -> None:
    digits = number_text(number)
    assert float(digits) == number
    assert set(digits) <= set("-.0123456789")
    assert len(digits.strip("-0.").replace(".", "")) <= 17


@given(number=st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**30), max_value=10**30))
def test_the_digits_are_those_of_the_decimal(number: Decimal) -> None:
    digits = decimal_text(number)
    assert Decimal(digits) == number
    assert "e" not in digits.lower()


def test_missing_stays_missing_and_the_index_as_it_is() -> None:
    column = numbers_as_text(pd.Series([2.0, None, 2.5], index=[4, 1, 7], name="AVAL"))
    assert column.dropna().to_dict() == {4: "2", 7: "2.5"}
    assert column.index.tolist() == [4, 1, 7]
    assert column.name == "AVAL"


@pytest.mark.parametrize(("number", "text"), [(float("inf"), "inf"), (float("-inf"), "-inf")])
def test_what_is_not_finite_is_a_word(number: float, text: str) -> None:
    assert number_text(number) == text
