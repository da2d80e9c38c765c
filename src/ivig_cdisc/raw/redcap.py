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
from ..metadata import Study
from ..text import suggest
from .csv_file import Header, read_header, read_records
from .form_extract import (
    Aside,
    FormExtract,
    RecordIssue,
    check_delimiter,
    check_forms,
    check_names,
    unknown_form,
)
from .records import MISQUOTED, Records, ragged_rows
from .redcap_layout import (
    CHECKBOX,
    OWN_PREFIX,
    FormLayout,
    codes_of_boxes,
    fields_of,
    is_status,
    layouts,
)
from .text_file import TextFile, read_file

DELIMITER = ","
EVENT = "redcap_event_name"
INSTRUMENT = "redcap_repeat_instrument"
INSTANCE = "redcap_repeat_instance"
KEYS = (EVENT, INSTRUMENT, INSTANCE)  # with the record they make a row of the file what it is
_TICKED = ("1", "checked")
_UNTICKED = ("0", "unchecked")
Layouts = Mapping[str, FormLayout]


# ---------------------------------------------------------------- the file
@dataclass(frozen=True)
class RedcapFile:
    """The rows of a file that has been read."""

    study: Study
    path: Path
    encoding: str
    records: Records
    layouts: Layouts
    findings: Sequence[pd.DataFrame]
    aside: Sequence[Aside]
    digests: Mapping[str, str]

    @property
    def files(self) -> dict[str, Path]:
        return dict.fromkeys(self.layouts, self.path)

    def extract(self, form: str) -> FormExtract:
        """The rows that hold something of one form.

        Args:
            form: its name.

        Returns:
            Its records as they were collected, the line of each in the file as index.
        """
        layout, redcap = self.layouts[form], self.study.intake.redcap
        rows = self.records.fields[_held(self.records.fields, layout)]
        columns: dict[str, pd.Series] = {}
        issues: list[RecordIssue] = []
        for column, field in layout.fields.items():
            columns[column] = self._column(rows, layout, column)
            if field in layout.boxes:
                issues += _untickable(rows, column, layout.boxes[field])
        return FormExtract(
            form=layout.form,
            file=self.path.name,
            encoding=self.encoding,
            records=Records(pd.DataFrame(columns).astype("str"), ragged_rows(), []),
            names=layout.fields,
            record_issues=issues,
            empty="no row of the file holds anything of this form",
            identity=_identity(rows, redcap.record),
        )

    def _column(self, rows: pd.DataFrame, layout: FormLayout, column: str) -> pd.Series:
        """What one column of a form holds in these rows."""
        field, redcap = layout.fields[column], self.study.intake.redcap
        if field in rows:
            held = rows[field]
        elif field in layout.boxes:
            codes = codes_of_boxes(layout.form.columns[column], self.study)
            return _ticked(rows[layout.boxes[field]], codes, redcap.separator)
        else:
            held = pd.Series(index=rows.index, dtype="str")
        return held.replace(redcap.events) if field == EVENT else held


def _identity(rows: pd.DataFrame, record: str) -> pd.Series:
    """The keys that the export gives of each row: record, event, instrument and instance."""
    key = rows[record].fillna("")
    for name in KEYS:
        if name in rows:
            key = key + "\x1f" + rows[name].fillna("")
    return key


def _held(fields: pd.DataFrame, layout: FormLayout) -> np.ndarray:
    """Which rows are records of a form: those of its instrument, and those with a value of it.

    A box that is not ticked is no value.
    """
    held = np.zeros(len(fields), bool)
    if INSTRUMENT in fields:
        held |= fields[INSTRUMENT].eq(layout.instrument).to_numpy(bool)
    for name in layout.own:
        if name in fields:
            held |= fields[name].notna().to_numpy()
    for box in layout.all_boxes:
        unticked = fields[box].str.lower().isin(_UNTICKED)
        held |= (fields[box].notna() & ~unticked).to_numpy(bool)
    return held


