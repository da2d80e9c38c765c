"""What is checked when a form comes in.

Every record is kept or left out with a finding, and every bad cell is reported.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from .form_extract import lines_in_words
from .parsed_column import ParsedColumn
from .parsed_form import NO_FINDINGS, ParsedForm
from .readers import shown
from .records import MISQUOTED


# ---------------------------------------------------------------- records
def screen_records(parsed: ParsedForm) -> tuple[np.ndarray, list[pd.DataFrame]]:
    """Which records are kept.

    Args:
        parsed: the form.

    Returns:
        Positions of the records that are kept, and a finding for each one that is left out or is
        a duplicate.
    """
    kept, nobody = _without_subject(parsed)
    same = _identical(parsed, kept)
    kept, lines = _duplicate_lines(parsed, kept, same)
    if parsed.lists_subjects:
        kept, keys = _duplicate_subjects(parsed, kept)
    else:
        keys = _duplicate_keys(parsed, kept, same)
    return kept, [nobody, lines, keys]


def _without_subject(parsed: ParsedForm) -> tuple[np.ndarray, pd.DataFrame]:
    name, subjects = parsed.study.intake.subject, parsed.subjects
    nobody = np.flatnonzero(~subjects.present)
    messages = []
    for code in subjects.codes[nobody]:
        reason = _no_subject(name, subjects, code)
        messages.append(f"left out: {reason}, so it is not known whose record this is")
    found = parsed.report("RAW-NO-SUBJECT", "reject", nobody, messages, name)
    return np.flatnonzero(subjects.present), found


def _no_subject(name: str, column: ParsedColumn, code: int) -> str:
    """Why a cell names no subject."""
    if code < 0:
        return f"{name} is empty"
    value = column.values[code]
    if value.meaning is not None:
        return f"{name} holds the code {column.typed[code]} ({value.meaning})"
    if value.rule == "RAW-INVISIBLE":
        return f"{name} {value.message}"
    return f"{name} is {shown(column.typed[code])}"


def _identical(parsed: ParsedForm, at: np.ndarray) -> dict[int, int]:
    """Of each record that is the same as an earlier one, the position of the first that is.

    Records to which the export itself gives different keys are different, whatever they hold.
    """
    fields = parsed.records.fields
    ragged = parsed.records.ragged.set_index("line")["extra"]
    others = [ragged.reindex(parsed.lines)]
    for name in unknown_columns(parsed):
        others.append(fields[name])
    if parsed.extract.identity is not None:
        others.append(parsed.extract.identity)
    codes = [column.codes[at] for column in parsed.columns.values()]
    for column in others:
        codes.append(pd.factorize(column)[0][at])
    first = at[_first_equal(codes, len(at))]
    again = first != at
    return dict(zip(at[again].tolist(), first[again].tolist(), strict=True))


_OF_DUPLICATES = {  # by what the form says of them: severity, and what becomes of them
    "first": ("warning", "left out"),
    "keep": ("note", "kept"),
    "": ("error", "both are kept, as the form does not say `duplicates: keep` or `first`"),
}


def _duplicate_lines(
    parsed: ParsedForm, at: np.ndarray, same: dict[int, int]
) -> tuple[np.ndarray, pd.DataFrame]:
    """Identical records: a finding each, and left out where the form says so."""
    only_first = parsed.form.duplicates == "first"
    if parsed.lists_subjects and not only_first:
        return at, NO_FINDINGS  # reported as a second record of that subject
    severity, done = _OF_DUPLICATES[parsed.form.duplicates]
    again = np.array(list(same), "int64")
    messages = [f"identical to line {parsed.lines[first]}; {done}" for first in same.values()]
    found = parsed.report("RAW-DUPLICATE-LINE", severity, again, messages)
    if only_first:
        at = np.setdiff1d(at, again)
    return at, found


def _duplicate_subjects(parsed: ParsedForm, at: np.ndarray) -> tuple[np.ndarray, pd.DataFrame]:
    name = parsed.study.intake.subject
    first = _first_equal([parsed.subjects.identity[at]], len(at))
    again = first != np.arange(len(at))
    messages = []
    for subject, line in zip(
        parsed.subject[at[again]], parsed.lines[at[first[again]]], strict=True
    ):
        known = f"subject {subject} stands on line {line} already"
        messages.append(f"left out: {known}, and a subject can be one record only")
    found = parsed.report("RAW-DUPLICATE-SUBJECT", "reject", at[again], messages, name)
    return at[~again], found


def _duplicate_keys(parsed: ParsedForm, at: np.ndarray, same: dict[int, int]) -> pd.DataFrame:
    """Records with the key of an earlier one and other content."""
    if not parsed.form.key:
        return NO_FINDINGS
    content = [parsed.columns[name].identity[at] for name in parsed.form.key]
    first = _first_equal(content, len(at))
    again = (first != np.arange(len(at))) & ~np.isin(at, list(same))
    key = ", ".join(parsed.form.key)
    lines = parsed.lines[at[first[again]]]
    messages = [f"has the same {key} as line {line}; both are kept" for line in lines]
    return parsed.report("RAW-DUPLICATE-KEY", "error", at[again], messages)


def _first_equal(columns: Sequence[np.ndarray], length: int) -> np.ndarray:
    """For each record the position of the first record that is equal to it in all columns."""
    group = np.zeros(length, "int64")
    for codes in columns:
        group = pd.factorize(group * (int(codes.max(initial=0)) + 2) + codes + 1)[0]
    first = np.zeros(length, "int64")
    first[group[::-1]] = np.arange(length)[::-1]
    return first[group]


def unknown_subjects(parsed: ParsedForm, kept: np.ndarray, known: pd.Index) -> pd.DataFrame:
    """A finding for each record of a subject that the form of subjects does not list.

    Args:
        parsed: another form.
        kept: positions of its records.
        known: the subjects that are listed.
    """
    name = parsed.study.intake.subject
    canonical = pd.Index([value.text for value in parsed.subjects.values], dtype="str")
    strange = kept[~canonical.isin(known)[parsed.subjects.codes[kept]]]
    listing = parsed.study.forms[parsed.study.intake.subjects]
    where = f"the form {listing.name}"
    if parsed.extract.file == parsed.form.file:
        where = listing.file
    messages = []
    for subject in parsed.subject[strange]:
        messages.append(f"subject {subject} is not in {where}; the record is kept")
    return parsed.report("RAW-UNKNOWN-SUBJECT", "error", strange, messages, name)


# ---------------------------------------------------------------- cells
def bad_cells(parsed: ParsedForm, kept: np.ndarray) -> list[pd.DataFrame]:
    """Findings on the cells of the records that are kept."""
    found: list[pd.DataFrame] = []
    for name, column in parsed.form.columns.items():
        found += _wrong(parsed, name, kept)
        found += _column_issues(parsed, name, kept)
        if column.required:
            found.append(_missing_required(parsed, name, kept))
    return found


def _wrong(parsed: ParsedForm, name: str, kept: np.ndarray) -> list[pd.DataFrame]:
    """Findings on cells of one column, by rule and severity."""
    column = parsed.columns[name]
    at = kept[column.wrong[kept]]
    wrong = [column.values[code] for code in column.codes[at]]
    by_rule: dict[tuple[str, str], list[int]] = {}
    for position, value in enumerate(wrong):
        by_rule.setdefault((value.rule, value.severity), []).append(position)
    found = []
    for (rule, severity), positions in sorted(by_rule.items()):
        messages = [wrong[position].message for position in positions]
        found.append(parsed.report(rule, severity, at[positions], messages, name))
    return found


def _column_issues(parsed: ParsedForm, name: str, kept: np.ndarray) -> Iterator[pd.DataFrame]:
    """What is said once of several cells, with the lines of all.

    It stands at the first of them by subject, whatever their order.
    """
    column, subjects = parsed.columns[name], parsed.subjects
    for issue in column.issues:
        at = np.intersect1d(issue.at, kept)
        if len(at):
            order = np.lexsort((parsed.lines[at], column.rank[at], subjects.rank[at]))
            message = f"{issue.what}; {lines_in_words(parsed.lines[at].tolist())}"
            yield parsed.report(issue.rule, issue.severity, at[order[:1]], message, name)


def _missing_required(parsed: ParsedForm, name: str, kept: np.ndarray) -> pd.DataFrame:
    """Required cells without content, a code for that included.

    What cannot be read is reported already.
    """
    if name == parsed.study.intake.subject:
        return NO_FINDINGS
    column = parsed.columns[name]
    at = kept[~column.present[kept] & (~column.wrong[kept] | column.coded[kept])]
    messages = [missing_message(name, column, code) for code in column.codes[at]]
    return parsed.report("RAW-REQUIRED", "error", at, messages, name)


def missing_message(name: str, column: ParsedColumn, code: int) -> str:
    """What is said of a required cell; code: its position among the values, -1 if it is empty."""
    if code < 0:
        return f"{name} is empty, and it is required"
    coded = f"{column.typed[code]} ({column.values[code].meaning})"
    return f"{name} holds the code {coded}, and it is required"


# ---------------------------------------------------------------- the file
def file_findings(parsed: ParsedForm) -> list[pd.DataFrame]:
    """What is to be said of the form as a whole, its columns and the shape of its lines."""
    extract, records = parsed.extract, parsed.records
    ragged, misquoted = records.ragged["line"].tolist(), records.misquoted
    quotes = [MISQUOTED] * len(misquoted)
    found = [
        parsed.report_lines("RAW-RAGGED", "error", ragged, records.ragged_messages),
        parsed.report_lines("RAW-QUOTE", "warning", misquoted, quotes),
    ]
    for issue in extract.record_issues:
        at = np.array([issue.at])
        found.append(parsed.report(issue.rule, issue.severity, at, issue.message, issue.column))
    for note in extract.form_issues:
        found.append(
            parsed.report_file(note.rule, note.severity, note.message, note.column, note.line)
        )
    for name in unknown_columns(parsed):
        message = f"the study knows no column {name}; it is not used"
        found.append(parsed.report_file("RAW-UNKNOWN-COLUMN", "note", message, name))
    if not len(parsed.lines):
        found.append(parsed.report_file("RAW-EMPTY-FORM", "warning", extract.empty))
    return found


def unknown_columns(parsed: ParsedForm) -> tuple[str, ...]:
    """Columns of the file that the study does not name."""
    names = map(str, parsed.records.fields)
    return tuple(name for name in names if name not in parsed.form.columns)
