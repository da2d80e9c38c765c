"""An export that is one CSV file of a whole REDCap project.

A row holds one instance of a repeating instrument, or all that was collected once in an event. It
becomes one record of each form that has a value there; an instance of a repeating instrument is a
record even if it is empty.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from ..errors import RawError
from ..findings import findings
from ..metadata import Column, Form, Study
from ..metadata.layout import RedcapForm
from .csv_file import read_header, read_records
from .records import MISQUOTED, Records, ragged_rows
from .sheet import (
    Aside,
    Remark,
    Sheet,
    check_delimiter,
    check_forms,
    check_names,
    unknown_form,
    with_hint,
)
from .text_file import read_file

DELIMITER = ","
EVENT = "redcap_event_name"
INSTRUMENT = "redcap_repeat_instrument"
INSTANCE = "redcap_repeat_instance"
KEYS = (EVENT, INSTRUMENT, INSTANCE)  # with the record they make a row of the file what it is
_TICKED = ("1", "checked")
_UNTICKED = ("0", "unchecked")


# ---------------------------------------------------------------- which field is which column
@dataclass(frozen=True)
class _Layout:
    """Where the columns of one form are in the file."""

    form: Form
    instrument: str
    fields: dict[str, str]  # column: field or group of checkboxes, unknown columns at the end
    boxes: dict[str, list[str]]  # group of checkboxes: its fields
    own: list[str]  # fields whose values make a record; checkboxes are not among them


def _layouts(names: Sequence[str], study: Study) -> dict[str, _Layout]:
    """The layout of each form that has a field in the file."""
    wired = {name: fields_of(form, study) for name, form in study.forms.items()}
    bookkeeping = {study.intake.redcap.record, *(n for n in names if n.startswith("redcap_"))}
    used = {field for fields in wired.values() for field in fields.values()} | bookkeeping
    extra = _extra([n for n in names if n not in used and n.partition("___")[0] not in used], study)
    laid = {
        name: _layout(form, wired[name] | extra[name], names, study)
        for name, form in study.forms.items()
    }
    return {
        name: layout
        for name, layout in laid.items()
        if any(field in names for field in layout.own) or any(layout.boxes.values())
    }


def _said(form: str, study: Study) -> tuple[str, str, Mapping[str, str]]:
    """Instrument, prefix and deviating fields of a form."""
    said = study.intake.redcap.forms.get(form, RedcapForm())
    return said.instrument or form, f"{form}_" if said.prefix is None else said.prefix, said.fields


def fields_of(form: Form, study: Study) -> dict[str, str]:
    """The field of each column of a form."""
    _, prefix, fields = _said(form.name, study)
    subject = {study.intake.subject: study.intake.redcap.record}
    return {column: f"{prefix}{column}" for column in form.columns} | subject | dict(fields)


def _extra(names: Sequence[str], study: Study) -> dict[str, dict[str, str]]:
    """Fields that no column is wired to, by the form whose prefix they have; column: field."""
    extra: dict[str, dict[str, str]] = {form: {} for form in study.forms}
    prefixes = {form: _said(form, study)[1] for form in study.forms}
    for name in names:
        fits = [form for form, prefix in prefixes.items() if prefix and name.startswith(prefix)]
        form = max(fits, key=lambda form: len(prefixes[form]), default="")
        column = name.removeprefix(prefixes.get(form, ""))
        if form and not _status(name, study):
            extra[form][name if column in study.forms[form].columns else column] = name
    return extra


def _status(name: str, study: Study) -> bool:
    """Whether REDCap itself keeps this field with each instrument."""
    instruments = {_said(form, study)[0] for form in study.forms}
    return any(
        name == f"{instrument}{end}"
        for instrument in instruments
        for end in ("_complete", "_timestamp")
    )


def _layout(form: Form, fields: dict[str, str], names: Sequence[str], study: Study) -> _Layout:
    groups = {
        field for column, field in fields.items() if column in form.columns and field not in names
    }
    boxes = {group: [n for n in names if n.startswith(f"{group}___")] for group in sorted(groups)}
    ticks = {column: field for column, field in fields.items() if "___" in field}
    kept = {study.intake.redcap.record, *ticks.values()}
    own = [
        f for f in dict.fromkeys(fields.values()) if f not in kept and not f.startswith("redcap_")
    ]
    boxes |= {field: [field] for field in ticks.values() if field in names}
    return _Layout(
        form, _said(form.name, study)[0], fields, {g: f for g, f in boxes.items() if f}, own
    )


# ---------------------------------------------------------------- the file
@dataclass(frozen=True)
class RedcapFile:
    """The rows of a file that has been read."""

    study: Study
    path: Path
    encoding: str
    records: Records
    layouts: Mapping[str, _Layout]
    findings: Sequence[pd.DataFrame]
    aside: Sequence[Aside]
    digests: Mapping[str, str]

    @property
    def files(self) -> dict[str, Path]:
        return dict.fromkeys(self.layouts, self.path)

    def sheet(self, form: str) -> Sheet:
        """The rows that hold something of one form."""
        layout, redcap = self.layouts[form], self.study.intake.redcap
        rows = self.records.fields[_held(self.records.fields, layout)]
        columns: dict[str, pd.Series] = {}
        remarks: list[Remark] = []
        for column, field in layout.fields.items():
            columns[column] = (
                rows[field] if field in rows else pd.Series(index=rows.index, dtype="str")
            )
            if field == EVENT:
                columns[column] = columns[column].replace(redcap.events)
            if field in layout.boxes:
                remarks += _untickable(rows, column, layout.boxes[field])
            if field in layout.boxes and field not in rows:
                codes = _codes(layout.form.columns[column], self.study)
                columns[column] = _ticked(rows[layout.boxes[field]], codes, redcap.separator)
        return Sheet(
            form=layout.form,
            file=self.path.name,
            encoding=self.encoding,
            records=Records(pd.DataFrame(columns).astype("str"), ragged_rows(), []),
            names=layout.fields,
            remarks=remarks,
            empty="no row of the file holds anything of this form",
            identity=_identity(rows, redcap.record),
        )


def _identity(rows: pd.DataFrame, record: str) -> pd.Series:
    """The keys that the export gives of each row: record, event, instrument and instance."""
    key = rows[record].fillna("")
    for name in KEYS:
        if name in rows:
            key = key + "\x1f" + rows[name].fillna("")
    return key


def _held(fields: pd.DataFrame, layout: _Layout) -> np.ndarray:
    """Which rows are records of a form: those of its instrument, and those with a value or a ticked box of it."""
    held = np.zeros(len(fields), bool)
    if INSTRUMENT in fields:
        held |= fields[INSTRUMENT].eq(layout.instrument).to_numpy(bool)
    for name in layout.own:
        if name in fields:
            held |= fields[name].notna().to_numpy()
    for box in (box for boxes in layout.boxes.values() for box in boxes):
        held |= (fields[box].notna() & ~fields[box].str.lower().isin(_UNTICKED)).to_numpy(bool)
    return held


def open_redcap(path: Path, study: Study, lines: frozenset[int] | None = None) -> RedcapFile:
    """Read a REDCap export; lines: these rows only, for a second look."""
    text = read_file(path, study.intake.encodings)
    delimiter = text.delimiter or DELIMITER
    header = read_header(text.text, delimiter, path.name)
    layouts = _layouts(header.names, study)
    _check_header(header.names, layouts, study, path.name, header.line)
    absent = check_forms(study, layouts, header.names, file=path.name)
    records = read_records(text.text, header, delimiter, path.name)
    found = [
        *absent,
        *_odd_rows(records, path.name, study),
        *_strange(records, layouts, path.name, study),
    ]
    for note in text.notes(study.intake.encodings[0], DELIMITER):
        about = {"severity": note.severity, "rule": note.rule, "message": note.message}
        found.append(findings(**about, file=path.name, line=note.line or 1))
    empty = ~np.logical_or.reduce([_held(records.fields, layout) for layout in layouts.values()])
    found += [
        *_nowhere(records.fields[empty], path.name, study),
        *_same_keys(records.fields, path.name, study),
    ]
    aside = [*_rows_aside(records.fields[empty]), *_columns_aside(records.fields, layouts, study)]
    if lines is not None:
        records = replace(records, fields=records.fields[records.fields.index.isin(lines)])
    digests = {text.name: text.digest}
    return RedcapFile(study, path, text.encoding, records, layouts, found, aside, digests)


def _check_header(
    names: Sequence[str], layouts: Mapping[str, _Layout], study: Study, file: str, line: int
) -> None:
    record = study.intake.redcap.record
    every = {
        record,
        *(field for form in study.forms.values() for field in fields_of(form, study).values()),
    }
    check_delimiter(names, every, DELIMITER, file, line)
    if record not in names:
        reason = f"is no REDCap export: the header has no field {with_hint(record, names)}"
        raise RawError(
            f"{reason}; of an export with one file per form, give the folder", file=file, line=line
        )
    groups = [group for layout in layouts.values() for group in layout.boxes if group not in names]
    wanted = [field for form in layouts for field in fields_of(study.forms[form], study).values()]
    check_names([*names, *dict.fromkeys(groups)], list(dict.fromkeys(wanted)), file, line)


def _odd_rows(records: Records, file: str, study: Study) -> Iterator[pd.DataFrame]:
    """Findings on rows of another length than the header, and on stray quotation marks."""
    subject = records.fields[study.intake.redcap.record]
    kinds = (
        ("error", "RAW-RAGGED", records.ragged["line"].tolist(), records.ragged_messages),
        ("warning", "RAW-QUOTE", records.misquoted, [MISQUOTED] * len(records.misquoted)),
    )
    for severity, rule, at, message in kinds:
        if at:
            about = subject.reindex(at)
            yield findings(
                severity=severity,
                rule=rule,
                message=message,
                subject=about,
                file=file,
                line=list(at),
            )


def _strange(
    records: Records, layouts: Mapping[str, _Layout], file: str, study: Study
) -> Iterator[pd.DataFrame]:
    """Findings on fields and instruments that belong to no form."""
    for name in _unused(records.fields, layouts, study):
        message = f"the study knows no field {name}; it is not used"
        yield findings(
            severity="note",
            rule="RAW-UNKNOWN-COLUMN",
            message=message,
            file=file,
            line=1,
            column=name,
        )
    if INSTRUMENT in records.fields:
        instruments = records.fields[INSTRUMENT].dropna()
        known = {layout.instrument for layout in layouts.values()}
        for name, rows in instruments[~instruments.isin(known)].groupby(instruments):
            what = f"of its {len(rows)} rows only fields of known forms are read"
            yield unknown_form(str(name), what, file, int(rows.index[0]))


def _unused(fields: pd.DataFrame, layouts: Mapping[str, _Layout], study: Study) -> list[str]:
    """Fields that no column holds; of those that REDCap itself keeps only the ones that say something more.

    Instrument and instance make a row what it is, and the status of an instrument says nothing of
    the subject. An event says something if there are several.
    """
    unwired = [name for name in _unwired(fields, layouts, study) if not _status(name, study)]
    unused = [name for name in unwired if name not in (INSTRUMENT, INSTANCE)]
    return [
        name
        for name in unused
        if not name.startswith("redcap_") or fields[name].nunique() > (name == EVENT)
    ]


def _own_fields(fields: pd.DataFrame, layouts: Mapping[str, _Layout], study: Study) -> list[str]:
    """Fields that REDCap itself keeps and that no column holds, but for those that say something more."""
    told = _unused(fields, layouts, study)
    return [name for name in _unwired(fields, layouts, study) if name not in told]


def _unwired(fields: pd.DataFrame, layouts: Mapping[str, _Layout], study: Study) -> list[str]:
    """Fields that no column of a form holds."""
    used = {study.intake.redcap.record}
    for layout in layouts.values():
        used |= {
            *layout.fields.values(),
            *(box for boxes in layout.boxes.values() for box in boxes),
        }
    return [name for name in map(str, fields) if name not in used]


def _nowhere(rows: pd.DataFrame, file: str, study: Study) -> Iterator[pd.DataFrame]:
    """Findings on rows that hold nothing of any form."""
    known = (
        rows if INSTRUMENT not in rows else rows[rows[INSTRUMENT].isna()]
    )  # others are told with their instrument
    message = "holds nothing of any form of the study; it is not read"
    if len(known):
        subject = known[study.intake.redcap.record]
        lines = known.index.tolist()
        yield findings(
            severity="note",
            rule="RAW-EMPTY-ROW",
            message=message,
            subject=subject,
            file=file,
            line=lines,
        )


def _same_keys(fields: pd.DataFrame, file: str, study: Study) -> Iterator[pd.DataFrame]:
    """Findings on rows with the record, event, instrument and instance of an earlier row, and other values."""
    record = study.intake.redcap.record
    key = _identity(fields, record)
    again = key.duplicated() & ~fields.duplicated()
    if again.any():
        first = dict(zip(key[~key.duplicated()], fields.index[~key.duplicated()], strict=True))
        keys = "has the record, event, instrument and instance of line"
        message = [f"{keys} {line}; both are kept" for line in key[again].map(first)]
        place = {
            "file": file,
            "line": fields.index[again].tolist(),
            "subject": fields[record][again],
        }
        yield findings(severity="error", rule="RAW-DUPLICATE-ROW", message=message, **place)


def _rows_aside(rows: pd.DataFrame) -> Iterator[Aside]:
    """Rows that hold nothing of any form, by their instrument, for the ledger."""
    instruments = (
        rows[INSTRUMENT].fillna("") if INSTRUMENT in rows else pd.Series("", index=rows.index)
    )
    for name, count in instruments.value_counts().sort_index().items():
        reason = (
            "no form of the study is its instrument" if str(name) else "holds nothing of any form"
        )
        yield Aside("row", str(name), reason, int(count))


def _columns_aside(
    fields: pd.DataFrame, layouts: Mapping[str, _Layout], study: Study
) -> Iterator[Aside]:
    for name in _unused(fields, layouts, study):
        yield Aside("column", name, "the study does not name it", int(fields[name].notna().sum()))
    for name in _own_fields(fields, layouts, study):
        yield Aside(
            "column",
            name,
            "of the export system, not of the subject",
            int(fields[name].notna().sum()),
            known=True,
        )


# ---------------------------------------------------------------- checkboxes
def _codes(column: Column, study: Study) -> dict[str, str]:
    """How field names write the codes of a checkbox: in lower case, with _ for -."""
    codes = [*study.intake.missing, *(study.terms[column.terms] if column.terms else ())]
    return {code.lower().replace("-", "_"): code for code in codes}


def _ticked(boxes: pd.DataFrame, codes: Mapping[str, str], separator: str) -> pd.Series:
    """The codes that are ticked, one after another in the order of the fields."""
    text = pd.Series("", index=boxes.index, dtype="str")
    for name in boxes:
        suffix = str(name).partition("___")[2]
        here = boxes[name].str.lower().isin(_TICKED)
        code = codes.get(suffix, suffix)
        text = text.where(~here, text.where(text.eq(""), text + separator) + code)
    return text.where(text.ne(""))


def _untickable(rows: pd.DataFrame, column: str, boxes: Sequence[str]) -> Iterator[Remark]:
    for box in boxes:
        typed = rows[box].str.lower()
        for at in np.flatnonzero(
            (typed.notna() & ~typed.isin([*_TICKED, *_UNTICKED])).to_numpy(bool)
        ):
            message = f'{box} holds "{rows[box].iloc[at]}"; expected 1 or 0'
            yield Remark("RAW-CHECKBOX", "error", message, int(at), column)
