"""The walk on the example: everything that asks it gets the same, and no raw cell that matters is missed."""

from __future__ import annotations

import random

import pandas as pd
import pytest

from ivig_cdisc import Summary, engine, lineage, load_study, raw
from ivig_cdisc.dataset import Dataset
from ivig_cdisc.lineage import Lineage, ancestors, locate
from ivig_cdisc.output import StudyOutput, open_output

from .changed_cells import RAW, tried

CELLS = 1000
PLACE = ["form", "line", "column"]


@pytest.fixture(scope="module")
def memory() -> Lineage:
    prepared = load_study("ntr6160")
    study, plans = prepared.study, prepared.plans
    forms = raw.read(RAW, study).forms
    made: dict[str, Dataset] = {}
    for name, plan in plans.items():
        made[name] = engine.run(plan, forms, made)
    return Lineage.of(lineage.inputs(study, plans), made)


@pytest.fixture(scope="module")
def opened(converted: Summary) -> StudyOutput:
    return open_output(converted.out)


@pytest.fixture(scope="module")
def cells(memory: Lineage) -> pd.DataFrame:
    """Cells that are not missing, of internal datasets too; the same in every run.

    Those of the trial design are of the specs, not of raw forms.
    """
    study = load_study("ntr6160").study
    present = [
        (name, int(row), str(variable))
        for name, frame in memory.frames.items()
        if not study.dataset(name).per_study
        for variable in frame
        for row in frame.index[frame[variable].notna()]
    ]
    chosen = random.Random(6160).sample(present, CELLS)
    return pd.DataFrame(chosen, columns=["dataset", "row", "variable"])


def places(found: pd.DataFrame) -> set[tuple[object, ...]]:
    return set(found[["cell", *PLACE]].itertuples(index=False, name=None))


def test_the_cell_to_look_at_is_one_of_the_ancestors(memory: Lineage, cells: pd.DataFrame) -> None:
    near = locate(memory, cells)
    assert near["form"].notna().all()
    told = near.dropna(subset=["column"]).rename_axis("cell").reset_index()
    assert len(told) > 0.9 * CELLS  # the rest are constants: the record as a whole
    assert places(told) <= places(ancestors(memory, cells))


def test_an_output_opened_again_knows_the_same(
    memory: Lineage, opened: StudyOutput, cells: pd.DataFrame
) -> None:
    pd.testing.assert_frame_equal(locate(memory, cells), locate(opened.lineage, cells))
    pd.testing.assert_frame_equal(ancestors(memory, cells), ancestors(opened.lineage, cells))


def test_another_record_of_the_group_gives_its_value(opened: StudyOutput) -> None:
    """The days since the cycle before are one date less another."""
    cycles = opened.datasets["CYCLE"].frame
    row = cycles.index[cycles["USUBJID"].eq("NTR6160-01-003") & cycles["CYCLE"].eq("3")]
    found = ancestors(
        opened.lineage, pd.DataFrame({"dataset": "CYCLE", "row": row, "variable": "PREVDAYS"})
    )
    given = found[found["is_value"] & found["column"].eq("infusion_date")]
    assert {22, 23} <= set(given["line"])  # 2017-07-03 and 2017-08-02


def test_the_walk_goes_through_steps_that_cannot_be_made_again(opened: StudyOutput) -> None:
    """EXPOSURE is made of raw records and not written; its edges are."""
    assert "EXPOSURE" not in opened.datasets
    row = opened.datasets["DM"].frame.index[opened.datasets["DM"].frame["SUBJID"].eq("01-001")]
    near = locate(
        opened.lineage, pd.DataFrame({"dataset": "DM", "row": row, "variable": "RFXENDTC"})
    )
    assert near.iloc[0].tolist() == ["infusions", 2, "infusion_date"]


def test_cells_that_are_not_there_have_no_ancestors(memory: Lineage) -> None:
    cells = pd.DataFrame(
        {"dataset": ["XX", "DM", "DM"], "row": [0, 10**6, None], "variable": ["X", "SEX", "SEX"]}
    )
    assert ancestors(memory, cells).empty
    assert locate(memory, cells).isna().all(axis=None)


def test_the_order_of_cells_and_their_number_at_once_do_not_matter(
    memory: Lineage, cells: pd.DataFrame
) -> None:
    some = cells.iloc[:300]
    backwards = ancestors(memory, some.iloc[::-1])
    pd.testing.assert_frame_equal(
        ancestors(memory, some),
        backwards.sort_values(["cell", *PLACE], ignore_index=True),
        check_like=True,
    )


def test_no_raw_cell_that_changes_a_cell_is_missed() -> None:
    counts = tried(2)
    assert counts.tried == 46  # a cell of each of 23 subjects, twice
    assert counts.changed > 200
    assert not counts.missed
