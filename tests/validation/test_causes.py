"""One raw cell, one cause: which findings belong together, and which of them speaks."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from ivig_cdisc.findings import findings, gather
from ivig_cdisc.testing import records
from ivig_cdisc.validation.causes import causes, first, shared, with_reasons

CELL = {"file": "core_set.csv", "column": "physician_vas"}
FOUND = pd.concat(
    [
        findings(
            severity="error",
            rule="SPEC-CODELIST",
            dataset="AE",
            row=3,
            file="ae.csv",
            line=38,
            column="severity",
        ),
        findings(
            severity="error",
            rule="RAW-CODE",
            dataset="ae",
            file="ae.csv",
            line=38,
            column="severity",
        ),
        findings(severity="error", rule="PHYSICIAN-SCALE", dataset="RS", row=0, line=5, **CELL),
        findings(severity="warning", rule="RAW-RANGE", dataset="core_set", line=5, **CELL),
        findings(severity="error", rule="RAW-RANGE", dataset="core_set", line=6, **CELL),
        findings(
            severity="error", rule="WHOLE-LINE", dataset="core_set", file="core_set.csv", line=5
        ),
        findings(
            severity="error", rule="WHOLE-LINE", dataset="core_set", file="core_set.csv", line=5
        ),
        findings(severity="note", rule="NOWHERE"),
    ],
    ignore_index=True,
)


def test_a_cause_is_a_cell() -> None:
    assert causes(FOUND).tolist()[:6] == [
        "ae.csv:38:severity",
        "ae.csv:38:severity",
        "core_set.csv:5:physician_vas",
        "core_set.csv:5:physician_vas",
        "core_set.csv:6:physician_vas",
        FOUND["column"][5],  # a whole line is no cell
    ]


def test_the_worst_speaks_and_reading_before_datasets() -> None:
    assert shared(FOUND) == [[1, 0], [2, 3]]
    assert records(first(FOUND), "rule", "line") == [
        ("RAW-CODE", 38),
        ("PHYSICIAN-SCALE", 5),
        ("RAW-RANGE", 6),
        ("WHOLE-LINE", 5),
        ("WHOLE-LINE", 5),
        ("NOWHERE", None),
    ]


def test_what_is_waived_speaks_last() -> None:
    waived = FOUND.assign(waived=FOUND["waived"].mask(FOUND["rule"].eq("PHYSICIAN-SCALE"), "Seen."))
    assert shared(waived) == [[1, 0], [3, 2]]


def test_nothing_is_no_trouble() -> None:
    assert shared(gather([])) == []
    assert first(gather([])).empty


START = {"file": "ae.csv", "line": 7, "column": "start_date"}
LACKS = findings(
    severity="warning", rule="AE-WITHOUT-START", dataset="AE", row=3, message="No start.", **START
)
WHY = 'No start. What was entered, "12-13-2024", could not be read (RAW-DATE).'


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ({"severity": "error", "rule": "RAW-DATE", "value": "12-13-2024"}, WHY),
        ({"severity": "error", "rule": "RAW-REQUIRED"}, "No start."),  # nothing was entered
        (
            {"severity": "warning", "rule": "RAW-RANGE", "value": "12-13-2024"},
            "No start.",
        ),  # it was read
        (
            {"severity": "error", "rule": "RAW-DATE", "value": "12-13-2024", "line": 8},
            "No start.",
        ),  # another cell
    ],
)
def test_what_could_not_be_read_is_the_reason_of_what_is_lacking(
    raw: dict[str, Any], said: str
) -> None:
    of_reading = findings(dataset="ae", message="is no date", **{**START, **raw})
    assert (
        with_reasons(gather([LACKS, of_reading])).set_index("rule")["message"]["AE-WITHOUT-START"]
        == said
    )


def test_a_value_that_is_there_needs_no_reason() -> None:
    of_reading = findings(
        severity="error", rule="RAW-CODE", value="7", message="is no code", **START
    )
    found = with_reasons(gather([LACKS.assign(value="7"), of_reading]))
    assert set(found["message"]) == {"No start.", "is no code"}
    assert with_reasons(gather([])).empty
