"""An export that is one ODM-XML 1.3.2 file: the item groups of its clinical data are the records of the forms.

The file is read as a stream of parser events; no tree is built, and of the records only their text is kept, in columns.
The parser is expat, since it knows the line of every tag: that of libxml2 is right in the first 65,535 lines only.
A document type is refused as soon as it begins, so there are no entities to expand and nothing is ever fetched.
"""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from xml.parsers import expat

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from ..errors import RawError
from ..findings import findings
from ..spec import Form, Study
from .records import Records, records_of
from .sheet import Note, Remark, Sheet, check_forms, check_names, unknown_form
from .values import shown

NAMESPACE = "http://www.cdisc.org/ns/odm/v1.3"
_CHUNK = 1 << 20  # bytes given to the parser at a time
_BATCH = 10_000  # records held as dictionaries at a time
_ODM = NAMESPACE + "}"
_ITEM = _ODM + "ItemData"
Attributes = dict[str, str]
Row = dict[str, str | None]


# ---------------------------------------------------------------- one form as it comes in
@dataclass
class _Pile:
    """The records of one item group."""

    name: str
    form: Form | None
    top: int  # line on which it is first named
    subject: str  # the column that names the subject
    declared: bool = False
    count: int = 0
    names: dict[str, str] = field(default_factory=dict)  # ItemOID: column
    columns: dict[str, list[pa.Array]] = field(default_factory=dict)
    lines: array[int] = field(default_factory=lambda: array("q"))
    numbers: array[int] = field(default_factory=lambda: array("q"))
    rows: list[Row] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)

    def column(self, oid: str) -> str:
        """The column that an ItemOID means: FORM.column, or its own name if it is of another form."""
        if oid not in self.names:
            prefix, _, column = oid.partition(".")
            self.names[oid] = column if column and prefix.casefold() == self.name.casefold() else oid
        return self.names[oid]

    def add(self, row: Row, line: int, number: int) -> None:
        self.rows.append(row)
        self.lines.append(line)
        self.numbers.append(number)
        if len(self.rows) == _BATCH:
            self.flush()

    def flush(self) -> None:
        """Bring the rows at hand into columns."""
        before = len(self.lines) - len(self.rows)
        for name in dict.fromkeys((*self.columns, *self.names.values(), self.subject)):
            chunks = self.columns.setdefault(name, [pa.nulls(before, pa.string())])
            chunks.append(pa.array([row.get(name) for row in self.rows], pa.string()))
        self.rows.clear()

    def records(self, names: Sequence[str], lines: array[int]) -> Records:
        """All records with these columns; where no record has an item, the column is empty."""
        self.flush()
        empty = [pa.nulls(len(self.lines), pa.string())]
        columns = [_with_plain_breaks(pa.chunked_array(self.columns.pop(name, empty))) for name in names]
        return records_of(np.array(lines, "int64"), columns, names)


