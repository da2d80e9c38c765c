"""What is said of all subjects together is the same however the study is parted."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from ivig_cdisc.derive.numbers import number
from ivig_cdisc.testing import records as literal
from ivig_cdisc.validation import across_subjects, candidates

from .small import char, dataset, num, spec, table

NAMES = ["LBTESTCD", "LBSPEC", "LBORRESU", "LBSTRESC", "LBSTRESU"]
LB = spec("LB", char("USUBJID"), *map(char, NAMES), num("LBSTRESN"), keys=("USUBJID", "LBTESTCD"))


def parts(*records: tuple[Any, ...], at: int = 0) -> list[pd.DataFrame]:
    """The candidates of the records before and after a place, their rows counted from the first of all."""
    found = []
    for start, some in ((0, records[:at]), (at, records[at:])):
        columns = (
            dict(zip(["USUBJID", *NAMES], map(list, zip(*some, strict=True)), strict=True))
            if some
            else {}
        )
        frame = table(**columns) if some else table(**{name: [] for name in ["USUBJID", *NAMES]})
        frame = frame.assign(
            LBSTRESN=pd.to_numeric(frame["LBSTRESC"], errors="coerce").astype("float64")
        )
        part = candidates({"LB": dataset(LB, frame)})
        found.append(part.assign(row=part["row"] + start))
    return found


UNITS = (
    ("S1", "GLUC", "SERUM", "mmol/L", "5.0", "mmol/L"),
    ("S1", "GLUC", "SERUM", "mmol/L", "<5.0", "mmol/L"),
    ("S1", "GLUC", "URINE", "mg/dL", "7", "mg/dL"),  # of another specimen: another series
    ("S2", "GLUC", "SERUM", "mg/dL", "90", "mg/dL"),
    ("S2", "GLUC", "SERUM", None, "91", None),  # no unit is not another unit
    (
        "S3",
        "GLUC",
        "SERUM",
        "mg/dL",
        "trace",
        "mg/dL",
    ),  # nothing that could be averaged with the others
)


@pytest.mark.parametrize("at", range(7))
def test_one_test_in_two_units(at: int) -> None:
    found = across_subjects(parts(*UNITS, at=at)).findings
    message = "GLUC, SERUM is in mg/dL in 1 record of this subject, but in mmol/L in 2 records of the study."
    units = found[found["rule"] == "RESULT-UNITS"]
    assert literal(units, "severity", "row", "subject", "variable", "value", "message") == [
        ("error", 3, "S2", "LBSTRESU", "mg/dL", message)
    ]


@pytest.mark.parametrize("at", range(6))
def test_text_is_told_once_for_each_test_and_text(at: int) -> None:
    records = (
        ("S1", "CRP", "SERUM", "mg/L", "trace", "mg/L"),
        ("S1", "CRP", "SERUM", "mg/L", "<=5", "mg/L"),  # a bound of a number
        ("S2", "CRP", "SERUM", "mg/L", "trace", "mg/L"),
        ("S2", "CRP", "SERUM", "mg/L", "1+", "mg/L"),
        ("S2", "ALB", "SERUM", None, "1+", None),
    )
    found = across_subjects(parts(*records, at=at)).findings
    assert literal(found, "rule", "severity", "row", "value", "message") == [
        (
            "RESULT-TEXT",
            "note",
            0,
            "trace",
            '"trace" is not a number, so CRP has no numeric result in 2 records.',
        ),
        (
            "RESULT-TEXT",
            "note",
            3,
            "1+",
            '"1+" is not a number, so CRP has no numeric result in 1 record.',
        ),
        (
            "RESULT-TEXT",
            "note",
            4,
            "1+",
            '"1+" is not a number, so ALB has no numeric result in 1 record.',
        ),
    ]


UNITS_OF_NO_TEST = (
    ("S1", None, "SERUM", "mg/dL", "90", "mg/dL"),
    ("S1", None, "SERUM", "mmol/L", "5.0", "mmol/L"),
    ("S2", None, "SERUM", "mmol/L", "trace", "mmol/L"),
)


@pytest.mark.parametrize("at", range(4))
def test_a_record_without_its_test_is_of_none(at: int) -> None:
    assert across_subjects(parts(*UNITS_OF_NO_TEST, at=at)).findings.empty


@pytest.mark.parametrize("at", range(10))
def test_records_without_their_test_hide_no_others(at: int) -> None:
    found = across_subjects(parts(*UNITS_OF_NO_TEST, *UNITS, at=at)).findings
    assert literal(found, "rule", "row", "value") == [
        ("RESULT-UNITS", 6, "mg/dL"),
        ("RESULT-TEXT", 8, "trace"),
    ]


def test_a_record_without_its_subject_has_no_unit_of_a_test() -> None:
    records = (
        (None, "GLUC", "SERUM", "mg/dL", "90", "mg/dL"),
        ("S1", "GLUC", "SERUM", "mmol/L", "5.0", "mmol/L"),
    )
    assert across_subjects(parts(*records)).findings.empty


def test_nothing_to_tell() -> None:
    assert across_subjects([]).findings.empty
    examined = across_subjects(parts(UNITS[0]))
    assert examined.findings.empty
    assert literal(examined.rules, "rule", "dataset", "status", "findings") == [
        ("RESULT-UNITS", "LB", "executed", 0)
    ]


ADTEST = spec(
    "ADTEST",
    *map(char, ["USUBJID", "PARAMCD", "PARAM", "PARCAT1", "AVISIT", "AVALC", "SAFFL"]),
    *map(num, ["PARAMN", "AVISITN", "AVAL", "SAFFN"]),
    standard="ADaM",
    structure="BDS",
)
ALIKE = {
    "PARAMCD": "ENZ",
    "PARAM": "Enzyme (x ULN)",
    "PARCAT1": "CORE",
    "AVISIT": "Week 3",
    "AVALC": "High",
    "SAFFL": "Y",
    "PARAMN": 1.0,
    "AVISITN": 3.0,
    "AVAL": 2.5,
    "SAFFN": 1.0,
}


def disagreements(*records: dict[str, Any], at: int = 0) -> list[tuple[Any, ...]]:
    """What is told of records that are all alike but for these values."""
    rows = [{"USUBJID": f"S{number}", **ALIKE, **told} for number, told in enumerate(records)]
    found = []
    for start, some in ((0, rows[:at]), (at, rows[at:])):
        if some:
            part = candidates(
                {"ADTEST": dataset(ADTEST, table(**pd.DataFrame(some).to_dict("list")))}
            )
            found.append(part.assign(row=part["row"] + start))
    told = across_subjects(found).findings
    return literal(told, "rule", "row", "variable", "value", "message")


@pytest.mark.parametrize("at", range(4))
@pytest.mark.parametrize(
    ("other", "variable", "message"),
    [
        (
            {"PARCAT1": "CK"},
            "PARCAT1",
            "PARCAT1 is CK in 1 record with PARAMCD ENZ, but CORE in 3 records of the study.",
        ),
        (
            {"AVALC": "<5"},
            "AVALC",
            "AVALC is <5 in 1 record with PARAMCD ENZ, AVAL 2.5, but High in 3 records of the study.",
        ),
        (
            {"AVAL": 7.0},
            "AVAL",
            "AVAL is 7 in 1 record with PARAMCD ENZ, AVALC High, but 2.5 in 3 records of the study.",
        ),
        (
            {"AVISIT": "Week 4"},
            "AVISIT",
            "AVISIT is Week 4 in 1 record with PARAMCD ENZ, AVISITN 3, but Week 3 in 3 records of the study.",
        ),
        (
            {"SAFFN": 0.0},
            "SAFFN",
            "SAFFN is 0 in 1 record with SAFFL Y, but 1 in 3 records of the study.",
        ),
    ],
)
def test_a_pair_that_disagrees(at: int, other: dict[str, Any], variable: str, message: str) -> None:
    """However the study is parted."""
    found = disagreements({}, other, {}, {}, at=at)
    assert [record[2:] for record in found if record[2] == variable] == [
        (variable, found[0][3], message)
    ]
    assert {(record[0], record[1]) for record in found} == {("PAIR-DISAGREES", 1)}


@pytest.mark.parametrize(
    "other",
    [
        {},
        {"AVALC": None},  # a record without a text has nothing to agree with
        {"AVALC": None, "AVAL": 7.0},
        {"PARAMCD": "TIS", "PARAM": "Score", "PARAMN": 2.0, "AVISIT": "By Week 3"},
        {"PARAMCD": "TIS", "PARAM": "Score", "PARAMN": 2.0, "AVALC": "Low"},
        {"SAFFL": "N", "SAFFN": 0.0},
    ],
)
def test_pairs_that_agree(other: dict[str, Any]) -> None:
    """A visit and a text belong to their parameter."""
    assert disagreements({}, other, {}) == []


@pytest.mark.parametrize(
    ("text", "is_told"),
    [
        ("5", False),
        (" 5 ", False),
        ("+.5", False),
        ("1e5", False),
        ("< 5", False),
        ("≥5.0", False),
        ("5.", True),  # as the number of it is missing
        ("inf", True),
        ("-Infinity", True),
        ("nan", True),
        ("<inf", True),
        ("1e999", True),
        ("1_000", True),
        ("1,5", True),
        ("0x10", True),
        ("<>5", True),
        ("٥", True),  # a digit of another script
    ],
)
def test_what_is_a_number(text: str, is_told: bool) -> None:
    """A result is told where `number` makes none of it, unless it is a bound."""
    records = ("S1", "CRP", "SERUM", "mg/L", text, "mg/L")
    found = across_subjects(parts(records)).findings
    assert (found["rule"] == "RESULT-TEXT").any() == is_told
    has_number = number(pd.Series([text])).notna().item()
    assert has_number == (not is_told and text[0] not in "<≥")


LIMITS = spec(
    "LB",
    char("USUBJID"),
    *map(char, ("LBTESTCD", "LBSTRESC", "LBORNRLO", "LBORNRHI")),
    *map(num, ("LBSTRESN", "LBSTNRLO", "LBSTNRHI")),
    keys=("USUBJID", "LBTESTCD"),
)


def limits(*rows: tuple[Any, ...]) -> pd.DataFrame:
    names = ["USUBJID", "LBTESTCD", "LBORNRLO", "LBORNRHI"]
    frame = table(**dict(zip(names, map(list, zip(*rows, strict=True)), strict=True)))
    numbers = {
        "LBSTRESN": 1.0,
        "LBSTNRLO": number(frame["LBORNRLO"]),
        "LBSTNRHI": number(frame["LBORNRHI"]).where(frame["LBTESTCD"] != "LD"),  # of another kind
    }
    return candidates({"LB": dataset(LIMITS, frame.assign(LBSTRESC="1", **numbers))})


def test_a_limit_that_is_text_is_told_once() -> None:
    one = limits(("S1", "CK", "0", "<70"), ("S2", "CK", None, "<70"), ("S2", "LD", "5", "90"))
    two = limits(("S3", "CK", "5.", "<70"))
    found = across_subjects([one, two.assign(row=two["row"] + 3)]).findings
    assert literal(found, "rule", "severity", "row", "variable", "message") == [
        (
            "RESULT-LIMIT",
            "warning",
            0,
            "LBSTNRHI",
            '"<70" is not a number, so LBSTNRHI of CK is missing in 3 records.',
        ),
        (
            "RESULT-LIMIT",
            "warning",
            3,
            "LBSTNRLO",
            '"5." is not a number, so LBSTNRLO of CK is missing in 1 record.',
        ),
    ]
