"""What the headers of a SAS transport file say.

Source: SAS technical note TS-140 for version 5, its successor for version 8.

A file is records of 80 bytes. A library has members, one dataset each: a description, one
descriptor per variable (NAMESTR, 140 bytes, on VAX 136) and the rows, packed one after another up
to the next member or the end.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from mmap import mmap
from pathlib import Path

from ...errors import ExportError
from ..table import repeated
from .layout import RECORD

MARK = b"HEADER RECORD*******"
_VERSIONS = {b"MEMBER": 5, b"MEMBV8": 8}
_DESCRIPTOR = struct.Struct(">hhhh8s40s8shhh2s8shhl52s")
_DESCRIPTOR_SIZES = (136, 140)
_TYPES = {1: ("Num", 2, 8), 2: ("Char", 1, 2**15 - 1)}  # with the shortest and longest length
_WIDEST_ROW = 2**31 - 1


@dataclass(frozen=True)
class _Titles:
    """The names of the header records of a version, and the bytes of a dataset's name."""

    description: bytes
    variables: bytes
    rows: bytes
    name: int


_TITLES = {
    5: _Titles(b"DSCRPTR", b"NAMESTR", b"OBS", 8),
    8: _Titles(b"DSCPTV8", b"NAMSTV8", b"OBSV8", 32),
}


@dataclass(frozen=True)
class XptVariable:
    """One variable as its descriptor says it.

    format and informat are name, width and decimals, as DATE9 or 8.2.
    """

    name: str
    label: str
    type: str  # Char or Num
    length: int  # bytes
    offset: int  # bytes from the start of the row
    format: str
    informat: str


@dataclass(frozen=True)
class Member:
    """One dataset of a file: what is said of it, and where its rows are.

    created and modified are as SAS writes them, ddMMMyy:hh:mm:ss. start and stop are bytes of the
    file; rows is how many there are, without the blanks that fill up the last record.
    """

    path: Path
    version: int  # of the format: 5 or 8
    name: str
    label: str
    kind: str
    sas: str
    system: str
    created: str
    modified: str
    variables: tuple[XptVariable, ...]
    width: int  # bytes of a row
    start: int
    stop: int
    rows: int


def decoded(octets: bytes) -> str:
    """Text of a transport file, which does not say its encoding.

    UTF-8 where it is that, else WLATIN1.

    The five bytes that WLATIN1 leaves free become the control characters of Latin-1, so that no two
    texts are the same.
    """
    try:
        return octets.decode()
    except UnicodeDecodeError:
        return "".join(bytes([octet]).decode("cp1252", "ignore") or chr(octet) for octet in octets)


def parse(path: Path, data: mmap) -> Iterator[Member]:
    """All members of a file, without looking at their rows.

    ExportError names file, record and byte.
    """
    at = _Place(path, data)
    if not data[: len(MARK) + 8].startswith((MARK + b"LIBRARY ", MARK + b"LIBV8   ")):
        reason = "it does not begin with a library header"
        raise ExportError(f"{path}: is not a SAS transport file: {reason}")
    at.take(3 * RECORD, "the library header")
    at.expect(tuple(_VERSIONS), "the header of a member")
    while at.byte < len(data):
        yield _member(at)


class _Place:
    """Where in the file the parser is."""

    def __init__(self, path: Path, data: mmap) -> None:
        self.path, self.data, self.byte = path, data, 0

    def error(self, reason: str, byte: int | None = None) -> ExportError:
        if byte is None:
            byte = self.byte
        return ExportError(f"{self.path}: record {byte // RECORD + 1}, byte {byte + 1}: {reason}")

    def take(self, size: int, what: str) -> bytes:
        if self.byte + size > len(self.data):
            raise self.error(f"the file ends in the middle of {what}", len(self.data))
        self.byte += size
        return self.data[self.byte - size : self.byte]

    def title(self) -> bytes:
        """The name of the header record that is next, if one is."""
        record = self.data[self.byte : self.byte + RECORD]
        if record.startswith(MARK):
            return record[20:28].strip()
        return b""

    def expect(self, names: tuple[bytes, ...], what: str) -> None:
        if self.byte >= len(self.data):
            raise self.error(f"the file ends before {what}")
        if self.title() not in names:
            raise self.error(f"{what} was expected")

    def header(self, name: bytes, what: str) -> bytes:
        """A header record of this name: what stands behind the name."""
        self.expect((name,), what)
        return self.take(RECORD, what)[48:]

    def number(self, digits: bytes, what: str) -> int:
        if not digits.strip().isdigit():
            raise self.error(f"{what} is not a number", self.byte - RECORD)
        return int(digits)


