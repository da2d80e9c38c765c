"""One dataset as a file holds it.

Attributes as far as the format says them, and cells as text or numbers.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import pandas as pd

from ..metadata import Kind, number_kind
from .values import written


@dataclass(frozen=True)
class Attributes:
    """What a file says of a variable; type is None where its format has no attributes."""

    type: str | None = None  # Char or Num
    length: int | None = None  # None: not said
    label: str = ""
    format: str = ""
    date: Kind = "number"  # what a number means
    data_type: str = ""  # of Dataset-JSON, which has more types than two

    @classmethod
    def of(cls, kind: str, length: int | None, label: str, display: str) -> Attributes:
        """With the meaning of the display format; the point at its end is left out."""
        name = display.rstrip(".")
        return cls(kind, length, label, name, number_kind(name))


@dataclass(frozen=True)
class Table:
    """A dataset of one file.

    Char columns, and all columns of a CSV, are str; Num columns are float64. Missing is NaN, and so
    is text without a character. padded: the format fills up text with blanks, so that none at its
    end are known. odd is what Num columns hold beside numbers, by variable and row: special missing
    values and whole numbers that no double is. title is the name that the file itself gives the
    dataset.
    """

    file: str
    name: str
    label: str | None
    variables: Mapping[str, Attributes]
    frame: pd.DataFrame
    title: str | None = None
    keys: tuple[str, ...] = field(default=())  # where the file says them
    odd: Mapping[str, pd.Series] = field(default_factory=dict)
    facts: tuple[str, ...] = ()  # what a reader should know of the file
    padded: bool = False


def repeated(names: Iterable[str]) -> list[str]:
    """The names that are there more than once, each once and in order."""
    return sorted(name for name, times in Counter(names).items() if times > 1)


def as_text(column: pd.Series) -> pd.Series:
    """Text as it stands in a file; one without a character is missing."""
    given = column.astype("str")
    return given.mask(given == "")


def without_padding(column: pd.Series) -> pd.Series:
    """Text as SAS compares it: blanks at the end do not count, blank is missing.

    Tabs and the like are no blanks.
    """
    return as_text(column.astype("str").str.rstrip(" "))


def texts(table: Table, name: str, date: Kind) -> pd.Series:
    """All values of a variable in full as text; missing stays missing."""
    column = table.frame[name]
    if not pd.api.types.is_numeric_dtype(column):
        return column
    cells = written(column, date)
    odd = table.odd.get(name)
    if odd is not None:
        cells.iloc[odd.index] = odd.to_numpy()
    return cells


def digest(table: Table) -> str:
    """What identifies the content of a table, in whatever order its records are.

    8 hexadecimal digits.
    """
    return hexadecimal([texts(table, str(name), "number") for name in table.frame])


def hexadecimal(columns: list[pd.Series]) -> str:
    """The digest of columns of text."""
    rows = sorted(zip(*(column.fillna("").astype("str") for column in columns), strict=True))
    return hashlib.sha256(repr(rows).encode("utf-8", "surrogatepass")).hexdigest()[:8]
