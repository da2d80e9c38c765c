"""Constants against the types that a signature gives them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal, NotRequired, TypedDict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivig_cdisc.engine.constants import faults


class Step(TypedDict):
    """As a derivation may want it."""

    to: str
    factor: float
    decimals: NotRequired[
        int
    ]  # the module's annotations are text, where typing itself takes this as required


def _is_even(value: int) -> None:
    if value % 2:
        raise ValueError(f"{value} is odd")


Steps = Mapping[str, Step]
FAULTS: list[tuple[Any, Any, list[tuple[tuple[str, ...], str]]]] = [
    (str, "a", []),
    (str, 1, [((), "should be text, not 1")]),
    (str, None, [((), "should be text, not empty")]),
    (float, 1, []),
    (
        float,
        True,
        [((), "should be a number, not true")],
    ),  # true is 1 in Python, and no number in a spec
    (float, "1", [((), "should be a number, not the text '1'")]),
    (int, 1.5, [((), "should be a whole number, not 1.5")]),
    (Any, {"whatever": [1]}, []),
    (str | None, None, []),
    (str | None, 1, [((), "should be text, not 1")]),
    (
        Literal["low", "high"],
        "hihg",
        [((), "should be one of low, high, not the text 'hihg' (did you mean high?)")],
    ),
    (Sequence[float], [1, "b"], [(("2",), "should be a number, not the text 'b'")]),
    (
        Sequence[str],
        "abc",
        [((), "should be a list, not the text 'abc'")],
    ),  # a text is not a list of letters
    (Mapping[str, str], ["a"], [((), "should be entries of the form key: value, not a list")]),
    (Steps, {"g": {"to": "mg", "factor": 1000, "decimals": 1}}, []),
    (Steps, {"g": {"to": "mg", "factor": 1000}}, []),
    (Steps, {"g": {"to": "mg"}}, [(("g", "factor"), "is missing")]),
    (
        Steps,
        {"g": {"to": "mg", "factor": 1, "decimal": 1}},
        [(("g", "decimal"), "is not an entry that is known here (did you mean decimals?)")],
    ),
    (
        Steps,
        {"g": {"to": "mg", "factor": 1, "offset": 1}},
        [(("g", "offset"), "is not an entry that is known here; known are to, factor, decimals")],
    ),
    (Annotated[int, _is_even], 2, []),
    (Annotated[int, _is_even], 3, [((), "3 is odd")]),
    (
        Annotated[int, _is_even],
        "3",
        [((), "should be a whole number, not the text '3'")],
    ),  # and the check is not asked
]
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)


@pytest.mark.parametrize(("hint", "value", "expected"), FAULTS)
def test_faults(hint: Any, value: Any, expected: list[tuple[tuple[str, ...], str]]) -> None:
    assert list(faults(hint, value)) == expected


@given(PLAIN)
def test_whatever_the_yaml_says_is_looked_at_without_a_crash(value: Any) -> None:
    for hint in (
        str,
        int,
        float,
        Sequence[float],
        Mapping[str, Sequence[float]],
        Steps,
        str | None,
    ):
        assert all(reason for _, reason in faults(hint, value))
