"""Value, unit and limits of a result are converted together, exactly, or not at all."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, localcontext

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivig_cdisc.derive import units
from ivig_cdisc.engine.calls import signature
from ivig_cdisc.engine.constants import faults

from .samples import UNITS, text
from .test_dates import values

TEMPERATURE = {"F": {"to": "C", "factor": "5/9", "offset": "-160/9", "decimals": 1}}
HBA1C = {"HBA1C": {"%": {"to": "mmol/mol", "factor": 10.93, "offset": -23.5, "decimals": 0}}}


def standard(
    result: str | None, unit: str | None, conversions: dict, test: str | None = None
) -> tuple:
    columns = text(result), text(unit), conversions, text(test)
    return values(units.standard_result(*columns))[0], values(units.standard_unit(*columns))[0]


@pytest.mark.parametrize(
    ("result", "unit", "expected"),
    [
        ("0.83", "ukat/L", ("49.8", "U/L")),  # 0.83 * 60 is 49.8 and not 49.799999999999997
        ("2.9", "ukat/L", ("174", "U/L")),
        ("+2.9", "ukat/L", ("174", "U/L")),
        ("<0.5", "ukat/L", ("<30", "U/L")),
        ("<=0.5", "ukat/L", ("<=30", "U/L")),
        (">= 16.7", "ukat/L", (">=1002", "U/L")),
        ("≤0.5", "ukat/L", ("≤30", "U/L")),
        ("-0.5", "ukat/L", ("-30", "U/L")),
        (".5", "ukat/L", ("30", "U/L")),
        ("1.5e3", "ukat/L", ("90000", "U/L")),
        ("1e-7", "ukat/L", ("0.000006", "U/L")),  # never an exponent
        ("123456789012345.678", "ukat/L", ("7407407340740740.68", "U/L")),  # no digit is lost
        ("0", "ukat/L", ("0", "U/L")),
        ("-0.0", "ukat/L", ("0", "U/L")),
        # what is no number leaves the unit as it is, too
        ("trace", "ukat/L", ("trace", "ukat/L")),
        ("1+", "ukat/L", ("1+", "ukat/L")),
        ("NEGATIVE", "ukat/L", ("NEGATIVE", "ukat/L")),
        ("1.2.3", "ukat/L", ("1.2.3", "ukat/L")),
        ("1,234", "ukat/L", ("1,234", "ukat/L")),
        ("90 *", "ukat/L", ("90 *", "ukat/L")),
        ("3-5", "ukat/L", ("3-5", "ukat/L")),
        (".", "ukat/L", (".", "ukat/L")),
        ("<", "ukat/L", ("<", "ukat/L")),
        ("1e999", "ukat/L", ("1e999", "ukat/L")),
        ("1e-999", "ukat/L", ("1e-999", "ukat/L")),
        ("9" * 500, "ukat/L", ("9" * 500, "ukat/L")),
        # no conversion: as collected, zeros and all
        ("12.50", "U/L", ("12.50", "U/L")),
        ("+12.50", "U/L", ("12.50", "U/L")),
        ("1.5E3", "U/L", ("1500", "U/L")),
        ("12", "g/L", ("12", "g/L")),
        (
            "12",
            "UKAT/L",
            ("12", "UKAT/L"),
        ),  # units are told apart by their letters' size: mg and Mg
        ("12", None, ("12", None)),
        (None, "ukat/L", (None, "U/L")),  # not done: the unit that it would have been in
        (None, None, (None, None)),
    ],
)
def test_value_and_unit(
    result: str | None, unit: str | None, expected: tuple[str | None, str | None]
) -> None:
    assert standard(result, unit, UNITS) == expected


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        ("98.6", "37"),
        ("99.5", "37.5"),
        ("98.69", "37.1"),  # 37.05 exactly: half goes away from zero
        ("-40", "-40"),
        ("31.91", "-0.1"),  # -0.05
        ("31.92", "0"),  # -0.04 is no -0
        ("<98.6", "<37"),
    ],
)
def test_a_quotient_and_an_offset(result: str, expected: str) -> None:
    assert standard(result, "F", TEMPERATURE) == (expected, "C")


@pytest.mark.parametrize(
    ("test", "result", "unit", "expected"),
    [
        ("GLUC", "90", "mg/dL", ("4.995", "mmol/L")),
        ("CREAT", "1.1", "mg/dL", ("97.24", "umol/L")),  # each analyte has its own factor
        ("BILI", "1.1", "mg/dL", ("0.011", "g/L")),  # that of the unit, for a test without one
        (None, "1.1", "mg/dL", ("0.011", "g/L")),
        ("GLUC", "5", "mmol/L", ("5", "mmol/L")),
        ("GLUC", "trace", "mg/dL", ("trace", "mg/dL")),
        ("GLUC", "5", "GLUC", ("5", "GLUC")),  # a test's name in the column of units
        ("mg/dL", "5", "g/L", ("5", "g/L")),
    ],
)
def test_factors_by_test(
    test: str | None, result: str, unit: str, expected: tuple[str, str]
) -> None:
    conversions = {
        "GLUC": {"mg/dL": {"to": "mmol/L", "factor": 0.0555}},
        "CREAT": {"mg/dL": {"to": "umol/L", "factor": 88.4}},
        "mg/dL": {"to": "g/L", "factor": 0.01},
    }
    assert standard(result, unit, conversions, test) == expected


def test_an_offset_of_one_test() -> None:
    assert standard("7.0", "%", HBA1C, "HBA1C") == (
        "53",
        "mmol/mol",
    )  # the master equation of IFCC and NGSP
    assert standard("45", "%", HBA1C, "HCT") == ("45", "%")


@pytest.mark.parametrize(
    ("limit", "result", "expected"),
    [
        ("3.2", "0.83", "192"),
        ("3.2", "<0.5", "192"),
        ("3.2", None, "192"),
        ("3.2", "trace", "3.2"),  # the unit of the result stays, so the limit stays in it
        ("n.a.", "0.83", "n.a."),
        (None, "0.83", None),
        (None, "trace", None),
    ],
)
def test_limits_are_in_the_unit_of_the_result(
    limit: str | None, result: str | None, expected: str | None
) -> None:
    assert values(units.standard_limit(text(limit), text(result), text("ukat/L"), UNITS)) == [
        expected
    ]


@pytest.mark.parametrize(
    ("limit", "result", "expected"),
    [("3.2", "<0.5", 192.0), ("3.2", "trace", 3.2), ("n.a.", "0.83", None), (None, "0.83", None)],
)
def test_limits_as_numbers(limit: str | None, result: str, expected: float | None) -> None:
    found = units.standard_limit_number(text(limit), text(result), text("ukat/L"), UNITS)
    assert [None if pd.isna(one) else one for one in found] == [expected]


def test_each_record_has_its_own_conversion_whatever_the_order() -> None:
    conversions = {**UNITS, "mg/dL": {"to": "g/L", "factor": 0.01}}
    result, unit = text("1", "1", "1", "1"), text("ukat/L", "U/L", "mg/dL", "ukat/L")
    index = pd.Index([7, 3, 9, 1])
    found = units.standard_result(
        result.set_axis(index), unit.set_axis(index).astype("category"), conversions
    )
    assert found.to_dict() == {7: "60", 3: "1", 9: "0.01", 1: "60"}


NUMBERS = st.decimals(
    allow_nan=False, allow_infinity=False, min_value=-(10**18), max_value=10**18, places=9
)
FACTORS = st.decimals(min_value="0.000001", max_value=100000, places=6)


@given(
    value=NUMBERS,
    factor=FACTORS,
    offset=st.decimals(min_value=-1000, max_value=1000, places=4),
    sign=st.sampled_from(["", "<", ">="]),
)
def test_conversions_are_those_of_decimal_arithmetic(
    value: Decimal, factor: Decimal, offset: Decimal, sign: str
) -> None:
    factor, offset = Decimal(repr(float(factor))), Decimal(repr(float(offset)))
    conversions = {"a": {"to": "b", "factor": float(factor), "offset": float(offset)}}
    with localcontext(prec=100):
        expected = value * factor + offset
    found, unit = standard(f"{sign}{value:f}", "a", conversions)
    assert (found.startswith(sign), unit, "e" in found.lower()) == (True, "b", False)
    assert Decimal(found.removeprefix(sign)) == expected


@given(value=NUMBERS, factor=FACTORS, decimals=st.integers(0, 6))
def test_rounding_is_that_of_decimal_arithmetic(
    value: Decimal, factor: Decimal, decimals: int
) -> None:
    factor = Decimal(repr(float(factor)))
    conversions = {"a": {"to": "b", "factor": float(factor), "decimals": decimals}}
    with localcontext(prec=100):
        expected = (value * factor).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    assert Decimal(standard(f"{value:f}", "a", conversions)[0]) == expected


@pytest.mark.slow
@given(result=st.text(max_size=12), unit=st.sampled_from(["ukat/L", "U/L"]))
def test_any_text_is_converted_with_its_unit_or_left_with_it(result: str, unit: str) -> None:
    value, standard_unit = standard(result, unit, UNITS)
    if unit == "ukat/L":
        assert (value != result) == (standard_unit == "U/L") or value.strip(
            "<>=≤≥-0. "
        ) == ""  # zero is zero
    else:
        assert standard_unit == "U/L"


@pytest.mark.parametrize(
    ("factor", "more", "told"),
    [
        (60, {}, []),
        ("5/9", {"decimals": 1}, []),
        ("much", {}, [("factor", "should be a number, or a quotient such as 5/9, not much")]),
        ("1/0", {}, [("factor", "should be a number, or a quotient such as 5/9, not 1/0")]),
        (0, {}, [("factor", "should be greater than 0, not 0")]),
        (60, {"decimals": 16}, [("decimals", "should be a whole number from 0 to 15, not 16")]),
        ("5/9", {}, [("decimals", "is missing: 5/9 has no end as a decimal number")]),
        (1, {"offset": "-160/9"}, [("decimals", "is missing: -160/9 has no end as a decimal number")]),
    ],
)  # fmt: skip
def test_what_a_conversion_may_say(factor: object, more: dict, told: list[tuple]) -> None:
    conversions = {"F": {"to": "C", "factor": factor, **more}}
    found = faults(signature("standard_result")["conversions"].hint, conversions)
    assert list(found) == [(("F", entry), reason) for entry, reason in told]


def test_a_result_without_an_end_is_an_error() -> None:
    """The check of the specs keeps such a conversion out; a caller of the function may bring it."""
    with pytest.raises(ValueError, match="a conversion to C has no end as a decimal number"):
        standard("1", "F", {"F": {"to": "C", "factor": "5/9"}})
