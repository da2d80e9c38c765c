"""Vital signs: the weight before an infusion has its visit, time point and reference."""

from __future__ import annotations

from pathlib import Path

from .exports import INFUSION, converted, rows

VITALS = (
    "subject_id;visit;date;time;weight_kg;height_cm;sbp;dbp;pulse;temperature_c\n"
    "01-001;BL;15-01-2018;08:30;71;;;;;\n"
)
SECOND, THIRD = {**INFUSION, "cycle": "2"}, {**INFUSION, "cycle": "3"}


def test_weights_before_infusions(tmp_path: Path) -> None:
    """Two infusions on one day are two records with keys of their own."""
    infusions = [
        INFUSION,
        {**INFUSION, "start_time": "15:00", "stop_time": "16:00"},
        {**SECOND, "infusion_date": "13-02-2018", "start_time": "", "weight_kg": "69.5"},
        {**THIRD, "infusion_date": "UN-03-2018", "weight_kg": "69"},
        {**THIRD, "infusion_date": "06-03-2018", "weight_kg": "-99"},
    ]
    made = converted(tmp_path, "VS", validate=True, infusions=infusions, vitals=VITALS)
    before, reference = "BEFORE INFUSION", "INFUSION"
    visits = ("VSSTRESN", "VSDTC", "VSCAT", "VISITNUM", "VISIT", "VSLOBXFL")
    assert rows(made, "VS", *visits) == [
        (71, "2018-01-15T08:30", "VISIT", 1, "BASELINE", "Y"),  # a series of its own
        (70, "2018-01-22", before, 1, "BASELINE", "Y"),
        (70, "2018-01-22", before, 1, "BASELINE", None),  # after the first infusion
        (69.5, "2018-02-13", before, 2, "WEEK 3", None),
        (69, "2018-03", before, 3, "WEEK 6", None),
    ]
    points = ("VSTPT", "VSTPTNUM", "VSTPTREF", "VSRFTDTC")
    assert rows(made, "VS", *points) == [
        (None, None, None, None),
        (before, 1, reference, "2018-01-22T10:00"),
        (before, 1, reference, "2018-01-22T15:00"),
        (before, 1, reference, "2018-02-13"),
        (before, 1, reference, "2018-03--T10:00"),
    ]
    assert "VS" not in set(made.findings["dataset"])