def open_redcap(path: Path, study: Study, lines: frozenset[int] | None = None) -> RedcapFile:
    """Read a REDCap export.

    Args:
        path: of the file.
        study: says which fields the columns of its forms are.
        lines: of these rows only, for a second look; None: all.

    Returns:
        The rows, and findings on what belongs to no form.

    Raises:
        RawError: where the file cannot be read, is not a REDCap export, or fields of a required
            form are missing.
    """
    text = read_file(path, study.intake.encodings)
    delimiter = text.delimiter or DELIMITER
    header = read_header(text.text, delimiter, path.name)
    laid_out = layouts(header.names, study)
    _check_header(header, laid_out, study, path.name)
    absent = check_forms(study, laid_out, header.names, file=path.name)
    records = read_records(text.text, header, delimiter, path.name)
    held = np.zeros(len(records.fields), bool)
    for layout in laid_out.values():
        held |= _held(records.fields, layout)
    of_no_form = records.fields[~held]
    found = [
        *absent,
        *_odd_rows(records, path.name, study),
        *_strange(records, laid_out, path.name, study),
        *_of_the_text(text, study),
        *_nowhere(of_no_form, path.name, study),
        *_same_keys(records.fields, path.name, study),
    ]
    aside = [*_rows_aside(of_no_form), *_columns_aside(records.fields, laid_out, study)]
    if lines is not None:
        records = replace(records, fields=records.fields[records.fields.index.isin(lines)])
    digests = {text.name: text.digest}
    return RedcapFile(study, path, text.encoding, records, laid_out, found, aside, digests)


def _check_header(header: Header, laid_out: Layouts, study: Study, file: str) -> None:
    """Refuse a header that is not REDCap's, or misses a field of a form that is there."""
    record, names = study.intake.redcap.record, header.names
    fields = {name: fields_of(form, study).values() for name, form in study.forms.items()}
    every = {record}.union(*fields.values())
    check_delimiter(names, every, DELIMITER, file, header.line)
    if record not in names:
        hinted = record + suggest(record, names)
        reason = f"is not a REDCap export: the header has no field {hinted}"
        cure = "of an export with one file per form, give the folder"
        raise RawError(f"{reason}; {cure}", file=file, line=header.line)
    groups: dict[str, None] = {}
    wanted: dict[str, None] = {}
    for form, layout in laid_out.items():
        groups |= dict.fromkeys(layout.boxes)
        wanted |= dict.fromkeys(fields[form])
    boxes = [group for group in groups if group not in names]
    check_names([*names, *boxes], list(wanted), file, header.line)


# ---------------------------------------------------------------- what is to be said of the file
def _of_the_text(text: TextFile, study: Study) -> Iterator[pd.DataFrame]:
    for issue in text.form_issues(study.intake.encodings[0], DELIMITER):
        yield findings(
            severity=issue.severity,
            rule=issue.rule,
            message=issue.message,
            file=text.name,
            line=issue.line or 1,
        )


def _odd_rows(records: Records, file: str, study: Study) -> Iterator[pd.DataFrame]:
    """Findings on rows of another length than the header, and on stray quotation marks."""
    subject = records.fields[study.intake.redcap.record]
    ragged, misquoted = records.ragged["line"].tolist(), records.misquoted
    kinds = (
        ("error", "RAW-RAGGED", ragged, records.ragged_messages),
        ("warning", "RAW-QUOTE", misquoted, [MISQUOTED] * len(misquoted)),
    )
    for severity, rule, lines, messages in kinds:
        if lines:
            yield findings(
                severity=severity,
                rule=rule,
                message=messages,
                subject=subject.reindex(lines),
                file=file,
                line=list(lines),
            )


def _strange(
    records: Records, laid_out: Layouts, file: str, study: Study
) -> Iterator[pd.DataFrame]:
    """Findings on fields and instruments that belong to no form."""
    for name in _unused(records.fields, laid_out, study):
        yield findings(
            severity="note",
            rule="RAW-UNKNOWN-COLUMN",
            message=f"the study knows no field {name}; it is not used",
            file=file,
            line=1,
            column=name,
        )
    if INSTRUMENT in records.fields:
        instruments = records.fields[INSTRUMENT].dropna()
        known = {layout.instrument for layout in laid_out.values()}
        for name, rows in instruments[~instruments.isin(known)].groupby(instruments):
            what = f"of its {len(rows)} rows only fields of known forms are read"
            yield unknown_form(str(name), what, file, int(rows.index[0]))


