"""What row steps may say, and each mistake in them, before data are read."""

from __future__ import annotations

import pytest

from .conftest import StudyFolder

HEAD = """\
dataset: STEP
internal: true
keys: []
rows:
  - take: VS
"""
TAIL = """\
working:
  DAY: {derive: calendar_date, from: {date: VSDTC}}
variables: {USUBJID: {}}
"""
DATES = """\
dataset: DATES
internal: true
keys: [USUBJID, VSDTC]
rows: [{take: VS}]
variables:
  USUBJID: {}
  VSDTC: {}
  LAST: {from: VSDTC}
  BEGIN: {derive: calendar_date, from: {date: VSDTC}, type: Num}
  END: {from: BEGIN, type: Num}
  NUMBER: {from: VSSTRESN, type: Num}
"""
STEP = "sdtm/step.yaml:6: STEP.rows.2"
AT = "sdtm/step.yaml:6: rows.2"


def told(study: StudyFolder, step: str) -> list[str]:
    """Problems with one more step, on line 6 of a dataset."""
    study.write("sdtm/dates.yaml", DATES)
    study.write("sdtm/step.yaml", f"{HEAD}  - {step}\n{TAIL}")
    return study.problems()


def joined(words: str) -> str:
    return f"join: {{with: DATES, on: [USUBJID], take: [BEGIN], {words}}}"


def summed(statistic: str) -> str:
    return f"summarize: {{by: [USUBJID, VSDTC], take: {{X: {{{statistic}}}}}}}"


def turned(words: str) -> str:
    return f"transpose: {{name: VSTESTCD, value: VSSTRESN, {words}}}"


@pytest.mark.parametrize(
    "step",
    [
        joined("between: {DAY: [BEGIN, END]}, latest: BEGIN"),
        joined("between: {DAY: [BEGIN, END]}, matches: all"),
        joined("not_before: {DAY: BEGIN}, earliest: VSDTC, unmatched: drop"),
        joined("during: {VSDTC: [VSDTC, LAST]}, earliest: VSDTC"),
        joined("during: {VSDTC: [VSDTC, VSDTC]}, matches: all"),
        joined("nearest: {DAY: BEGIN}, within: 7"),
        joined("nearest: {VSSTRESN: NUMBER}, latest: VSDTC"),
        "join: {with: DATES, on: [USUBJID, VSDTC], take: [BEGIN], between: {DAY: [BEGIN, END]}}",
        summed("mean: VSSTRESN"),
        summed("median: VSSTRESN"),
        summed("std: VSSTRESN"),
        summed("quantile: VSSTRESN, share: 0.25"),
        summed("first: VSTESTCD, order: [DAY, -VSSTRESN]"),
        summed("last: DAY, order: [-DAY]"),
        turned("by: [USUBJID, VSDTC], columns: {SYSBP: sysbp, DIABP: VSSTRESN}"),
        "last: {by: [USUBJID], order: [DAY, -VSSTRESN]}",
    ],
)
def test_right(study: StudyFolder, step: str) -> None:
    assert told(study, step) == []


SEVERAL = "DATES may have several records for USUBJID: add VSDTC to on, or choose"
CHOICES = "latest, earliest, nearest or matches: all"
UNWRITTEN = "and during compares ISO 8601 text: see between"
UNORDERED = "is text, which has no order or distance: derive calendar_date or number before"
ONE = "since a record belongs to one subject"
STATISTICS = "sum, mean, std, median, quantile, count, distinct, min, max, first, last"


