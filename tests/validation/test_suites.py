"""Suites as they are written: which expectations they have, and what they say that they have not."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivig_cdisc.iso8601 import is_date
from ivig_cdisc.metadata import CodelistsBy, Rule
from ivig_cdisc.validation import load_suite, patterns, suites

from .small import char, num, rule, spec, study

SUBJECT = char("USUBJID", core="Req")
AE = spec(
    "AE",
    SUBJECT,
    num("AESEQ", range=(1, 99)),
    char("AESEV", 8, codelist="C66769"),
    char("AESTDTC", 19, iso8601=True),
    char("AEDUR", 19, iso8601=True),
    char("AESITE", 8, supplemental=True),
    keys=("USUBJID", "AESEQ"),
)


def native(*rules: Rule) -> list[tuple[Any, ...]]:
    """Rule, expectation and its arguments of the suite of AE; of a pattern only that it is one."""
    made = suites(study(AE, rules=rules), {"AE": "sdtm/ae.xpt"})["AE"]
    found = []
    for one in made["expectations"]:
        kwargs = {
            name: "a pattern" if name == "regex" else value for name, value in one["kwargs"].items()
        }
        found.append((one["meta"]["rule"], one["type"].removeprefix("expect_"), kwargs))
    return found


def left_out(*rules: Rule) -> list[tuple[str, str, str]]:
    made = suites(study(AE, rules=rules), {"AE": "sdtm/ae.xpt"})["AE"]
    return [(one["rule"], one["variable"], one["reason"]) for one in made["meta"]["not_included"]]


def test_what_a_spec_requires() -> None:
    columns = ["USUBJID", "AESEQ", "AESEV", "AESTDTC", "AEDUR"]  # AESITE is in SUPPAE
    assert native() == [
        *[("SPEC-COLUMN", "column_to_exist", {"column": name}) for name in columns],
        ("SPEC-COLUMN", "table_columns_to_match_set", {"column_set": columns, "exact_match": True}),
        ("SPEC-TYPE", "column_values_to_be_of_type", {"column": "USUBJID", "type_": "str"}),
        ("SPEC-TYPE", "column_values_to_be_of_type", {"column": "AESEQ", "type_": "float64"}),
        ("SPEC-TYPE", "column_values_to_be_of_type", {"column": "AESEV", "type_": "str"}),
        ("SPEC-TYPE", "column_values_to_be_of_type", {"column": "AESTDTC", "type_": "str"}),
        ("SPEC-TYPE", "column_values_to_be_of_type", {"column": "AEDUR", "type_": "str"}),
        ("SPEC-LENGTH", "column_value_lengths_to_be_between", {"column": "USUBJID", "max_value": 20}),
        ("SPEC-LENGTH", "column_value_lengths_to_be_between", {"column": "AESEV", "max_value": 8}),
        ("SPEC-LENGTH", "column_value_lengths_to_be_between", {"column": "AESTDTC", "max_value": 19}),
        ("SPEC-LENGTH", "column_value_lengths_to_be_between", {"column": "AEDUR", "max_value": 19}),
        ("SPEC-REQUIRED", "column_values_to_not_be_null", {"column": "USUBJID"}),
        ("SPEC-CODELIST", "column_values_to_be_in_set", {"column": "AESEV", "value_set": ["MILD", "SEVERE"]}),
        (
            "SPEC-KEY",
            "compound_columns_to_be_unique",
            {"column_list": ["USUBJID", "AESEQ"], "ignore_row_if": "never"},
        ),
        ("SPEC-ISO8601", "column_values_to_match_regex", {"column": "AESTDTC", "regex": "a pattern"}),
        ("SPEC-ISO8601", "column_values_to_match_regex", {"column": "AEDUR", "regex": "a pattern"}),
        ("SPEC-RANGE", "column_values_to_be_between", {"column": "AESEQ", "min_value": 1.0, "max_value": 99.0}),
    ]  # fmt: skip


def test_codelists_that_depend_on_another_variable() -> None:
    by = CodelistsBy(by="AEOUT", of={"LAB": "C71620"})
    lists = {"codelist": "C71620; C66769", "codelists_by": by, "codelist_usual": "C66769"}
    ae = spec("AE", char("AEOUT", 8), char("AESEV", 8, **lists), keys=())
    made = suites(study(ae), {"AE": "sdtm/ae.xpt"})["AE"]
    of_codelists = [
        one for one in made["expectations"] if "IN" in str(one["kwargs"].get("row_condition"))
    ]
    column = {"name": "AEOUT"}
    assert [one["kwargs"]["row_condition"] for one in of_codelists] == [
        {"type": "comparison", "column": column, "operator": "NOT_IN", "parameter": ["LAB"]},
        {"type": "comparison", "column": column, "operator": "IN", "parameter": ["LAB"]},
    ]


def of_rule(check: str, columns: dict[str, Any], **more: Any) -> list[tuple[str, dict[str, Any]]]:
    one = rule("R", "AE", check, "AESEQ", columns=columns, **more)
    return [(kind, kwargs) for name, kind, kwargs in native(one) if name == "R"]


@pytest.mark.parametrize(
    ("check", "columns", "constants", "expected"),
    [
        ("present", {"value": "AESEV"}, {}, [("column_values_to_not_be_null", {"column": "AESEV"})]),
        ("absent", {"value": "AESEV"}, {}, [("column_values_to_be_null", {"column": "AESEV"})]),
        (
            "one_of",  # of a column of numbers, what is a number
            {"value": "AESEQ"},
            {"allowed": ["1", "2", "MANY"]},
            [("column_values_to_be_in_set", {"column": "AESEQ", "value_set": [1.0, 2.0]})],
        ),
        (
            "in_range",
            {"value": "AESEQ"},
            {"low": 1, "high": 5},
            [("column_values_to_be_between", {"column": "AESEQ", "min_value": 1, "max_value": 5})],
        ),
        (
            "not_less",
            {"high": "AESEQ", "low": "AESEQ"},
            {},
            [
                (
                    "column_pair_values_a_to_be_greater_than_b",
                    {"column_A": "AESEQ", "column_B": "AESEQ", "or_equal": True, "ignore_row_if": "either_value_is_missing"},
                )
            ],
        ),
        (
            "distinct",  # AELOC is not there, and need not be
            {"values": ["USUBJID", "AESEV", "AELOC?"]},
            {},
            [("compound_columns_to_be_unique", {"column_list": ["USUBJID", "AESEV"], "ignore_row_if": "any_value_is_missing"})],
        ),
        (
            "dated",  # there is one, it is in the calendar, and its year is known
            {"value": "AESTDTC"},
            {},
            [
                ("column_values_to_not_be_null", {"column": "AESTDTC"}),
                ("column_values_to_match_regex", {"column": "AESTDTC", "regex": "a pattern"}),
                ("column_values_to_match_regex", {"column": "AESTDTC", "regex": "a pattern"}),
            ],
        ),
    ],
)  # fmt: skip
def test_rules(check: str, columns: Any, constants: Any, expected: list[Any]) -> None:
    assert of_rule(check, columns, constants=constants) == expected


def test_conditions() -> None:
    columns = {"value": "AESEV"}
    several = {"AESEV": "present", "AESEQ": ("1", 2.0)}
    assert of_rule("absent", columns, where={"AESTDTC": "absent"})[0][1]["row_condition"] == {
        "type": "nullity",
        "column": {"name": "AESTDTC"},
        "is_null": True,
    }
    assert of_rule("absent", columns, where=several)[0][1]["row_condition"] == {
        "type": "and",
        "conditions": [
            {"type": "nullity", "column": {"name": "AESEV"}, "is_null": False},
            {"type": "comparison", "column": {"name": "AESEQ"}, "operator": "IN", "parameter": [1.0, 2.0]},
        ],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("unsaid", "reason"),
    [
        (
            rule("R", "AE", "present", "AESEV", columns={"value": "AESEV"},
                 join=[{"with": "AE", "on": ["USUBJID", "AESEQ"], "take": {"X": "AESEV"}}]),
            "It reads AE as well.",
        ),
        (
            rule("R", "AE", "not_before", "AESEV", columns={"end": "AESTDTC", "start": "AESTDTC"}),
            "Great Expectations has no such expectation: The end is not before the start, as far as the known parts of partial dates say.",
        ),
        (
            rule("R", "AE", "present", "AESEV", columns={"value": "AESITE"}),
            "AESITE is written as records of SUPPAE.",
        ),
        (
            rule("R", "AE", "in_range", "AESEV", columns={"value": "AESEV"}, constants={"low": 0, "high": 1}),
            "AESEV is text in the file.",
        ),
        (rule("R", "AE", "dated", "AESEQ", columns={"value": "AESEQ"}), "AESEQ is a number in the file."),
    ],
)  # fmt: skip
def test_what_cannot_be_said_is_named(unsaid: Rule, reason: str) -> None:
    assert ("R", unsaid.variable, reason) in left_out(unsaid)
    assert not [kind for name, kind, _ in native(unsaid) if name == "R"]


def test_requirements_of_supplemental_variables_are_named() -> None:
    reason = "AESITE is written as records of SUPPAE."
    assert left_out() == [
        ("SPEC-COLUMN", "AESITE", reason),
        ("SPEC-TYPE", "AESITE", reason),
        ("SPEC-LENGTH", "AESITE", reason),
    ]


def test_each_expectation_says_rule_severity_and_message() -> None:
    made = suites(study(AE), {"AE": "sdtm/ae.xpt"})["AE"]
    assert made["meta"]["file"] == "sdtm/ae.xpt"
    by_rule = {one["meta"]["rule"]: one for one in made["expectations"]}
    assert by_rule["SPEC-RANGE"]["severity"] == "warning"
    assert by_rule["SPEC-KEY"]["severity"] == "critical"
    assert by_rule["SPEC-KEY"]["meta"] == {
        "rule": "SPEC-KEY",
        "severity": "error",
        "message": "No two records have the same key.",
        "variable": "AESEQ",
    }


def test_only_what_was_written_has_a_suite() -> None:
    assert list(suites(study(AE, spec("DM", SUBJECT)), {"DM": "sdtm/dm.xpt"})) == ["DM"]


def test_what_great_expectations_drops_is_an_error(tmp_path: Path) -> None:
    """It logs an error, keeps the rest, and would say success."""
    suite = suites(study(AE), {"AE": "sdtm/ae.xpt"})["AE"]
    path = tmp_path / "ae.json"
    path.write_text(json.dumps(suite), encoding="utf-8")
    assert len(load_suite(path).expectations) == len(suite["expectations"])
    suite["expectations"][3]["type"] = "expect_what_nobody_knows"
    path.write_text(json.dumps(suite), encoding="utf-8")
    with pytest.raises(ValueError, match=r"ae\.json: .* does not load 1 of its expectations"):
        load_suite(path)


@pytest.mark.parametrize(
    "content",
    ["[]", "{}", '{"name": "DM", "expectations": 5}', '{"name": "DM", "expectations": ["x"]}'],
)
def test_json_that_is_not_a_suite(tmp_path: Path, content: str) -> None:
    path = tmp_path / "dm.json"
    path.write_text(content, "utf-8")
    with pytest.raises(ValueError, match=r"dm\.json: is not a suite: expected a name"):
        load_suite(str(path))


# ---------------------------------------------------------------- patterns
PARTS = {
    "year": ["2024", "2023", "2000", "1900", "0000", "0400", "-", "202"],
    "month": ["01", "02", "04", "12", "13", "00", "-", "2"],
    "day": ["01", "28", "29", "30", "31", "32", "00", "-", "5"],
    "hour": ["00", "23", "24", "-", "7"],
    "minute": ["00", "59", "60", "-"],
    "second": ["00", "59", "60", "59.9", "59.", "-"],
    "offset": ["", "Z", "+01", "-01", "+14:00", "+14:01", "+15", "-12:00", "-12:01", "-11:30", "+1"],
}  # fmt: skip


@st.composite
def dates(draw: st.DrawFn) -> str:
    """Dates and what is nearly one: parts that the calendar has and has not, cut off anywhere."""
    parts = {name: draw(st.sampled_from(values)) for name, values in PARTS.items()}
    date = "-".join([parts["year"], parts["month"], parts["day"]][: draw(st.integers(1, 3))])
    time = ":".join([parts["hour"], parts["minute"], parts["second"]][: draw(st.integers(0, 3))])
    if not time:
        return date
    return f"{date}T{time}{parts['offset']}"


@given(st.lists(st.one_of(dates(), st.text("0123456789-:TZ+.", max_size=12)), max_size=50))
def test_the_pattern_of_dates_is_what_a_date_is(texts: list[str]) -> None:
    column = pd.Series(texts, dtype="str")
    matched = column.str.contains(patterns.whole(patterns.DATE), regex=True)
    assert matched.tolist() == is_date(column).tolist()


@pytest.mark.parametrize("pattern", [patterns.DATE, patterns.DURATION])
def test_patterns_are_known_to_every_engine(pattern: str) -> None:
    assert not re.search(r"\(\?[^:]|\\[^.+]", pattern), "look-around or backreference"


@pytest.mark.parametrize(
    "text", ["P3W", "-P21D", "PT2H30M", "P1Y2M3DT4H5M6.7S", "PT0.5S", "P1MT1M"]
)
def test_durations(text: str) -> None:
    assert re.fullmatch(patterns.DURATION, text)


@pytest.mark.parametrize(
    "text", ["P", "PT", "P1W2D", "P1DT", "3 weeks", "P1S", "PT1D", "P2D1Y", "P1.5D"]
)
def test_no_durations(text: str) -> None:
    assert not re.fullmatch(patterns.DURATION, text)
