"""Damage that can be told: one cell of a small export, in each of the three forms that an export may have."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

SUBJECTS = ("01-001", "01-002", "02-001", "03-001")
KINDS = ("csv", "odm", "redcap")

NUMBERS = ("vitals sbp", "infusions weight_kg", "core_set mmt8", "laboratory upper_limit")
DATES = (
    "subjects birth_date",
    "laboratory sample_date",
    "adverse_events start_date",
    "medications stop_date",
)
TIMES = ("vitals time", "infusions start_time", "laboratory sample_time")
CODES = ("core_set visit", "adverse_events severity", "laboratory unit", "subjects sex")

NOT_NUMBERS = (
    "12o",
    "1.2.3",
    "1,2,3",
    "--5",
    "5-",
    "5 mg",
    "<5",
    "1e400",
    "0x1F",
    "12_5",
    "½",
    "²",
    "NaN",
    "inf",
    "#DIV/0!",
    "=1+1",
    "twelve",
)
NOT_DATES = (
    "31-02-2018",
    "29-02-2017",
    "32-01-2017",
    "00-00-0000",
    "UN-13-2017",
    "2018-13-45",
    "2017-03-01",
    "01/02/2017",
    "1-1-17",
    "20170101",
    "01-01-0017",
    "01-01-9999",
    "maart 2018",
    "yesterday",
    "42800",
    "#VALUE!",
)
NOT_TIMES = (
    "25:61",
    "24:00",
    "12:60",
    "12:5",
    "12:30:61",
    "-1:00",
    "1230",
    "8.30",
    "12:30 PM",
    "noon",
    "0.5",
)
NOT_CODES = ("77", "-1", "x", "1.5", "null", "0x1", "１", "#N/A")

# text that is either read as just this number, or told
EITHER = {
    "+5": 5,
    "５": 5,
    "٣٤": 34,
    "5e1": 50,
    "1 624": 1624,
    "1\u00a0624": 1624,
    "1\u2009624": 1624,
    "1,624": 1624,
    ".5": 0.5,
}


@dataclass(frozen=True)
class Damage:
    """A text in place of what one cell of the export holds."""

    form: str
    column: str
    text: str

    def __str__(self) -> str:
        return f"{self.form}.{self.column}={self.text}"


def cell_damages() -> Iterator[Damage]:
    """Every text that is not a value of its column, in every such column."""
    for columns, texts in (
        (NUMBERS, NOT_NUMBERS),
        (DATES, NOT_DATES),
        (TIMES, NOT_TIMES),
        (CODES, NOT_CODES),
    ):
        for column in columns:
            yield from (Damage(*column.split(), text) for text in texts)


def either_damages() -> Iterator[Damage]:
    """Every spelling of a number that may be read or told."""
    for column in NUMBERS:
        yield from (Damage(*column.split(), text) for text in EITHER)


# ---------------------------------------------------------------- the export
def small_tables(maker: ModuleType, raw: Path) -> dict[str, Any]:
    """The example's forms, of four subjects only."""
    return {name: _of_subjects(maker, table) for name, table in maker.read_folder(raw).items()}


def _of_subjects(maker: ModuleType, table: Any) -> Any:
    at = table.columns.index("subject_id")
    return maker.Table(table.columns, [row for row in table.rows if row[at] in SUBJECTS])


def damaged(maker: ModuleType, tables: dict[str, Any], damage: Damage) -> dict[str, Any]:
    """The forms with the damage in the first record of its form."""
    table = tables[damage.form]
    at = table.columns.index(damage.column)
    first, *rest = table.rows
    row = [*first[:at], damage.text, *first[at + 1 :]]
    return tables | {damage.form: maker.Table(table.columns, [row, *rest])}


def write(maker: ModuleType, kind: str, tables: dict[str, Any], folder: Path) -> Path:
    """The export as a folder of CSV files, an ODM file or a REDCap file."""
    writers: dict[str, Callable[[], Path]] = {
        "csv": lambda: _csv_folder(tables, folder),
        "odm": lambda: _one_file(maker.write_odm, tables, folder / "export.xml"),
        "redcap": lambda: _one_file(maker.write_redcap, tables, folder / "export.csv"),
    }
    return writers[kind]()


def _csv_folder(tables: dict[str, Any], folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, delimiter=";", lineterminator="\n")
            writer.writerows([table.columns, *table.rows])
    return folder


def _one_file(write_kind: Callable[[Path, Any], None], tables: dict[str, Any], file: Path) -> Path:
    write_kind(file, tables)
    return file
