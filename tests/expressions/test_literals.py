"""Which texts a condition asks of which column, and whether it leaves out the records that have them."""

from __future__ import annotations

import pytest

from ivig_cdisc.expressions import Literal, literals, parse


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A = 'x'", [Literal("A", "x", 5, excluded=False)]),
        ("'x' = A", [Literal("A", "x", 1, excluded=False)]),
        ("A != 'x'", [Literal("A", "x", 6, excluded=True)]),
        ("not (A != 'x')", [Literal("A", "x", 11, excluded=False)]),  # twice not
        (
            "A not in ('x', 'y')",
            [Literal("A", "x", 11, excluded=True), Literal("A", "y", 16, excluded=True)],
        ),
        ("N in (1, 2) or A is missing", []),  # numbers and presence ask for no text
        (
            "not (A = 'x' and B = 'y')",
            [Literal("A", "x", 10, excluded=True), Literal("B", "y", 22, excluded=True)],
        ),
        ("'a' = 'b'", []),
        ("D > '2018-05-03'", []),  # an order is not a value that must occur
    ],
)
def test_literals(text: str, expected: list[Literal]) -> None:
    assert list(literals(parse(text))) == expected
