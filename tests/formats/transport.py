"""Transport files laid out by hand, byte by byte, with all that the package's own writer never writes."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from fractions import Fraction

MISSING = {f".{letter}": letter.encode() for letter in "_ABCDEFGHIJKLMNOPQRSTUVWXYZ"} | {".": b"."}

Cell = float | str | bytes
Column = tuple[str, str, int]  # name, Char or Num, bytes


def number(value: float | str, length: int = 8) -> bytes:
    """An IBM double cut to its first bytes, or a missing value: ".", ".A", "._"."""
    if isinstance(value, str):
        return MISSING[value] + bytes(length - 1)
    if value == 0:
        return bytes(length)
    size = abs(Fraction(value))
    power = next(c for c in range(128) if Fraction(1, 16) <= size / Fraction(16) ** (c - 64) < 1)
    fraction = int(size / Fraction(16) ** (power - 64) * 2**56)
    return (bytes([power | (0x80 if value < 0 else 0)]) + fraction.to_bytes(7, "big"))[:length]


def title(name: str, digits: str = "0" * 30) -> bytes:
    return f"HEADER RECORD*******{name:8}HEADER RECORD!!!!!!!{digits}".ljust(80).encode()


def filled(octets: bytes) -> bytes:
    return octets + b" " * (-len(octets) % 80)


MOMENT = b"31DEC24:00:00:00"
LIBRARY = (
    title("LIBRARY")
    + b"SAS     SAS     SASLIB  9.4     X64_10PR".ljust(64)
    + MOMENT
    + MOMENT.ljust(80)
)


def descriptor(
    place: int, column: Column, offset: int, size: int = 140, label: bytes = b"", shown: bytes = b""
) -> bytes:
    name, kind, length = column
    return struct.pack(
        ">hhhh8s40s8shhh2s8shhl52s",
        1 if kind == "Num" else 2,
        0,
        length,
        place,
        name.encode().ljust(8),
        label.ljust(40),
        shown.ljust(8),
        9 if shown else 0,
        0,
        0,
        b"",
        b" " * 8,
        0,
        0,
        offset,
        b"",
    )[:size]


def member(
    name: str,
    columns: Sequence[Column],
    rows: Sequence[Sequence[Cell]],
    label: bytes = b"",
    size: int = 140,
    shown: Mapping[str, bytes] | None = None,
) -> bytes:
    """One dataset: columns are packed in their order; text of a cell is UTF-8, bytes are taken as they are."""
    offsets = [sum(length for _, _, length in columns[:i]) for i in range(len(columns))]
    formats = [(shown or {}).get(name, b"") for name, _, _ in columns]
    described = b"".join(
        descriptor(place, column, offset, size, shown=display)
        for place, (column, offset, display) in enumerate(
            zip(columns, offsets, formats, strict=True), 1
        )
    )
    head = (
        title("MEMBER", f"00000000000000000160000000{size:04}")
        + title("DSCRPTR")
        + (b"SAS     " + name.encode().ljust(8) + b"SASDATA 9.4     X64_10PR").ljust(64)
        + MOMENT
        + MOMENT.ljust(32)
        + label.ljust(40)
        + b" " * 8
        + title("NAMESTR", f"000000{len(columns):04}" + "0" * 20)
    )
    cells = b"".join(
        _cell(value, column) for row in rows for value, column in zip(row, columns, strict=True)
    )
    return head + filled(described) + title("OBS") + filled(cells)


def _cell(value: Cell, column: Column) -> bytes:
    _, kind, length = column
    if kind == "Num":
        assert not isinstance(value, bytes)
        return number(value, length)
    octets = value if isinstance(value, bytes) else str(value).encode()
    assert len(octets) <= length
    return octets.ljust(length)


def library(*members: bytes) -> bytes:
    return LIBRARY + b"".join(members)
