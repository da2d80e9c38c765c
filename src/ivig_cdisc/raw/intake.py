"""What is checked when a form comes in: every record is kept or left out with a finding, every bad cell is reported."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..findings import findings
from ..metadata import Form, Study
from .readers import Reading, shown
from .records import MISQUOTED, Records
from .sheet import Sheet, lines_in_words
from .values import Cells, read_cells

_NOTHING = findings().iloc[:0]


@dataclass(frozen=True)
class Page:
    """One form as it stands in the export, cells read by their type."""

    sheet: Sheet
    study: Study
    cells: dict[str, Cells]
    subject: pd.api.extensions.ExtensionArray

    @property
    def form(self) -> Form:
        return self.sheet.form

    @property
    def records(self) -> Records:
        return self.sheet.records

    @property
    def lines(self) -> np.ndarray:
        return self.records.fields.index.to_numpy()

    def report(
        self,
        rule: str,
        severity: str,
        at: np.ndarray,
        message: str | Sequence[str],
        column: str | None = None,
    ) -> pd.DataFrame:
        """One finding for each record at these positions, about the given column or the whole record."""
        if not len(at):
            return _NOTHING
        verbatim = self.records.fields[column].iloc[at] if column else None
        return findings(
            severity=severity,
            rule=rule,
            dataset=self.form.name,
            subject=pd.Series(self.subject[at]),
            variable=column,
            value=verbatim,
            message=message if isinstance(message, str) else list(message),
            file=self.sheet.file,
            line=self.lines[at].tolist(),
            column=self.sheet.called(column),
            verbatim=verbatim,
        )

    def report_lines(
        self, rule: str, severity: str, lines: Sequence[int], message: Sequence[str]
    ) -> pd.DataFrame:
        """One finding for each of these lines."""
        return self.report(
            rule, severity, np.searchsorted(self.lines, np.array(lines, "int64")), message
        )

    def report_file(
        self,
        rule: str,
        severity: str,
        message: str,
        column: str | None = None,
        line: int | None = None,
    ) -> pd.DataFrame:
        """One finding about the file, or about one line or column of it."""
        sheet = self.sheet
        place = {
            "file": sheet.file,
            "line": line or sheet.top,
            "column": sheet.called(column),
            "variable": column,
        }
        return findings(
            severity=severity, rule=rule, dataset=self.form.name, message=message, **place
        )


def open_page(sheet: Sheet, study: Study, sites: Mapping[str, str]) -> Page:
    """Read the cells of all columns that the study names.

    sites: of each subject that is known; none of the form that lists the subjects, which says them
        itself.
    """
    fields, columns, intake = sheet.records.fields, sheet.form.columns, study.intake
    names = {intake.subject, intake.site, *sheet.form.key}
    subject = read_cells(fields[intake.subject], columns[intake.subject], study, identifies=True)
    of_site = _sites(sheet, study, subject, sites) if intake.site else None
    cells = {
        name: read_cells(fields[name], column, study, of_site, identifies=name in names)
        for name, column in columns.items()
    }
    return Page(sheet, study, cells, subject.text)


def _sites(sheet: Sheet, study: Study, subject: Cells, sites: Mapping[str, str]) -> pd.Series:
    """The site of each record, missing where its subject is not known."""
    site = study.intake.site
    if sheet.form.name == study.intake.subjects:
        return pd.Series(
            read_cells(
                sheet.records.fields[site], sheet.form.columns[site], study, identifies=True
            ).text
        )
    known = [sites.get(reading.text or "") for reading in subject.readings]
    return pd.Series(Cells(subject.codes, subject.typed, tuple(map(Reading, known))).text)


def empty_frame(form: Form, study: Study) -> pd.DataFrame:
    """A form without records."""
    none = Cells(np.array([], "int64"), (), ())
    return _frame(dict.fromkeys(form.columns, none), np.array([], "int64"), study)


def canonical_frame(page: Page, kept: np.ndarray) -> pd.DataFrame:
    """The kept records as canonical text, by subject and then by all other columns, whatever the order in the file."""
    first = page.study.intake.subject
    names = [first, *(name for name in page.form.columns if name != first)]
    order = np.lexsort([page.cells[name].rank[kept] for name in reversed(names)])
    at = kept[order]
    cells = {name: Cells(c.codes[at], c.typed, c.readings) for name, c in page.cells.items()}
    return _frame(cells, page.lines[at], page.study)


def _frame(cells: dict[str, Cells], lines: np.ndarray, study: Study) -> pd.DataFrame:
    """Canonical text of each column, and beside it what its user-missing codes mean."""
    meanings = pd.CategoricalDtype(sorted(set(study.intake.missing.values())))
    text = {name: cell.text for name, cell in cells.items()}
    missing = {f"{name}.missing": _meaning(cell, meanings) for name, cell in cells.items()}
    return pd.DataFrame(text | missing, index=pd.Index(lines, dtype="int64", name="line"))


def _meaning(cells: Cells, dtype: pd.CategoricalDtype) -> pd.Categorical:
    codes = [
        dtype.categories.get_loc(r.meaning) if r.meaning is not None else -1 for r in cells.readings
    ]
    return pd.Categorical.from_codes(np.array([*codes, -1], "int8")[cells.codes], dtype=dtype)


# ---------------------------------------------------------------- records
def sift(page: Page) -> tuple[np.ndarray, list[pd.DataFrame]]:
    """Positions of the records that are kept, and a finding for each one that is left out or is a duplicate."""
    kept, nobody = _without_subject(page)
    same = _identical(page, kept)
    kept, lines = _duplicate_lines(page, kept, same)
    kept, keys = (
        _duplicate_subjects(page, kept)
        if _lists_subjects(page)
        else _duplicate_keys(page, kept, same)
    )
    return kept, [nobody, lines, keys]


def _lists_subjects(page: Page) -> bool:
    return page.form.name == page.study.intake.subjects


def _without_subject(page: Page) -> tuple[np.ndarray, pd.DataFrame]:
    name = page.study.intake.subject
    cells = page.cells[name]
    nobody = np.flatnonzero(~cells.present)
    message = [
        f"left out: {_no_subject(name, cells, code)}, so it is not known whose record this is"
        for code in cells.codes[nobody]
    ]
    return np.flatnonzero(cells.present), page.report(
        "RAW-NO-SUBJECT", "reject", nobody, message, name
    )


def _no_subject(name: str, cells: Cells, code: int) -> str:
    """Why a cell names no subject."""
    if code < 0:
        return f"{name} is empty"
    reading = cells.readings[code]
    if reading.meaning is not None:
        return f"{name} holds the code {cells.typed[code]} ({reading.meaning})"
    return (
        f"{name} is {shown(cells.typed[code])}"
        if reading.rule != "RAW-INVISIBLE"
        else f"{name} {reading.message}"
    )


def _identical(page: Page, at: np.ndarray) -> dict[int, int]:
    """Of each record that is the same as an earlier one, cell by cell, the position of the first that is.

    Records to which the export itself gives different keys are different, whatever they hold.
    """
    extra = page.records.ragged.set_index("line")["extra"].reindex(page.lines)
    told = [extra, *(page.records.fields[name] for name in unknown_columns(page))]
    told += [] if page.sheet.identity is None else [page.sheet.identity]
    known = [cells.codes for cells in page.cells.values()]
    first = at[
        _first_equal(
            [codes[at] for codes in (*known, *(pd.factorize(column)[0] for column in told))],
            len(at),
        )
    ]
    again = first != at
    return dict(zip(at[again].tolist(), first[again].tolist(), strict=True))


_SAID = {  # by what the form says of duplicates: severity, and what becomes of them
    "first": ("warning", "left out"),
    "keep": ("note", "kept"),
    "": ("error", "both are kept, as the form does not say `duplicates: keep` or `first`"),
}


def _duplicate_lines(
    page: Page, at: np.ndarray, same: dict[int, int]
) -> tuple[np.ndarray, pd.DataFrame]:
    """Identical records: a finding each, and left out where the form says so."""
    if _lists_subjects(page) and page.form.duplicates != "first":
        return at, _NOTHING  # told as a second record of that subject
    severity, done = _SAID[page.form.duplicates]
    again = np.array(list(same), "int64")
    message = [f"identical to line {page.lines[first]}; {done}" for first in same.values()]
    kept = np.setdiff1d(at, again) if page.form.duplicates == "first" else at
    return kept, page.report("RAW-DUPLICATE-LINE", severity, again, message)


def _duplicate_subjects(page: Page, at: np.ndarray) -> tuple[np.ndarray, pd.DataFrame]:
    name = page.study.intake.subject
    first = _first_equal([page.cells[name].identity[at]], len(at))
    again = first != np.arange(len(at))
    message = [
        f"left out: subject {subject} stands on line {line} already, and a subject can be one record only"
        for subject, line in zip(page.subject[at[again]], page.lines[at[first[again]]], strict=True)
    ]
    return at[~again], page.report("RAW-DUPLICATE-SUBJECT", "reject", at[again], message, name)


def _duplicate_keys(
    page: Page, at: np.ndarray, same: dict[int, int]
) -> tuple[np.ndarray, pd.DataFrame]:
    """Records with the key of an earlier one and other content."""
    if not page.form.key:
        return at, _NOTHING
    first = _first_equal([page.cells[name].identity[at] for name in page.form.key], len(at))
    again = (first != np.arange(len(at))) & ~np.isin(at, list(same))
    key = ", ".join(page.form.key)
    message = [
        f"has the same {key} as line {line}; both are kept" for line in page.lines[at[first[again]]]
    ]
    return at, page.report("RAW-DUPLICATE-KEY", "error", at[again], message)


def _first_equal(columns: Sequence[np.ndarray], length: int) -> np.ndarray:
    """For each record the position of the first record that is equal to it in all columns."""
    group = np.zeros(length, "int64")
    for codes in columns:
        group = pd.factorize(group * (int(codes.max(initial=0)) + 2) + codes + 1)[0]
    first = np.zeros(length, "int64")
    first[group[::-1]] = np.arange(length)[::-1]
    return first[group]


def unknown_subjects(page: Page, kept: np.ndarray, known: pd.Index) -> pd.DataFrame:
    """A finding for each record of a subject that the form of subjects does not list."""
    cells = page.cells[page.study.intake.subject]
    listed = pd.Index([r.text for r in cells.readings], dtype="str").isin(known)
    strange = kept[~listed[cells.codes[kept]]]
    listed_in = page.study.forms[page.study.intake.subjects]
    listing = listed_in.file if page.sheet.file == page.form.file else f"the form {listed_in.name}"
    message = [
        f"subject {subject} is not in {listing}; the record is kept"
        for subject in page.subject[strange]
    ]
    return page.report("RAW-UNKNOWN-SUBJECT", "error", strange, message, page.study.intake.subject)


# ---------------------------------------------------------------- cells
def bad_cells(page: Page, kept: np.ndarray) -> list[pd.DataFrame]:
    """Findings on the cells of the records that are kept."""
    found: list[pd.DataFrame] = []
    for name, column in page.form.columns.items():
        found += [*_wrong(page, name, kept), *_told(page, name, kept)]
        if column.required:
            found += _lacking(page, name, kept)
    return found


def _wrong(page: Page, name: str, kept: np.ndarray) -> list[pd.DataFrame]:
    cells = page.cells[name]
    at = kept[cells.wrong[kept]]
    found = [cells.readings[code] for code in cells.codes[at]]
    kinds = sorted({(r.rule, r.severity) for r in found})
    picked = {
        kind: [n for n, r in enumerate(found) if (r.rule, r.severity) == kind] for kind in kinds
    }
    return [
        page.report(rule, severity, at[ns], [found[n].message for n in ns], name)
        for (rule, severity), ns in picked.items()
    ]


def _told(page: Page, name: str, kept: np.ndarray) -> Iterator[pd.DataFrame]:
    """What is said once of several cells, with the lines of all; at the first by subject, whatever their order."""
    cells, subject = page.cells[name], page.cells[page.study.intake.subject]
    for told in cells.told:
        at = np.intersect1d(told.at, kept)
        if len(at):
            order = np.lexsort((page.lines[at], cells.rank[at], subject.rank[at]))
            message = f"{told.what}; {lines_in_words(page.lines[at].tolist())}"
            yield page.report(told.rule, told.severity, at[order[:1]], message, name)


def _lacking(page: Page, name: str, kept: np.ndarray) -> list[pd.DataFrame]:
    """Required cells without content, a code for that included; what cannot be read is reported already."""
    if name == page.study.intake.subject:
        return []
    cells = page.cells[name]
    at = kept[~cells.present[kept] & (~cells.wrong[kept] | cells.coded[kept])]
    message = [_lack(name, cells, code) for code in cells.codes[at]]
    return [page.report("RAW-REQUIRED", "error", at, message, name)]


def _lack(name: str, cells: Cells, code: int) -> str:
    if code < 0:
        return f"{name} is empty, and it is required"
    return f"{name} holds the code {cells.typed[code]} ({cells.readings[code].meaning}), and it is required"


# ---------------------------------------------------------------- the file
def file_findings(page: Page) -> list[pd.DataFrame]:
    """What is to be said of the form as a whole, its columns and the shape of its lines."""
    sheet, misquoted = page.sheet, page.records.misquoted
    found = [
        page.report_lines(
            "RAW-RAGGED",
            "error",
            page.records.ragged["line"].tolist(),
            page.records.ragged_messages,
        ),
        page.report_lines("RAW-QUOTE", "warning", misquoted, [MISQUOTED] * len(misquoted)),
        *(
            page.report(r.rule, r.severity, np.array([r.at]), r.message, r.column)
            for r in sheet.remarks
        ),
        *(
            page.report_file(note.rule, note.severity, note.message, note.column, note.line)
            for note in sheet.notes
        ),
    ]
    found += [
        page.report_file(
            "RAW-UNKNOWN-COLUMN", "note", f"the study knows no column {name}; it is not used", name
        )
        for name in unknown_columns(page)
    ]
    if not len(page.lines):
        found.append(page.report_file("RAW-EMPTY-FORM", "warning", sheet.empty))
    return found


def unknown_columns(page: Page) -> tuple[str, ...]:
    """Columns of the file that the study does not name."""
    return tuple(str(name) for name in page.records.fields if name not in page.form.columns)
