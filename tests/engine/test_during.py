"""Dates of ISO 8601 text in intervals of such text: literal cases, and against a plain definition."""

from __future__ import annotations

import random
import re

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivig_cdisc.engine import matching
from ivig_cdisc.engine.matching import Matching, pairs

LONG_AGO, DAY, DOSE = "2018-04-26", "2018-05-03", "2018-05-03T09:30"
END = "2018-07-26"
Dated = tuple[str | None, str | None]
Spanned = tuple[str | None, str | None, str | None]
HOW = Matching({"subject": "subject"}, during=[("date", "start", "end")])


def dates(*values: str | None) -> pd.DataFrame:
    date = pd.Series(values, dtype="str")
    return pd.DataFrame({"subject": "S1", "date": date}).astype({"subject": "str"})


def elements(*values: tuple[str | None, str | None]) -> pd.DataFrame:
    frame = pd.DataFrame(list(values), columns=["start", "end"], dtype="str")
    return frame.assign(subject=pd.Series("S1", frame.index, dtype="str"))


@pytest.mark.parametrize(
    ("date", "start", "end", "holds"),
    [
        # both ends are included
        (LONG_AGO, LONG_AGO, DAY, True),
        (DAY, LONG_AGO, DAY, True),
        ("2018-04-25", LONG_AGO, DAY, False),
        ("2018-05-04", LONG_AGO, DAY, False),
        ("2018-05-03", DAY, DAY, True),
        # a day without a time has a part in both intervals that share it
        (DAY, LONG_AGO, DOSE, True),
        (DAY, DOSE, END, True),
        # so has a time where the ends have none
        ("2018-05-03T23:59", LONG_AGO, DAY, True),
        ("2018-05-03T00:00", DAY, END, True),
        # times are compared as far as both are known
        ("2018-05-03T09:29", LONG_AGO, DOSE, True),
        ("2018-05-03T09:30", LONG_AGO, DOSE, True),
        ("2018-05-03T09:31", LONG_AGO, DOSE, False),
        ("2018-05-03T09:29", DOSE, END, False),
        ("2018-05-03T09:30", DOSE, END, True),
        ("2018-05-03T09", DOSE, END, True),
        ("2018-05-03T08", DOSE, END, False),
        ("2018-05-03T09:30:15", "2018-05-03T09:30:20", END, False),
        ("2018-05-03T09:30", "2018-05-03T09:30:20", END, True),
        ("2018-05-03T-:30", DOSE, END, True),
        # two offsets from UTC are compared in UTC, one alone is not
        ("2018-05-03T09:00+02:00", "2018-05-03T08:00Z", END, False),
        ("2018-05-03T10:00+02:00", "2018-05-03T08:00Z", END, True),
        ("2018-05-03T09:00+02:00", "2018-05-03T08:00", END, True),
        # a date that is not known to the day is in no interval
        ("2018-05", LONG_AGO, END, False),
        ("2018", "2017", "2019", False),
        ("2018---03", LONG_AGO, END, False),
        ("2018-05--T09:30", LONG_AGO, END, False),
        ("--05-03", LONG_AGO, END, False),
        (None, LONG_AGO, END, False),
        (None, LONG_AGO, None, False),
        ("UNKNOWN", LONG_AGO, END, False),
        ("2018-05-03T99", LONG_AGO, END, False),
        ("2018-05-32", LONG_AGO, END, False),
        # ends may be: it is what can be that counts
        (DAY, "2018-05", END, True),
        (DAY, "2018", END, True),
        (DAY, "2018-06", END, False),
        (DAY, LONG_AGO, "2018-05", True),
        (DAY, LONG_AGO, "2018-04", False),
        (DAY, "2018---03", END, True),
        ("2018-01-02", "2018---03", END, False),
        # a missing start holds nothing, a missing end is open; no date, or none with a year, is none
        (DAY, None, END, False),
        (DAY, "--05-01", END, False),
        (DAY, "UNKNOWN", END, False),
        (DAY, LONG_AGO, None, True),
        (DAY, LONG_AGO, "--05-01", True),
        (DAY, LONG_AGO, "UNKNOWN", True),
        ("2018-04-25", LONG_AGO, None, False),
        (DAY, None, None, False),
        # an interval that ends before it starts holds nothing
        (DAY, END, LONG_AGO, False),
    ],
)
def test_holds(date: str | None, start: str | None, end: str | None, holds: bool) -> None:
    found, _ = pairs(dates(date), elements((start, end)), HOW)
    assert bool(len(found)) is holds


