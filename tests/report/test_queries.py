"""The workbook for the sites: who is asked what, in which words, and that no cell is a formula."""

from __future__ import annotations

import time
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from openpyxl.workbook import Workbook

from ivig_cdisc.findings import findings, gather, with_fingerprints
from ivig_cdisc.metadata import Column, Form
from ivig_cdisc.report import write_queries
from ivig_cdisc.report.queries import sheet_names
from ivig_cdisc.xlsx import CELL_LIMIT
from tests.validation.small import PLACE, study

FORM = Form(
    name="adverse_events",
    file="ae.csv",
    key=("subject_id",),
    columns={"subject_id": Column()},
    place=PLACE,
)
STUDY = study(forms={"adverse_events": FORM})
WHERE = {"file": "ae.csv", "site": "01", "subject": "01-007"}
END = {
    **WHERE,
    "severity": "error",
    "rule": "END-BEFORE-START",
    "dataset": "AE",
    "row": 4,
    "message": "The end, 2018-03-09, is before the start, 2018-03-16.",
    "line": 15,
    "column": "end_date",
    "verbatim": "09-03-2018",
}
HEADINGS = (
    "Subject", "Form", "Line", "Field", "Value", "What is wrong", "Query", "Severity", "Fingerprint", "Answer",
)  # fmt: skip


def written(path: Path, *parts: pd.DataFrame) -> Workbook:
    write_queries(path, with_fingerprints(gather(parts)), STUDY)
    return openpyxl.load_workbook(path)


def lines(path: Path, *parts: pd.DataFrame) -> list[tuple[Any, ...]]:
    """All rows of all sheets, with the sheet's name, without headings, fingerprint and answer."""
    book = written(path, *parts)
    return [
        (sheet.title, *row[:8])
        for sheet in book.worksheets
        for row in sheet.iter_rows(min_row=2, values_only=True)
    ]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "queries.xlsx"


def test_a_query_is_a_polite_sentence(path: Path) -> None:
    message = "The end, 2018-03-09, is before the start, 2018-03-16."
    query = (
        "Subject 01-007, adverse events, line 15, end_date: The end, 2018-03-09, is before the start, 2018-03-16. "
        "Please check and correct or confirm."
    )
    assert lines(path, findings(**END)) == [
        (
            "Site 01",
            "01-007",
            "adverse events",
            15,
            "end_date",
            "09-03-2018",
            message,
            query,
            "error",
        ),
    ]


def test_the_sheet(path: Path) -> None:
    book = written(path, findings(**END))
    sheet = book["Site 01"]
    (heads, (*_, fingerprint, answer)) = sheet.iter_rows(values_only=True)
    assert heads == HEADINGS
    assert (len(fingerprint), answer) == (16, None)
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("B2", "A1:J2")
    assert (sheet.page_setup.orientation, sheet.page_setup.fitToHeight) == ("landscape", 0)
    assert sheet.print_title_rows == "$1:$1"
    assert sheet.column_dimensions["G"].width > 50
    assert sheet["G2"].alignment.wrap_text
    assert book.properties.created.isoformat() == "2020-12-31T00:00:00"


@pytest.mark.parametrize(
    "not_asked",
    [
        {"severity": "note"},
        {"file": None},
        {"waived": "Seen (A. de Vries, 2021-01-12)"},
    ],
)
def test_what_is_no_question(path: Path, not_asked: dict[str, Any]) -> None:
    book = written(path, findings(**{**END, **not_asked}))
    assert book.sheetnames == ["No queries"]
    assert book.active["A1"].value == "There is nothing to ask a site about."


def test_sites_have_a_sheet_each_and_records_without_one_come_last(path: Path) -> None:
    reject = {
        "severity": "reject",
        "rule": "RAW-NO-SUBJECT",
        "message": "left out: subject_id is empty",
        "line": 9,
    }
    found = (
        findings(**END),
        findings(**{**END, "site": "02", "subject": "02-001", "severity": "warning", "line": 16}),
        findings(file="ae.csv", column="subject_id", **reject),
    )
    query = "Adverse events, line 9, subject_id: Left out: subject_id is empty. Please check and correct or confirm."
    told = lines(path, *found)
    assert [line[:2] for line in told] == [
        ("Site 01", "01-007"),
        ("Site 02", "02-001"),
        ("No site", None),
    ]
    assert told[2][7:] == (query, "reject")


