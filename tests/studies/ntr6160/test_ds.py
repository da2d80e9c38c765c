"""Disposition: milestones, and how participation ended."""

from __future__ import annotations

from pathlib import Path

from .exports import END, SUBJECT, converted, rows

FAILED = {**SUBJECT, "inclusion_date": "", "screen_failure_reason": "Inclusion body myositis"}


def test_milestones_and_the_end_of_participation(tmp_path: Path) -> None:
    """Inclusion is a milestone; who was not included failed screening, whatever was ticked."""
    subjects = [
        SUBJECT,
        {**SUBJECT, "subject_id": "01-002"},
        {**FAILED, "subject_id": "01-003"},
        {**FAILED, "subject_id": "01-004"},
    ]
    ends = [
        {**END, "reason_text": "All visits done"},
        {**END, "subject_id": "01-002", "completed": "0", "reason": "2", "reason_text": "Rescued"},
        {**END, "subject_id": "01-003", "completed": "0", "reason": "9", "end_date": "20-01-2018"},
    ]
    made = converted(tmp_path, "DS", subjects=subjects, end_of_study=ends)
    milestone, event = "PROTOCOL MILESTONE", "DISPOSITION EVENT"
    consent, entered = "INFORMED CONSENT OBTAINED", "ENTERED INTO TRIAL"
    failure, participation = "SCREEN FAILURE", "STUDY PARTICIPATION"
    shown = rows(made, "DS", "USUBJID", "DSTERM", "DSDECOD", "DSCAT", "DSSCAT", "DSSTDTC")
    assert [(subject[-3:], *told) for subject, *told in shown] == [
        ("001", consent, consent, milestone, None, "2018-01-08"),
        ("001", entered, entered, milestone, None, "2018-01-15"),
        ("001", "COMPLETED", "COMPLETED", event, participation, "2018-03-27"),
        ("002", consent, consent, milestone, None, "2018-01-08"),
        ("002", entered, entered, milestone, None, "2018-01-15"),
        ("002", "Rescued", "LACK OF EFFICACY", event, participation, "2018-03-27"),
        ("003", consent, consent, milestone, None, "2018-01-08"),
        ("003", "Inclusion body myositis", failure, event, participation, "2018-01-20"),
        ("004", "Inclusion body myositis", failure, event, participation, None),  # no form
        ("004", consent, consent, milestone, None, "2018-01-08"),
    ]
    assert rows(made, "SUPPDS", "USUBJID", "QNAM", "QVAL") == [
        ("NTR6160-01-001", "EOSTEXT", "All visits done")
    ]
    assert "SUPPDM" not in made.datasets  # the date of inclusion is a milestone


def test_completed_and_its_reason_are_compared(tmp_path: Path) -> None:
    """Both are records of SUPPDS, as they were collected, only where they disagree."""
    end = {**END, "completed": "0"}
    made = converted(tmp_path, "DS", validate=True, end_of_study=[end])
    found = made.findings[made.findings["rule"] == "COMPLETION-DISAGREES"]
    assert found[["file", "line", "column"]].to_numpy().tolist() == [
        ["end_of_study.csv", 2, "reason"]
    ]
    assert rows(made, "SUPPDS", "QNAM", "QVAL") == [("COMPLETE", "N"), ("EOSREAS", "COMPLETED")]
