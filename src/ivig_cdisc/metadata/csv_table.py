"""A CSV file of the specs as rows of text; each mistake in it at its line."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from .document import BYTES, Document
from .syntax import UnreadableError

csv.field_size_limit(2**31 - 1)  # a long text is no reason to stop
DELIMITERS = (",", ";", "\t", "|")
ENCODED = "utf-8-sig"  # with or without the mark that spreadsheets write


class CsvRow(NamedTuple):
    """One row: the line that it begins on, and its texts by column; None where a cell is empty."""

    line: int
    cells: dict[str, str | None]


def csv_rows(document: Document) -> list[CsvRow]:
    """The rows of a CSV file; what is wrong with it becomes a problem of the document.

    The delimiter is the one of , ; | and tab that makes most columns of the header. Blanks around a
    text do not count, nor do lines without any text.
    """
    try:
        lines = _lines(_text(document))
    except UnreadableError as error:
        document.complain((), str(error), line=error.line)
        return []
    if not lines:
        document.complain((), "is empty; a header line was expected")
        return []
    (at, header), *rows = lines
    names = _names(document, at, header)
    found = [_row(document, line, names, cells) for line, cells in rows]
    if not found:
        document.complain((), "has no rows below the header", line=at)
    return found


def _text(document: Document) -> str:
    file = document.file
    try:
        if file.stat().st_size > BYTES:
            raise UnreadableError(f"is larger than {BYTES // 1_000_000} MB, which no table is")
        data = file.read_bytes()
    except OSError as error:
        raise UnreadableError(f"cannot be read: {error.strerror}") from error
    try:
        return data.decode(ENCODED)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        reason = "is not UTF-8 text: save it as CSV UTF-8"
        raise UnreadableError(reason, line) from error


def _lines(text: str) -> list[tuple[int, list[str]]]:
    """All lines with any text, each with its number."""
    first = text.lstrip().partition("\n")[0]
    delimiter = max(DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    found, end = [], 0
    try:
        for cells in reader:
            start, end = end + 1, reader.line_num
            stripped = [cell.strip() for cell in cells]
            if any(stripped):
                found.append((start, stripped))
    except csv.Error as error:
        reason = "a quotation mark opens here and is not closed where a cell ends"
        raise UnreadableError(reason, end + 1) from error
    return found


def _names(document: Document, line: int, header: Sequence[str]) -> list[str]:
    """The names of the columns; empty ones at the end are none."""
    names = list(header)
    while not names[-1]:
        names.pop()
    for number, name in enumerate(names, 1):
        if not name:
            document.complain((), f"column {number} has no name", line=line)
        elif name in names[: number - 1]:
            document.complain((name,), "is a duplicate", line=line)
        _complain_of_invisible(document, line, name, name)
    return names


def _row(document: Document, line: int, names: Sequence[str], cells: Sequence[str]) -> CsvRow:
    filled = list(cells)
    while len(filled) > len(names) and not filled[-1]:
        filled.pop()
    if len(filled) != len(names):
        reason = f"has {len(filled)} cells, the header {len(names)}"
        document.complain((), reason, line=line)
    row = dict(zip(names, filled, strict=False))
    for name, text in row.items():
        _complain_of_invisible(document, line, name, text)
    return CsvRow(line, {name: text or None for name, text in row.items()})


def _complain_of_invisible(document: Document, line: int, name: str, text: str) -> None:
    for letter in _invisible(text):
        reason = f"holds U+{ord(letter):04X}, which nobody sees: leave it out"
        document.complain((name,), reason, line=line)


def _invisible(text: str) -> Iterator[str]:
    """Letters that have no width, or are control characters other than line breaks."""
    for letter in dict.fromkeys(text):
        if unicodedata.category(letter) in ("Cc", "Cf") and letter not in "\r\n":
            yield letter
