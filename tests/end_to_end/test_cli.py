"""The command line: what it says, how it ends, and what it leaves behind."""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pyreadstat
import pytest
from click.testing import Result

from ivig_cdisc import Step, Summary, __version__, convert

from . import tiny
from .folders import EXAMPLE, REPAIRS, Export, copy_of_study, digests

Cli = Callable[..., Result]
PROGRAM = Path(sys.executable).with_name("ivig-cdisc")
QUICK = ("--no-validation", "--only", "DM")


def left_beside(out: Path) -> list[str]:
    """What is in the folder of OUT, but for OUT."""
    return sorted(path.name for path in out.parent.iterdir() if path != out)


# ---------------------------------------------------------------- a conversion
def test_convert_says_what_it_made(raw: Path, out: Path, converted: Summary) -> None:
    """The real program: the summary on stdout, the steps on stderr, exit code 1 for findings of severity error."""
    run = subprocess.run([PROGRAM, "convert", raw, out], capture_output=True, check=False)
    said, steps = run.stdout.decode(), run.stderr.decode()
    assert run.returncode == 1, steps
    for name, rows in converted.rows.items():
        assert re.search(rf"^{name} +{rows} +\S", said, re.MULTILINE), name
    assert "Responders (TIS >= 40) at Week 9: 8/19 = 42.1 %" in said
    assert "Responders (TIS >= 40) by Week 9: 8/19 = 42.1 %" in said
    assert "Rescued, of the efficacy set: 7/19" in said
    assert re.search(
        r"^Findings: 0 reject\(s\), [1-9]\d* error\(s\), \d+ warning\(s\), \d+ note\(s\)$",
        said,
        re.MULTILINE,
    )
    report = re.search(r"^Report: +(.+)$", said, re.MULTILINE)
    assert report is not None
    assert Path(report[1]) == out / "validation" / "report.html"
    assert Path(report[1]).is_file()
    assert steps.split() == ["reading", "building", "examining", "writing", "reporting"]
    assert not left_beside(out)
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", said + steps), (
        "control characters, but no terminal"
    )


def test_manifest_names_inputs_and_outputs(raw: Path, examined: Summary) -> None:
    manifest = json.loads((examined.out / "manifest.json").read_bytes())
    assert manifest["inputs"] == digests(raw)
    assert manifest["outputs"] == {
        k: v for k, v in digests(examined.out).items() if k != "manifest.json"
    }
    assert manifest["study"] == "NTR6160"
    assert str(Path.cwd()) not in json.dumps(manifest)


def test_no_report_is_promised_without_validation(cli: Cli, raw: Path, out: Path) -> None:
    said = cli("convert", raw, out, *QUICK)
    for path in re.findall(r"^Report: +(.+)$", said.stdout, re.MULTILINE):
        assert Path(path).is_file()


def test_repairs_are_of_known_problems() -> None:
    """What is repaired is listed in problems.csv; what is not are deviations of treatment, which are no errors."""
    with (EXAMPLE / "problems.csv").open(encoding="utf-8", newline="") as stream:
        listed = {
            (problem["file"], int(problem["line"])): problem["kind"]
            for problem in csv.DictReader(stream)
        }
    repaired = {(file, line) for file, line, _ in REPAIRS}
    assert repaired <= listed.keys()
    assert {listed[place] for place in listed.keys() - repaired} == {
        "cycle-interval",
        "dose-off-plan",
    }


def test_a_clean_export_ends_with_0(cli: Cli, export: Export, out: Path) -> None:
    export.repair()
    result = cli("convert", export.folder, out, "--study", "ntr6160")
    found = json.dumps([f for f in _found(out) if f.get("severity") == "error"], indent=1)
    assert result.exit_code == 0, found
    assert "Findings: 0 reject(s), 0 error(s)" in result.stdout
    assert "8/19 = 42.1 %" in result.stdout


def _found(out: Path) -> list[dict[str, object]]:
    """All objects in findings.json that look like findings, however they are nested."""
    waiting, found = [json.loads((out / "validation" / "findings.json").read_bytes())], []
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict) and "rule" in one and "severity" in one:
            found.append(one)
        elif isinstance(one, (dict, list)):
            waiting += one.values() if isinstance(one, dict) else one
    return found


