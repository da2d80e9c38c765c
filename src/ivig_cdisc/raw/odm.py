"""An export that is one ODM-XML 1.3.2 file: the item groups of its clinical data are the records of the forms.

The file is read as a stream of parser events; no tree is built, and of the records only their text
is kept, in columns. What makes a record itself is all its keys: subject, event, form and item group
with their repeat keys. Parts with the same keys are one record, wherever they stand in the file.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from xml.parsers import expat

import numpy as np
import pandas as pd

from ..errors import RawError
from ..findings import findings
from ..metadata import Form, Study
from ..metadata.layout import EVENT, SYMBOL, UNIT
from .odm_beside import COMMENT, NAMESPACE, Beside
from .odm_pile import OWNER, Pile, United, filled, identity, subject_of, united
from .odm_reading import Reading
from .odm_transactions import PLACES
from .readers import shown
from .records import Records, ragged_rows
from .sheet import Aside, Note, Remark, Sheet, check_forms, check_names, unknown_form, with_hint

__all__ = ["NAMESPACE", "OdmFile", "open_odm"]
_CHUNK = 1 << 20  # bytes given to the parser at a time
MOST = 20  # item groups that are listed in an error


# ---------------------------------------------------------------- the file
@dataclass(frozen=True)
class OdmFile:
    """The item groups of a file that has been read; each form can be asked for once."""

    reading: Reading
    path: Path
    files: Mapping[str, Path]
    findings: Sequence[pd.DataFrame]
    aside: Sequence[Aside]

    @property
    def digests(self) -> dict[str, str]:
        return {self.path.name: self.reading.hash.hexdigest()}

    def sheet(self, form: str) -> Sheet:
        """The item groups of one form."""
        pile, said = self._piles[form], self.reading.study.forms[form]
        names = list(dict.fromkeys((*said.columns, *pile.names.values())))
        called = self._called(pile, said)
        collected = pile.fields(self._lines(pile))
        whole = united(collected, called, pile.turns)
        fields, remarks = self._wired(pile, whole, called)
        return Sheet(
            form=said,
            file=self.path.name,
            encoding=self.reading.encoding,
            records=Records(fields.reindex(columns=names).astype("str"), ragged_rows(), []),
            names=called,
            remarks=remarks,
            notes=[
                *self._unseen(pile, said),
                *_units(pile, fields, called),
                *self._undefined(pile, fields),
                *_parts(whole),
            ],
            top=pile.top,
            empty="the form is declared and has no records",
            identity=identity(fields, numbered=pile.numbered),
            left_out=sum(removed.form == form for removed in self.reading.beside.removed),
        )

    def _lines(self, pile: Pile) -> array[int]:
        return pile.numbers if self.reading.shared else pile.lines

    @property
    def _piles(self) -> dict[str, Pile]:
        return {pile.form.name: pile for pile in self.reading.piles.values() if pile.form}

    def _called(self, pile: Pile, form: Form) -> dict[str, str]:
        """What the file calls each column: its ItemOID, or what it is wired to."""
        intake = self.reading.study.intake
        named = {column: oid for oid, column in reversed(pile.names.items())}
        usual = {column: f"{pile.name}.{column}" for column in form.columns}
        return usual | named | dict(pile.said.fields) | {intake.subject: intake.odm.subject}

    def _wired(
        self, pile: Pile, whole: United, called: Mapping[str, str]
    ) -> tuple[pd.DataFrame, list[Remark]]:
        """Records with the columns that hold keys and units, and remarks on the records."""
        intake, facts = self.reading.study.intake, self.reading.beside.subjects
        fields, owner = whole.fields, whole.fields[OWNER]
        made = {
            column: filled(fields[column], owner, facts, key) for column, key in pile.keyed.items()
        }
        for column, key in pile.keyed.items():
            if key == EVENT:
                made[column] = made[column].replace(dict(intake.odm.events))
        for column, attached in pile.attached.items():
            empty = pd.Series(index=fields.index, dtype="str")
            made[column] = fields.get(attached, empty)
            if pile.said.fields[column].endswith(f"/{SYMBOL}"):
                made[column] = self._written(made[column])
        made[intake.subject] = subject_of(fields, facts, intake.odm.subject)
        told = [replace(remark, at=int(whole.position[remark.at])) for remark in pile.remarks]
        told += [
            *whole.remarks,
            *_other_subject(fields, made[intake.subject], intake.subject, called),
        ]
        return fields.assign(**made), told

    def _written(self, units: pd.Series) -> pd.Series:
        """Units as the file writes them; one that it does not define stays an OID."""
        return units.replace(self._symbols)

    @property
    def _symbols(self) -> dict[str, str]:
        """How each unit is written that the file defines, by its OID."""
        known, study = self.reading.metadata.units, self.reading.study_read
        return {unit: symbol for (of, unit), symbol in known.items() if of == study}

    def _undefined(self, pile: Pile, fields: pd.DataFrame) -> Iterator[Note]:
        """What is to be said of units that should be written out and that the file does not define, once each."""
        for column, attached in pile.attached.items():
            if attached in fields and pile.said.fields[column].endswith(f"/{SYMBOL}"):
                units = fields[attached].dropna()
                for line, unit in units[~units.isin(list(self._symbols))].drop_duplicates().items():
                    text = f'the file does not define MeasurementUnitOID "{unit}"; the OID stands for the unit'
                    yield Note("RAW-ODM-UNIT", "warning", text, column, int(str(line)))

    def _unseen(self, pile: Pile, form: Form) -> list[Note]:
        """Notes on columns that occur in no record; where columns are declared, it is an error instead."""
        seen = {
            self.reading.study.intake.subject,
            *pile.names.values(),
            *pile.keyed,
            *pile.attached,
        }
        if pile.declared:
            check_names(
                sorted(seen), list(form.columns), self.path.name, pile.top, "in the ItemGroupDef"
            )
        untaken = [name for name in pile.names.values() if name not in form.columns]
        return [
            Note(
                "RAW-ABSENT-ITEM",
                "note",
                f"no record has an item {with_hint(name, untaken)}; the column is taken as empty",
                name,
            )
            for name in form.columns
            if name not in seen
        ]


def _other_subject(
    fields: pd.DataFrame, subject: pd.Series, column: str, called: Mapping[str, str]
) -> Iterator[Remark]:
    """Remarks on records with an item that names another subject than the one they belong to."""
    if column not in fields:
        return
    typed, counts = fields[column], subject.str.strip()
    for at in np.flatnonzero((typed.notna() & (typed != counts)).to_numpy(bool)):
        owner = f"{called[column]} {shown(str(counts.iloc[at]))}"
        message = f"the item {column} is {shown(str(typed.iloc[at]))} in a record of {owner}, which counts"
        yield Remark("RAW-SUBJECT-KEY", "error", message, int(at), column)


def _units(pile: Pile, fields: pd.DataFrame, called: Mapping[str, str]) -> Iterator[Note]:
    """What is to be said of units that the file gives and no column holds."""
    for name in pile.beside:
        column, _, attribute = name.rpartition("/")
        if attribute != UNIT or name in pile.attached.values():
            continue
        counts = fields.loc[fields[column].notna(), name].value_counts().sort_index()
        listed = ", ".join(f"{unit} {count}" for unit, count in counts.items())
        several = len(counts) > 1
        text = f"{called.get(column, column)} has {'several units' if several else 'a unit'} ({listed}) that no column"
        hint = f"{text} holds; wire one to {name} or {column}/{SYMBOL} under intake.odm"
        yield Note("RAW-ODM-UNIT", "error" if several else "warning", hint, column)


def _parts(whole: United) -> Iterator[Note]:
    if whole.parts:
        message = f"{whole.parts} item groups have the keys of a record that stands before them; they are parts of it"
        yield Note("RAW-ODM-PARTS", "note", message)


# ---------------------------------------------------------------- opening
def open_odm(path: Path, study: Study, lines: frozenset[int] | None = None) -> OdmFile:
    """Read an ODM file; lines: of these records only, for a second look.

    The index of a record is the line of its first ItemGroupData. Where several stand on one line,
    as in a file without line breaks, it is the number of the ItemGroupData in the file, and a
    finding says so.
    """
    reading = Reading(path.name, study, lines)
    _parse(reading, path)
    _check_study(reading, study)
    for pile in _piles_of_forms(reading):
        reading.beside.removed += pile.leave_out(reading.removals) if reading.removals else []
    there = {pile.form.name for pile in reading.piles.values() if pile.form}
    present = {name: path for name in study.forms if name in there}
    strange = [pile for pile in reading.piles.values() if not pile.form and pile.count]
    untaken = [pile.name for pile in strange]
    found = check_forms(study, present, untaken, file=path.name, cure=_groups_to_wire(untaken))
    found += [
        unknown_form(p.name, f"its {p.count} records are not read", path.name, p.top)
        for p in strange
    ]
    found += [
        *_numbered(reading),
        *_other_studies(reading),
        *_removed(reading),
        *_contradicted(reading),
    ]
    apart = _differing(reading)
    found += [
        *_unread(reading.beside, path.name),
        *(_apart(key, forms, path.name) for key, forms in apart.items()),
    ]
    aside = [*_rows_aside(reading, strange), *_columns_aside(reading.beside, apart)]
    return OdmFile(reading, path, present, found, aside)


def _groups_to_wire(names: Sequence[str]) -> str:
    """The item groups that no form takes, and how a form says that it does."""
    if not names:
        return ""
    more = f" and {len(names) - MOST} more" if len(names) > MOST else ""
    return f"; no form takes the item groups {', '.join(names[:MOST])}{more}: wire them under intake.odm.forms (groups)"


def _parse(reading: Reading, path: Path) -> None:
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                reading.hash.update(chunk)
                reading.parser.Parse(chunk, False)
            reading.parser.Parse(b"", True)
    except OSError as error:
        raise RawError(f"cannot be opened: {error.strerror}", file=path.name) from error
    except expat.ExpatError as error:
        reason = (
            f"is not well-formed XML: {expat.ErrorString(error.code)} (column {error.offset + 1})"
        )
        raise RawError(reason, file=path.name, line=error.lineno) from error
    except (LookupError, ValueError) as error:
        raise RawError(
            f"is in an encoding that cannot be read: {error}", file=path.name, line=1
        ) from error


def _check_study(reading: Reading, study: Study) -> None:
    """Refuse a file without clinical data, or with those of several studies where none is said to be meant."""
    studies, meant = reading.beside.studies, study.intake.odm.study_oid
    if not studies:
        raise RawError("has no ClinicalData; export the study with its data", file=reading.file)
    listed = " and ".join(f'StudyOID "{name}" (line {kind.line})' for name, kind in studies.items())
    if meant and meant not in studies:
        reason = (
            f'has no clinical data of StudyOID "{meant}", which study.yaml names, but of {listed}'
        )
        raise RawError(reason, file=reading.file)
    if not meant and len(studies) > 1:
        reason = f"has clinical data of {listed}; say under intake.odm.study_oid which is meant"
        raise RawError(reason, file=reading.file)


# ---------------------------------------------------------------- what is to be said of the file
def _numbered(reading: Reading) -> Iterator[pd.DataFrame]:
    if reading.shared:
        message = "several ItemGroupData stand on one line; as line of a record its number among them is given, from 1"
        yield findings(
            severity="note", rule="RAW-NUMBERED", message=message, file=reading.file, line=1
        )


def _other_studies(reading: Reading) -> Iterator[pd.DataFrame]:
    for name, kind in reading.beside.studies.items():
        if name != reading.study_read:
            message = f'the {kind.count} item groups of StudyOID "{name}" are of another study; they are not read'
            place = {"file": reading.file, "line": kind.line}
            yield findings(severity="warning", rule="RAW-ODM-STUDY", message=message, **place)


def _removed(reading: Reading) -> Iterator[pd.DataFrame]:
    name, known = reading.study.intake.odm.subject, reading.beside.subjects
    for one in reading.beside.removed:
        where = f" on line {one.said}" if one.said and not reading.shared else ""
        yield findings(
            severity="warning",
            rule="RAW-ODM-REMOVED",
            dataset=one.form or None,
            subject=known.get(one.subject, {}).get(name, one.subject) or None,
            message=f"left out: the file says{where} that this {one.element} is removed",
            file=reading.file,
            line=one.number if reading.shared and one.form else one.line,
        )


def _contradicted(reading: Reading) -> Iterator[pd.DataFrame]:
    for subject, line, message in reading.beside.contradictions:
        place = {"file": reading.file, "line": line}
        yield findings(
            severity="error", rule="RAW-ODM-SUBJECT", subject=subject, message=message, **place
        )


def _unread(beside: Beside, file: str) -> Iterator[pd.DataFrame]:
    """One finding for each kind of thing that stands in clinical data and that no column holds."""
    for name, kind in sorted(beside.kinds.items()):
        times = "once" if kind.count == 1 else f"{kind.count} times, here first"
        message = f"{name} stands in the clinical data {times}; it is not read"
        severity = "warning" if name == COMMENT else "note"
        yield findings(
            severity=severity, rule="RAW-ODM-UNREAD", message=message, file=file, line=kind.line
        )


def _piles_of_forms(reading: Reading) -> list[Pile]:
    """Each once, though several item groups may be one form."""
    return list({id(pile): pile for pile in reading.piles.values() if pile.form}.values())


def _differing(reading: Reading) -> dict[str, list[Pile]]:
    """Keys that tell records of a form apart and that no column of it holds."""
    told: dict[str, list[Pile]] = {}
    for pile in _piles_of_forms(reading):
        for i, key in enumerate(PLACES):
            if len({place[i] for place in pile.places}) > 1 and key not in pile.keyed.values():
                told.setdefault(key, []).append(pile)
    return told


def _apart(key: str, piles: Sequence[Pile], file: str) -> pd.DataFrame:
    names = ", ".join(sorted(pile.form.name for pile in piles if pile.form))
    message = f"{key} differs between records of {names}, and no column holds it; wire one under intake.odm"
    return findings(
        severity="note", rule="RAW-ODM-UNREAD", message=message, file=file, line=piles[0].top
    )


def _rows_aside(reading: Reading, strange: Sequence[Pile]) -> Iterator[Aside]:
    """Item groups that belong to no form, for the ledger."""
    for pile in strange:
        yield Aside("row", pile.name, "no form of the study is named so", pile.count)
    for name, kind in reading.beside.studies.items():
        if name != reading.study_read:
            yield Aside("row", name, "clinical data of another study", kind.count)


def _columns_aside(beside: Beside, apart: Mapping[str, Sequence[Pile]]) -> Iterator[Aside]:
    for name, kind in sorted(beside.kinds.items()):
        yield Aside("column", name, "no column holds it", kind.count)
    for name, piles in apart.items():
        yield Aside("column", name, "no column holds it", sum(pile.count for pile in piles))
