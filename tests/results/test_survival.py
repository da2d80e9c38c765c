"""Kaplan-Meier by hand and against quartiles that R made (quantiles_by_r.R, kept beside)."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ivig_cdisc.results import Quantile, kaplan_meier, quantiles, survival_at

NAN = float("nan")


def median(time: list[float], event: list[int]) -> Quantile:
    (result,) = quantiles(kaplan_meier(time, event), [0.5])
    return result


def test_curve_with_ties() -> None:
    curve = kaplan_meier([4, 2, 2, 4, 6], [1, 1, 0, 0, 1])
    assert curve.time.tolist() == [2, 4, 6]
    assert curve.at_risk.tolist() == [5, 3, 1]  # who is censored at 2 was still at risk at 2
    assert curve.events.tolist() == [1, 1, 1]
    assert curve.censored.tolist() == [1, 1, 0]
    assert curve.survival.tolist() == pytest.approx([4 / 5, 4 / 5 * 2 / 3, 0])
    assert np.isnan(
        [curve.lower[-1], curve.upper[-1]]
    ).all()  # no log-log interval where nobody is left


def test_limits_by_hand() -> None:
    curve = kaplan_meier([1, 2], [1, 0])  # S = 1/2, Greenwood: var(log S) = 1 / (2 * 1)
    spread = 1.959963984540054 * np.sqrt(0.5) / np.log(2)
    assert curve.lower[0] == pytest.approx(0.5 ** np.exp(spread))
    assert curve.upper[0] == pytest.approx(0.5 ** np.exp(-spread))


def test_all_censored_reaches_nothing() -> None:
    curve = kaplan_meier([1, 2, 3], [0, 0, 0])
    assert curve.survival.tolist() == [1, 1, 1]
    for quartile in quantiles(curve):
        assert np.isnan([quartile.estimate, quartile.lower, quartile.upper]).all()


@pytest.mark.parametrize(
    ("time", "event", "expected"),
    [
        ([1, 2, 3], [1, 1, 1], 2),
        ([1, 2, 3, 4], [1, 1, 1, 1], 2.5),  # S(2) = 0.5 exactly: midway to the next event
        ([1, 2, 3, 4, 9], [1, 1, 0, 1, 1], 4),
        (
            [1, 2, 3, 4, 5, 6],
            [1, 1, 1, 0, 0, 1],
            4.5,
        ),  # S(3) = 0.5: censored times between do not end the stretch
        (
            [1, 2, 8, 10],
            [1, 1, 0, 0],
            6,
        ),  # S(2) = 0.5 and flat to the end: midway to the last follow-up
        ([1, 2], [1, 0], 1.5),
        ([1, 1, 2, 2], [1, 1, 0, 0], 1.5),  # the same with ties
        ([5], [1], 5),
        ([1, 2, 3, 4], [1, 0, 0, 0], NAN),
    ],
)
def test_median(time: list[float], event: list[int], expected: float) -> None:
    assert median(time, event).estimate == pytest.approx(expected, nan_ok=True)


def test_product_of_fractions_that_is_one_half() -> None:
    time, event = (
        [1, 2, 3, 4, 5, 6, 7],
        [0, 1, 1, 1, 1, 0, 0],
    )  # 5/6 * 4/5 * 3/4 = 1/2, not so in binary
    assert median(time, event).estimate == 4.5


def test_order_of_subjects_does_not_matter() -> None:
    time, event = [22, 22, 43, 15, 64, 64, 43], [1, 1, 1, 0, 1, 0, 0]
    forwards, backwards = (
        quantiles(kaplan_meier(time, event)),
        quantiles(kaplan_meier(time[::-1], event[::-1])),
    )
    assert repr(forwards) == repr(backwards)  # as text, because NaN equals nothing


def test_quartiles_equal_r() -> None:
    answers = pd.read_csv(Path(__file__).with_name("quantiles_by_r.csv"))
    for answer in answers.to_dict("records"):
        time, event = ([float(x) for x in str(answer[name]).split()] for name in ("time", "event"))
        ours = [
            number
            for q in quantiles(kaplan_meier(time, event))
            for number in (q.estimate, q.lower, q.upper)
        ]
        assert ours == pytest.approx(list(answer.values())[2:], nan_ok=True), answer


def test_at_times() -> None:
    before, between, last, after = survival_at(kaplan_meier([2, 4, 4], [1, 1, 0]), [1, 3, 4, 5])
    assert (before.at_risk, before.survival, before.lower, before.upper) == (3, 1, 1, 1)
    assert (between.at_risk, between.survival) == (2, pytest.approx(2 / 3))
    assert (last.at_risk, last.survival) == (2, pytest.approx(1 / 3))
    assert after.at_risk == 0
    assert np.isnan(
        [after.survival, after.lower, after.upper]
    ).all()  # nobody was watched after day 4


@pytest.mark.parametrize(
    ("time", "event", "message"),
    [
        ([1, NAN], [1, 0], "missing"),
        ([1, float("inf")], [1, 0], "missing"),
        ([1, 2], [1, NAN], "missing"),
        ([1, 2], [1, None], "missing"),
        ([1, 2], [1, 2], "true or false"),  # a CNSR of 2 handed over as the event
        ([1, 2], [1], "one length"),
        ([], [], "at least one"),
    ],
)
def test_bad_input_raises(time: list[float], event: list[float], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        kaplan_meier(time, event)
