"""What people typed into findings.xlsx, read back.

No answer is lost because a study is converted or examined again.
"""

from __future__ import annotations

import hashlib
import re
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from ..errors import ExportError
from ..findings import findings, gather
from ..text import value_text
from ..xlsx import load_workbook
from ..xlsx.limits import FINDINGS, refuse
from .queries import COLUMN_NAMES, COLUMNS, NO_QUERIES

TWICE = "ANSWER-TWICE"
NEEDED = ("Fingerprint", "Answer")
HEAD = 50  # rows in which the headings are looked for
# beside it while a spreadsheet program has it open
LOCKED = ("~$findings.xlsx", ".~lock.findings.xlsx#")
PROTECTED = b"\xd0\xcf\x11\xe0"  # the first bytes of a workbook with a password, and of an old .xls
ADVICE = "nothing was written; repair it, or move it away after copying the answers"
NOT_KEPT = f"so that its answers cannot be kept; {ADVICE}"
# a fingerprint, as findings.with_fingerprints makes them
PRINT = re.compile(r"[0-9a-f]{16}(-[0-9]+)?", re.IGNORECASE)
CONTROL = re.compile("_x(00[01][0-9A-Fa-f])_")
Row = dict[str, str]


@dataclass(frozen=True)
class Answers:
    """The rows of a workbook that have an answer.

    rows     columns as queries.COLUMNS has them, all text; one row per fingerprint, and one for
             each answer without
    twice    fingerprint: the sheets in which different answers to it stand
    path     the workbook, and `digest` its SHA-256 when it was read, empty if there was none
    """

    rows: pd.DataFrame = field(default_factory=lambda: _frame([]))
    twice: Mapping[str, str] = field(default_factory=dict)
    path: Path = Path()
    digest: str = ""

    def refuse_changes(self) -> None:
        """ExportError where somebody has gone on with the workbook since it was read."""
        _refuse_open(self.path)
        if _digest(self.path) != self.digest:
            reason = f"{self.path} was changed while it was read"
            raise ExportError(f"{reason}; nothing was written; run again")


def read_answers(path: Path) -> Answers:
    """The answers in a workbook.

    Columns are found by their headings, in any sheet, in any order. A formula, a date or a number
    becomes text.

    Args:
        path: findings.xlsx of an output folder.

    Returns:
        The answers; none where there is no workbook.

    Raises:
        ExportError: the workbook cannot be read or has not the columns that are needed, or a
            spreadsheet program has it open.
    """
    _refuse_open(path)
    digest = _digest(path)
    if not digest:
        return Answers(path=path)
    book, shown = _load(path, shown=False), _load(path, shown=True)
    typed: list[tuple[str, Row]] = []
    for sheet in book.worksheets:
        for row in _rows(sheet, shown[sheet.title], path):
            typed.append((sheet.title, row))
    rows, twice = _by_fingerprint(typed)
    return Answers(_frame(rows), twice, path, digest)


def answer(found: pd.DataFrame, answers: Answers) -> pd.DataFrame:
    """All findings of a study with their answers.

    Args:
        found: the findings, with fingerprints.
        answers: what was read from the workbook.

    Returns:
        The findings in their fixed order, with `answer`, missing where there is none; and a note on
        each finding that has different answers.
    """
    rows = answers.rows
    known = rows[rows["fingerprint"].ne("")].set_index("fingerprint")["answer"]
    answered = found.assign(answer=found["fingerprint"].map(known).astype("str"))
    parts = [answered]
    for fingerprint, sheets in answers.twice.items():
        parts.append(_note_on_difference(answered, fingerprint, sheets))
    return gather(parts)


def earlier(found: pd.DataFrame, answers: Answers) -> pd.DataFrame:
    """The answers to findings that are gone.

    Args:
        found: the findings that there are, with fingerprints.
        answers: what was read from the workbook.

    Returns:
        Rows of `answers.rows`; those without a fingerprint are among them.
    """
    is_gone = ~answers.rows["fingerprint"].isin(found["fingerprint"])
    return answers.rows[is_gone].reset_index(drop=True)


# ---------------------------------------------------------------- the file
def _refuse_open(path: Path) -> None:
    for name in LOCKED:
        if (path.parent / name).exists():
            reason = f"{path} is open in a spreadsheet program"
            advice = f"(if it is not open, remove {name} beside it)"
            raise ExportError(f"{reason}; save and close it; nothing was written {advice}")