def test_one_row_per_cell(path: Path) -> None:
    cell = {**WHERE, "line": 38, "column": "severity", "verbatim": "7", "severity": "error"}
    found = (
        findings(
            **cell, rule="RAW-CODE", dataset="adverse_events", message='"7" is not a known code'
        ),
        findings(
            **cell,
            rule="SPEC-CODELIST",
            dataset="AE",
            row=1,
            message="7 is not a term of the codelist",
        ),
        findings(**END),
        findings(
            **{
                **END,
                "rule": "AE-AFTER-DEATH",
                "severity": "warning",
                "message": "It is after the death.",
            }
        ),
        findings(
            **{
                **END,
                "rule": "XPT-CONTROL",
                "severity": "warning",
                "message": "A tab became a blank.",
            }
        ),
    )
    assert [line[6] for line in lines(path, *found)] == [
        "The end, 2018-03-09, is before the start, 2018-03-16. It is after the death.",
        '"7" is not a known code.',  # what datasets make of it is no news for a site
    ]


@pytest.mark.parametrize(
    "typed", ["=1+1", "+31 20", "-99", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://x")']
)
def test_no_cell_is_a_formula(path: Path, typed: str) -> None:
    book = written(path, findings(**{**END, "verbatim": typed, "subject": typed, "column": typed}))
    for cell in (book["Site 01"][name] for name in ("A2", "D2", "E2")):
        assert cell.data_type == "s"
        assert cell.quotePrefix  # stays text where somebody edits it
        assert (
            cell.value.replace("_x000D_", "").strip() == typed.strip()
        )  # how the format spells a carriage return
    assert not book["Site 01"]["F2"].quotePrefix


def test_no_formula_in_the_file(path: Path) -> None:
    written(path, findings(**{**END, "verbatim": "=cmd|' /C calc'!A0", "message": "=1+1"}))
    with zipfile.ZipFile(path) as file:
        sheet = file.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet.lower()


def test_long_and_strange_texts(path: Path) -> None:
    long, strange = "x" * 40_000, "a\x00b\x0b</t><script>&\ud7ff"
    told = lines(
        path,
        findings(**{**END, "verbatim": long}),
        findings(**{**END, "line": 16, "verbatim": strange}),
    )
    assert len(told[0][5]) == CELL_LIMIT
    assert told[0][5].endswith("x…")
    assert "</t><script>&" in told[1][5]


def test_names_of_sheets() -> None:
    sites = ["a/b", "a:b", "A?B", "x" * 40, "x" * 41, "[*]\\", "Zürich & Genf", "tail '", ""]
    names = sheet_names(sites)
    assert list(names.values()) == [
        "Site a_b",
        "Site a_b (2)",
        "Site A_B (3)",
        "Site " + "x" * 26,
        "Site " + "x" * 22 + " (2)",
        "Site ____",
        "Site Zürich & Genf",
        "Site tail",
        "No site",
    ]
    assert max(map(len, names.values())) == 31


def test_a_strange_site_has_a_sheet(path: Path) -> None:
    assert written(path, findings(**{**END, "site": "A/B & 'C'"})).sheetnames == ["Site A_B & 'C"]


def test_same_findings_same_bytes(path: Path, tmp_path: Path) -> None:
    found = with_fingerprints(gather([findings(**{**END, "line": line}) for line in range(20)]))
    again = tmp_path / "again.xlsx"
    write_queries(path, found, STUDY)
    time.sleep(2.1)  # the clock of a ZIP file ticks every two seconds
    write_queries(again, found.sample(frac=1, random_state=1), STUDY)
    assert path.read_bytes() == again.read_bytes()
