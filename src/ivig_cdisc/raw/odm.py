"""An export that is one ODM-XML 1.3.2 file: item groups of clinical data are records of the forms.

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
from ..metadata import Form, Study
from ..metadata.layout import EVENT, SYMBOL, UNIT
from ..text import first_few, suggest
from .form_extract import (
    Aside,
    FormExtract,
    FormIssue,
    RecordIssue,
    check_forms,
    check_names,
)
from .odm_context import NAMESPACE
from .odm_findings import aside_of, differing_keys, file_findings
from .odm_item_group import OWNER, ItemGroup
from .odm_reader import OdmReader
from .odm_records import MergedRecords, filled, identity, merge_parts, subject_of
from .readers import shown
from .records import Records, ragged_rows

__all__ = ["NAMESPACE", "OdmFile", "open_odm"]
_CHUNK = 1 << 20  # bytes given to the parser at a time
MOST = 20  # item groups that are listed in an error


# ---------------------------------------------------------------- the file
@dataclass(frozen=True)
class OdmFile:
    """The item groups of a file that has been read; each form can be asked for once."""

    reader: OdmReader
    path: Path
    files: Mapping[str, Path]
    findings: Sequence[pd.DataFrame]
    aside: Sequence[Aside]

    @property
    def digests(self) -> dict[str, str]:
        return {self.path.name: self.reader.hash.hexdigest()}

    def extract(self, form: str) -> FormExtract:
        """The item groups of one form.

        Args:
            form: its name.

        Returns:
            Its records as they were collected; the index is the line of the first ItemGroupData of
            each, or its number where several stand on one line.

        Raises:
            RawError: where the file declares the form without one of its columns.
        """
        item_group, said = self._item_groups[form], self.reader.study.forms[form]
        names = list(dict.fromkeys((*said.columns, *item_group.names.values())))
        called = self._called(item_group, said)
        collected = item_group.fields(self._lines(item_group))
        merged = merge_parts(collected, called, item_group.replacements)
        fields, issues = self._wired(item_group, merged, called)
        removed = [record for record in self.reader.context.removed if record.form == form]
        return FormExtract(
            form=said,
            file=self.path.name,
            encoding=self.reader.encoding,
            records=Records(fields.reindex(columns=names).astype("str"), ragged_rows(), []),
            names=called,
            record_issues=issues,
            form_issues=[
                *self._unseen(item_group, said),
                *_units(item_group, fields, called),
                *self._undefined(item_group, fields),
                *_parts(merged),
            ],
            top=item_group.top,
            empty="the form is declared and has no records",
            identity=identity(fields, numbered=item_group.numbered),
            left_out=len(removed),
        )

    def _lines(self, item_group: ItemGroup) -> array[int]:
        if self.reader.shared:
            return item_group.numbers
        return item_group.lines

    @property
    def _item_groups(self) -> dict[str, ItemGroup]:
        return {group.form.name: group for group in _of_forms(self.reader) if group.form}

    def _called(self, item_group: ItemGroup, form: Form) -> dict[str, str]:
        """What the file calls each column: its ItemOID, or what it is wired to."""
        intake = self.reader.study.intake
        called: dict[str, str] = {}
        for column in form.columns:
            called[column] = f"{item_group.name}.{column}"
        for oid, column in reversed(item_group.names.items()):
            called[column] = oid
        called |= item_group.said.fields
        called[intake.subject] = intake.odm.subject
        return called

    def _wired(
        self, item_group: ItemGroup, merged: MergedRecords, called: Mapping[str, str]
    ) -> tuple[pd.DataFrame, list[RecordIssue]]:
        """Records with the columns that hold keys and units, and issues of the records."""
        intake, facts = self.reader.study.intake, self.reader.context.subjects
        fields, owner = merged.fields, merged.fields[OWNER]
        made: dict[str, pd.Series] = {}
        for column, key in item_group.keyed.items():
            made[column] = filled(fields[column], owner, facts, key)
            if key == EVENT:
                made[column] = made[column].replace(dict(intake.odm.events))
        for column, attached in item_group.attached.items():
            made[column] = fields.get(attached, pd.Series(index=fields.index, dtype="str"))
            if _is_symbol(item_group, column):
                made[column] = made[column].replace(self._symbols)
        subject = subject_of(fields, facts, intake.odm.subject)
        made[intake.subject] = subject
        issues = []
        for issue in item_group.issues:
            issues.append(replace(issue, at=int(merged.position[issue.at])))
        issues += merged.issues
        issues += _other_subject(fields, subject, intake.subject, called)
        return fields.assign(**made), issues

    @property
    def _symbols(self) -> dict[str, str]:
        """How each unit is written that the file defines, by its OID."""
        known, study = self.reader.metadata.units, self.reader.study_read
        return {unit: symbol for (of, unit), symbol in known.items() if of == study}

    def _undefined(self, item_group: ItemGroup, fields: pd.DataFrame) -> Iterator[FormIssue]:
        """Units that should be written out and that the file does not define, once each.

        One that it does not define stays an OID.
        """
        known = list(self._symbols)
        for column, attached in item_group.attached.items():
            if attached not in fields or not _is_symbol(item_group, column):
                continue
            units = fields[attached].dropna()
            for line, unit in units[~units.isin(known)].drop_duplicates().items():
                missing = f'the file does not define MeasurementUnitOID "{unit}"'
                text = f"{missing}; the OID stands for the unit"
                yield FormIssue("RAW-ODM-UNIT", "warning", text, column, int(str(line)))

    def _unseen(self, item_group: ItemGroup, form: Form) -> Iterator[FormIssue]:
        """Columns that occur in no record; where columns are declared, it is an error instead."""
        occurring = set(item_group.names.values())
        seen = {self.reader.study.intake.subject, *occurring}
        seen.update(item_group.keyed, item_group.attached)
        if item_group.declared:
            wanted, top = list(form.columns), item_group.top
            check_names(sorted(seen), wanted, self.path.name, top, "in the ItemGroupDef")
        untaken = [name for name in item_group.names.values() if name not in form.columns]
        for name in form.columns:
            if name not in seen:
                text = f"no record has an item {name}{suggest(name, untaken)}"
                text += "; the column is taken as empty"
                yield FormIssue("RAW-ABSENT-ITEM", "note", text, name)


def _of_forms(reader: OdmReader) -> list[ItemGroup]:
    """Each once, though several item groups may be one form."""
    by_id = {id(group): group for group in reader.item_groups.values() if group.form}
    return list(by_id.values())


def _is_symbol(item_group: ItemGroup, column: str) -> bool:
    """Whether the column holds how a unit is written."""
    return item_group.said.fields[column].endswith(f"/{SYMBOL}")


def _other_subject(
    fields: pd.DataFrame, subject: pd.Series, column: str, called: Mapping[str, str]
) -> Iterator[RecordIssue]:
    """Issues of records with an item that names another subject than the one they belong to."""
    if column not in fields:
        return
    typed, counts = fields[column], subject.str.strip()
    differs = typed.notna() & (typed != counts)
    for at in np.flatnonzero(differs.to_numpy(bool)):
        owner = f"{called[column]} {shown(str(counts.iloc[at]))}"
        item = f"the item {column} is {shown(str(typed.iloc[at]))}"
        message = f"{item} in a record of {owner}, which counts"
        yield RecordIssue("RAW-SUBJECT-KEY", "error", message, int(at), column)


def _units(
    item_group: ItemGroup, fields: pd.DataFrame, called: Mapping[str, str]
) -> Iterator[FormIssue]:
    """What is to be said of units that the file gives and no column holds."""
    for name in item_group.item_attributes:
        column, _, attribute = name.rpartition("/")
        if attribute != UNIT or name in item_group.attached.values():
            continue
        counts = fields.loc[fields[column].notna(), name].value_counts().sort_index()
        listed = ", ".join(f"{unit} {count}" for unit, count in counts.items())
        severity, what = "warning", "a unit"
        if len(counts) > 1:
            severity, what = "error", "several units"
        text = f"{called.get(column, column)} has {what} ({listed}) that no column"
        hint = f"{text} holds; wire one to {name} or {column}/{SYMBOL} under intake.odm"
        yield FormIssue("RAW-ODM-UNIT", severity, hint, column)


def _parts(merged: MergedRecords) -> Iterator[FormIssue]:
    if merged.parts:
        same = f"{merged.parts} item groups have the keys of a record that stands before them"
        yield FormIssue("RAW-ODM-PARTS", "note", f"{same}; they are parts of it")


# ---------------------------------------------------------------- opening
def open_odm(path: Path, study: Study, lines: frozenset[int] | None = None) -> OdmFile:
    """Read an ODM file.

    The index of a record is the line of its first ItemGroupData. Where several stand on one line,
    as in a file without line breaks, it is the number of the ItemGroupData in the file, and a
    finding says so.

    Args:
        path: of the file.
        study: says which item groups and items its forms are.
        lines: of these records only, for a second look; None: all.

    Returns:
        The records, and findings on what belongs to no form.

    Raises:
        RawError: where the file cannot be parsed, has no clinical data of the study, or a required
            form is missing.

    Source: CDISC ODM 1.3.2, ClinicalData and TransactionType.
    """
    reader = OdmReader(path.name, study, lines)
    _parse(reader, path)
    _check_study(reader, study)
    of_forms = _of_forms(reader)
    there: set[str] = set()
    for group in of_forms:
        if reader.removals:
            reader.context.removed += group.leave_out(reader.removals)
        if group.form:
            there.add(group.form.name)
    present = {name: path for name in study.forms if name in there}
    strange: list[ItemGroup] = []
    names: list[str] = []
    for group in reader.item_groups.values():
        if not group.form and group.count:
            strange.append(group)
            names.append(group.name)
    absent = check_forms(study, present, names, file=path.name, cure=_groups_to_wire(names))
    differing = differing_keys(of_forms)
    found = [*absent, *file_findings(reader, strange, differing)]
    return OdmFile(reader, path, present, found, aside_of(reader, strange, differing))


def _groups_to_wire(names: Sequence[str]) -> str:
    """The item groups that no form takes, and how a form says that it does."""
    if not names:
        return ""
    untaken = f"; no form takes the item groups {first_few(names, MOST)}"
    return f"{untaken}: wire them under intake.odm.forms (groups)"


def _parse(reader: OdmReader, path: Path) -> None:
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                reader.hash.update(chunk)
                reader.parser.Parse(chunk, False)
            reader.parser.Parse(b"", True)
    except OSError as error:
        raise RawError(f"cannot be opened: {error.strerror}", file=path.name) from error
    except expat.ExpatError as error:
        what = f"{expat.ErrorString(error.code)} (column {error.offset + 1})"
        reason = f"is not well-formed XML: {what}"
        raise RawError(reason, file=path.name, line=error.lineno) from error
    except (LookupError, ValueError) as error:
        reason = f"is in an encoding that cannot be read: {error}"
        raise RawError(reason, file=path.name, line=1) from error


def _check_study(reader: OdmReader, study: Study) -> None:
    """Refuse a file without clinical data, or of several studies where none is said to be meant."""
    studies, meant = reader.context.studies, study.intake.odm.study_oid
    if not studies:
        raise RawError("has no ClinicalData; export the study with its data", file=reader.file)
    listed = " and ".join(f'StudyOID "{name}" (line {seen.line})' for name, seen in studies.items())
    if meant and meant not in studies:
        named = f'has no clinical data of StudyOID "{meant}", which study.yaml names'
        raise RawError(f"{named}, but of {listed}", file=reader.file)
    if not meant and len(studies) > 1:
        reason = f"has clinical data of {listed}; say under intake.odm.study_oid which is meant"
        raise RawError(reason, file=reader.file)
