"""An output folder that somebody has changed or filled in since: said every time, and nothing typed is lost."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import Result

from ivig_cdisc import convert

from . import tiny
from .folders import digests

Cli = Callable[..., Result]
SHEET, ANSWER = "Site A", 10
CODE = "1c65c9af05ec76fe"  # the finding on the sex of subject 02


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study, its export, and an output of it, examined."""
    folder = tmp_path_factory.mktemp("altered")
    tiny.study(folder / "study")
    convert(tiny.raw(folder / "raw"), folder / "made", study=folder / "study")
    return folder


@pytest.fixture
def out(made: Path, tmp_path: Path) -> Path:
    shutil.copytree(made / "made", tmp_path / "place" / "out")
    return tmp_path / "place" / "out"


@pytest.fixture
def study(made: Path) -> Path:
    return made / "study"


def findings(out: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((out / "validation" / "findings.json").read_bytes())[
        "findings"
    ]
    return found


def altered(out: Path) -> list[str]:
    return [f["message"].split(" after ")[0] for f in findings(out) if f["rule"] == "FILE-CHANGED"]


def answer(out: Path, text: str, row: int = 2) -> None:
    path = out / "validation" / "findings.xlsx"
    book = openpyxl.load_workbook(path)
    book[SHEET].cell(row, ANSWER).value = text
    book.save(path)


def answers(out: Path) -> dict[str, str]:
    book = openpyxl.load_workbook(out / "validation" / "findings.xlsx")
    rows = (
        row for sheet in book.worksheets for row in sheet.iter_rows(min_row=2, values_only=True)
    )
    return {str(row[8]): str(row[9]) for row in rows if len(row) > 9 and row[9]}


# ---------------------------------------------------------------- specs that are others
def test_a_study_that_is_not_bundled_must_be_named(cli: Cli, out: Path) -> None:
    result = cli("validate", out)
    assert result.exit_code == 2
    assert "which is not bundled; name its folder by --study" in result.output


def test_other_specs_of_the_same_name(
    cli: Cli, out: Path, study: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = json.loads((out / "manifest.json").read_bytes())["study"]
    shutil.copytree(study, tmp_path / name)
    monkeypatch.chdir(tmp_path)  # a folder of this name is taken for the study
    assert "other specs" not in cli("explain", out, "01").output
    (tmp_path / name / "waivers.yaml").write_text("# none\n")
    assert (
        f"was made with other specs of {name} than {name}; name them by --study"
        in cli("explain", out, "01").output
    )


# ---------------------------------------------------------------- files that are others
def test_nothing_was_changed(cli: Cli, out: Path, study: Path) -> None:
    before = digests(out)
    result = cli("validate", out, "--study", study)
    assert result.exit_code == 1
    assert digests(out) == before
    assert [path.name for path in out.parent.iterdir()] == ["out"]


def in_record(path: Path) -> None:
    content = path.read_bytes()
    assert content.count(b"NLD") == 3
    path.write_bytes(content.replace(b"NLD", b"BEL", 1))


def without_record(path: Path) -> None:
    """The second of three records is gone: what the lineage says of the third is not so any more."""
    content = path.read_bytes()
    start = content.index(b"TINY")
    width = (
        content.index(b"TINY", content.index(b"TINY", start + 1) + 1) - start
    )  # STUDYID and USUBJID begin alike
    kept = content[:start] + content[start : start + width] + content[start + 2 * width :].rstrip()
    path.write_bytes(kept + b" " * (-len(kept) % 80))


def swapped(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-40])


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        ("sdtm/dm.xpt", in_record, "sdtm/dm.xpt was changed"),
        ("sdtm/dm.xpt", Path.unlink, "sdtm/dm.xpt is missing"),
        ("sdtm/ae.xpt", Path.touch, "sdtm/ae.xpt was added"),
        ("lineage/dm.parquet", swapped, "lineage/dm.parquet was changed"),
        ("lineage/dm.parquet", Path.unlink, "lineage/dm.parquet is missing"),
        ("lineage/vs.parquet", Path.touch, "lineage/vs.parquet was added"),
        ("validation/ledger.json", swapped, "validation/ledger.json was changed"),
        ("validation/ledger.json", Path.unlink, "validation/ledger.json is missing"),
    ],
)
def test_a_file_that_is_another_one(
    cli: Cli, out: Path, study: Path, name: str, change: Callable[[Path], object], said: str
) -> None:
    """It is an error however often the folder is examined: its SHA-256 is not signed anew."""
    listed = json.loads((out / "manifest.json").read_bytes())["outputs"]
    change(out / name)
    for _ in range(2):
        result = cli("validate", out, "--study", study)
        assert result.exit_code == 1
        assert altered(out) == [said]
        assert f"{out / said} since it was written" in result.stderr
    again = json.loads((out / "manifest.json").read_bytes())["outputs"]
    assert again.get(name) == listed.get(name)
    assert again["validation/report.html"] == digests(out)["validation/report.html"]


@pytest.mark.parametrize(("name", "placed"), [("sdtm/dm.xpt", False), ("sdtm/ae.xpt", True)])
def test_lineage_that_does_not_fit_is_not_used(
    cli: Cli, out: Path, study: Path, name: str, placed: bool
) -> None:
    in_record(out / name) if name == "sdtm/dm.xpt" else (out / name).touch()
    cli("validate", out, "--study", study)
    (codelist,) = (f for f in findings(out) if f["rule"] == "SPEC-CODELIST")
    assert (codelist["file"] == "dm.csv") is placed


