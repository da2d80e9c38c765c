"""COVAL and TSVAL over 200 bytes go on in variables of their own, and are whole when read back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ivig_cdisc import convert, trace, validate
from ivig_cdisc.output import open_output
from ivig_cdisc.testing import records, write_raw

from . import tiny

FORM = """\
  remarks:
    required: false
    key: [subject_id, remark]
    columns: {subject_id: {required: true}, remark: {}}
"""
CO = """
dataset: CO
keys: [STUDYID, USUBJID, COVAL]
rows: [{take: remarks}]
variables:
  STUDYID: {value: {fact: study}}
  DOMAIN: {value: CO}
  USUBJID: {derive: subject_key, from: {subject: subject_id}, with: {study: {fact: study}}}
  COSEQ: {derive: sequence, from: {subject: USUBJID}}
  COVAL: {from: remark}
  COVAL1: {from: COVAL}
  COVAL2: {from: COVAL}
"""
TS = """
dataset: TS
per: study
keys: [STUDYID, TSPARMCD, TSSEQ]
rows: [{values: [{code: OBJPRIM, text: TEXT}, {code: ADDON, text: N}]}]
variables:
  STUDYID: {value: {fact: study}}
  DOMAIN: {value: TS}
  TSSEQ: {value: 1}
  TSPARMCD: {from: code}
  TSPARM: {from: code}
  TSVAL: {from: text}
  TSVAL1: {from: TSVAL}
"""
WORD = "x" * 99  # two of them and a blank are 199 bytes
TWO, THREE = f"{WORD} {WORD} end", f"{WORD} {WORD} {WORD} {WORD} é end"
FOUR = "y" * 601


@pytest.fixture
def study(tmp_path: Path) -> Path:
    folder = tiny.study(tmp_path / "study")
    head = tiny.STUDY.replace("terms:\n  SEX", f"{FORM}terms:\n  SEX")
    (folder / "study.yaml").write_text(head, "utf-8")
    (folder / "sdtm" / "co.yaml").write_text(CO, "utf-8")
    (folder / "sdtm" / "ts.yaml").write_text(TS.replace("TEXT", TWO), "utf-8")
    return folder


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    lines = ["subject_id,remark", "01,Short", f"02,{TWO}", f"02,{THREE}", f"03,{FOUR}", ""]
    return write_raw(tmp_path / "raw", {"dm": tiny.FORM, "remarks": "\n".join(lines)})


def files(out: Path) -> dict[str, Any]:
    return dict(json.loads((out / "manifest.json").read_bytes())["outputs"])


def test_the_file_has_the_pieces_and_the_house_the_text(
    study: Path, raw: Path, tmp_path: Path
) -> None:
    summary = convert(raw, tmp_path / "out", study=study)
    opened = open_output(tmp_path / "out", study)
    two = f"{WORD} {WORD}"
    assert records(opened.table("CO"), "USUBJID", "COVAL", "COVAL1", "COVAL2") == [
        ("TINY-01", "Short", None, None),
        ("TINY-02", two, "end", None),
        ("TINY-02", two, two, "e end"),
        ("TINY-03", "y" * 200, "y" * 200, "y" * 200),
    ]
    assert records(opened.table("TS"), "TSPARMCD", "TSVAL", "TSVAL1") == [
        ("ADDON", "N", None),
        ("OBJPRIM", two, "end"),
    ]
    comments = opened.datasets["CO"].frame
    assert comments["COVAL"].tolist() == ["Short", TWO, THREE.replace("é", "e"), "y" * 600]
    assert comments[["COVAL1", "COVAL2"]].isna().all(axis=None)
    assert opened.datasets["TS"].frame["TSVAL"].tolist() == ["N", TWO]
    assert not [name for name in files(tmp_path / "out") if "supp" in name]
    told = summary.findings[summary.findings["rule"].isin(["XPT-SPLIT", "XPT-LENGTH"])]
    assert sorted(told[["rule", "dataset", "message"]].to_numpy().tolist()) == [
        ["XPT-LENGTH", "CO", f'Cut from 601 to 600 bytes: "{"y" * 600}".'],
        ["XPT-SPLIT", "CO", "Goes on in COVAL1, COVAL2: a variable holds 200 bytes."],
        ["XPT-SPLIT", "CO", "Goes on in COVAL1, COVAL2: a variable holds 200 bytes."],
        ["XPT-SPLIT", "CO", "Goes on in COVAL1: a variable holds 200 bytes."],
        ["XPT-SPLIT", "TS", "Goes on in TSVAL1: a variable holds 200 bytes."],
    ]
    again = validate(tmp_path / "out", study=study).findings
    assert set(again["message"]) == set(summary.findings["message"])


def test_a_format_that_keeps_text_keeps_all_of_it(study: Path, raw: Path, tmp_path: Path) -> None:
    """The last variable that is listed has what is left."""
    convert(raw, tmp_path / "out", study=study, formats=["dataset-json"])
    opened = open_output(tmp_path / "out", study)
    assert opened.table("CO")["COVAL2"].dropna().str.len().tolist() == [5, 201]
    assert opened.datasets["CO"].frame["COVAL"].tolist() == ["Short", TWO, THREE, FOUR]


def test_the_same_bytes_however_the_study_is_cut(study: Path, raw: Path, tmp_path: Path) -> None:
    for partitions in (1, 3):
        convert(raw, tmp_path / str(partitions), study=study, partitions=partitions)
    assert files(tmp_path / "1") == files(tmp_path / "3")


def test_trace_shows_a_piece_and_the_text_that_it_is_of(
    study: Path, raw: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    convert(raw, out, study=study)
    node = trace(out, "CO", "USUBJID=TINY-02 COSEQ=1", "COVAL1", raw, study=study)
    assert (node.value, node.rule) == ("end", "the text of COVAL goes on where 200 bytes are full")
    (text,) = node.inputs
    assert (text.column, text.value) == ("COVAL", TWO)
    assert [(leaf.place, leaf.value) for leaf in text.leaves()] == [("remarks.csv:3:remark", TWO)]
    empty = trace(out, "CO", "USUBJID=TINY-02 COSEQ=1", "COVAL2", raw, study=study)
    assert empty.value is None
    design = trace(out, "TS", "TSPARMCD=OBJPRIM", "TSVAL1", study=study)
    assert (design.value, design.inputs[0].value) == ("end", TWO)


def test_bytes_are_counted_as_they_are_written(study: Path, tmp_path: Path) -> None:
    """A letter may have several, and be spelled with several."""
    lines = ["subject_id,remark", f"01,{'é' * 150}", f"02,{'ß' * 301}", ""]
    raw = write_raw(tmp_path / "raw", {"dm": tiny.FORM, "remarks": "\n".join(lines)})
    found = convert(raw, tmp_path / "out", study=study).findings
    told = found[(found["dataset"] == "CO") & found["rule"].isin(["XPT-SPLIT", "XPT-LENGTH"])]
    assert sorted(told[["rule", "message"]].to_numpy().tolist()) == [
        ["XPT-LENGTH", f'Cut from 602 to 600 bytes: "{"s" * 600}".'],
        ["XPT-SPLIT", "Goes on in COVAL1, COVAL2: a variable holds 200 bytes."],
    ]
