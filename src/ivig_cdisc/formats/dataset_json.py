"""Datasets from Dataset-JSON 1.1: one JSON document, or NDJSON with the metadata on the first line.

What a column cannot hold by its dataType is refused with its row, and a file with more or fewer
rows than it says.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pandas as pd

from ..errors import ExportError
from ..metadata import Kind
from .table import Attributes, Table, as_text
from .values import numbers

NUMERIC = ("integer", "float", "double", "decimal")
DATES: dict[str, Kind] = {"date": "date", "datetime": "datetime", "time": "time"}
TEXTS = ("string", "boolean", "URI")
_BEYOND = 2.0**63  # a whole number as large as this has lost digits when JSON is read

Column = Mapping[str, Any]


def read_json(path: Path) -> Table:
    """The dataset of a .json file; ExportError where it is no Dataset-JSON."""
    content = _parsed(path, _bytes(path))
    return _table(path, content, content.get("rows", []) if isinstance(content, dict) else [])


def read_ndjson(path: Path) -> Table:
    """The dataset of a .ndjson file; ExportError where it is no Dataset-JSON."""
    lines = [
        (number, line) for number, line in enumerate(_bytes(path).split(b"\n"), 1) if line.strip()
    ]
    parsed = [_parsed(path, line, number) for number, line in lines]
    return _table(path, parsed[0] if parsed else None, parsed[1:])


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ExportError(f"{path}: {error.strerror}") from error


def _parsed(path: Path, data: bytes, line: int | None = None) -> Any:
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError as error:
        where = path if line is None else f"{path}:{line}"
        raise ExportError(f"{where}: is no JSON: {error}") from error


def _table(path: Path, head: Any, rows: Any) -> Table:
    columns = _columns(path, head)
    names = [column["name"] for column in columns]
    _check_rows(path, rows, len(names), head.get("records"))
    variables = {column["name"]: _attributes(column) for column in columns}
    read = {c["name"]: _Reader(path, c, variables[c["name"]]) for c in columns}
    cells = (
        dict(zip(names, zip(*rows, strict=True), strict=True)) if rows else dict.fromkeys(names, ())
    )
    found = {name: reader.column(cells[name]) for name, reader in read.items()}
    keyed = sorted(
        (c["keySequence"], c["name"]) for c in columns if isinstance(c.get("keySequence"), int)
    )
    return Table(
        path.name,
        path.stem.upper(),
        str(head.get("label", "")),
        variables,
        pd.DataFrame({name: values for name, (values, _) in found.items()}),
        title=str(head["name"]) if head.get("name") else None,
        keys=tuple(name for _, name in keyed),
        odd={name: odd for name, (_, odd) in found.items() if len(odd)},
    )


def _columns(path: Path, head: Any) -> Sequence[Column]:
    columns: Any = head.get("columns") if isinstance(head, dict) else None
    wrong = (
        not isinstance(columns, list)
        or not columns
        or not all(isinstance(c, dict) for c in columns)
    )
    if wrong or not all(isinstance(c.get("name"), str) for c in columns):
        raise ExportError(f"{path}: is no Dataset-JSON 1.1: it has no columns with names")
    names = [column["name"] for column in columns]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise ExportError(f"{path}: has {', '.join(twice)} more than once")
    for column in columns:
        if _type(column) not in (*NUMERIC, *DATES, *TEXTS):
            raise ExportError(
                f'{path}: {column["name"]} is of dataType "{_type(column)}", which is none'
            )
    return list(columns)


def _check_rows(path: Path, rows: Any, width: int, records: Any) -> None:
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise ExportError(f"{path}: is no Dataset-JSON 1.1: rows is no list of lists")
    for number, row in enumerate(rows, 1):
        if len(row) != width:
            raise ExportError(f"{path}: row {number} has {len(row)} values for {width} columns")
    if records is not None and records != len(rows):
        raise ExportError(f"{path}: says {records} records, and has {len(rows)} rows")


def _type(column: Column) -> str:
    return str(column.get("dataType", "string"))


def _attributes(column: Column) -> Attributes:
    """Dates with a numeric targetDataType are numbers in SAS, and counted as their dataType says."""
    kind, target, length = _type(column), column.get("targetDataType"), column.get("length")
    numeric = kind in NUMERIC or (kind in DATES and target in NUMERIC)
    said = Attributes.of(
        "Num" if numeric else "Char",
        length if isinstance(length, int) else None,
        str(column.get("label") or ""),
        str(column.get("displayFormat") or ""),
    )
    date = DATES.get(kind, said.date) if numeric else "number"
    return replace(said, date=date, data_type=f"{kind} as {target}" if target else kind)


# ---------------------------------------------------------------- cells
class _Reader:
    """The cells of one column, each held against the type that the column has."""

    def __init__(self, path: Path, column: Column, said: Attributes) -> None:
        self.path, self.name, self.kind, self.said = path, column["name"], _type(column), said

    def column(self, cells: Sequence[Any]) -> tuple[pd.Series, pd.Series]:
        """Text, or numbers as SAS counts; and what is no double, by row."""
        return (
            self._numbers(cells)
            if self.said.type == "Num"
            else (self._texts(cells), pd.Series(dtype="str"))
        )

    def _texts(self, cells: Sequence[Any]) -> pd.Series:
        wanted = bool if self.kind == "boolean" else str
        self._refuse([cell is not None and type(cell) is not wanted for cell in cells], cells)
        plain = [orjson.dumps(cell).decode() if isinstance(cell, bool) else cell for cell in cells]
        return as_text(pd.Series(plain, dtype="object"))

    def _numbers(self, cells: Sequence[Any]) -> tuple[pd.Series, pd.Series]:
        """Numbers, and texts that are one: of a decimal, a date or a time."""
        allowed = (
            (str, int, float) if self.kind == "decimal" or self.kind in DATES else (int, float)
        )
        self._refuse([cell is not None and type(cell) not in allowed for cell in cells], cells)
        self._refuse([type(cell) is float and not self._kept(cell) for cell in cells], cells)
        texts = pd.Series([None if cell is None else str(cell) for cell in cells], dtype="str")
        found = numbers(texts, self.said.date)
        lost = texts.notna() & found.isna()
        whole = lost & texts.str.fullmatch(r"-?\d+(?:\.\d+)?").fillna(value=False).astype(bool)
        self._refuse(list(lost & ~whole), cells)
        return found, texts[whole]

    def _kept(self, cell: float) -> bool:
        return math.isfinite(cell) and not (self.kind == "integer" and abs(cell) >= _BEYOND)

    def _refuse(self, wrong: Sequence[bool], cells: Sequence[Any]) -> None:
        """ExportError that names the first cell that is wrong."""
        if not any(wrong):
            return
        at = int(np.argmax(wrong))
        value = orjson.dumps(cells[at]).decode()
        place = f"{self.path}: row {at + 1}, {self.name}: {value} is"
        wanted = (
            "no text" if self.said.type == "Char" and self.kind != "boolean" else f"no {self.kind}"
        )
        raise ExportError(f"{place} {wanted}")
