"""Export and import lose nothing; what is changed in the workbook arrives in the YAML."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from ivig_cdisc import convert, workbook

from .studies import said, small, texts

Edit = Callable[[Any], None]
RAW = Path(__file__).parents[2] / "examples" / "ntr6160" / "raw"


@pytest.fixture(params=["ntr6160", "cdiscpilot01", "small"])
def study(request: pytest.FixtureRequest, tmp_path: Path) -> str | Path:
    return small(tmp_path / "small") if request.param == "small" else str(request.param)


def test_nothing_is_lost(study: str | Path, tmp_path: Path) -> None:
    workbook.write(study, tmp_path / "one.xlsx")
    workbook.read(tmp_path / "one.xlsx", tmp_path / "one")
    assert said(tmp_path / "one") == said(study)
    workbook.write(tmp_path / "one", tmp_path / "two.xlsx")
    assert (tmp_path / "two.xlsx").read_bytes() == (tmp_path / "one.xlsx").read_bytes()
    workbook.read(tmp_path / "two.xlsx", tmp_path / "two")
    assert texts(tmp_path / "two") == texts(tmp_path / "one")


def test_several_variables_of_one_derivation_in_shared_yaml(tmp_path: Path) -> None:
    folder = small(tmp_path / "small")
    file, other = folder / "sdtm/shared.yaml", folder / "sdtm/vs.yaml"
    entry = "--STRESC, --STRESN: {derive: standardized, from: {result: --ORRES, unit: test}, with: {conversions: {lb: {to: kg, factor: 0.5}}}}"
    text = file.read_text("utf-8")
    file.write_text(text.replace("--STRESC: {from: --ORRES, codelist: none, length: 12}", entry))
    other.write_text(other.read_text("utf-8").replace("VSSTRESC]", "VSSTRESC, VSSTRESN]"))
    workbook.write(folder, tmp_path / "one.xlsx")
    workbook.read(tmp_path / "one.xlsx", tmp_path / "one")
    assert said(tmp_path / "one") == said(folder)
    assert (
        "--STRESC, --STRESN:\n"
        "  derive: standardized\n"
        "  from: {result: --ORRES, unit: test}\n"
        "  with:\n"
        "    conversions: {lb: {to: kg, factor: 0.5}}\n"
    ) in texts(tmp_path / "one")["sdtm/shared.yaml"]


def test_the_same_datasets_come_out(tmp_path: Path) -> None:
    workbook.write("ntr6160", tmp_path / "one.xlsx")
    workbook.read(tmp_path / "one.xlsx", tmp_path / "one")
    made = [
        convert(RAW, tmp_path / f"out{n}", study=s, validate=False).out
        for n, s in enumerate(["ntr6160", tmp_path / "one"])
    ]
    files = [
        {p.relative_to(out): p.read_bytes() for p in sorted(out.glob("*/*.xpt"))} for out in made
    ]
    assert files[0] == files[1]
    assert len(files[0]) > 15


def test_comments_stay(tmp_path: Path) -> None:
    workbook.write(small(tmp_path / "small"), tmp_path / "one.xlsx")
    workbook.read(tmp_path / "one.xlsx", tmp_path / "one")
    back = texts(tmp_path / "one")
    assert back["study.yaml"].startswith("# a study of everything\nid: T1\n")
    assert "cutoff: 2024-06-30   # planned\n" in back["study.yaml"]
    assert "working: {one: {value: 1}}   # on the way\n" in back["sdtm/dm.yaml"]
    assert back["sdtm/shared.yaml"].startswith("# wired once\nSTUDYID: {value: {fact: study}}\n")
    assert back["waivers.yaml"].startswith("# looked at\n- {rule: OWN-RULE, dataset: VS, ")


# ---------------------------------------------------------------- edits
def row(sheet: Any, **cells: str) -> int:
    """The number of the row with these cells."""
    names = [cell.value for cell in sheet[1]]
    at = {names.index(name.replace("_", " ")): value for name, value in cells.items()}
    return next(
        n
        for n, r in enumerate(sheet.iter_rows(values_only=True), 1)
        if all(r[i] == v for i, v in at.items())
    )


def put(sheet: Any, number: int, column: str, value: Any) -> str:
    cell = sheet.cell(number, [cell.value for cell in sheet[1]].index(column) + 1)
    cell.value = value
    return str(cell.coordinate)


def edited(tmp_path: Path, edit: Edit) -> Path:
    workbook.write(small(tmp_path / "small"), tmp_path / "one.xlsx")
    workbook.read(tmp_path / "one.xlsx", tmp_path / "before")
    book = openpyxl.load_workbook(tmp_path / "one.xlsx")
    edit(book)
    book.save(tmp_path / "two.xlsx")
    workbook.read(tmp_path / "two.xlsx", tmp_path / "after")
    return tmp_path


def changes(folder: Path) -> dict[str, tuple[list[str], list[str]]]:
    """Lines that went and lines that came, by file."""
    old, new = texts(folder / "before"), texts(folder / "after")
    found = {}
    for name in old | new:
        a, b = old.get(name, "").splitlines(), new.get(name, "").splitlines()
        if a != b:
            found[name] = (
                [line for line in a if line not in b],
                [line for line in b if line not in a],
            )
    return found


def label(book: Any) -> None:
    sheet = book["Variables"]
    put(sheet, row(sheet, File="sdtm/dm.yaml", Variable="SITEID"), "Label", "Site")


def back_to_standard(book: Any) -> None:
    sheet = book["Variables"]
    put(sheet, row(sheet, File="sdtm/dm.yaml", Variable="COUNTRY"), "Label", None)


def derivation(book: Any) -> None:
    sheet = book["Methods"]
    put(sheet, row(sheet, ID="MT.DM.SEX"), "Function", "upper_case")
    put(sheet, row(sheet, ID="MT.DM.SEX"), "With", None)


def new_variable(book: Any) -> None:
    sheet = book["Variables"]
    number = sheet.max_row + 1
    for column, value in {
        "File": "sdtm/dm.yaml",
        "Variable": "BRTHDTC",
        "Part": "variable",
        "Predecessor": "born_on",
    }.items():
        put(sheet, number, column, value)


def length(book: Any) -> None:
    sheet = book["Lengths"]
    put(sheet, row(sheet, Variable="USUBJID"), "Length", 30)  # a number, as Excel makes it of 30


def term(book: Any) -> None:
    sheet = book["Terms"]
    put(sheet, row(sheet, List="SEX", Collected_Value="2"), "Submission Value", "FEM")


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (lambda _: None, {}),
        (
            label,
            {
                "sdtm/dm.yaml": (
                    ["  SITEID: {from: place}"],
                    ["  SITEID: {from: place, label: Site}"],
                )
            },
        ),
        (
            back_to_standard,
            {
                "sdtm/dm.yaml": (
                    ["  COUNTRY: {value: NLD, label: Land, length: 5, core: Perm, codelist: none}"],
                    ["  COUNTRY: {value: NLD, length: 5, core: Perm, codelist: none}"],
                )
            },
        ),
        (
            derivation,
            {
                "sdtm/dm.yaml": (
                    ["  SEX: {derive: recode, from: {value: sex}, with: {terms: {terms: SEX}}}"],
                    ["  SEX: {derive: upper_case, from: {value: sex}}"],
                )
            },
        ),
        (new_variable, {"sdtm/dm.yaml": ([], ["  BRTHDTC: {from: born_on}"])}),
        (
            length,
            {
                "study.yaml": (
                    ["lengths: {USUBJID: 20, --CAT: 40, others: data}"],
                    ["lengths: {USUBJID: 30, --CAT: 40, others: data}"],
                )
            },
        ),
        (
            term,
            {
                "study.yaml": (
                    ["terms: {SEX: {1: M, 2: F, 012: U}, EMPTY: {}}"],
                    ["terms: {SEX: {1: M, 2: FEM, 012: U}, EMPTY: {}}"],
                )
            },
        ),
    ],
)
def test_edits_arrive(
    tmp_path: Path, edit: Edit, expected: dict[str, tuple[list[str], list[str]]]
) -> None:
    assert changes(edited(tmp_path, edit)) == expected
