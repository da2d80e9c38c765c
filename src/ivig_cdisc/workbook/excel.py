"""Rows of sheets as an Excel file, and back.

The same rows make the same bytes, and every odd cell is named.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from io import BytesIO
from pathlib import Path
from typing import Any

from ..errors import ExportError, Problem
from ..output import write_file
from ..text import suggest
from ..xlsx import CELL_LIMIT, column_letter, load_workbook, new_workbook
from ..xlsx.limits import SPECS, refuse
from .sheets import SAID, SHEETS, Column, Row, Rows

README = "Read me"
MORE_ROWS = 200  # below the last one that have choices too
BLUE, GREY = "#1f4e79", "#7f7f7f"


# ---------------------------------------------------------------- writing
def write(file: Path, rows: Rows, title: str, made: str) -> None:
    """Write the workbook; ExportError where a cell cannot be held.

    made: ISO 8601 date that stands in it as its creation.
    """
    held = BytesIO()
    try:
        with new_workbook(held, made=made, title=title) as book:
            styles = _styles(book)
            _read_me(book.add_worksheet(README), title, styles)
            for name, columns in SHEETS.items():
                _sheet(book.add_worksheet(name), name, columns, rows[name], styles)
    except ExportError as error:
        raise ExportError(f"{file} cannot be written: {error}") from error
    write_file(file, held.getvalue())


def _styles(book: Any) -> dict[str, Any]:
    text = {"num_format": "@", "text_wrap": True, "valign": "top"}
    head = {"bold": True, "font_color": "#ffffff", "valign": "top", "border": 1}
    return {
        "read": book.add_format({**head, "bg_color": BLUE}),
        "shown": book.add_format({**head, "bg_color": GREY}),
        "text": book.add_format(text),
        "grey": book.add_format({**text, "font_color": GREY}),
        "bold": book.add_format({"bold": True, "valign": "top"}),
    }


def _read_me(sheet: Any, title: str, styles: dict[str, Any]) -> None:
    sheet.set_column(0, 0, 18)
    sheet.set_column(1, 1, 110)
    heads = (
        "Columns with a blue head are read when the workbook is imported; "
        "those with a grey head are for the reader and follow from the rest. "
        "Rows may be added, changed and deleted."
    )
    for n, (name, said) in enumerate([(title, ""), ("", heads), *SAID.items()]):
        sheet.write_string(n, 0, name, styles["bold"])
        sheet.write_string(n, 1, said, styles["text"])


def _sheet(
    sheet: Any, name: str, columns: Sequence[Column], rows: list[Row], styles: dict[str, Any]
) -> None:
    for n, column in enumerate(columns):
        _head(sheet, n, column, max(len(rows), 1), styles)
    for line, row in enumerate(rows, 1):
        for n, column in enumerate(columns):
            if column.name in row:
                place = f"{name}!{column_letter(n + 1)}{line + 1}"
                text = _held(column.kind.show(row[column.name]), place)
                sheet.write_string(line, n, text, _style(column, styles))
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(len(rows), 1), len(columns) - 1)


def _style(column: Column, styles: dict[str, Any]) -> Any:
    if column.is_read:
        return styles["text"]
    return styles["grey"]


def _head(sheet: Any, n: int, column: Column, rows: int, styles: dict[str, Any]) -> None:
    """The heading of a column, and the choices that its cells have."""
    sheet.set_column(n, n, column.width, styles["text"])
    style = styles["shown"]
    if column.is_read:
        style = styles["read"]
    sheet.write_string(0, n, column.name, style)
    if column.kind.choices:
        choices = {"validate": "list", "source": list(column.kind.choices)}
        sheet.data_validation(1, n, rows + MORE_ROWS, n, choices)


def _held(text: str, place: str) -> str:
    """The text; ExportError where it is longer than a cell."""
    if len(text) > CELL_LIMIT:
        raise ExportError(f"{place}: {len(text)} characters; a cell holds {CELL_LIMIT}")
    return text


# ---------------------------------------------------------------- reading
class Line(dict[str, Any]):
    """A row that knows where it stands."""

    number: int
    letters: dict[str, str]

    def place(self, sheet: str, column: str) -> str:
        """Sheet and cell as Excel names them."""
        return f"{sheet}!{self.letters.get(column, 'A')}{self.number}"


def read(file: Path) -> tuple[Rows, list[Problem]]:
    """The rows of all sheets, and what is wrong with their cells.

    Raises ExportError where the file is no workbook, or larger than specs are.
    """
    refuse(file, SPECS)
    try:
        book = load_workbook(file)
    except Exception as error:  # openpyxl raises whatever the damage brings about
        raise ExportError(f"{file} cannot be read as an Excel workbook: {error}") from error
    rows: Rows = {}
    problems: list[Problem] = []
    for name, columns in SHEETS.items():
        rows[name] = []
        if name not in book.sheetnames:
            near = suggest(name, [n for n in book.sheetnames if n not in SHEETS])
            problems.append(Problem(file, 1, name, f"the sheet {name} is missing{near}"))
            continue
        reader = _Reader(file, name, columns, problems)
        rows[name] = list(reader.rows(book[name].iter_rows()))
        for merged in book[name].merged_cells.ranges:
            place, reason = f"{name}!{merged.coord}", "the cells are merged; split them"
            problems.append(Problem(file, merged.min_row, place, reason))
    return rows, problems


class _Reader:
    """Reads one sheet; what is wrong is added to the problems."""

    def __init__(
        self, file: Path, name: str, columns: Sequence[Column], problems: list[Problem]
    ) -> None:
        self.file, self.name, self.problems = file, name, problems
        self.columns: dict[str, Column] = {}
        for column in columns:
            self.columns[column.name] = column

    def rows(self, lines: Iterator[tuple[Any, ...]]) -> Iterator[Row]:
        """Each line that is not empty, under the names of the first."""
        head = [str(cell.value or "").strip() for cell in next(lines, ())]
        letters = {name: column_letter(n) for n, name in enumerate(head, 1)}
        self._check(head)
        for number, cells in enumerate(lines, 2):
            row = Line(self._cells(head, number, cells))
            row.number = number
            row.letters = letters
            if row:
                self._check_needed(row)
                yield row

    def _check(self, head: list[str]) -> None:
        for name, column in self.columns.items():
            if column.is_read and name not in head:
                near = suggest(name, [n for n in head if n not in self.columns])
                self._complain(1, len(head), f"the column {name} is missing{near}")
        for n, name in enumerate(head):
            if name and name not in self.columns:
                near = suggest(name, self.columns)
                self._complain(1, n, f"{name} is not a column of this sheet{near}")
            if name and name in head[:n]:
                self._complain(1, n, f"the column {name} is a duplicate")

    def _check_needed(self, row: Line) -> None:
        for name, column in self.columns.items():
            if not column.needed or name in row or name not in row.letters:
                continue
            place = row.place(self.name, name)
            recent = self.problems[-len(self.columns) :]
            if not any(problem.path == place for problem in recent):
                self.problems.append(Problem(self.file, row.number, place, f"{name} is empty"))

    def _cells(
        self, head: list[str], number: int, cells: tuple[Any, ...]
    ) -> Iterator[tuple[str, Any]]:
        for n, (name, cell) in enumerate(zip(head, cells, strict=False)):
            column = self.columns.get(name)
            if column is None or not column.is_read:
                continue
            try:
                text = _text(cell, column)
                if text:
                    yield name, column.kind.read(text)
            except ValueError as error:
                self._complain(number, n, f"{name} {error}")

    def _complain(self, line: int, column: int, reason: str) -> None:
        place = f"{self.name}!{column_letter(column + 1)}{line}"
        self.problems.append(Problem(self.file, line, place, reason))


def _day(cell: date | time) -> str:
    """A date or time as ISO 8601; of a moment the date."""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    return cell.isoformat()


def _text(place: Any, column: Column) -> str:
    """The text of a cell.

    ValueError for a formula, and for a date where none belongs: Excel has changed the text.
    """
    cell = place.value
    if place.data_type == "f":
        raise ValueError("is a formula; put its value there")
    if cell is None:
        return ""
    if isinstance(cell, datetime | date | time):
        if not column.kind.takes_dates:
            cure = "format the cell as text and type it again"
            raise ValueError(f"is a date to Excel ({cell}); {cure}")
        return _day(cell)
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, str) and len(cell) > CELL_LIMIT:
        raise ValueError(f"has {len(cell)} characters; a cell holds {CELL_LIMIT}")
    return str(cell).strip()
