"""In which format the dates of a column are written, and whether another would fit as well."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from ..raw.dates import Unknown, date_reader

_FULL = (
    "DD{0}MM{0}YYYY",
    "MM{0}DD{0}YYYY",
    "YYYY{0}MM{0}DD",
    "DD{0}Mon{0}YYYY",
    "Mon{0}DD{0}YYYY",
    "YYYY{0}Mon{0}DD",
)
_PARTIAL = ("MM{0}YYYY", "Mon{0}YYYY", "YYYY{0}MM", "YYYY{0}Mon")
_SEPARATORS = "-/. "
_LIKE = (
    r"(?:[0-9A-Za-z?-]{1,4}([-/. ])[0-9A-Za-z?-]{1,4}\1[0-9A-Za-z?-]{2,4}"
    r"|[0-9]{8}|[0-9]{2}[A-Za-z]{3}[0-9]{4})"
)
_PART = r"(?:[0-9]{1,2}|[A-Za-z]{3})[-/. ][0-9]{4}|[0-9]{4}(?:[-/. ](?:[0-9]{1,2}|[A-Za-z]{3}))?"
_HALF = 0.5  # share of the values that are whole dates, where others are parts of one
_ENOUGH = 0.8  # share of the values that a date format must fit
_ANOTHER = 0.05  # share of the values for which a second full format is worth having


@dataclass(frozen=True)
class DateFormat:
    """Formats as the specs have them (`|` between).

    rival: the other that fits as well. fitting: how many values fit.
    """

    formats: str
    rival: str = ""
    fitting: int = 0


def like_dates(counts: pd.Series) -> bool:
    """Whether most values have the look of a date, in whatever format.

    Some of these may be months or years.
    """
    whole = pd.Series(counts.index.str.fullmatch(_LIKE), counts.index)
    part = pd.Series(counts.index.str.fullmatch(_PART), counts.index)
    return _share(counts, whole) >= _HALF and _share(counts, whole | part) >= _ENOUGH


def find(counts: pd.Series, unknown: Unknown, *, named_date: bool) -> DateFormat | None:
    """The formats of a column of dates.

    A format that reads the same values another way is the rival, and nothing in the column says
    which is right.

    Args:
        counts: records by distinct value.
        unknown: what stands for a part that is not known.
        named_date: whether the column is called so; 8 digits in a row are a date only then.

    Returns:
        The formats; None where the column holds no dates.
    """
    if not like_dates(counts):
        return None
    full: list[str] = []
    for mark in _marks(counts, named_date=named_date):
        full += _with(mark, _FULL)
    fits = {form: _fits(counts, form, unknown) for form in full}
    best = max(full, key=lambda form: counts[fits[form]].sum(), default="")
    if not best or not fits[best].any():
        return None
    chosen = "|".join([best, *_others(counts, fits, best, unknown)])
    fitting = int(counts[_fits(counts, chosen, unknown)].sum())
    if fitting < _ENOUGH * counts.sum():
        return None
    return DateFormat(chosen, _rival(fits, best), fitting)


def _rival(fits: dict[str, pd.Series], best: str) -> str:
    """The first other format that reads the same values as the best; empty if there is none."""
    for form, fitting in fits.items():
        if form != best and fitting.equals(fits[best]):
            return form
    return ""


def swapped(formats: str, best: str) -> str:
    """The formats with another one in the first place."""
    _, *others = formats.split("|")
    return "|".join([best, *others])


def _share(counts: pd.Series, chosen: pd.Series) -> float:
    return float(counts[chosen].sum() / max(counts.sum(), 1))


def _marks(counts: pd.Series, *, named_date: bool) -> list[str]:
    """What may stand between the parts of a date; an empty text where nothing does."""
    text = "".join(counts.index)
    marks = [mark for mark in _SEPARATORS if mark in text]
    if named_date or re.search("[A-Za-z]", text):
        marks.append("")
    return marks


def _with(mark: str, patterns: Iterable[str]) -> list[str]:
    return [pattern.format(mark) for pattern in patterns]


def _fits(counts: pd.Series, form: str, unknown: Unknown) -> pd.Series:
    """Which distinct values the format reads as a date that exists."""
    read = date_reader(form, unknown)
    fits = []
    for text in counts.index:
        date = read(text)
        fits.append(date is not None and bool(date.iso))
    return pd.Series(fits, counts.index, dtype="bool")


def _others(
    counts: pd.Series, fits: dict[str, pd.Series], best: str, unknown: Unknown
) -> list[str]:
    """Formats for values that the best one does not read.

    These are parts of it, and full ones that are used often.
    A full format that also reads values of the best one would make these ambiguous.
    """
    mark = re.sub("DD|MM|Mon|YYYY", "", best)[:1]
    rest, found = ~fits[best], []
    for form, fitting in fits.items():
        ambiguous = (fitting & fits[best]).any()
        if not ambiguous and _share(counts, rest & fitting) >= _ANOTHER:
            found.append(form)
            rest &= ~fitting
    partial = _with(mark, _PARTIAL) if mark else []
    for form in [*partial, "YYYY"]:
        here = rest & _fits(counts, form, unknown)
        if here.any():
            found.append(form)
            rest &= ~here
    return found
