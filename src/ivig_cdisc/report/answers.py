"""What people typed into findings.xlsx, read back.

No answer is lost because a study is converted or examined again.
"""

from __future__ import annotations

import hashlib
import re
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pandas as pd

from ..errors import ExportError
from ..findings import findings, gather
from ..text import number_text
from ..xlsx import load_workbook
from ..xlsx.limits import FINDINGS, refuse
from .queries import COLUMNS, NOTHING

TWICE = "ANSWER-TWICE"
NEEDED = ("Fingerprint", "Answer")
HEAD = 50  # rows in which the headings are looked for
LOCKED = (
    "~$findings.xlsx",
    ".~lock.findings.xlsx#",
)  # beside it while a spreadsheet program has it open
PROTECTED = b"\xd0\xcf\x11\xe0"  # the first bytes of a workbook with a password, and of an old .xls
ADVICE = "nothing was written; repair it, or move it away after copying the answers"
PRINT = re.compile(
    r"[0-9a-f]{16}(-[0-9]+)?", re.IGNORECASE
)  # a fingerprint, as findings.with_fingerprints makes them
CONTROL = re.compile("_x(00[01][0-9A-Fa-f])_")
Row = dict[str, str]


@dataclass(frozen=True)
class Answers:
    """The rows of a workbook that have an answer.

    rows     columns as queries.COLUMNS has them, all text; one row per fingerprint, and one for each answer without
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
            raise ExportError(
                f"{self.path} was changed while it was read; nothing was written; run again"
            )


def read_answers(path: Path) -> Answers:
    """The answers in a workbook; none where there is no workbook.

    Columns are found by their headings, in any sheet, in any order. A formula, a date or a number
    becomes text. Raises ExportError where the workbook cannot be read or lacks a column, or a
    spreadsheet program has it open.
    """
    _refuse_open(path)
    digest = _digest(path)
    if not digest:
        return Answers(path=path)
    book, shown = _load(path, shown=False), _load(path, shown=True)
    typed = [
        (sheet.title, row)
        for sheet in book.worksheets
        for row in _rows(sheet, shown[sheet.title], path)
    ]
    rows, twice = _by_fingerprint(typed)
    return Answers(_frame(rows), twice, path, digest)


def answer(found: pd.DataFrame, answers: Answers) -> pd.DataFrame:
    """All findings of a study with `answer` where there is one, and a note where there are two that differ."""
    known = answers.rows[answers.rows["fingerprint"].ne("")].set_index("fingerprint")["answer"]
    told = found.assign(answer=found["fingerprint"].map(known).astype("str"))
    return gather(
        [told, *(_told_twice(told, mark, sheets) for mark, sheets in answers.twice.items())]
    )


def earlier(found: pd.DataFrame, answers: Answers) -> pd.DataFrame:
    """The answers to findings that are gone."""
    return answers.rows[~answers.rows["fingerprint"].isin(found["fingerprint"])].reset_index(
        drop=True
    )


# ---------------------------------------------------------------- the file
def _refuse_open(path: Path) -> None:
    for name in LOCKED:
        if (path.parent / name).exists():
            reason = (
                f"{path} is open in a spreadsheet program; save and close it; nothing was written"
            )
            raise ExportError(f"{reason} (if it is not open, remove {name} beside it)")


def _digest(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise ExportError(
            f"{path}: {error.strerror}, so that its answers cannot be kept; {ADVICE}"
        ) from error


def _load(path: Path, *, shown: bool) -> Any:
    """The workbook. shown: what formulas came to, instead of the formulas."""
    with path.open("rb") as stream:
        if stream.read(4) == PROTECTED:
            raise ExportError(
                f"{path} has a password or is an old .xls; save it as .xlsx without one; {ADVICE}"
            )
    try:
        refuse(path, FINDINGS)
    except ExportError as error:
        raise ExportError(f"{error}, so that its answers cannot be kept; {ADVICE}") from error
    try:
        with warnings.catch_warnings(action="ignore"):
            return load_workbook(path, results=shown)
    except Exception as error:  # openpyxl raises whatever the damage brings about
        reason = f"{path} cannot be read as a workbook ({error}), so that its answers cannot be kept; {ADVICE}"
        raise ExportError(reason) from error


# ---------------------------------------------------------------- one sheet
def _rows(sheet: Any, shown: Any, path: Path) -> Iterator[Row]:
    """The rows that have an answer, under our headings.

    What stands in other columns and in notes is put behind it.
    """
    cells = _texts(sheet, shown)
    place = next((n for n, line in enumerate(cells[:HEAD]) if _is_head(line)), None)
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
    typed = [(head, text) for head, text in zip(heads, line) if text.strip()]
    row = {name: next((text for head, text in typed if head == name), "") for name in COLUMNS}
    said = [text for head, text in typed if head == "Answer"]
    more = [f"{head}: {text}" if head else text for head, text in typed if head not in COLUMNS]
    row["Fingerprint"] = row["Fingerprint"].strip().lower()
    if not row["Fingerprint"]:  # not a row of ours: whatever stands in it was typed by people
        more += [text for head, text in typed if head in COLUMNS and head != "Answer"]
    row["Answer"] = "\n".join(dict.fromkeys([*said, *more, *notes]))
    return row


def _heading(text: str) -> str:
    """A heading as we have it, or as it is if it is none of ours."""
    ours = {name.casefold(): name for name in COLUMNS}
    plain = " ".join(text.split())
    return ours.get(plain.casefold(), plain)


def _is_head(line: Sequence[str]) -> bool:
    return {_heading(text) for text in line} >= set(NEEDED)


def _is_ours(cells: Sequence[Sequence[str]]) -> bool:
    """Whether a sheet without our headings was made by us.

    It has one of the two that are needed, or fingerprints.
    """
    seen = {_heading(text) for line in cells[:HEAD] for text in line}
    return bool(seen & set(NEEDED)) or any(
        PRINT.fullmatch(text.strip()) for line in cells for text in line
    )


def _own_words(
    title: str, cells: Sequence[Sequence[str]], notes: Mapping[int, Sequence[str]]
) -> Iterator[Row]:
    """The rows of a sheet that somebody has added.

    Nothing in them answers a query, and nothing of them is lost.
    """
    if title == NOTHING:
        return
    for number, line in enumerate(cells):
        if words := [text.strip() for text in (*line, *notes.get(number, ())) if text.strip()]:
            yield {**dict.fromkeys(COLUMNS, ""), "Answer": f"Sheet {title}: {'; '.join(words)}"}


def _lacking(title: str, cells: Sequence[Sequence[str]]) -> str:
    """Which heading a sheet lacks."""
    seen = {_heading(text) for line in cells[:HEAD] for text in line}
    lacking = " and ".join(name for name in NEEDED if name not in seen) or " and ".join(NEEDED)
    return f"the sheet {title} has no column {lacking} by which its answers could be kept; put the heading back"


# ---------------------------------------------------------------- cells
def _texts(sheet: Any, shown: Any) -> list[list[str]]:
    """All cells as text; of cells that are merged, each one under another has the text of all."""
    texts = [
        [_text(cell, result) for cell, result in zip(line, results)]
        for line, results in zip(sheet.iter_rows(), shown.iter_rows(values_only=True))
    ]
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
    return formula if result is None else f"{_plain(result)} ({formula})"


def _plain(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        return number_text(value) if isinstance(value, float) else str(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat()
    return value.isoformat() if isinstance(value, date | time) else _with_plain_breaks(str(value))


def _with_plain_breaks(text: str) -> str:
    """Text with control characters as such, which the format spells _x000D_, and one kind of line break."""
    spelt = CONTROL.sub(lambda found: chr(int(found[1], 16)), text)
    return spelt.replace("\r\n", "\n").replace("\r", "\n")


# ---------------------------------------------------------------- one answer to each finding
def _by_fingerprint(typed: Sequence[tuple[str, Row]]) -> tuple[list[Row], dict[str, str]]:
    """One row per fingerprint with all that is answered, and the sheets of those that have different answers."""
    whole = [row for _, row in typed if not row["Fingerprint"]]
    twice = {}
    for mark in dict.fromkeys(row["Fingerprint"] for _, row in typed if row["Fingerprint"]):
        mine = [(title, row) for title, row in typed if row["Fingerprint"] == mark]
        texts = dict.fromkeys(row["Answer"] for _, row in mine)
        whole.append({**mine[0][1], "Answer": "\n".join(texts)})
        if len(texts) > 1:
            twice[mark] = ", ".join(dict.fromkeys(title for title, _ in mine))
    return whole, twice


def _frame(rows: Sequence[Row]) -> pd.DataFrame:
    names = {heading: column for heading, (column, _) in COLUMNS.items()}
    return pd.DataFrame(rows, columns=list(COLUMNS), dtype="str").rename(columns=names)


def _told_twice(found: pd.DataFrame, mark: str, sheets: str) -> pd.DataFrame:
    """A note on a finding with different answers, at the place of the finding."""
    about = found[found["fingerprint"].eq(mark)].head(1)
    message = f"The finding {mark} has different answers in findings.xlsx (sheets: {sheets}); all are kept."
    if about.empty:
        return findings(severity="note", rule=TWICE, message=message, value=mark)
    names = ("dataset", "subject", "site", "key", "variable", "file", "line", "column")
    place = {name: about[name] for name in names}
    return findings(**place, severity="note", rule=TWICE, message=message, value=mark)
