"""Value and unit of a result are wired alike, and what a conversion says is checked before data are read."""

from __future__ import annotations

import pytest

from .conftest import StudyFolder

VALUE = "VSSTRESC: {derive: standard_result, from: {result: result, unit: VSORRESU}, with: {conversions: CONVERSIONS}}"
UNIT = "VSSTRESU: {derive: standard_unit, from: FROM, with: {conversions: CONVERSIONS}}"
POUNDS = "{lb: {to: kg, factor: 0.45359237}}"


def wire(study: StudyFolder, value: str, unit: str, conversions: str = POUNDS) -> None:
    both = f"{value}\n  {unit}".replace("CONVERSIONS", conversions)
    study.change("sdtm/vs.yaml", "VSSTRESC: {from: VSORRES}", both)


@pytest.mark.parametrize(
    "wired",
    [
        "{unit: VSORRESU, result: result}",
        "{unit: VSORRESU, result: VSORRES}",  # a copy of the column is that column
        "{unit: VSORRESU}",  # the result is that of VSSTRESC
    ],
)
def test_the_unit_is_wired_as_the_value(study: StudyFolder, wired: str) -> None:
    wire(study, VALUE, UNIT.replace("FROM", wired))
    unit = study.load().dataset("VS").variable("VSSTRESU")
    assert {"unit", "result"} == set(unit.wiring.columns)


@pytest.mark.parametrize(
    ("unit", "reason"),
    [
        (
            UNIT.replace("FROM", "{unit: VSORRESU, result: test}"),
            "VS.VSSTRESU: result is test, but for VSSTRESC it is result",
        ),
        (
            UNIT.replace("FROM", "{unit: VSORRESU, test: test}"),
            "VS.VSSTRESU: test is test, but for VSSTRESC it is not wired",
        ),
        (
            UNIT.replace("FROM", "{unit: VSORRESU}").replace(
                "CONVERSIONS", "{lb: {to: g, factor: 453.59237}}"
            ),
            "VS.VSSTRESU: the conversions are not those of VSSTRESC",
        ),
        (
            "VSSTRESU: {from: VSORRESU}",
            "VS.VSSTRESU: VSSTRESC is a standard_result: derive VSSTRESU as standard_unit, with the same from and with",
        ),
    ],
)
def test_wiring_that_may_part_value_and_unit(study: StudyFolder, unit: str, reason: str) -> None:
    wire(study, VALUE, unit)
    assert study.problems() == [f"sdtm/vs.yaml:14: {reason}"]


def test_a_unit_that_is_converted_alone(study: StudyFolder) -> None:
    wire(
        study, "VSSTRESC: {from: VSORRES}", UNIT.replace("FROM", "{unit: VSORRESU, result: result}")
    )
    reason = "is a standard_unit, but VSSTRESC is as collected: derive that as standard_result, with the same from"
    assert study.problems() == [f"sdtm/vs.yaml:14: VS.VSSTRESU: {reason} and with"]


@pytest.mark.parametrize(
    ("conversions", "reason"),
    [
        (
            "{lb: {to: kg, factor: 0.45, ofset: 1}}",
            "lb.ofset is not an entry that is known here (did you mean offset?)",
        ),
        ("{lb: {to: kg}}", "lb.factor is missing"),
        ("{lb: {to: kg, factor: 0}}", "lb.factor should be greater than 0, not 0"),
        ("{lb: {to: kg, factor: -1}}", "lb.factor should be greater than 0, not -1"),
        (
            "{lb: {to: kg, factor: half}}",
            "lb.factor should be a number, or a quotient such as 5/9, not half",
        ),
        (
            "{lb: {to: kg, factor: 1/0}}",
            "lb.factor should be a number, or a quotient such as 5/9, not 1/0",
        ),
        (
            "{lb: {to: kg, factor: 1, decimals: 16}}",
            "lb.decimals should be a whole number from 0 to 15, not 16",
        ),
        (
            "{lb: {to: kg, factor: 5/9}}",
            "lb.decimals is missing: 5/9 has no end as a decimal number",
        ),
    ],
)
def test_what_a_conversion_may_say(study: StudyFolder, conversions: str, reason: str) -> None:
    wire(study, VALUE, "VSSTRESU: {derive: standard_unit, from: {unit: VSORRESU}}", conversions)
    assert (
        f"sdtm/vs.yaml:13: VS.VSSTRESC: standard_result: conversions.{reason}" in study.problems()
    )


def test_conversions_by_test_need_the_test(study: StudyFolder) -> None:
    by_test = "{WEIGHT: {lb: {to: kg, factor: 0.45359237}}}"
    wire(study, VALUE, UNIT.replace("FROM", "{unit: VSORRESU}"), by_test)
    reason = "there are conversions of WEIGHT: set the column of the test (from: test)"
    assert study.problems() == [
        f"sdtm/vs.yaml:{line}: VS.VSSTRES{v}: {reason}" for line, v in ((13, "C"), (14, "U"))
    ]


def test_conversions_by_test(study: StudyFolder) -> None:
    by_test = "{WEIGHT: {lb: {to: kg, factor: 0.45359237}}, in: {to: cm, factor: 2.54}}"
    value = VALUE.replace("VSORRESU}", "VSORRESU, test: test}")
    wire(study, value, UNIT.replace("FROM", "{unit: VSORRESU}"), by_test)
    assert study.load().dataset("VS").variable("VSSTRESU").wiring.columns["test"] == "test"
