"""ADAE: severity, relation, duration, and the first of the most severe events."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from .analysis import cells
from .exports import converted

UNTOLD = [
    "ongoing",
    "ser_death",
    "ser_life",
    "ser_hosp",
    "ser_disab",
    "ser_cong",
    "ser_med",
    "related",
    "action",
    "outcome",
]


def event(number: int, term: str, start: str, severity: str, **more: str) -> dict[str, Any]:
    """A line of the form, of one body system if it says no other."""
    told = {"ae_no": str(number), "description": term.title(), "pt_name": term}
    when = {"start_date": start, "end_date": "", "severity": severity, "serious": "0"}
    empty = dict.fromkeys(UNTOLD, "")
    return {"subject_id": "01-001", "soc_name": "NERVOUS", **empty, **told, **when, **more}


def test_first_and_most_severe(tmp_path: Path) -> None:
    events = [
        event(1, "HEADACHE", "15-01-2018", "3"),  # before treatment
        event(2, "HEADACHE", "23-01-2018", "1", end_date="24-01-2018", related="2"),
        event(3, "HEADACHE", "25-01-2018", "2", end_date="UN-01-2018", related="1"),
        event(4, "HEADACHE", "26-01-2018", "2", related="0"),
        event(5, "DIZZINESS", "23-01-2018", "2", soc_name="EAR", end_date="22-01-2018"),
    ]
    made = converted(tmp_path, "ADAE", adverse_events=events)
    flags = ("AOCCFL", "AOCCSFL", "AOCCPFL", "AOCCIFL", "AOCCSIFL", "AOCCPIFL")
    found = cells(made, "ADAE", "AESPID", "TRTEMFL", *flags)
    assert sorted(found) == [
        ("1", None, None, None, None, None, None, None),
        ("2", "Y", None, "Y", "Y", None, None, None),
        ("3", "Y", None, None, None, None, "Y", "Y"),
        ("4", "Y", None, None, None, None, None, None),
        ("5", "Y", "Y", "Y", "Y", "Y", "Y", "Y"),
    ]
    names = ("AESPID", "AESOC", "ASEV", "ASEVN", "RELGR1", "RELGR1N", "ADURN", "ADURU", "TRTP")
    treatment = "IVIg monotherapy"
    assert sorted(cells(made, "ADAE", *names)) == [
        ("1", "NERVOUS", "SEVERE", 3, None, None, None, None, treatment),
        ("2", "NERVOUS", "MILD", 1, "RELATED", 1, 2, "DAYS", treatment),
        ("3", "NERVOUS", "MODERATE", 2, "NOT RELATED", 0, None, None, treatment),  # imputed end
        ("4", "NERVOUS", "MODERATE", 2, "NOT RELATED", 0, None, None, treatment),
        ("5", "EAR", "MODERATE", 2, None, None, None, None, treatment),  # ends before it starts
    ]
