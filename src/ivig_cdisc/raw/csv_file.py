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


@dataclass(frozen=True)
class Header:
    """The names of the columns, the line on which the header ends, and its fields with the empty ones at its end."""

    names: tuple[str, ...]
    line: int
    fields: int


# ---------------------------------------------------------------- text to records
def likely_delimiter(text: str) -> str:
    """The delimiter by which most lines have as many fields as the header; of these, that with the most fields."""
    lines = [line for line in text.split("\n", LOOKED_AT)[:LOOKED_AT] if line.strip()]
    return max(DELIMITERS, key=lambda mark: (*_fit(lines, mark), -DELIMITERS.index(mark)))


def _fit(lines: list[str], mark: str) -> tuple[bool, float, int]:
    widths = [len(row) for row in csv.reader(lines, delimiter=mark)]
    return widths[0] > 1, round(widths.count(widths[0]) / len(widths), 1), widths[0]


def read_header(text: str, delimiter: str, file: str) -> Header:
    """The first line that is not blank; an empty name becomes `(column 3)`, empty names at the end are no columns."""
    reader = csv.reader(io.StringIO(text, newline="\n"), delimiter=delimiter, strict=True)
    try:
        typed = next((row for row in reader if not _blank(row)), [])
    except csv.Error as error:
        raise RawError(
            "a quotation mark in the header is not closed where a name ends", file=file, line=1
        ) from error
    names = [name.strip() for name in typed]
    fields = len(names)
    while names and not names[-1]:
        names.pop()
    if not names:
        raise RawError("the file is empty; a header line was expected", file=file)
    return Header(
        tuple(name or f"(column {n})" for n, name in enumerate(names, 1)), reader.line_num, fields
    )


def read_records(text: str, header: Header, delimiter: str, file: str) -> Records:
    """All records below the header."""
    return _plain_records(text, header, delimiter) or _quoted_records(text, header, delimiter, file)


def _most_fields(header: Header, widths: Collection[int], records: int) -> int:
    """How many fields a record may have if those beyond the names are empty.

    As many as the header has, or as all records have. A line that stands alone in this may have
    been shifted.
    """
    return max(header.fields, *widths) if len(widths) == 1 and records > 1 else header.fields


def _blank(row: Sequence[str]) -> bool:
    return not row or (len(row) == 1 and not row[0].strip())


# ---------------------------------------------------------------- the fast way
def _plain_records(text: str, header: Header, delimiter: str) -> Records | None:
    """The records of a text without quotes in which all lines have the same number of fields, or None."""
    if '"' in text or "\ufeff" in text or not delimiter.isascii():
        return None
    data = text.encode()
    lines, width, start, longest = _layout(data, delimiter, header)
    if width < 2 or not len(header.names) <= width <= _most_fields(header, {width}, len(lines)):
        return None
    columns = _split(pa.py_buffer(data).slice(start), delimiter, width, longest)
    if any(trimmed(column).null_count < len(lines) for column in columns[len(header.names) :]):
        return None
    return records_of(lines, columns[: len(header.names)], header.names)


def _layout(data: bytes, delimiter: str, header: Header) -> tuple[np.ndarray, int, int, int]:
    """Lines of the records, their number of fields (0: not the same for all), first byte and longest line."""
    characters = np.frombuffer(data, np.uint8)
    ends = np.flatnonzero(characters == ord("\n"))
    if not data.endswith(b"\n"):
        ends = np.append(ends, len(data))
    lengths = np.diff(ends, prepend=-1) - 1
    marks = np.flatnonzero(characters == ord(delimiter))
    widths = np.bincount(np.searchsorted(ends, marks), minlength=len(ends)) + 1
    below = header.line + np.flatnonzero(lengths[header.line :])
    found = np.unique(widths[below])
    return (
        below + 1,
        int(found[0]) if len(found) == 1 else 0,
        int(ends[header.line - 1]) + 1,
        int(lengths.max()),
    )


def _split(data: pa.Buffer, delimiter: str, width: int, longest: int) -> list[pa.ChunkedArray]:
    names = [str(n) for n in range(width)]
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
    odd: list[tuple[int, int, str]] = []
    widths: set[int] = set()
    misquoted: list[int] = []
    parts = [[pa.array([], pa.string())] * width]
    rows = _rows(text, header, delimiter, file, misquoted)
    while batch := list(itertools.islice(rows, _BATCH)):
        lines += [line for line, _ in batch]
        widths |= {len(row) for _, row in batch}
        odd += _odd(batch, width, delimiter)
        parts.append(_columns(batch, width))
    columns = [pa.chunked_array(list(chunks)) for chunks in zip(*parts, strict=True)]
    most = _most_fields(header, widths, len(lines))
    ragged = [one for one in odd if not width <= one[1] <= most or one[2]]
    return records_of(
        np.array(lines, "int64"), columns, header.names, ragged_rows(ragged), misquoted
    )


def _columns(rows: Sequence[tuple[int, list[str]]], width: int) -> list[pa.Array]:
    squared = [row if len(row) == width else (row + [""] * width)[:width] for _, row in rows]
    return [pa.array(column, pa.string()) for column in zip(*squared, strict=True)]


def _odd(
    rows: Sequence[tuple[int, list[str]]], width: int, delimiter: str
) -> Iterator[tuple[int, int, str]]:
    """Records that have another number of fields than the header has names, with the text beyond the last."""
    for line, row in rows:
        if len(row) != width:
            extra = [field.strip() for field in row[width:]]
            yield line, len(row), delimiter.join(extra) if any(extra) else ""


def _rows(
    text: str, header: Header, delimiter: str, file: str, misquoted: list[int]
) -> Iterator[tuple[int, list[str]]]:
    """Records with the line each starts on; lines that are misquoted are noted in passing."""
    lines = io.StringIO(text, newline="\n").readlines()
    reader = csv.reader(
        itertools.islice(lines, header.line, None), delimiter=delimiter, strict=True
    )
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
    whole = fields.match(text)
    line = start + text.count("\n", 0, whole.end() if whole else 0)
    if "end of data" in str(error):
        return RawError("a quotation mark opens here and is never closed", file=file, line=line)
    last = start + len(lines) - 1
    reason = f"a quotation mark opens here and closes on line {last} in the middle of text; close it or double it"
    return RawError(reason, file=file, line=line)
