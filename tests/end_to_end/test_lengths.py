"""Files whose text is as long as its longest value in the study: `lengths` by data."""

from __future__ import annotations

from pathlib import Path

import pytest

from ivig_cdisc import convert, validate
from ivig_cdisc.formats.reading import of_file
from ivig_cdisc.output import open_output
from ivig_cdisc.testing import records, write_raw

from . import tiny
from .test_long_text import AE, FORM, files

ADAE = """
dataset: ADAE
label: Adverse Events of Subject 02
structure: OCCDS
keys: [STUDYID, USUBJID, AESEQ]
keep: [STUDYID, USUBJID, AESEQ, AETERM]
rows: [{take: AE, where: {USUBJID: [TINY-02]}}]
variables:
  AENOTE: {from: AENOTE, label: Note, type: Char}
"""
WORDS = f"{'x' * 99} {'x' * 98} é"  # one byte more than a variable holds, where é is two
EVENTS = ["01,Headache,", "02,Rash,größer", "02,Fever,", f"03,{WORDS} end,no"]


def export(folder: Path, *events: str) -> Path:
    lines = "\n".join(["subject_id,term,note", *events, ""])
    return write_raw(folder, {"dm": tiny.FORM, "ae": lines})


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    return export(tmp_path / "raw", *EVENTS)


def specs(folder: Path, lengths: str = "data") -> Path:
    """The tiny study with adverse events, and an analysis dataset of one subject's."""
    study = tiny.study(folder)
    head = tiny.STUDY.replace("terms:\n  SEX", f"{FORM}lengths: {lengths}\nterms:\n  SEX")
    (study / "study.yaml").write_text(head, "utf-8")
    (study / "sdtm" / "ae.yaml").write_text(AE, "utf-8")
    (study / "adam").mkdir()
    (study / "adam" / "adae.yaml").write_text(ADAE, "utf-8")
    return study


@pytest.fixture
def study(tmp_path: Path) -> Path:
    return specs(tmp_path / "study")


def lengths(path: Path) -> dict[str, int | None]:
    """What a file says of its text variables."""
    (source,) = of_file(path).values()
    said = source.read().variables
    return {name: one.length for name, one in said.items() if one.type == "Char"}


def test_as_long_as_the_longest_of_the_study(study: Path, raw: Path, tmp_path: Path) -> None:
    """AETERM of ADAE alone would need 5 bytes. XPORT has größer as grosser."""
    convert(raw, tmp_path / "out", study=study)
    events = lengths(tmp_path / "out/sdtm/ae.xpt")
    assert events == {"STUDYID": 4, "DOMAIN": 2, "USUBJID": 7, "AETERM": 200} | {
        name: 1 for name in events if name not in ("STUDYID", "DOMAIN", "USUBJID", "AETERM")
    }
    assert lengths(tmp_path / "out/adam/adae.xpt") == {
        "STUDYID": 4,
        "USUBJID": 7,
        "AETERM": 200,
        "AENOTE": 7,
    }
    supplement = lengths(tmp_path / "out/sdtm/suppae.xpt")
    assert supplement["QVAL"] == 7
    assert supplement["USUBJID"] == 7
    assert supplement["QLABEL"] == 35


@pytest.mark.parametrize(("form", "longest"), [("dataset-json", 6), ("parquet", 8)])
def test_each_format_counts_for_itself(
    study: Path, raw: Path, tmp_path: Path, form: str, longest: int
) -> None:
    """größer: 6 characters of Dataset-JSON, 8 bytes of UTF-8."""
    convert(raw, tmp_path / "out", study=study, formats=form)
    (adae,) = (tmp_path / "out/adam").iterdir()
    (suppae,) = (tmp_path / "out/sdtm").glob("suppae*")
    assert lengths(adae)["AENOTE"] == longest
    assert lengths(suppae)["QVAL"] == longest


def test_what_the_study_says_stays(raw: Path, tmp_path: Path) -> None:
    """Whether by name, for any domain, or at the variable; the rest is by data."""
    said = specs(tmp_path / "study", "{USUBJID: 20, --TERM: 90, others: data}")
    convert(raw, tmp_path / "out", study=said, validate=False)
    events = lengths(tmp_path / "out/sdtm/ae.xpt")
    assert (events["USUBJID"], events["AETERM"], events["STUDYID"]) == (20, 90, 4)
    assert lengths(tmp_path / "out/sdtm/suppae.xpt")["USUBJID"] == 20


def test_one_variable_by_data(raw: Path, tmp_path: Path) -> None:
    said = specs(tmp_path / "study", "{STUDYID: data}")
    convert(raw, tmp_path / "out", study=said, validate=False)
    events = lengths(tmp_path / "out/sdtm/ae.xpt")
    assert (events["STUDYID"], events["AETERM"]) == (4, 200)


def test_the_same_bytes_however_the_study_is_cut(study: Path, raw: Path, tmp_path: Path) -> None:
    """The longest values are in other parts than those before; with and without other formats."""
    everything = ["xpt", "dataset-json", "ndjson", "parquet", "csv"]
    for partitions in (1, 3):
        out = tmp_path / str(partitions)
        convert(raw, out, study=study, partitions=partitions, formats=everything)
    assert files(tmp_path / "1") == files(tmp_path / "3")
    convert(raw, tmp_path / "alone", study=study, formats=["xpt"])
    alone = {name: sha for name, sha in files(tmp_path / "alone").items() if ".xpt" in name}
    together = files(tmp_path / "1")
    assert alone == {name: together[name] for name in alone}


@pytest.mark.parametrize("form", ["xpt", "parquet"])
def test_it_is_opened_and_examined_as_before(
    study: Path, raw: Path, tmp_path: Path, form: str
) -> None:
    """Where a text goes on is a matter of what the variable may hold, not of what it does."""
    summary = convert(raw, tmp_path / "out", study=study, formats=form)
    opened = open_output(tmp_path / "out", study)
    term = records(opened.datasets["AE"].frame, "AETERM")[-1]
    whole = f"{WORDS} end"
    assert term == (whole if form == "parquet" else whole.replace("é", "e"),)
    again = validate(tmp_path / "out", study=study)
    assert set(again.findings["message"]) == set(summary.findings["message"])
    assert not opened.altered


def test_no_shorter_without_it(raw: Path, tmp_path: Path) -> None:
    convert(raw, tmp_path / "out", study=specs(tmp_path / "study", "{}"), validate=False)
    assert lengths(tmp_path / "out/sdtm/ae.xpt")["USUBJID"] == 40
