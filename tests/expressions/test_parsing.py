"""Text to expressions; what is not one is told with the character at which it goes wrong."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivig_cdisc.expressions import ExpressionError, kind_of, names, parse, retold
from ivig_cdisc.expressions.syntax import Among, And, Arithmetic, Column, Comparison, Number, Text
from tests.sampled import EVERYTHING


def test_a_power_binds_tighter_than_a_sign_and_goes_from_the_right() -> None:
    parsed = parse("2 ** 3 ** A")
    assert isinstance(parsed, Arithmetic)
    assert parsed.left == Number(1, 2.0)
    assert isinstance(parsed.right, Arithmetic)
    assert parsed.right.right == Column(11, "A")


def test_and_binds_tighter_than_or() -> None:
    parsed = parse("A = 1 or B = 2 and C = 3")
    assert [type(each) for each in getattr(parsed, "operands", ())] == [Comparison, And]


def test_a_quote_in_text_is_doubled() -> None:
    parsed = parse("X = 'it''s'")
    assert isinstance(parsed, Comparison)
    assert parsed.right == Text(5, "it's")


def test_words_of_the_language_may_be_parts_of_names() -> None:
    assert names(parse("order = 1 and island in ('a') and notes is missing")) == (
        "order",
        "island",
        "notes",
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("AVAL - BASE", ("AVAL", "BASE")),
        ("--DOSE is present", ("--DOSE",)),  # the prefix of the domain, as in rules
        ("A - --B", ("A", "--B")),
        ("weight.missing = 'NOT DONE'", ("weight.missing",)),
        ("`visit date` is missing and `visit date` != VISIT", ("visit date", "VISIT")),
        ("größe > 1", ("größe",)),
        ("round(min(A, B) / A, 1)", ("A", "B")),
        ("min = max", ("min", "max")),  # no parenthesis follows: columns
    ],
)
def test_names(text: str, expected: tuple[str, ...]) -> None:
    assert names(parse(text)) == expected


def test_retold_reaches_every_part() -> None:
    text = "round(--A + -B, 1) > 2 and (--A in ('x') or not --A is missing)"
    assert names(parse(retold(text, lambda name: name.replace("--", "EX")))) == ("EXA", "B")


def test_not_in_is_the_opposite_of_in() -> None:
    parsed = parse("A not in (-1, 2)")
    assert isinstance(getattr(parsed, "operand", None), Among)


@pytest.mark.parametrize(
    ("text", "at", "reason"),
    [
        ("", 1, "there is nothing in it"),
        ("  ", 1, "there is nothing in it"),
        ("A == 1", 3, "== is not of the language: equal is written ="),
        ("A <> 1", 3, "<> is not of the language: not equal is written !="),
        ("A ≥ 1", 3, "≥ is not of the language: write >="),
        ('A = "Y"', 5, '" is not of the language: text stands in single quotes'),
        ("A = 1 & B = 2", 7, "& is not of the language: write and"),
        ("A = 1 AND B = 2", 7, "AND is written in small letters: and"),
        ("A eq 1", 3, "eq is not of the language: equal is written ="),
        ("A is null", 6, "null is not of the language: write is missing or is present"),
        ("A is not missing", 6, "is not is not of the language: write is present"),
        (
            "A between 1 and 2",
            3,
            "between is not of the language: write two comparisons joined by and",
        ),
        ("18 <= A < 65", 9, "< follows a comparison: write two comparisons joined by and"),
        (
            "A = 'x",
            5,
            "the text does not end: a quote is missing, or one within the text is not doubled",
        ),
        ("`visit", 1, "the name does not end: a ` is missing"),
        ("(A + 1", 7, "the expression is not complete"),
        ("A +", 4, "the expression is not complete"),
        ("A)", 2, ") cannot follow here"),
        ("+ A", 1, "a value is missing before +"),
        ("A B", 3, "B cannot follow here"),
        ("sqr(A)", 1, "there is no function sqr (did you mean sqrt?)"),
        (
            "mean(A, B)",
            1,
            "there is no function mean; there are abs, round, floor, ceil, sqrt, exp, log, min, max",
        ),
        ("abs(A, B)", 1, "abs takes 1 value(s), and here are 2"),
        ("max(A)", 1, "max takes 2 to 99 value(s), and here are 1"),
        ("A in (B)", 7, "the list after in holds numbers or text in quotes, nothing else"),
        ("A in (1 + 1)", 9, "the list after in holds numbers or text in quotes, nothing else"),
        ("1e999", 1, "1e999 is beyond the numbers"),
        ("{A}", 1, "{ is not of the language: columns are named without braces"),
        ("A\x00", 2, "'\\x00' is not of the language"),
        ("(" * 300 + "A" + ")" * 300, 0, ""),  # parentheses alone do not make it deep
        ("-" * 200 + "A", 121, "more than 120 parts stand one within another"),
        ("A" * 4001, 4001, "an expression has at most 4,000 characters"),
    ],
)
def test_what_is_not_an_expression(text: str, at: int, reason: str) -> None:
    if not reason:
        assert parse(text) == Column(301, "A")
        return
    with pytest.raises(ExpressionError) as raised:
        parse(text)
    assert (raised.value.at, raised.value.reason) == (at, reason)


MANY = 10_000 if EVERYTHING else 300
PIECES = [
    "A",
    "B",
    "'x'",
    "1",
    "0.5",
    "+",
    "-",
    "*",
    "/",
    "**",
    "(",
    ")",
    ",",
    "=",
    "!=",
    "<",
    "and",
]
PIECES += [
    "or",
    "not",
    "in",
    "is",
    "missing",
    "present",
    "round",
    "max",
    "'",
    "`",
    '"',
    "==",
    "é",
    " ",
]


@settings(max_examples=MANY)
@given(st.lists(st.sampled_from(PIECES), max_size=14).map(" ".join) | st.text(max_size=30))
def test_any_text_parses_or_says_where_it_does_not(text: str) -> None:
    try:
        kind_of(parse(text), {"A": "number", "B": "text"})
    except ExpressionError as error:
        assert 1 <= error.at <= len(text) + 1
        assert error.reason
