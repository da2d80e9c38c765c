"""Datasets from Dataset-JSON 1.1: one JSON document, or NDJSON with the metadata on the first line.

What a column cannot hold by its dataType is refused with its row, and a file with more or fewer
rows than it says.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pandas as pd

from ..errors import ExportError
from ..metadata import Kind
from .table import Attributes, Table, as_text, repeated
from .values import numbers

NUMERIC = ("integer", "float", "double", "decimal")
DATES: dict[str, Kind] = {"date": "date", "datetime": "datetime", "time": "time"}
TEXTS = ("string", "boolean", "URI")
_BEYOND = 2.0**63  # a whole number as large as this has lost digits when JSON is read

Column = Mapping[str, Any]


def read_json(path: Path) -> Table:
    """The dataset of a .json file; ExportError where it is not Dataset-JSON."""
    content = _parsed(path, _bytes(path))
    columns = _columns(path, content)
    return _table(path, content, columns, content.get("rows", []))


def read_ndjson(path: Path) -> Table:
    """The dataset of a .ndjson file; ExportError where it is not Dataset-JSON."""
    parsed = []
    for number, line in enumerate(_bytes(path).split(b"\n"), 1):
        if line.strip():
            parsed.append(_parsed(path, line, number))
    head, *rows = parsed or [None]
    return _table(path, head, _columns(path, head), rows)


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ExportError(f"{path}: {error.strerror}") from error


def _parsed(path: Path, data: bytes, line: int = 0) -> Any:
    """The JSON of a file, or of one of its lines."""
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError as error:
        where = str(path)
        if line:
            where += f":{line}"
        raise ExportError(f"{where}: is not JSON: {error}") from error


def _table(path: Path, head: Any, columns: Sequence[Column], rows: Any) -> Table:
    _check_rows(path, rows, len(columns), head.get("records"))
    cells: Iterable[Sequence[Any]] = zip(*rows, strict=True)
    if not rows:
        cells = [()] * len(columns)
    variables, frame, odd = {}, {}, {}
    for column, values in zip(columns, cells, strict=True):
        name, said = column["name"], _attributes(column)
        variables[name] = said
        frame[name], beside = _Reader(path, column, said).column(values)
        if len(beside):
            odd[name] = beside
    title = None
    if head.get("name"):
        title = str(head["name"])
    return Table(
        path.name,
        path.stem.upper(),
        str(head.get("label", "")),
        variables,
        pd.DataFrame(frame),
        title=title,
        keys=_keys(columns),
        odd=odd,
    )


def _keys(columns: Sequence[Column]) -> tuple[str, ...]:
    """The columns with a place among the keys, in that order."""
    keyed = [column for column in columns if isinstance(column.get("keySequence"), int)]
    keyed.sort(key=lambda column: (column["keySequence"], column["name"]))
    return tuple(column["name"] for column in keyed)


def _columns(path: Path, head: Any) -> Sequence[Column]:
    """What the file says of its columns; ExportError where that is not as Dataset-JSON has it."""
    columns = None
    if isinstance(head, dict):
        columns = head.get("columns")
    if not isinstance(columns, list) or not columns or not all(map(_has_name, columns)):
        raise ExportError(f"{path}: is not Dataset-JSON 1.1: it has no columns with names")
    if twice := repeated(column["name"] for column in columns):
        raise ExportError(f"{path}: has {', '.join(twice)} more than once")
    for column in columns:
        if _type(column) not in (*NUMERIC, *DATES, *TEXTS):
            said = f'{column["name"]} is of dataType "{_type(column)}"'
            raise ExportError(f"{path}: {said}, which is none")
    return columns


def _has_name(column: Any) -> bool:
    return isinstance(column, dict) and isinstance(column.get("name"), str)


def _check_rows(path: Path, rows: Any, width: int, records: Any) -> None:
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise ExportError(f"{path}: is not Dataset-JSON 1.1: rows is not a list of lists")
    for number, row in enumerate(rows, 1):
        if len(row) != width:
            raise ExportError(f"{path}: row {number} has {len(row)} values for {width} columns")
    if records is not None and records != len(rows):
        raise ExportError(f"{path}: says {records} records, and has {len(rows)} rows")


def _type(column: Column) -> str:
    return str(column.get("dataType", "string"))


def _attributes(column: Column) -> Attributes:
    """What the file says of a column.

    Dates with a numeric targetDataType are numbers in SAS, and counted as their dataType says.
    """
    kind, target = _type(column), column.get("targetDataType")
    label = str(column.get("label") or "")
    display = str(column.get("displayFormat") or "")
    length = column.get("length")
    if not isinstance(length, int):
        length = None
    data_type = kind
    if target:
        data_type = f"{kind} as {target}"
    if kind in NUMERIC or (kind in DATES and target in NUMERIC):
        said = Attributes.of("Num", length, label, display)
        return replace(said, date=DATES.get(kind, said.date), data_type=data_type)
    said = Attributes.of("Char", length, label, display)
    return replace(said, date="number", data_type=data_type)


# ---------------------------------------------------------------- cells
class _Reader:
    """The cells of one column, each held against the type that the column has."""

    def __init__(self, path: Path, column: Column, said: Attributes) -> None:
        self.path, self.name, self.kind, self.said = path, column["name"], _type(column), said

    def column(self, cells: Sequence[Any]) -> tuple[pd.Series, pd.Series]:
        """Text, or numbers as SAS counts; and what is no double, by row."""
        if self.said.type == "Num":
            return self._numbers(cells)
        return self._texts(cells), pd.Series(dtype="str")

    def _texts(self, cells: Sequence[Any]) -> pd.Series:
        if self.kind == "boolean":
            self._refuse_others(cells, (bool,))
            truths = pd.Series(cells, dtype="object")
            return as_text(truths.map({True: "true", False: "false"}))
        self._refuse_others(cells, (str,))
        return as_text(pd.Series(cells, dtype="object"))

    def _numbers(self, cells: Sequence[Any]) -> tuple[pd.Series, pd.Series]:
        """Numbers, and texts that are one: of a decimal, a date or a time."""
        wanted: tuple[type, ...] = (int, float)
        if self.kind == "decimal" or self.kind in DATES:
            wanted = (str, int, float)
        self._refuse_others(cells, wanted)
        self._refuse([not self._kept(cell) for cell in cells], cells)
        texts = pd.Series([_number_text(cell) for cell in cells], dtype="str")
        found = numbers(texts, self.said.date)
        lost = texts.notna() & found.isna()
        whole = lost & texts.str.fullmatch(r"-?\d+(?:\.\d+)?").fillna(value=False).astype(bool)
        self._refuse(list(lost & ~whole), cells)
        return found, texts[whole]

    def _kept(self, cell: Any) -> bool:
        """Whether a float is what stands in the file.

        JSON is read as infinity where it is too large for one.
        """
        if type(cell) is not float:
            return True
        return math.isfinite(cell) and not (self.kind == "integer" and abs(cell) >= _BEYOND)

    def _refuse_others(self, cells: Sequence[Any], wanted: tuple[type, ...]) -> None:
        """ExportError where a cell is neither missing nor of one of these types."""
        allowed = (*wanted, type(None))
        self._refuse([type(cell) not in allowed for cell in cells], cells)

    def _refuse(self, wrong: Sequence[bool], cells: Sequence[Any]) -> None:
        """ExportError that names the first cell that is wrong."""
        if not any(wrong):
            return
        at = int(np.argmax(wrong))
        value = orjson.dumps(cells[at]).decode()
        wanted = self.kind
        if self.said.type == "Char" and self.kind != "boolean":
            wanted = "text"
        place = f"{self.path}: row {at + 1}, {self.name}"
        raise ExportError(f"{place}: {value} is not of type {wanted}")


def _number_text(cell: Any) -> str | None:
    if cell is None:
        return None
    return str(cell)
