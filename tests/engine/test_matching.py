"""Records that belong together: equal keys, intervals, the nearest; against plain loops on random tables."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pandas as pd
import pytest

from ivig_cdisc.engine import matching
from ivig_cdisc.engine.matching import Matching, pairs

from .small import table

EVENTS = table(
    """
       subject day
     0 S1      5
     1 S1      10
     2 S2      5
     3 .       5
     4 S1      .
     5 S3      1
    """,
    numbers=["day"],
)
DOSES = table(
    """
       id  begin end  dose
     0 S1  1     5    a
     1 S1  5     10   b
     2 S2  6     9    c
     3 S1  10    .    d
     4 .   1     9    e
     5 S3  1     1    f
     6 S3  1     1    g
    """,
    numbers=["begin", "end"],
    categories=["id"],
)
ON = {"subject": "id"}
BETWEEN = [("day", "begin")], [("day", "end")]


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        (Matching({"subject": "id", "day": "begin"}, every=True), [(0, 1), (1, 3), (5, 5), (5, 6)]),
        # where one is asked for, the first of the right table
        (Matching({"subject": "id", "day": "begin"}), [(0, 1), (1, 3), (5, 5)]),
        # both ends are included; an interval whose end is missing holds nothing
        (
            Matching(ON, *BETWEEN, every=True),
            [(0, 0), (0, 1), (1, 1), (5, 5), (5, 6)],
        ),
        (
            Matching(ON, [("day", "begin")], pick=("latest", "begin")),
            [(0, 1), (1, 3), (5, 5)],  # the last that began before
        ),
        (
            Matching(ON, not_after=[("day", "begin")], every=True),
            [(0, 1), (0, 3), (1, 3), (2, 2), (5, 5), (5, 6)],
        ),
        (
            Matching(ON, *BETWEEN, pick=("latest", "begin")),
            [(0, 1), (1, 1), (5, 5)],
        ),
        (
            Matching(ON, *BETWEEN, pick=("earliest", "begin")),
            [(0, 0), (1, 1), (5, 5)],
        ),
        # missing ends lose; alike are taken in the order of the right table
        (Matching(ON, pick=("latest", "end")), [(0, 1), (1, 1), (2, 2), (4, 1), (5, 5)]),
        (Matching(ON, pick=("earliest", "end")), [(0, 0), (1, 0), (2, 2), (4, 0), (5, 5)]),
        (Matching(ON, nearest=("day", "begin")), [(0, 1), (1, 3), (2, 2), (5, 5)]),
        (Matching(ON, nearest=("day", "begin"), within=0), [(0, 1), (1, 3), (5, 5)]),
    ],
)
def test_pairs(how: Matching, expected: list[tuple[int, int]]) -> None:
    assert list(zip(*(each.tolist() for each in pairs(EVENTS, DOSES, how)))) == expected


def test_of_two_at_the_same_distance_the_earlier_is_nearest() -> None:
    left = table("   s day\n0 A 5", numbers=["day"])
    right = table("   s day\n0 A 7\n1 A 3", numbers=["day"])
    assert pairs(left, right, Matching({"s": "s"}, nearest=("day", "day")))[1].tolist() == [1]


def test_distance_of_dates_is_in_days() -> None:
    left = pd.DataFrame({"s": ["A"], "d": pd.to_datetime(["2018-05-03"])})
    right = pd.DataFrame({"s": ["A", "A"], "d": pd.to_datetime(["2018-05-01", None])})
    for within, found in ((1.9, []), (2, [0])):
        how = Matching({"s": "s"}, nearest=("d", "d"), within=within)
        assert pairs(left, right, how)[1].tolist() == found


def plainly(left: list[dict[str, Any]], right: list[dict[str, Any]], how: Matching) -> list[Any]:
    """The same by two loops."""
    found = []
    for i, one in enumerate(left):
        fitting = []
        for j, other in enumerate(right):
            if any(one[a] is None or one[a] != other[b] for a, b in how.on.items()):
                continue
            bounds = [(other[b], one[a]) for a, b in how.not_before]
            bounds += [(one[a], other[b]) for a, b in how.not_after]
            if any(None in bound or not bound[0] <= bound[1] for bound in bounds):
                continue
            rank: list[float] = []
            if how.nearest:
                a, b = one[how.nearest[0]], other[how.nearest[1]]
                if a is None or b is None or abs(b - a) > (how.within or np.inf):
                    continue
                rank += [abs(b - a), b - a]
            if how.pick:
                value = other[how.pick[1]]
                sign = -1 if how.pick[0] == "latest" else 1
                rank.append(np.inf if value is None else sign * value)
            fitting.append((rank, j))
        fitting = fitting if how.every or not fitting else [min(fitting)]
        found += [(i, j) for _, j in fitting]
    return found


@pytest.mark.parametrize("at_once", [1, 7, 4_000_000])
def test_as_two_loops_have_it(at_once: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matching, "PAIRS_AT_ONCE", at_once)
    chance = random.Random(11)
    for _ in range(150):
        left = [
            {n: chance.choice([None, 1, 2, 3]) for n in "kv"} for _ in range(chance.randrange(9))
        ]
        right = [
            {n: chance.choice([None, 1, 2, 3, 4]) for n in "kbe"}
            for _ in range(chance.randrange(9))
        ]
        how = Matching(
            on={"k": "k"},
            not_before=chance.choice([[], [("v", "b")]]),
            not_after=chance.choice([[], [("v", "e")]]),
            nearest=chance.choice([None, ("v", "b")]),
            within=chance.choice([None, 1]),
            pick=chance.choice([None, ("latest", "b"), ("earliest", "e")]),
            every=chance.random() < 0.3,
        )
        tables = [
            pd.DataFrame(rows, columns=list(names), dtype="float64")
            for rows, names in ((left, "kv"), (right, "kbe"))
        ]
        found = list(zip(*(each.tolist() for each in pairs(tables[0], tables[1], how))))
        assert found == plainly(left, right, how), (left, right, how)


NOTHING = pd.Index([], dtype="object")
EMPTY_COLUMNS = [
    pd.Series([], dtype="object"),
    pd.Series([], dtype="str"),
    pd.Series([], dtype="float64"),
    pd.Series(pd.Categorical.from_codes([], NOTHING)),
    pd.Series(pd.Categorical.from_codes([], pd.Index([], dtype="str"))),
]
SUBJECTS = [
    pd.Series(["S1", "S2"], dtype="str"),
    pd.Series(["S1", "S2"], dtype="str").astype("category"),
    pd.Series([np.nan, np.nan]),
]


@pytest.mark.parametrize("empty", EMPTY_COLUMNS, ids=lambda column: str(column.dtype))
@pytest.mark.parametrize("subjects", SUBJECTS, ids=lambda column: str(column.dtype))
def test_a_side_without_records_matches_nothing(empty: pd.Series, subjects: pd.Series) -> None:
    """What a column holds that has no value, its type does not say."""
    one, other = pd.DataFrame({"key": empty}), pd.DataFrame({"key": subjects})
    for left, right in ((one, other), (other, one), (one, one)):
        here, there = pairs(left, right, Matching({"key": "key"}))
        assert (here.tolist(), there.tolist()) == ([], [])
