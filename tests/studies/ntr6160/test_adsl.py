"""ADSL: analysis sets, disposition and baseline of subjects who took every way through the trial."""

from __future__ import annotations

from pathlib import Path

import pytest

from ivig_cdisc import Summary

from .analysis import cells, one
from .exports import END, INFUSION, SUBJECT, converted

COMPLETED, STOPPED, STILL_IN, UNTREATED, FAILED, FAILED_UNTOLD = (
    {**SUBJECT, "subject_id": f"01-00{number}"} for number in range(1, 7)
)
FAILED |= {"inclusion_date": "", "screen_failure_reason": "Biopsy revised"}
FAILED_UNTOLD |= {"inclusion_date": "", "birth_date": "03-05-1950"}
INFUSIONS = [
    INFUSION,
    {**INFUSION, "cycle": "2", "infusion_date": "12-02-2018"},
    {**INFUSION, "cycle": "3", "infusion_date": "05-03-2018"},
    {**INFUSION, "subject_id": "01-002"},
    {**INFUSION, "subject_id": "01-003"},
]
ENDS = [
    END,
    {
        **END,
        "subject_id": "01-002",
        "completed": "0",
        "reason": "9",
        "reason_text": "Moved abroad",
        "end_date": "12-02-2018",
        "excluded_from_efficacy": "1",
    },
    {**END, "subject_id": "01-004", "completed": "0", "reason": "4", "end_date": "16-01-2018"},
    {**END, "subject_id": "01-005", "completed": "0", "reason": "9", "end_date": "10-01-2018"},
]
CORE_SET = """\
subject_id;visit;visit_date;physician_vas;patient_vas;mmt8;haq_di;extramuscular_vas
01-001;BL;15-01-2018;6,0;7;110;1,5;3
01-001;UNS;22-01-2018;;8;;;
01-001;W3;12-02-2018;1;1;150;0;0
"""
LABORATORY = """\
subject_id;visit;sample_date;sample_time;test;result;unit;lower_limit;upper_limit;lab
01-001;BL;15-01-2018;08:00;CK;400;U/L;0;100;LAB
01-001;BL;15-01-2018;08:00;LDH;500;U/L;0;250;LAB
"""
VITALS = """\
subject_id;visit;date;time;weight_kg;height_cm;sbp;dbp;pulse;temperature_c
01-001;BL;15-01-2018;08:00;70;175;;;;
01-001;UNS;22-01-2018;09:59;71;;;;;
01-001;UNS;22-01-2018;10:01;90;;;;;
01-002;BL;15-01-2018;08:00;;168;;;;
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Summary:
    folder: Path = tmp_path_factory.mktemp("adsl")
    return converted(
        folder,
        "ADSL",
        subjects=[COMPLETED, STOPPED, STILL_IN, UNTREATED, FAILED, FAILED_UNTOLD],
        infusions=INFUSIONS,
        end_of_study=ENDS,
        core_set=CORE_SET,
        laboratory=LABORATORY,
        vitals=VITALS,
    )


def test_analysis_sets(made: Summary) -> None:
    sets = ("SUBJID", "ENRLFL", "SAFFL", "EFFFL", "COMPLFL", "SCRNFL")
    assert cells(made, "ADSL", *sets) == [
        ("01-001", "Y", "Y", "Y", "Y", "N"),
        ("01-002", "Y", "Y", "N", "N", "N"),  # excluded from efficacy
        ("01-003", "Y", "Y", "Y", "N", "N"),
        ("01-004", "Y", "N", "N", "N", "N"),  # included, never treated
        ("01-005", "N", "N", "N", "N", "Y"),
        ("01-006", "N", "N", "N", "N", "Y"),
    ]
    for flag in ("ENRLFL", "SAFFL", "EFFFL", "COMPLFL"):
        number = f"{flag[:-1]}N"
        for text, coded in cells(made, "ADSL", flag, number):
            assert (text, coded) in {("Y", 1), ("N", 0)}


def test_disposition(made: Summary) -> None:
    """Who has no end of study is in it; a screen failure has neither been treated nor stopped."""
    study = ("SUBJID", "EOSSTT", "EOSDT", "DCSREAS", "DCSREASP", "EOTSTT", "DCTREAS")
    stopped = ("DISCONTINUED", "2018-02-12", "OTHER", "Moved abroad", "DISCONTINUED", "OTHER")
    assert cells(made, "ADSL", *study) == [
        ("01-001", "COMPLETED", "2018-03-27", None, None, "COMPLETED", None),
        ("01-002", *stopped),
        ("01-003", "ONGOING", None, None, None, "ONGOING", None),
        ("01-004", "DISCONTINUED", "2018-01-16", "WITHDRAWAL BY SUBJECT", None, None, None),
        ("01-005", "SCREEN FAILURE", "2018-01-10", None, None, None, None),
        ("01-006", "SCREEN FAILURE", None, None, None, None, None),
    ]
    reasons = dict(cells(made, "ADSL", "SUBJID", "SCRNREAS", SCRNFL="Y"))
    assert reasons == {"01-005": "Biopsy revised", "01-006": "SCREEN FAILURE"}


def test_treatment(made: Summary) -> None:
    names = ("TRT01P", "TRT01PN", "TRT01A", "TRT01AN", "TRTSDT", "TRTEDT", "TRTDURD", "NCYCLES")
    assert one(made, "ADSL", *names, SUBJID="01-001") == {
        "TRT01P": "IVIg monotherapy",
        "TRT01PN": 1,
        "TRT01A": "IVIg monotherapy",
        "TRT01AN": 1,
        "TRTSDT": "2018-01-22",
        "TRTEDT": "2018-03-05",
        "TRTDURD": 43,
        "NCYCLES": 3,
    }
    untreated = one(made, "ADSL", "TRT01P", "TRT01A", "TRT01AN", "TRTDURD", SUBJID="01-004")
    assert list(untreated.values()) == ["IVIg monotherapy", None, None, None]
    failed = one(made, "ADSL", "TRT01P", "TRT01PN", SUBJID="01-005")
    assert list(failed.values()) == [None, None]


def test_subjects(made: Summary) -> None:
    names = ("AGE", "AGEGR1", "AGEGR1N", "RFICDT", "DIAG")
    assert list(one(made, "ADSL", *names, SUBJID="01-001").values()) == [
        47,
        "18-64",
        1,
        "2018-01-08",
        "DERMATOMYOSITIS",
    ]
    assert list(one(made, "ADSL", *names[:3], SUBJID="01-006").values()) == [67, ">=65", 2]


def test_baseline(made: Summary) -> None:
    """The last value before the infusion, of each measure on its own; ENZ is the subject's enzyme."""
    body = ("WEIGHTBL", "HEIGHTBL", "BMIBL")
    assert cells(made, "ADSL", *body)[:3] == [(71, 175, 23.2), (None, 168, None), (None,) * 3]
    measures = ("PGABL", "PTGABL", "MMT8BL", "HAQDIBL", "ENZBL", "EXTRABL")
    assert cells(made, "ADSL", *measures)[0] == (6, 8, 110, 1.5, 4, 3)
