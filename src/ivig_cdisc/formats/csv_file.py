"""Datasets from CSV files, strictly: what is no CSV is refused with its line, and no text is another after reading."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from ..errors import RawError
from ..raw.csv_file import likely_delimiter
from .table import Attributes, Table, as_text

_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)

Row = tuple[int, list[str]]  # the line on which a record begins, and its fields


def read_csv(path: Path) -> Table:
    """A CSV file with a header, its delimiter and encoding found; an empty cell is missing, all is text.

    An empty line is a record where there is one column, and nothing where there are more.
    """
    text, facts = _text(path)
    rows = _rows(text, path.name)
    names = _names(next(rows), path.name)
    cells = list(_cells(rows, len(names), path.name))
    frame = pd.DataFrame(cells, columns=pd.Index(names), dtype="object").apply(as_text)
    frame = frame.astype("str")
    variables = dict.fromkeys(names, Attributes())
    return Table(path.name, path.stem.upper(), None, variables, frame, facts=facts)


def _text(path: Path) -> tuple[str, tuple[str, ...]]:
    """The text of a file as it stands there, and what is to be told of its encoding: UTF-8, else WLATIN1."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise RawError(f"cannot be opened: {error.strerror}", file=path.name) from error
    if not data.removeprefix(codecs.BOM_UTF8).strip():
        raise RawError("the file is empty; a header line was expected", file=path.name)
    if data.startswith(_UTF16):
        raise RawError("looks like UTF-16; save it as UTF-8", file=path.name)
    if b"\0" in data:
        raise RawError(
            "holds a NUL byte; the file is damaged",
            file=path.name,
            line=_line(data, data.index(b"\0")),
        )
    try:
        return data.decode("utf-8-sig"), ()
    except UnicodeDecodeError:
        return _wlatin1(data, path.name), (f"{path.name}: is no UTF-8, and was read as WLATIN1",)


def _wlatin1(data: bytes, file: str) -> str:
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError as error:
        reason = f"is neither UTF-8 nor WLATIN1: byte 0x{data[error.start]:02X}"
        raise RawError(reason, file=file, line=_line(data, error.start)) from error


def _line(data: bytes, byte: int) -> int:
    return len(data[:byte].splitlines()) or 1


def _rows(text: str, file: str) -> Iterator[Row]:
    """All records with the lines on which they begin."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=likely_delimiter(plain), strict=True
    )
    line = 1
    try:
        for row in reader:
            yield line, row
            line = reader.line_num + 1
    except csv.Error as error:
        reason = "a quotation mark opens here and is never closed"
        if "end of data" not in str(error):
            reason = "a quotation mark is closed where no field ends; double it within text"
        raise RawError(reason, file=file, line=line) from error


def _names(header: Row, file: str) -> list[str]:
    line, fields = header
    names = [name.strip(" ") for name in fields]
    while names and not names[-1]:
        names.pop()
    if "" in names or not names:
        raise RawError(
            f"the header has no name for column {[*names, ''].index('') + 1}", file=file, line=line
        )
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise RawError(f"the header has {', '.join(twice)} more than once", file=file, line=line)
    return names


def _cells(rows: Iterator[Row], width: int, file: str) -> Iterator[list[str]]:
    """The fields of each record; those behind the last name have to be empty."""
    for line, row in rows:
        if width > 1 and not "".join(row).strip(" ") and len(row) < 2:
            continue
        fields = row or [""]
        if len(fields) < width or any(fields[width:]):
            raise RawError(f"has {len(fields)} fields, the header {width}", file=file, line=line)
        yield fields[:width]
