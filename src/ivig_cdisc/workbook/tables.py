"""Tables of a study as rows of the sheet Tables, and back: rows in study.yaml, and CSV files."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from ..metadata import Study
from ..metadata.csv_table import csv_rows
from ..metadata.document import Document
from .sheets import Row

CSV = ".csv"


# ---------------------------------------------------------------- to the sheet
def of_study(tables: Mapping[str, Any]) -> Iterator[Row]:
    """The tables of study.yaml: a row for each of theirs, or the file that holds them."""
    for name, given in tables.items():
        if isinstance(given, Mapping):
            yield {"Table": name, "File": given["file"]}
            continue
        for row in given:
            yield {"Table": name, "Row": row}


def of_files(study: Study) -> Iterator[Row]:
    """The rows of all CSV files that a study reads, each cell as typed."""
    files = sorted({table.file for table in study.tables.values() if table.file.suffix == CSV})
    for file in files:
        for row in csv_rows(Document(file)):
            typed = {name: text or "" for name, text in row.cells.items()}
            yield {"File": file.name, "Row": typed}


def csv_files(folder: Path) -> list[str]:
    """Names of the CSV files of a study's folder."""
    return sorted(path.name for path in folder.glob(f"*{CSV}"))


# ---------------------------------------------------------------- and back
def to_study(rows: Sequence[Row]) -> dict[str, Any]:
    """What study.yaml says of tables."""
    found: dict[str, Any] = {}
    for row in rows:
        if "Table" not in row:
            continue
        if "File" in row:
            found[row["Table"]] = {"file": row["File"]}
        else:
            found.setdefault(row["Table"], []).append(row.get("Row"))
    return found


def to_files(rows: Sequence[Row]) -> dict[str, str]:
    """The texts of the CSV files, by name."""
    cells: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        if "Table" not in row and "File" in row:
            cells.setdefault(str(row["File"]), []).append(row.get("Row") or {})
    return {name: _text(given) for name, given in cells.items()}


def _text(rows: Sequence[Mapping[str, Any]]) -> str:
    columns: dict[str, None] = {}
    for row in rows:
        columns |= dict.fromkeys(row)
    text = io.StringIO()
    writer = csv.DictWriter(text, list(columns), restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()
