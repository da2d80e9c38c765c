"""A calculation without a value is missing, and a finding at the cells that it was made of."""

from __future__ import annotations

from pathlib import Path

import pytest

from ivig_cdisc import explain, validate
from ivig_cdisc.testing import convert_rows, records
from tests.study_files import write_study

FILES = {
    "study.yaml": """\
id: T
title: A trial
cutoff: 2018-12-31
intake: {subject: subject, subjects: subjects}
forms:
  subjects:
    key: [subject]
    columns: {subject: {required: true}, weight: {type: number}, height: {type: number}}
  doses:
    key: [subject, day]
    columns: {subject: {required: true}, day: {type: number}, dose: {type: number}}
""",
    "adam/per_dose.yaml": """\
dataset: PER_DOSE
internal: true
keys: [USUBJID]
rows:
  - take: doses
  - join: {with: subjects, on: [subject], take: [weight]}
  - summarize: {by: [subject], take: {TOTAL: {sum: per_kg}}}
working:
  gram: {derive: number, from: {value: dose}}
  kg: {derive: number, from: {value: weight}}
  per_kg: {compute: gram / kg}
variables:
  USUBJID: {from: subject}
  TOTAL: {type: Num}
""",
    "adam/heavy.yaml": """\
dataset: HEAVY
internal: true
keys: [USUBJID]
rows:
  - {take: ADSL, where: 100 / BMI < 5}
  - join: {with: ADSL, where: log(BMI) > 3, on: [USUBJID], take: {again: BMI}}
variables:
  USUBJID: {}
  again: {type: Num}
""",
    "adam/often.yaml": """\
dataset: OFTEN
internal: true
keys: [USUBJID, day]
rows:
  - take: doses
  - join: {with: subjects, on: [subject], take: [weight]}
  - filter: gram / kg > 0.5
working:
  gram: {derive: number, from: {value: dose}}
  kg: {derive: number, from: {value: weight}}
variables:
  USUBJID: {from: subject}
  day: {}
""",
    "adam/adsl.yaml": """\
dataset: ADSL
structure: ADSL
label: Subject-Level Analysis Dataset
keys: [USUBJID]
rows:
  - take: subjects
working:
  kg: {derive: number, from: {value: weight}}
  cm: {derive: number, from: {value: height}}
variables:
  USUBJID: {from: subject}
  BMI: {compute: round(kg / (cm / 100) ** 2), label: Body Mass Index, type: Num}
  LOGKG:
    label: Logarithm of Weight
    type: Num
    cases: [{when: "kg is missing", value: 0}, {otherwise: {compute: log(kg)}}]
  TALLFL: {value: Y, where: 100 / cm < 0.6, label: Tall, type: Char, length: 1}
""",
}
RAW = {
    "subjects": [
        {"subject": "1", "weight": "80", "height": "180"},
        {"subject": "2", "weight": "0", "height": "180"},
        {"subject": "3", "weight": "80", "height": "0"},
        {"subject": "4", "weight": "", "height": ""},
    ],
    "doses": [
        {"subject": "1", "day": "1", "dose": "80"},
        {"subject": "2", "day": "1", "dose": "80"},
        {"subject": "2", "day": "2", "dose": "80"},
    ],
}


@pytest.fixture
def study(tmp_path: Path) -> Path:
    return write_study(tmp_path / "study", FILES)


def test_findings(tmp_path: Path, study: Path) -> None:
    summary = convert_rows(tmp_path, RAW, study=study)
    assert records(summary.datasets["ADSL"], "USUBJID", "BMI", "LOGKG", "TALLFL") == [
        ("1", 25.0, pytest.approx(4.382026634673881), "Y"),
        ("2", 0.0, None, "Y"),
        ("3", None, pytest.approx(4.382026634673881), None),
        ("4", None, 0.0, None),  # what is not known is missing, and no finding
    ]
    found = summary.findings[summary.findings["rule"] == "CALC-UNDEFINED"]
    expected = [
        (
            "ADSL",
            "2",
            "LOGKG",
            "LOGKG: log gives no number in log(kg).",
            "subjects.csv",
            3,
        ),
        (
            "ADSL",
            "3",
            "BMI",
            "BMI: division by zero in round(kg / (cm / 100) ** 2).",
            "subjects.csv",
            4,
        ),
        (
            "ADSL",
            "3",
            "TALLFL",
            "TALLFL: division by zero in 100 / cm < 0.6.",
            "subjects.csv",
            4,
        ),
        (  # of the records that were summed up
            "PER_DOSE",
            "2",
            "per_kg",
            "per_kg: division by zero in gram / kg.",
            "doses.csv",
            3,
        ),
    ]
    told = records(
        found[found["variable"].notna()],
        *("dataset", "subject", "variable", "message", "file", "line"),
    )
    assert sorted(told) == expected


def test_records_that_are_left_out(tmp_path: Path, study: Path) -> None:
    summary = convert_rows(tmp_path, RAW, study=study)
    found = summary.findings[summary.findings["rule"] == "CALC-UNDEFINED"]
    left_out = "The record is left out of"
    told = records(
        found[found["message"].str.startswith(left_out)],
        *("dataset", "subject", "message", "file", "line"),
    )
    assert sorted(told) == [
        (
            *("ADSL", "2", f"{left_out} HEAVY: division by zero in 100 / BMI < 5."),
            *("subjects.csv", 3),
        ),
        (
            *("ADSL", "2", f"{left_out} HEAVY: log gives no number in log(BMI) > 3."),
            *("subjects.csv", 3),
        ),
        (
            *("doses", "2", f"{left_out} OFTEN: division by zero in gram / kg > 0.5."),
            *("doses.csv", 3),
        ),
        (
            *("doses", "2", f"{left_out} OFTEN: division by zero in gram / kg > 0.5."),
            *("doses.csv", 4),
        ),
    ]


def test_a_subject_is_found_without_subjid(tmp_path: Path, study: Path) -> None:
    convert_rows(tmp_path, RAW, study=study)
    assert explain(tmp_path / "out", "1", study=study).subject == "1"


def test_a_part_of_a_day_is_no_date(tmp_path: Path, study: Path) -> None:
    file = study / "adam/adsl.yaml"
    extra = """\
  HALFDT: {compute: day + kg / 160, label: Half, type: Num, format: DATE9.}
"""
    text = file.read_text("utf-8").replace(
        "variables:", "  day: {derive: calendar_date, from: {date: begun}}\nvariables:"
    )
    file.write_text(text.replace("  cm:", '  begun: {value: "2018-05-03"}\n  cm:') + extra, "utf-8")
    summary = convert_rows(tmp_path, RAW, study=study)
    dates = summary.datasets["ADSL"]["HALFDT"]
    assert dates.notna().tolist() == [False, True, False, False]  # 0 days later, and half a day
    found = summary.findings[summary.findings["variable"] == "HALFDT"]
    assert records(found, "subject", "message") == [
        ("1", "HALFDT: it is not a whole day."),
        ("3", "HALFDT: it is not a whole day."),
    ]


def test_findings_stay_when_the_output_is_examined_again(tmp_path: Path, study: Path) -> None:
    before = convert_rows(tmp_path, RAW, study=study).findings
    after = validate(tmp_path / "out", study=study).findings
    columns = ("rule", "dataset", "variable", "message", "file", "line", "fingerprint")
    assert records(after, *columns) == records(before, *columns)