# ---------------------------------------------------------------- options
@pytest.mark.parametrize(
    ("only", "written"),
    [
        ("DM", {"DM", "SUPPDM"}),
        ("mk, qs", {"DM", "SUPPDM", "MK", "QS", "SE", "TA"}),  # study days need DM, epochs SE
        ("SUPPDM", {"DM", "SUPPDM"}),
    ],
)
def test_only(cli: Cli, raw: Path, out: Path, only: str, written: set[str]) -> None:
    assert cli("convert", raw, out, "--no-validation", "--only", only).exit_code == 1
    assert {path.stem.upper() for path in out.glob("*/*.xpt")} == written


def test_only_gives_the_same_files(cli: Cli, raw: Path, out: Path, converted: Summary) -> None:
    cli("convert", raw, out, "--no-validation", "--only", "ADTIS")
    """But for lengths, which are those of the longest values in the datasets that are made."""
    made = sorted(path.relative_to(out) for path in out.glob("*/*.xpt"))
    assert Path("adam/adtis.xpt") in made
    for path in made:
        mine, said = pyreadstat.read_xport(str(out / path))
        theirs, also_said = pyreadstat.read_xport(str(converted.out / path))
        pd.testing.assert_frame_equal(mine, theirs, obj=str(path))
        assert said.column_names_to_labels == also_said.column_names_to_labels


def test_only_with_an_unknown_dataset(cli: Cli, raw: Path, out: Path) -> None:
    result = cli("convert", raw, out, "--only", "DM,ADTI")
    assert result.exit_code == 2
    assert "ADTI (did you mean ADTIS?)" in result.stderr
    assert not out.exists()


@pytest.mark.parametrize(
    ("partitions", "only"), [("2", "ADSL"), ("999", "DM")]
)  # more parts than subjects is no mistake
def test_partitions(
    cli: Cli, raw: Path, out: Path, converted: Summary, partitions: str, only: str
) -> None:
    result = cli("convert", raw, out, "--no-validation", "--only", only, "--partitions", partitions)
    assert result.exit_code == 1
    whole = digests(converted.out, "*.xpt")
    assert not {name for name, digest in digests(out, "*.xpt").items() if digest != whole[name]}


@pytest.mark.parametrize("partitions", ["0", "-1", "many"])
def test_impossible_partitions(cli: Cli, raw: Path, out: Path, partitions: str) -> None:
    result = cli("convert", raw, out, "--partitions", partitions)
    assert result.exit_code == 2
    assert "--partitions" in result.stderr
    assert not out.exists()


def test_study_as_folder(
    cli: Cli, raw: Path, out: Path, tmp_path: Path, converted: Summary
) -> None:
    """A copy of the study anywhere gives the same files."""
    study = copy_of_study(tmp_path / "mine")
    assert cli("convert", raw, out, *QUICK, "--study", study).exit_code == 1
    assert digests(out, "*.xpt")["sdtm/dm.xpt"] == digests(converted.out, "*.xpt")["sdtm/dm.xpt"]


def test_study_by_name_in_any_case(cli: Cli, raw: Path, out: Path) -> None:
    assert cli("convert", raw, out, *QUICK, "--study", "NTR6160").exit_code == 1


@pytest.mark.parametrize(
    ("name", "hint"),
    [("ntr6610", "did you mean ntr6160?"), ("xyz", "bundled: cdiscpilot01, ntr6160")],
)
def test_unknown_study(cli: Cli, raw: Path, out: Path, name: str, hint: str) -> None:
    result = cli("convert", raw, out, "--study", name)
    assert result.exit_code == 2
    assert name in result.stderr
    assert hint in result.stderr
    assert not out.exists()


def test_study_that_is_a_folder_without_study(
    cli: Cli, raw: Path, out: Path, tmp_path: Path
) -> None:
    result = cli("convert", raw, out, "--study", tmp_path)
    assert result.exit_code == 2
    assert "study.yaml" in result.stderr


@pytest.mark.parametrize(
    "arguments", [(), ("convert",), ("convert", "raw"), ("convert", "raw", "out", "--strange")]
)
def test_wrong_use(cli: Cli, arguments: tuple[str, ...]) -> None:
    assert cli(*arguments).exit_code == 2