def _digest(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise ExportError(f"{path}: {error.strerror}, {NOT_KEPT}") from error


def _load(path: Path, *, shown: bool) -> Any:
    """The workbook. shown: what formulas came to, instead of the formulas."""
    with path.open("rb") as stream:
        if stream.read(4) == PROTECTED:
            reason = f"{path} has a password or is an old .xls"
            raise ExportError(f"{reason}; save it as .xlsx without one; {ADVICE}")
    try:
        refuse(path, FINDINGS)
    except ExportError as error:
        raise ExportError(f"{error}, {NOT_KEPT}") from error
    try:
        with warnings.catch_warnings(action="ignore"):
            return load_workbook(path, results=shown)
    except Exception as error:  # openpyxl raises whatever the damage brings about
        reason = f"{path} cannot be read as a workbook ({error})"
        raise ExportError(f"{reason}, {NOT_KEPT}") from error


# ---------------------------------------------------------------- one sheet
def _rows(sheet: Any, shown: Any, path: Path) -> Iterator[Row]:
    """The rows that have an answer, under our headings.

    What stands in other columns and in notes is put after it.
    """
    cells = _texts(sheet, shown)
    place = _head_place(cells)
    if place is None and _is_ours(cells):
        raise ExportError(f"{path}: {_lacking(sheet.title, cells)}; {ADVICE}")
    if place is None:
        yield from _own_words(sheet.title, cells, _notes(sheet))
        return
    heads = [_heading(text) for text in cells[place]]
    notes = _notes(sheet)
    for number, line in enumerate(cells[place + 1 :], start=place + 1):
        row = _row(heads, line, notes.get(number, []))
        if row["Answer"]:
            yield row


def _row(heads: Sequence[str], line: Sequence[str], notes: Sequence[str]) -> Row:
    """One row under our headings; of several columns with one heading, the first that is filled."""
    row = dict.fromkeys(COLUMNS, "")
    said: list[str] = []
    beside: list[str] = []
    ours: list[str] = []
    for head, text in zip(heads, line):
        if not text.strip():
            continue
        if head in COLUMNS and not row[head]:
            row[head] = text
        if head == "Answer":
            said.append(text)
        elif head in COLUMNS:
            ours.append(text)
        elif head:
            beside.append(f"{head}: {text}")
        else:
            beside.append(text)
    row["Fingerprint"] = row["Fingerprint"].strip().lower()
    if not row["Fingerprint"]:  # not a row of ours: whatever stands in it was typed by people
        beside += ours
    row["Answer"] = "\n".join(dict.fromkeys([*said, *beside, *notes]))
    return row


def _heading(text: str) -> str:
    """A heading as we have it, or as it is if it is none of ours."""
    ours = {name.casefold(): name for name in COLUMNS}
    plain = " ".join(text.split())
    return ours.get(plain.casefold(), plain)


def _head_place(cells: Sequence[Sequence[str]]) -> int | None:
    """The line of the headings, counted from 0; None where there is none."""
    for number, line in enumerate(cells[:HEAD]):
        if _headings([line]) >= set(NEEDED):
            return number
    return None


def _headings(cells: Sequence[Sequence[str]]) -> set[str]:
    """All texts of the lines in which headings are looked for, as headings."""
    found: set[str] = set()
    for line in cells[:HEAD]:
        found |= {_heading(text) for text in line}
    return found


def _is_ours(cells: Sequence[Sequence[str]]) -> bool:
    """Whether a sheet without our headings was made by us.

    It has one of the two that are needed, or fingerprints.
    """
    if _headings(cells) & set(NEEDED):
        return True
    return any(PRINT.fullmatch(text.strip()) for line in cells for text in line)


def _own_words(
    title: str, cells: Sequence[Sequence[str]], notes: Mapping[int, Sequence[str]]
) -> Iterator[Row]:
    """The rows of a sheet that somebody has added.

    Nothing in them answers a query, and nothing of them is lost.
    """
    if title == NO_QUERIES:
        return
    for number, line in enumerate(cells):
        texts = (*line, *notes.get(number, ()))
        words = "; ".join(text.strip() for text in texts if text.strip())
        if words:
            yield {**dict.fromkeys(COLUMNS, ""), "Answer": f"Sheet {title}: {words}"}


def _lacking(title: str, cells: Sequence[Sequence[str]]) -> str:
    """Which heading a sheet lacks."""
    seen = _headings(cells)
    lacking = [name for name in NEEDED if name not in seen]
    if not lacking:
        lacking = list(NEEDED)
    reason = f"the sheet {title} has no column {' and '.join(lacking)}"
    return f"{reason} by which its answers could be kept; put the heading back"


# ---------------------------------------------------------------- cells
def _texts(sheet: Any, shown: Any) -> list[list[str]]:
    """All cells as text; of cells that are merged, each one under another has the text of all."""
    texts: list[list[str]] = []
    for line, results in zip(sheet.iter_rows(), shown.iter_rows(values_only=True)):
        texts.append([_text(cell, result) for cell, result in zip(line, results)])
    for merged in sheet.merged_cells.ranges:
        column = merged.min_col - 1
        for row in range(merged.min_row, merged.max_row):
            texts[row][column] = texts[merged.min_row - 1][column]
    return texts


def _notes(sheet: Any) -> dict[int, list[str]]:
    """The notes that people put on cells, by row from 0."""
    found: dict[int, list[str]] = {}
    for line in sheet.iter_rows():
        for cell in line:
            if cell.comment is not None:
                found.setdefault(cell.row - 1, []).append(f"Note: {cell.comment.text}")
    return found


def _text(cell: Any, result: object) -> str:
    """A cell as text; a formula as what it came to and what it is."""
    if cell.data_type != "f":
        return _plain(cell.value)
    formula = str(getattr(cell.value, "text", cell.value))
    if result is None:
        return formula
    return f"{_plain(result)} ({formula})"


def _plain(value: object) -> str:
    """A value as text: TRUE, 2 and not 2.0, dates as ISO 8601, without a time at midnight."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    return _with_plain_breaks(value_text(value))


def _with_plain_breaks(text: str) -> str:
    """Text with one kind of line break, and control characters where the format has _x000D_."""
    control = CONTROL.sub(lambda found: chr(int(found[1], 16)), text)
    return control.replace("\r\n", "\n").replace("\r", "\n")


# ---------------------------------------------------------------- one answer to each finding
def _by_fingerprint(typed: Sequence[tuple[str, Row]]) -> tuple[list[Row], dict[str, str]]:
    """The rows without a fingerprint, then one per fingerprint with all that is answered.

    And the sheets of those fingerprints that have different answers.
    """
    rows: list[Row] = []
    first: dict[str, Row] = {}
    answers: dict[str, list[str]] = {}
    sheets: dict[str, list[str]] = {}
    for title, row in typed:
        fingerprint = row["Fingerprint"]
        if not fingerprint:
            rows.append(row)
            continue
        first.setdefault(fingerprint, row)
        answers.setdefault(fingerprint, []).append(row["Answer"])
        sheets.setdefault(fingerprint, []).append(title)
    twice: dict[str, str] = {}
    for fingerprint, row in first.items():
        distinct = dict.fromkeys(answers[fingerprint])
        rows.append({**row, "Answer": "\n".join(distinct)})
        if len(distinct) > 1:
            twice[fingerprint] = ", ".join(dict.fromkeys(sheets[fingerprint]))
    return rows, twice


def _frame(rows: Sequence[Row]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=list(COLUMNS), dtype="str")
    return frame.set_axis(COLUMN_NAMES, axis=1)


def _note_on_difference(found: pd.DataFrame, fingerprint: str, sheets: str) -> pd.DataFrame:
    """A note on a finding with different answers, at the place of the finding."""
    about = found[found["fingerprint"].eq(fingerprint)].head(1)
    where = f"in findings.xlsx (sheets: {sheets})"
    message = f"The finding {fingerprint} has different answers {where}; all are kept."
    if about.empty:
        return findings(severity="note", rule=TWICE, message=message, value=fingerprint)
    names = ("dataset", "subject", "site", "key", "variable", "file", "line", "column")
    place = {name: about[name] for name in names}
    return findings(**place, severity="note", rule=TWICE, message=message, value=fingerprint)
