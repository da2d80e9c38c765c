"""One line of the intake ledger, and what may become of a row or a column of the raw export."""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import StrEnum

import pandas as pd

ROW, COLUMN = "row", "column"


class Status(StrEnum):
    """What became of a row or a column."""

    MAPPED = "mapped"
    SUPPLEMENTAL = "supplemental"
    DERIVATION_ONLY = "derivation only"
    CONDITION_ONLY = "condition only"
    NOT_SUBMITTED = "not submitted"
    UNKNOWN = "unknown"
    LEFT_OUT = "left out"


@dataclass(frozen=True)
class Entry:
    """Rows of one file that had the same fate, or one of its columns."""

    file: str
    kind: str  # ROW or COLUMN
    name: str  # the column
    status: str
    datasets: str  # where it is
    reason: str  # why it is not
    count: int  # rows; for a column the cells that are not empty


COLUMNS = {field.name: "str" for field in fields(Entry)} | {"count": "int64"}


def as_frame(entries: list[Entry]) -> pd.DataFrame:
    """The entries as a frame with COLUMNS."""
    return pd.DataFrame(entries, columns=list(COLUMNS)).astype(COLUMNS)


def no_entries() -> pd.DataFrame:
    """A ledger without entries."""
    return as_frame([])