def test_version(cli: Cli) -> None:
    result = cli("--version")
    assert result.exit_code == 0
    assert result.stdout == f"ivig-cdisc, version {__version__}\n"


@pytest.mark.parametrize("arguments", [("-h",), ("convert", "-h"), ("spec", "check", "--help")])
def test_help(cli: Cli, arguments: tuple[str, ...]) -> None:
    result = cli(*arguments)
    assert result.exit_code == 0
    assert result.stdout.startswith("Usage:")


# ---------------------------------------------------------------- the output folder
def test_an_existing_folder_is_left_alone(cli: Cli, raw: Path, out: Path) -> None:
    out.mkdir()
    (out / "notes.txt").write_text("mine", "utf-8")
    result = cli("convert", raw, out, *QUICK)
    assert result.exit_code == 2
    assert str(out) in result.stderr
    assert "--overwrite" in result.stderr
    assert digests(out).keys() == {"notes.txt"}
    assert not left_beside(out)


def test_overwrite_replaces_the_whole_folder(cli: Cli, raw: Path, out: Path) -> None:
    cli("convert", raw, out, "--no-validation", "--only", "MH")
    before = digests(out)
    assert cli("convert", raw, out, *QUICK, "--overwrite").exit_code == 1
    assert "sdtm/mh.xpt" in before
    assert "sdtm/mh.xpt" not in digests(out)
    assert not left_beside(out)


@pytest.mark.parametrize("form", ["csv", "dataset-json", "parquet"])
def test_overwrite_of_an_output_without_transport_files(
    cli: Cli, tmp_path: Path, form: str
) -> None:
    study, export, out = (
        tiny.study(tmp_path / "study"),
        tiny.raw(tmp_path / "raw"),
        tmp_path / "out",
    )
    asked = ("convert", export, out, "--study", study, "--format", form)
    assert cli(*asked).exit_code == 1  # its two wrong cells
    assert cli(*asked, "--overwrite").exit_code == 1


def test_overwrite_of_an_empty_folder(cli: Cli, raw: Path, out: Path) -> None:
    out.mkdir()
    assert cli("convert", raw, out, *QUICK, "--overwrite").exit_code == 1
    assert (out / "manifest.json").is_file()


def test_overwrite_with_nothing_there(cli: Cli, raw: Path, out: Path) -> None:
    assert cli("convert", raw, out, *QUICK, "--overwrite").exit_code == 1


def test_overwrite_refuses_what_is_not_ours(cli: Cli, raw: Path, out: Path) -> None:
    out.mkdir()
    (out / "thesis.docx").write_bytes(b"years of work")
    result = cli("convert", raw, out, *QUICK, "--overwrite")
    assert result.exit_code == 2
    assert str(out) in result.stderr
    assert (out / "thesis.docx").read_bytes() == b"years of work"
    assert not left_beside(out)


def test_overwrite_refuses_a_file(cli: Cli, raw: Path, out: Path) -> None:
    out.write_bytes(b"years of work")
    result = cli("convert", raw, out, *QUICK, "--overwrite")
    assert result.exit_code == 2
    assert out.read_bytes() == b"years of work"
    assert not left_beside(out)


def test_overwrite_refuses_the_raw_folder(cli: Cli, export: Export) -> None:
    before = digests(export.folder)
    assert (
        cli(
            "convert", export.folder, export.folder, "--study", "ntr6160", *QUICK, "--overwrite"
        ).exit_code
        == 2
    )
    assert digests(export.folder) == before


def test_overwrite_keeps_raw_data_inside_the_old_output(
    cli: Cli, raw: Path, out: Path, export: Export
) -> None:
    """Whoever keeps the export inside the output folder must not lose it."""
    cli("convert", raw, out, *QUICK)
    inside = export.folder.rename(out / "raw")
    before = digests(inside)
    result = cli("convert", inside, out, *QUICK, "--overwrite")
    assert inside.is_dir(), "the raw export is gone"
    assert digests(inside) == before
    assert result.exit_code == 2
    assert not left_beside(out)


