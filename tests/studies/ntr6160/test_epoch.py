"""EPOCH comes from SE: of the element that holds the record's date, of two that share its day by class."""

from __future__ import annotations

import pytest

from ivig_cdisc import Summary

from .exports import END, INFUSION, SUBJECT, converted, rows

HEAD = (
    "subject_id;ae_no;description;pt_name;soc_name;start_date;end_date;ongoing;severity;serious;ser_death;"
    "ser_life;ser_hosp;ser_disab;ser_cong;ser_med;related;action;outcome\n"
)
STARTS = [
    "07-01-2018",
    "08-01-2018",
    "22-01-2018",
    "05-03-2018",
    "27-03-2018",
    "28-03-2018",
    "UN-02-2018",
]
DRUGS = "subject_id;med_no;drug;atc;indication;dose;unit;frequency;route;start_date;stop_date;ongoing;rescue\n"
SAMPLES = [
    ("15-01-2018", "08:00"),
    ("22-01-2018", ""),
    ("22-01-2018", "09:59"),
    ("22-01-2018", "12:31"),
    ("05-03-2018", ""),
    ("05-03-2018", "15:00"),
    ("27-03-2018", "08:00"),
    ("29-03-2018", "08:00"),
]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Summary:
    """Consent on 8 January 2018, infusions from 22 January to 5 March, the end on 27 March."""
    events = [f"01-001;{n};A;A;B;{day};;0;1;0;;;;;;;0;0;1\n" for n, day in enumerate(STARTS, 1)]
    drugs = [
        f"01-001;{n};A;;;;;;;{day};;0;0\n" for n, day in enumerate(["UN-UNK-2010", *STARTS], 1)
    ]
    samples = [f"01-001;UNS;{day};{time};CK;100;U/L;0;170;L\n" for day, time in SAMPLES]
    return converted(
        tmp_path_factory.mktemp("epochs"),
        *("AE", "CM", "DS", "EX", "LB", "VS"),
        subjects=[
            SUBJECT,
            {**SUBJECT, "subject_id": "01-002", "inclusion_date": ""},
            {**SUBJECT, "subject_id": "01-003", "inclusion_date": ""},
            {**SUBJECT, "subject_id": "01-004", "inclusion_date": "22-01-2018"},
        ],
        infusions=[
            INFUSION,
            {**INFUSION, "start_time": "15:00", "stop_time": "17:00"},
            {**INFUSION, "cycle": "2", "infusion_date": "12-02-2018"},
            {**INFUSION, "cycle": "3", "infusion_date": "05-03-2018"},
            {
                **INFUSION,
                "subject_id": "01-004",
                "weight_kg": "",
                "start_time": "",
                "stop_time": "",
            },
        ],
        end_of_study=[
            END,
            {**END, "subject_id": "01-002", "completed": "0", "end_date": "12-01-2018"},
            {
                **END,
                "subject_id": "01-004",
                "completed": "0",
                "reason": "4",
                "end_date": "22-01-2018",
            },
        ],
        adverse_events=HEAD + "".join(events),
        medications=DRUGS + "".join(drugs),
        laboratory="subject_id;visit;sample_date;sample_time;test;result;unit;lower_limit;upper_limit;lab\n"
        + "".join(samples),
    )


def test_events_and_interventions(made: Summary) -> None:
    """Before consent and on dates not known to the day there is none; the last day of treatment is of it."""
    expected = [
        ("2018-01-07", None),
        ("2018-01-08", "SCREENING"),
        ("2018-01-22", "TREATMENT"),
        ("2018-02", None),
        ("2018-03-05", "TREATMENT"),
        ("2018-03-27", "FOLLOW-UP"),
        ("2018-03-28", None),  # after the end
    ]
    assert sorted(rows(made, "AE", "AESTDTC", "EPOCH"), key=str) == expected
    assert sorted(rows(made, "CM", "CMSTDTC", "EPOCH"), key=str) == [("2010", None), *expected]


def test_findings_on_a_shared_day_were_made_before_the_dose(made: Summary) -> None:
    assert rows(made, "LB", "LBDTC", "EPOCH", "LBLOBXFL") == [
        ("2018-01-15T08:00", "SCREENING", None),
        ("2018-01-22", "SCREENING", None),
        ("2018-01-22T09:59", "SCREENING", "Y"),
        ("2018-01-22T12:31", "TREATMENT", None),
        ("2018-03-05", "TREATMENT", None),
        ("2018-03-05T15:00", "FOLLOW-UP", None),
        ("2018-03-27T08:00", "FOLLOW-UP", None),
        ("2018-03-29T08:00", None, None),
    ]
    assert rows(made, "VS", "VSRFTDTC", "EPOCH", "VSLOBXFL") == [
        ("2018-01-22T10:00", "SCREENING", "Y"),
        ("2018-01-22T15:00", "TREATMENT", None),
        ("2018-02-12T10:00", "TREATMENT", None),
        ("2018-03-05T10:00", "TREATMENT", None),
    ]


def test_infusions_are_treatment(made: Summary) -> None:
    assert {row[0] for row in rows(made, "EX", "EPOCH")} == {"TREATMENT"}


def test_disposition(made: Summary) -> None:
    """Screen failures have theirs, with a date or without; inclusion comes before the first dose."""
    consent, entered = "INFORMED CONSENT OBTAINED", "ENTERED INTO TRIAL"
    told = rows(made, "DS", "USUBJID", "DSDECOD", "EPOCH")
    assert [(subject[-1], *rest) for subject, *rest in told] == [
        ("1", consent, "SCREENING"),
        ("1", entered, "SCREENING"),
        ("1", "COMPLETED", "FOLLOW-UP"),
        ("2", consent, "SCREENING"),
        ("2", "SCREEN FAILURE", "SCREENING"),
        ("3", "SCREEN FAILURE", "SCREENING"),
        ("3", consent, "SCREENING"),
        ("4", consent, "SCREENING"),
        ("4", entered, "SCREENING"),
        ("4", "WITHDRAWAL BY SUBJECT", "TREATMENT"),  # both elements begin on that day
    ]
