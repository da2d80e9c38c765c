"""The Findings class: results as collected, and against their reference range."""

from __future__ import annotations

import numpy as np
import pandas as pd

from .decimals import of_distinct, read_result
from .kinds import Number, Text

__all__ = ["limit_sign", "not_done", "range_indicator", "result_limit"]

STRICT = ("<", ">")  # the number itself is not meant


def not_done(reason: pd.Series) -> Text:
    """NOT DONE where a reason for a missing result was collected.

    Args:
        reason: of any kind.

    Returns:
        NOT DONE. Missing where there is no reason.

    Source: SDTMIG 3.4, 4.5.1 (--STAT and --REASND).

    >>> not_done(pd.Series(["NOT ASKED", None])).tolist()
    ['NOT DONE', nan]
    """
    return pd.Series("NOT DONE", index=reason.index).where(reason.notna()).astype("str")


def result_limit(result: Text) -> Number:
    """The number of a result, `<n`, `<=n`, `>n` and `>=n` taken as n.

    Args:
        result: text.

    Returns:
        Numbers. Missing where the text is none of these.

    >>> result_limit(pd.Series(["<5", "12.5", ">=7", "trace"])).tolist()
    [5.0, 12.5, 7.0, nan]
    """
    return of_distinct(result, _limit, "float64")


def _limit(typed: object) -> float:
    found = read_result(str(typed))
    return float(found.digits) if found else np.nan


def limit_sign(result: Text) -> Text:
    """The result as collected where it says only above or below what number it is.

    Args:
        result: text.

    Returns:
        The text. Missing for a number, and for text that is no bound of a number.

    >>> limit_sign(pd.Series(["<5", "12.5", "<LLOQ"])).tolist()
    ['<5', nan, nan]
    """
    return result.astype("str").where(_sign(result).fillna("") != "")


def _sign(result: pd.Series) -> pd.Series:
    """`<`, `<=`, `>` or `>=`; empty for a number, missing for any other text."""
    return of_distinct(result, _plain_sign, "str")


def _plain_sign(typed: object) -> str | None:
    found = read_result(str(typed))
    return found.sign.replace("≤", "<=").replace("≥", ">=") if found else None


def range_indicator(result: Text, low: Number, high: Number) -> Text:
    """LOW, NORMAL or HIGH against the reference range, both limits normal.

    `<n` is LOW where all that it can be is below the range, and NORMAL where the range has nothing
    below it (no lower limit, or 0) and n is within. `>n` likewise: HIGH, or NORMAL where the range
    has no upper limit.

    Args:
        result: text, `<n` and the like included.
        low: lower limits, in the unit of the result.
        high: upper limits, in the unit of the result.

    Returns:
        LOW, NORMAL or HIGH. Missing where `<n` or `>n` leaves it open, where the result is not a
        number, and where both limits are missing; one may be.

    Source: SDTMIG 3.4, 6.3 (LBNRIND).

    >>> limits = pd.Series([10.0] * 5), pd.Series([50.0] * 5)
    >>> range_indicator(pd.Series(["50", "51", "<10", "<=10", "<30"]), *limits).tolist()
    ['NORMAL', 'HIGH', 'LOW', nan, nan]
    >>> range_indicator(pd.Series(["<30", "<51"]), pd.Series([0, 0]), pd.Series([50, 50])).tolist()
    ['NORMAL', nan]
    """
    value, sign = result_limit(result), _sign(result)
    below, above = sign.str.startswith("<"), sign.str.startswith(">")
    strict, exact = sign.isin(STRICT), sign == ""
    is_low = (value < low) | (strict & below & (value == low))
    is_high = (value > high) | (strict & above & (value == high))
    within = (low.isna() | (value >= low)) & (high.isna() | (value <= high))
    inside = exact | (below & (low.isna() | (low == 0))) | (above & high.isna())
    ranged = value.notna() & (low.notna() | high.notna())
    named = pd.Series(index=result.index, dtype="str").mask(ranged & within & inside, "NORMAL")
    return named.mask(is_low & ~above, "LOW").mask(is_high & ~below, "HIGH")
