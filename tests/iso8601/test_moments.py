"""Moments of many dates at once: the same as of each by itself, whatever stands beside it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from ivig_cdisc.iso8601 import moments

TEXTS = [
    "2024-03-05",
    "2024-03-05T08",
    "2024-03-05T08:30",
    "2024-03-05T08:30:15",
    "2024-03-05T08:30:15.25",
    "2024-03-05T08:30+01:00",
    "2024-02-29T00:00Z",
    "2024-03-05T25:00",
    "2024-03-05T",
    "2024-03-05 08:30",
    "2023-02-29",
    "2024-03",
    "2024---15",
    "2024-03--T08:30",
    "-----T08:30",
    "--03-05",
    "2024",
    "rash",
    None,
]


@pytest.mark.parametrize(
    ("text", "last", "to_the_minute"),
    [
        ("2024-03-05T08:30", "2024-03-05T08:30:59.999999", "2024-03-05T08:30:00.999999"),
        ("2024-03-05T08:30+01:00", "2024-03-05T08:30:59.999999", "2024-03-05T08:30:00.999999"),
        ("2024-03-05T08:30:15", "2024-03-05T08:30:15.999999", "2024-03-05T08:30:15.999999"),
        (
            "2024-03-05T08",
            "2024-03-05T08:59:59.999999",
            "2024-03-05T08:59:59.999999",
        ),  # minutes are not known
        (
            "2024-03--T08:30",
            "2024-03-31T08:30:59.999999",
            "2024-03-31T08:30:59.999999",
        ),  # nor the day
        ("2024-03-05", "2024-03-05T23:59:59.999999", "2024-03-05T23:59:59.999999"),
    ],
)
def test_to_the_minute(text: str, last: str, to_the_minute: str) -> None:
    column = pd.Series([text])
    found = [str(moments(column, to_the_minute=full).last[0]) for full in (False, True)]
    assert found == [last, to_the_minute]


@pytest.mark.parametrize("kind", ["str", "object", "category"])
@pytest.mark.parametrize("to_the_minute", [True, False])
def test_together_as_alone(kind: str, *, to_the_minute: bool) -> None:
    together = moments(pd.Series(TEXTS * 2, dtype=kind), to_the_minute=to_the_minute)
    alone = [
        moments(pd.Series([text], dtype="str"), to_the_minute=to_the_minute) for text in TEXTS * 2
    ]
    for name in together._fields:
        expected = np.concatenate([getattr(one, name) for one in alone])
        np.testing.assert_array_equal(getattr(together, name), expected)


def test_no_dates() -> None:
    assert [len(part) for part in moments(pd.Series([], dtype="str"))] == [0, 0, 0, 0]