def _with_plain_breaks(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.replace_substring(pc.replace_substring(column, "\r\n", "\n"), "\r", "\n")


# ---------------------------------------------------------------- the parser's events
class _Reading:
    """One pass over the file.

    lines: keep the records of these lines, or of this number, only.
    """

    def __init__(self, file: str, study: Study, lines: frozenset[int] | None) -> None:
        self.file, self.study, self.only = file, study, lines
        self.piles: dict[str, _Pile] = {}
        self.encoding = "utf-8"
        self.number = self.line = self.shared = 0  # item groups so far, line of the last, how many share a line
        self.clinical = False  # clinical data have begun
        self.inside = False  # and have not ended
        self.subject: str | None = None
        self.pile: _Pile | None = None
        self.declaring: _Pile | None = None  # form whose items are being declared
        self.row: Row | None = None
        self.columns: Mapping[str, str] = {}  # of the form at hand, by ItemOID
        self.typed: str | None = None  # column of an item whose text is its content
        self.text: list[str] = []
        self.parser = self._parser()

    def _parser(self) -> expat.XMLParserType:
        parser = expat.ParserCreate(namespace_separator="}")
        parser.buffer_text = True
        parser.StartElementHandler = self._root
        parser.EndElementHandler = self._end
        parser.StartDoctypeDeclHandler = self._doctype
        parser.XmlDeclHandler = self._declaration
        starts = ("ItemGroupDef", "ItemRef", "ClinicalData", "SubjectData", "ItemGroupData")
        self._starts = {_ODM + name: getattr(self, f"_start_{name.lower()}") for name in starts}
        ends = ("ItemGroupDef", "ClinicalData", "SubjectData", "ItemGroupData")
        self._ends = {_ODM + name: getattr(self, f"_end_{name.lower()}") for name in ends}
        return parser

    def refused(self, reason: str) -> RawError:
        return RawError(reason, file=self.file, line=self.parser.CurrentLineNumber)

    # ---- the document
    def _doctype(self, *_: object) -> None:
        raise self.refused("has a DOCTYPE; a file with a document type or entities is not read, remove it")

    def _declaration(self, _version: str, encoding: str | None, _standalone: int) -> None:
        self.encoding = (encoding or "utf-8").lower()

    def _root(self, name: str, attributes: Attributes) -> None:
        if name != _ODM + "ODM":
            space, _, local = name.rpartition("}")
            outermost = f"{local} of the namespace {space}" if space else f"{local} without a namespace"
            raise self.refused(f"is not ODM: the outermost element is {outermost}; expected ODM of {NAMESPACE}")
        if attributes.get("FileType", "Snapshot") != "Snapshot":
            raise self.refused(f"is of FileType {attributes['FileType']}; export the study as a Snapshot")
        self.parser.StartElementHandler = self._start

    def _start(self, name: str, attributes: Attributes) -> None:
        if name == _ITEM:
            row = self.row
            if row is None:
                return
            column = self.columns.get(attributes.get("ItemOID", ""), "")
            if column and column not in row and "IsNull" not in attributes:  # nearly all, so without further calls
                row[column] = attributes.get("Value")
            else:
                self._item(attributes, None if attributes.get("IsNull") == "Yes" else attributes.get("Value"))
        elif name in self._starts:
            self._starts[name](attributes)
        elif self.row is not None and name.startswith(_ITEM):
            self.typed, self.text = self._required(attributes, "ItemOID", "ItemData"), []
            self.parser.CharacterDataHandler = self.text.append

    def _end(self, name: str) -> None:
        if name in self._ends:
            self._ends[name]()
        elif self.typed is not None and name.startswith(_ITEM):
            self._item({"ItemOID": self.typed}, "".join(self.text))
            self.parser.CharacterDataHandler, self.typed = None, None

    def _required(self, attributes: Attributes, name: str, element: str) -> str:
        if name not in attributes:
            raise self.refused(f"{element} has no {name}")
        return attributes[name]

    # ---- metadata: which forms and columns there are, even without any record
    def _start_itemgroupdef(self, attributes: Attributes) -> None:
        self.declaring = self._pile_of(self._required(attributes, "OID", "ItemGroupDef"))
        self.declaring.declared = True

    def _start_itemref(self, attributes: Attributes) -> None:
        if self.declaring:
            self.declaring.column(self._required(attributes, "ItemOID", "ItemRef"))

    def _end_itemgroupdef(self) -> None:
        self.declaring = None

    # ---- clinical data
    def _start_clinicaldata(self, _attributes: Attributes) -> None:
        self.clinical = self.inside = True

    def _end_clinicaldata(self) -> None:
        self.inside = False

    def _start_subjectdata(self, attributes: Attributes) -> None:
        self.subject = self._required(attributes, "SubjectKey", "SubjectData")

    def _end_subjectdata(self) -> None:
        self.subject = None

    def _start_itemgroupdata(self, attributes: Attributes) -> None:
        if not self.inside:  # reference data have item groups too, but no subjects
            return
        if self.subject is None or self.pile is not None:
            raise self.refused(f"ItemGroupData stands {'within another' if self.pile else 'outside SubjectData'}")
        self.pile = self._pile_of(self._required(attributes, "ItemGroupOID", "ItemGroupData"))
        self.pile.count += 1
        self.number += 1
        line = self.parser.CurrentLineNumber
        self.shared += line == self.line
        self.line = line
        if self.pile.form and (self.only is None or line in self.only or self.number in self.only):
            self.row, self.columns = {self.study.intake.subject: self.subject}, self.pile.names

    def _end_itemgroupdata(self) -> None:
        if self.pile and self.row is not None:
            self.pile.add(self.row, self.line, self.number)
        self.pile = self.row = None

    def _item(self, attributes: Attributes, value: str | None) -> None:
        pile, row = self.pile, self.row
        if pile is None or row is None:
            return
        oid = attributes.get("ItemOID") or self._required({}, "ItemOID", "ItemData")
        column = pile.names.get(oid) or pile.column(oid)
        if column in row:
            self._again(column, oid, (value or "").strip(), (row[column] or "").strip())
        else:
            row[column] = value

    def _again(self, column: str, oid: str, value: str, first: str) -> None:
        """An item that is in the record already; it is no matter if it says the same."""
        if value == first or self.pile is None:
            return
        rule = "RAW-REPEATED-ITEM"
        message = f"{oid} stands in this record twice; left out: {shown(value)}"
        if column == self.study.intake.subject:
            rule = "RAW-SUBJECT-KEY"
            message = f"{oid} is {shown(value)} in a record of SubjectKey {shown(first)}, which counts"
        self.pile.remarks.append(Remark(rule, "error", message, len(self.pile.lines), column))

    def _pile_of(self, name: str) -> _Pile:
        if name not in self.piles:
            forms = self.study.forms
            known = forms.get(name) or next((f for n, f in forms.items() if n.casefold() == name.casefold()), None)
            same = (pile for pile in self.piles.values() if known and pile.form == known)
            new = _Pile(name, known, self.parser.CurrentLineNumber, self.study.intake.subject)
            self.piles[name] = next(same, new)
        return self.piles[name]


# ---------------------------------------------------------------- the file
@dataclass(frozen=True)
class OdmFile:
    """The item groups of a file that has been read; each form can be asked for once."""

    reading: _Reading
    path: Path
    files: Mapping[str, Path]
    findings: Sequence[pd.DataFrame]

    def sheet(self, form: str) -> Sheet:
        """The item groups of one form."""
        pile, said = self._piles[form], self.reading.study.forms[form]
        names = list(dict.fromkeys((*said.columns, *pile.names.values())))
        lines = pile.numbers if self.reading.shared else pile.lines
        return Sheet(
            form=said,
            file=self.path.name,
            encoding=self.reading.encoding,
            records=pile.records(names, lines),
            names=self._called(pile, said),
            remarks=pile.remarks,
            notes=self._unseen(pile, said),
            top=pile.top,
            empty="the form is declared and has no records",
        )

    def _called(self, pile: _Pile, form: Form) -> dict[str, str]:
        """What the file calls each column: its ItemOID, and SubjectKey."""
        named = {column: oid for oid, column in reversed(pile.names.items())}
        usual = {column: f"{pile.name}.{column}" for column in form.columns}
        return usual | named | {self.reading.study.intake.subject: "SubjectKey"}

    @property
    def _piles(self) -> dict[str, _Pile]:
        return {pile.form.name: pile for pile in self.reading.piles.values() if pile.form}

    def _unseen(self, pile: _Pile, form: Form) -> list[Note]:
        """Notes on columns that occur in no record; where columns are declared, it is an error instead."""
        seen = {self.reading.study.intake.subject, *pile.names.values()}
        if pile.declared:
            check_names(sorted(seen), list(form.columns), self.path.name, pile.top, "in the ItemGroupDef")
        return [
            Note("RAW-ABSENT-ITEM", "note", f"no record has an item {name}; the column is taken as empty", name)
            for name in form.columns
            if name not in seen
        ]


def open_odm(path: Path, study: Study, lines: frozenset[int] | None = None) -> OdmFile:
    """Read an ODM file; lines: of these records only, for a second look.

    The index of a record is the line of its ItemGroupData. Where several stand on one line, as in a file without line
    breaks, it is the number of the ItemGroupData in the file, and a finding says so.
    """
    reading = _Reading(path.name, study, lines)
    _parse(reading, path)
    if not reading.clinical:
        raise RawError("has no ClinicalData; export the study with its data", file=path.name)
    there = {pile.form.name for pile in reading.piles.values() if pile.form}
    present = {name: path for name in study.forms if name in there}
    strange = [pile for pile in reading.piles.values() if not pile.form and pile.count]
    found = check_forms(study, present, [pile.name for pile in strange], file=path.name)
    found += [unknown_form(p.name, f"its {p.count} records are not read", path.name, p.top) for p in strange]
    return OdmFile(reading, path, present, [*found, *_numbered(reading)])


def _parse(reading: _Reading, path: Path) -> None:
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                reading.parser.Parse(chunk, False)
            reading.parser.Parse(b"", True)
    except OSError as error:
        raise RawError(f"cannot be opened: {error.strerror}", file=path.name) from error
    except expat.ExpatError as error:
        reason = f"is not well-formed XML: {expat.ErrorString(error.code)} (column {error.offset + 1})"
        raise RawError(reason, file=path.name, line=error.lineno) from error
    except (LookupError, ValueError) as error:
        raise RawError(f"is in an encoding that cannot be read: {error}", file=path.name, line=1) from error


def _numbered(reading: _Reading) -> list[pd.DataFrame]:
    if not reading.shared:
        return []
    message = "several ItemGroupData stand on one line; as line of a record its number among them is given, from 1"
    return [findings(severity="note", rule="RAW-NUMBERED", message=message, file=reading.file, line=1)]
