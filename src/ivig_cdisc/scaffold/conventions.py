"""What is the same in all files: decimal signs, codes for missing values, tokens for unknown parts of dates."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import pandas as pd

from ..raw.dates import Part, Unknown
from .column_names import knowledge
from .date_formats import like_dates

NUMBER = r"-?(?:[0-9]+(?:[.,][0-9]+)?|[.,][0-9]+)(?:[eE][+-]?[0-9]+)?"
_COMMA = r"[<>]? ?-?[0-9]*,[0-9]+(?:[eE][+-]?[0-9]+)?"
_RESULT = rf"[<>]? ?{NUMBER}"
_CODE = r"-(?:9{1,4}|8{2,4}|7{2,4}|9[0-9])"  # -9, -99, -999, -88, -95
_ENOUGH = 0.8
_UNKNOWN_DATE = (
    r"([0-9]{2}|[A-Za-z]{2,3}|[?-]{2,3})([-/. ]?)([0-9]{2}|[A-Za-z]{2,3}|[?-]{2,3})\2([0-9]{4})"
)


@dataclass(frozen=True)
class Marks:
    """What intake is to say; missing: code: meaning; columns: how many of them have such codes."""

    decimal: tuple[str, ...] = (".",)
    thousands: bool = False  # every comma has three digits behind it, so it may be no decimal sign
    missing: Mapping[str, str] = field(default_factory=dict)
    columns: int = 0
    unknown: Unknown = field(default_factory=dict)


def find(columns: Iterable[pd.Series]) -> Marks:
    """The marks of an export. columns: for each column, records by distinct value."""
    counted = [counts for counts in columns if len(counts)]
    missing, with_missing = _missing(counted)
    decimal, thousands = _decimal(
        [counts.drop(list(missing), errors="ignore") for counts in counted]
    )
    return Marks(decimal, thousands, missing, with_missing, _unknown(counted))


def share(counts: pd.Series, pattern: str) -> float:
    """Share of the records whose whole value has the pattern."""
    return float(counts[counts.index.str.fullmatch(pattern)].sum() / max(counts.sum(), 1))


# ---------------------------------------------------------------- decimal sign
def _decimal(columns: list[pd.Series]) -> tuple[tuple[str, ...], bool]:
    numeric = [
        counts.index for counts in columns if len(counts) and share(counts, _RESULT) >= _ENOUGH
    ]
    point = any(index.str.fullmatch(r".*[0-9]*\.[0-9]+.*").any() for index in numeric)
    commas = [index[index.str.fullmatch(_COMMA)] for index in numeric]
    comma = any(len(index) for index in commas)
    thousands = comma and all(
        index.str.fullmatch(r".*[0-9]{1,3},[0-9]{3}").all() for index in commas
    )
    if not comma:
        return (".",), False
    return ((".", ",") if point else (",",)), thousands


# ---------------------------------------------------------------- missing
def _missing(columns: list[pd.Series]) -> tuple[dict[str, str], int]:
    """Codes that stand among numbers that are not negative, dates or other codes; and words among numbers or dates."""
    found: dict[str, str] = {}
    having = 0
    for counts in columns:
        here = {**_negative(counts), **_words(counts)}
        found |= here
        having += bool(here)
    return dict(sorted(found.items())), having


def _negative(counts: pd.Series) -> dict[str, str]:
    index = counts.index
    odd = index.str.fullmatch(_CODE)
    others = index[~odd]
    if (
        not odd.any()
        or (not len(others) and len(index) > 1)
        or others.str.fullmatch(rf"-{NUMBER}").any()
    ):
        return {}
    return {str(code): "MISSING" for code in index[odd]}


def _words(counts: pd.Series) -> dict[str, str]:
    known = knowledge()["missing"]
    odd = counts.index.str.upper().isin(list(known))
    others = counts[~odd]
    measured = len(others) and (share(others, _RESULT) >= _ENOUGH or like_dates(others))
    return {str(word): known[str(word).upper()] for word in counts.index[odd]} if measured else {}


# ---------------------------------------------------------------- parts of dates
def _unknown(columns: list[pd.Series]) -> dict[Part, str]:
    """The token that is used most often for an unknown day and month; only tokens that are known to be such."""
    days: Counter[str] = Counter()
    months: Counter[str] = Counter()
    for counts in columns:
        if like_dates(counts):
            parts = counts.index.to_series().str.extract(_UNKNOWN_DATE)
            for name, counter, column in (("day", days, 0), ("month", months, 2)):
                known = parts[column].str.upper().isin(knowledge()["unknown"][name])
                for token, records in (
                    counts[known.to_numpy()]
                    .groupby(parts.loc[known, column].str.upper())
                    .sum()
                    .items()
                ):
                    counter[str(token)] += int(records)
    found: dict[Part, str] = {}
    if days:
        found["day"] = max(days, key=lambda token: (days[token], token))
    if months:
        found["month"] = max(months, key=lambda token: (months[token], token))
    return found
