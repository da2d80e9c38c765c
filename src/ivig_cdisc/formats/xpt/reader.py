"""SAS transport files read with numpy and Arrow: every fact of the format, one column at a time.

Special missing values are kept apart from ordinary ones, and text behind a NUL is text. Only blanks
at the end of text are not kept: the format cannot tell them from those that fill up a cell.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from mmap import ACCESS_READ, mmap
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from ...errors import ExportError
from . import ibm
from .header import Member, XptVariable, decoded, parse


@dataclass(frozen=True)
class XptRows:
    """The rows of one member.

    frame     Char is str, blank is missing; Num is float64, dates as SAS counts them, missing is
              NaN of whatever kind
    special   by variable, the special missing values (".A" to ".Z", "._") by row; only variables
              that have one
    encoding  of text that is not ASCII: "utf-8", "wlatin1", or "mixed"; "ascii" where there is none
    facts     what a reader of the data should know, one sentence each
    """

    frame: pd.DataFrame
    special: dict[str, pd.Series]
    encoding: str
    facts: tuple[str, ...]


def members(path: Path) -> tuple[Member, ...]:
    """The datasets of a file, by their headers alone.

    ExportError names file, record and byte of what is wrong.
    """
    with _opened(path) as data:
        return tuple(parse(path, data))


def load(member: Member, subject: str = "") -> XptRows:
    """The rows of a member; of one subject (USUBJID) where it is named.

    The index is the number of the row in the file. Raises ExportError if the file cannot be read
    any more.
    """
    columns = {}
    with _opened(member.path) as data:
        if len(data) < member.stop:
            raise ExportError(f"{member.path}: has become shorter while it was read")
        rows = _rows_of(data, member, subject)
        for variable in member.variables:
            columns[variable.name] = _read(_cells(data, member, variable, rows), variable)
    values, special = {}, {}
    for name, column in columns.items():
        values[name] = column.values
        if len(column.special):
            special[name] = column.special
    frame = pd.DataFrame(values)
    frame.index = pd.RangeIndex(member.rows)[rows]
    return XptRows(frame, special, _encoding(columns.values()), tuple(_facts(columns)))


@contextmanager
def _opened(path: Path) -> Iterator[mmap]:
    try:
        with path.open("rb") as file:
            data = mmap(file.fileno(), 0, access=ACCESS_READ)
    except ValueError as error:  # nothing can be mapped
        raise ExportError(f"{path}: is not a SAS transport file: it is empty") from error
    except OSError as error:
        raise ExportError(f"{path}: {error.strerror}") from error
    with data:
        yield data


# ---------------------------------------------------------------- one column
@dataclass(frozen=True)
class _Column:
    values: pd.Series
    special: pd.Series
    utf8: int = 0  # distinct texts that are not ASCII, by their encoding
    wlatin1: int = 0
    nul: int = 0  # distinct texts that hold a NUL


_NUMBER = 8  # bytes of a whole one
SUBJECT = "USUBJID"
NOTHING_SPECIAL = pd.Series(dtype="str", index=pd.Index([], dtype="int64"))


Some = slice | NDArray[np.int64]  # of the rows
ALL = slice(None)


def _cells(data: mmap, member: Member, variable: XptVariable, rows: Some) -> NDArray[np.void]:
    """The bytes of one column, a copy: nothing may look into the file when it is closed."""
    kind = f"V{variable.length}"
    if not member.rows:
        return np.empty(0, kind)
    start = member.start + variable.offset
    cells: NDArray[np.void] = np.ndarray((member.rows,), kind, data, start, (member.width,))
    return cells[rows].copy()


def _rows_of(data: mmap, member: Member, subject: str) -> Some:
    """The rows with this USUBJID; all where none is named, or the dataset has no such variable."""
    if not subject:
        return ALL
    for variable in member.variables:
        if variable.name == SUBJECT:
            cells = _cells(data, member, variable, ALL)
            wanted = subject.encode().ljust(variable.length)
            return np.flatnonzero(cells == np.void(wanted))
    return ALL


def _read(cells: NDArray[np.void], variable: XptVariable) -> _Column:
    if variable.type == "Num":
        return _numbers(cells, variable.length)
    return _texts(cells, variable.length)


def _numbers(cells: NDArray[np.void], length: int) -> _Column:
    """Numbers of fewer than 8 bytes are long ones without their last bytes."""
    if length < _NUMBER:
        whole = np.zeros((len(cells), _NUMBER), np.uint8)
        whole[:, :length] = cells.view(np.uint8).reshape(-1, length)
        cells = whole.view(f"V{_NUMBER}")[:, 0]
    values, special = ibm.decode(cells.view(">u8").astype(np.uint64))
    return _Column(pd.Series(values), special)


def _texts(cells: NDArray[np.void], width: int) -> _Column:
    """Each distinct text is decoded once."""
    octets = pa.Array.from_buffers(pa.binary(width), len(cells), [None, pa.py_buffer(cells)])
    given = octets.dictionary_encode()
    terms, utf8, wlatin1 = _decoded(given.dictionary)
    nul = pc.sum(pc.match_substring(terms, "\0")).as_py() or 0
    trimmed = pc.utf8_rtrim(terms, " ")
    known = pc.if_else(pc.equal(trimmed, ""), pa.scalar(None, trimmed.type), trimmed)
    values = pd.Series(pd.arrays.ArrowStringArray(known.take(given.indices)), dtype="str")
    return _Column(values, NOTHING_SPECIAL, utf8, wlatin1, nul)


def _decoded(terms: pa.Array) -> tuple[pa.Array, int, int]:
    """Distinct texts; how many of them are UTF-8 and not ASCII, and how many are not UTF-8."""
    try:
        texts = terms.cast(pa.binary()).cast(pa.large_string())
    except pa.ArrowInvalid:
        octets = terms.to_pylist()
        texts = pa.array([decoded(each) for each in octets], pa.large_string())
        plain = sum(each.isascii() for each in octets)
        wlatin1 = sum(not _is_utf8(each) for each in octets)
        return texts, len(octets) - plain - wlatin1, wlatin1
    plain = pc.sum(pc.string_is_ascii(texts)).as_py() or 0
    return texts, len(texts) - plain, 0


def _is_utf8(octets: bytes) -> bool:
    try:
        octets.decode()
    except UnicodeDecodeError:
        return False
    return True


# ---------------------------------------------------------------- what a reader should know
def _encoding(columns: Collection[_Column]) -> str:
    utf8 = any(column.utf8 for column in columns)
    wlatin1 = any(column.wlatin1 for column in columns)
    if utf8 and wlatin1:
        return "mixed"
    if wlatin1:
        return "wlatin1"
    if utf8:
        return "utf-8"
    return "ascii"


def _facts(columns: Mapping[str, _Column]) -> Iterator[str]:
    for name, column in columns.items():
        if column.wlatin1:
            count = f"{column.wlatin1} distinct value(s)"
            yield f"{name}: {count} are not UTF-8, and were read as WLATIN1"
        if column.nul:
            yield f"{name}: {column.nul} distinct value(s) hold a NUL"
