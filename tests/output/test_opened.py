"""An output folder opened again: whole, or no more of it than is asked for; in whichever formats it was written."""

from __future__ import annotations

import json
import logging
import shutil
from pathlib import Path

import pandas as pd
import pytest

from ivig_cdisc import Summary, convert, explain, trace, validate
from ivig_cdisc.errors import ExportError
from ivig_cdisc.formats import FORMATS
from ivig_cdisc.output import StudyOutput, open_output
from ivig_cdisc.testing import write_raw
from tests.end_to_end import tiny

FORM = """\
subject_id,site,sex,birth_date
01,Zoë,M,1980-01-01
02,A,F,1981-03-01
"""
AE = """
dataset: AE
keys: [STUDYID, USUBJID, AETERM]
rows: [{take: dm, set: {term: Rash}}]
variables:
  STUDYID: {value: {fact: study}}
  DOMAIN: {value: AE}
  USUBJID: {derive: subject_key, from: {subject: subject_id}, with: {study: {fact: study}}}
  AESEQ: {derive: sequence, from: {subject: USUBJID}}
  AETERM: {from: term}
  AEDECOD: {value: ""}
"""


@pytest.fixture
def study(tmp_path: Path) -> Path:
    folder = tiny.study(tmp_path / "study")
    (folder / "sdtm" / "ae.yaml").write_text(AE, "utf-8")
    return folder


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    return write_raw(tmp_path / "raw", {"dm": FORM})


def output(raw: Path, study: Path, *formats: str) -> Path:
    out = raw.parent / "-".join(formats)
    convert(raw, out, study=study, formats=formats, validate=False)
    return out


def listed(out: Path) -> list[str]:
    return sorted(p.relative_to(out).as_posix() for p in (out / "sdtm").iterdir())


# ---------------------------------------------------------------- formats
def test_each_format_beside_the_others(raw: Path, study: Path) -> None:
    out = output(raw, study, *FORMATS)
    suffixes = ("csv", "json", "ndjson", "parquet", "xpt")
    assert listed(out) == [f"sdtm/{name}.{end}" for name in ("ae", "dm") for end in suffixes]
    manifest = json.loads((out / "manifest.json").read_bytes())
    assert manifest["formats"] == ["xpt", "dataset-json", "ndjson", "csv", "parquet"]


@pytest.mark.parametrize("name", FORMATS)
def test_a_folder_in_one_format_is_read(raw: Path, study: Path, name: str) -> None:
    """Whatever a UTF-8 format holds is as it was typed; XPORT has it in ASCII."""
    out = output(raw, study, name)
    opened = open_output(out, study)
    site = "Zoe" if name == "xpt" else "Zoë"
    assert opened.datasets["DM"].frame["SITEID"].tolist() == [site, "A"]
    assert opened.written == ["AE", "DM"]
    assert validate(out, study=study).rows == {"AE": 2, "DM": 2}


def test_findings_are_of_the_formats_that_are_written(raw: Path, study: Path) -> None:
    assert "XPT-TRANSLITERATED" in _rules(output(raw, study, "xpt", "csv"))
    assert "XPT-TRANSLITERATED" not in _rules(output(raw, study, "csv"))


def _rules(out: Path) -> set[str]:
    found = json.loads((out / "validation" / "findings.json").read_bytes())["findings"]
    return {finding["rule"] for finding in found}


@pytest.mark.parametrize("name", [name for name in FORMATS if name != "xpt"])
def test_the_same_bytes_in_parts(raw: Path, study: Path, name: str) -> None:
    whole = output(raw, study, name)
    parts = raw.parent / "parts"
    convert(raw, parts, study=study, formats=[name], validate=False, partitions=2)
    for file in listed(whole):
        assert (parts / file).read_bytes() == (whole / file).read_bytes()


def test_no_such_format(raw: Path, study: Path, tmp_path: Path) -> None:
    with pytest.raises(ExportError, match=r"no format xptt \(did you mean xpt\?\)"):
        convert(raw, tmp_path / "out", study=study, formats=["xptt"])
    assert not (tmp_path / "out").exists()


def test_files_that_are_gone_are_told(raw: Path, study: Path) -> None:
    out = output(raw, study, "xpt")
    for path in (out / "sdtm").iterdir():
        path.unlink()
    opened = open_output(out, study)
    assert set(opened.altered.values()) == {"is missing"}
    assert opened.written == []