def test_findings_that_were_changed_stay_doubtful(cli: Cli, out: Path, study: Path) -> None:
    """What reading found is taken over from them; no later examination can find it again."""
    path = out / "validation" / "findings.json"
    path.write_bytes(path.read_bytes().replace(b"RAW-CODE", b"RAW-KODE"))
    for _ in range(2):
        cli("validate", out, "--study", study)
        assert altered(out) == ["validation/findings.json was changed"]


@pytest.mark.parametrize(
    "name", ["sdtm/dm.xpt", "lineage/dm.parquet", "validation/findings.json", "manifest.json"]
)
@pytest.mark.parametrize("content", [b"", b"\x00" * 300, b"{}", b"[1]"])
def test_files_that_cannot_be_read(
    cli: Cli, out: Path, study: Path, name: str, content: bytes
) -> None:
    """A finding, or exit code 2 and nothing written; never a traceback."""
    (out / name).write_bytes(content)
    before = digests(out)
    result = cli("validate", out, "--study", study)
    if result.exit_code == 2:
        assert name.rpartition("/")[2] in result.stderr.splitlines()[-1]
        assert digests(out) == before
    else:
        assert altered(out) == [f"{name} was changed"]
    assert [path.name for path in out.parent.iterdir()] == ["out"]


TRACE = ("trace", "OUT", "DM", "--where", "USUBJID=TINY-01", "--var", "SEX")
EXPLAIN = ("explain", "OUT", "01")  # which reads no lineage
DIFF = ("diff", "OUT", "OUT")


@pytest.mark.parametrize(
    ("command", "name"),
    [
        *((command, "sdtm/dm.xpt") for command in (TRACE, EXPLAIN, DIFF)),
        *((command, "lineage/dm.parquet") for command in (TRACE, DIFF)),
    ],
)
def test_other_commands_say_it_too(
    cli: Cli, out: Path, study: Path, command: tuple[str, ...], name: str
) -> None:
    (without_record if name == "sdtm/dm.xpt" else Path.unlink)(out / name)
    result = cli(*(str(out) if part == "OUT" else part for part in command), "--study", study)
    assert str(out / name) in result.stderr
    assert "since it was written; what is shown of it may be wrong" in result.stderr


# ---------------------------------------------------------------- answers
@pytest.mark.parametrize("command", ["validate", "convert"])
def test_answers_are_carried_over(
    cli: Cli, out: Path, study: Path, made: Path, command: str
) -> None:
    answer(out, "Female; corrected.")
    (mark,) = answers(out)
    told = (
        ("validate", out)
        if command == "validate"
        else ("convert", made / "raw", out, "--overwrite")
    )
    result = cli(*told, "--study", study)
    assert result.exit_code == 1
    assert "note(s) (1 answered)" in result.stdout
    assert answers(out) == {mark: "Female; corrected."}
    assert [f["answer"] for f in findings(out) if f["answer"]] == ["Female; corrected."]
    assert "Female; corrected." in (out / "validation" / "report.html").read_text("utf-8")
    assert tiny.whole(out)


def test_answers_to_findings_that_are_gone(
    cli: Cli, out: Path, study: Path, tmp_path: Path
) -> None:
    answer(out, "Female; corrected.")
    (mark,) = answers(out)
    corrected = tiny.raw(
        tmp_path / "corrected", tiny.FORM.replace(",X,1981-13-01", ",F,1981-12-01")
    )
    result = cli("convert", corrected, out, "--overwrite", "--study", study)
    assert result.exit_code == 0
    assert "Answers:  1 to findings that are gone; they are kept in findings.xlsx" in result.stdout
    assert answers(out) == {mark: "Female; corrected."}
    content = json.loads((out / "validation" / "findings.json").read_bytes())
    assert [gone["answer"] for gone in content["answers to findings that are gone"]] == [
        "Female; corrected."
    ]
    assert "Female; corrected." in (out / "validation" / "report.html").read_text("utf-8")


@pytest.mark.parametrize("command", ["validate", "convert"])
def test_a_workbook_that_cannot_be_read_is_not_replaced(
    cli: Cli, out: Path, study: Path, made: Path, command: str
) -> None:
    (out / "validation" / "findings.xlsx").write_bytes(b"answered with another program")
    before = digests(out)
    told = (
        ("validate", out)
        if command == "validate"
        else ("convert", made / "raw", out, "--overwrite")
    )
    result = cli(*told, "--study", study)
    assert result.exit_code == 2
    assert "findings.xlsx cannot be read as a workbook" in result.stderr
    assert digests(out) == before


def test_waived_and_answered_are_counted(cli: Cli, out: Path, study: Path, tmp_path: Path) -> None:
    waiving = tmp_path / "study"
    shutil.copytree(study, waiving)
    (waiving / "waivers.yaml").write_text(
        f"- {{fingerprint: {CODE}, reason: Seen, who: A. de Vries, date: 2021-01-12}}\n", "utf-8"
    )
    answer(out, "Born in December.")
    answer(out, "Not known.", row=3)
    result = cli("validate", out, "--study", waiving)
    assert (
        "Findings: 0 reject(s), 2 error(s), 0 warning(s), 0 note(s) (1 waived, 2 answered)"
        in result.stdout
    )


def test_what_people_put_there_stays_when_it_is_examined(cli: Cli, out: Path, study: Path) -> None:
    (out / "validation" / "notes.txt").write_text("mine", "utf-8")
    assert cli("validate", out, "--study", study).exit_code == 1
    assert (out / "validation" / "notes.txt").read_text("utf-8") == "mine"
