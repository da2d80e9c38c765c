"""Conditions on a variable of which it is known what it can be, before any data are read."""

from __future__ import annotations

import pytest

from ivig_cdisc import engine

from .conftest import Trial

FLAGGED = """\
dataset: FLAGGED
internal: true
keys: [USUBJID, VSTESTCD, VSDTC]
rows:
  - stack:
      - {take: VS, set: {part: FIRST}}
      - {take: VS, set: {part: SECOND}}
working:
  own: {from: HIGHFL}
variables:
  USUBJID: {}
  VSTESTCD: {}
  VSDTC: {}
  part: {}
  HIGHFL: {value: Y, where: VSSTRESN > 120}
  level: {cases: [{when: VSSTRESN > 120, value: HIGH}, {otherwise: LOW}]}
  mixed: {cases: [{when: VSSTRESN > 120, value: HIGH}, {otherwise: {from: VSORRES}}]}
  FIRSTFL: {derive: first_occurrence, from: {groups: [USUBJID], among: HIGHFL, order: [VSDTC]}}
  COPY: {from: own}
"""
COPIED = """\
dataset: COPIED
internal: true
keys: [USUBJID, VSTESTCD]
rows:
  - {take: FLAGGED, rename: {HIGH: HIGHFL}}
variables: {USUBJID: {}, VSTESTCD: {}, HIGH: {}, level: {}}
"""
READER = """\
dataset: READER
internal: true
keys: [USUBJID, VSTESTCD]
rows:
  - take: SOURCE
    where: "CONDITION"
variables: {USUBJID: {}, VSTESTCD: {}}
"""


def told(trial: Trial, source: str, condition: str) -> list[str]:
    trial.write("adam/flagged.yaml", FLAGGED)
    trial.write("adam/copied.yaml", COPIED)
    reader = READER.replace("SOURCE", source).replace("CONDITION", condition)
    trial.write("adam/reader.yaml", reader)
    return [problem.reason for problem in engine.bind(trial.load())[1]]


@pytest.mark.parametrize(
    ("source", "condition", "reason"),
    [
        ("FLAGGED", "HIGHFL = 'y'", "HIGHFL of FLAGGED is never y (did you mean Y?)"),
        ("FLAGGED", "level in ('HIGH', 'LO')", "level of FLAGGED is never LO (did you mean LOW?)"),
        ("FLAGGED", "FIRSTFL = 'N'", "FIRSTFL of FLAGGED is never N"),
        ("FLAGGED", "COPY = 'N'", "COPY of FLAGGED is never N"),
        ("FLAGGED", "part = 'THIRD'", "part of FLAGGED is never THIRD"),
        ("COPIED", "HIGH = 'N'", "HIGH of COPIED is never N"),
        (
            "COPIED",
            "HIGH != 'Y'",
            "HIGH of COPIED is Y or missing, so that this never holds: write HIGH is missing",
        ),
        (
            "FLAGGED",
            "not (FIRSTFL = 'Y') or VSTESTCD = 'SYSBP'",
            "FIRSTFL of FLAGGED is Y or missing, so that this never holds: write FIRSTFL is missing",
        ),
    ],
)
def test_what_can_never_be(trial: Trial, source: str, condition: str, reason: str) -> None:
    assert told(trial, source, condition) == [reason]


@pytest.mark.parametrize(
    ("source", "condition"),
    [
        ("FLAGGED", "HIGHFL = 'Y' and FIRSTFL is missing"),
        ("FLAGGED", "level != 'HIGH'"),  # LOW is left
        ("FLAGGED", "mixed = 'ANYTHING'"),  # one case is as collected
        ("FLAGGED", "part != 'FIRST'"),
        ("COPIED", "level not in ('HIGH')"),
        ("VS", "VSTESTCD != 'TEMP'"),  # of the names of melted columns nothing is known
    ],
)
def test_what_may_be(trial: Trial, source: str, condition: str) -> None:
    assert told(trial, source, condition) == []
