"""Datasets as SAS XPORT version 5 files, written column by column (SAS technical note TS-140).

Rows are laid out as wide as the spec says, so that a study can be written part by part: the file is
the same byte for byte however its rows are cut. Where text turns out to be shorter in the whole
study, they are moved together at the end, in the same file. What a cell cannot keep is refused
here; `fit` makes it fit beforehand and reports it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from ...dataset import Dataset
from ...errors import ExportError
from ...metadata import DatasetSpec
from ..frames import with_lengths
from ..part_file import PartFile
from . import cells, ibm, layout, spelling

_BLOCK = 1 << 20  # bytes laid out at a time: bounds memory, and stays in the processor's cache
_BLANK = 0x20

Encoder = Callable[[slice], NDArray[Any]]


def write(dataset: Dataset, path: Path, *, cutoff: str) -> None:
    """Writes one dataset as one file; see XptFile for what is refused.

    cutoff is the data cut-off as ISO 8601 date, the moment in the header.
    """
    with XptFile(path, dataset.spec, cutoff) as file:
        file.append(dataset.frame)


class XptFile(PartFile):
    """A file that takes its rows part by part, inside a `with` block.

    Nothing is at `path` until the block ends well. ExportError says, all at once, what version 5
    cannot hold of the spec (when made) or of the cells (when appended), or that the file cannot be
    written.
    """

    def __init__(self, path: Path, spec: DatasetSpec, cutoff: str) -> None:
        super().__init__(path)
        self._spec, self._cutoff = spec, cutoff
        self._fields = layout.fields(spec)
        self._header = layout.header(spec, cutoff)
        self._row = _row(self._fields)
        self._texts = [f.variable.name for f in self._fields if f.variable.type == "Char"]
        self._longest = dict.fromkeys(self._texts, 0)
        self._lengths: Mapping[str, int] = {}
        self._size = 0
        self._ends_blank = False

    @property
    def longest(self) -> Mapping[str, int]:
        """Bytes of the longest text of each Char variable so far."""
        return self._longest

    def shorten(self, lengths: Mapping[str, int]) -> None:
        """Move the rows together when the block ends."""
        self._lengths = lengths

    def begin(self) -> None:
        """The header, which says nothing of the rows."""
        self.write(self._header)

    def append(self, frame: pd.DataFrame) -> None:
        """Writes rows in their order; missing is blank or ".".

        Columns that are not the spec's stay out.
        """
        encoders = cells.for_each(self._fields, frame, _encoder)
        for name in self._texts:
            size = cells.longest_of(frame[name], cells.text(frame[name]))
            self._longest[name] = max(self._longest[name], size)
        step = max(1, _BLOCK // self._row.itemsize)
        block = np.empty(min(step, len(frame)), self._row)
        for start in range(0, len(frame), step):
            rows = block[: len(frame) - start]
            for name, encode in encoders.items():
                rows[name] = encode(slice(start, start + len(rows)))
            self._write(rows.view(np.uint8))

    def _write(self, octets: NDArray[np.uint8]) -> None:
        self.write(octets.data)
        self._size += octets.size
        self._ends_blank = bool((octets[-self._row.itemsize :] == _BLANK).all())

    def finish(self) -> None:
        """Fill up the last record.

        The number of rows is nowhere in the file: a last row of blanks cannot be told from padding
        if it is shorter than a record, and readers drop a longer one too. No row with a key or a
        number is blank, so it is refused.
        """
        if self._ends_blank:
            reason = "the last row is blank; readers would take it for padding and lose it"
            raise ExportError(f"{self._spec.name}: {reason}")
        if self._lengths:
            self._move_together()
        self.write(layout.padding(self._size))

    def _move_together(self) -> None:
        """Write the rows again over themselves, each where the shorter ones before it end."""
        spec = with_lengths(self._spec, self._lengths)
        fields = layout.fields(spec)
        narrow, cut = _row(fields), _cut(self._fields, fields)
        step = max(1, _BLOCK // self._row.itemsize)
        read_at = write_at = len(self._header)  # which is as long with any lengths
        rows_end = read_at + self._size
        with self.writing():
            self._stream.seek(0)
            self._stream.write(layout.header(spec, self._cutoff))
            while read_at < rows_end:
                self._stream.seek(read_at)
                octets = self._stream.read(min(step * cut.itemsize, rows_end - read_at))
                rows = np.frombuffer(octets, cut).astype(narrow)
                self._stream.seek(write_at)
                self._stream.write(rows.view(np.uint8).data)
                read_at += len(octets)
                write_at += rows.nbytes
            self._stream.truncate()
        self._size = write_at - len(self._header)


def _row(fields: Sequence[layout.Field]) -> np.dtype[np.void]:
    return np.dtype([(f.variable.name, _cell_type(f)) for f in fields])


def _cut(wide: Sequence[layout.Field], narrow: Sequence[layout.Field]) -> np.dtype[np.void]:
    """Wide rows of which only the first bytes of each field are seen, as many as it is to have."""
    names = [field.variable.name for field in narrow]
    kinds = [_cell_type(field) for field in narrow]
    offsets = [field.offset for field in wide]
    size = _row(wide).itemsize
    return np.dtype({"names": names, "formats": kinds, "offsets": offsets, "itemsize": size})


def _cell_type(field: layout.Field) -> str:
    if field.variable.type == "Num":
        return ">u8"
    return f"V{field.width}"


def _encoder(column: pd.Series, field: layout.Field) -> Encoder:
    """What turns a slice of rows into the cells of one field.

    Raises ExportError if any cell does not fit.
    """
    if field.variable.type == "Num":
        return _number_encoder(column, field)
    values = cells.text(column)
    if not spelling.is_printable_ascii(values):
        raise ExportError("text is not printable ASCII; fit the dataset first")
    size = cells.longest(values)
    if size > field.width:
        reason = f"text has {size} bytes, the variable {field.width}"
        raise ExportError(f"{reason}; fit the dataset first")
    if isinstance(column.dtype, pd.CategoricalDtype):
        return _term_encoder(column, values, field.width)
    return lambda rows: _padded(values[rows], field.width)


def _term_encoder(column: pd.Series, terms: pa.Array, width: int) -> Encoder:
    """Pads each term once and takes it by code; missing has code -1, the blanks at the end."""
    blanks = _padded(pa.array([""], pa.large_string()), width)
    table = np.append(_padded(terms, width), blanks)
    codes = column.cat.codes.to_numpy()
    return lambda rows: table[codes[rows]]


def _number_encoder(column: pd.Series, field: layout.Field) -> Encoder:
    values = cells.numbers(column, field.kind)
    if cells.beyond_doubles(column).any() or not ibm.fits(values).all():
        reason = "a number is infinite or outside the range of IBM doubles"
        raise ExportError(f"{reason}; fit the dataset first")
    return lambda rows: ibm.encode(values[rows])


def _padded(values: pa.Array, width: int) -> NDArray[np.void]:
    """Text filled up with blanks to the width, which none exceeds; missing is all blanks."""
    filled = pc.ascii_rpad(pc.fill_null(values, ""), width)
    return spelling.octets(filled).view(f"V{width}")
