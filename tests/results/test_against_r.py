"""R's answers for an invented 19-subject trial, read from beside the checkout where they are there."""

from pathlib import Path

import pandas as pd
import pytest

from ivig_cdisc.results import Curve, kaplan_meier, proportion, quantiles, survival_at

SHARED = Path(__file__).parents[2] / ".." / "shared" / "data" / "survival"
STRATA = ["ALL", "A", "B"]

pytestmark = pytest.mark.skipif(
    not SHARED.is_dir(), reason="../shared/data/survival is not beside this checkout"
)


def answers(name: str, strata: str) -> pd.DataFrame:
    table = pd.read_csv(SHARED / f"km19_{name}.csv", skipinitialspace=True)
    if "conftype" in table:
        table = table[table["conftype"].eq("log-log")]
    return table[table["strata"].eq(strata)]


def curve(strata: str) -> Curve:
    subjects = pd.read_csv(SHARED / "km19_input.csv")
    if strata != "ALL":
        subjects = subjects[subjects["TRTP"].eq(strata)]
    return kaplan_meier(subjects["AVAL_WK"], subjects["CNSR"].eq(0))


def equal(ours: pd.DataFrame, theirs: pd.DataFrame) -> None:
    theirs = theirs[list(ours)].reset_index(drop=True)
    pd.testing.assert_frame_equal(ours, theirs, check_dtype=False, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("strata", STRATA)
def test_estimates(strata: str) -> None:
    names = {"at_risk": "n.risk", "events": "n.event", "censored": "n.censor", "survival": "surv"}
    equal(pd.DataFrame(vars(curve(strata))).rename(columns=names), answers("estimates", strata))


@pytest.mark.parametrize("strata", STRATA)
def test_quantiles(strata: str) -> None:
    names = {"probability": "prob", "estimate": "est"}
    equal(
        pd.DataFrame(map(vars, quantiles(curve(strata)))).rename(columns=names),
        answers("quantiles", strata),
    )


@pytest.mark.parametrize("strata", STRATA)
def test_at_times(strata: str) -> None:
    theirs = answers("at_times", strata)
    points = survival_at(curve(strata), theirs["time"].tolist())
    equal(
        pd.DataFrame(map(vars, points)).rename(columns={"at_risk": "n.risk", "survival": "surv"}),
        theirs,
    )


def test_clopper_pearson() -> None:
    theirs = pd.read_csv(SHARED / "km19_clopper_pearson.csv", skipinitialspace=True)
    ours = pd.DataFrame(
        [vars(proportion(int(x), int(n))) for x, n in zip(theirs["x"], theirs["n"], strict=True)]
    )
    equal(ours.rename(columns={"responders": "x", "subjects": "n", "estimate": "est"}), theirs)
