"""Text of more than 200 bytes: cut in the files, whole for everything that reads them back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ivig_cdisc import convert, validate
from ivig_cdisc.output import open_output
from ivig_cdisc.testing import records, write_raw

from . import tiny

FORM = """\
  ae:
    required: false
    key: [subject_id, term, note]
    columns:
      subject_id: {required: true}
      term: {}
      note: {}
"""
AE = """
dataset: AE
keys: [STUDYID, USUBJID, AETERM]
rows: [{take: ae}]
variables:
  STUDYID: {value: {fact: study}}
  DOMAIN: {value: AE}
  USUBJID: {derive: subject_key, from: {subject: subject_id}, with: {study: {fact: study}}}
  AESEQ: {derive: sequence, from: {subject: USUBJID}}
  AETERM: {from: term}
  AEDECOD: {value: ""}
  AENOTE: {supplemental: Note, from: note}
"""
WORD = "x" * 99  # two of them and a blank are 199 bytes
TERM = f"{WORD} {WORD} é end"
NOTE = "y" * 401


@pytest.fixture
def study(tmp_path: Path) -> Path:
    folder = tiny.study(tmp_path / "study")
    (folder / "study.yaml").write_text(
        tiny.STUDY.replace("terms:\n  SEX", f"{FORM}terms:\n  SEX"), "utf-8"
    )
    (folder / "sdtm" / "ae.yaml").write_text(AE, "utf-8")
    return folder


def export(folder: Path, *lines: str, form: str = tiny.FORM) -> Path:
    events = "\n".join(["subject_id,term,note", *lines, ""])
    return write_raw(folder, {"dm": form, "ae": events})


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    return export(tmp_path / "raw", "01,Rash,", f"02,{TERM},short", "02,Fever,", f"03,Rash,{NOTE}")


def files(out: Path) -> dict[str, Any]:
    return dict(json.loads((out / "manifest.json").read_bytes())["outputs"])


def test_the_rest_is_in_supp_and_comes_back(study: Path, raw: Path, tmp_path: Path) -> None:
    summary = convert(raw, tmp_path / "out", study=study)
    opened = open_output(tmp_path / "out", study)
    supplement = opened.datasets["SUPPAE"].frame
    assert records(supplement, "USUBJID", "IDVARVAL", "QNAM", "QLABEL", "QVAL") == [
        ("TINY-02", "2", "AENOTE", "Note", "short"),
        ("TINY-02", "2", "AETERM1", "Reported Term for the Adverse Event", "e end"),
        ("TINY-03", "1", "AENOTE", "Note", "y" * 200),
        ("TINY-03", "1", "AENOTE1", "Note", "y" * 200),
        ("TINY-03", "1", "AENOTE2", "Note", "y"),
    ]
    events = opened.datasets["AE"].frame
    assert events["AETERM"].tolist() == ["Rash", "Fever", TERM.replace("é", "e"), "Rash"]
    assert events["AENOTE"].dropna().tolist() == ["short", NOTE]
    told = summary.findings[summary.findings["rule"].str.match("XPT-|SPEC-LENGTH")]
    assert told[["severity", "rule", "file", "line", "column"]].to_numpy().tolist() == [
        ["note", "XPT-SPLIT", "ae.csv", 3, "term"],
        ["note", "XPT-TRANSLITERATED", "ae.csv", 3, "term"],
        ["note", "XPT-SPLIT", "ae.csv", 5, "note"],
    ]
    again = validate(tmp_path / "out", study=study).findings
    assert set(again["message"]) == set(summary.findings["message"])


def test_the_same_bytes_however_the_study_is_cut(study: Path, raw: Path, tmp_path: Path) -> None:
    """Two of three parts have no record of SUPPAE or no long text."""
    for partitions in (1, 3):
        convert(raw, tmp_path / str(partitions), study=study, partitions=partitions)
    assert files(tmp_path / "1") == files(tmp_path / "3")


def test_no_file_where_nothing_goes_on(study: Path, tmp_path: Path) -> None:
    """Neither of AE, which has a supplemental variable without a value, nor of DM, which has none."""
    convert(export(tmp_path / "short", "01,Rash,"), tmp_path / "out", study=study)
    assert not [name for name in files(tmp_path / "out") if "supp" in name]
    assert open_output(tmp_path / "out", study).datasets["AE"].frame["AENOTE"].isna().all()


def test_dm_goes_on_by_subject(study: Path, tmp_path: Path) -> None:
    dm = study / "sdtm" / "dm.yaml"
    dm.write_text(
        dm.read_text("utf-8").replace("COUNTRY: {", "INVNAM: {from: site}\n  COUNTRY: {"), "utf-8"
    )
    form = tiny.FORM.replace("02,A,X", f"02,{'s' * 201},X")
    convert(export(tmp_path / "raw", "01,Rash,", form=form), tmp_path / "out", study=study)
    datasets = open_output(tmp_path / "out", study).datasets
    (record,) = datasets["SUPPDM"].frame.fillna("").itertuples()
    assert (record.USUBJID, record.IDVAR, record.IDVARVAL, record.QNAM, record.QVAL) == (
        "TINY-02",
        "",
        "",
        "INVNAM1",
        "s",
    )
    assert datasets["DM"].frame["INVNAM"].tolist() == ["A", "s" * 201, "B"]


def test_a_shorter_length_of_the_study_stays_a_finding(
    study: Path, raw: Path, tmp_path: Path
) -> None:
    head = study / "study.yaml"
    head.write_text(
        head.read_text("utf-8").replace("intake:", "lengths: {--TERM: 100}\nintake:"), "utf-8"
    )
    found = convert(raw, tmp_path / "out", study=study, validate=False).findings
    cut = found[found["rule"] == "XPT-LENGTH"]
    assert cut[["severity", "file", "line", "column"]].to_numpy().tolist() == [
        ["error", "ae.csv", 3, "term"]
    ]
    assert (
        not open_output(tmp_path / "out", study)
        .datasets["SUPPAE"]
        .frame["QNAM"]
        .str.startswith("AETERM")
        .any()
    )
