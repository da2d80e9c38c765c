"""Every public function called in one process after a whole conversion, and what a summary shows."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pandas as pd
import pytest

import ivig_cdisc
from ivig_cdisc.testing import records

from . import tiny

TITLE = "title: A tiny study [/b] in brackets"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the study, its raw export and the output; its title is like HTML."""
    folder = tmp_path_factory.mktemp("face")
    study = tiny.study(folder / "study") / "study.yaml"
    study.write_text(
        study.read_text("utf-8").replace(TITLE, "title: A <b>tiny</b> study & more"), "utf-8"
    )
    tiny.raw(folder / "raw")
    return folder


@pytest.fixture(scope="module")
def summary(place: Path) -> ivig_cdisc.Summary:
    return ivig_cdisc.convert(str(place / "raw"), str(place / "out"), study=str(place / "study"))


def test_one_name_where_several_may_be(place: Path) -> None:
    study, raw = place / "study", place / "raw"
    summary = ivig_cdisc.convert(raw, place / "one", study=study, only="DM", formats="csv")
    assert list(summary.rows) == ["DM"]
    assert (place / "one" / "sdtm" / "dm.csv").exists()
    with pytest.raises(ivig_cdisc.CdiscError, match="partitions: 0 is not a number of parts"):
        ivig_cdisc.convert(raw, place / "none", study=study, partitions=0)


def test_every_public_function_after_a_conversion(place: Path, summary: ivig_cdisc.Summary) -> None:
    """With paths as text. A module of the same name, imported on the way, would have taken the function's place."""
    out, study = str(summary.out), str(place / "study")
    prepared = ivig_cdisc.load_study(study)
    specs, plans = prepared.study, prepared.plans
    assert (specs.id, [*plans]) == ("TINY", ["DM"])
    tree = ivig_cdisc.trace(out, "dm", "SUBJID=01", "sex", str(place / "raw"), study=study)
    typed = next(tree.leaves())
    assert (typed.dataset, typed.row, typed.column, typed.value) == ("dm.csv", 2, "sex", "M")
    assert "└─ dm.csv:2:sex = 'M'" in str(tree)
    assert ivig_cdisc.explain(out, "01", study=study).usubjid == "TINY-01"
    assert ivig_cdisc.compare(out + "/sdtm", out + "/sdtm", study=study).clean
    raw = str(place / "raw")
    assert ivig_cdisc.diff(out, out, study=study, raw_old=raw, raw_new=raw).same
    again = ivig_cdisc.validate(out, study=study)
    assert again.findings["fingerprint"].tolist() == summary.findings["fingerprint"].tolist()
    converted = ivig_cdisc.testing.convert_rows(place / "again", {"dm": tiny.FORM}, study=study)
    assert converted.rows == summary.rows


def test_datasets_are_frames_of_the_files(summary: ivig_cdisc.Summary) -> None:
    assert [*summary.datasets] == ["DM"]
    assert records(summary.datasets["DM"], "USUBJID", "SEX", "BRTHDTC") == [
        ("TINY-01", "M", "1980-01-01"),
        ("TINY-02", "X", None),  # neither is a code nor a date
        ("TINY-03", "F", "1982-02-02"),
    ]
    assert "AE" not in summary.datasets
    with pytest.raises(KeyError, match=r"no dataset DMM \(did you mean DM\?\)"):
        summary.datasets["DMM"]


def test_a_summary_is_short(summary: ivig_cdisc.Summary) -> None:
    counted = "0 rejects, 3 errors, 0 warnings, 0 notes"
    assert repr(summary) == f"<Summary of TINY: 1 dataset(s), {counted}, in {summary.out}>"
    assert repr(summary.datasets) == "<Datasets DM>"


def test_a_summary_in_a_notebook_is_escaped(summary: ivig_cdisc.Summary) -> None:
    html = summary._repr_html_()
    assert "<p>TINY: A &lt;b&gt;tiny&lt;/b&gt; study &amp; more</p>" in html
    assert pd.read_html(StringIO(html))[0].to_numpy().tolist() == [["DM", 3, "Demographics"]]
