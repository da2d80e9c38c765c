"""Half away from zero on the decimal that a number shows, as exact decimals have it."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal

import numpy as np
import pytest

from ivig_cdisc.expressions import round_half_away

WIDE = Context(prec=700)


def exactly(number: float, digits: int) -> float:
    place = Decimal(1).scaleb(-digits)
    return float(Decimal(repr(number)).quantize(place, ROUND_HALF_UP, WIDE)) + 0.0


@pytest.mark.parametrize(
    ("number", "digits", "expected"),
    [
        (2.675, 2, 2.68),  # its double is a little less
        (1.005, 2, 1.01),
        (0.5, 0, 1.0),
        (-0.5, 0, -1.0),
        (2.5, 0, 3.0),
        (0.49999999999999994, 0, 0.0),
        (4503599627370496.5, 0, 4503599627370496.0),  # the double is a whole number already
        (4503599627370495.5, 0, 4503599627370496.0),
        (123456789012.34565, 4, 123456789012.3457),
        (-0.04, 1, 0.0),
        (150.0, -2, 200.0),
        (49.0, -2, 0.0),
        (1e300, 2, 1e300),
        (5e-324, 3, 0.0),
        (1.7976931348623157e308, 22, 1.7976931348623157e308),
    ],
)
def test_literal(number: float, digits: int, expected: float) -> None:
    assert str(round_half_away(np.array([number]), digits)[0]) == str(expected)


def test_missing_and_infinite_stay() -> None:
    assert np.isnan(round_half_away(np.array([np.nan]), 2)[0])
    assert round_half_away(np.array([np.inf, -np.inf]), 2).tolist() == [np.inf, -np.inf]


@pytest.mark.parametrize("digits", range(-6, 13))
def test_as_exact_decimals(digits: int) -> None:
    """Decimals that end in 5 at the place behind the last, their neighbours, and any doubles."""
    generator = np.random.default_rng(20181)
    whole = generator.integers(-(10**7), 10**7, 1_000)
    halves = np.array([float(Decimal(int(n)).scaleb(-digits - 1)) for n in 10 * whole + 5])
    near = np.concatenate([np.nextafter(halves, np.inf), np.nextafter(halves, -np.inf)])
    anything = generator.normal(size=1_000) * 10.0 ** generator.integers(-12, 16, 1_000)
    numbers = np.concatenate([halves, near, anything])
    expected = [exactly(number, digits) for number in numbers.tolist()]
    assert round_half_away(numbers, digits).tolist() == expected
