"""Text in pieces."""

from __future__ import annotations

import pytest

from ivig_cdisc.derive import terms

from .samples import text
from .test_dates import values


@pytest.mark.parametrize(
    ("value", "separator", "number", "expected"),
    [
        ("701-1015", "-", 1, "701"),
        ("701-1015", "-", 2, "1015"),
        ("701-1015", "-", 3, None),
        ("701-1015-2", "-", 2, "1015"),
        ("701--2", "-", 2, None),  # nothing between is nothing
        ("-1015", "-", 1, None),
        ("701.1015", ".", 2, "1015"),  # text, not a pattern
        ("701", "-", 1, "701"),
        (None, "-", 1, None),
    ],
)
def test_piece(value: str | None, separator: str, number: int, expected: str | None) -> None:
    assert values(terms.piece(text(value), separator, number)) == [expected]
