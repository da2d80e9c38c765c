"""Folders, files with several datasets, and calls: nothing is passed over, and one bad file does not stop the rest."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ivig_cdisc.cli import main
from ivig_cdisc.comparison import compare
from ivig_cdisc.errors import ExportError
from tests.formats import transport

DM = "USUBJID,AGE\nS1,40\nS2,50\n"


@pytest.fixture
def sides(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "dm.csv").write_text(DM, "utf-8")
    monkeypatch.chdir(tmp_path)
    return Path("one"), Path("two")


def told(one: Path, two: Path) -> list[list[str | None]]:
    found = compare(one, two).differences[["dataset", "kind", "first", "second"]].astype("object")
    return found.where(found.notna(), None).to_numpy().tolist()


def run(*arguments: str) -> Result:
    result = CliRunner().invoke(main, ["compare", *arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def member(name: str, *subjects: str) -> bytes:
    return transport.member(
        name, [("USUBJID", "Char", 2), ("N", "Num", 8)], [[s, 1.0] for s in subjects]
    )


# ---------------------------------------------------------------- folders
def test_one_file_that_cannot_be_read_does_not_stop_the_folder(sides: tuple[Path, Path]) -> None:
    one, two = sides
    (one / "ae.xpt").write_bytes(b"rubbish")
    (two / "ae.xpt").write_bytes(transport.library(member("AE", "S1")))
    (two / "dm.csv").write_text(DM.replace("50", "51"), "utf-8")
    reason = "ae.xpt: is not a SAS transport file: it does not begin with a library header"
    assert told(one, two) == [["AE", "not_compared", reason, None], ["DM", "cells", "50", "51"]]
    assert run("one", "two").exit_code == 1


@pytest.mark.parametrize(
    ("name", "told_of_it"),
    [
        ("vs.xpt.gz", "vs.xpt.gz: is in a format that is not compared"),
        ("vs.sas7bdat", "vs.sas7bdat: is in a format that is not compared"),
        ("VS.FEATHER", "VS.FEATHER: is in a format that is not compared"),
    ],
)
def test_datasets_in_other_formats(sides: tuple[Path, Path], name: str, told_of_it: str) -> None:
    one, two = sides
    (two / name).write_bytes(gzip.compress(b"USUBJID\nS1\n"))
    assert told(one, two) == [["VS", "not_compared", None, told_of_it]]
    assert told(two, one) == [["VS", "not_compared", told_of_it, None]]


def test_a_broken_link(sides: tuple[Path, Path]) -> None:
    one, two = sides
    (one / "vs.xpt").symlink_to("nowhere.xpt")
    assert told(one, two) == [
        ["VS", "dataset_only_first", "vs.xpt: is not there, or no file", None]
    ]


def test_a_folder_in_the_folder(sides: tuple[Path, Path]) -> None:
    one, two = sides
    (two / "more" / "deep").mkdir(parents=True)
    assert told(one, two) == []
    (two / "more" / "deep" / "vs.csv").write_text(DM, "utf-8")
    reason = "more: is a folder with 1 dataset(s), such as vs.csv; compare it by itself"
    assert told(one, two) == [["MORE", "not_compared", None, reason]]


def test_files_that_are_no_datasets_are_named(sides: tuple[Path, Path]) -> None:
    (sides[0] / "notes.txt").write_text("no dataset", "utf-8")
    result = run("one", "two")
    assert "Not datasets, and not compared: notes.txt.\nNo difference.\n" in result.output
    assert result.exit_code == 0


def test_two_datasets_without_a_common_variable(sides: tuple[Path, Path]) -> None:
    (sides[1] / "dm.csv").write_text("A\n1\n", "utf-8")
    result = run("one", "two")
    assert (result.exit_code, "have no variable in common" in result.output) == (1, True)
    assert run("one/dm.csv", "two/dm.csv").exit_code == 2


# ---------------------------------------------------------------- files with several datasets
def test_members_are_compared_by_name(tmp_path: Path) -> None:
    one, two = tmp_path / "one.xpt", tmp_path / "two.xpt"
    one.write_bytes(transport.library(member("DM", "S1"), member("AE", "S1", "S2")))
    two.write_bytes(transport.library(member("AE", "S1", "S3"), member("VS", "S1")))
    assert [(row[0], row[1]) for row in told(one, two)] == [
        ("DM", "dataset_only_first"),
        ("VS", "dataset_only_second"),
        ("AE", "records_only_first"),
        ("AE", "records_only_second"),
    ]
    assert told(one, one) == []


def test_a_member_of_the_same_name_twice(tmp_path: Path) -> None:
    (tmp_path / "x.xpt").write_bytes(transport.library(member("DM", "S1"), member("DM", "S2")))
    with pytest.raises(ExportError, match=r"x\.xpt: has DM more than once"):
        compare(tmp_path / "x.xpt", tmp_path / "x.xpt")


def test_the_name_and_label_of_the_dataset(tmp_path: Path) -> None:
    for folder, name, label in (("a", "DM", b"Demographics"), ("b", "XX", b"Demography")):
        (tmp_path / folder).mkdir()
        octets = transport.member(name, [("USUBJID", "Char", 2)], [["S1"]], label)
        (tmp_path / folder / "dm.xpt").write_bytes(transport.library(octets))
    assert told(tmp_path / "a", tmp_path / "b") == [
        ["DM", "dataset_name", "DM", "XX"],
        ["DM", "dataset_label", "Demographics", "Demography"],
    ]


# ---------------------------------------------------------------- odd files, odd calls
def text_files(tmp_path: Path, one: str, two: str, suffix: str = "csv") -> tuple[Path, Path]:
    paths = tmp_path / f"one.{suffix}", tmp_path / f"two.{suffix}"
    for path, text in zip(paths, (one, two), strict=True):
        path.write_text(text, "utf-8")
    return paths


def test_an_empty_line_is_a_record_where_there_is_one_column(tmp_path: Path) -> None:
    one, two = text_files(tmp_path, "X\n1\n\n2\n", "X\n1\n2\n")
    assert [row[1] for row in told(one, two)] == ["records_only_first"]
    one, two = text_files(tmp_path, "X,Y\n1,1\n\n2,2\n", "X,Y\n1,1\n2,2\n")
    assert told(one, two) == []


def test_names_that_differ_in_their_case(tmp_path: Path) -> None:
    """In one file age and Age are two variables, and AGE of the other is neither."""
    one, two = text_files(tmp_path, "K,age,Age\n1,2,3\n", "K,age,Age\n1,2,4\n")
    assert [row[1:] for row in told(one, two)] == [["cells", "3", "4"]]
    one, two = text_files(tmp_path, "K,age,Age\n1,2,3\n", "K,AGE\n1,2\n")
    assert [row[1] for row in told(one, two)] == ["only_first", "only_first", "only_second"]


@pytest.mark.parametrize(
    ("records", "refused"),
    [(1, None), (0, "says 0 records, and has 1 rows"), (5, "says 5 records, and has 1 rows")],
)
@pytest.mark.parametrize("suffix", ["json", "ndjson"])
def test_the_number_of_records(
    tmp_path: Path, suffix: str, records: int, refused: str | None
) -> None:
    head, row = f'"records": {records}, "columns": [{{"name": "A"}}]', '["x"]'
    text = f'{{{head}, "rows": [{row}]}}' if suffix == "json" else f"{{{head}}}\n{row}\n"
    one, two = text_files(tmp_path, text, text, suffix)
    if refused is None:
        assert told(one, two) == []
    else:
        with pytest.raises(ExportError, match=refused):
            compare(one, two)


@pytest.mark.parametrize(
    ("arguments", "refused"),
    [
        (["--tolerance", "inf"], "the tolerance is inf; a number of at least 0 was expected"),
        (["--tolerance", "nan"], "the tolerance is nan; a number of at least 0 was expected"),
        (["--keys", "AGE,AGE"], "duplicate keys: AGE"),
        (["--keys", "usubjid"], "DM: not in both datasets: usubjid (did you mean USUBJID?)"),
        (["--keys", ""], '"" has an empty name; names with commas between them were expected'),
        (["--keys", "USUBJID,,"], '"USUBJID,," has an empty name'),
        (["--keys", " , USUBJID"], '" , USUBJID" has an empty name'),
        (["--study", "nothing"], "no folder with a study.yaml, and no bundled study"),
    ],
)
@pytest.mark.usefixtures("sides")
def test_calls_that_are_refused(arguments: list[str], refused: str) -> None:
    result = run("one/dm.csv", "two/dm.csv", *arguments)
    assert (result.exit_code, refused in result.output) == (2, True), result.output


def test_tolerance_does_not_reach_special_missing_values(tmp_path: Path) -> None:
    columns: list[transport.Column] = [("USUBJID", "Char", 2), ("N", "Num", 8)]
    paths = tmp_path / "one.xpt", tmp_path / "two.xpt"
    for path, last in zip(paths, (".", ".A"), strict=True):
        path.write_bytes(
            transport.library(
                transport.member("LB", columns, [["S1", 1.0 + len(last)], ["S2", last]])
            )
        )
    found = compare(*paths, tolerance=2)
    assert found.differences[["key", "first", "second"]].astype("object").fillna(
        ""
    ).to_numpy().tolist() == [["USUBJID=S2", "", ".A"]]
