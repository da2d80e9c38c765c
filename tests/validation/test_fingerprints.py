"""Severities and fingerprints: what counts, and what stays the same when a file is put in another order."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivig_cdisc.findings import (
    COLUMNS,
    SEVERITIES,
    failing,
    findings,
    gather,
    is_open,
    with_fingerprints,
)
from ivig_cdisc.testing import records

END = {
    "severity": "error",
    "rule": "END-BEFORE-START",
    "dataset": "AE",
    "row": 11,
    "subject": "01-007",
    "site": "01",
    "key": "AESPID=2",
    "variable": "AEENDTC",
    "value": "2018-03-09",
    "message": "The end, 2018-03-09, is before the start, 2018-03-16.",
    "file": "adverse_events.csv",
    "line": 15,
    "column": "end_date",
    "verbatim": "09-03-2018",
}
PRINT = "8faddab6f9c1d9ac"  # pinned: waivers of earlier exports must still be understood


def fingerprint(**changed: Any) -> str:
    (found,) = with_fingerprints(findings(**{**END, "key": LONG_KEY, **changed}))["fingerprint"]
    return str(found)


LONG_KEY = "AEDECOD=NASOPHARYNGITIS, AESTDTC=2018-03-16, AESPID=2"


def test_a_fingerprint_is_always_the_same() -> None:
    assert fingerprint() == PRINT


@pytest.mark.parametrize(
    "changed",
    [
        {"row": 900},
        {"line": 900},
        {"message": "In other words."},
        {"severity": "note"},
        {"site": "02"},
    ],
)
def test_place_and_wording_have_no_part_in_it(changed: dict[str, Any]) -> None:
    assert fingerprint(**changed) == PRINT


@pytest.mark.parametrize(
    "name", ["rule", "dataset", "subject", "key", "variable", "value", "verbatim"]
)
def test_content_has(name: str) -> None:
    assert fingerprint(**{name: "other"}) != PRINT
    assert fingerprint(**{name: None}) != PRINT


def test_empty_is_missing() -> None:
    """A file in between may not know the difference."""
    assert fingerprint(value=None) == fingerprint(value="")


def test_a_value_does_not_slip_into_the_next_column() -> None:
    assert fingerprint(variable="ab", value="c") != fingerprint(variable="a", value="bc")


def test_a_file_stands_for_the_dataset_where_there_is_none() -> None:
    one, other = (findings(rule="RAW-UNKNOWN-FILE", file=file) for file in ("a.csv", "b.csv"))
    assert with_fingerprints(gather([one, other]))["fingerprint"].is_unique


def ragged(*messages: str, lines: list[int]) -> pd.DataFrame:
    return findings(
        rule="RAW-RAGGED", dataset="vitals", subject="1", message=list(messages), line=lines
    )


def suffixes(found: pd.DataFrame) -> list[str]:
    numbered = with_fingerprints(found)
    return [
        f"{line} {print_[16:] or 'first'}"
        for line, print_ in zip(numbered["line"], numbered["fingerprint"])
    ]


def test_the_same_content_again_is_numbered_by_its_message() -> None:
    assert suffixes(ragged("has 5 fields", "has 3 fields", "has 4 fields", lines=[2, 3, 4])) == [
        "2 -3",
        "3 first",
        "4 -2",
    ]


def test_line_numbers_in_messages_do_not_count() -> None:
    first = ragged(
        "same key as line 9", "same key as line 10", lines=[12, 11]
    )  # as text, 10 is before 9
    assert suffixes(first) == ["12 -2", "11 first"]
    assert with_fingerprints(first)["fingerprint"].is_unique


@settings(deadline=None)  # frames are slow, and the first one most of all
@given(st.permutations(range(6)), st.integers(0, 5))
def test_neither_order_nor_partition_matter(order: list[int], cut: int) -> None:
    columns = {
        "subject": ["1", "1", "1", "2", "2", None],
        "message": list("aabbcc"),
        "line": [9, 8, 7, 6, 5, 4],
    }
    found = findings(rule="R", dataset="AE", value="x", **columns)
    expected = with_fingerprints(gather([found]))
    moved = found.iloc[order]
    pd.testing.assert_frame_equal(
        with_fingerprints(gather([moved.iloc[:cut], moved.iloc[cut:]])), expected
    )


def test_no_findings_have_no_fingerprints() -> None:
    assert with_fingerprints(gather([])).dtypes.astype(str).to_dict() == COLUMNS


# ---------------------------------------------------------------- severities
def test_rejects_come_first() -> None:
    assert SEVERITIES == ("reject", "error", "warning", "note")
    found = gather([findings(severity=["note", "error", "reject", "warning"], rule="R")])
    assert found["severity"].tolist() == list(SEVERITIES)


def test_a_run_fails_for_open_rejects_and_errors() -> None:
    found = gather(
        [
            findings(
                severity=["reject", "error", "error", "warning", "note"],
                waived=[None, None, "Yes.", None, None],
            )
        ]
    )
    assert records(failing(found), "severity", "waived") == [("reject", None), ("error", None)]
    assert is_open(found).sum() == 4
