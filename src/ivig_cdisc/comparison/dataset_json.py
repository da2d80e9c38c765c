"""Datasets from Dataset-JSON 1.1: one JSON document, or NDJSON with the metadata on the first line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import orjson
import pandas as pd

from ..errors import ExportError
from ..spec import Kind
from .table import Attributes, Table, cleaned, numbers

NUMERIC = ("integer", "float", "double", "decimal")
DATES: dict[str, Kind] = {"date": "date", "datetime": "datetime", "time": "time"}


def read_json(path: Path) -> Table:
    """The dataset of a .json file; ExportError where it is no Dataset-JSON."""
    content = _parsed(path, path.read_bytes())
    return _table(path, content, content.get("rows", []) if isinstance(content, dict) else [])


def read_ndjson(path: Path) -> Table:
    """The dataset of a .ndjson file; ExportError where it is no Dataset-JSON."""
    lines = [line for line in path.read_bytes().split(b"\n") if line.strip()]
    parsed = [_parsed(path, line) for line in lines]
    return _table(path, parsed[0] if parsed else None, parsed[1:])


def _parsed(path: Path, data: bytes) -> Any:
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise ExportError(f"{path}: is no JSON: {error}") from error


def _table(path: Path, head: Any, rows: Any) -> Table:
    columns = head.get("columns") if isinstance(head, dict) else None
    if not isinstance(columns, list) or not all(isinstance(c, dict) and "name" in c for c in columns) or not columns:
        raise ExportError(f"{path}: is no Dataset-JSON 1.1: it has no columns with names")
    names = [str(column["name"]) for column in columns]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise ExportError(f"{path}: has {', '.join(twice)} more than once")
    _check_rows(path, rows, len(names))
    variables = {name: _attributes(column) for name, column in zip(names, columns, strict=True)}
    raw = pd.DataFrame(rows, columns=pd.Index(names), dtype="object")
    frame = pd.DataFrame({n: _column(raw[n], variables[n], DATES.get(_type(c))) for n, c in _pairs(names, columns)})
    keyed = sorted((c["keySequence"], c["name"]) for c in columns if isinstance(c.get("keySequence"), int))
    return Table(path.name, path.stem.upper(), str(head.get("label", "")), variables, frame, tuple(n for _, n in keyed))


def _pairs(names: Sequence[str], columns: Sequence[Mapping[str, Any]]) -> list[tuple[str, Mapping[str, Any]]]:
    return list(zip(names, columns, strict=True))


def _check_rows(path: Path, rows: Any, width: int) -> None:
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise ExportError(f"{path}: is no Dataset-JSON 1.1: rows is no list of lists")
    for number, row in enumerate(rows, 1):
        if len(row) != width:
            raise ExportError(f"{path}: row {number} has {len(row)} values for {width} columns")


def _type(column: Mapping[str, Any]) -> str:
    return str(column.get("dataType", "string"))


def _attributes(column: Mapping[str, Any]) -> Attributes:
    """Dates with a numeric targetDataType are numbers in SAS, and counted as their dataType says."""
    kind = _type(column)
    numeric = kind in NUMERIC or (kind in DATES and column.get("targetDataType") in NUMERIC)
    length = column.get("length")
    said = Attributes.of(
        "Num" if numeric else "Char",
        length if isinstance(length, int) else None,
        str(column.get("label", "")),
        str(column.get("displayFormat") or ""),
    )
    return Attributes(
        said.type, said.length, said.label, said.format, DATES.get(kind, said.date) if numeric else "number"
    )


def _column(values: pd.Series, said: Attributes, date: Kind | None) -> pd.Series:
    """Num as SAS counts, Char as text; true and false are text."""
    if said.type == "Num":
        return numbers(values.where(values.notna(), None), date or "number")
    texts = values.map(
        lambda value: value if isinstance(value, str) else orjson.dumps(value).decode(), na_action="ignore"
    )
    return cleaned(texts)