@pytest.mark.parametrize(
    ("step", "reason"),
    [
        # an interval alone does not say which of several
        (joined("between: {DAY: [BEGIN, END]}"), f"{STEP}: {SEVERAL}: {CHOICES}"),
        (joined("between: {VSDTC: [BEGIN, END]}, latest: END"), f"{STEP}: VSDTC {UNORDERED}"),
        (joined("not_after: {DAY: VSDTC}, latest: END"), f"{STEP}: VSDTC of DATES {UNORDERED}"),
        (
            joined("nearest: {VSSTRESN: BEGIN}"),
            f"{STEP}: VSSTRESN is a number, BEGIN of DATES is a date: they do not compare",
        ),
        (
            joined("during: {VSDTC: [BEGIN, LAST]}, latest: VSDTC"),
            f"{STEP}: BEGIN of DATES is a date, {UNWRITTEN}",
        ),
        (
            joined("during: {VSSTRESN: [VSDTC, LAST]}, latest: VSDTC"),
            f"{STEP}: VSSTRESN is a number, {UNWRITTEN}",
        ),
        (
            joined("during: {VSDTC: [VSDTC, LAST]}"),
            f"{STEP}: {SEVERAL}: {CHOICES}",
        ),
        (
            joined("during: {VSDTC: [VSDTC]}, latest: VSDTC"),
            f"{AT}.join.during.VSDTC: should have 2 items",
        ),
        (
            joined("duringg: {VSDTC: [VSDTC, LAST]}, latest: VSDTC"),
            f"{AT}.join.duringg: is not a word of the spec language (did you mean during?)",
        ),
        (
            joined("during: {VSDT: [VSDTC, LAST]}, latest: VSDTC"),
            f"{STEP}: there is no column VSDT here (did you mean VSDTC?)",
        ),
        (
            joined("during: {VSDTC: [VSDTC, LATS]}, latest: VSDTC"),
            f"{STEP}: DATES has no column LATS (did you mean LAST?)",
        ),
        (
            joined("latest: BEGINS"),
            f"{STEP}: DATES has no column BEGINS (did you mean BEGIN?)",
        ),
        (
            joined("nearest: {DAYS: BEGIN}"),
            f"{STEP}: there is no column DAYS here (did you mean DAY?)",
        ),
        (
            "join: {with: DATES, on: [VSDTC], take: [BEGIN], latest: END}",
            f"{STEP}: matches records of several subjects: add USUBJID to on, {ONE}",
        ),
        (
            joined("latest: BEGIN, earliest: BEGIN"),
            f"{AT}.join: has latest and earliest: one of several records is taken",
        ),
        (
            joined("latest: BEGIN, matches: all"),
            f"{AT}.join: has matches: all, and a word that takes one of them",
        ),
        (
            joined("latest: BEGIN, within: 7"),
            f"{AT}.join: within is a distance: it needs nearest, as in {{ADT: LBDT}}",
        ),
        (
            joined("nearest: {DAY: BEGIN, VSSTRESN: NUMBER}"),
            f"{AT}.join: nearest is one column here and one there, as in {{ADT: LBDT}}",
        ),
        (
            joined("nearest: {DAY: BEGIN}, within: -1"),
            f"{AT}.join: within is a distance of 0 or more",
        ),
        (joined("matches: every"), f"{AT}.join.matches: should be one or all"),
        (
            joined("betwen: {DAY: [BEGIN, END]}"),
            f"{AT}.join.betwen: is not a word of the spec language (did you mean between?)",
        ),
        (
            joined("between: {DAY: [BEGIN]}"),
            f"{AT}.join.between.DAY: should have 2 items",
        ),
        (
            summed("mean: VSSTRESC"),
            f"{STEP}: VSSTRESC is text and has no mean: derive number before",
        ),
        (
            summed("quantile: DAY, share: 0.5"),
            f"{STEP}: DAY is a date and has no quantile: derive study_day or relative_day before",
        ),
        (
            summed("last: VSTESTCD"),
            f"{AT}.summarize.take.X: last needs an order, as in {{first: X, order: [ADT]}}",
        ),
        (
            summed("max: VSTESTCD, order: [DAY]"),
            f"{AT}.summarize.take.X: order goes with first and last, not with max",
        ),
        (
            summed("quantile: VSSTRESN"),
            f"{AT}.summarize.take.X: a quantile needs a share, as in {{quantile: X, share: 0.25}}",
        ),
        (
            summed("quantile: VSSTRESN, share: 25"),
            f"{AT}.summarize.take.X: the share of a quantile is from 0 to 1",
        ),
        (
            summed("min: VSSTRESN, max: VSSTRESN"),
            f"{AT}.summarize.take.X: names one statistic: {STATISTICS}",
        ),
        (
            summed("meen: VSSTRESN"),
            f"{AT}.summarize.take.X.meen: is not a word of the spec language (did you mean mean?)",
        ),
        (
            summed("first: VSTESTCD, order: [DAYS]"),
            f"{STEP}: there is no column DAYS here (did you mean DAY?)",
        ),
        (
            "summarize: {by: [USUBJID], take: {USUBJID: {min: VSDTC}}}",
            f"{STEP}: there is a column USUBJID already; take another name",
        ),
        (
            turned("by: [USUBJID], columns: {SYSBP: sysbp, DIABP: sysbp}"),
            f"{STEP}: there is a column sysbp already; take another name",
        ),
        (
            turned("by: [USUBJID], columns: {}"),
            f"{AT}.transpose.columns: should not be empty",
        ),
        (
            turned("by: [VSDTC], columns: {SYSBP: USUBJID}"),
            f"{STEP}: makes one of the records of several subjects: add USUBJID to by, {ONE}",
        ),
        (
            "last: {by: [VSDTC], order: [DAY]}",
            f"{STEP}: chooses among the records of several subjects: add USUBJID to by, {ONE}",
        ),
        (
            "last: {by: [USUBJID], order: [-DAYS]}",
            f"{STEP}: there is no column DAYS here (did you mean DAY?)",
        ),
    ],
)
def test_wrong(study: StudyFolder, step: str, reason: str) -> None:
    assert told(study, step) == [reason]


def test_a_column_that_a_branch_does_not_have_is_told_once(study: StudyFolder) -> None:
    step = joined("between: {DAY: [BEGIN, END]}, nearest: {DAY: BEGIN}")
    study.write("sdtm/dates.yaml", DATES)
    study.write(
        "sdtm/step.yaml",
        "dataset: STEP\ninternal: true\nkeys: []\nrows:\n  - stack:\n"
        f"      - - take: VS\n        - {step}\nvariables: {{USUBJID: {{}}}}\n",
    )
    assert study.problems() == [
        "sdtm/step.yaml:7: STEP.rows.1.stack.1.2: there is no column DAY here"
    ]