def test_overwrite_through_a_link(cli: Cli, raw: Path, out: Path, tmp_path: Path) -> None:
    real = tmp_path / "real"
    cli("convert", raw, real, *QUICK)
    out.symlink_to(real)
    result = cli("convert", raw, out, *QUICK, "--overwrite")
    assert (out / "manifest.json").is_file()
    assert result.exit_code in {1, 2}
    assert not left_beside(out)
    assert {path.name for path in tmp_path.iterdir()} == {"place", "real"}


def test_failed_overwrite_keeps_the_old_output(
    cli: Cli, raw: Path, out: Path, export: Export
) -> None:
    cli("convert", raw, out, *QUICK)
    before = digests(out)
    (export.folder / "subjects.csv").unlink()
    assert (
        cli("convert", export.folder, out, "--study", "ntr6160", *QUICK, "--overwrite").exit_code
        == 2
    )
    assert digests(out) == before
    assert not left_beside(out)


def test_folders_above_are_made(cli: Cli, raw: Path, out: Path) -> None:
    deep = out / "of" / "a" / "study"
    assert cli("convert", raw, deep, *QUICK).exit_code == 1
    assert (deep / "manifest.json").is_file()
    assert not left_beside(deep)


def test_a_place_below_a_file(cli: Cli, raw: Path, out: Path) -> None:
    out.write_bytes(b"")
    result = cli("convert", raw, out / "below", *QUICK)
    assert result.exit_code == 2
    assert str(out) in result.stderr
    assert not left_beside(out)


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0,
    reason="whoever may write anywhere cannot be refused",
)
def test_a_place_without_permission(cli: Cli, raw: Path, out: Path) -> None:
    out.parent.chmod(0o500)
    try:
        result = cli("convert", raw, out, *QUICK)
    finally:
        out.parent.chmod(0o700)
    assert result.exit_code == 2
    assert str(out.parent) in result.stderr
    assert not left_beside(out)


@pytest.mark.parametrize(("option", "value"), [("", ""), ("--only", "XX"), ("--study", "xyz")])
def test_nothing_is_left_after_a_failure(
    cli: Cli, export: Export, out: Path, option: str, value: str
) -> None:
    (export.folder / "laboratory.csv").unlink()
    assert (
        cli(
            "convert",
            export.folder,
            out,
            "--study",
            "ntr6160",
            *([option, value] if option else QUICK),
        ).exit_code
        == 2
    )
    assert not out.exists()
    assert not left_beside(out)


def test_nothing_is_left_after_a_crash(raw: Path, out: Path) -> None:
    """Whatever stops a conversion half-way, be it the user."""

    def stop(step: Step) -> None:
        if step.stage == "writing":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        convert(raw, out, only=["DM"], validate=False, progress=stop)
    assert not out.exists()
    assert not left_beside(out)


def test_overwrite_names_the_first_stranger(cli: Cli, raw: Path, out: Path) -> None:
    cli("convert", raw, out, *QUICK)
    (out / "sdtm" / "own.xpt").write_bytes(b"of somebody")
    before = digests(out)
    result = cli("convert", raw, out, *QUICK, "--overwrite")
    assert result.exit_code == 2
    assert result.stderr.splitlines()[-1] == (
        f"ivig-cdisc: {out} holds sdtm/own.xpt, which is not of ivig-cdisc; it is not replaced"
    )
    assert digests(out) == before


def test_out_is_readable_by_whom_umask_allows(cli: Cli, raw: Path, out: Path) -> None:
    """As umask has it."""
    before = os.umask(0o027)
    cli("convert", raw, out, *QUICK)
    os.umask(before)
    assert out.stat().st_mode & 0o777 == 0o750


# ---------------------------------------------------------------- specs
def test_spec_check_of_the_bundled_studies(cli: Cli) -> None:
    result = cli("spec", "check")
    assert result.exit_code == 0
    counts = r" +\d+ +\d+ +\d+  no problem\n"
    heading = r"study +datasets  variables  rules  result\n"
    assert re.fullmatch(f"{heading}CDISCPILOT01{counts}NTR6160{counts}", result.stdout)


