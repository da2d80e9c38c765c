"""A calculation without a value is missing, and a finding at the cells that it was made of."""

from __future__ import annotations

from pathlib import Path

import pytest

from ivig_cdisc import validate
from ivig_cdisc.testing import convert_rows, records

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
    folder = tmp_path / "study"
    for name, text in FILES.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    return folder


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
    told = records(found, "dataset", "subject", "variable", "message", "file", "line")
    assert sorted(told) == expected


def test_findings_stay_when_the_output_is_examined_again(tmp_path: Path, study: Path) -> None:
    before = convert_rows(tmp_path, RAW, study=study).findings
    after = validate(tmp_path / "out", study=study).findings
    columns = ("rule", "dataset", "variable", "message", "file", "line", "fingerprint")
    assert records(after, *columns) == records(before, *columns)
