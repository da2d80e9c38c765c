"""The Findings class: results as collected, in standard units, against their reference range (SDTMIG 4.5.1, 6.3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypedDict

import pandas as pd

from .kinds import Number, Text

__all__ = ["limit_sign", "not_done", "range_indicator", "result_limit", "standard_result", "standard_unit"]


class Conversion(TypedDict):
    """How results in a unit become results in the standard unit."""

    to: str
    factor: float


Conversions = Mapping[str, Conversion]  # by unit as collected
RESULT = r"([<>]?)(-?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)"


def not_done(reason: pd.Series) -> Text:
    """NOT DONE where a reason for a missing result was collected.

    >>> not_done(pd.Series(["NOT ASKED", None])).tolist()
    ['NOT DONE', nan]
    """
    return pd.Series("NOT DONE", index=reason.index).where(reason.notna()).astype("str")


def standard_unit(unit: Text, conversions: Conversions) -> Text:
    """The standard unit that results in this unit are converted to; a unit without conversion is its own standard.

    >>> standard_unit(pd.Series(["ukat/L", "g/L"]), {"ukat/L": {"to": "U/L", "factor": 60}}).tolist()
    ['U/L', 'g/L']
    """
    return unit.astype("str").replace({old: str(c["to"]) for old, c in conversions.items()})


def standard_result(result: Text, unit: Text, conversions: Conversions) -> Text:
    """The result in standard units, `<` and `>` kept; text that is no number stays as it is.

    Products are given to 12 significant digits, so that decimal results stay decimal.

    >>> units = {"ukat/L": {"to": "U/L", "factor": 60}}
    >>> result, unit = pd.Series(["0.83", "<0.5", "12", "trace"]), pd.Series(["ukat/L", "ukat/L", "U/L", "U/L"])
    >>> standard_result(result, unit, units).tolist()
    ['49.8', '<30', '12', 'trace']
    """
    text = result.astype("str")
    for old, conversion in conversions.items():
        here = unit == old
        text = text.mask(here, _scaled(text[here], float(conversion["factor"])).reindex(text.index))
    return text


def _scaled(text: pd.Series, factor: float) -> pd.Series:
    """Each distinct number in the texts times the factor."""
    distinct = pd.Series(text.dropna().unique(), dtype="str")
    parts = distinct.str.fullmatch(RESULT).fillna(False).astype(bool)
    split = distinct[parts].str.extract(RESULT)
    values = (split[1].astype("float64") * factor).map("{:.12g}".format).astype("str")
    scaled = dict(zip(distinct[parts], split[0] + values, strict=True))
    return text.map({old: scaled.get(old, old) for old in distinct}).astype("str")


def result_limit(result: Text) -> Number:
    """The number of a result, `<n` and `>n` taken as n.

    >>> result_limit(pd.Series(["<5", "12.5", "trace"])).tolist()
    [5.0, 12.5, nan]
    """
    return pd.to_numeric(result.astype("str").str.lstrip("<>").astype("object"), errors="coerce").astype("float64")


def limit_sign(result: Text) -> Text:
    """The result as collected where it is `<n` or `>n`, else missing.

    >>> limit_sign(pd.Series(["<5", "12.5"])).tolist()
    ['<5', nan]
    """
    text = result.astype("str")
    return text.where(text.str.startswith(("<", ">")).fillna(False).astype(bool))


def range_indicator(result: Text, low: Number, high: Number) -> Text:
    """LOW, NORMAL or HIGH against the reference range, both limits normal; missing where `<n` or `>n` leaves it open.

    result: text; low, high: numbers in its unit, either may be missing.

    >>> limits = pd.Series([10.0] * 4), pd.Series([50.0] * 4)
    >>> range_indicator(pd.Series(["50", "51", "<10", "<30"]), *limits).tolist()
    ['NORMAL', 'HIGH', 'LOW', nan]
    """
    value, text = result_limit(result), result.astype("str")
    below, above = text.str.startswith("<").fillna(False), text.str.startswith(">").fillna(False)
    is_low = (value < low) | (below & (value <= low))
    is_high = (value > high) | (above & (value >= high))
    sure = value.notna() & (low.notna() | high.notna()) & ~below.astype(bool) & ~above.astype(bool)
    named = pd.Series(index=result.index, dtype="str").mask(sure, "NORMAL")
    return named.mask(is_low & ~above.astype(bool), "LOW").mask(is_high & ~below.astype(bool), "HIGH")
