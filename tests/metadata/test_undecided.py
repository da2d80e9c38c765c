"""What still says TO DECIDE is told by the spec check with its place, and by every conversion; it stops neither."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from ivig_cdisc import convert, metadata, validate
from ivig_cdisc.cli import main
from ivig_cdisc.testing import write_raw

from .conftest import StudyFolder

RAW = {
    "subjects": "subject_id,site,sex,country,dosed\n01,A,1,NLD,2018-01-02\n02,A,2,NLD,2018-01-03\n",
    "vitals": "subject_id,date,weight,pulse\n01,2018-01-02,71,64\n02,2018-01-03,80,66\n",
}
COUNTRY = "{from: country}"


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    return write_raw(tmp_path / "raw", RAW)


def told(out: Path) -> list[tuple[str, str, int]]:
    found = json.loads((out / "validation" / "findings.json").read_text("utf-8"))["findings"]
    return [(f["severity"], f["file"], f["line"]) for f in found if f["rule"] == "SPEC-UNDECIDED"]


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("study.yaml", "title: A trial", "title: TO DECIDE", "study.yaml:2: title"),
        (
            "study.yaml",
            "heavy: 100",
            "heavy: 100\n  note: [a, TO DECIDE]",
            "study.yaml:28: facts.note.2",
        ),
        ("study.yaml", "PULSE: beats/min", "PULSE: TO DECIDE", "study.yaml:23: terms.UNIT.PULSE"),
        ("study.yaml", "title: A trial", "title: A trial (phase TO DECIDE)", "study.yaml:2: title"),
        ("sdtm/dm.yaml", COUNTRY, "{value: TO DECIDE}", "sdtm/dm.yaml:9: variables.COUNTRY.value"),
        (
            "sdtm/shared.yaml",
            "--SEQ:",
            "--CAT: {value: TO DECIDE}\n--SEQ:",
            "sdtm/shared.yaml:4: --CAT.value",
        ),
    ],
)
def test_it_is_a_warning_with_its_place(
    study: StudyFolder, file: str, old: str, new: str, said: str
) -> None:
    study.change(file, old, new)
    result = CliRunner().invoke(main, ["spec", "check", str(study.folder)])
    assert result.exit_code == 0
    warning, _heading, counted = result.output.splitlines()
    assert warning == f"{study.folder}/{said}: warning: still says TO DECIDE"
    assert counted.startswith("TRIAL ")
    assert counted.endswith("  1 to decide")


def test_programs_are_told_that_it_is_a_warning(study: StudyFolder) -> None:
    study.change("study.yaml", "title: A trial", "title: TO DECIDE")
    result = CliRunner().invoke(main, ["spec", "check", str(study.folder), "--format", "json"])
    (problem,) = json.loads(result.output)["studies"][0]["problems"]
    assert result.exit_code == 0
    assert (problem["path"], problem["line"], problem["severity"]) == ("title", 2, "warning")


def test_beside_an_error_it_is_told_too(study: StudyFolder) -> None:
    study.change("study.yaml", "title: A trial", "title: TO DECIDE")
    study.change("sdtm/dm.yaml", COUNTRY, "{from: county}")
    result = CliRunner().invoke(main, ["spec", "check", str(study.folder)])
    assert result.exit_code == 2
    assert "study.yaml:2: title: warning: still says TO DECIDE\n" in result.output
    assert "sdtm/dm.yaml:9: DM.COUNTRY: there is no column county here" in result.output


@pytest.mark.parametrize(("variable", "old"), [("COUNTRY", COUNTRY), ("SITEID", "{from: site}")])
def test_a_variable_to_decide_is_empty_and_told_once(
    study: StudyFolder, raw: Path, tmp_path: Path, variable: str, old: str
) -> None:
    """COUNTRY holds three letters: nothing is cut to fit. It is required, which is not said of each subject again."""
    study.change("sdtm/dm.yaml", f"{variable}: {old}", f"{variable}: {{value: TO DECIDE}}")
    line = {"COUNTRY": 9, "SITEID": 7}[variable]
    summary = convert(raw, tmp_path / "out", study=study.folder)
    assert told(tmp_path / "out") == [("error", "sdtm/dm.yaml", line)]
    of_it = summary.findings[summary.findings["variable"].eq(variable)]
    assert of_it.empty
    dm = pd.read_sas(tmp_path / "out" / "sdtm" / "dm.xpt", encoding="ascii")
    assert dm[variable].eq("").all()
    assert not summary.clean


def test_a_number_to_decide_is_empty(study: StudyFolder, raw: Path, tmp_path: Path) -> None:
    study.change("sdtm/vs.yaml", "variables:", "variables:\n  VISITNUM: {value: TO DECIDE}")
    convert(raw, tmp_path / "out", study=study.folder)
    assert told(tmp_path / "out") == [("error", "sdtm/vs.yaml", 9)]
    assert pd.read_sas(tmp_path / "out" / "sdtm" / "vs.xpt")["VISITNUM"].isna().all()


@pytest.mark.slow
def test_what_is_examined_again_tells_it_until_it_is_decided(
    study: StudyFolder, raw: Path, tmp_path: Path
) -> None:
    study.change("study.yaml", "title: A trial", "title: TO DECIDE")
    convert(raw, tmp_path / "out", study=study.folder)
    validate(tmp_path / "out", study=study.folder)
    assert told(tmp_path / "out") == [("error", "study.yaml", 2)]
    study.change("study.yaml", "title: TO DECIDE", "title: A trial")
    validate(tmp_path / "out", study=study.folder)
    assert told(tmp_path / "out") == []


def test_a_decided_study_has_nothing_open() -> None:
    assert [metadata.load(name)[0].undecided for name in metadata.bundled()] == [(), ()]
