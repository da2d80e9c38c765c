"""The Findings class: results as collected, and against their reference range."""

from __future__ import annotations

from typing import Annotated

import numpy as np
import pandas as pd

from .decimals import of_distinct, read_result
from .kinds import Number, Text
from .roles import CONDITION

__all__ = [
    "limit_imputation",
    "limit_sign",
    "not_done",
    "range_indicator",
    "reason_not_done",
    "result_limit",
]

STRICT = ("<", ">")  # the number itself is not meant
IMPUTATIONS = {"<": "LLOQ", "<=": "LLOQ", ">": "ULOQ", ">=": "ULOQ"}  # what taking n for `<n` is
TICKED, NOT_TICKED = ("Y", "1"), ("N", "0")
When = Annotated[pd.Series, CONDITION]


def not_done(
    reason: pd.Series | None = None, box: Text | None = None, value: When | None = None
) -> Text:
    """NOT DONE where there is no result: a reason was collected, a box says so, or it is empty.

    Args:
        reason: why there is no result, of any kind.
        box: Y or 1 where the box "not done" is ticked, N or 0 where it is not; a question that asks
            whether it was done is recoded before.
        value: the result; where it is wired, an empty one is enough, unless the box says N or 0.

    Returns:
        NOT DONE. Missing where there is a value, and where nothing says that there is none.

    Raises:
        ValueError: none of the three is wired.

    Source: SDTMIG 3.4, 4.5.1.2 (--STAT and --REASND).

    >>> not_done(pd.Series(["NOT ASKED", None]), pd.Series(["N", "Y"])).tolist()
    ['NOT DONE', 'NOT DONE']
    >>> not_done(box=pd.Series(["Y", "N", None]), value=pd.Series(["5", None, None])).tolist()
    [nan, nan, 'NOT DONE']
    """
    wired = [column for column in (reason, box, value) if column is not None]
    if not wired:
        raise ValueError("not_done needs a reason, a box or the value")
    index = wired[0].index
    says_so = pd.Series(data=False, index=index)
    denies = says_so
    if reason is not None:
        says_so = reason.notna()
    if box is not None:
        says_so = says_so | box.isin(TICKED)
        denies = box.isin(NOT_TICKED)
    if value is not None:
        says_so = value.isna() & (says_so | ~denies)
    return pd.Series("NOT DONE", index=index).where(says_so).astype("str")


def reason_not_done(reason: Text, value: When | None = None) -> Text:
    """The reason why there is no result, where it says more than that it was not done.

    Args:
        reason: why there is no result.
        value: the result; where there is one, there is no reason.

    Returns:
        The reason as collected. Missing where it is the words NOT DONE and nothing else, in
        capitals or not, and where there is a value.

    Source: SDTMIG 3.4, 4.5.1.2 (--STAT and --REASND).

    >>> reason_not_done(pd.Series(["NOT ASKED", "Not done", None])).tolist()
    ['NOT ASKED', nan, nan]
    """
    text = reason.astype("str")
    says_more = text.str.strip().str.upper() != "NOT DONE"
    if value is not None:
        says_more &= value.isna()
    return text.where(says_more)


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


def limit_imputation(result: Text) -> Text:
    """LLOQ where the result says only below what number it is, ULOQ where above.

    It says how an analysis value came to be where `result_limit` took the bound for it (DTYPE).

    Args:
        result: text.

    Returns:
        LLOQ or ULOQ. Missing for a number, and for text that is no bound of a number.

    Source: ADaM terminology, Derivation Type (C81224).

    >>> limit_imputation(pd.Series(["<5", ">=400", "12.5", "<LLOQ", None])).tolist()
    ['LLOQ', 'ULOQ', nan, nan, nan]
    """
    return _sign(result).map(IMPUTATIONS).astype("str")


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
