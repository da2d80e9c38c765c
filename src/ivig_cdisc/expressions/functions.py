"""The functions of expressions: how many values each takes, and what it gives."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

PASSING_OVER = "Missing values are passed over; missing where all are."
NO_NUMBER = "Missing where the value is; where it gives no number, that is a finding too."


class Function(NamedTuple):
    """One function.

    least, most  how many values it takes.
    does         what it gives.
    missing      where that is missing.
    """

    least: int
    most: int
    does: str
    missing: str = "Missing where the value is."


FUNCTIONS: Mapping[str, Function] = MappingProxyType(
    {
        "abs": Function(1, 1, "The number without its sign."),
        "round": Function(
            1, 2, "The number rounded to so many decimals, half away from zero; whole without them."
        ),
        "floor": Function(1, 1, "The greatest whole number that is not above the number."),
        "ceil": Function(1, 1, "The least whole number that is not below the number."),
        "sqrt": Function(1, 1, "The square root; of a negative number there is none.", NO_NUMBER),
        "exp": Function(1, 1, "e to the power of the number.", NO_NUMBER),
        "log": Function(1, 1, "The natural logarithm; of 0 and below there is none.", NO_NUMBER),
        "min": Function(2, 99, "The least of several numbers, or of several dates.", PASSING_OVER),
        "max": Function(2, 99, "The greatest of several numbers or dates.", PASSING_OVER),
    }
)
