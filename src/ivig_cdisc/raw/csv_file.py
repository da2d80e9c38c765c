"""From the text of one CSV file to its records, each with the line it starts on.

Lines are physical lines, as an editor counts them: the header is line 1, blank lines count but are
no records, and a record with line breaks within quotes spans several. Files without quotation marks
take a fast way, others a slower one; both give the same records.
"""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from pyarrow import csv as arrow_csv

from ..errors import RawError
from .records import Records, ragged_rows, records_of, trimmed

csv.field_size_limit(2**31 - 1)  # a long text is no reason to stop
DELIMITERS = (",", ";", "\t", "|")
LOOKED_AT = 50  # lines that say what the delimiter is
_BATCH = 50_000  # records held as lists at a time
_OddRow = tuple[int, int, str]  # line, number of fields, text beyond the last name


@dataclass(frozen=True)
class Header:
    """The header of a file.

    names   of the columns
    line    on which the header ends
    fields  how many it has, with the empty ones at its end
    """

    names: tuple[str, ...]
    line: int
    fields: int


# ---------------------------------------------------------------- text to records
def likely_delimiter(text: str) -> str:
    """The delimiter by which most lines have as many fields as the header.

    Args:
        text: of the file; only its first LOOKED_AT lines are looked at.

    Returns:
        One of DELIMITERS; where several fit alike, the one that makes the most fields.
    """
    first_lines = text.split("\n", LOOKED_AT)[:LOOKED_AT]
    lines = [line for line in first_lines if line.strip()]
    return max(DELIMITERS, key=lambda mark: (*_fit(lines, mark), -DELIMITERS.index(mark)))


def _fit(lines: list[str], mark: str) -> tuple[bool, float, int]:
    widths = [len(row) for row in csv.reader(lines, delimiter=mark)]
    return widths[0] > 1, round(widths.count(widths[0]) / len(widths), 1), widths[0]


def read_header(text: str, delimiter: str, file: str) -> Header:
    """The first line that is not blank.

    Args:
        text: of the whole file; lines end with LINE FEED.
        delimiter: between the fields.
        file: its name, for errors.

    Returns:
        The header; an empty name becomes `(column 3)`, empty names at the end are no columns.

    Raises:
        RawError: where there is no header, or a quotation mark in it is not closed.
    """
    reader = csv.reader(io.StringIO(text, newline="\n"), delimiter=delimiter, strict=True)
    typed = _first_row(reader, file)
    names = [name.strip() for name in typed]
    while names and not names[-1]:
        names.pop()
    if not names:
        raise RawError("the file is empty; a header line was expected", file=file)
    for position, name in enumerate(names):
        names[position] = name or f"(column {position + 1})"
    return Header(tuple(names), reader.line_num, len(typed))


def _first_row(rows: Iterator[list[str]], file: str) -> list[str]:
    """The first row that is not blank; empty where there is none."""
    try:
        for row in rows:
            if not _blank(row):
                return row
    except csv.Error as error:
        reason = "a quotation mark in the header is not closed where a name ends"
        raise RawError(reason, file=file, line=1) from error
    return []


def read_records(text: str, header: Header, delimiter: str, file: str) -> Records:
    """All records below the header.

    Args:
        text: of the whole file; lines end with LINE FEED.
        header: of the file, see `read_header`.
        delimiter: between the fields.
        file: its name, for errors.

    Returns:
        The records, with the line each starts on as index; empty fields are missing.

    Raises:
        RawError: where a quotation mark opens and is not closed where a field ends.
    """
    return _plain_records(text, header, delimiter) or _quoted_records(text, header, delimiter, file)


def _most_fields(header: Header, widths: Collection[int], records: int) -> int:
    """How many fields a record may have if those beyond the names are empty.

    As many as the header has, or as all records have. A line that stands alone in this may have
    been shifted.
    """
    if len(widths) == 1 and records > 1:
        return max(header.fields, *widths)
    return header.fields


def _blank(row: Sequence[str]) -> bool:
    return not row or (len(row) == 1 and not row[0].strip())


# ---------------------------------------------------------------- the fast way
def _plain_records(text: str, header: Header, delimiter: str) -> Records | None:
    """The records of a text without quotes in which all lines have as many fields, or None."""
    if '"' in text or "\ufeff" in text or not delimiter.isascii():
        return None
    data = text.encode()
    lines, width, start, longest = _layout(data, delimiter, header)
    if width < 2 or not len(header.names) <= width <= _most_fields(header, {width}, len(lines)):
        return None
    columns = _split(pa.py_buffer(data).slice(start), delimiter, width, longest)
    wanted = len(header.names)
    for beyond in columns[wanted:]:
        if trimmed(beyond).null_count < len(lines):
            return None
    return records_of(lines, columns[:wanted], header.names)


