"""The Total Improvement Score is exact: every band edge, every measure, against rational arithmetic."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivig_cdisc.derive.instruments import tis

from .samples import number, text
from .test_dates import values

# Aggarwal et al. 2017, table 4: range, and points up to and including each absolute percentage
# change
BANDS = {
    "MMT8": (150, [(2, 0), (10, 10), (20, 20), (30, 27.5), (None, 32.5)]),
    "PGA": (10, [(5, 0), (15, 7.5), (25, 15), (40, 17.5), (None, 20)]),
    "PTGA": (10, [(5, 0), (15, 2.5), (25, 5), (40, 7.5), (None, 10)]),
    "HAQDI": (3, [(5, 0), (15, 5), (25, 7.5), (40, 7.5), (None, 10)]),
    "EXTRA": (10, [(5, 0), (15, 7.5), (25, 12.5), (40, 15), (None, 20)]),
    "CK": (15, [(5, 0), (15, 2.5), (25, 5), (40, 7.5), (None, 7.5)]),
    "ALDOLASE": (6, [(5, 0), (15, 2.5), (25, 5), (40, 7.5), (None, 7.5)]),
    "LDH": (3, [(5, 0), (15, 2.5), (25, 5), (40, 7.5), (None, 7.5)]),
    "AST": (3, [(5, 0), (15, 2.5), (25, 5), (40, 7.5), (None, 7.5)]),
    "ALT": (3, [(5, 0), (15, 2.5), (25, 5), (40, 7.5), (None, 7.5)]),
}


class Pair(NamedTuple):
    """A baseline and a later value of a measure, each over its reference, as decimals."""

    measure: str
    value: str
    reference: str
    base: str
    base_reference: str


def percent(pair: Pair) -> Fraction:
    """The change in percent of the range, improvement positive."""
    change = Fraction(pair.value) / Fraction(pair.reference) - Fraction(pair.base) / Fraction(
        pair.base_reference
    )
    return change * 100 / BANDS[pair.measure][0] * (1 if pair.measure == "MMT8" else -1)


def points(pair: Pair) -> float:
    return next(p for edge, p in BANDS[pair.measure][1] if edge is None or percent(pair) <= edge)


def columns(pairs: list[Pair]) -> dict[str, pd.Series]:
    """The pairs as columns of doubles, as they come from the data."""
    made = {name: number(*(float(getattr(p, name)) for p in pairs)) for name in Pair._fields[1:]}
    return {"measure": text(*(p.measure for p in pairs)), **made}


def agree(pairs: list[Pair]) -> None:
    given = columns(pairs)
    assert tis.improvement_points(**given).tolist() == [points(p) for p in pairs]
    assert tis.improvement_percent(**given).tolist() == [float(percent(p)) for p in pairs]
    del given["measure"]
    change = [
        Fraction(p.value) / Fraction(p.reference) - Fraction(p.base) / Fraction(p.base_reference)
        for p in pairs
    ]
    assert tis.change(**given).tolist() == [float(c) for c in change]
    assert tis.multiple(given["value"], given["reference"]).tolist() == [
        float(Fraction(p.value) / Fraction(p.reference)) for p in pairs
    ]


@pytest.mark.parametrize(
    ("measure", "base", "value", "expected"),
    [
        ("PGA", 8.3, 6.8, 7.5),  # 15 %, though 8.3 - 6.8 is 1.5000000000000009
        ("PGA", 8.3, 6.7, 15),
        ("PGA", 8.3, 7.8, 0),
        ("PGA", 8.3, 7.7, 7.5),
        ("PGA", 8.3, 4.3, 17.5),
        ("PGA", 8.3, 4.2, 20),
        ("PTGA", 0.7, 0.2, 0),
        ("EXTRA", 4.1, 0.1, 15),
        ("MMT8", 120, 123, 0),  # 2 %
        ("MMT8", 120, 124, 10),
        ("MMT8", 105, 150, 27.5),  # 30 %
        ("MMT8", 104, 150, 32.5),
        ("HAQDI", 1.5, 1.35, 0),  # 5 %
        ("HAQDI", 1.5, 1.125, 5),
        ("HAQDI", 2.25, 1.05, 7.5),  # 40 %
        ("HAQDI", 2.25, 1.0, 10),
        ("PGA", 5.0, 6.0, 0),  # worse
        ("MMT8", 130, 100, 0),
        ("PGA", 5.0, 5.0, 0),
    ],
)
def test_scales(measure: str, base: float, value: float, expected: float) -> None:
    one = number(1)
    assert tis.improvement_points(
        text(measure), number(value), one, number(base), one
    ).tolist() == [expected]


@pytest.mark.parametrize("step", ["1", "0.1", "0.01", "0.0001"])
@pytest.mark.parametrize("measure", BANDS)
def test_every_edge(measure: str, step: str) -> None:
    """Just below, at and just above each edge; the edge belongs to the band below it."""
    span, bands = BANDS[measure]
    sign = 1 if measure == "MMT8" else -1
    pairs = []
    for edge, _ in bands[:-1]:
        for base in (
            ("8.3", "7.2", "9.9")
            if span == 10
            else ("100",)
            if measure == "MMT8"
            else ("2.7", "13.3")
        ):
            at = Fraction(base) + sign * Fraction(edge, 100) * span
            pairs += [
                Pair(measure, _decimal(at + k * Fraction(step)), "1", base, "1") for k in (-1, 0, 1)
            ]
    assert {points(p) for p in pairs} >= {p for _, p in bands[:-1]}
    agree(pairs)


def _decimal(exact: Fraction) -> str:
    whole = int(exact * 10**4)
    assert whole == exact * 10**4
    sign = "-" if whole < 0 else ""
    return f"{sign}{abs(whole) // 10**4}.{abs(whole) % 10**4:04}"


@pytest.mark.parametrize(
    "pair",
    [
        Pair(
            "CK", "1240", "170", "1750", "200"
        ),  # the upper limit of normal has changed with the laboratory
        Pair("CK", "170", "170", "295", "170"),
        Pair("CK", "212.5", "170", "595", "170"),  # from 3.5 to 1.25: 15 % of 15
        Pair("CK", "212.4", "170", "595", "170"),
        Pair("AST", "35", "35", "50.75", "35"),  # from 1.45 to 1: 15 % of 3
        Pair("ALDOLASE", "7.6", "7.6", "9.88", "7.6"),  # from 1.3 to 1: 5 % of 6
        Pair("LDH", "247.1", "247.1", "543.62", "247.1"),  # from 2.2 to 1: 40 % of 3
        Pair("ALT", "33.3", "33.3", "44", "40"),
    ],
)
def test_enzymes(pair: Pair) -> None:
    agree([pair])


DECIMAL = st.builds(
    lambda n, p: f"{n // 10**p}.{n % 10**p:0{p}}" if p else str(n),
    st.integers(0, 10**6),
    st.integers(0, 4),
)
POSITIVE = DECIMAL.filter(lambda text: float(text) > 0)


@pytest.mark.slow
@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.builds(Pair, st.sampled_from(list(BANDS)), DECIMAL, POSITIVE, DECIMAL, POSITIVE),
        min_size=1,
        max_size=20,
    )
)
def test_exact_for_any_decimals(pairs: list[Pair]) -> None:
    agree(pairs)


def test_what_is_missing_or_has_no_range() -> None:
    given = {
        "measure": text("PGA", "PGA", "PGA", "CK", "CK", "XX", None),
        "value": number(None, 5, 5, 100, 100, 5, 5),
        "reference": number(1, 1, 1, 0, -1, 1, 1),  # an upper limit that is not positive is none
        "base": number(8, None, 8, 100, 100, 8, 8),
        "base_reference": number(1, 1, None, 100, 100, 1, 1),
    }
    assert tis.improvement_points(**given).isna().all()
    assert tis.improvement_percent(**given).isna().all()
    assert values(tis.multiple(given["value"], given["reference"])) == [
        None,
        5,
        5,
        None,
        None,
        5,
        5,
    ]


def test_one_long_decimal_does_not_spoil_the_others() -> None:
    long = number(6.8, 0.1234567891234)
    one = number(1, 1)
    assert tis.improvement_points(
        text("PGA", "PGA"), long, one, number(8.3, 8.3), one
    ).tolist() == [7.5, 20]


@pytest.mark.parametrize(
    ("measures", "base", "expected"),
    [
        (["CK", "AST"], [4.0, 5.0], [None, "Y"]),
        (["CK", "AST"], [4.0, 4.0], ["Y", None]),
        (
            ["AST", "CK"],
            [4.0, 4.0],
            [None, "Y"],
        ),  # the order of the list of enzymes, not of the rows
        (["ALT", "AST"], [4.0, 4.0], [None, "Y"]),
        (["LDH", "ALDOLASE"], [2.0, 2.0], [None, "Y"]),
        (["CK", "AST"], [None, 0.5], [None, "Y"]),  # no baseline: cannot lead
        (["CK", "AST"], [None, None], [None, None]),
        (["PGA", "AST"], [7.0, 0.5], ["Y", "Y"]),  # what is no enzyme has no rival
        (["PGA", "MMT8"], [None, None], ["Y", "Y"]),
    ],
)
def test_leading_enzyme(
    measures: list[str], base: list[float | None], expected: list[str | None]
) -> None:
    assert values(tis.leading_enzyme(text("s", "s"), text(*measures), number(*base))) == expected


def test_leading_enzyme_of_each_subject_on_all_its_records() -> None:
    subject = text("a", "a", "a", "b", "b")
    measure, base = text("CK", "AST", "CK", "CK", "AST"), number(3, 2, 3, 1, 2)
    assert values(tis.leading_enzyme(subject, measure, base)) == ["Y", None, "Y", None, "Y"]


def test_ratios_that_are_equal_tie() -> None:
    """510/170 and 105/35 are both 3; so are decimals whose quotients come out alike only if they are exact."""
    ratios = tis.multiple(number(510, 105, 0.3, 741.3), number(170, 35, 0.1, 247.1))
    assert ratios.tolist() == [3.0] * 4
    assert np.float64(0.3) / np.float64(0.1) != 3.0  # as doubles divide
    measure = text("ALT", "AST", "LDH", "CK")
    assert values(tis.leading_enzyme(text(*["s"] * 4), measure, ratios)) == [None, None, None, "Y"]


@pytest.mark.parametrize(
    ("score", "expected"),
    [
        (0, "NONE"),
        (17.5, "NONE"),
        (20, "MINIMAL"),
        (37.5, "MINIMAL"),
        (40, "MODERATE"),
        (57.5, "MODERATE"),
        (60, "MAJOR"),
        (100, "MAJOR"),
        (None, None),
    ],
)
def test_category(score: float | None, expected: str | None) -> None:
    assert values(tis.improvement_category(number(score))) == [expected]


def test_the_highest_score_is_100() -> None:
    best = [max(p for _, p in BANDS[m][1]) for m in ("PGA", "PTGA", "MMT8", "HAQDI", "CK", "EXTRA")]
    assert sum(best) == 100


DOUBLES = st.floats(min_value=-1e6, max_value=1e6, allow_subnormal=False)
POSITIVE = st.floats(min_value=1e-9, max_value=1e6)


@given(records=st.lists(st.tuples(DOUBLES, POSITIVE, DOUBLES, POSITIVE), min_size=1, max_size=5))
def test_any_doubles_are_taken_as_the_decimals_they_are_written_as(
    records: list[tuple[float, ...]],
) -> None:
    """Not rounded to some number of decimals first: 1/3 stays 0.3333333333333333, and 1e-11 is not 0."""
    found = tis.change(*(number(*column) for column in zip(*records, strict=True)))
    exact = [[Fraction(repr(double)) for double in record] for record in records]
    assert found.tolist() == [float(v / r - b / s) for v, r, b, s in exact]


@pytest.mark.parametrize(
    ("value", "base", "expected"),
    [
        (1 / 3, 0.0, 1 / 3),
        (1e-11, 0.0, 1e-11),
        (5e-324, 0.0, 5e-324),
        (1e300, 1.0, 1e300),
        (0.1 + 0.2, 0.3, 4e-17),
    ],
)
def test_change_of_numbers_with_many_digits(value: float, base: float, expected: float) -> None:
    assert tis.change(number(value), number(1), number(base), number(1)).tolist() == [expected]


def test_a_multiple_beyond_the_doubles_is_infinite() -> None:
    assert tis.multiple(number(1e308, -1e308), number(1e-9, 1e-9)).tolist() == [np.inf, -np.inf]
