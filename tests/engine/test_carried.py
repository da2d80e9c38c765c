"""Which raw columns stand in a dataset, which only decide, and which nobody takes."""

from __future__ import annotations

import pytest

from ivig_cdisc import engine, raw
from ivig_cdisc.engine.calls import carried_reads
from ivig_cdisc.lineage import fates
from ivig_cdisc.metadata import Place, Wiring

from .conftest import Trial


@pytest.mark.parametrize(
    ("function", "columns", "carried"),
    [
        ("copy", {"value": "a"}, ("a",)),
        ("coalesce", {"values": ("a", "b")}, ("a", "b")),
        ("where_is", {"value": "a", "flag": "b"}, ("a",)),  # b decides whether a is there
        ("sequence", {"subject": "a"}, ()),  # a number, whoever it is
        ("source_variable", {"of": "a"}, ()),  # its name, not what it holds
    ],
)
def test_what_only_decides_is_not_carried(
    trial: Trial, function: str, columns: dict[str, str], carried: tuple[str, ...]
) -> None:
    place = Place(file=trial.folder / "x.yaml", line=1)
    assert carried_reads(Wiring(function=function, columns=columns, place=place)) == carried


def test_origins_that_give_a_value(trial: Trial) -> None:
    plans = engine.bind(trial.load())[0]
    vs, highest = plans["VS"], plans["HIGHEST"]
    assert vs.origins["VSTESTCD"] == (("vitals", "sbp"), ("vitals", "dbp"))
    assert (
        vs.carried["VSTESTCD"] == ()
    )  # a constant: that a column has a value decides only that there is a record
    assert vs.carried["VSORRES"] == (("vitals", "sbp"), ("vitals", "dbp"), ("doses", "weight"))
    assert highest.carried["HIGH"] == (("VS", "VSSTRESN"),)
    assert highest.carried["N"] == ()  # a count of them


CONDITION = (
    "VSPOS: {derive: where_is, from: {value: VSTESTCD, flag: posture}, with: {values: [S]}}\n"
)


@pytest.fixture
def posture(trial: Trial) -> Trial:
    """The trial with a posture that only decides, a remark that nobody takes, and a form of its own."""
    head = (trial.folder / "study.yaml").read_text("utf-8")
    head = head.replace("dbp: {type: number}}", "dbp: {type: number}, posture: , remark: }")
    trial.write(
        "study.yaml", head + "  diary:\n    key: [subject]\n    columns: {subject: , mood: }\n"
    )
    vs = (trial.folder / "sdtm/vs.yaml").read_text("utf-8")
    trial.write("sdtm/vs.yaml", vs + f"  {CONDITION}")
    head, *lines = (trial.folder.parent / "raw/vitals.csv").read_text("utf-8").splitlines()
    trial.write(
        "../raw/vitals.csv",
        "\n".join([f"{head},posture,remark", *(f"{line},S,ok" for line in lines), ""]),
    )
    trial.write("../raw/diary.csv", "subject,mood\nS1,good\n")
    return trial


def losses(trial: Trial) -> list[tuple[str, ...]]:
    study = trial.load()
    taken = raw.read(trial.folder.parent / "raw", study)
    found = fates.losses(taken, engine.bind(study)[0], study)
    return [
        tuple(row)
        for row in found[["severity", "rule", "file", "column", "message"]]
        .fillna("")
        .to_numpy()
        .tolist()
    ]


def test_collected_values_that_stand_in_no_dataset_are_told(posture: Trial) -> None:
    unused = "no dataset takes this column; if that is meant, set not_submitted with the reason"
    assert [row for row in losses(posture) if row[3] in {"posture", "remark", ""}] == [
        (
            "warning",
            "RAW-NOT-TAKEN",
            "diary.csv",
            "",
            unused.replace("this column", "the form diary"),
        ),
        (
            "warning",
            "RAW-CONDITION-ONLY",
            "vitals.csv",
            "posture",
            "only decides in VS; what it holds stands in no dataset",
        ),
        ("warning", "RAW-NOT-TAKEN", "vitals.csv", "remark", unused),
    ]


def test_a_reason_in_the_specs_is_enough(posture: Trial) -> None:
    head = (posture.folder / "study.yaml").read_text("utf-8")
    head = head.replace("posture: ,", "posture: {not_submitted: always sitting},")
    head = head.replace("remark: }", "remark: {not_submitted: for the monitor}}")
    head = head.replace("mood: }", "mood: }\n    not_submitted: for the subject")
    posture.write("study.yaml", head)
    assert [row for row in losses(posture) if row[3] in {"posture", "remark", ""}] == []


def test_a_column_without_values_has_lost_nothing(posture: Trial) -> None:
    vitals = (posture.folder.parent / "raw/vitals.csv").read_text("utf-8").replace(",S,ok", ",,")
    posture.write("../raw/vitals.csv", vitals)
    assert [row for row in losses(posture) if row[2] == "vitals.csv"] == []
