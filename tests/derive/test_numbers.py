"""Groups of numbers, and what must be so of them before any data are read."""

from __future__ import annotations

import pandas as pd
import pytest

from ivig_cdisc.derive import FUNCTIONS
from ivig_cdisc.engine.calls import signature
from ivig_cdisc.engine.constants import faults

GROUPS = signature("age_group")["groups"].hint


@pytest.mark.parametrize(
    ("groups", "told"),
    [
        ({"18-64": [18, 64], ">=65": [65, 110]}, []),
        ({">=65": [65, 110], "18-64": [18, 64]}, []),  # their order says nothing
        ({"all": [0, 0]}, []),
        (
            {">=65": [110, 65]},
            [((">=65",), "should be the lower bound and the upper bound, [18, 64]")],
        ),
        ({"18": [18]}, [(("18",), "should be the lower bound and the upper bound, [18, 64]")]),
        (
            {">=65": [64.5, 110], "18-65": [18, 65]},
            [((">=65",), "18-65 and >=65 share the value 64.5")],
        ),
        (
            {"a": [1, 2], "b": [2, 3]},
            [(("b",), "a and b share the value 2")],
        ),  # both bounds are included
        ({"a": [1, 9], "b": [2, 3]}, [(("b",), "a and b share the value 2")]),
    ],
)
def test_groups(groups: dict[str, list[float]], told: list[object]) -> None:
    assert list(faults(GROUPS, groups)) == told


def test_a_value_in_no_group_has_none() -> None:
    made = FUNCTIONS["age_group"](
        pd.Series([17.0, 18, 64, 64.5, 65]), {"18-64": [18, 64], ">=65": [65, 110]}
    )
    assert made.astype(object).where(made.notna(), None).tolist() == [
        None,
        "18-64",
        "18-64",
        None,
        ">=65",
    ]


def test_numbers_among_text_stay_numbers() -> None:
    column = pd.Series(["12.5", 3, None], dtype="object")
    assert FUNCTIONS["number"](column).fillna(-1).tolist() == [12.5, 3.0, -1.0]
