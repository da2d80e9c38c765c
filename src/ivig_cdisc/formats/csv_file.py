"""Datasets as CSV files.

They are read strictly: what is no CSV is refused with its line, and no text is another after
reading.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from ..dataset import Dataset
from ..errors import ExportError, RawError
from ..findings import gather
from ..metadata import DatasetSpec, Variable
from ..raw.csv_file import likely_delimiter
from .fitting import fit_nul, fit_numbers
from .frames import as_written, column_of, file_variables, of_subject
from .part_file import PartFile
from .protocol import Facts, Writer
from .table import Attributes, Table, as_text, repeated
from .values import numbers, written
from .xpt.cells import numbers as sas_numbers

_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)

Row = tuple[int, list[str]]  # the line on which a record begins, and its fields


def read_csv(path: Path, delimiter: str = "") -> Table:
    """A CSV file with a header; an empty cell is missing, all is text.

    An empty line is a record where there is one column, and nothing where there are more. The
    encoding is found, and so is the delimiter if none is given.
    """
    text, facts = _text(path)
    rows = _rows(text, path.name, delimiter)
    names = _names(next(rows), path.name)
    cells = list(_cells(rows, len(names), path.name))
    frame = pd.DataFrame(cells, columns=pd.Index(names), dtype="object").apply(as_text)
    frame = frame.astype("str")
    variables = dict.fromkeys(names, Attributes())
    return Table(path.name, path.stem.upper(), None, variables, frame, facts=facts)


def _text(path: Path) -> tuple[str, tuple[str, ...]]:
    """The text of a file as it stands there, and what a reader should know of its encoding.

    UTF-8, else WLATIN1.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise RawError(f"cannot be opened: {error.strerror}", file=path.name) from error
    if not data.removeprefix(codecs.BOM_UTF8).strip():
        raise RawError("the file is empty; a header line was expected", file=path.name)
    if data.startswith(_UTF16):
        raise RawError("looks like UTF-16; save it as UTF-8", file=path.name)
    if b"\0" in data:
        line = _line(data, data.index(b"\0"))
        raise RawError("holds a NUL byte; the file is damaged", file=path.name, line=line)
    try:
        return data.decode("utf-8-sig"), ()
    except UnicodeDecodeError:
        return _wlatin1(data, path.name), (f"{path.name}: is not UTF-8, and was read as WLATIN1",)


def _wlatin1(data: bytes, file: str) -> str:
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError as error:
        reason = f"is neither UTF-8 nor WLATIN1: byte 0x{data[error.start]:02X}"
        raise RawError(reason, file=file, line=_line(data, error.start)) from error


def _line(data: bytes, byte: int) -> int:
    return len(data[:byte].splitlines()) or 1


def _rows(text: str, file: str, delimiter: str) -> Iterator[Row]:
    """All records with the lines on which they begin."""
    between = delimiter or _likely_delimiter(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=between, strict=True)
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


def _likely_delimiter(text: str) -> str:
    return likely_delimiter(text.replace("\r\n", "\n").replace("\r", "\n"))


def _names(header: Row, file: str) -> list[str]:
    line, fields = header
    names = [name.strip(" ") for name in fields]
    while names and not names[-1]:
        names.pop()
    if "" in names or not names:
        column = [*names, ""].index("") + 1
        raise RawError(f"the header has no name for column {column}", file=file, line=line)
    if twice := repeated(names):
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


# ---------------------------------------------------------------- written
class Csv:
    """Datasets as CSV (RFC 4180).

    UTF-8, a header, CR LF behind each record, dates and times as ISO 8601.
    """

    name = "csv"
    suffix = ".csv"
    keeps_text = True
    rules = "CSV-"

    def fit(self, dataset: Dataset) -> tuple[Dataset, pd.DataFrame]:
        """A number that is no finite double becomes missing, a NUL a blank.

        Rules: CSV-RANGE and CSV-CONTROL.
        """
        held, beyond = fit_numbers(dataset, "CSV-RANGE")
        held, nul = fit_nul(held, "CSV-CONTROL")
        return held, gather([beyond, nul])

    def as_held(self, texts: pd.Series) -> pd.Series:
        """The same texts."""
        return texts

    def write(self, path: Path, spec: DatasetSpec, _facts: Facts, /) -> Writer:
        """A new file; it says nothing of the study."""
        return CsvFile(path, spec)

    def read(self, path: Path, spec: DatasetSpec, subject: str = "") -> pd.DataFrame:
        """The records of a file; ExportError where a number of the spec is none in the file."""
        cells = read_csv(path, delimiter=",").frame
        for variable in file_variables(spec):
            if variable.type == "Num" and variable.name in cells:
                cells[variable.name] = _counts(cells[variable.name], variable, path)
        return of_subject(as_written(cells, spec, path), subject)


class CsvFile(PartFile):
    """A CSV file, written inside a `with` block."""

    def __init__(self, path: Path, spec: DatasetSpec) -> None:
        super().__init__(path)
        self._dataset, self._variables = spec.name, file_variables(spec)

    def begin(self) -> None:
        """The header."""
        names = [variable.name for variable in self._variables]
        self._write(pd.DataFrame(columns=names), header=True)

    def append(self, frame: pd.DataFrame) -> None:
        """Write records in their order; missing is an empty field."""
        cells = {v.name: self._texts(frame, v) for v in self._variables}
        self._write(pd.DataFrame(cells), header=False)

    def _texts(self, frame: pd.DataFrame, variable: Variable) -> pd.Series:
        column = column_of(frame, variable, self._dataset)
        if variable.type == "Char":
            return column.astype("str")
        counts = sas_numbers(column, variable.kind)
        return written(pd.Series(counts, column.index), variable.kind)

    def _write(self, cells: pd.DataFrame, *, header: bool) -> None:
        text = cells.to_csv(index=False, header=header, lineterminator="\r\n")
        self.write(text.encode())


def _counts(texts: pd.Series, variable: Variable, path: Path) -> pd.Series:
    """Numbers of a column of text; dates and times as SAS counts them."""
    found = numbers(texts, variable.kind)
    wrong = texts.notna() & found.isna()
    if wrong.any():
        row = int(wrong.to_numpy().argmax())
        value = texts.iloc[row]
        raise ExportError(f'{path}: record {row + 1}, {variable.name}: "{value}" is not a number')
    return found