ELEMENTS = elements((LONG_AGO, DOSE), (DOSE, DOSE), (DOSE, END), (END, None))
SEVERAL = dates(DAY, DOSE, "2018-05-03T09:31", END, "2018-12-31", "2018-05")


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        (
            Matching(HOW.on, during=HOW.during, every=True),
            [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (2, 2), (3, 2), (3, 3), (4, 3)],
        ),
        (
            Matching(HOW.on, during=HOW.during, pick=("earliest", "start")),
            [(0, 0), (1, 0), (2, 2), (3, 2), (4, 3)],
        ),
        # of two that start alike, the first
        (
            Matching(HOW.on, during=HOW.during, pick=("latest", "start")),
            [(0, 1), (1, 1), (2, 2), (3, 3), (4, 3)],
        ),
    ],
)
def test_several_elements_hold_a_date(how: Matching, expected: list[tuple[int, int]]) -> None:
    assert list(zip(*(each.tolist() for each in pairs(SEVERAL, ELEMENTS, how)))) == expected


def test_two_intervals_must_both_hold() -> None:
    left = dates(DAY, END).assign(other=pd.Series([LONG_AGO, "2018-01-01"], dtype="str"))
    right = elements((LONG_AGO, None))
    how = Matching(HOW.on, during=[*HOW.during, ("other", "start", "end")])
    assert pairs(left, right, how)[0].tolist() == [0]


# ---------------------------------------------------------------- against a plain definition
LEFT = st.sampled_from(
    [
        None,
        "2018",
        "2018-05",
        "2018-05-02",
        "2018-05-03",
        "2018-05-04",
        "2018-05-02T10:00",
        "2018-05-03T10",
        "2018-05-03T10:00",
        "2018-05-03T10:00:30",
        "2018-05-03T11:15",
        "2018-05-04T00:00",
    ]
)
BOTH = st.tuples(st.sampled_from(["S1", "S2", None]), LEFT)
THREE = st.tuples(st.sampled_from(["S1", "S2", None]), LEFT, LEFT)


def known(text: str) -> list[int]:
    """The parts of a date that is only cut off at its end."""
    return [int(part) for part in re.split("[-T:]", text)]


def is_before(one: str, other: str) -> bool:
    """By the first part that is not the same, among those that both have."""
    for a, b in zip(known(one), known(other)):
        if a != b:
            return a < b
    return False


def holds(date: str | None, start: str | None, end: str | None) -> bool:
    if date is None or len(known(date)) < 3 or start is None:
        return False
    return not (is_before(date, start) or (end is not None and is_before(end, date)))


@settings(max_examples=150, deadline=None)
@given(
    st.lists(BOTH, max_size=7),
    st.lists(THREE, max_size=5),
    st.randoms(use_true_random=False),
    st.sampled_from(["str", "category"]),
    st.sampled_from([1, 4_000_000]),
)
def test_as_the_definition_has_it(
    left: list[Dated], right: list[Spanned], chance: random.Random, dtype: str, at_once: int
) -> None:
    """In any order of the records, and any block of them: the same pairs."""
    expected = {
        (one, other)
        for one in left
        for other in right
        if one[0] is not None and one[0] == other[0] and holds(one[1], *other[1:])
    }
    for _ in range(2):
        found = found_pairs(left, right, dtype, at_once)
        assert {(left[i], right[j]) for i, j in found} == expected
        chance.shuffle(left)
        chance.shuffle(right)


def found_pairs(
    left: list[Dated], right: list[Spanned], dtype: str, at_once: int
) -> list[tuple[int, int]]:
    one = pd.DataFrame(left, columns=["subject", "date"], dtype="str").astype(dtype)
    other = pd.DataFrame(right, columns=["subject", "start", "end"], dtype="str").astype(dtype)
    how = Matching(HOW.on, during=HOW.during, every=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(matching, "PAIRS_AT_ONCE", at_once)
        return list(zip(*(each.tolist() for each in pairs(one, other, how))))


@settings(max_examples=60, deadline=None)
@given(st.lists(LEFT, max_size=6), st.lists(st.tuples(LEFT, LEFT), max_size=5))
def test_who_asks_for_the_earliest_gets_it(
    left: list[str | None], right: list[tuple[str | None, str | None]]
) -> None:
    """Subject by subject the answer is the same as for all of them at once."""
    how = Matching(HOW.on, during=HOW.during, pick=("earliest", "start"))
    found = dict(zip(*(each.tolist() for each in pairs(dates(*left), elements(*right), how))))
    for i, date in enumerate(left):
        starts = [start for start, end in right if holds(date, start, end)]
        assert (right[found[i]][0] if i in found else None) == min(starts, default=None)
        alone = pairs(dates(date), elements(*right), how)[1].tolist()
        assert alone == ([found[i]] if i in found else [])
