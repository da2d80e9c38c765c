"""Results: units, and what is only known to be below or above."""

from __future__ import annotations

import pytest

from ivig_cdisc.derive import findings, flags, numbers, terms

from .samples import number, text
from .test_dates import values


@pytest.mark.parametrize(
    ("result", "plain", "limit", "sign"),
    [
        ("12.5", 12.5, 12.5, None),
        ("<5", None, 5, "<5"),
        (">150", None, 150, ">150"),
        ("1e3", 1000, 1000, None),
        ("-1", -1, -1, None),
        ("+90", 90, 90, None),
        ("<=5", None, 5, "<=5"),
        (">= 0.5", None, 0.5, ">= 0.5"),
        ("≤5", None, 5, "≤5"),
        ("<LLOQ", None, None, None),  # a bound of no number
        ("=5", None, None, None),
        ("1+", None, None, None),
        ("1 2", None, None, None),
        ("1,5", None, None, None),
        ("1_000", None, None, None),
        ("0x1F", None, None, None),
        ("inf", None, None, None),
        ("1e999", None, None, None),  # beyond the doubles
        ("\u0663", None, None, None),  # an arabic digit: raw/parsed_column.py reads these, or tells
        ("8.41", 8.41, 8.41, None),  # the nearest double, not its neighbour
        ("0.1234567890123456789", 0.12345678901234568, 0.12345678901234568, None),
        ("trace", None, None, None),
        ("", None, None, None),
        (None, None, None, None),
    ],
)
def test_numbers_in_results(
    result: str | None, plain: float | None, limit: float | None, sign: str | None
) -> None:
    assert values(numbers.number(text(result))) == [plain]
    assert values(findings.result_limit(text(result))) == [limit]
    assert values(findings.limit_sign(text(result))) == [sign]


@pytest.mark.parametrize(
    ("result", "low", "high", "expected"),
    [
        ("9.9", 10, 50, "LOW"),
        ("10", 10, 50, "NORMAL"),  # both limits are normal
        ("50", 10, 50, "NORMAL"),
        ("50.1", 10, 50, "HIGH"),
        ("<10", 10, 50, "LOW"),
        ("<10.1", 10, 50, None),  # may be 10
        ("<60", 10, 50, None),
        (">50", 10, 50, "HIGH"),
        (">49", 10, 50, None),
        (">5", 10, 50, None),
        ("<=10", 10, 50, None),  # may be 10
        ("<=9", 10, 50, "LOW"),
        (">=50", 10, 50, None),
        (">= 50.1", 10, 50, "HIGH"),
        ("≥51", 10, 50, "HIGH"),
        ("40", None, 50, "NORMAL"),
        ("51", None, 50, "HIGH"),
        ("5", 10, None, "LOW"),
        ("500", 10, None, "NORMAL"),
        ("40", None, None, None),  # no range, no indicator
        ("<10", 0, 35, "NORMAL"),  # nothing is below 0
        ("<10", None, 35, "NORMAL"),
        ("<35", 0, 35, "NORMAL"),
        ("<=35", 0, 35, "NORMAL"),
        ("<35.1", 0, 35, None),  # may be 35.05
        ("<10", 0, None, "NORMAL"),
        ("<0", 0, 35, "LOW"),
        ("<10", None, None, None),
        (">40", 10, None, "NORMAL"),
        (">10", 10, None, "NORMAL"),
        (">9", 10, None, None),  # may be 9.5
        (">40", None, None, None),
        ("trace", 10, 50, None),
        (None, 10, 50, None),
    ],
)
def test_range_indicator(
    result: str | None, low: float | None, high: float | None, expected: str | None
) -> None:
    assert values(findings.range_indicator(text(result), number(low), number(high))) == [expected]


@pytest.mark.parametrize(
    ("age", "expected"),
    [(17, None), (18, "18-64"), (64, "18-64"), (65, ">=65"), (150, ">=65"), (None, None)],
)
def test_age_group(age: float | None, expected: str | None) -> None:
    assert values(numbers.age_group(number(age), {"18-64": [18, 64], ">=65": [65, 150]})) == [
        expected
    ]


def test_recode_and_classify_differ_in_what_they_do_not_know() -> None:
    assert values(terms.recode(text("1", "7", None), {"1": "MILD"})) == ["MILD", "7", None]

    assert values(flags.classify(text("1", "7", None), {"1": "MILD"})) == ["MILD", None, None]


def test_recode_to_one_term() -> None:
    value = text("CK", "LDH", "PGA").astype("category")  # two categories become one
    assert values(terms.recode(value, {"CK": "ENZ", "LDH": "ENZ"})) == ["ENZ", "ENZ", "PGA"]


def test_coalesce_does_not_mind_columns_that_are_all_missing() -> None:
    scale = number(1, 1).astype("int64")
    assert values(terms.coalesce([number(None, None), scale])) == [
        1,
        1,
    ]  # whole numbers have no missing value
    assert values(terms.coalesce([text("a", None), number(None, None), text("b", "c")])) == [
        "a",
        "c",
    ]
    one, two = text("a", None).astype("category"), text("b", "c").astype("category")
    assert values(terms.coalesce([one, two])) == ["a", "c"]