def test_formats_that_nobody_knows(raw: Path, study: Path) -> None:
    out = output(raw, study, "xpt")
    manifest = json.loads((out / "manifest.json").read_bytes())
    (out / "manifest.json").write_text(json.dumps({**manifest, "formats": ["sas"]}), "utf-8")
    with pytest.raises(ExportError, match="there is no format sas"):
        open_output(out, study)


def test_findings_keep_their_fingerprint_when_examined_again(
    raw: Path, study: Path, tmp_path: Path
) -> None:
    """What is found in text that XPORT holds in ASCII is the same finding, with the text as it was typed."""
    (study / "rules").mkdir()
    (study / "rules" / "site.yaml").write_text(
        "- {id: SITE-ODD, severity: note, dataset: DM, check: one_of, from: {value: SITEID}, "
        "with: {allowed: [A]}, variable: SITEID, message: 'Site {SITEID} is odd.'}\n",
        "utf-8",
    )
    first = convert(raw, tmp_path / "out", study=study).findings
    again = validate(tmp_path / "out", study=study).findings
    columns = ["rule", "subject", "value", "verbatim", "fingerprint"]
    odd = first[first["rule"] == "SITE-ODD"]
    assert odd["value"].tolist() == ["Zoë"]
    pd.testing.assert_frame_equal(first[columns], again[columns])


# ---------------------------------------------------------------- no more than is asked for
@pytest.fixture
def opened(raw: Path, study: Path) -> StudyOutput:
    return open_output(output(raw, study, "xpt"), study)


def test_one_dataset_is_read_without_the_others(opened: StudyOutput) -> None:
    (opened.out / "sdtm" / "ae.xpt").write_bytes(b"rubbish")
    (opened.out / "lineage" / "ae.parquet").write_bytes(b"rubbish")
    assert len(opened.datasets["DM"].frame) == 2
    with pytest.raises(ExportError, match=r"ae\.xpt"):
        _ = opened.datasets["AE"]


def test_explain_opens_no_edges(opened: StudyOutput, study: Path) -> None:
    for name in ("dm", "ae"):
        (opened.out / "lineage" / f"{name}.parquet").write_bytes(b"rubbish")
    assert explain(opened.out, "01", study=study).subject == "01"


def test_trace_opens_no_other_file(opened: StudyOutput, study: Path) -> None:
    (opened.out / "sdtm" / "ae.xpt").write_bytes(b"rubbish")
    (opened.out / "lineage" / "ae.parquet").write_bytes(b"rubbish")
    found = trace(opened.out, "DM", "USUBJID=TINY-01", "SEX", study=study)
    assert found.value == "M"


def test_a_file_that_was_altered_is_told_when_it_is_read(
    opened: StudyOutput, caplog: pytest.LogCaptureFixture
) -> None:
    dm, ae = (opened.out / "sdtm" / f"{name}.xpt" for name in ("dm", "ae"))
    for path in (dm, ae):
        path.write_bytes(path.read_bytes().replace(b"TINY-02", b"TINY-03"))
    with caplog.at_level(logging.WARNING):
        dataset = opened.datasets["DM"]
    assert dataset.lineage.empty, "the lineage does not fit the dataset any more"
    assert [record.getMessage() for record in caplog.records] == [
        f"{dm} was changed since it was written; what is shown of it may be wrong"
    ]
    assert opened.unfit == {"DM", "AE"}
    assert dict(opened.altered) == {"sdtm/ae.xpt": "was changed", "sdtm/dm.xpt": "was changed"}


def test_a_study_that_the_output_is_not_of(opened: StudyOutput) -> None:
    with pytest.raises(ExportError, match=r"is of study TINY, and ntr6160 of NTR6160"):
        open_output(opened.out, "ntr6160")


def test_a_dataset_that_is_gone_has_the_types_of_one_that_is_there(
    converted: Summary, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Dates are dates, so that what is made of them can be made again."""
    out = shutil.copytree(converted.out, tmp_path / "out")
    types = open_output(out).table("ADSL").dtypes.to_dict()
    (out / "adam" / "adsl.xpt").unlink()
    opened = open_output(out)
    assert opened.table("ADSL").dtypes.to_dict() == types
    assert explain(out, "01-001").subject == "01-001"
    assert "adsl.xpt is missing since it was written" in caplog.text


def test_a_dataset_that_is_not_there(opened: StudyOutput) -> None:
    assert "LB" not in opened.datasets
    with pytest.raises(KeyError):
        _ = opened.datasets["LB"]
