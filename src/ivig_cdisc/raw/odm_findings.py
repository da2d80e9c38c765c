"""What is to be said of an ODM file as a whole: what is not read, is removed, or is of no form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import pandas as pd

from ..findings import findings
from .form_extract import Aside, unknown_form
from .odm_context import COMMENT, OdmContext
from .odm_item_group import ItemGroup
from .odm_reader import OdmReader
from .odm_transactions import PLACES

NOT_HELD = "no column holds it"


def file_findings(
    reader: OdmReader, strange: Sequence[ItemGroup], differing: Mapping[str, Sequence[ItemGroup]]
) -> list[pd.DataFrame]:
    """All findings on the file.

    Args:
        reader: that has read it.
        strange: item groups that belong to no form.
        differing: see `differing_keys`.
    """
    found = []
    for group in strange:
        what = f"its {group.count} records are not read"
        found.append(unknown_form(group.name, what, reader.file, group.top))
    found += _numbered(reader)
    found += _other_studies(reader)
    found += _removed(reader)
    found += _contradicted(reader)
    found += _unread(reader.context, reader.file)
    for key, groups in differing.items():
        found.append(_apart(key, groups, reader.file))
    return found


def _numbered(reader: OdmReader) -> Iterator[pd.DataFrame]:
    if reader.shared:
        message = (
            "several ItemGroupData stand on one line; "
            "as line of a record its number among them is given, from 1"
        )
        yield findings(
            severity="note", rule="RAW-NUMBERED", message=message, file=reader.file, line=1
        )


def _other_studies(reader: OdmReader) -> Iterator[pd.DataFrame]:
    for name, seen in reader.context.studies.items():
        if name != reader.study_read:
            which = f'the {seen.count} item groups of StudyOID "{name}"'
            yield findings(
                severity="warning",
                rule="RAW-ODM-STUDY",
                message=f"{which} are of another study; they are not read",
                file=reader.file,
                line=seen.line,
            )


def _removed(reader: OdmReader) -> Iterator[pd.DataFrame]:
    name, known = reader.study.intake.odm.subject, reader.context.subjects
    for one in reader.context.removed:
        where, line = "", one.line
        if reader.shared and one.form:
            line = one.number
        if one.said and not reader.shared:
            where = f" on line {one.said}"
        yield findings(
            severity="warning",
            rule="RAW-ODM-REMOVED",
            dataset=one.form or None,
            subject=known.get(one.subject, {}).get(name, one.subject) or None,
            message=f"left out: the file says{where} that this {one.element} is removed",
            file=reader.file,
            line=line,
        )


def _contradicted(reader: OdmReader) -> Iterator[pd.DataFrame]:
    for subject, line, message in reader.context.contradictions:
        yield findings(
            severity="error",
            rule="RAW-ODM-SUBJECT",
            subject=subject,
            message=message,
            file=reader.file,
            line=line,
        )


def _unread(context: OdmContext, file: str) -> Iterator[pd.DataFrame]:
    """One finding for each kind of thing in clinical data that no column holds."""
    for name, seen in sorted(context.unread_kinds.items()):
        times = f"{seen.count} times, here first"
        if seen.count == 1:
            times = "once"
        yield findings(
            severity="warning" if name == COMMENT else "note",
            rule="RAW-ODM-UNREAD",
            message=f"{name} stands in the clinical data {times}; it is not read",
            file=file,
            line=seen.line,
        )


def differing_keys(groups: Sequence[ItemGroup]) -> dict[str, list[ItemGroup]]:
    """Keys that tell records of a form apart and that no column of it holds, with these forms."""
    differing: dict[str, list[ItemGroup]] = {}
    for group in groups:
        for position, key in enumerate(PLACES):
            distinct = {place[position] for place in group.places}
            if len(distinct) > 1 and key not in group.keyed.values():
                differing.setdefault(key, []).append(group)
    return differing


def _apart(key: str, groups: Sequence[ItemGroup], file: str) -> pd.DataFrame:
    names = ", ".join(sorted(group.form.name for group in groups if group.form))
    differs = f"{key} differs between records of {names}"
    message = f"{differs}, and no column holds it; wire one under intake.odm"
    return findings(
        severity="note", rule="RAW-ODM-UNREAD", message=message, file=file, line=groups[0].top
    )


# ---------------------------------------------------------------- for the ledger
def aside_of(
    reader: OdmReader, strange: Sequence[ItemGroup], differing: Mapping[str, Sequence[ItemGroup]]
) -> list[Aside]:
    """Item groups and columns that belong to no form; arguments as of `file_findings`."""
    aside = []
    for group in strange:
        aside.append(Aside("row", group.name, "no form of the study is named so", group.count))
    for name, seen in reader.context.studies.items():
        if name != reader.study_read:
            aside.append(Aside("row", name, "clinical data of another study", seen.count))
    for name, seen in sorted(reader.context.unread_kinds.items()):
        aside.append(Aside("column", name, NOT_HELD, seen.count))
    for name, groups in differing.items():
        count = sum(group.count for group in groups)
        aside.append(Aside("column", name, NOT_HELD, count))
    return aside
