"""Numbers from text, and plain arithmetic of columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Annotated

import pandas as pd

from ..text import number_text
from .decimals import of_distinct, read_number
from .kinds import Number, Text

__all__ = ["age_group", "distance", "indicator", "number", "quotient"]


def number(value: pd.Series) -> Number:
    """The number that the text is; text that is not a number is missing, `<n` too.

    Args:
        value: text, or numbers, which stay as they are.

    Returns:
        The double nearest to the decimal text. Missing stays missing.

    >>> number(pd.Series(["12.5", "+90", "<5", None])).tolist()
    [12.5, 90.0, nan, nan]
    """
    if pd.api.types.is_numeric_dtype(value):
        return value.astype("float64")
    return of_distinct(value, read_number, "float64")


def quotient(dividend: Number, divisor: Number) -> Number:
    """One number divided by another; missing where the divisor is 0 or missing.

    Args:
        dividend: numbers.
        divisor: numbers.

    Returns:
        Numbers. Missing where one of the two is, and where the divisor is 0.

    >>> quotient(pd.Series([70.0, 70.0]), pd.Series([35.0, 0.0])).tolist()
    [2.0, nan]
    """
    return dividend / divisor.where(divisor != 0)


def distance(value: Number, target: Number) -> Number:
    """Absolute difference of value and target.

    Args:
        value: numbers.
        target: numbers, in the unit of the value.

    Returns:
        Numbers, not negative. Missing where one of the two is.

    Source: ADaMIG 1.3, 3.3 (AWTDIFF).

    >>> distance(pd.Series([20.0]), pd.Series([22.0])).tolist()
    [2.0]
    """
    return (value - target).abs()


def indicator(flag: Text) -> Number:
    """1 where the flag is Y, else 0.

    Args:
        flag: Y, or anything else.

    Returns:
        1 or 0, never missing.

    >>> indicator(pd.Series(["Y", "N", None])).tolist()
    [1.0, 0.0, 0.0]
    """
    return (flag == "Y").fillna(False).astype("float64")


def _bounds(given: Sequence[float]) -> None:
    if len(given) != 2 or given[0] > given[1]:
        raise ValueError("should be the lower bound and the upper bound, [18, 64]")


def _apart(groups: Mapping[str, Sequence[float]]) -> None:
    """No two groups share a value: which one it belongs to would be a matter of their order."""
    ordered = sorted(groups.items(), key=lambda group: tuple(group[1]))
    for (name, (_, high)), (other, (low, _)) in pairwise(ordered):
        if low <= high:
            raise ValueError(f"{name} and {other} share the value {number_text(low)}", other)


def age_group(
    value: Number, groups: Annotated[Mapping[str, Annotated[Sequence[float], _bounds]], _apart]
) -> Text:
    """Name of the group whose bounds, both included, hold the value; missing where none does.

    Args:
        value: numbers.
        groups: lower and upper bound by name; no two groups share a value.

    Returns:
        Text. Missing where the value is, or is in none of the groups.

    Source: ADaMIG 1.3, 3.2 (AGEGRy).

    >>> age_group(pd.Series([64.0, 65.0, None]), {"18-64": [18, 64], ">=65": [65, 150]}).tolist()
    ['18-64', '>=65', nan]
    """
    named = pd.Series(index=value.index, dtype="str")
    for name, (low, high) in groups.items():
        named = named.mask(value.between(low, high), name)
    return named
