"""What is the same in all files: decimal signs, codes for missing values, parts of dates."""

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
class ExportConventions:
    """What intake is to say.

    decimal    signs
    thousands  every comma has three digits behind it, so it may be no decimal sign
    missing    code: meaning
    columns    how many have such codes
    unknown    what stands for parts of dates
    """

    decimal: tuple[str, ...] = (".",)
    thousands: bool = False
    missing: Mapping[str, str] = field(default_factory=dict)
    columns: int = 0
    unknown: Unknown = field(default_factory=dict)


def find(columns: Iterable[pd.Series]) -> ExportConventions:
    """The conventions of an export.

    Args:
        columns: for each column, records by distinct value.
    """
    counted = [counts for counts in columns if len(counts)]
    missing, with_missing = _missing(counted)
    real = [counts.drop(list(missing), errors="ignore") for counts in counted]
    decimal, thousands = _decimal(real)
    return ExportConventions(decimal, thousands, missing, with_missing, _unknown(counted))


def share(counts: pd.Series, pattern: str) -> float:
    """Share of the records whose whole value has the pattern."""
    return float(counts[counts.index.str.fullmatch(pattern)].sum() / max(counts.sum(), 1))


# ---------------------------------------------------------------- decimal sign
def _decimal(columns: list[pd.Series]) -> tuple[tuple[str, ...], bool]:
    """The decimal signs, and whether each comma may separate thousands."""
    point, comma, thousands = False, False, True
    for counts in columns:
        if not len(counts) or share(counts, _RESULT) < _ENOUGH:
            continue
        values = counts.index
        point |= bool(values.str.fullmatch(r".*[0-9]*\.[0-9]+.*").any())
        commas = values[values.str.fullmatch(_COMMA)]
        comma |= bool(len(commas))
        thousands &= bool(commas.str.fullmatch(r".*[0-9]{1,3},[0-9]{3}").all())
    if not comma:
        return (".",), False
    if point:
        return (".", ","), thousands
    return (",",), thousands


# ---------------------------------------------------------------- missing
def _missing(columns: list[pd.Series]) -> tuple[dict[str, str], int]:
    """Codes for missing values, and how many columns have some.

    Codes stand among numbers that are not negative, dates or other codes; words among numbers or
    dates.
    """
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
    nothing_else = not len(others) and len(index) > 1
    if not odd.any() or nothing_else or others.str.fullmatch(rf"-{NUMBER}").any():
        return {}
    return dict.fromkeys(map(str, index[odd]), "MISSING")


def _words(counts: pd.Series) -> dict[str, str]:
    known = knowledge()["missing"]
    odd = counts.index.str.upper().isin(list(known))
    others = counts[~odd]
    if not len(others):
        return {}
    if share(others, _RESULT) < _ENOUGH and not like_dates(others):
        return {}
    return {str(word): known[str(word).upper()] for word in counts.index[odd]}


# ---------------------------------------------------------------- parts of dates
def _unknown(columns: list[pd.Series]) -> dict[Part, str]:
    """The token that is used most for an unknown day and month, of those known to be such."""
    groups: dict[Part, int] = {"day": 0, "month": 2}  # of _UNKNOWN_DATE
    found: dict[Part, str] = {}
    for part, group in groups.items():
        tokens: Counter[str] = Counter()
        for counts in columns:
            if like_dates(counts):
                tokens.update(_tokens(counts, part, group))
        if tokens:
            found[part] = max(tokens, key=lambda token: (tokens[token], token))
    return found


def _tokens(counts: pd.Series, part: Part, group: int) -> dict[str, int]:
    """The tokens that stand for one part of dates, and in how many records."""
    dates = counts.index.to_series().str.extract(_UNKNOWN_DATE)
    typed = dates[group].str.upper()
    known = typed.isin(knowledge()["unknown"][part])
    records = counts[known.to_numpy()].groupby(typed[known]).sum()
    return dict(zip(map(str, records.index), records.tolist(), strict=True))
