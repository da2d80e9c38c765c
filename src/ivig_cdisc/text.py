"""Numbers as text: one way for XPT, SUPP--, findings, trace, diff and every page."""

from __future__ import annotations

from decimal import Decimal
from math import isfinite

import pandas as pd


def number_text(number: float) -> str:
    """A number in digits: no exponent, no digit more or fewer than the double has, and 2 for 2.0.

    The digits are the shortest that read back as the same double. Minus zero is 0; what is not finite is inf, -inf or
    nan.

    >>> [number_text(number) for number in (2.0, 0.1 + 0.2, 1e-05, 1e16, -0.0)]
    ['2', '0.30000000000000004', '0.00001', '10000000000000000', '0']
    """
    shortest = repr(float(number))
    return decimal_text(Decimal(shortest)) if isfinite(number) else shortest


def decimal_text(exact: Decimal) -> str:
    """A finite decimal number in all its digits: no exponent, and 2 for 2.00.

    >>> [decimal_text(Decimal(number)) for number in ("1E-7", "49.80", "-0.0", "1E+3")]
    ['0.0000001', '49.8', '0', '1000']
    """
    digits = f"{exact:f}"
    plain = digits.rstrip("0").rstrip(".") if "." in digits else digits
    return "0" if plain == "-0" else plain


def numbers_as_text(numbers: pd.Series) -> pd.Series:
    """Each number as `number_text` gives it; missing stays missing. Index as given, dtype str.

    >>> numbers_as_text(pd.Series([2.0, None, 1e-05])).tolist()
    ['2', nan, '0.00001']
    """
    codes, distinct = pd.factorize(numbers.astype("float64"))
    written = pd.array([number_text(number) for number in distinct], dtype="str")
    return pd.Series(written.take(codes, allow_fill=True), index=numbers.index, name=numbers.name)
