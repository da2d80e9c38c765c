"""Datasets per study: written, examined and traced once, whatever the partitions."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest

from ivig_cdisc import Summary, convert, diff, explain, trace, validate, workbook
from ivig_cdisc.lineage.store import read_edges
from ivig_cdisc.testing import records, write_raw
from tests.study_files import write_study

STUDY = {
    "study.yaml": """\
id: T
title: A trial
cutoff: 2024-06-30
intake: {subjects: people, subject: id}
forms:
  people: {key: [id], columns: {id: , sex: }}
tables:
  visits:
    - {VISITNUM: 1, VISIT: BASELINE}
    - {VISITNUM: 2, VISIT: WEEK 4}
    - {VISITNUM: 2, VISIT: WEEK 5}
  sexes: [{code: F, text: female}]
""",
    "sdtm/dm.yaml": """\
dataset: DM
rows: [{take: people}]
variables:
  STUDYID: {value: {fact: study}}
  DOMAIN: {value: DM}
  USUBJID: {derive: subject_key, from: {subject: id}, with: {study: {fact: study}}}
  SUBJID: {from: id}
  SITEID: {value: "1"}
  SEX: {from: sex}
  COUNTRY: {value: NLD}
""",
    "sdtm/tv.yaml": """\
dataset: TV
per: study
keys: [STUDYID, VISITNUM]
rows: [{values: {table: visits}}]
variables:
  STUDYID: {value: {fact: study}}
  DOMAIN: {value: TV}
  VISITNUM: {}
  VISIT: {}
  TVSTRL: {value: Day}
""",
    "adam/adpv.yaml": """\
dataset: ADPV
structure: OCCDS
label: Planned Visits
keys: [STUDYID, USUBJID, VISITNUM, VISIT]
keep: [STUDYID, USUBJID, SEX]
rows:
  - take: DM
  - lookup: {table: sexes, on: {SEX: code}, take: {SEXTXT: text}}
  - cross: {with: TV, take: [VISITNUM, VISIT]}
variables:
  VISITNUM: {}
  VISIT: {}
  SEXTXT: {label: Sex in Words, type: Char}
""",
}
PEOPLE = [{"id": f"0{number}", "sex": "FMFF"[number]} for number in range(4)]


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = write_study(tmp_path_factory.mktemp("trial") / "study", STUDY)
    write_raw(folder.parent / "raw", {"people": PEOPLE})
    return folder


@pytest.fixture(scope="module")
def whole(study: Path) -> Summary:
    return convert(study.parent / "raw", study.parent / "out", study=study)


def files(out: Path) -> dict[str, bytes]:
    paths = sorted(path for path in out.rglob("*") if path.is_file())
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in paths}


@pytest.mark.parametrize("partitions", [2, 4, 9])
def test_partitions_change_no_byte(study: Path, whole: Summary, partitions: int) -> None:
    out = study.parent / f"out{partitions}"
    parts = convert(study.parent / "raw", out, study=study, partitions=partitions)
    assert files(out) == files(whole.out)
    assert parts.rows == {"DM": 4, "TV": 3, "ADPV": 12} == whole.rows
    counted = ["rule", "dataset", "status", "findings"]
    pd.testing.assert_frame_equal(parts.rules[counted], whole.rules[counted])


def test_findings_are_told_once(whole: Summary) -> None:
    found = whole.findings[whole.findings["rule"].eq("SPEC-KEY")]
    assert records(found, "dataset", "subject", "key", "file") == [
        ("TV", None, "VISITNUM=2", None),
        ("TV", None, "VISITNUM=2", None),
    ]


def test_a_record_without_a_row_of_the_table_is_told(whole: Summary) -> None:
    """Once, though the record became three."""
    message = "SEXTXT: the table sexes has no row for code M."
    found = whole.findings[whole.findings["message"].eq(message)]
    assert records(found, "dataset", "subject", "file", "line", "column") == [
        ("ADPV", "01", "people.csv", 3, "sex")
    ]


def test_edges_lead_to_the_rows_of_the_table(whole: Summary) -> None:
    edges = read_edges(whole.out / "lineage" / "adpv.parquet")
    of_visits = edges[edges["source"].eq("TV")]
    assert of_visits["source_row"].tolist() == [0, 1, 2] * 4
    of_tv = read_edges(whole.out / "lineage" / "tv.parquet")
    assert records(of_tv, "row", "source", "source_row", "verb") == [
        (0, "visits", 1, "take"),
        (1, "visits", 2, "take"),
        (2, "visits", 3, "take"),
    ]


def test_trace(study: Path, whole: Summary) -> None:
    cell = trace(whole.out, "TV", "VISIT='WEEK 5'", "VISIT", study=study)
    assert [(one.place, one.rule) for one in cell.inputs] == [
        ("visits.VISIT [3]", "Assigned: study.yaml, line 11")
    ]
    assert list(cell.leaves()) == []  # nothing of the raw export
    raw = study.parent / "raw"
    of_subject = trace(whole.out, "ADPV", "USUBJID=T-02 VISITNUM=1", "SEXTXT", raw, study=study)
    assert of_subject.value == "female"
    assert [(leaf.place, leaf.value) for leaf in of_subject.leaves()] == [
        ("people.csv:4:sex", "F"),
    ]


def test_what_else_is_done_with_an_output(study: Path, whole: Summary, tmp_path: Path) -> None:
    copied = shutil.copytree(whole.out, tmp_path / "out")
    again = validate(copied, study=study)
    assert sorted(again.findings["rule"]) == sorted(whole.findings["rule"])
    assert "02" in str(explain(copied, "02", study=study))
    assert diff(whole.out, copied, study=study).same
    workbook.write(study, tmp_path / "specs.xlsx")
    workbook.read(tmp_path / "specs.xlsx", tmp_path / "specs")
    other = convert(study.parent / "raw", tmp_path / "other", study=tmp_path / "specs")
    pd.testing.assert_frame_equal(other.datasets["TV"], whole.datasets["TV"])


def test_an_export_without_subjects(study: Path, tmp_path: Path) -> None:
    write_raw(tmp_path / "raw", {"people": "id,sex\n"})
    made = convert(tmp_path / "raw", tmp_path / "out", study=study, partitions=3)
    assert made.rows == {"TV": 3}


def test_only_the_dataset_and_what_it_reads(study: Path, tmp_path: Path) -> None:
    raw = study.parent / "raw"
    assert convert(raw, tmp_path / "one", study=study, only="TV").rows == {"TV": 3}
    made = convert(raw, tmp_path / "two", study=study, only="ADPV", formats=["csv", "parquet"])
    assert made.rows == {"DM": 4, "TV": 3, "ADPV": 12}
