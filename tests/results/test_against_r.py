"""R's figures for an invented trial of 19 subjects and for some proportions: tests/data, made by survival_by_r.R there."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from ivig_cdisc.results import Curve, kaplan_meier, proportion, quantiles, survival_at

DATA = Path(__file__).parents[1] / "data"
GROUPS = ["all", "A", "B"]
TIMES = [2, 3, 9, 10, 15]  # before the first event, at one, between two, at the last of B


def by_r(name: str, group: str) -> pd.DataFrame:
    table = pd.read_csv(DATA / f"survival_{name}.csv")
    return table[table["group"].eq(group)].drop(columns="group").reset_index(drop=True)


def curve(group: str) -> Curve:
    trial = pd.read_csv(DATA / "trial.csv")
    if group != "all":
        trial = trial[trial["arm"].eq(group)]
    return kaplan_meier(trial["week"], trial["event"].eq(1))


def equal(ours: pd.DataFrame, theirs: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(
        ours, theirs[list(ours)], check_dtype=False, rtol=1e-12, atol=1e-12
    )


@pytest.mark.parametrize("group", GROUPS)
def test_estimates(group: str) -> None:
    """Limits are missing where all or none are left, as R has them."""
    equal(pd.DataFrame(vars(curve(group))), by_r("estimates", group))


@pytest.mark.parametrize("group", GROUPS)
def test_quantiles(group: str) -> None:
    found = quantiles(curve(group))
    equal(pd.DataFrame([vars(one) for one in found]), by_r("quantiles", group))


@pytest.mark.parametrize("group", GROUPS)
def test_at_times(group: str) -> None:
    found = survival_at(curve(group), TIMES)
    equal(pd.DataFrame([vars(one) for one in found]), by_r("at_times", group))


def test_clopper_pearson() -> None:
    theirs = pd.read_csv(DATA / "proportions.csv")
    pairs = theirs[["responders", "subjects"]].itertuples(index=False)
    ours = pd.DataFrame([vars(proportion(x, n)) for x, n in pairs])
    equal(ours, theirs)


def test_the_version_of_r_is_known() -> None:
    lines = (DATA / "r_version.txt").read_text("utf-8").splitlines()
    assert lines[0].startswith("R version ")
    assert lines[1].startswith("survival ")
