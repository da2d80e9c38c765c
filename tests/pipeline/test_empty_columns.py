"""A column without any value is still of its kind: what is calculated with it is missing, too."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

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
    columns: {subject: {required: true}, treated: {type: date}, ended: {type: date}, seen: {type: date}}
""",
    "adam/adsl.yaml": """\
dataset: ADSL
structure: ADSL
label: Subject-Level Analysis Dataset
keys: [USUBJID]
rows: [{take: subjects}]
working:
  end: {derive: calendar_date, from: {date: ended}}
  last: {derive: calendar_date, from: {date: seen}}
variables:
  USUBJID: {from: subject}
  TRTSDT: {derive: calendar_date, from: {date: treated}}
  EOSDT: {cases: [{when: end is present, from: end}, {when: last is present, from: last}]}
  EOSDY: {derive: relative_day, from: {date: EOSDT, reference: TRTSDT}, label: Day of End of Study, type: Num}
  LENGTH: {compute: EOSDT - TRTSDT + 1, label: Length, type: Num}
  LATER: {derive: later_than, from: {date: EOSDT, reference: TRTSDT}, label: Later, type: Char}
""",
}


@pytest.mark.parametrize(
    ("ended", "seen", "told"),
    [
        ("2018-05-10", "", (8, 8, "Y")),
        ("", "2018-05-03", (1, 1, None)),
        ("", "", (None, None, None)),
    ],
)
def test_cases_of_dates(tmp_path: Path, ended: str, seen: str, told: tuple[Any, ...]) -> None:
    row = {"subject": "01", "treated": "2018-05-03", "ended": ended, "seen": seen}
    study = write_study(tmp_path / "study", FILES)
    made = convert_rows(tmp_path, {"subjects": [row]}, study=study)
    found = records(made.datasets["ADSL"], "EOSDY", "LENGTH", "LATER")
    assert found == [told]
