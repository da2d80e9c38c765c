"""What a column holds: dates, times, numbers, results, codes or text, by its distinct values."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd

from ..text import number_text
from . import date_formats
from .column_names import is_one_of, parts, plain
from .conventions import NUMBER, ExportConventions, share

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
class ColumnType:
    """The type of a column.

    name     text, code, number, result, date or time
    why      how it was seen
    counts   records by distinct value, without codes for missing values
    lacking  share of records without a value
    decide   what is left to decide about it
    format   of dates
    """

    name: str
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


def guess(name: str, counts: pd.Series, records: int, conventions: ExportConventions) -> ColumnType:
    """The type of a column; text where nothing else fits most of its values.

    Args:
        name: of the column.
        counts: records by distinct value.
        records: how many the form has.
        conventions: of the export.
    """
    real = counts.drop([code for code in conventions.missing if code in counts.index])
    lacking = 1 - real.sum() / records if records else 0.0
    text = ColumnType("text", "text", real, float(lacking))
    if not len(real):
        return replace(text, why="always empty" if records else "no record")
    named_date = plain(name).endswith(("date", "dtc"))
    date = date_formats.find(real, conventions.unknown, named_date=named_date)
    if date:
        return replace(text, name="date", why=_dates_seen(date, real), format=date)
    if share(real, _TIME) >= _ENOUGH:
        return replace(text, name="time", why=f"HH:MM{_left(real, _TIME)}")
    if number := _number(name, text):
        return number
    if len(real) > 1 and _few(name, real):
        return coded(text)
    return _plain_text(text)


def _dates_seen(date: date_formats.DateFormat, counts: pd.Series) -> str:
    odd = int(counts.sum()) - date.fitting
    return f"{date.formats}{_not_so(odd, counts)}"


def _left(counts: pd.Series, pattern: str) -> str:
    """How many values are not of the pattern; nothing if all are."""
    return _not_so(counts[~counts.index.str.fullmatch(pattern)].sum(), counts)


def _not_so(odd: float, counts: pd.Series) -> str:
    if not odd:
        return ""
    return f", {odd} of {counts.sum()} values are not"


# ---------------------------------------------------------------- numbers
def _number(name: str, text: ColumnType) -> ColumnType | None:
    counts = text.counts
    signed = rf"[<>] ?{NUMBER}"
    perhaps_signed = rf"(?:[<>] ?)?{NUMBER}"
    if share(counts, perhaps_signed) < _ENOUGH or _is_label(name, counts):
        return None
    if share(counts, signed):
        why = f"numbers, < and >{_left(counts, perhaps_signed)}"
        return replace(text, name="result", why=why)
    if _may_be_codes(name, counts):
        return coded(text)
    return as_number(text)


def as_number(text: ColumnType) -> ColumnType:
    """The column as numbers, with the range that is seen."""
    counts = text.counts
    digits = counts.index.to_series().str.replace(",", ".")
    values = pd.to_numeric(digits, errors="coerce").dropna()
    padded = counts[counts.index.str.fullmatch(_PADDED)].sum()
    decide = ""
    if padded:
        decide = f"{padded} of {counts.sum()} values begin with 0; as numbers 080 is 80"
    why = f"{_span(values, text)}{_left(counts, NUMBER)}"
    return replace(text, name="number", why=why, decide=decide)


def _span(values: pd.Series, text: ColumnType) -> str:
    """The smallest and the largest number; where there is none, why."""
    if text.empty:
        return text.why
    if not len(values):
        return "no number"
    low, high = number_text(values.min()), number_text(values.max())
    return f"always {low}" if low == high else f"{low} to {high}"


def is_numeric(column: ColumnType) -> bool:
    """Whether most values are numbers, whatever the type."""
    if column.name == "number":
        return True
    return not column.empty and share(column.counts, NUMBER) >= _ENOUGH


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
    few = 1 < len(counts) <= _SMALL and counts.sum() >= OFTEN * len(counts)
    return bool(whole) and few and not measured


# ---------------------------------------------------------------- codes and text
def _few(name: str, counts: pd.Series) -> bool:
    """Few distinct values that come again and again; never what people write in their words."""
    return short(counts) and counts.sum() >= OFTEN * len(counts) and not is_free_text(name)


def short(counts: pd.Series) -> bool:
    """Whether the values are few and short enough to be codes."""
    if len(counts) > FEW:
        return False
    short_enough = counts.index.str.len() <= LONG
    few_words = counts.index.str.count(r"\s+") < WORDS
    return bool(short_enough.all() and few_words.all())


def is_free_text(name: str) -> bool:
    """Whether the name says that people write in their own words, or who they are."""
    last_word = parts(name)[-1:]
    return is_one_of(name, "free_text") or is_one_of("".join(last_word), "free_text")


def coded(text: ColumnType) -> ColumnType:
    """The column as codes."""
    values = len(text.counts)
    why = f"{values} values"
    if values == 1:
        why = "always the same value"
    return replace(text, name="code", why=why)


def texts(counts: pd.Series) -> str:
    """What is said of a column of text: how many texts, never which."""
    if len(counts) > 1:
        return f"text, {len(counts)} different values"
    return "text, always the same"


def _plain_text(text: ColumnType) -> ColumnType:
    counts = text.counts
    if share(counts, _MOMENT) >= _ENOUGH:
        decide = "date and time are one column; the specs know them apart"
        return replace(text, why="date and time in one", decide=decide)
    if date_formats.like_dates(counts) and counts.index.str.contains("[0-9]").all():
        decide = "looks like dates, in no format built of DD, MM, Mon and YYYY"
        return replace(text, why="like dates", decide=decide)
    return replace(text, why=texts(counts))
