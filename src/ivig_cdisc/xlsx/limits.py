"""What a workbook never is: huge, or spread over a sheet of Excel. Refused before it costs memory.

A few kilobytes can unfold to gigabytes: a part of the archive that packs well, or one cell or
merged range in the last corner of a sheet. So the parts are looked through piece by piece before
the workbook is opened.
"""

from __future__ import annotations

import zipfile
import zlib
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from xml.parsers import expat

from ..errors import ExportError
from .reading import column_letter, range_boundaries

MEGABYTE = 1 << 20
EXCEL_ROWS, EXCEL_COLUMNS = 1_048_576, 16_384
PIECE = 1 << 16
DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)
ENCODING = (LookupError, ValueError)  # what expat raises for one that it cannot read


@dataclass(frozen=True)
class Limits:
    """The most that a workbook of one kind has.

    of                what the workbook holds, for what is said
    packed, unpacked  bytes of the file, and of all of its parts together
    rows, columns     where a sheet ends
    area              of a sheet, rows by columns, as far as there are cells: so many are held
    cells             of all sheets; what has a format and no value is a cell, too
    """

    of: str
    packed: int
    unpacked: int
    parts: int
    sheets: int
    rows: int
    columns: int
    area: int
    cells: int

    def measure(self, file: Path, found: int, most: int, what: str) -> None:
        """Raises ExportError if more of something is found than there may be."""
        if found > most:
            reason = f"has {found} {what}; a workbook of {self.of} has at most {most}"
            raise ExportError(f"{file} {reason}")


SPECS = Limits(
    of="specs",
    packed=16 * MEGABYTE,
    unpacked=32 * MEGABYTE,
    parts=1_000,
    sheets=64,
    rows=20_000,
    columns=256,
    area=20_000 * 256,
    cells=1_000_000,
)
FINDINGS = Limits(  # a sheet for each site, and as many rows as there are queries
    of="findings",
    packed=64 * MEGABYTE,
    unpacked=256 * MEGABYTE,
    parts=10_000,
    sheets=4_000,
    rows=EXCEL_ROWS,
    columns=256,
    area=12_000_000,
    cells=12_000_000,
)


def refuse(file: Path, limits: Limits) -> None:
    """Raises ExportError, in one sentence, for a workbook beyond a limit.

    Or for one with parts that are no XML. What is no archive at all, or a damaged one, is left to
    the reader of workbooks.
    """
    with suppress(*DAMAGE, OSError), zipfile.ZipFile(file) as book:
        _refuse_size(file, book.infolist(), limits)
        scan = Scan(file, limits)
        for part in book.infolist():
            with suppress(*DAMAGE), book.open(part) as content:
                scan.look_through(part.filename, content)


def _refuse_size(file: Path, parts: list[zipfile.ZipInfo], limits: Limits) -> None:
    limits.measure(file, file.stat().st_size, limits.packed, "bytes")
    limits.measure(file, len(parts), limits.parts, "parts")
    unpacked = sum(part.file_size for part in parts)
    limits.measure(file, unpacked, limits.unpacked, "bytes when unpacked")
    for part in parts:
        if part.filename.casefold().startswith("xl/externallinks/"):
            cure = "break the links, so that values stay"
            raise ExportError(f"{file} is linked to other workbooks ({part.filename}); {cure}")


@dataclass
class Scan:
    """One pass over the parts of a workbook, with what has been seen so far."""

    file: Path
    limits: Limits
    part: str = ""
    sheets: int = 0
    cells: int = 0
    row: int = 0
    column: int = 0
    bottom: int = 0
    right: int = 0

    def look_through(self, part: str, content: IO[bytes]) -> None:
        """Each element of a part.

        A picture, or another part that is no XML, ends it without a word.
        """
        self.part, self.row, self.bottom, self.right = part, 0, 0, 0
        parser = expat.ParserCreate()
        parser.StartElementHandler = self._element
        parser.StartDoctypeDeclHandler = self._doctype
        try:
            while piece := content.read(PIECE):
                parser.Parse(piece, False)
        except (expat.ExpatError, *ENCODING) as error:
            if part.endswith((".xml", ".rels")):
                reason = f"cannot be read as an Excel workbook: {part}: {error}"
                raise ExportError(f"{self.file} {reason}") from error

    def _doctype(self, *_: object) -> None:
        raise ExportError(f"{self.file} has a DOCTYPE in {self.part}; no workbook has one")

    def _element(self, name: str, given: dict[str, str]) -> None:
        kind = name.rpartition(":")[2]
        if kind == "sheet":
            self.sheets += 1
            self.limits.measure(self.file, self.sheets, self.limits.sheets, "sheets or more")
        elif kind == "row":
            self._next_row(given.get("r", ""))
        elif kind == "c":
            self._next_cell(given.get("r", ""))
        elif kind in ("mergeCell", "hyperlink"):
            self._range(given.get("ref", ""))

    # ------------------------------------------------------------ places; without one: the next
    def _next_row(self, number: str) -> None:
        self.row, self.column = self.row + 1, 0
        with suppress(ValueError, OverflowError):
            self.row = int(float(number))

    def _next_cell(self, place: str) -> None:
        self.column += 1
        bounds = _bounds(place)
        if bounds:
            self.column, self.row = bounds[:2]
        self._count(self.column, self.row, 1)

    def _range(self, place: str) -> None:
        bounds = _bounds(place)
        if bounds:
            left, top, right, bottom = bounds
            self._count(right, bottom, (right - left + 1) * (bottom - top + 1))

    def _count(self, column: int, row: int, cells: int) -> None:
        limits = self.limits
        if row > limits.rows or column > limits.columns:
            place = f"in column {column} and row {row} of {self.part}"
            end = f"column {column_letter(limits.columns)} and row {limits.rows}"
            reason = f"has a cell {place}; a sheet of {limits.of} ends at {end}"
            raise ExportError(f"{self.file} {reason}")
        self.cells += cells
        self.bottom, self.right = max(self.bottom, row), max(self.right, column)
        area = self.bottom * self.right
        limits.measure(self.file, self.cells, limits.cells, "cells or more")
        limits.measure(self.file, area, limits.area, f"cells or more in {self.part}")


def _bounds(place: str) -> tuple[int, int, int, int] | None:
    """Left, top, right and bottom; a whole column or row goes to the end.

    None where it is no place.
    """
    try:
        left, top, right, bottom = range_boundaries(place)
    except ValueError:
        return None
    if left is None and top is None:
        return None
    return left or 1, top or 1, right or EXCEL_COLUMNS, bottom or EXCEL_ROWS