def _layout(data: bytes, delimiter: str, header: Header) -> tuple[np.ndarray, int, int, int]:
    """Where the records are: their lines, how many fields, the first byte, the longest line.

    The number of fields is 0 where it is not the same for all.
    """
    characters = np.frombuffer(data, np.uint8)
    ends = np.flatnonzero(characters == ord("\n"))
    if not data.endswith(b"\n"):
        ends = np.append(ends, len(data))
    lengths = np.diff(ends, prepend=-1) - 1
    marks = np.flatnonzero(characters == ord(delimiter))
    widths = np.bincount(np.searchsorted(ends, marks), minlength=len(ends)) + 1
    below = header.line + np.flatnonzero(lengths[header.line :])
    found = np.unique(widths[below])
    width = int(found[0]) if len(found) == 1 else 0
    first_byte = int(ends[header.line - 1]) + 1
    return below + 1, width, first_byte, int(lengths.max())


def _split(data: pa.Buffer, delimiter: str, width: int, longest: int) -> list[pa.ChunkedArray]:
    names = list(map(str, range(width)))
    table = arrow_csv.read_csv(
        pa.BufferReader(data),
        arrow_csv.ReadOptions(column_names=names, block_size=max(1 << 22, 2 * longest)),
        arrow_csv.ParseOptions(delimiter=delimiter, quote_char=False, double_quote=False),
        arrow_csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
        ),
    )
    columns: list[pa.ChunkedArray] = table.columns
    return columns


# ---------------------------------------------------------------- the way for quoted text
def _quoted_records(text: str, header: Header, delimiter: str, file: str) -> Records:
    width = len(header.names)
    lines: list[int] = []
    odd: list[_OddRow] = []
    widths: set[int] = set()
    misquoted: list[int] = []
    batches = [[pa.array([], pa.string())] * width]
    numbered = _rows(text, header, delimiter, file, misquoted)
    while batch := list(itertools.islice(numbered, _BATCH)):
        starts, rows = zip(*batch, strict=True)
        lines += starts
        widths.update(map(len, rows))
        odd += _odd(batch, width, delimiter)
        batches.append(_columns(rows, width))
    columns = [pa.chunked_array(list(chunks)) for chunks in zip(*batches, strict=True)]
    most = _most_fields(header, widths, len(lines))
    ragged = [row for row in odd if not width <= row[1] <= most or row[2]]
    index = np.array(lines, "int64")
    return records_of(index, columns, header.names, ragged_rows(ragged), misquoted)


def _columns(rows: Sequence[list[str]], width: int) -> list[pa.Array]:
    squared = list(rows)
    for position, row in enumerate(rows):
        if len(row) != width:
            squared[position] = (row + [""] * width)[:width]
    return [pa.array(column, pa.string()) for column in zip(*squared, strict=True)]


def _odd(rows: Sequence[tuple[int, list[str]]], width: int, delimiter: str) -> Iterator[_OddRow]:
    """Records that have another number of fields than the header has names."""
    for line, row in rows:
        if len(row) != width:
            surplus = [field.strip() for field in row[width:]]
            if not any(surplus):
                surplus = []
            yield line, len(row), delimiter.join(surplus)


def _rows(
    text: str, header: Header, delimiter: str, file: str, misquoted: list[int]
) -> Iterator[tuple[int, list[str]]]:
    """Records with the line each starts on; lines that are misquoted are noted in passing."""
    lines = io.StringIO(text, newline="\n").readlines()
    below = itertools.islice(lines, header.line, None)
    reader = csv.reader(below, delimiter=delimiter, strict=True)
    end = header.line
    while True:
        try:
            for row in reader:
                start, end = end + 1, reader.line_num + header.line
                if not _blank(row):
                    yield start, row
            return
        except csv.Error as error:
            start, end = end + 1, reader.line_num + header.line
            if start < end or "end of data" in str(error):
                raise _unclosed(lines[start - 1 : end], start, delimiter, file, error) from error
            misquoted.append(start)
            yield start, next(csv.reader([lines[start - 1]], delimiter=delimiter))


def _unclosed(
    lines: Sequence[str], start: int, delimiter: str, file: str, error: csv.Error
) -> RawError:
    """The error for a quote that opens in a record and is not closed where a field ends."""
    text, mark = "".join(lines), re.escape(delimiter)
    fields = re.compile(rf'(?:(?:"(?:[^"]|"")*+"|[^"{mark}\n][^{mark}\n]*+|){mark})*+')
    line = start
    if whole := fields.match(text):
        line += text.count("\n", 0, whole.end())
    if "end of data" in str(error):
        return RawError("a quotation mark opens here and is never closed", file=file, line=line)
    last = start + len(lines) - 1
    where = f"closes on line {last} in the middle of text; close it or double it"
    return RawError(f"a quotation mark opens here and {where}", file=file, line=line)
