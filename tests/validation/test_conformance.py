"""What a spec requires: each requirement with values that meet it and values that do not."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from ivig_cdisc.metadata import CodelistsBy, Variable
from ivig_cdisc.testing import records
from ivig_cdisc.validation import run

from .small import char, dataset, num, spec, study, table

SUBJECT = char("USUBJID", core="Req")


def found(variable: Variable, values: Any, **more: Any) -> list[tuple[Any, ...]]:
    """Rule, row, value and message of the findings in one variable of a small dataset."""
    made = spec("AE", SUBJECT, variable, keys=("USUBJID", variable.name), **more)
    subjects = pd.Series([f"S{i}" for i in range(len(values))], dtype="str")
    frame = pd.DataFrame({"USUBJID": subjects, variable.name: values})
    return records(
        run({"AE": dataset(made, frame)}, study(made)).findings,
        "severity",
        "rule",
        "row",
        "value",
        "message",
    )


def text(*values: str | None) -> pd.Series:
    return pd.Series(list(values), dtype="str")


def test_terms_outside_a_closed_codelist_are_errors() -> None:
    assert found(char("AESEV", codelist="C66769"), text("MILD", "Mild", None, "")) == [
        (
            "error",
            "SPEC-CODELIST",
            1,
            "Mild",
            "Mild is not a term of the codelist Severity (C66769).",
        ),
    ]


def test_terms_outside_an_extensible_codelist_are_warnings() -> None:
    assert found(char("LBORRESU", codelist="C71620"), text("U/L", "ukat/L").astype("category")) == [
        (
            "warning",
            "SPEC-EXTENSIBLE",
            1,
            "ukat/L",
            "ukat/L is not a term of the codelist Unit (C71620).",
        ),
    ]


def test_a_codelist_that_depends_on_another_variable() -> None:
    by = CodelistsBy(by="QSCAT", of={"SEVERITY": "C66769", "LAB": "C71620", "FREE": "none"})
    code = char("QSTESTCD", codelist="C66769; C71620", codelists_by=by)
    made = spec("QS", code, char("QSCAT"), keys=())
    frame = pd.DataFrame(
        {
            "QSTESTCD": text("MILD", "U/L", "U/L", "MILD", "X", "X", None),
            "QSCAT": text("SEVERITY", "SEVERITY", "LAB", "LAB", "FREE", None, "LAB"),
        }
    )
    told = run({"QS": dataset(made, frame)}, study(made)).findings
    assert records(told, "severity", "rule", "row", "message") == [
        (
            "error",
            "SPEC-CODELIST",
            1,
            "U/L is not a term of the codelist Severity (C66769), which goes with QSCAT SEVERITY.",
        ),
        (
            "warning",
            "SPEC-EXTENSIBLE",
            3,
            "MILD is not a term of the codelist Unit (C71620), which goes with QSCAT LAB.",
        ),
    ]


def test_other_values_have_the_codelist_of_the_standard() -> None:
    by = CodelistsBy(by="QSCAT", of={"FREE": "none"})
    code = char("QSTESTCD", codelist="C66769", codelists_by=by, codelist_usual="C66769")
    made = spec("QS", code, char("QSCAT"), keys=())
    codes, categories = text("X", "X", "X", "MILD"), text("FREE", "OTHER", None, "OTHER")
    frame = pd.DataFrame({"QSTESTCD": codes, "QSCAT": categories})
    told = run({"QS": dataset(made, frame)}, study(made)).findings
    message = "X is not a term of the codelist Severity (C66769)."
    assert records(told, "rule", "row", "message") == [
        ("SPEC-CODELIST", 1, message),
        ("SPEC-CODELIST", 2, message),
    ]


def test_length_counts_bytes() -> None:
    assert found(
        char("AETERM", 4), text("rash", "raſh", "éé", "rashes", None)
    ) == [  # the long s and é have two bytes each
        ("error", "SPEC-LENGTH", 1, "raſh", "AETERM has more than 4 bytes."),
        ("error", "SPEC-LENGTH", 3, "rashes", "AETERM has more than 4 bytes."),
    ]


def test_required_values_are_there() -> None:
    assert found(char("AETERM", core="Req", label="Reported Term"), text("rash", "", None)) == [
        ("error", "SPEC-REQUIRED", 1, "", "AETERM (Reported Term) is required, but empty."),
        ("error", "SPEC-REQUIRED", 2, None, "AETERM (Reported Term) is required, but empty."),
    ]


def test_dates_are_in_the_calendar() -> None:
    good = [
        "2016-02-29",
        "2017",
        "2017-05",
        "2017-05-12T10",
        "2017-05-12T10:30",
        "2017-05-12T23:59:59.5",
        None,
        "",
    ]
    bad = [
        "2017-02-29",
        "2017-13",
        "2017-5-1",
        "12-05-2017",
        "2017-05-12T24:00",
        "2017-05-12 10:30",
        "P3W",
        "unknown",
    ]
    messages = found(char("AESTDTC", 30, iso8601=True), text(*good, *bad))
    assert [(rule, row, value) for _, rule, row, value, _ in messages] == [
        ("SPEC-ISO8601", len(good) + i, value) for i, value in enumerate(bad)
    ]
    assert messages[0][-1] == "2017-02-29 is not a calendar date of ISO 8601."


def test_durations_are_iso_8601() -> None:
    assert found(
        char("TEDUR", iso8601=True),
        text("P3W", "P1Y2M3DT4H", "-P21D", "PT0.5S", "2017-05-12", "3 weeks"),
    ) == [
        (
            "error",
            "SPEC-ISO8601",
            5,
            "3 weeks",
            "3 weeks is not a calendar date or a duration of ISO 8601.",
        ),
    ]


def test_numbers_lie_in_their_range() -> None:
    assert found(num("AVAL", range=(0, 100)), [0.0, 100.0, 100.5, -1.0, np.nan]) == [
        ("warning", "SPEC-RANGE", 2, "100.5", "AVAL is 100.5; plausible is 0 to 100."),
        ("warning", "SPEC-RANGE", 3, "-1", "AVAL is -1; plausible is 0 to 100."),
    ]


@pytest.mark.parametrize(
    ("variable", "values", "message"),
    [
        (char("X"), [1.0, 2.0], "X is Char in the spec, but holds float64."),
        (num("X"), text("1", "2"), "X is Num in the spec, but holds str."),
        (num("X"), [True, False], "X is Num in the spec, but holds bool."),
        (num("X", format="DATE9."), [1.0, 2.0], "X is Date in the spec, but holds float64."),
        (char("X"), pd.Series(["a", 2], dtype=object), "X is Char, but 2 is not text."),
        (char("X"), text("a", None), None),
        (char("X"), pd.Series(["a", "b"], dtype="category"), None),
        (char("X"), pd.Series(["a", None], dtype=object), None),
        (num("X"), [1, 2], None),
        (num("X"), pd.array([1, None], "Int64"), None),
        (num("X", format="DATE9."), pd.to_datetime(["2017-05-12", None]), None),
        (num("X", format="DATE9."), [None, None], None),  # nothing to be of the wrong type
    ],
)
def test_types(variable: Variable, values: Any, message: str | None) -> None:
    told_types = [line[-1] for line in found(variable, values) if line[1] == "SPEC-TYPE"]
    assert told_types == ([message] if message else [])


def test_columns_are_those_of_the_spec() -> None:
    made = spec("AE", SUBJECT, char("AETERM", label="Reported Term"))
    frame = table(USUBJID=["S1"], AEEXTRA=["x"])
    assert records(
        run({"AE": dataset(made, frame)}, study(made)).findings,
        "rule",
        "row",
        "subject",
        "message",
    ) == [
        ("SPEC-COLUMN", None, None, "AEEXTRA is not in the spec of the dataset."),
        ("SPEC-COLUMN", None, None, "AETERM (Reported Term) is not in the dataset."),
    ]


def test_keys_are_unique_and_name_the_record() -> None:
    variables = (SUBJECT, char("LBTESTCD"), num("VISITNUM"))
    made = spec("LB", *variables, keys=("USUBJID", "LBTESTCD", "VISITNUM"))
    frame = table(
        USUBJID=["S1", "S1", "S1", "S2"],
        LBTESTCD=["CK", "CK", "LDH", "CK"],
        VISITNUM=[2.0, 2.0, None, 2.0],
    )
    message = "Another record has the same key (USUBJID, LBTESTCD, VISITNUM)."
    columns = ("rule", "row", "subject", "key", "variable", "value", "message")
    assert records(run({"LB": dataset(made, frame)}, study(made)).findings, *columns) == [
        (
            "SPEC-KEY",
            0,
            "S1",
            "LBTESTCD=CK, VISITNUM=2",
            "VISITNUM",
            "LBTESTCD=CK, VISITNUM=2",
            message,
        ),
        (
            "SPEC-KEY",
            1,
            "S1",
            "LBTESTCD=CK, VISITNUM=2",
            "VISITNUM",
            "LBTESTCD=CK, VISITNUM=2",
            message,
        ),
    ]


def test_rows_are_found_again_whatever_the_index() -> None:
    made = spec("AE", SUBJECT, char("AETERM", core="Req"))
    frame = table(USUBJID=["S1", "S2", "S3"], AETERM=["a", None, "c"]).set_axis([7, 40, 3])
    assert records(run({"AE": dataset(made, frame)}, study(made)).findings, "row", "subject") == [
        (40, "S2")
    ]


def test_all_failing_records_come_back() -> None:
    many = 1_000  # more than Great Expectations' own limit
    assert len(found(char("AESEV", codelist="C66769"), text(*["BAD"] * many))) == many


def test_internal_datasets_are_not_held_to_their_spec() -> None:
    made = spec("CYCLE", SUBJECT, char("X", 1), internal=True)
    assert run(
        {"CYCLE": dataset(made, table(USUBJID=[None], X=["long"]))}, study(made)
    ).findings.empty


def test_an_empty_dataset_conforms() -> None:
    made = spec(
        "AE",
        SUBJECT,
        char("AESEV", codelist="C66769"),
        num("AVAL", range=(0, 1)),
        char("AEDTC", iso8601=True),
    )
    frame = table(USUBJID=[], AESEV=[], AVAL=[], AEDTC=[]).astype({"AVAL": "float64"})
    assert run({"AE": dataset(made, frame)}, study(made)).findings.empty


def test_nothing_is_changed() -> None:
    made = spec("AE", SUBJECT, char("AESEV", 3, codelist="C66769"))
    frame = table(USUBJID=["S1", "S1"], AESEV=["BAD!", None])
    before = frame.copy(deep=True)
    run({"AE": dataset(made, frame)}, study(made))
    pd.testing.assert_frame_equal(frame, before)
