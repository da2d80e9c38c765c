"""A workbook that would cost more than specs are worth is refused by one sentence, before it is opened."""

from __future__ import annotations

import tracemalloc
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from ivig_cdisc import workbook
from ivig_cdisc.errors import ExportError
from ivig_cdisc.workbook import excel
from ivig_cdisc.xlsx import limits

from .studies import small
from .test_mistakes import run

SHEET = "xl/worksheets/sheet2.xml"
LAST = "a sheet of specs ends at column IV and row 20000"


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("book")
    workbook.write(small(folder / "small"), folder / "sound.xlsx")
    return folder / "sound.xlsx"


def rewritten(sound: Path, file: Path, parts: dict[str, Callable[[bytes], bytes]]) -> Path:
    """A copy of the workbook, with other content in some parts; new parts are made of nothing."""
    with zipfile.ZipFile(sound) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name in dict.fromkeys((*old.namelist(), *parts)):
            content = old.read(name) if name in old.namelist() else b""
            new.writestr(name, parts.get(name, bytes)(content))
    return file


def rows(text: str) -> Callable[[bytes], bytes]:
    """These rows at the end of the sheet."""
    return lambda content: content.replace(b"</sheetData>", text.encode() + b"</sheetData>")


def after(text: str) -> Callable[[bytes], bytes]:
    """This behind the cells of the sheet."""
    return lambda content: content.replace(b"</sheetData>", b"</sheetData>" + text.encode())


def put(content: bytes) -> Callable[[bytes], bytes]:
    return lambda _: content


WIDE = '<mergeCell ref="A1:IV2000"/>'
MANY_SHEETS = "".join(f'<sheet name="S{n}" sheetId="{n}"/>' for n in range(100, 165)).encode()
ENTITY = b'<!DOCTYPE s [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><sst>&b;</sst>'


@pytest.mark.parametrize(
    ("parts", "told"),
    [
        (
            {"xl/media/image1.bin": put(bytes(33 << 20))},
            "bytes when unpacked; a workbook of specs has at most 33554432",
        ),
        (
            {f"customXml/item{n}.xml": put(b"<x/>") for n in range(1000)},
            "parts; a workbook of specs has at most 1000",
        ),
        (
            {"xl/workbook.xml": lambda old: old.replace(b"</sheets>", MANY_SHEETS + b"</sheets>")},
            "has 65 sheets or more; a workbook of specs has at most 64",
        ),
        (
            {SHEET: rows('<row r="1048576"><c r="A1048576"><v>1</v></c></row>')},
            f"row 1048576 of {SHEET}; {LAST}",
        ),
        (
            {SHEET: rows('<row r="20001"><c><v>1</v></c></row>')},
            f"column 1 and row 20001 of {SHEET}; {LAST}",
        ),
        (
            {SHEET: rows('<row r="20000"/><row><c><v>1</v></c></row>')},
            f"column 1 and row 20001 of {SHEET}; {LAST}",
        ),
        (
            {SHEET: rows('<row r="9"><c r="XFD9"/></row>')},
            f"column 16384 and row 9 of {SHEET}; {LAST}",
        ),
        (
            {SHEET: rows(f'<row r="9">{"<c/>" * 257}</row>')},
            f"column 257 and row 9 of {SHEET}; {LAST}",
        ),
        (
            {SHEET: after('<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>')},
            f"of {SHEET}; {LAST}",
        ),
        ({SHEET: after('<mergeCells><mergeCell ref="B:B"/></mergeCells>')}, f"of {SHEET}; {LAST}"),
        (
            {SHEET: after('<hyperlinks><hyperlink ref="A1:XFD1048576"/></hyperlinks>')},
            f"of {SHEET}; {LAST}",
        ),
        # many ranges, each of which is small enough
        (
            {SHEET: after(f"<mergeCells>{WIDE * 3}</mergeCells>")},
            "cells or more; a workbook of specs has at most 1000000",
        ),
        (
            {"xl/sharedStrings.xml": put(ENTITY)},
            "has a DOCTYPE in xl/sharedStrings.xml; no workbook has one",
        ),
        (
            {SHEET: put(b'<?xml version="1.0" encoding="euc-jp"?><worksheet/>')},
            f"workbook: {SHEET}: multi-byte encodings",
        ),
        (
            {SHEET: put(b"<worksheet><sheetData>" + b"<" * 50)},
            f"cannot be read as an Excel workbook: {SHEET}: ",
        ),
        (
            {"xl/externalLinks/externalLink1.xml": put(b"<externalLink/>")},
            "is linked to other workbooks (xl/externalLinks/externalLink1.xml); break the links",
        ),
    ],
)
def test_refused_before_it_is_opened(
    sound: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    parts: dict[str, Callable[[bytes], bytes]],
    told: str,
) -> None:
    file = rewritten(sound, tmp_path / "x.xlsx", parts)
    monkeypatch.setattr(openpyxl, "load_workbook", lambda *_: pytest.fail("was opened"))
    result = run("import", file, tmp_path / "new")
    assert (result.exit_code, told in result.output) == (2, True), result.output
    assert len(result.output.splitlines()) == 1
    assert not (tmp_path / "new").exists()


def test_a_bomb_costs_no_memory(sound: Path, tmp_path: Path) -> None:
    bomb = rewritten(
        sound, tmp_path / "x.xlsx", {SHEET: rows("<row/>" * (6 << 20))}
    )  # 36 MB of rows, packed in 40 kB
    tracemalloc.start()
    with pytest.raises(ExportError, match="bytes when unpacked"):
        excel.read(bomb)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert bomb.stat().st_size < 200_000
    assert peak < 5_000_000


def test_a_file_that_is_too_large(sound: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(excel, "SPECS", replace(limits.SPECS, packed=1_000))
    with pytest.raises(ExportError, match=r"bytes; a workbook of specs has at most 1000$"):
        excel.read(sound)


def test_the_last_cell_that_is_allowed(sound: Path, tmp_path: Path) -> None:
    parts = {
        SHEET: rows('<row r="20000"><c r="IV20000"/></row>'),
        "xl/media/image1.png": put(b"\x89PNG no XML"),
    }
    limits.refuse(rewritten(sound, tmp_path / "x.xlsx", parts), limits.SPECS)


def test_a_cell_that_is_too_long(sound: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(excel, "CELL_LIMIT", 20)
    problems = [str(problem) for problem in excel.read(sound)[1]]
    assert any("characters; a cell holds 20" in problem for problem in problems)
