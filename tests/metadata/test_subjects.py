"""A dataset whose records cannot be led to one subject each is told by the spec check, at the step that loses it."""

from __future__ import annotations

import pytest

from .conftest import StudyFolder

HEAD = "dataset: STEP\ninternal: true\nkeys: []\nrows:\n"
TWO_NAMES = "  - stack:\n      - {take: vitals, rename: {a: subject_id}}\n      - {take: DM, rename: {b: SUBJID}}\n"
WORKING_ID = "working:\n  id: {from: subject_id}\n"
WORKING_PART = "working:\n  part: {derive: piece, from: {value: subject_id}, with: {separator: '-', number: 1}}\n"
SEVERAL = "since a record belongs to one subject"
LEAVES = "leaves no column that names the subject of a record: keep subject_id as it is"


def told(study: StudyFolder, rows: str, variables: str) -> list[str]:
    """Problems with one more dataset in the study, on the way to nothing; its rows begin at line 5."""
    study.write("sdtm/step.yaml", f"{HEAD}{rows}variables: {variables}\n")
    return study.problems()


@pytest.mark.parametrize(
    ("rows", "variables"),
    [
        ("  - take: vitals\n", "{subject_id: {}}"),
        ("  - {take: vitals, rename: {who: subject_id}}\n", "{who: {}}"),
        ("  - {take: vitals, rename: {who: subject_id}}\n", "{subject: {from: who}}"),
        ("  - take: VS\n", "{USUBJID: {}}"),
        ("  - take: DM\n", "{SUBJID: {}}"),  # made of the form's subject without a change
        (
            "  - take: vitals\n  - summarize: {by: [subject_id, date], take: {n: {count: weight}}}\n",
            "{subject_id: {}}",
        ),
        (
            "  - take: vitals\n  - summarize: {by: [subject_id], take: {who: {min: subject_id}}}\n",
            "{who: {}}",
        ),
        (
            f"  - take: vitals\n  - first: {{by: [id], order: [date]}}\n{WORKING_ID}",
            "{who: {from: id}}",
        ),
        # joined record by record of the same subject
        (
            "  - take: vitals\n  - join: {with: subjects, on: [subject_id], take: {who: subject_id}}\n",
            "{who: {}}",
        ),
        (
            f"{TWO_NAMES}working:\n  who: {{derive: coalesce, from: {{values: [a, b]}}}}\n",
            "{subject: {from: who}}",
        ),
        (
            "  - take: DM\n",
            "{id: {derive: paste, from: {values: [SITEID, SUBJID]}, with: {separator: /}}}",
        ),
    ],
)
def test_records_of_one_subject(study: StudyFolder, rows: str, variables: str) -> None:
    assert told(study, rows, variables) == []


@pytest.mark.parametrize(
    ("rows", "variables", "problem"),
    [
        (
            "  - take: subjects\n  - summarize: {by: [site], take: {n: {count: subject_id}}}\n",
            "{site: {}, n: {}}",
            f"6: STEP.rows.2: makes one of the records of several subjects: add subject_id to by, {SEVERAL}",
        ),
        (
            "  - take: VS\n  - first: {by: [VSTESTCD], order: [VSDTC]}\n",
            "{USUBJID: {}}",  # it is there, and which subject's it is depends on all the others
            f"6: STEP.rows.2: chooses among the records of several subjects: add USUBJID to by, {SEVERAL}",
        ),
        (
            "  - take: vitals\n  - melt: {columns: {subject_id: A, weight: B}, name: n, value: v}\n",
            "{v: {}}",
            f"6: STEP.rows.2: {LEAVES}",
        ),
        (
            "  - {take: vitals, set: {subject_id: X}}\n",
            "{subject_id: {}}",
            f"5: STEP.rows.1: {LEAVES}",
        ),
        (
            "  - stack:\n      - {take: vitals}\n      - {take: subjects, set: {subject_id: ALL}}\n",
            "{subject_id: {}}",
            f"7: STEP.rows.1.stack.2: {LEAVES}",
        ),
        (
            "  - stack:\n      - {take: subjects}\n      - [{take: vitals}, {first: {by: [date], order: [weight]}}]\n",
            "{subject_id: {}}",
            f"7: STEP.rows.1.stack.2.2: chooses among the records of several subjects: add subject_id to by, {SEVERAL}",
        ),
        (
            "  - take: vitals\n",
            "{date: {}}",
            "4: STEP.rows: no variable names the subject of a record: add one, as subject_id",
        ),
        (
            TWO_NAMES,
            "{a: {}}",  # missing in the other branch
            "4: STEP.rows: no variable names the subject of a record: add one",
        ),
        (
            "  - take: subjects\n",
            "{group: {derive: recode, from: {value: subject_id}, with: {terms: {terms: SEX}}}}",
            "4: STEP.rows: no variable names the subject of a record: add one, as subject_id",
        ),
        (
            f"  - take: subjects\n  - summarize: {{by: [part], take: {{n: {{count: site}}}}}}\n{WORKING_PART}",
            "{n: {}}",  # a piece of the subject's number may be the site's
            f"6: STEP.rows.2: makes one of the records of several subjects: add subject_id to by, {SEVERAL}",
        ),
    ],
)
def test_records_of_several(study: StudyFolder, rows: str, variables: str, problem: str) -> None:
    assert told(study, rows, variables) == [f"sdtm/step.yaml:{problem}"]


def test_what_follows_is_not_told_again(study: StudyFolder) -> None:
    study.write(
        "sdtm/next.yaml",
        "dataset: NEXT\ninternal: true\nkeys: []\nrows:\n  - take: STEP\nvariables: {n: {}}\n",
    )
    rows = "  - take: subjects\n  - summarize: {by: [site], take: {n: {count: sex}}}\n"
    assert [problem.split(":")[0] for problem in told(study, rows, "{n: {}}")] == ["sdtm/step.yaml"]
