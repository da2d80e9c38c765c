"""ADVS: vital signs against baseline and visit windows; the weight before an infusion is its own parameter."""

from __future__ import annotations

from pathlib import Path

from .analysis import cells
from .exports import INFUSION, converted

VITALS = """\
subject_id;visit;date;time;weight_kg;height_cm;sbp;dbp;pulse;temperature_c
01-001;BL;15-01-2018;08:00;70,4;175;120;80;-99;
01-001;W3;12-02-2018;08:00;69,3;;130;;;
"""


def test_vital_signs(tmp_path: Path) -> None:
    later = {**INFUSION, "cycle": "2", "infusion_date": "12-02-2018", "weight_kg": "69"}
    made = converted(tmp_path, "ADVS", vitals=VITALS, infusions=[INFUSION, later])
    names = ("PARAMCD", "AVISIT", "ADY", "AVAL", "BASE", "CHG", "ABLFL", "ANL01FL")
    assert cells(made, "ADVS", *names) == [
        ("DIABP", "Baseline", -7, 80, 80, None, "Y", "Y"),
        ("HEIGHT", "Baseline", -7, 175, 175, None, "Y", "Y"),
        ("SYSBP", "Baseline", -7, 120, 120, None, "Y", "Y"),
        ("SYSBP", "Week 3", 22, 130, 120, 10, None, "Y"),
        ("WEIGHT", "Baseline", -7, 70.4, 70.4, None, "Y", "Y"),
        ("WEIGHT", "Week 3", 22, 69.3, 70.4, -1.1, None, "Y"),
        ("WEIGHTIN", "Baseline", 1, 70, 70, None, "Y", "Y"),
        ("WEIGHTIN", "Week 3", 22, 69, 70, -1, None, "Y"),
    ]
    (change,) = cells(made, "ADVS", "PCHG", PARAMCD="WEIGHTIN", AVISIT="Week 3")
    assert change == (-100 / 70,)
    parameter = ("PARAM", "PARAMN", "SRCDOM", "SRCVAR", "TRTP")
    assert cells(made, "ADVS", *parameter, PARAMCD="HEIGHT") == [
        ("Height (cm)", 63, "VS", "VSSTRESN", "IVIg monotherapy")
    ]
