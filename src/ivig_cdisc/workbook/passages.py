"""The sheets of results and of the narrative: a row for each entry of their files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .sheets import Row, Rows

NARRATIVE = "narrative.yaml"
Data = dict[str, Any]


def rows(sheet: str, name: str, entries: Sequence[Mapping[str, Any]] | None) -> list[Row]:
    """The entries of one file as rows; a sheet of one file does not name it."""
    found: list[Row] = []
    for entry in entries or ():
        row: Row = {}
        if sheet != "Narrative":
            row["File"] = name
        for word, value in entry.items():
            if word == "id":
                row["ID"] = value
            else:
                row[word.capitalize()] = value
        found.append(row)
    return found


def files(rows: Rows) -> dict[str, list[Data]]:
    """The files of results and the narrative, as far as they have entries."""
    found: dict[str, list[Data]] = {}
    for row in rows["Results"]:
        found.setdefault(row["File"], []).append(_entry(row))
    for row in rows["Narrative"]:
        found.setdefault(NARRATIVE, []).append(_entry(row))
    return found


def _entry(row: Row) -> Data:
    return {column.lower(): value for column, value in row.items() if column != "File"}
