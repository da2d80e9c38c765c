"""Subjects and records that are one once they are spelled in ASCII: both are named, and why."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from ivig_cdisc.formats.xpt import fit, same_subjects
from ivig_cdisc.metadata import Column, Form, Intake, Study

from .small import PLACE, char, dataset, num, spec, text

PLACES = ["dataset", "subject", "file", "line", "message"]


def study() -> Study:
    columns = {"id": Column()}
    forms = [
        Form(name=n, file=f"{n}.csv", key=(), columns=columns, place=PLACE)
        for n in ("labs", "subjects")
    ]
    return Study(
        id="T",
        title="A trial",
        cutoff="2024-01-01",
        folder=Path(),
        standards={},
        intake=Intake(subject="id", subjects="subjects"),
        forms={form.name: form for form in forms},
        terms={},
        facts={},
        codelists={},
        datasets=(),
    )


def form(**ids: str) -> pd.DataFrame:
    """Records with these ids, by their lines."""
    lines = pd.Index([int(line.removeprefix("line")) for line in ids], name="line")
    return pd.DataFrame({"id": pd.Series(list(ids.values()), lines, "str")})


def told(**forms: pd.DataFrame) -> list[list[object]]:
    files = {name: Path(f"{name}.csv") for name in forms}
    found: list[list[object]] = same_subjects(forms, files, study())[PLACES].to_numpy().tolist()
    return found


@pytest.mark.parametrize(
    ("one", "other", "written"),
    [
        ("José-1", "Jose-1", "Jose-1"),
        ("01\u2011001", "01-001", "01-001"),  # a hyphen that does not break
        ("Å1", "A1", "A1"),
        ("日1", "本1", "?1"),  # no spelling at all
        ("straße", "strasse", "strasse"),
    ],
)
def test_two_subjects_that_become_one(one: str, other: str, written: str) -> None:
    reason = (
        f'are both written as "{written}", as the file holds ASCII only; two subjects become one'
    )
    assert told(subjects=form(line2=one, line5=other)) == [
        [
            "subjects",
            one,
            "subjects.csv",
            2,
            f'"{one}" and "{other}" (subjects.csv, line 5) {reason}',
        ],
        [
            "subjects",
            other,
            "subjects.csv",
            5,
            f'"{other}" and "{one}" (subjects.csv, line 2) {reason}',
        ],
    ]


def test_a_subject_that_is_not_listed_is_told_where_it_first_stands() -> None:
    labs = form(line9="Jose-1", line4="Jose-1", line3="José-1")
    found = told(labs=labs, subjects=form(line2="José-1"))
    assert [row[:4] for row in found] == [
        ["labs", "Jose-1", "labs.csv", 4],
        ["subjects", "José-1", "subjects.csv", 2],
    ]
    assert "(subjects.csv, line 2)" in str(found[0][4])


@pytest.mark.parametrize(
    "ids", [("José-1", "Jose-2"), ("A", "a"), ("José-1", "José-1"), ("1", "01")]
)
def test_subjects_that_stay_apart(ids: tuple[str, str]) -> None:
    assert told(subjects=form(line2=ids[0], line3=ids[1])) == []


LB = spec(
    char("USUBJID", 8),
    char("LBTESTCD", 8),
    num("VISITNUM"),
    keys=("USUBJID", "LBTESTCD", "VISITNUM"),
)


def keys_told(subjects: str, tests: tuple[str, ...], visits: list[int]) -> list[list[object]]:
    frame = pd.DataFrame({"USUBJID": list(subjects), "LBTESTCD": text(*tests), "VISITNUM": visits})
    _, found = fit(dataset(LB, frame.astype({"USUBJID": "str"})))
    same = found[found["rule"] == "XPT-SAME-KEY"]
    told: list[list[object]] = (
        same[["severity", "row", "subject", "variable", "message"]].to_numpy().tolist()
    )
    return told


def test_two_keys_that_become_one() -> None:
    reason = (
        'are both written as "IGGu", so that two records have the same USUBJID, LBTESTCD, VISITNUM'
    )
    assert keys_told("1111", ("IGGü", "IGGu", "IGGu", "CK"), [1, 1, 2, 1]) == [
        ["error", 0, "1", "LBTESTCD", f'"IGGü" and "IGGu" {reason}'],
        ["error", 1, "1", "LBTESTCD", f'"IGGu" and "IGGü" {reason}'],
    ]


@pytest.mark.parametrize(
    ("subjects", "tests", "visits"),
    [
        ("12", ("IGGü", "IGGu"), [1, 1]),  # of two subjects
        ("11", ("IGGü", "IGGu"), [1, 2]),  # at two visits
        ("11", ("IGGü", "IGGü"), [1, 1]),  # the same before: SPEC-KEY tells that
    ],
)
def test_keys_that_stay_apart(subjects: str, tests: tuple[str, ...], visits: list[int]) -> None:
    assert keys_told(subjects, tests, visits) == []
