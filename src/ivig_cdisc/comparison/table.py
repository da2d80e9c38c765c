"""One dataset as a file holds it: attributes as far as the format says them, and cells as text or numbers."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from ..spec import Kind, number_kind
from .pairing import text

EPOCH = pd.Timestamp("1960-01-01")
NUMBER = r"-?(?:(?:0|[1-9]\d*)(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?"  # 012 is a code
SECONDS = {"date": 86_400, "datetime": 1, "time": 1}  # of the unit in which SAS counts


@dataclass(frozen=True)
class Attributes:
    """What a file says of a variable; None where its format has no such attribute."""

    type: str | None = None  # Char or Num
    length: int | None = None
    label: str | None = None
    format: str | None = None
    date: Kind = "number"  # what a number means

    @classmethod
    def of(cls, kind: str, length: int | None, label: str | None, display: str | None) -> Attributes:
        """With the meaning of the display format; the point at its end is not told apart."""
        name = (display or "").rstrip(".")
        return cls(kind, length, label or "", name, number_kind(name))


@dataclass(frozen=True)
class Table:
    """A dataset of one file.

    Char columns, and all columns of a CSV, are str without blanks at the end; Num columns are float64. Missing is NaN,
    and so is blank text.
    """

    file: str
    name: str
    label: str | None
    variables: Mapping[str, Attributes]
    frame: pd.DataFrame
    keys: tuple[str, ...] = field(default=())  # where the file says them


def cleaned(column: pd.Series) -> pd.Series:
    """Text as SAS compares it: blanks at the end do not count, blank is missing."""
    stripped = column.astype("str").str.rstrip()
    return stripped.mask(stripped == "")


def numbers(column: pd.Series, date: Kind) -> pd.Series:
    """The numbers that text is, dates and times as SAS counts them; text that is neither is missing."""
    if pd.api.types.is_numeric_dtype(column):
        return column.astype("float64")
    found = pd.to_numeric(column.astype("object"), errors="coerce").astype("float64")
    if date == "number":
        return found
    day = "1960-01-01T" if date == "time" else ""
    moments = pd.to_datetime(day + column.astype("str"), format="ISO8601", errors="coerce")
    return found.fillna((moments - EPOCH).dt.total_seconds() / SECONDS[date])


def is_number(column: pd.Series) -> bool:
    """Whether every text is a number as a program writes it."""
    return bool(column.dropna().str.fullmatch(NUMBER).all())


def shown(column: pd.Series, date: Kind = "number") -> pd.Series:
    """Values in full as text: dates as ISO 8601, 2 rather than 2.0; missing as None."""
    if pd.api.types.is_numeric_dtype(column) and date != "number":
        moments = EPOCH + pd.to_timedelta(column * SECONDS[date], unit="s").astype("timedelta64[ms]")
        column = moments.dt.strftime("%H:%M:%S") if date == "time" else moments
    values: Any = [text(value) for value in column.astype("object")]
    return pd.Series(values, index=column.index, dtype="object")


def digest(frame: pd.DataFrame) -> str:
    """What identifies the content of a table, in whatever order its records are: 8 hexadecimal digits."""
    columns = [shown(frame[name]).fillna("").astype("str") for name in frame]
    rows = sorted(zip(*columns, strict=True))
    return hashlib.sha256(repr(rows).encode()).hexdigest()[:8]
