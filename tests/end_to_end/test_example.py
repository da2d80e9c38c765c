"""The example: its datasets cell by cell, the published numbers, and each deliberate problem found."""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
import pytest

from ivig_cdisc import Summary, convert

from . import golden
from .folders import EXAMPLE

Tables = dict[str, tuple[pd.DataFrame, Any]]
SHOWN = 20  # differences named in a message


# ---------------------------------------------------------------- golden tables
@pytest.fixture(scope="module")
def made(converted: Summary) -> dict[str, list[list[str]]]:
    return golden.tables(converted.out)


@pytest.mark.parametrize("name", ["records", *golden.TABLES])
def test_golden(made: dict[str, list[list[str]]], name: str) -> None:
    """Cell by cell. Where a difference is meant, golden.py says how to write the tables anew."""
    expected, got = golden.read(name), made[name]
    assert got[0] == expected[0], "other columns"
    assert len(got) == len(expected), f"{len(got) - 1} records, were {len(expected) - 1}"
    different = [
        f"record {n}, {' '.join(wanted[:3])}: {column} is {now!r}, was {before!r}"
        for n, (wanted, row) in enumerate(zip(expected[1:], got[1:], strict=True), 1)
        for column, before, now in zip(expected[0], wanted, row, strict=True)
        if before != now
    ]
    assert not different, f"{len(different)} cells of {name} differ:\n" + "\n".join(
        different[:SHOWN]
    )


# ---------------------------------------------------------------- the abstract
def test_published_numbers(tables: Tables) -> None:
    """Lim et al. 2021: as the abstract has them, derived from the raw forms."""
    subjects, events, analysis = (tables[name][0] for name in ("ADSL", "ADAE", "ADTIS"))
    treated = subjects[subjects["SAFFL"] == "Y"]
    efficacy = set(treated.loc[treated["EFFFL"] == "Y", "USUBJID"])
    assert len(subjects) == 22  # two screen failures
    assert len(treated) == 20
    assert treated["DIAG"].value_counts().to_dict() == {
        "DERMATOMYOSITIS": 9,
        "IMMUNE-MEDIATED NECROTIZING MYOPATHY": 6,
        "NON-SPECIFIC/OVERLAP MYOSITIS": 4,
        "ANTI-SYNTHETASE SYNDROME": 1,
    }
    assert len(efficacy) == 19
    mine = analysis[analysis["USUBJID"].isin(efficacy)]
    responders = mine[mine["PARAMCD"].eq("RESPBY40") & mine["AVAL"].eq(1)]
    assert len(responders) == 8
    early = (
        mine["PARAMCD"].eq("TIS")
        & mine["AVISIT"].eq("Week 3")
        & mine["AVAL"].ge(40)
        & mine["PSTRESFL"].ne("Y")
    )
    assert early.sum() == 6
    assert (treated["RESCFL"] == "Y").sum() == 7
    serious = events[(events["AESER"] == "Y") & (events["TRTEMFL"] == "Y")]
    assert len(serious) == 3
    assert (serious["AEDECOD"] == "PULMONARY EMBOLISM").sum() == 1


def test_trial_summary(tables: Tables) -> None:
    """TS says of the example, in its own words, what cannot be counted where a dataset has no subjects."""
    subjects, summary = tables["DM"][0], tables["TS"][0]
    values = summary.set_index("TSPARMCD")["TSVAL"]
    treated = subjects[subjects["ACTARMCD"] == "IVIG"]
    assert int(values["ACTSUB"]) == len(treated)
    assert values["SSTDTC"] == subjects["RFICDTC"].min()
    assert values["SENDTC"] == subjects["RFPENDTC"].max()
    assert {values["FCNTRY"]} == set(subjects["COUNTRY"])
    assert values["SEXPOP"] == "BOTH"
    assert set(treated["SEX"]) == {"F", "M"}


def test_closing_summary(converted: Summary) -> None:
    assert {line.id: (line.count, line.total) for line in converted.results} == {
        "EFFFL": (19, 20),
        "RESP40": (8, 19),
        "RESPBY40": (8, 19),
        "TTMOD": (8, 19),
        "RESCFL": (7, 19),
    }


# ---------------------------------------------------------------- the deliberate problems
class Problem(NamedTuple):
    """One line of problems.csv."""

    file: str
    line: int
    column: str
    subject: str
    value: str
    kind: str


def _problems() -> list[Problem]:
    with (EXAMPLE / "problems.csv").open(encoding="utf-8", newline="") as stream:
        rows = [{name: row[name] for name in Problem._fields} for row in csv.DictReader(stream)]
    return [Problem(**{**row, "line": int(row["line"])}) for row in rows]


