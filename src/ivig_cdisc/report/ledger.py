"""Where the rows and columns of the raw export went: what the report says of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from ..lineage.entries import COLUMN, COLUMNS, ROW, Entry, Status

UNKNOWN_FILE, UNKNOWN_COLUMN = "RAW-UNKNOWN-FILE", "RAW-UNKNOWN-COLUMN"


@dataclass(frozen=True)
class Tally:
    """How many rows and how many columns went where."""

    rows: Mapping[str, int]  # by status, in their order
    columns: Mapping[str, int]


@dataclass(frozen=True)
class File:
    """A file of the raw export."""

    name: str
    tally: Tally
    unknown: list[str]  # columns
    lines: list[Entry]  # rows first


@dataclass(frozen=True)
class Ledger:
    """The whole raw export."""

    files: list[File]
    unread: list[str]  # files
    all: Tally
    row_statuses: list[str]  # those that occur
    column_statuses: list[str]
    unknown_columns: list[str]  # each with its form
    unknown_files: list[str]


def shown(ledger: pd.DataFrame, found: pd.DataFrame) -> Ledger | None:
    """The ledger as the report shows it.

    Args:
        ledger: columns as lineage.entries.COLUMNS.
        found: the findings, which name unknown files and columns.

    Returns:
        The files in the order of their names; None where the ledger is empty.
    """
    if ledger.empty:
        return None
    unknown_files = sorted(found.loc[found["rule"].eq(UNKNOWN_FILE), "file"].dropna().unique())
    files = [_file(str(name), part, found) for name, part in ledger.groupby("file")]
    return Ledger(
        files=files,
        unread=sorted(set(unknown_files) - set(ledger["file"])),
        all=_tally(ledger),
        row_statuses=_occurring(ledger, ROW),
        column_statuses=_occurring(ledger, COLUMN),
        unknown_columns=_unknown_columns(found),
        unknown_files=unknown_files,
    )


def _file(name: str, part: pd.DataFrame, found: pd.DataFrame) -> File:
    unknown = sorted(_unknown(found[found["file"].eq(name)])["column"].dropna().unique())
    return File(name, _tally(part), unknown, _lines(part))


def _lines(part: pd.DataFrame) -> list[Entry]:
    """The entries of one file, those on rows first."""
    rows_first = pd.concat([part[part["kind"].eq(ROW)], part[part["kind"].eq(COLUMN)]])
    texts = rows_first.drop(columns="count").fillna("")
    complete = texts.assign(count=rows_first["count"])[list(COLUMNS)]
    lines: list[Entry] = []
    for line in complete.itertuples(index=False):
        lines.append(Entry(*line))
    return lines


def _tally(part: pd.DataFrame) -> Tally:
    every = pd.Index([status.value for status in Status])
    by_status = part.groupby(["kind", "status"])["count"].agg(["sum", "size"])
    rows = _of_kind(by_status["sum"], ROW).reindex(every, fill_value=0)
    columns = _of_kind(by_status["size"], COLUMN).reindex(every, fill_value=0)
    return Tally(
        rows=dict(zip(every, rows.tolist(), strict=True)),
        columns=dict(zip(every, columns.tolist(), strict=True)),
    )


def _of_kind(by_status: pd.Series, kind: str) -> pd.Series:
    """The counts of rows, or of columns, by status."""
    return by_status[by_status.index.get_level_values("kind") == kind].droplevel("kind")


def _occurring(ledger: pd.DataFrame, kind: str) -> list[str]:
    there = set(ledger.loc[ledger["kind"].eq(kind), "status"])
    return [status.value for status in Status if status in there]


def _unknown(found: pd.DataFrame) -> pd.DataFrame:
    return found[found["rule"].eq(UNKNOWN_COLUMN)]


def _unknown_columns(found: pd.DataFrame) -> list[str]:
    unknown = _unknown(found)
    names = unknown["file"].str.removesuffix(".csv") + "." + unknown["column"]
    return sorted(names.dropna().unique())
