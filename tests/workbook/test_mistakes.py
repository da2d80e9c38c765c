"""Whatever is wrong with a workbook is told by sheet and cell, all at once, and nothing is written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner, Result

from ivig_cdisc import workbook
from ivig_cdisc.cli import main

from .studies import small, texts
from .test_round_trip import put, row


def run(*arguments: object) -> Result:
    result = CliRunner().invoke(main, ["spec", *map(str, arguments)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def damaged(tmp_path: Path, damage: Callable[[Any], None]) -> Result:
    workbook.write(small(tmp_path / "small"), tmp_path / "one.xlsx")
    book = openpyxl.load_workbook(tmp_path / "one.xlsx")
    damage(book)
    book.save(tmp_path / "one.xlsx")
    result = run("import", tmp_path / "one.xlsx", tmp_path / "new")
    assert not (tmp_path / "new").exists()
    assert result.exit_code == 2
    return result


def cell(sheet: str, column: str, value: Any, **at: str) -> Callable[[Any], None]:
    return lambda book: (put(book[sheet], row(book[sheet], **at), column, value), None)[1]


def remove(sheet: str) -> Callable[[Any], None]:
    return lambda book: book.remove(book[sheet])


def rename(sheet: str) -> Callable[[Any], None]:
    return lambda book: setattr(book[sheet], "title", f"{sheet}s")


def merge(book: Any) -> None:
    book["Facts"].merge_cells("A2:A3")


def double(sheet: str, **at: str) -> Callable[[Any], None]:
    return lambda book: book[sheet].append([c.value for c in book[sheet][row(book[sheet], **at)]])


DM = {"File": "sdtm/dm.yaml"}


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (
            cell("Variables", "Data Type", "Character", **DM, Variable="SITEID"),
            "Data Type is Char or Num, not 'Character'",
        ),
        (
            cell("Variables", "Own Length", "long", **DM, Variable="SITEID"),
            "Own Length is a whole number, not 'long'",
        ),
        (
            cell(
                "Variables",
                "Label",
                datetime(2024, 1, 3, tzinfo=UTC).replace(tzinfo=None),
                **DM,
                Variable="SITEID",
            ),
            "is a date to Excel",
        ),
        (
            cell("Variables", "Label", "=A1", **DM, Variable="SITEID"),
            "Label is a formula; put its value there",
        ),
        (
            cell("Variables", "Method", "MT.NO", **DM, Variable="SEX"),
            "there is no method MT.NO on the sheet Methods",
        ),
        (cell("Variables", "Predecessor", "x", **DM, Variable="SEX"), "not Predecessor and Method"),
        (
            cell("Variables", "Predecessor", None, **DM, Variable="SITEID"),
            "one of Assigned Value, Predecessor and Method",
        ),
        (cell("Variables", "Variable", None, **DM, Variable="SITEID"), "Variable is empty"),
        (
            cell("Variables", "File", "../../etc/x.yaml", **DM, Variable="SITEID"),
            "File is study.yaml, waivers.yaml, narrative.yaml, or a file",
        ),
        (
            cell("Variables", "File", "sdtm/no.yaml", **DM, Variable="SITEID"),
            "sdtm/no.yaml is not a file of the sheet Datasets",
        ),
        (
            cell("Variables", "Label", "Mine", **DM, Variable="USUBJID"),
            "Label is not read here: the part of USUBJID is shared",
        ),
        (cell("Methods", "From", "{value: [}", ID="MT.DM.SEX"), "From is not valid YAML"),
        (
            cell("Methods", "Function", "upper_cas", ID="MT.DM.SEX"),
            "there is no derivation upper_cas (did you mean upper_case?)",
        ),
        (cell("Datasets", "Dataset", "DMM", **DM), "DMM is not a dataset of SDTMIG 3.4"),
        (
            cell("Rows", "Definition", "take", **DM),
            "a row step starts with one of take, stack, values, melt",
        ),
        (double("Variables", **DM, Variable="SITEID"), "SITEID is a duplicate in sdtm/dm.yaml"),
        (double("Methods", ID="MT.DM.SEX"), "MT.DM.SEX is a duplicate"),
        (double("Rows", **DM), "step 1 of sdtm/dm.yaml is a duplicate"),
        (
            cell("Variables", "Method", None, **DM, Variable="SEX"),
            "no variable has the method MT.DM.SEX",
        ),
        (merge, "Facts!A2:A3: the cells are merged; split them"),
        (remove("Rows"), "Rows: the sheet Rows is missing"),
        (rename("Rows"), "the sheet Rows is missing (did you mean Rowss?)"),
        (
            cell("Terms", "List", "Lst", List="List"),
            "Lst is not a column of this sheet (did you mean List?)",
        ),
        (cell("Terms", "List", None, List="List"), "the column List is missing"),
    ],
)
def test_mistakes(tmp_path: Path, damage: Callable[[Any], None], told: str) -> None:
    assert told in damaged(tmp_path, damage).output


def test_all_at_once_and_where(tmp_path: Path) -> None:
    def two(book: Any) -> None:
        put(book["Variables"], row(book["Variables"], **DM, Variable="SITEID"), "Data Type", "text")
        put(book["Lengths"], 2, "Length", "x")

    told = damaged(tmp_path, two).output
    assert "one.xlsx:2: Lengths!B2: Length is a whole number or data, not 'x'" in told
    assert "Data Type is Char or Num, not 'text'" in told
    assert "2 problem(s) in the specs" in told


@pytest.mark.parametrize("content", [b"", b"no workbook", b"PK\x03\x04 damaged"])
def test_no_workbook(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.xlsx").write_bytes(content)
    result = run("import", tmp_path / "x.xlsx", tmp_path / "new")
    assert (result.exit_code, "cannot be read as an Excel workbook" in result.output) == (2, True)


def test_folders_that_are_there(tmp_path: Path) -> None:
    study = small(tmp_path / "small")
    (study / "NOTES.md").write_text("mine", "utf-8")
    assert run("export", study, tmp_path / "one.xlsx").exit_code == 0
    refused = run("import", tmp_path / "one.xlsx", study)
    assert (refused.exit_code, "exists; say --overwrite to replace it" in refused.output) == (
        2,
        True,
    )
    assert run("import", tmp_path / "one.xlsx", study, "--overwrite").exit_code == 0
    assert (study / "NOTES.md").read_text("utf-8") == "mine"
    (study / "sdtm" / "ae.yaml").write_text("left over", "utf-8")
    assert run("import", tmp_path / "one.xlsx", study, "--overwrite").exit_code == 0
    assert "sdtm/ae.yaml" not in texts(study)  # a dataset that the workbook does not have is gone
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "file").touch()
    assert run("import", tmp_path / "one.xlsx", tmp_path / "other", "--overwrite").exit_code == 2


def test_what_cannot_be_exported(tmp_path: Path) -> None:
    assert run("export", "ntr616", tmp_path / "x.xlsx").exit_code == 2
    astray = run("export", small(tmp_path / "sound"), tmp_path / "nowhere" / "x.xlsx")
    assert (astray.exit_code, f"there is no folder {tmp_path / 'nowhere'}" in astray.output) == (
        2,
        True,
    )
    assert not (tmp_path / "nowhere").exists()
    broken = small(
        tmp_path / "small", **{"adam/total.yaml": "dataset: TOTAL\nrows: [foo]\nvariables: {}\n"}
    )
    told = run("export", broken, tmp_path / "x.xlsx")
    assert (
        told.exit_code,
        "adam/total.yaml:2: rows.1: a row step starts with one of" in told.output,
    ) == (2, True)
