"""Where everything stands in a SAS XPORT version 5 file, and what it cannot hold.

Source: SAS technical note TS-140.

All records are 80 bytes. Six of them and a 140-byte descriptor per variable come before the data.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass

from ...errors import ExportError
from ...metadata import DatasetSpec, Kind, Variable
from ...text import LONGEST_LABEL, LONGEST_TEXT
from ..frames import file_variables
from ..protocol import moment

RECORD = 80
NUMBER = 8  # bytes; shorter numbers would lose digits
_DESCRIPTOR = struct.Struct(">hhhh8s40s8shhh2s8shhl52s")
_TYPES = {"Num": 1, "Char": 2}
_LONGEST_FORMAT = 8
_MOST_VARIABLES = 9999
_NAME = re.compile(r"[A-Z][A-Z0-9_]{0,7}")
_FORMAT = re.compile(r"(\$?(?:[A-Z_](?:[A-Z0-9_]*[A-Z_])?)?)(\d{0,3})\.(\d{0,2})")
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")


@dataclass(frozen=True)
class Field:
    """One column of the file.

    Its dataset and variable, the bytes it takes, and its display format in parts.
    """

    dataset: str
    variable: Variable
    width: int  # bytes
    offset: int  # bytes from the start of the row
    display: str  # name of the format, without width
    display_width: int
    decimals: int

    @property
    def kind(self) -> Kind:
        """What a number means.

        A count of days or seconds since 1960, seconds since midnight, or itself.
        """
        return self.variable.kind


def fields(spec: DatasetSpec) -> tuple[Field, ...]:
    """The columns of the file in their order.

    Raises ExportError with all that version 5 or the FDA's rules for it cannot hold, one line per
    problem.
    """
    found = list(problems(spec))
    if found:
        raise ExportError("\n".join(found))
    placed: list[Field] = []
    offset = 0
    for variable in file_variables(spec):
        width = variable.length
        if variable.type == "Num":
            width = NUMBER
        placed.append(Field(spec.name, variable, width, offset, *_parts(variable.format)))
        offset += width
    return tuple(placed)


def supplemental(spec: DatasetSpec) -> tuple[Field, ...]:
    """Text that is not a column of the file, as if it were one.

    Each value becomes QVAL of a SUPP-- record.
    """
    found = []
    for variable in spec.variables:
        if variable.supplemental and variable.type == "Char":
            found.append(Field(spec.name, variable, LONGEST_TEXT, 0, "", 0, 0))
    return tuple(found)


def problems(spec: DatasetSpec) -> Iterator[str]:
    """What of a spec cannot be held: one sentence each, naming dataset and variable."""
    columns = file_variables(spec)
    for problem in _name_and_label_problems(spec.name, spec.label):
        yield f"{spec.name}: {problem}"
    if not 1 <= len(columns) <= _MOST_VARIABLES:
        yield f"{spec.name}: {len(columns)} variables; the file holds 1 to {_MOST_VARIABLES}"
    seen: set[str] = set()
    for variable in columns:
        if variable.name in seen:
            yield f"{spec.name}.{variable.name}: the name occurs more than once"
        seen.add(variable.name)
        for problem in _variable_problems(variable):
            yield f"{spec.name}.{variable.name}: {problem}"


def _variable_problems(variable: Variable) -> Iterator[str]:
    yield from _name_and_label_problems(variable.name, variable.label)
    if variable.type == "Char" and not 1 <= variable.length <= LONGEST_TEXT:
        yield f"length {variable.length}; a Char variable has 1 to {LONGEST_TEXT} bytes"
    if variable.type == "Num" and variable.length != NUMBER:
        expected = f"{NUMBER} bytes, fewer would lose digits"
        yield f"length {variable.length}; a Num variable has {expected}"
    yield from _format_problems(variable)


def _name_and_label_problems(name: str, label: str) -> Iterator[str]:
    if not _NAME.fullmatch(name):
        yield f'name "{name}"; a name is 1 to 8 of A-Z, 0-9 and _, and starts with a letter'
    if not (label.isascii() and label.isprintable()):
        yield f'label "{label}"; a label is printable ASCII'
    if len(label.encode()) > LONGEST_LABEL:
        size = len(label.encode())
        yield f'label "{label}" has {size} bytes; a label has at most {LONGEST_LABEL}'


def _format_problems(variable: Variable) -> Iterator[str]:
    if not variable.format:
        return
    if not _FORMAT.fullmatch(variable.format) or len(_parts(variable.format)[0]) > _LONGEST_FORMAT:
        expected = "a name of at most 8 characters, a width, a point, as DATE9."
        yield f'format "{variable.format}"; a format is {expected}'
    elif variable.format.startswith("$") and variable.type == "Num":
        yield f'format "{variable.format}" is for Char, the variable is Num'
    elif not variable.format.startswith("$") and variable.type == "Char":
        yield f'format "{variable.format}" is for Num, the variable is Char'


def header(spec: DatasetSpec, cutoff: str) -> bytes:
    """All records before the data. The same spec and day give the same bytes on every machine.

    cutoff is an ISO 8601 date; created and modified are its midnight, or SOURCE_DATE_EPOCH
    (seconds, UTC) when set.
    """
    placed, at = fields(spec), timestamp(cutoff)
    described = [_descriptor(number, field) for number, field in enumerate(placed, start=1)]
    descriptors = b"".join(described)
    records = (
        _title("LIBRARY", "0" * 30),
        f"{'SAS':8}{'SAS':8}{'SASLIB':8}{'9.4':8}{'':8}{'':24}{at}",
        at,
        _title("MEMBER", "000000000000000001600000000140"),
        _title("DSCRPTR", "0" * 30),
        f"{'SAS':8}{spec.name:8}{'SASDATA':8}{'9.4':8}{'':8}{'':24}{at}",
        f"{at}{'':16}{spec.label:40}{'':8}",
        _title("NAMESTR", f"000000{len(placed):04}" + "0" * 20),
    )
    before = "".join(record.ljust(RECORD) for record in records).encode("ascii")
    behind = _title("OBS", "0" * 30).ljust(RECORD).encode("ascii")
    return before + descriptors + padding(len(descriptors)) + behind


def padding(size: int) -> bytes:
    """The blanks that fill up the last record after `size` bytes."""
    return b" " * (-size % RECORD)


def timestamp(cutoff: str) -> str:
    """The moment in the file as SAS writes it, ddMMMyy:hh:mm:ss.

    Months are English whatever the locale.
    """
    at = moment(cutoff)
    return f"{at.day:02}{_MONTHS[at.month - 1]}{at:%y:%H:%M:%S}"


def _title(name: str, digits: str) -> str:
    return f"HEADER RECORD*******{name:8}HEADER RECORD!!!!!!!{digits}"


def _descriptor(number: int, field: Field) -> bytes:
    """The 140 bytes TS-140 calls NAMESTR; no informat, format left as SAS aligns it."""
    variable = field.variable
    return _DESCRIPTOR.pack(
        _TYPES[variable.type],
        0,
        field.width,
        number,
        variable.name.ljust(8).encode("ascii"),
        variable.label.ljust(40).encode("ascii"),
        field.display.ljust(8).encode("ascii"),
        field.display_width,
        field.decimals,
        0,
        b"",
        b" " * 8,
        0,
        0,
        field.offset,
        b"",
    )


def _parts(display: str) -> tuple[str, int, int]:
    match = _FORMAT.fullmatch(display)
    if not match:
        return "", 0, 0
    name, width, decimals = match.groups()
    return name, int(width or 0), int(decimals or 0)
