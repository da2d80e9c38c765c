"""What records are paired by, and that it is said: told, of the specs, of a file, of the standard, or found."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from ivig_cdisc import metadata
from ivig_cdisc import output as output_folder
from ivig_cdisc.cli import main
from ivig_cdisc.comparison import Comparison, as_html, as_text, compare
from ivig_cdisc.errors import ExportError, SpecError
from tests.end_to_end import tiny
from tests.formats import transport

ADTIS = [  # STUDYID is the same throughout; SRCSEQ tells apart what the other programmer's dataset does not have twice
    ["T", "S1", "TIS", 64.0, 1.0, "QS", 1.0],
    ["T", "S1", "TIS", 127.0, 2.0, "QS", 2.0],
    ["T", "S2", "TIS", 64.0, 3.0, "QS", 1.0],
]
ADTIS_COLUMNS: list[transport.Column] = [
    ("STUDYID", "Char", 1),
    ("USUBJID", "Char", 2),
    ("PARAMCD", "Char", 3),
    ("AVISITN", "Num", 8),
    ("ADT", "Num", 8),
    ("SRCDOM", "Char", 2),
    ("SRCSEQ", "Num", 8),
]


@pytest.fixture(scope="module")
def study() -> metadata.Study:
    return metadata.load("ntr6160")[0]


def output(
    folder: Path, study: metadata.Study, columns: list[transport.Column] = ADTIS_COLUMNS
) -> Path:
    """The folder adam of an output of the program, of one dataset."""
    (folder / "adam").mkdir(parents=True)
    rows = [row[: len(columns)] for row in ADTIS]
    (folder / "adam" / "adtis.xpt").write_bytes(
        transport.library(transport.member("ADTIS", columns, rows))
    )
    output_folder.write_manifest(folder, study, {}, ["xpt"])
    return folder / "adam"


def by(found: Comparison, dataset: str) -> tuple[tuple[str, ...], str]:
    return found.keys[dataset].names, found.keys[dataset].how


def csv(folder: Path, name: str, text: str) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(text, "utf-8")
    return path


# ---------------------------------------------------------------- the specs of the study
def test_an_output_names_its_study(tmp_path: Path, study: metadata.Study) -> None:
    ours = output(tmp_path / "out", study)
    theirs = shutil.copytree(ours, tmp_path / "theirs")
    whole = ("USUBJID", "PARAMCD", "AVISITN", "ADT", "SRCDOM", "SRCSEQ")
    expected = (whole, "as the specs of NTR6160 have them")
    assert by(compare(ours, theirs), "ADTIS") == expected
    assert by(compare(theirs, ours), "ADTIS") == expected
    assert by(compare(ours / "adtis.xpt", theirs / "adtis.xpt"), "ADTIS") == expected
    assert by(compare(theirs, theirs, study="ntr6160"), "ADTIS") == expected
    # without the specs nobody knows that a record is one of a parameter, a visit and a source
    assert by(compare(theirs, theirs), "ADTIS") == (("USUBJID", "AVISITN"), "found: unique in both")


def test_keys_that_only_one_side_has(tmp_path: Path, study: metadata.Study) -> None:
    ours, theirs = (
        output(tmp_path / name, study, ADTIS_COLUMNS[:n]) for name, n in (("a", 7), ("b", 5))
    )
    assert by(compare(ours, theirs), "ADTIS") == (
        ("USUBJID", "PARAMCD", "AVISITN", "ADT"),
        "as the specs of NTR6160 have them, without SRCDOM, SRCSEQ, not in both",
    )


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        (
            {"id": "OWN"},
            "was made with the study OWN, which is not bundled; --study says where its keys are",
        ),
        (
            {"folder": "own"},
            "was made with other specs of NTR6160 than the bundled ones; --study says where its keys",
        ),
    ],
)
def test_an_output_whose_specs_are_not_known(
    tmp_path: Path, study: metadata.Study, changed: dict[str, Any], told: str
) -> None:
    changed = {
        name: tmp_path / value if name == "folder" else value for name, value in changed.items()
    }
    ours = output(tmp_path / "out", study.model_copy(update=changed))
    found = compare(ours, ours)
    assert by(found, "ADTIS") == (("USUBJID", "AVISITN"), "found: unique in both")
    assert [fact[: len(f"{ours}: {told}")] for fact in found.facts] == [f"{ours}: {told}"]
    assert told in as_text(found)
    assert told in as_html(found)
    assert (
        by(compare(ours, ours, study="ntr6160"), "ADTIS")[1] == "as the specs of NTR6160 have them"
    )


def test_a_dataset_that_was_put_into_an_output_is_none_of_its_own(
    tmp_path: Path, study: metadata.Study
) -> None:
    ours = output(tmp_path / "out", study)
    mine = shutil.copytree(ours, tmp_path / "out" / "mine")
    assert by(compare(mine, mine), "ADTIS")[1] == "found: unique in both"


def test_a_study_of_ones_own(tmp_path: Path) -> None:
    specs = tiny.study(tmp_path / "tiny")
    text = (
        (specs / "sdtm" / "dm.yaml")
        .read_text("utf-8")
        .replace("[STUDYID, USUBJID]", "[USUBJID, SITEID]")
    )
    (specs / "sdtm" / "dm.yaml").write_text(text, "utf-8")
    file = csv(tmp_path / "a", "dm.csv", "USUBJID,SITEID\nS1,A\nS1,B\n")
    run = CliRunner().invoke(main, ["compare", str(file), str(file), "--study", str(specs)])
    assert "DM, by USUBJID, SITEID (as the specs of TINY have them)\n" in run.output
    assert run.exit_code == 0
    (specs / "sdtm" / "dm.yaml").write_text("dataset: DM\nkey: [A]\n", "utf-8")
    with pytest.raises(SpecError):
        compare(file, file, study=specs)


def test_keys_of_the_specs_that_are_not_unique_give_way(tmp_path: Path) -> None:
    specs = tiny.study(tmp_path / "tiny")  # DM by USUBJID
    file = csv(tmp_path / "a", "dm.csv", "USUBJID,VISIT\nS1,A\nS1,B\n")
    assert by(compare(file, file, study=specs), "DM") == (
        ("USUBJID", "VISIT"),
        "found: unique in both",
    )
    file = csv(tmp_path / "a", "dm.csv", "USUBJID,VISIT\nS1,A\nS1,A\n")
    assert by(compare(file, file, study=specs), "DM") == (
        ("USUBJID",),
        "as the specs of TINY have them, but not unique",
    )


def test_keys_that_are_told_come_first(tmp_path: Path) -> None:
    specs = tiny.study(tmp_path / "tiny")
    file = csv(tmp_path / "a", "dm.csv", "USUBJID,SITEID\nS1,A\nS2,B\n")
    assert by(compare(file, file, keys=["SITEID"], study=specs), "DM") == (("SITEID",), "as given")


# ---------------------------------------------------------------- what a file says, and what is
# found
def sequenced(folder: Path, **keys: int) -> Path:
    columns = [
        {"name": name, "dataType": "string", "label": ""} for name in ("USUBJID", "XX", "YY")
    ]
    columns = [c | ({"keySequence": keys[c["name"]]} if c["name"] in keys else {}) for c in columns]
    rows = [["S1", "a", "1"], ["S1", "b", "2"], ["S2", "a", "1"]]
    folder.mkdir(exist_ok=True)
    (folder / "fa.json").write_text(
        json.dumps({"name": "FA", "columns": columns, "rows": rows}), "utf-8"
    )
    return folder / "fa.json"


def test_keys_of_dataset_json(tmp_path: Path) -> None:
    plain = sequenced(tmp_path / "a")
    assert by(compare(plain, sequenced(tmp_path / "b", USUBJID=1, YY=2)), "FA") == (
        ("USUBJID", "YY"),
        "as fa.json says",
    )
    # keys without the subject would pair the records of one subject with those of another
    assert by(compare(plain, sequenced(tmp_path / "b", YY=1)), "FA") == (
        ("USUBJID", "XX"),
        "found: unique in both",
    )


def test_what_happened_comes_before_sequence_numbers(tmp_path: Path) -> None:
    """Two programmers number the same events in another order: the events are the same."""
    one = csv(
        tmp_path / "a",
        "adae.csv",
        "USUBJID,AESEQ,AEDECOD,ASTDT\nS1,1,Rash,2024-01-01\nS1,2,Pain,2024-01-01\n",
    )
    two = csv(
        tmp_path / "b",
        "adae.csv",
        "USUBJID,AESEQ,AEDECOD,ASTDT\nS1,2,Rash,2024-01-01\nS1,1,Pain,2024-01-01\n",
    )
    found = compare(one, two)
    assert by(found, "ADAE") == (("USUBJID", "AEDECOD"), "found: unique in both")
    assert set(found.differences["variable"]) == {"AESEQ"}


def test_sequence_numbers_before_what_is_unique_by_chance(tmp_path: Path) -> None:
    """Columns of the subject that happen to tell the records apart are no keys: a cell that differs is one cell."""
    lines = [
        "S1,2024-05-01,1,2024-02-01",
        "S1,2024-05-01,2,2024-02-01",
        "S2,2024-06-01,1,2024-02-01",
    ]
    head = "USUBJID,LSTALVDT,AESEQ,ASTDT"
    one = csv(tmp_path / "a", "adae.csv", "\n".join([head, *lines]))
    two = csv(
        tmp_path / "b",
        "adae.csv",
        "\n".join([head, *lines]).replace("S2,2024-06-01", "S2,2024-07-01"),
    )
    found = compare(one, two)
    assert by(found, "ADAE") == (("USUBJID", "AESEQ"), "found: unique in both")
    assert found.differences[["key", "variable", "first", "second"]].to_numpy().tolist() == [
        ["USUBJID=S2, AESEQ=1", "LSTALVDT", "2024-06-01", "2024-07-01"]
    ]


def test_the_keys_are_said_where_nothing_differs(tmp_path: Path) -> None:
    file = csv(tmp_path / "a", "lb.csv", "USUBJID,X\nS1,1\n")
    found = compare(file, file)
    assert "\nLB, by USUBJID (found: unique in both)\n" in as_text(found)
    assert "by USUBJID (found: unique in both)" in as_html(found)


@pytest.mark.parametrize("names", [["USUBJID", ""], [""], ["USUBJID", "USUBJID"]])
def test_names_that_are_none(tmp_path: Path, names: list[str]) -> None:
    file = csv(tmp_path / "a", "lb.csv", "USUBJID,X\nS1,1\n")
    with pytest.raises(ExportError):
        compare(file, file, keys=names)
