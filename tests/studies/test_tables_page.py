"""The study on docs/language/tables.md is converted: what the page shows is what comes out."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest

from ivig_cdisc import Summary, convert, trace
from ivig_cdisc.testing import write_raw
from ivig_cdisc.text import value_text
from tests.study_files import write_study

PAGE = (Path(__file__).parents[2] / "docs" / "language" / "tables.md").read_text("utf-8")
FILE = re.compile(r"^`([\w/]+\.\w+)`:\n\n```\w+\n(.*?)^```", re.MULTILINE | re.DOTALL)
RECORDS = re.compile(r"^`([A-Z]+)`:\n\n((?:\|.*\n)+)", re.MULTILINE)
SAID = re.compile(r"^> (.+)$", re.MULTILINE)
RAW = ("people.csv", "labs.csv")


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the study, beside its raw export."""
    files = {name: text for name, text in FILE.findall(PAGE) if name not in RAW}
    folder = write_study(tmp_path_factory.mktemp("page") / "study", files)
    forms = {name.removesuffix(".csv"): text for name, text in FILE.findall(PAGE) if name in RAW}
    write_raw(folder.parent / "raw", forms)
    return folder


@pytest.fixture(scope="module")
def converted(study: Path) -> Summary:
    return convert(study.parent / "raw", study.parent / "out", study=study)


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def shown(value: object) -> str:
    if pd.isna(value):
        return ""
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    return value_text(value)


@pytest.mark.parametrize(("name", "expected"), RECORDS.findall(PAGE))
def test_records(converted: Summary, name: str, expected: str) -> None:
    heading, _, *lines = expected.splitlines()
    frame = converted.datasets[name][cells(heading)]
    made = [[shown(value) for value in row] for row in frame.itertuples(index=False)]
    assert made == [cells(line) for line in lines]


def test_every_block_is_used() -> None:
    assert PAGE.count("```") == 2 * len(FILE.findall(PAGE))
    assert [name for name, _ in RECORDS.findall(PAGE)] == ["ADLB", "TA", "TV", "ADPV"]


def test_what_is_told(converted: Summary) -> None:
    messages = converted.findings[["message", "file", "line"]]
    told = messages[messages["message"].isin(SAID.findall(PAGE))]
    assert told.to_numpy().tolist() == [[*SAID.findall(PAGE), "labs.csv", 5]]


@pytest.mark.usefixtures("converted")
def test_trace_leads_to_the_specs(study: Path) -> None:
    out = study.parent / "out"
    cell = trace(out, "ADPV", "USUBJID=LAB1-02 VISITNUM=2", "VISIT", study=study)
    (of_tv,) = cell.inputs
    (of_table,) = of_tv.inputs
    assert of_tv.place == "TV.VISIT [1]"
    assert (of_table.value, of_table.rule) == ("WEEK 4", "Assigned: study.yaml, line 17")
    core = trace(out, "ADLB", "USUBJID=LAB1-02 PARAMCD=ALT", "SEX", study=study)
    (of_adsl,) = core.inputs[0].inputs or core.inputs
    assert [leaf.place for leaf in core.leaves() if leaf.column == "sex"] == ["people.csv:3:sex"]
    assert of_adsl.dataset == "ADSL"
