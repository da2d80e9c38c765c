"""IBM doubles: against the definition in exact fractions, and against bytes written down by hand."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ivig_cdisc.formats.xpt import ibm


def reference(value: float) -> bytes:
    """The definition, one number at a time: the only characteristic that puts the fraction into [1/16, 1)."""
    if math.isnan(value):
        return b"." + bytes(7)
    if value == 0:
        return bytes(8)
    size = abs(Fraction(value))
    characteristic = next(
        c for c in range(128) if Fraction(1, 16) <= size / Fraction(16) ** (c - 64) < 1
    )
    fraction = size / Fraction(16) ** (characteristic - 64) * 2**56
    assert fraction.denominator == 1  # a double never needs rounding
    return bytes([characteristic | (0x80 if value < 0 else 0)]) + int(fraction).to_bytes(7, "big")


def written(*values: float) -> bytes:
    return ibm.encode(np.array(values, float)).astype(">u8").tobytes()


SIZES = st.floats(ibm.SMALLEST, float(ibm.LARGEST))


@given(
    st.one_of(
        SIZES,
        SIZES.map(lambda size: -size),
        st.integers(-(2**53), 2**53).map(float),
        st.just(math.nan),
    )
)
@example(ibm.SMALLEST)
@example(float(ibm.LARGEST))
@example(-float(ibm.LARGEST))
@example(-0.0)
@example(0.1)
def test_every_double_in_range_is_exact(value: float) -> None:
    assert written(value) == reference(value)


@pytest.mark.parametrize(
    ("value", "octets"),
    [
        (1.0, "4110000000000000"),
        (-1.0, "c110000000000000"),
        (0.0, "0000000000000000"),
        (-0.0, "0000000000000000"),  # SAS has one zero
        (math.nan, "2e00000000000000"),
        (-118.625, "c276a00000000000"),
        (0.1, "401999999999999a"),
        (1 / 3, "4055555555555554"),  # 53 bits of the double, then two zero bits
        (2.0**-260, "0010000000000000"),
        (2.0**252 - 2.0**199, "7ffffffffffffff8"),
    ],
)
def test_known_numbers(value: float, octets: str) -> None:
    assert written(value).hex() == octets


@pytest.mark.parametrize(
    "value", [math.inf, -math.inf, 2.0**252, 1e76, 5e-324, math.nextafter(2.0**-260, 0)]
)
def test_outside_the_range(value: float) -> None:
    assert ibm.fits(np.array([value, 1.0])).tolist() == [False, True]


def test_edges_of_the_range_zero_and_missing_fit() -> None:
    assert ibm.fits(np.array([ibm.SMALLEST, -float(ibm.LARGEST), 0.0, -0.0, math.nan])).all()


def test_words_of_many_numbers_are_those_of_each() -> None:
    values = [0.0, math.nan, 1.0, -2.5, 6.02214076e23, math.nan, 1e-70]
    assert written(*values) == b"".join(map(reference, values))