# ---------------------------------------------------------------- one member
def _member(at: _Place) -> Member:
    at.expect(tuple(_VERSIONS), "the header of a member")
    version = _VERSIONS[at.title()]
    titles = _TITLES[version]
    digits = at.take(RECORD, "the header of a member")[48:]
    size = at.number(digits[26:30], "the size of a descriptor")
    if size not in _DESCRIPTOR_SIZES:
        raise at.error(f"descriptors of {size} bytes; 140 or 136 were expected", at.byte - RECORD)
    at.header(titles.description, "the description of the dataset")
    said = _description(at, titles.name)
    variables = _variables(at, version, size)
    digits = at.header(titles.rows, "the header of the rows")[:15]
    start, stop = at.byte, _end(at)
    width = _width(at, said["name"], variables)
    known = None
    if version == 8 and digits.strip():
        known = at.number(digits, "the number of rows")
    count = _count(at, said["name"], width, start, stop, known)
    at.byte = stop
    return Member(
        path=at.path,
        version=version,
        variables=variables,
        width=width,
        start=start,
        stop=stop,
        rows=count,
        **said,
    )


def _description(at: _Place, size: int) -> dict[str, str]:
    """What is said of a dataset whose name takes so many bytes."""
    first = at.take(RECORD, "the description of the dataset")
    second = at.take(RECORD, "the description of the dataset")
    rest = first[8 + size :]
    said = {
        "name": first[8 : 8 + size],
        "kind": second[72:80],
        "label": second[32:72],
        "sas": rest[8:16],
        "system": rest[16:24],
        "created": first[64:80],
        "modified": second[:16],
    }
    return {fact: _text(octets) for fact, octets in said.items()}


def _text(octets: bytes) -> str:
    return decoded(octets).rstrip(" \0")


def _variables(at: _Place, version: int, size: int) -> tuple[XptVariable, ...]:
    digits = at.header(_TITLES[version].variables, "the header of the variables")
    count = at.number(digits[:10], "the number of variables")
    if not count:
        raise at.error("the dataset has no variable", at.byte - RECORD)
    start = at.byte
    octets = at.take(count * size, "the descriptors of the variables")
    found = []
    for byte in range(0, len(octets), size):
        found.append(_variable(at, start + byte, octets[byte : byte + size], version))
    at.take(-len(octets) % RECORD, "the descriptors of the variables")
    if version == 8 and at.title() in (b"LABELV8", b"LABELV9"):
        found = _long_labels(at, found)
    if twice := repeated(variable.name for variable in found):
        raise at.error(f"the dataset has {', '.join(twice)} more than once", start)
    return tuple(found)


def _variable(at: _Place, byte: int, octets: bytes, version: int) -> XptVariable:
    facts = _DESCRIPTOR.unpack(octets.ljust(_DESCRIPTOR.size))
    kind, _, length, _, name, label, shown, *rest = facts
    width, decimals, _, _, read, read_width, read_decimals, offset, more = rest
    called = _text(name)
    if version == 8:
        called = _text(more[:32]) or called
    if not called:
        raise at.error("a variable has no name", byte)
    if kind not in _TYPES:
        reason = f"{called} is of type {kind}; 1 for numbers or 2 for text was expected"
        raise at.error(reason, byte)
    data_type, shortest, longest = _TYPES[kind]
    if not shortest <= length <= longest:
        expected = f"{shortest} to {longest} were expected"
        raise at.error(f"{called} has a length of {length} bytes; {expected}", byte)
    return XptVariable(
        name=called,
        label=_text(label),
        type=data_type,
        length=length,
        offset=offset,
        format=_display(shown, width, decimals),
        informat=_display(read, read_width, read_decimals),
    )


