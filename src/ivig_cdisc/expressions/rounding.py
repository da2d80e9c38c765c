"""Rounding half away from zero, on the decimal that a number shows."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

_NO_FRACTION = 2.0**51  # from here on a scaled number has no digit left that decides
_ENOUGH = Context(prec=700, rounding=ROUND_HALF_UP)  # digits of the longest double


def round_half_away(numbers: Floats, digits: int = 0) -> Floats:
    """Numbers rounded to so many decimals; halves go away from zero.

    What is rounded is the shortest decimal that reads back as the number, so that 2.675 is 2.68 to
    two decimals, though the double is a little less. Minus zero is 0; NaN stays.

    Args:
        numbers: doubles.
        digits: decimals, from -22 to 22; negative ones round to tens, hundreds and so on.

    Returns:
        The doubles nearest to the rounded decimals, in the same places.

    >>> round_half_away(np.array([2.675, -0.5, 1.005, 0.49999999999999994]), 2).tolist()
    [2.68, -0.5, 1.01, 0.5]
    >>> round_half_away(np.array([0.5, -0.5, 2.5, 149.5]), -1).tolist()
    [0.0, 0.0, 0.0, 150.0]
    """
    size = np.abs(numbers)
    scale = 10.0 ** abs(digits)
    with np.errstate(over="ignore", invalid="ignore"):
        scaled = size * scale if digits >= 0 else size / scale
        whole = np.floor(scaled)
        above = scaled - whole
        rounded = whole + (above > 0.5)
        result = rounded / scale if digits >= 0 else rounded * scale
    result = np.copysign(result, numbers) + 0.0

    undecided = np.isfinite(numbers) & ~(
        (np.abs(above - 0.5) > 4 * np.spacing(scaled)) & (scaled < _NO_FRACTION)
    )
    if undecided.any():
        distinct, places = np.unique(numbers[undecided], return_inverse=True)
        exact = [_exactly(number, digits) for number in distinct.tolist()]
        result[undecided] = np.array(exact, dtype="float64")[places]
    return result


def _exactly(number: float, digits: int) -> float:
    place = Decimal(1).scaleb(-digits)
    return float(Decimal(repr(number)).quantize(place, context=_ENOUGH)) + 0.0
