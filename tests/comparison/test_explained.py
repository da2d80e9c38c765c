"""Differences that are known: just these, no other, none less."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ivig_cdisc.cli import main

ONE = "USUBJID,X,Y\nS1,1,a\nS2,2,b\nS3,3,c\n"
TWO = "USUBJID,X,Y\nS1,1,a\nS2,5,b\nS3,6,c\n"
ENTRY = """\
- dataset: VS
  kind: cells
  variable: X
  count: {count}
  fingerprint: {mark}
  what: Two results.
  reason: The other side took the second reading.
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, text in (("one", ONE), ("two", TWO)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "vs.csv").write_text(text, "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str) -> Result:
    result = CliRunner().invoke(main, ["compare", *arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def listed(folder: Path, text: str) -> Result:
    (folder / "known.yaml").write_text(text, "utf-8")
    return run("one", "two", "--explained", "known.yaml")


def mark(folder: Path) -> str:
    return listed(folder, "[]").output.partition("fingerprint: ")[2].split()[0].rstrip(",")


def test_exactly_those(folder: Path) -> None:
    result = listed(folder, ENTRY.format(count=2, mark=mark(folder)))
    assert (result.exit_code, result.output.splitlines()[4]) == (
        0,
        "VS           3       3        3      9      7          2            0",
    )
    assert "Why: The other side took the second reading." in result.output


def test_what_is_told_can_be_pasted(folder: Path) -> None:
    told = listed(folder, "[]")
    assert told.exit_code == 1
    entry = told.output.partition("To list it:\n")[2].partition("\n\n")[0]
    assert (
        listed(
            folder, entry.replace('what: ""', "what: It.").replace('reason: ""', "reason: So.")
        ).exit_code
        == 0
    )


@pytest.mark.parametrize(
    ("file", "text"), [("two", TWO.replace("6", "7")), ("two", TWO.replace("S3,6", "S3,3"))]
)
def test_other_values_or_fewer(folder: Path, file: str, text: str) -> None:
    entry = ENTRY.format(count=2, mark=mark(folder))
    (folder / file / "vs.csv").write_text(text, "utf-8")
    result = listed(folder, entry)
    assert result.exit_code == 1
    assert "The differences are not those that are listed: 1 changed." in result.output


def test_one_that_is_gone(folder: Path) -> None:
    entry = ENTRY.format(count=2, mark=mark(folder))
    (folder / "two" / "vs.csv").write_text(ONE, "utf-8")
    result = listed(folder, entry)
    assert result.exit_code == 1
    assert "1 gone." in result.output
    assert "and not found any more" in result.output


def test_one_that_is_new(folder: Path) -> None:
    entry = ENTRY.format(count=2, mark=mark(folder))
    (folder / "two" / "vs.csv").write_text(TWO.replace("a", "A"), "utf-8")
    result = listed(folder, entry)
    assert result.exit_code == 1
    assert "1 explained, 1 unexplained." in result.output


def test_the_order_of_records_does_not_count(folder: Path) -> None:
    entry = ENTRY.format(count=2, mark=mark(folder))
    head, *lines = TWO.splitlines()
    (folder / "two" / "vs.csv").write_text("\n".join([head, *lines[::-1]]), "utf-8")
    assert listed(folder, entry).exit_code == 0


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("- {dataset: VS}", "known.yaml:1: 1.kind: is missing"),
        (
            "- kind: cell\n",
            "known.yaml:1: 1.kind: should be dataset_only_first, dataset_only_second, ",
        ),
        (
            ENTRY.format(count=0, mark="0" * 16),
            "known.yaml:4: 1.count: should be 1 or more",
        ),
        (
            ENTRY.format(count=2, mark="'12'"),
            "known.yaml:5: 1.fingerprint: is not a fingerprint: 16 digits 0-9 and a-f",
        ),
        (
            ENTRY.format(count=2, mark="0" * 15 + "a") * 2,
            "known.yaml:8: 2: duplicate entry for VS cells X",
        ),
        ("a: [", "known.yaml:2: (document): is not valid YAML: "),
    ],
)
def test_mistakes_in_the_list(folder: Path, text: str, told: str) -> None:
    result = listed(folder, text)
    assert result.exit_code == 2
    assert told in result.output


def test_a_page(folder: Path) -> None:
    assert run("one", "two", "--html", "page.html").exit_code == 1
    assert "<details open>" in (folder / "page.html").read_text("utf-8")
    listed(folder, ENTRY.format(count=2, mark=mark(folder)))
    assert run("one", "two", "--explained", "known.yaml", "--html", "page.html").exit_code == 0
    assert "<details><summary>X: cells that differ" in (folder / "page.html").read_text("utf-8")
    assert run("one", "two", "--html", "nowhere/page.html").exit_code == 2


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("vs.csv", b"", "vs.csv: the file is empty; a header line was expected"),
        ("vs.csv", b"A,B\n1\n", "vs.csv:2: has 1 fields, the header 2"),
        ("vs.csv", b"A,B\n1,2\n1,2,3\n", "vs.csv:3: has 3 fields, the header 2"),
        ("vs.csv", b"A,A\n1,2\n", "vs.csv:1: the header has A more than once"),
        ("vs.csv", b"A\0B\n", "holds a NUL byte"),
        ("vs.xpt", b"no transport file", "odd.xpt"),
        ("vs.json", b"{", "odd.json: is not JSON: "),
        ("vs.json", b"[]", "odd.json: is not Dataset-JSON 1.1: it has no columns with names"),
        (
            "vs.json",
            b'{"columns": [{"name": "A"}], "rows": [[1], [1, 2]]}',
            "odd.json: row 2 has 2 values for 1 columns",
        ),
        (
            "vs.json",
            b'{"columns": [{"name": "A"}], "rows": 1}',
            "odd.json: is not Dataset-JSON 1.1: rows is not a list of lists",
        ),
        ("vs.ndjson", b"\n", "odd.ndjson: is not Dataset-JSON 1.1: it has no columns with names"),
        (
            "vs.txt",
            b"A",
            "odd.txt: is not a dataset that can be compared; expected .xpt, .csv, .json, .ndjson",
        ),
    ],
)
def test_files_that_cannot_be_read(folder: Path, name: str, content: bytes, told: str) -> None:
    odd = folder / f"odd{Path(name).suffix}"
    odd.write_bytes(content)
    result = run(str(odd), "one/vs.csv")
    assert result.exit_code == 2
    assert told.replace("vs.csv", "odd.csv") in result.output


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["one", "nowhere"], "nowhere: there is no such file or folder"),
        (
            ["one", "two/vs.csv"],
            "one and two/vs.csv: a folder is compared with a folder, a file with a file",
        ),
        (
            ["one/vs.csv", "two/vs.csv", "--keys", "USUBJD"],
            "VS: not in both datasets: USUBJD (did you mean USUBJID?)",
        ),
        (["one", "two", "--keys", "A B"], "VS: not in both datasets: A, B"),
        (
            ["one", "two", "--explained", "none.yaml"],
            "none.yaml:1: (document): is not there, or no file",
        ),
    ],
)
def test_calls_that_cannot_be(folder: Path, arguments: list[str], told: str) -> None:
    assert folder.is_dir()
    result = run(*arguments)
    assert result.exit_code == 2
    assert told in result.output


def test_folders(folder: Path) -> None:
    (folder / "one" / "dm.csv").write_text("USUBJID\nS1\n", "utf-8")
    (folder / "two" / "notes.txt").write_text("no dataset", "utf-8")
    result = run("one", "two", "--keys", "USUBJID,VSSEQ")  # VS has but one of them
    assert (
        "DM\n  dataset only in the first\n    1 record(s), digest 9c6598d0 | (missing)\n"
        in result.output
    )
    (folder / "one" / "dm.ndjson").write_text("{}", "utf-8")
    told = "one: dm.ndjson is compared, and dm.csv is not"
    assert told in run("one", "two", "--keys", "USUBJID").output
    (folder / "one" / "DM.csv").write_text("USUBJID\nS1\n", "utf-8")
    assert "one: duplicate dataset DM, as DM.csv and dm.csv" in run("one", "two").output
    (folder / "empty").mkdir()
    (folder / "void").mkdir()
    assert "empty and void hold no dataset" in run("empty", "void").output


def test_no_records(folder: Path) -> None:
    (folder / "one" / "vs.csv").write_text("USUBJID,X\n", "utf-8")
    assert run("one/vs.csv", "one/vs.csv").exit_code == 0
