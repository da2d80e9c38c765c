"""One raw cell, one cause: which findings belong together, and which of them speaks."""

from __future__ import annotations

import pandas as pd

from ivig_cdisc.findings import findings, gather
from ivig_cdisc.validate.causes import causes, first, shared

from .small import told

CELL = {"file": "core_set.csv", "column": "physician_vas"}
FOUND = pd.concat(
    [
        findings(
            severity="error", rule="SPEC-CODELIST", dataset="AE", row=3, file="ae.csv", line=38, column="severity"
        ),
        findings(severity="error", rule="RAW-CODE", dataset="ae", file="ae.csv", line=38, column="severity"),
        findings(severity="error", rule="PHYSICIAN-SCALE", dataset="RS", row=0, line=5, **CELL),
        findings(severity="warning", rule="RAW-RANGE", dataset="core_set", line=5, **CELL),
        findings(severity="error", rule="RAW-RANGE", dataset="core_set", line=6, **CELL),
        findings(severity="error", rule="WHOLE-LINE", dataset="core_set", file="core_set.csv", line=5),
        findings(severity="error", rule="WHOLE-LINE", dataset="core_set", file="core_set.csv", line=5),
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
    assert told(first(FOUND), "rule", "line") == [
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
