"""Answers in findings.xlsx: read back by fingerprint, whatever people and spreadsheet programs did to the workbook."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from openpyxl.workbook import Workbook

from ivig_cdisc.errors import ExportError
from ivig_cdisc.findings import findings, gather, with_fingerprints
from ivig_cdisc.report import answer, earlier, read_answers, write_queries
from ivig_cdisc.testing import records
from tests.validation.small import study

STUDY = study()
FOUND = with_fingerprints(
    gather(
        [
            findings(
                severity=["error", "error", "warning"],
                rule=["END-BEFORE-START", "RAW-CODE", "RAW-RANGE"],
                dataset=["AE", "vitals", "vitals"],
                subject=["01-007", "02-001", "02-001"],
                site=["01", "02", "02"],
                message="It does not hold.",
                file=["ae.csv", "vitals.csv", "vitals.csv"],
                line=[15, 4, 5],
                column=["end_date", "visit", "sbp"],
                verbatim=["09-03-2018", "W12", "300"],
            )
        ]
    )
)
END, CODE, RANGE = FOUND["fingerprint"]
FINGERPRINT, ANSWER = 9, 10  # columns of a sheet as it is written


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A workbook with three questions on two sheets."""
    file = tmp_path / "findings.xlsx"
    write_queries(file, FOUND, STUDY)
    return file


def change(path: Path, how: Callable[[Workbook], object]) -> None:
    book = openpyxl.load_workbook(path)
    how(book)
    book.save(path)


def type_in(path: Path, value: object, sheet: str = "Site 01", row: int = 2) -> None:
    def typed(book: Workbook) -> None:
        book[sheet].cell(row, ANSWER).value = value

    change(path, typed)


def given_answers(path: Path) -> dict[str, str]:
    rows = read_answers(path).rows
    return dict(zip(rows["fingerprint"], rows["answer"]))


def again(path: Path) -> dict[str, str]:
    """The answers after the workbook was written anew with them."""
    answers = read_answers(path)
    write_queries(path, answer(FOUND, answers), STUDY, answers.rows)
    return given_answers(path)


# ---------------------------------------------------------------- what is typed
@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("Corrected in the source.", "Corrected in the source."),
        ("two\nlines", "two\nlines"),
        (" blanks around ", " blanks around "),
        ("+31 20", "+31 20"),
        ("-", "-"),
        ("'quoted", "'quoted"),
        ("é ü 漢 😀", "é ü 漢 😀"),
        ("[/b] <b> &", "[/b] <b> &"),
        ("0123", "0123"),
        (120, "120"),
        (0.1, "0.1"),
        (1e-7, "0.0000001"),
        (True, "TRUE"),
        (datetime(2018, 3, 19), "2018-03-19"),  # noqa: DTZ001  a spreadsheet knows no time zone
        (datetime(2018, 3, 19, 8, 30), "2018-03-19T08:30:00"),  # noqa: DTZ001
        (date(2018, 3, 19), "2018-03-19"),
        (time(8, 30), "08:30:00"),
        ("=1+1", "=1+1"),  # a formula that no program has calculated
        ("#N/A", "#N/A"),
        (CellRichText("see ", TextBlock(InlineFont(b=True), "source")), "see source"),
    ],
)
def test_an_answer_survives_as_text(path: Path, typed: object, read: str) -> None:
    type_in(path, typed)
    assert given_answers(path) == {END: read}
    assert again(path) == {END: read}
    assert again(path) == {END: read}


