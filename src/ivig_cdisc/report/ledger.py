"""Where the rows and columns of the raw export went: what the report says of it."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from ..lineage.ledger import STATUSES

UNKNOWN_FILE, UNKNOWN_COLUMN = "RAW-UNKNOWN-FILE", "RAW-UNKNOWN-COLUMN"


@dataclass(frozen=True)
class Tally:
    """How many rows and how many columns went where."""

    rows: dict[str, int]  # by status, in their order
    columns: dict[str, int]


@dataclass(frozen=True)
class Line:
    """What became of one column of a file; without a name, of its rows."""

    name: str
    status: str
    datasets: str
    reason: str
    count: int


@dataclass(frozen=True)
class File:
    """A file of the raw export."""

    name: str
    tally: Tally
    unknown: list[str]  # columns
    lines: list[Line]  # rows first


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
    """The ledger as the report shows it; None where there is none.

    ledger: columns of lineage.ledger. found: the findings, which name unknown files and columns.
    """
    if ledger.empty:
        return None
    unknown_files = sorted(found.loc[found["rule"].eq(UNKNOWN_FILE), "file"].dropna().unique())
    return Ledger(
        files=[_file(str(name), part, found) for name, part in ledger.groupby("file")],
        unread=[name for name in unknown_files if name not in set(ledger["file"])],
        all=_tally(ledger),
        row_statuses=_occurring(ledger, "row"),
        column_statuses=_occurring(ledger, "column"),
        unknown_columns=_unknown_columns(found),
        unknown_files=unknown_files,
    )


def _file(name: str, part: pd.DataFrame, found: pd.DataFrame) -> File:
    unknown = sorted(_unknown(found[found["file"].eq(name)])["column"].dropna().unique())
    return File(name, _tally(part), unknown, _lines(part))


def _lines(part: pd.DataFrame) -> list[Line]:
    order = part.assign(after=part["kind"].eq("column")).sort_values("after", kind="stable")
    texts = order[["name", "status", "datasets", "reason"]].fillna("")
    return [Line(*line) for line in zip(*(texts[name] for name in texts), order["count"].tolist())]


def _tally(part: pd.DataFrame) -> Tally:
    rows, columns = (part[part["kind"].eq(kind)] for kind in ("row", "column"))
    return Tally(
        rows={
            status: int(rows.loc[rows["status"].eq(status), "count"].sum()) for status in STATUSES
        },
        columns={status: int(columns["status"].eq(status).sum()) for status in STATUSES},
    )


def _occurring(ledger: pd.DataFrame, kind: str) -> list[str]:
    there = set(ledger.loc[ledger["kind"].eq(kind), "status"])
    return [status for status in STATUSES if status in there]


def _unknown(found: pd.DataFrame) -> pd.DataFrame:
    return found[found["rule"].eq(UNKNOWN_COLUMN)]


def _unknown_columns(found: pd.DataFrame) -> list[str]:
    unknown = _unknown(found)
    names = unknown["file"].str.removesuffix(".csv") + "." + unknown["column"]
    return sorted(names.dropna().unique())
