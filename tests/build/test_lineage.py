"""Edges walked back: from any cell to the raw cell, and what ADaM says of its sources."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from ivig_cdisc import build
from ivig_cdisc.build import lineage

from .conftest import Trial
from .small import same, table


def located(trial: Trial, *cells: tuple[str, int, str | None]) -> list[str]:
    """The raw cell behind each cell, as `form line column`."""
    study = trial.load()
    origins = {name: plan.origins for name, plan in build.bind(study)[0].items()}
    wanted = pd.DataFrame(list(cells), columns=["dataset", "row", "variable"], index=range(10, 10 + len(cells)))
    found = lineage.locate(wanted, trial.build(study), origins)
    assert found.index.equals(wanted.index)
    text = found.astype("object").where(found.notna(), ".")
    return [" ".join(map(str, cell)) for cell in text.itertuples(index=False)]


def test_locate(trial: Trial) -> None:
    cells = {
        ("VS", 1, "VSORRES"): "vitals 4 sbp",  # melted: its own column
        ("VS", 4, "VSORRES"): "vitals 2 dbp",
        ("VS", 4, "VSSTRESN"): "vitals 2 dbp",  # by way of VSSTRESC and VSORRES
        ("VS", 4, "VSTESTCD"): "vitals 2 dbp",
        ("VS", 0, "VSREASND"): "vitals 3 dbp",
        ("VS", 1, "VSDTC"): "vitals 4 date",  # beside the melted columns
        ("VS", 1, "USUBJID"): "vitals 4 subject",
        ("VS", 1, "VSDY"): "vitals 4 date",  # of date and reference the first
        ("VS", 3, "VSORRES"): "doses 3 weight",  # the other branch of the stack, renamed there
        ("VS", 3, "VSDTC"): "doses 3 date",
        ("DM", 0, "RFSTDTC"): "doses 3 date",  # joined, summarized, of an internal dataset: one of several
        ("DM", 2, "SITEID"): "subjects 4 site",
        ("ADVS", 1, "AVAL"): "vitals 4 sbp",  # VS
        ("ADVS", 4, "AVAL"): "vitals 4 sbp",  # LOWEST, VS
        ("ADVS", 12, "AVAL"): "vitals 2 sbp",  # HIGHEST, VS
        ("ADVS", 7, "AVAL"): "doses 3 weight",
        ("ADVS", 1, "SITEID"): "subjects 3 site",
        ("ADVS", 1, "USUBJID"): "vitals 4 subject",
    }
    assert dict(zip(cells, located(trial, *cells), strict=True)) == cells


def test_locate_a_record_as_a_whole(trial: Trial) -> None:
    assert located(trial, ("DM", 0, None), ("VS", 3, None)) == ["subjects 3 .", "doses 3 ."]


def test_locate_where_there_is_nothing(trial: Trial) -> None:
    assert located(trial, ("DM", 99, "SEX"), ("vitals", 2, "sbp"), ("XX", 0, "X")) == [". . .", ". . .", ". . ."]


def test_locate_nothing(trial: Trial) -> None:
    study = trial.load()
    cells = pd.DataFrame({"dataset": [], "row": [], "variable": []})
    assert lineage.locate(cells, trial.build(study), {}).empty


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
    assert frame.groupby("PARAMCD")["SRCVAR"].unique().map(list).to_dict() == {"DAY": ["VSDY"], "RESULT": ["VSSTRESN"]}


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
    assert frame.groupby("PARAMCD")["SRCVAR"].unique().map(list).to_dict() == {"DAY": ["VSDY"], "RESULT": ["VSSTRESN"]}
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
    none = lineage.edges(pd.Index([], dtype="int64"), "form", np.array([]), "take")
    assert lineage.concat([none, none]).empty
    assert lineage.settle(none).empty


def test_renumber_drops_rows_that_are_gone() -> None:
    known = lineage.edges(pd.Index([4, 2, 9]), "form", np.array([40, 20, 90]), "take")
    found = lineage.renumber(known, pd.Index([9, 4]), np.array([0, 1]))
    assert list(zip(found["row"], found["source_row"], strict=True)) == [(1, 40), (0, 90)]


@pytest.mark.parametrize(("order", "expected"), [([0, 1], ["take", "join"]), ([1, 0], ["take", "join"])])
def test_settle_puts_what_was_taken_before_what_was_joined(order: list[int], expected: list[str]) -> None:
    index = pd.Index([0])
    parts = [lineage.edges(index, "form", np.array([5]), "take"), lineage.edges(index, "DM", np.array([6]), "join")]
    assert lineage.settle(lineage.concat([parts[i] for i in order]))["verb"].tolist() == expected
