"""Visits that were planned, visits that were not, and analysis windows."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivig_cdisc.derive import visits

from .samples import number, text
from .test_dates import values

PLAN = {
    "W3": {"name": "WEEK 3", "number": 2, "day": 22},  # not in the order of their days
    "BL": {"name": "BASELINE", "number": 1, "day": 1},
    "W6": {"name": "WEEK 6", "number": 3, "day": 43},
}
WINDOWS = [
    {"name": "Week 3", "number": 3, "target": 22, "low": 12, "high": 32},
    {"name": "Week 6", "number": 6, "target": 43, "low": 33, "high": 53},
]


@pytest.mark.parametrize(
    ("visit", "day", "expected"),
    [
        ("BL", 1, 1),
        ("W3", 43, 2),  # planned: whenever it was
        ("W3", None, 2),
        ("UNS", 1, 1.001),
        ("UNS", 21, 1.021),
        ("UNS", 22, 2.001),
        ("UNS", 42, 2.021),
        ("UNS", 43, 3.001),
        ("UNS", 500, 3.458),
        ("UNS", -1, 0.999),  # before the first: counted down from it
        ("UNS", -20, 0.98),
        ("UNS", None, None),
        ("W7", 50, None),
        (None, 50, None),
    ],
)
def test_visit_number(visit: str | None, day: float | None, expected: float | None) -> None:
    assert values(visits.visit_number(text(visit), number(day), PLAN, "UNS")) == [expected]


LONG = {
    "BL": {"name": "BASELINE", "number": 1, "day": 1},
    "Y1": {"name": "YEAR 1", "number": 2, "day": 22},
    "Y5": {"name": "YEAR 5", "number": 3, "day": 1800},
    "Y60": {"name": "YEAR 60", "number": 3.5, "day": 21900},
}
SCREENED = {
    "SCR": {"name": "SCREENING", "number": 1, "day": -14},
    "BL": {"name": "BASELINE", "number": 2, "day": 1},
}
LATE = {
    "W3": {"name": "WEEK 3", "number": 2, "day": 22},
    "W6": {"name": "WEEK 6", "number": 3, "day": 43},
}


@pytest.mark.parametrize(
    ("plan", "day", "expected"),
    [
        (LONG, 21, 1.021),  # a gap of 21 days: thousandths
        (LONG, 23, 2.0002),  # one of 1778 days: ten thousandths from its first day on
        (LONG, 1021, 2.1),
        (LONG, 1190, 2.1169),
        (LONG, 1799, 2.1778),
        (LONG, 1800, 3.00001),  # 20100 days until a number that is half a visit away
        (LONG, 21899, 3.201),
        (LONG, 21900, 3.501),  # nothing is planned after it
        (LONG, 30000, 11.601),
        (SCREENED, -20, 0.98),
        (SCREENED, -1, 1.014),
        (SCREENED, 1, 2.001),
        (LATE, -1, 1.999),
        (LATE, 1, 1.99979),  # after day -1 and before the first planned visit
        (LATE, 21, 1.99999),
        ({}, 5, None),
    ],
)
def test_unscheduled_visits_of_long_studies(plan: dict, day: float, expected: float | None) -> None:
    assert values(visits.visit_number(text("UNS"), number(day), plan, "UNS")) == [expected]


PLANNED_DAYS = st.lists(st.integers(-400, 8000).filter(bool), min_size=1, max_size=6, unique=True)
STEPS = st.lists(st.sampled_from([0.5, 1.0, 10.0]), min_size=6, max_size=6)


@given(
    days=PLANNED_DAYS,
    steps=STEPS,
    seen=st.lists(st.integers(-900, 12000).filter(bool), min_size=2, max_size=30),
)
def test_unscheduled_numbers_rise_with_the_day_and_meet_no_planned_one(
    days: list[int], steps: list[float], seen: list[int]
) -> None:
    numbers = np.cumsum(steps)
    plan = {
        f"V{i}": {"name": "V", "number": float(numbers[i]), "day": day}
        for i, day in enumerate(sorted(days))
    }
    ordered = sorted({*seen, *days, *(day - 1 or -1 for day in days)})
    found = visits.visit_number(
        text("UNS").repeat(len(ordered)).reset_index(drop=True), number(*ordered), plan, "UNS"
    )
    assert found.is_monotonic_increasing
    assert found.is_unique
    assert not set(found) & {visit["number"] for visit in plan.values()}
    for visit in plan.values():
        before = found[np.array(ordered) < visit["day"]]
        assert (
            before.empty
            or before.max() < visit["number"] < found[np.array(ordered) >= visit["day"]].min()
        )


def test_numbers_that_do_not_follow_the_days_are_not_met_either() -> None:
    plan = {
        f"V{i}": {"name": "V", "number": i, "day": day} for i, day in ((2, 1), (1, 500), (3, 9000))
    }
    days = [day for day in range(-3000, 12000) if day]
    found = visits.visit_number(
        text("UNS").repeat(len(days)).reset_index(drop=True), number(*days), plan, "UNS"
    )
    assert not set(found) & {1.0, 2.0, 3.0}


@pytest.mark.parametrize(
    ("visit", "number_", "expected"),
    [
        ("BL", 1, "BASELINE"),
        ("UNS", 2.009, "UNSCHEDULED 2.009"),
        ("UNS", 2.01, "UNSCHEDULED 2.01"),
        ("UNS", 2.00017, "UNSCHEDULED 2.00017"),
        ("UNS", None, "UNSCHEDULED"),
        ("W7", None, "W7"),  # not planned: as collected
        (None, None, None),
    ],
)
def test_visit_name(visit: str | None, number_: float | None, expected: str | None) -> None:
    assert values(visits.visit_name(text(visit), number(number_), PLAN, "UNS")) == [expected]


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (11, None),
        (12, 3),
        (32, 3),
        (33, 6),
        (53, 6),
        (54, None),
        (-12, None),
        (1, None),
        (None, None),
    ],
)
def test_window(day: float | None, expected: float | None) -> None:
    assert values(visits.window(number(day), WINDOWS)) == [expected]


def test_names_and_facts_of_windows() -> None:
    numbers = number(0, 3, 6, 9, None)
    assert values(visits.window_name(numbers, WINDOWS, "Baseline")) == [
        "Baseline",
        "Week 3",
        "Week 6",
        None,
        None,
    ]
    assert values(visits.window_name(numbers, WINDOWS)) == [None, "Week 3", "Week 6", None, None]
    assert values(visits.window_fact(numbers, WINDOWS, "low")) == [None, 12, 33, None, None]


@pytest.mark.parametrize(
    ("days", "dates", "expected"),
    [
        ([20, 22], ["a", "a"], [None, "Y"]),
        ([20, 24], ["a", "b"], [None, "Y"]),  # as far away: the later one
        ([24, 20], ["b", "a"], ["Y", None]),
        ([20, 24], ["b", "a"], ["Y", None]),  # later is what the order says
        ([22, 22], ["a", "a"], ["Y", None]),  # alike in everything: the one that stands first
        ([22, 22], [None, "a"], [None, "Y"]),  # no time: not the later one
        ([22, None], ["a", "b"], ["Y", None]),
        ([None, None], ["a", "b"], [None, None]),
    ],
)
def test_analysed(
    days: list[float | None], dates: list[str | None], expected: list[str | None]
) -> None:
    found = visits.analysed([text("s", "s")], number(3, 3), number(*days), WINDOWS, [text(*dates)])
    assert values(found) == expected


@pytest.mark.parametrize("order", [number(1, None), text("a", None)])
def test_analysed_what_is_missing_is_earlier(order: pd.Series) -> None:
    found = visits.analysed([text("s", "s")], number(3, 3), number(22, 22), WINDOWS, [order])
    assert values(found) == ["Y", None]


def test_analysed_by_group_and_window() -> None:
    group, window = text("a", "b", "a", "a", "a", "a"), number(3, 3, 6, 0, 0, None)
    found = visits.analysed(
        [group], window, number(20, 20, 40, -3, -2, 80), WINDOWS, [number(1, 2, 3, 4, 5, 6)]
    )
    assert values(found) == ["Y", "Y", "Y", "Y", "Y", None]  # each baseline is taken as it is


@pytest.mark.parametrize(
    ("visit", "stated", "day"),
    [
        ("W3", 2, 22),
        ("Unscheduled 13.1", 13.1, None),
        ("Unscheduled 4", 4, None),
        ("Unscheduled", None, None),
        ("Visit4", None, None),  # a number in a word is no number of a visit
        ("Week 2 Day 1.5a", None, None),
        (None, None, None),
    ],
)
def test_named_visit(visit: str | None, stated: float | None, day: float | None) -> None:
    assert values(visits.named_visit_number(text(visit), PLAN)) == [stated]
    assert values(visits.visit_day(text(visit), PLAN)) == [day]


def test_the_plan_wins_over_the_name() -> None:
    plan = {"Week 26": {"number": 13}}  # and it has no planned day
    assert values(visits.named_visit_number(text("Week 26"), plan)) == [13]
    assert values(visits.visit_day(text("Week 26"), plan)) == [None]
