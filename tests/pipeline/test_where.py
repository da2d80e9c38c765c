"""One condition means the same records wherever it stands: rows, variables, rules, results, passages."""

from __future__ import annotations

from pathlib import Path

import pytest

from ivig_cdisc import explain
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
    columns: {subject: {required: true}, arm: , age: {type: number}}
""",
    "adam/adsl.yaml": """\
dataset: ADSL
structure: ADSL
label: Subject-Level Analysis Dataset
keys: [USUBJID]
rows: [{take: subjects}]
variables:
  USUBJID: {from: subject}
  SUBJID: {from: subject}
  TRT01A: {from: arm}
  AGE: {derive: number, from: {value: age}}
  OLDFL: {value: Y, where: CONDITION, label: Old, type: Char, length: 1}
""",
    "adam/adold.yaml": """\
dataset: ADOLD
structure: OCCDS
label: Old Subjects
keys: [USUBJID]
rows:
  - {take: ADSL, where: CONDITION}
variables: {USUBJID: {}, AGE: {}, TRT01A: {}}
""",
    "rules/own.yaml": """\
- id: TOO-OLD
  severity: warning
  dataset: ADSL
  where: CONDITION
  check: absent
  from: {value: USUBJID}
  variable: AGE
  message: The subject is {AGE} years old.
""",
    "results/own.yaml": """\
- {id: OLD, title: Old, set: {take: ADSL}, method: share, event: CONDITION, order: 1}
- {id: OF-OLD, title: Of old ones, set: {take: ADSL, where: CONDITION}, method: share, event: TRT01A = 'IVIG', order: 2}
""",
    "narrative.yaml": """\
- {section: Age, take: ADSL, where: CONDITION, says: "The subject is old.", none: "The subject is not old."}
""",
}
RAW = {
    "subjects": [
        {"subject": "1", "arm": "IVIG", "age": "70"},
        {"subject": "2", "arm": "IVIG", "age": "50"},
        {"subject": "3", "arm": "", "age": "80"},
        {"subject": "4", "arm": "PLACEBO", "age": ""},  # not known to be old
    ]
}


@pytest.mark.parametrize(
    ("condition", "old"),
    [
        ("AGE >= 65", ["1", "3"]),
        ("AGE >= 65 and TRT01A is present", ["1"]),
        ("not (AGE < 65)", ["1", "3"]),
        ("{AGE: [70, '80']}", ["1", "3"]),
        ("{AGE: present, TRT01A: absent}", ["3"]),
    ],
)
def test_everywhere(tmp_path: Path, condition: str, old: list[str]) -> None:
    files = {name: text.replace("CONDITION", condition) for name, text in FILES.items()}
    study = write_study(tmp_path / "study", files)
    summary = convert_rows(tmp_path, RAW, study=study)
    adsl = summary.datasets["ADSL"]
    assert adsl.loc[adsl["OLDFL"].eq("Y"), "USUBJID"].tolist() == old
    assert summary.datasets["ADOLD"]["USUBJID"].tolist() == old
    broken = summary.findings[summary.findings["rule"] == "TOO-OLD"]
    assert [subject for (subject,) in records(broken, "subject")] == old
    treated = [subject for subject in old if subject in ("1", "2")]
    lines = [f"{result.label}: {result.text}" for result in summary.results]
    assert lines == [f"Old: {len(old)}/4", f"Of old ones: {len(treated)}/{len(old)}"]
    for subject in ("1", "2", "3", "4"):
        told = str(explain(tmp_path / "out", subject, study=study))
        assert ("The subject is old." in told) == (subject in old)