PROBLEMS = _problems()
RULES = {  # kind of problem: what may say so
    "completed-reason-mismatch": {"COMPLETION-DISAGREES"},
    "criterion-without-serious": {"CRITERION-WITHOUT-SERIOUS"},
    "cycle-interval": {"CYCLE-INTERVAL"},
    "dose-off-plan": {"CYCLE-DOSE"},
    "duplicate-record": {"RAW-DUPLICATE-LINE"},
    "end-before-start": {"END-BEFORE-START", "ANALYSIS-END-BEFORE-START"},
    "impossible-date": {"RAW-DATE-IMPOSSIBLE"},
    "not-a-number": {"RAW-NUMBER"},
    "out-of-range": {"RAW-RANGE", "PHYSICIAN-SCALE"},
    "required-empty": {"RAW-REQUIRED", "SPEC-REQUIRED"},
    "serious-without-criterion": {"SERIOUS-WITHOUT-CRITERION"},
    "unknown-code": {"RAW-CODE", "SPEC-CODELIST"},
    "unknown-subject": {"RAW-UNKNOWN-SUBJECT", "SUBJECT-IN-DM"},
    "unknown-unit": {"RAW-CODE", "SPEC-EXTENSIBLE", "RESULT-UNITS"},
    "unparsable-date": {"RAW-DATE-UNPARSABLE"},
}
ELSEWHERE = {  # rules that compare columns, and point at another one than problems.csv; empty: at the whole record
    "CRITERION-WITHOUT-SERIOUS": {"serious"},
    "COMPLETION-DISAGREES": {"completed"},
    "RAW-DUPLICATE-LINE": {""},
}


def columns(problem: Problem, rule: str) -> set[str]:
    return {problem.column} | ELSEWHERE.get(rule, set())


def test_all_kinds_are_known() -> None:
    assert {problem.kind for problem in PROBLEMS} == RULES.keys()


@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda p: f"{p.file}-{p.line}-{p.kind}")
def test_each_problem_is_found(examined: Summary, problem: Problem) -> None:
    """On its file and line, in its column, with its subject and what was typed."""
    found = examined.findings
    of_kind = found[found["rule"].isin(list(RULES[problem.kind]))]
    assert len(of_kind), "no rule finds it"
    here = of_kind[(of_kind["file"] == problem.file) & (of_kind["line"] == problem.line)]
    places = of_kind[["rule", "file", "line", "column", "subject", "value"]].to_string()
    assert len(here), f"found, but not on its line:\n{places}"
    rows = (
        here[["rule", "column", "subject", "verbatim"]]
        .astype("object")
        .fillna("")
        .itertuples(index=False, name=None)
    )
    rows = list(rows)
    at_column = [row for row in rows if row[1] in columns(problem, row[0])]
    assert at_column, f"found on its line, but in another column:\n{places}"
    assert {subject for _, _, subject, _ in at_column} == {problem.subject}
    assert {typed for _, column, _, typed in at_column if column == problem.column} <= {
        problem.value
    }


def test_no_error_without_a_problem(examined: Summary) -> None:
    """Every finding of severity error is one of problems.csv."""
    errors = examined.findings[examined.findings["severity"] == "error"]
    unexplained = [
        f"{e.rule} {e.dataset} {e.subject} {e.file}:{e.line}:{e.column} {e.message}"
        for e in errors.itertuples()
        if not any(
            (p.file, p.line) == (e.file, e.line) and e.rule in RULES[p.kind] for p in PROBLEMS
        )
    ]
    assert not unexplained, "\n".join(unexplained)


def test_findings_say_where_and_what(examined: Summary) -> None:
    """A data manager can go to the cell: every error has file, line, subject and a sentence."""
    errors = examined.findings[examined.findings["severity"] == "error"]
    for column in ("file", "line", "subject", "message"):
        assert errors[column].notna().all(), errors.loc[errors[column].isna()].to_string()


def test_few_warnings(examined: Summary) -> None:
    """What is found is about the data: no rule floods the report."""
    counts = examined.findings.loc[
        examined.findings["severity"] == "warning", "rule"
    ].value_counts()
    assert counts.max() <= 5, counts.to_string()


def test_nothing_is_wrong_without_the_problems(tmp_path: Path) -> None:
    """The same trial without what was planted: warnings are of what is messy, and valid."""
    made = [sys.executable, EXAMPLE / "make_raw.py", "--clean", "--out", tmp_path / "raw"]
    subprocess.run(made, check=True)
    found = convert(tmp_path / "raw", tmp_path / "out").findings
    told = found.loc[found["severity"] != "note", ["severity", "rule", "file", "line"]]
    assert [tuple(row) for row in told.itertuples(index=False)] == [
        ("warning", "RAW-ENCODING", "adverse_events.csv", 1),
        ("warning", "AE-WITHOUT-START", "adverse_events.csv", 41),  # no start date was collected
    ]
