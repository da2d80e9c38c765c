"""-X in the order of a derivation: numbers, dates and text from behind; what is missing comes last."""

from __future__ import annotations

import pytest

from ivig_cdisc import derive
from ivig_cdisc.metadata.origins import method

from .conftest import Trial
from .small import same, table

SPEC = """\
dataset: WORST
internal: true
keys: [USUBJID, VSTESTCD, VSSEQ]
rows: [{take: VS}]
working:
  yes: {value: "Y"}
  day: {derive: calendar_date, from: {date: VSDTC}}
variables:
  USUBJID: {}
  VSTESTCD: {}
  VSSEQ: {type: Num}
  VSDTC: {}
  VSSTRESN: {type: Num}
  FLAG: {derive: first_occurrence, from: {groups: [USUBJID], among: yes, order: %s}}
"""


@pytest.mark.parametrize(
    ("order", "flagged"),
    [
        ("[VSSTRESN, VSSEQ]", {"S1": 78.5, "S2": 90}),
        ("[-VSSTRESN, VSSEQ]", {"S1": 121, "S2": 140}),
        ("-VSSTRESN", {"S1": 121, "S2": 140}),
        ("[-VSDTC, VSSTRESN]", {"S1": 121, "S2": 90}),  # DIABP of S1 has no value and comes last
        ("[-day, -VSSTRESN]", {"S1": 121, "S2": 140}),
        ("[-VSTESTCD, VSSTRESN]", {"S1": 78.5, "S2": 140}),  # WEIGHT, SYSBP
    ],
)
def test_which_is_first(trial: Trial, order: str, flagged: dict[str, float]) -> None:
    trial.write("adam/worst.yaml", SPEC % order)
    frame = trial.build()["WORST"].frame
    chosen = frame[frame["FLAG"].eq("Y")]
    found = dict(zip(chosen["USUBJID"].str[-2:], chosen["VSSTRESN"], strict=True))
    assert {subject: found[subject] for subject in flagged} == flagged


def test_the_last_in_descending_order_is_the_least(trial: Trial) -> None:
    flag = "{derive: last_before, from: {groups: [USUBJID], value: VSSTRESN, date: VSDTC, reference: end, order: [-VSSTRESN]}}"
    spec = (SPEC % "VSSEQ").replace("  yes:", '  end: {value: "2019-01-01"}\n  yes:')
    lines = [f"  FLAG: {flag}" if "FLAG:" in line else line for line in spec.splitlines()]
    trial.write("adam/worst.yaml", "\n".join(lines))
    frame = trial.build()["WORST"].frame
    chosen = frame[frame["FLAG"].eq("Y")]
    expected = table(
        """
           VSTESTCD VSSTRESN
         3 WEIGHT   78.5
         4 DIABP    90
         6 SYSBP    111
        """,  # DIABP of S1 is not among those with a value
        numbers=["VSSTRESN"],
    )
    same(chosen[["VSTESTCD", "VSSTRESN"]], expected)


def test_its_method_says_so(trial: Trial) -> None:
    trial.write("adam/worst.yaml", SPEC % "[-VSSTRESN, VSSEQ]")
    wiring = trial.load().dataset("WORST").variable("FLAG").wiring
    assert wiring.columns["order"] == ("VSSTRESN", "VSSEQ")
    assert method("MT.X", wiring, derive.FUNCTIONS).text.endswith("; order: -VSSTRESN, VSSEQ)")