def _unused(fields: pd.DataFrame, laid_out: Layouts, study: Study) -> list[str]:
    """Fields that no column holds; of those that REDCap itself keeps only what says more.

    Instrument and instance make a row what it is, and the status of an instrument says nothing of
    the subject. An event says something if there are several.
    """
    unused = []
    for name in _unwired(fields, laid_out, study):
        if name in (INSTRUMENT, INSTANCE) or is_status(name, study):
            continue
        tells_nothing = 1 if name == EVENT else 0  # distinct values of a field that REDCap makes
        if not name.startswith(OWN_PREFIX) or fields[name].nunique() > tells_nothing:
            unused.append(name)
    return unused


def _own_fields(fields: pd.DataFrame, laid_out: Layouts, study: Study) -> list[str]:
    """Fields that REDCap itself keeps, that no column holds, and that say nothing more."""
    own = dict.fromkeys(_unwired(fields, laid_out, study))
    for name in _unused(fields, laid_out, study):
        del own[name]
    return list(own)


def _unwired(fields: pd.DataFrame, laid_out: Layouts, study: Study) -> list[str]:
    """Fields that no column of a form holds."""
    used = {study.intake.redcap.record}
    for layout in laid_out.values():
        used.update(layout.fields.values(), layout.all_boxes)
    return [name for name in map(str, fields) if name not in used]


def _nowhere(rows: pd.DataFrame, file: str, study: Study) -> Iterator[pd.DataFrame]:
    """Findings on rows that hold nothing of any form."""
    if INSTRUMENT in rows:
        rows = rows[rows[INSTRUMENT].isna()]  # others are reported with their instrument
    if len(rows):
        yield findings(
            severity="note",
            rule="RAW-EMPTY-ROW",
            message="holds nothing of any form of the study; it is not read",
            subject=rows[study.intake.redcap.record],
            file=file,
            line=rows.index.tolist(),
        )


def _same_keys(fields: pd.DataFrame, file: str, study: Study) -> Iterator[pd.DataFrame]:
    """Findings on rows with the keys of an earlier row and other values."""
    record = study.intake.redcap.record
    key = _identity(fields, record)
    again = key.duplicated() & ~fields.duplicated()
    if not again.any():
        return
    is_first = ~key.duplicated()
    first = dict(zip(key[is_first], fields.index[is_first], strict=True))
    keys = "has the record, event, instrument and instance of line"
    yield findings(
        severity="error",
        rule="RAW-DUPLICATE-ROW",
        message=[f"{keys} {line}; both are kept" for line in key[again].map(first)],
        file=file,
        line=fields.index[again].tolist(),
        subject=fields[record][again],
    )


def _rows_aside(rows: pd.DataFrame) -> Iterator[Aside]:
    """Rows that hold nothing of any form, by their instrument, for the ledger."""
    instruments = pd.Series("", index=rows.index)
    if INSTRUMENT in rows:
        instruments = rows[INSTRUMENT].fillna("")
    for name, count in instruments.value_counts().sort_index().items():
        reason = "holds nothing of any form"
        if str(name):
            reason = "no form of the study is its instrument"
        yield Aside("row", str(name), reason, int(count))


def _columns_aside(fields: pd.DataFrame, laid_out: Layouts, study: Study) -> Iterator[Aside]:
    filled = fields.notna().sum()
    for name in _unused(fields, laid_out, study):
        yield Aside("column", name, "the study does not name it", int(filled[name]))
    own = "of the export system, not of the subject"
    for name in _own_fields(fields, laid_out, study):
        yield Aside("column", name, own, int(filled[name]), known=True)


# ---------------------------------------------------------------- checkboxes
def _ticked(boxes: pd.DataFrame, codes: Mapping[str, str], separator: str) -> pd.Series:
    """The codes that are ticked, one after another in the order of the fields."""
    text = pd.Series("", index=boxes.index, dtype="str")
    for name in boxes:
        suffix = str(name).partition(CHECKBOX)[2]
        here = boxes[name].str.lower().isin(_TICKED)
        before = text.where(text.eq(""), text + separator)
        text = text.where(~here, before + codes.get(suffix, suffix))
    return text.where(text.ne(""))


def _untickable(rows: pd.DataFrame, column: str, boxes: Sequence[str]) -> Iterator[RecordIssue]:
    for box in boxes:
        typed = rows[box].str.lower()
        neither = typed.notna() & ~typed.isin([*_TICKED, *_UNTICKED])
        for at in np.flatnonzero(neither.to_numpy(bool)):
            message = f'{box} holds "{rows[box].iloc[at]}"; expected 1 or 0'
            yield RecordIssue("RAW-CHECKBOX", "error", message, int(at), column)