def test_a_formula_is_what_it_came_to(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that has calculated it leaves the result beside it; openpyxl writes none, so it is read off here."""
    type_in(path, "=1+1")
    real = openpyxl.load_workbook

    def calculated(file: Path, *, data_only: bool = False) -> Workbook:
        book = real(file, data_only=data_only)
        if data_only:
            book["Site 01"].cell(2, ANSWER).value = 2
        return book

    monkeypatch.setattr(openpyxl, "load_workbook", calculated)
    assert given_answers(path) == {END: "2 (=1+1)"}


@pytest.mark.parametrize("typed", ["", "   ", "\n", None])
def test_a_blank_is_no_answer(path: Path, typed: str | None) -> None:
    type_in(path, typed)
    assert given_answers(path) == {}


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("a_x0041_b", "a_x0041_b"),
        ("=1+1", "=1+1"),
        ("@SUM(A1)", "@SUM(A1)"),
        ("a\r\nb\rc", "a\nb\nc"),
    ],
)
def test_text_that_a_workbook_spells_otherwise(path: Path, typed: str, read: str) -> None:
    write_queries(path, FOUND.assign(answer=typed), STUDY)
    assert set(given_answers(path).values()) == {read}


@settings(max_examples=30, deadline=None)
@given(
    typed=st.text(
        st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Co", "Cn"]), min_size=1
    )
)
def test_any_text_survives(tmp_path_factory: pytest.TempPathFactory, typed: str) -> None:
    path = tmp_path_factory.mktemp("any") / "findings.xlsx"
    write_queries(path, FOUND.assign(answer=typed), STUDY)
    assert given_answers(path) == (
        dict.fromkeys([END, CODE, RANGE], typed) if typed.strip() else {}
    )


# ---------------------------------------------------------------- what people do to sheets
def rename(book: Workbook) -> None:
    book["Site 01"].title = "Amsterdam"


def reorder(book: Workbook) -> None:
    book.move_sheet("Site 02", -1)


def columns_moved(book: Workbook) -> None:
    book["Site 01"].move_range("I1:J9", cols=5)


def column_before(book: Workbook) -> None:
    book["Site 01"].insert_cols(1)


def rows_before(book: Workbook) -> None:
    book["Site 01"].insert_rows(1, 3)
    book["Site 01"]["A1"] = "Please answer by Friday"


def headings_typed_anew(book: Workbook) -> None:
    book["Site 01"]["J1"] = " ANSWER\n"


def filtered(book: Workbook) -> None:
    book["Site 01"].row_dimensions[2].hidden = True


def columns_deleted(book: Workbook) -> None:
    book["Site 01"].delete_cols(1, 6)


def copied(book: Workbook) -> None:
    book.copy_worksheet(book["Site 01"])


def an_empty_sheet(book: Workbook) -> None:
    book.create_sheet("Sheet1")


def capitals(book: Workbook) -> None:
    cell = book["Site 01"].cell(2, FINGERPRINT)
    cell.value = f" {str(cell.value).upper()} "


@pytest.mark.parametrize(
    "how",
    [
        rename, reorder, columns_moved, column_before, rows_before, headings_typed_anew, filtered, columns_deleted,
        copied, an_empty_sheet, capitals,
    ],
)  # fmt: skip
def test_a_sheet_that_was_changed(path: Path, how: Callable[[Workbook], object]) -> None:
    type_in(path, "Corrected.")
    change(path, how)
    assert given_answers(path) == {END: "Corrected."}
    assert again(path) == {END: "Corrected."}


def below_the_table(book: Workbook) -> None:
    sheet = book["Site 01"]
    sheet.cell(sheet.max_row + 2, 1).value = "Please call before Friday"


def test_what_stands_in_a_row_of_its_own_is_kept(path: Path) -> None:
    """No fingerprint and no answer, but somebody typed it."""
    change(path, below_the_table)
    assert given_answers(path) == {"": "Please call before Friday"}
    assert again(path) == {"": "Please call before Friday"}


def test_cells_that_were_merged(path: Path) -> None:
    """One answer to two questions."""
    type_in(path, "Both corrected.", "Site 02")
    change(path, lambda book: book["Site 02"].merge_cells("J2:J3"))
    assert given_answers(path) == {CODE: "Both corrected.", RANGE: "Both corrected."}


def test_columns_and_notes_of_people_are_put_behind_the_answer(path: Path) -> None:
    def add(book: Workbook) -> None:
        sheet = book["Site 01"]
        sheet["K1"], sheet["K2"] = "Initials", "AdV"
        sheet["E2"].comment = Comment("seen in the source", "AdV")

    type_in(path, "Corrected.")
    change(path, add)
    assert given_answers(path) == {END: "Corrected.\nInitials: AdV\nNote: seen in the source"}


def test_different_answers_are_kept_and_told(path: Path) -> None:
    def answer_the_copy(book: Workbook) -> None:
        book.copy_worksheet(book["Site 01"]).cell(2, ANSWER).value = "Not corrected."

    type_in(path, "Corrected.")
    change(path, answer_the_copy)
    found = answer(FOUND, read_answers(path))
    message = f"The finding {END} has different answers in findings.xlsx (sheets: Site 01, Site 01 Copy); all are kept."
    assert records(found[found["rule"] == "ANSWER-TWICE"], "severity", "subject", "message") == [
        ("note", "01-007", message)
    ]
    assert again(path) == {END: "Corrected.\nNot corrected."}


# ---------------------------------------------------------------- findings that are gone
def test_an_answer_outlives_its_finding(path: Path) -> None:
    """It waits on a sheet of its own, and is there again when the finding comes back."""
    type_in(path, "Corrected.")
    answers, fewer = read_answers(path), FOUND[FOUND["fingerprint"] != END]
    assert records(earlier(fewer, answers), "fingerprint", "subject", "answer") == [
        (END, "01-007", "Corrected.")
    ]
    write_queries(path, answer(fewer, answers), STUDY, answers.rows)
    assert openpyxl.load_workbook(path).sheetnames == ["Site 02", "Earlier answers"]
    assert again(path) == {END: "Corrected."}
    assert openpyxl.load_workbook(path).sheetnames == ["Site 01", "Site 02"]


def test_an_answer_to_what_is_waived_is_kept(path: Path) -> None:
    type_in(path, "Corrected.")
    answers, waived = read_answers(path), FOUND.assign(waived="Seen (A. de Vries, 2021-01-12)")
    assert earlier(waived, answers).empty
    write_queries(path, answer(waived, answers), STUDY, answers.rows)
    assert given_answers(path) == {END: "Corrected."}


def test_an_answer_in_a_row_of_nobody(path: Path) -> None:
    """Somebody added a row; nothing says which finding it answers."""
    type_in(path, "There is another event.", row=7)
    rows = read_answers(path).rows
    assert records(rows, "fingerprint", "answer") == [("", "There is another event.")]
    assert again(path) == {"": "There is another event."}


def test_the_answer_goes_with_the_cell(path: Path) -> None:
    """A worse finding on the same cell speaks for it now; the row is asked under its fingerprint, with the answer."""
    worse = {
        "severity": "reject",
        "rule": "RAW-DATE",
        "message": "It is no date.",
        "verbatim": "09-03-2018",
    }
    more = findings(**worse, site="01", subject="01-007", file="ae.csv", line=15, column="end_date")
    type_in(path, "Corrected.")
    answers = read_answers(path)
    found = answer(with_fingerprints(gather([FOUND, more])), answers)
    write_queries(path, found, STUDY, answers.rows)
    (mark,) = given_answers(path)
    assert given_answers(path) == {mark: "Corrected."}
    assert mark not in {END, CODE, RANGE}


# ---------------------------------------------------------------- what cannot be read
def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:2000])


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def protected(path: Path) -> None:
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(5000))


def text(path: Path) -> None:
    path.write_text("Subject,Answer\n01-007,Corrected.\n", "utf-8")


def folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def without(heading: str) -> Callable[[Path], None]:
    def take(book: Workbook) -> None:
        for sheet in book.worksheets:
            (cell,) = (cell for cell in sheet[1] if cell.value == heading)
            cell.value = "Reply"

    return lambda path: change(path, take)


def own_sheet(path: Path) -> None:
    def add(book: Workbook) -> None:
        sheet = book.create_sheet("Notes")
        sheet["A2"], sheet["C2"] = "Called the site on Monday.", "Dr. A"

    change(path, add)


def without_headings(path: Path) -> None:
    change(path, lambda book: book["Site 01"].delete_rows(1))


def far_away(path: Path) -> None:
    change(path, lambda book: book["Site 01"].cell(1, 16_384, "x"))


def wide_and_long(path: Path) -> None:
    """Two cells that span more than a program can hold."""

    def typed(book: Workbook) -> None:
        book["Site 01"].cell(1, 200, "x")
        book["Site 01"].cell(1_000_000, 1, "x")

    change(path, typed)


def opened(path: Path) -> None:
    path.with_name("~$findings.xlsx").touch()


def opened_in_calc(path: Path) -> None:
    path.with_name(".~lock.findings.xlsx#").touch()


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (cut, "cannot be read as a workbook"),
        (emptied, "cannot be read as a workbook"),
        (text, "cannot be read as a workbook"),
        (protected, "has a password or is an old .xls; save it as .xlsx without one"),
        (folder, "Is a directory, so that its answers cannot be kept"),
        (
            without("Answer"),
            "the sheet Site 01 has no column Answer by which its answers could be kept",
        ),
        (without("Fingerprint"), "the sheet Site 01 has no column Fingerprint by which"),
        (without_headings, "the sheet Site 01 has no column Fingerprint and Answer by which"),
        (
            far_away,
            "a sheet of findings ends at column IV and row 1048576, so that its answers cannot be kept",
        ),
        (
            wide_and_long,
            "cells or more in xl/worksheets/sheet1.xml; a workbook of findings has at most 12000000",
        ),
        (opened, "is open in a spreadsheet program; save and close it"),
        (opened_in_calc, "remove .~lock.findings.xlsx# beside it"),
    ],
)
def test_a_workbook_that_cannot_be_read_is_refused(
    path: Path, damage: Callable[[Path], Any], said: str
) -> None:
    type_in(path, "Corrected.")
    damage(path)
    with pytest.raises(ExportError, match="nothing was written") as raised:
        read_answers(path)
    assert said in str(raised.value)
    assert str(path) in str(raised.value)


def test_a_sheet_that_somebody_has_added_is_kept(path: Path) -> None:
    type_in(path, "Corrected.")
    own_sheet(path)
    words = "Sheet Notes: Called the site on Monday.; Dr. A"
    rows = read_answers(path).rows
    assert rows[["fingerprint", "answer"]].to_numpy().tolist() == [["", words], [END, "Corrected."]]
    assert again(path) == {END: "Corrected.", "": words}
    assert again(path) == {END: "Corrected.", "": words}  # and it stays as it is in the next round


def test_a_workbook_that_is_not_there(tmp_path: Path) -> None:
    answers = read_answers(tmp_path / "findings.xlsx")
    assert answers.rows.empty
    answers.refuse_changes()


def test_somebody_goes_on_with_the_workbook(path: Path) -> None:
    answers = read_answers(path)
    answers.refuse_changes()
    type_in(path, "Just now.")
    with pytest.raises(
        ExportError, match="was changed while it was read; nothing was written; run again"
    ):
        answers.refuse_changes()