def _display(name: bytes, width: int, decimals: int) -> str:
    display = _text(name)
    if width > 0:
        display += str(width)
    if decimals > 0:
        display += f".{decimals}"
    return display


def _long_labels(at: _Place, found: list[XptVariable]) -> list[XptVariable]:
    """The variables with what stands by itself.

    Labels of more than 40 bytes, and formats of more than 8.
    """
    fields = 3 if at.title() == b"LABELV8" else 5
    count = at.number(at.take(RECORD, "the long labels")[48:], "the number of long labels")
    known, start = dict(enumerate(found, 1)), at.byte
    for _ in range(min(count, len(found))):
        number, *sizes = struct.unpack(f">{fields}H", at.take(2 * fields, "the long labels"))
        texts = [_text(at.take(size, "the long labels")) for size in sizes]
        if number not in known:
            raise at.error(f"a long label is for variable {number} of {len(found)}", start)
        known[number] = _relabelled(known[number], texts)
    at.take((start - at.byte) % RECORD, "the long labels")
    return list(known.values())


def _relabelled(variable: XptVariable, texts: list[str]) -> XptVariable:
    name, label, shown, read = [*texts, variable.format, variable.informat][:4]
    return XptVariable(
        name or variable.name,
        label,
        variable.type,
        variable.length,
        variable.offset,
        shown or variable.format,
        read or variable.informat,
    )


# ---------------------------------------------------------------- where the rows are
def _width(at: _Place, name: str, variables: tuple[XptVariable, ...]) -> int:
    """Bytes of a row.

    Variables stand one after another, in any order, with nothing between them.
    """
    end = 0
    for variable in sorted(variables, key=lambda v: (v.offset, v.length)):
        if variable.offset != end:
            where = f"{name}.{variable.name} is at position {variable.offset} of the row"
            raise at.error(f"{where}; {end} was expected")
        end += variable.length
    if end > _WIDEST_ROW:
        raise at.error(f"the rows of {name} would have {end} bytes")
    return end


def _end(at: _Place) -> int:
    """Where the rows that begin here end: at the next member, or at the end of the file."""
    for byte in _headers(at, b"LIB"):
        if at.data[byte + len(MARK) :].startswith((b"LIBRARY ", b"LIBV8   ")):
            raise at.error("a second library begins here; take the files apart", byte)
    for byte in _headers(at, b"MEMB"):
        if _begins_member(at.data, byte):
            return byte
    return len(at.data)


def _headers(at: _Place, name: bytes) -> Iterator[int]:
    """Bytes at which a header record of such a name begins."""
    byte = at.data.find(MARK + name, at.byte)
    while byte >= 0:
        if byte % RECORD == 0:
            yield byte
        byte = at.data.find(MARK + name, byte + 1)


def _begins_member(data: mmap, byte: int) -> bool:
    """Text of a row could look like one header, but not like two."""
    following = data[byte + RECORD : byte + 2 * RECORD]
    return following.startswith((MARK + b"DSCRPTR", MARK + b"DSCPTV8"))


def _count(at: _Place, name: str, width: int, start: int, stop: int, known: int | None) -> int:
    """How many rows there are.

    What fills up the last record is less than 80 blanks; blank rows before it are rows.
    """
    size = stop - start
    if known is not None:
        filled = known * width + -(known * width) % RECORD
        if filled != size:
            reason = f"{name} says {known} rows, which take {filled} bytes; there are {size}"
            raise at.error(reason, stop)
        return known
    rows, rest = divmod(size, width)
    if rest >= RECORD or at.data[stop - rest : stop].strip(b" "):
        reason = f"{name} ends in the middle of row {rows + 1}, after {rest} of its {width} bytes"
        raise at.error(reason, stop)
    if size % RECORD:
        there = f"{size % RECORD} of the {RECORD} bytes of a record"
        raise at.error(f"{name} ends after {there}; the file is cut", stop)
    blank = b" " * width
    while rows:
        before = (rows - 1) * width
        last = at.data[start + before : start + before + width]
        if size - before >= RECORD or last != blank:
            break
        rows -= 1
    return rows
