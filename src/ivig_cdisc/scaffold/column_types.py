"""What a column holds: dates, times, numbers, results, codes or text, by its distinct values."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd

from ..text import number_text
from . import date_formats
from .column_names import is_one_of, parts, plain
from .conventions import NUMBER, Marks, share

FEW = 30  # distinct values that a list of codes may have
LONG = 40  # characters of a code
WORDS = 5  # words of a code
OFTEN = 3  # records for each code, on average
_SMALL = 10  # distinct whole numbers that may be codes
_TIME = "([01]?[0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?"
_MOMENT = r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}.*"
_ENOUGH = 0.8
_PADDED = "0[0-9]+"
_IDS = (
    "id",
    "no",
    "code",
    "lot",
    "batch",
    "kit",
    "version",
    "serial",
    "subject",
    "site",
)  # last word of a name
_MEASURED = (
    "age",
    "dose",
    "weight",
    "height",
    "score",
    "result",
    "value",
    "volume",
    "days",
    "years",
    "limit",
    "vas",
)


@dataclass(frozen=True)
class Kind:
    """The type of a column, how it was seen, and what is left to decide about it.

    counts: records by distinct value, without codes for missing values. lacking: share of records
        without a value.
    """

    type: str
    why: str
    counts: pd.Series
    lacking: float
    decide: str = ""
    format: date_formats.DateFormat | None = None

    @property
    def empty(self) -> bool:
        return not len(self.counts)

    @property
    def complete(self) -> bool:
        return not self.empty and self.lacking == 0


def counted(column: pd.Series) -> pd.Series:
    """Records by distinct value, in the order of the values."""
    return column.value_counts(dropna=True).sort_index()


def guess(name: str, counts: pd.Series, records: int, marks: Marks) -> Kind:
    """The kind of a column; text where nothing else fits most of its values.

    counts: records by distinct value. records: how many the form has.
    """
    real = counts.drop([code for code in marks.missing if code in counts.index])
    lacking = 1 - real.sum() / records if records else 0.0
    text = Kind("text", "text", real, float(lacking))
    if not len(real):
        return replace(text, why="no record" if not records else "always empty")
    date = date_formats.find(real, marks.unknown, named_date=plain(name).endswith(("date", "dtc")))
    if date:
        return replace(text, type="date", why=_dates_seen(date, real), format=date)
    if share(real, _TIME) >= _ENOUGH:
        return replace(text, type="time", why="HH:MM" + _left(real, _TIME))
    return _number(name, text) or (
        coded(text) if len(real) > 1 and _few(name, real) else _plain_text(text)
    )


def _dates_seen(date: date_formats.DateFormat, counts: pd.Series) -> str:
    odd = int(counts.sum()) - date.fitting
    return f"{date.formats}" + (f", {odd} of {counts.sum()} values are not" if odd else "")


def _left(counts: pd.Series, pattern: str) -> str:
    odd = counts[~counts.index.str.fullmatch(pattern)].sum()
    return f", {odd} of {counts.sum()} values are not" if odd else ""


# ---------------------------------------------------------------- numbers
def _number(name: str, text: Kind) -> Kind | None:
    counts = text.counts
    signed = rf"[<>] ?{NUMBER}"
    if share(counts, rf"(?:[<>] ?)?{NUMBER}") < _ENOUGH or _is_label(name, counts):
        return None
    if share(counts, signed):
        return replace(
            text, type="result", why="numbers, < and >" + _left(counts, rf"(?:[<>] ?)?{NUMBER}")
        )
    if _may_be_codes(name, counts):
        return coded(text)
    return as_number(text)


def as_number(text: Kind) -> Kind:
    """The column as numbers, with the range that is seen."""
    values = pd.to_numeric(
        text.counts.index.to_series().str.replace(",", "."), errors="coerce"
    ).dropna()
    low, high = (number_text(limit) for limit in (values.min(), values.max()))
    span = f"always {low}" if low == high else f"{low} to {high}"
    if not len(values):
        span = text.why if text.empty else "no number"
    padded = text.counts[text.counts.index.str.fullmatch(_PADDED)].sum()
    decide = (
        f"{padded} of {text.counts.sum()} values begin with 0; as numbers 080 is 80"
        if padded
        else ""
    )
    return replace(text, type="number", why=span + _left(text.counts, NUMBER), decide=decide)


def is_numeric(kind: Kind) -> bool:
    """Whether most values are numbers, whatever the type."""
    return kind.type == "number" or (not kind.empty and share(kind.counts, NUMBER) >= _ENOUGH)


def _is_label(name: str, counts: pd.Series) -> bool:
    """Digits that are no quantity: too many, or with zeros before them.

    A few zeros are only typed so (080 among 90 and 102), where others are shorter than these and
    the name says no id.
    """
    if counts.index.str.fullmatch("[0-9]{16,}").any():
        return True
    padded = counts.index.str.fullmatch(_PADDED)
    if not padded.any():
        return False
    lengths = counts.index.str.len()
    many = counts[padded].sum() > (1 - _ENOUGH) * counts.sum()
    one_width = lengths.min() >= lengths[padded].min()
    return bool(many or one_width or plain(parts(name)[-1:]) in _IDS)


def _may_be_codes(name: str, counts: pd.Series) -> bool:
    whole = counts.index.str.fullmatch("[0-9]{1,2}").all()
    measured = any(word in plain(name) for word in _MEASURED) or is_one_of(name, "sequence")
    return (
        bool(whole)
        and 1 < len(counts) <= _SMALL
        and counts.sum() >= OFTEN * len(counts)
        and not measured
    )


# ---------------------------------------------------------------- codes and text
def _few(name: str, counts: pd.Series) -> bool:
    """Few distinct values that come again and again; never what a person wrote in words of their own."""
    return short(counts) and counts.sum() >= OFTEN * len(counts) and not is_free_text(name)


def short(counts: pd.Series) -> bool:
    """Whether the values are few and short enough to be codes."""
    lengths = counts.index.str.len()
    return bool(
        len(counts) <= FEW
        and (lengths <= LONG).all()
        and (counts.index.str.count(r"\s+") < WORDS).all()
    )


def is_free_text(name: str) -> bool:
    """Whether the name says that people write in their own words, or who they are."""
    words = parts(name)
    return is_one_of(name, "free_text") or any(is_one_of(word, "free_text") for word in words[-1:])


def coded(text: Kind) -> Kind:
    """The column as codes."""
    n = len(text.counts)
    return replace(text, type="code", why="always the same value" if n == 1 else f"{n} values")


def texts(counts: pd.Series) -> str:
    """What is said of a column of text: how many texts, never which."""
    return f"text, {len(counts)} different values" if len(counts) > 1 else "text, always the same"


def _plain_text(text: Kind) -> Kind:
    counts = text.counts
    if share(counts, _MOMENT) >= _ENOUGH:
        return replace(
            text,
            why="date and time in one",
            decide="date and time are one column; the specs know them apart",
        )
    if date_formats.like_dates(counts) and counts.index.str.contains("[0-9]").all():
        return replace(
            text,
            why="like dates",
            decide="looks like dates, in no format built of DD, MM, Mon and YYYY",
        )
    return replace(text, why=texts(counts))
