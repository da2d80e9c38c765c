"""Numbers as they are typed, read exactly: `12.5`, `1.5e3`, and results such as `<5`."""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from ..text import BOUND, NUMBER

RESULT = re.compile(rf"\s*({BOUND}|)\s*({NUMBER})\s*")
LONGEST = 400  # characters of a number; the largest double has 309 digits
SMALLEST = Fraction(1, 10**400)  # in size, of what is not zero


class Result(NamedTuple):
    """A result that is understood: a number, or a bound of one."""

    sign: str  # as typed: <, <=, >, >= or their one-letter forms; empty for a number
    digits: str  # as typed
    exact: Fraction


def read_result(typed: str) -> Result | None:
    """What a typed result says.

    Args:
        typed: what stands in the field, such as `<= 0.5`.

    Returns:
        Sign, digits and exact value; None where it is neither a number nor a bound of one, or is
        too long, too large or too small for a double.

    >>> read_result("<= 0.5"), read_result("1+")
    (Result(sign='<=', digits='0.5', exact=Fraction(1, 2)), None)
    """
    if len(typed) > LONGEST:
        return None
    match = RESULT.fullmatch(typed)
    if match is None or not np.isfinite(float(match[2])):
        return None
    exact = Fraction(match[2])
    if exact != 0 and abs(exact) < SMALLEST:
        return None
    return Result(match[1], match[2], exact)


def read_number(typed: Any) -> float:
    """The double nearest to what is typed.

    Args:
        typed: text, or a number already.

    Returns:
        The number; NaN where the text is not one, `<5` included.

    >>> read_number("+90"), read_number("<5")
    (90.0, nan)
    """
    if not isinstance(typed, str):
        return float(typed)
    found = read_result(typed)
    return float(found.digits) if found and not found.sign else np.nan


def of_distinct(column: pd.Series, read: Callable[[Any], Any], kind: Any) -> pd.Series:
    """What `read` makes of each value, called once for each distinct one.

    Args:
        column: values of any kind.
        read: what makes one value of another.
        kind: dtype of what comes back.

    Returns:
        The values that were read, index as given; missing stays missing.

    >>> of_distinct(pd.Series(["1", None, "1"]), read_number, "float64").tolist()
    [1.0, nan, 1.0]
    """
    codes, distinct = pd.factorize(column.astype("object"))
    found = pd.array([read(value) for value in distinct], dtype=kind)
    return pd.Series(found.take(codes, allow_fill=True), index=column.index)
