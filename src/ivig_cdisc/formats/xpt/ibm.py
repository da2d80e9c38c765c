"""IBM/360 doubles, the only numbers SAS XPORT version 5 holds (SAS technical note TS-140).

A number is (-1)^s * 16^(c-64) * f/2^56: one sign bit s, seven bits of characteristic c, 56 bits of
fraction f, stored high byte first. It is normalised when the first four bits of f are not all zero,
so that f holds 53 to 56 bits of precision. Every IEEE double in range therefore fits exactly, and
nothing is ever rounded.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

SMALLEST = 2.0**-260  # 16^-65, about 5.4e-79: characteristic 0, first hexadecimal digit 1
LARGEST = np.nextafter(2.0**252, 0.0)  # about 7.2e75: the last double below 16^63
MISSING = np.uint64(0x2E << 56)  # "." and seven zero bytes: the ordinary missing value

# first byte of the special missing values, before seven zero bytes
SPECIAL = "_ABCDEFGHIJKLMNOPQRSTUVWXYZ"

_SIGN = np.uint64(1 << 63)
_FRACTION = np.uint64((1 << 52) - 1)
_LEADING_ONE = np.uint64(1 << 52)
_IEEE_BITS = np.uint64(0x7FF)
_SHIFT = np.uint64(763)  # 1023 - 260, so that (exponent - 763) // 4 is the characteristic

_FIRST_BYTES = np.arange(256)
_SCALE = np.where(_FIRST_BYTES & 0x80, -1.0, 1.0) * 16.0 ** ((_FIRST_BYTES & 0x7F) - 64 - 14)
_IS_SPECIAL = np.isin(_FIRST_BYTES, list(SPECIAL.encode()))
_IS_MISSING = np.isin(_FIRST_BYTES, list(f".{SPECIAL}".encode()))


def fits(values: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Whether each number is missing, zero, or in the range of IBM doubles."""
    size = np.abs(values)
    in_range = (size >= SMALLEST) & (size <= LARGEST)
    found: NDArray[np.bool_] = in_range | (size == 0) | np.isnan(values)
    return found


def encode(values: NDArray[np.float64]) -> NDArray[np.uint64]:
    """The IBM double of each number as a 64-bit word.

    Missing becomes MISSING, zero of either sign zero.

    The numbers have to fit: what is outside the range gives a wrong word, not an error.
    """
    bits = np.ascontiguousarray(values, dtype=np.float64).view(np.uint64)
    exponent = ((bits >> np.uint64(52)) & _IEEE_BITS) - _SHIFT
    words = ((bits & _FRACTION) | _LEADING_ONE) << (exponent & np.uint64(3))
    words |= ((exponent >> np.uint64(2)) & np.uint64(0x7F)) << np.uint64(56)
    words |= bits & _SIGN
    words[values == 0] = 0
    words[np.isnan(values)] = MISSING
    return words


def decode(words: NDArray[np.uint64]) -> tuple[NDArray[np.float64], pd.Series]:
    """Numbers of IBM doubles as 64-bit words.

    And the special missing values, ".A" to ".Z" and "._", by position.

    A missing value of any kind is NaN. A fraction of more than 53 bits, which no double has, is
    rounded to the nearest.
    """
    first = (words >> np.uint64(56)).astype(np.intp)
    fraction = words & np.uint64((1 << 56) - 1)
    values = fraction.astype(np.float64) * _SCALE[first]
    nothing = fraction == 0
    values[nothing & _IS_MISSING[first]] = np.nan
    values += 0.0  # SAS has one zero
    at = np.flatnonzero(nothing & _IS_SPECIAL[first])
    return values, pd.Series([f".{chr(letter)}" for letter in first[at]], index=at, dtype="str")