def test_spec_check_for_programs(cli: Cli, tmp_path: Path) -> None:
    folder = copy_of_study(tmp_path / "mine")
    (folder / "sdtm" / "mh.yaml").write_text("dataset: MH\nlabel: @home\n", "utf-8")
    result = cli("spec", "check", folder, "--format", "json")
    (study,) = json.loads(result.stdout)["studies"]
    assert (result.exit_code, study["study"], study["datasets"]) == (2, "NTR6160", 43)
    (broken,) = (problem for problem in study["problems"] if problem["file"].endswith("mh.yaml"))
    assert broken == {
        "file": str(folder / "sdtm" / "mh.yaml"),
        "line": 2,
        "column": 8,
        "path": "(document)",
        "reason": "is not valid YAML: nothing can begin with @; put the text in quotes",
        "severity": "error",
    }


def test_the_first_line_says_which_study_and_why(cli: Cli, raw: Path, out: Path) -> None:
    result = cli("convert", raw, out, "--no-validation", "--only", "DM")
    assert result.stdout.splitlines()[0] == "study ntr6160: the export has all 6 required forms"


def test_spec_check_of_a_folder(cli: Cli, tmp_path: Path) -> None:
    assert cli("spec", "check", copy_of_study(tmp_path / "mine")).exit_code == 0


BROKEN = {  # file: (text, what it becomes), and what must be said of it
    "sdtm/dm.yaml": (("derive: age_in_years", "derive: age_in_year"), "age_in_years"),
    "sdtm/vs.yaml": (("^dataset: VS", "dataset: VS\nsurprise: 1"), "surprise"),
    "sdtm/ae.yaml": (("from: description", "from: descripton"), "descripton"),
    "adam/adsl.yaml": (("- join: {with: ", "- join: {with: NO"), "NO"),
    "study.yaml": (("terms: SEX", "terms: SEXES"), "SEXES (did you mean SEX?)"),
}


def test_spec_check_tells_all_problems_at_once(cli: Cli, tmp_path: Path) -> None:
    study = copy_of_study(tmp_path / "mine", {name: change for name, (change, _) in BROKEN.items()})
    result = cli("spec", "check", study)
    assert result.exit_code == 2
    for name, (_, said) in BROKEN.items():
        assert re.search(
            rf"^{re.escape(str(study / name))}:\d+: .*{re.escape(said)}",
            result.stderr,
            re.MULTILINE,
        ), name
    assert re.search(r"^\d+ problem\(s\) in the specs", result.stderr, re.MULTILINE)


@pytest.mark.parametrize("name", BROKEN)
def test_spec_check_tells_each_problem(cli: Cli, tmp_path: Path, name: str) -> None:
    change, said = BROKEN[name]
    study = copy_of_study(tmp_path / "mine", {name: change})
    result = cli("spec", "check", study)
    assert result.exit_code == 2
    assert said in result.stderr


@pytest.mark.parametrize(
    "text", ["", "id: [", "just text", "- 1", "id: X\nid: Y\n", "\t", "id: NTR6160\n"]
)
def test_spec_check_of_broken_yaml(cli: Cli, tmp_path: Path, text: str) -> None:
    study = copy_of_study(tmp_path / "mine")
    (study / "study.yaml").write_text(text, "utf-8")
    result = cli("spec", "check", study)
    assert result.exit_code == 2
    assert re.search(rf"^{re.escape(str(study / 'study.yaml'))}:\d+: ", result.stderr, re.MULTILINE)


def test_broken_specs_stop_before_data_are_read(cli: Cli, out: Path, tmp_path: Path) -> None:
    study = copy_of_study(tmp_path / "mine", {"sdtm/dm.yaml": BROKEN["sdtm/dm.yaml"][0]})
    result = cli("convert", tmp_path / "no such export", out, "--study", study)
    assert result.exit_code == 2
    assert f"{study / 'sdtm' / 'dm.yaml'}:" in result.stderr
    assert "no such export" not in result.stderr
    assert not out.exists()


def test_another_study_id_is_another_study(cli: Cli, raw: Path, out: Path, tmp_path: Path) -> None:
    study = copy_of_study(tmp_path / "mine", {"study.yaml": ("^id: NTR6160", "id: ABC123")})
    assert cli("convert", raw, out, *QUICK, "--study", study).exit_code == 1
    assert json.loads((out / "manifest.json").read_bytes())["study"] == "ABC123"
    assert digests(out, "*.xpt").keys() == {"sdtm/dm.xpt", "sdtm/suppdm.xpt"}
