"""One number is the same digits wherever it is shown; long text is cut into pieces that make the same text again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time
from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivig_cdisc.lineage.tree import shown
from ivig_cdisc.text import (
    as_text,
    decimal_text,
    in_pieces,
    is_long,
    joined,
    number_text,
    spans,
    value_text,
)

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
    "a column": lambda number: as_text(pd.Series([number]))[0],
    "one value": value_text,
    "trace": shown,
}


@pytest.mark.parametrize("writer", WRITERS)
@pytest.mark.parametrize(("number", "digits"), NUMBERS)
def test_one_number_is_written_alike_everywhere(writer: str, number: float, digits: str) -> None:
    assert WRITERS[writer](number) == digits


def test_values_that_are_no_numbers() -> None:
    assert value_text(pd.Timestamp("2017-03-06")) == "2017-03-06"
    assert value_text(pd.Timestamp("2017-03-06T10:00")) == "2017-03-06T10:00:00"
    assert value_text(time(10, 0)) == "10:00:00"
    assert value_text(12345678901234567890) == "12345678901234567890"  # no double holds it


@given(number=st.floats(allow_nan=False, allow_infinity=False))
def test_the_digits_are_those_of_the_double(number: float) -> None:
    digits = number_text(number)
    assert float(digits) == number
    assert set(digits) <= set("-.0123456789")
    assert len(digits.strip("-0.").replace(".", "")) <= 17


@given(
    number=st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**30), max_value=10**30)
)
def test_the_digits_are_those_of_the_decimal(number: Decimal) -> None:
    digits = decimal_text(number)
    assert Decimal(digits) == number
    assert "e" not in digits.lower()


def test_missing_stays_missing_and_the_index_as_it_is() -> None:
    column = as_text(pd.Series([2.0, None, 2.5], index=[4, 1, 7], name="AVAL"))
    assert column.dropna().to_dict() == {4: "2", 7: "2.5"}
    assert column.index.tolist() == [4, 1, 7]
    assert column.name == "AVAL"


@pytest.mark.parametrize(("number", "text"), [(float("inf"), "inf"), (float("-inf"), "-inf")])
def test_what_is_not_finite_is_a_word(number: float, text: str) -> None:
    assert number_text(number) == text


# ---------------------------------------------------------------- long text
WORD = "x" * 99  # two of them and a blank are 199 bytes
PIECES: dict[str, tuple[str, list[str]]] = {
    "200 bytes fit": ("x" * 200, ["x" * 200]),
    "201 bytes without a blank": ("x" * 201, ["x" * 200, "x"]),
    "400 bytes": ("x" * 400, ["x" * 200, "x" * 200]),
    "401 bytes": ("x" * 401, ["x" * 200, "x" * 200, "x"]),
    "between words": (f"{WORD} {WORD} end", [f"{WORD} {WORD}", "end"]),
    "a word that would end at byte 201": (f"{WORD} {WORD}xx end", [WORD, f"{WORD}xx end"]),
    "the blank is byte 200": (f"{WORD} {WORD} {WORD}", [f"{WORD} {WORD}", WORD]),
    "the blank is byte 201": (f"{WORD} {WORD}x {WORD}", [f"{WORD} {WORD}x", WORD]),
    "two blanks at the cut": (f"{WORD} {WORD}  end", [f"{WORD} {WORD}", " end"]),
    "a word of 200 bytes, then a blank": (
        f"{'x' * 200} end",
        ["x" * 200, " end"],
    ),  # else it would seem to run on
    "a short word before a long one": (f"a {'x' * 250}", ["a", "x" * 200, "x" * 50]),
    "blanks at the end": ("x" * 200 + "   ", ["x" * 200]),
    "nothing": ("", [""]),
}


@pytest.mark.parametrize("case", PIECES)
def test_where_long_text_is_cut(case: str) -> None:
    text, pieces = PIECES[case]
    assert [text[span] for span in spans(text)] == pieces
    found = in_pieces(pd.Series([None, text], dtype="str", index=[7, 3]))
    assert found.loc[3].tolist() == pieces
    assert found.loc[7].isna().all()
    assert joined(found)[3] == text.rstrip(" ")


def test_a_piece_of_blanks_alone_is_missing() -> None:
    text = f"x{' ' * 450}y"  # no file could tell 200 blanks from nothing
    found = in_pieces(pd.Series([text]))
    assert found.loc[0].fillna("missing").tolist() == ["x", "missing", "missing", f"{' ' * 49}y"]
    assert joined(found)[0] == text


def test_is_long() -> None:
    assert is_long(pd.Series(["x" * 201, None], dtype="str"))
    assert is_long(pd.Series(["x" * 201, None], dtype="category"))
    assert not is_long(pd.Series(["x" * 200, None], dtype="category"))
    assert not is_long(pd.Series([None, None], dtype="str"))
    assert not is_long(pd.Series([], dtype="str"))


RUN = st.builds(
    lambda sign, times: sign * times,
    st.sampled_from("xy  "),
    st.one_of(st.integers(1, 9), st.integers(1, 450)),
)
TEXT = st.lists(RUN, min_size=1, max_size=12).map("".join)


@settings(deadline=None)
@given(texts=st.lists(st.one_of(TEXT, st.none()), min_size=1, max_size=5))
def test_pieces_make_the_text_again(texts: list[str | None]) -> None:
    pieces = in_pieces(pd.Series(texts, dtype="str"))
    held = pieces.apply(
        lambda column: column.str.rstrip(" ").replace("", None)
    )  # as a file of fixed width has them
    assert (pieces.fillna("").apply(lambda column: column.str.len()) <= 200).all(axis=None)
    kept = [None if text is None or not text.strip(" ") else text.rstrip(" ") for text in texts]
    again = joined(held)
    assert [None if pd.isna(text) else text for text in again] == kept
