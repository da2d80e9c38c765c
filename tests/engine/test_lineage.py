"""Edges, and what ADaM says of the sources of its records."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from ivig_cdisc.engine import row_parents

from .conftest import Trial
from .small import same, table


def test_sources_of_an_analysis_dataset(trial: Trial) -> None:
    advs = trial.build()["ADVS"].frame
    shown = advs.loc[[1, 3, 4, 5, 7], ["PARAMCD", "DTYPE", "AVAL", "SRCDOM", "SRCVAR", "SRCSEQ"]]
    expected = table(
        """
           PARAMCD DTYPE   AVAL SRCDOM SRCVAR   SRCSEQ
         1 SYSBP   .       118  VS     VSSTRESN 2
         3 SYSBP   MAXIMUM 121  .      .        .
         4 SYSBP   MINIMUM 118  VS     VSSTRESN 2
         5 WEIGHT  .       78.5 VS     VSSTRESN 4
         7 WEIGHT  MINIMUM 78.5 VS     VSSTRESN 4
        """,  # a record made of many has no source record; a step on the way hands on what it was told
        numbers=["AVAL", "SRCSEQ"],
    )
    same(shown, expected)


def test_source_variable_of_each_branch(trial: Trial) -> None:
    """One source in two branches, under two names."""
    trial.write(
        "adam/adtwo.yaml",
        """\
dataset: ADTWO
structure: BDS
label: Two
keys: [USUBJID, PARAMCD, SRCSEQ]
rows:
  - stack:
      - {take: VS, rename: {value: VSSTRESN}, set: {PARAMCD: RESULT}}
      - {take: VS, rename: {value: VSDY}, set: {PARAMCD: DAY}}
variables:
  USUBJID: {}
  PARAMCD: {}
  AVAL: {from: value}
  SRCVAR: {derive: source_variable, from: {of: AVAL}}
  SRCSEQ: {derive: source_sequence, from: {of: AVAL}}
""",
    )
    frame = trial.build()["ADTWO"].frame
    assert frame.groupby("PARAMCD")["SRCVAR"].unique().map(list).to_dict() == {
        "DAY": ["VSDY"],
        "RESULT": ["VSSTRESN"],
    }


def test_source_variable_of_melted_columns(trial: Trial) -> None:
    trial.write(
        "adam/admelt.yaml",
        """\
dataset: ADMELT
structure: BDS
label: Melted
keys: [USUBJID, PARAMCD, VSSEQ]
rows:
  - take: VS
  - melt: {columns: {VSSTRESN: RESULT, VSDY: DAY}, name: test, value: value}
variables:
  USUBJID: {}
  VSSEQ: {}
  PARAMCD: {from: test}
  AVAL: {derive: number, from: {value: value}}
  SRCDOM: {derive: source_dataset, from: {of: AVAL}}
  SRCVAR: {derive: source_variable, from: {of: AVAL}}
  SRCSEQ: {derive: source_sequence, from: {of: AVAL}}
""",
    )
    frame = trial.build()["ADMELT"].frame
    assert frame.groupby("PARAMCD")["SRCVAR"].unique().map(list).to_dict() == {
        "DAY": ["VSDY"],
        "RESULT": ["VSSTRESN"],
    }
    assert (frame["SRCSEQ"] == frame["VSSEQ"]).all()


def test_sources_after_a_stack_and_a_summary(trial: Trial) -> None:
    trial.write(
        "adam/adsum.yaml",
        """\
dataset: ADSUM
structure: BDS
label: Summarized
keys: [USUBJID, PARAMCD]
rows:
  - stack: [{take: VS, where: {VSTESTCD: [SYSBP]}}, {take: VS, where: {VSTESTCD: [WEIGHT]}}]
  - summarize: {by: [USUBJID, VSTESTCD], take: {high: {max: VSSTRESN}}}
variables:
  USUBJID: {}
  PARAMCD: {from: VSTESTCD}
  AVAL: {from: high}
  SRCVAR: {derive: source_variable, from: {of: AVAL}}
  SRCSEQ: {derive: source_sequence, from: {of: AVAL}}
""",
    )
    expected = table(
        """
           USUBJID PARAMCD AVAL SRCVAR   SRCSEQ
         0 T-S1    SYSBP   121  .        .
         1 T-S1    WEIGHT  78.5 VSSTRESN 4
         2 T-S2    SYSBP   140  VSSTRESN 2
         3 T-S9    SYSBP   111  VSSTRESN 1
        """,  # a summary of one record is that record's
        numbers=["AVAL", "SRCSEQ"],
    )
    same(trial.build()["ADSUM"].frame, expected)


# ---------------------------------------------------------------- edges themselves
def test_edges_of_nothing() -> None:
    none = row_parents.edges(pd.Index([], dtype="int64"), "form", np.array([]), "take")
    assert row_parents.concat([none, none]).empty
    assert row_parents.settle(none).empty


def test_renumber_drops_rows_that_are_gone() -> None:
    known = row_parents.edges(pd.Index([4, 2, 9]), "form", np.array([40, 20, 90]), "take")
    found = row_parents.renumber(known, pd.Index([9, 4]), np.array([0, 1]))
    assert list(zip(found["row"], found["source_row"], strict=True)) == [(1, 40), (0, 90)]


@pytest.mark.parametrize(
    ("order", "expected"), [([0, 1], ["take", "join"]), ([1, 0], ["take", "join"])]
)
def test_settle_puts_what_was_taken_before_what_was_joined(
    order: list[int], expected: list[str]
) -> None:
    index = pd.Index([0])
    taken = row_parents.edges(index, "form", np.array([5]), "take")
    parts = [taken, row_parents.edges(index, "DM", np.array([6]), "join")]
    assert (
        row_parents.settle(row_parents.concat([parts[i] for i in order]))["verb"].tolist()
        == expected
    )
