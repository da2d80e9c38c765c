"""Expressions in the YAML: what is wrong with one is told with file, line and column."""

from __future__ import annotations

from pathlib import Path

import pytest

from ivig_cdisc.metadata.document import read
from ivig_cdisc.metadata.shape import shape
from ivig_cdisc.metadata.source import DatasetSource

DATASET = """\
dataset: X
internal: true
keys: [USUBJID]
rows:
  - take: DM
    WHERE
variables:
  USUBJID: {}
  VARIABLE
"""


def told(folder: Path, where: str = "set: {}", variable: str = "A: {}") -> list[str]:
    """What is wrong: line, column, path and reason."""
    file = folder / "x.yaml"
    file.write_text(DATASET.replace("WHERE", where).replace("VARIABLE", variable), "utf-8")
    document = read(file)
    shape(document, DatasetSource)
    return [f"{one.line}:{one.column}: {one.path}: {one.reason}" for one in document.problems]


@pytest.mark.parametrize(
    ("where", "problem"),
    [
        (
            "where: SEX == 'F'",
            "6:16: rows.1.where: character 5: == is not of the language: equal is written =",
        ),
        (
            'where: "SEX = F and"',
            "6:24: rows.1.where: character 12: the expression is not complete",
        ),
        (  # where a quote is doubled, a character has no column of its own
            "where: 'SEX = ''F'' and'",
            "6:0: rows.1.where: character 14: the expression is not complete",
        ),
        (
            "where: [SEX]",
            "6:0: rows.1.where: should be a condition, or entries of the form column: values",
        ),
    ],
)
def test_conditions(tmp_path: Path, where: str, problem: str) -> None:
    assert told(tmp_path, where) == [problem]


@pytest.mark.parametrize(
    ("variable", "problems"),
    [
        (
            "A: {compute: AGE + mx(AGE, 1)}",
            [
                "9:28: variables.A.compute: character 13: the expression is not complete",
                "9:0: variables.A.1): is cut off by a comma: quote an expression that has one between braces",
            ],
        ),
        (
            "A: {compute: 'AGE + mx(AGE, 1)'}",
            ["9:23: variables.A.compute: character 7: there is no function mx (did you mean max?)"],
        ),
        (
            "A: {cases: [{when: AGE > 1}]}",
            [
                "9:0: variables.A.cases.1: a case is {when: condition, value: X}, with from or compute in place of value; the last may be {otherwise: X}"
            ],
        ),
        (
            "A: {cases: [{when: AGE >, value: 1}]}",
            ["9:27: variables.A.cases.1.when: character 6: the expression is not complete"],
        ),
    ],
)
def test_variables(tmp_path: Path, variable: str, problems: list[str]) -> None:
    assert told(tmp_path, variable=variable) == problems
