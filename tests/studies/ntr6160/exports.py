"""Small literal exports of the study: one treated subject, and what a test adds or replaces."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ivig_cdisc import Summary, convert
from ivig_cdisc.testing import records, write_raw

Row = dict[str, Any]

STUDY = "NTR6160"
SUBJECT: Row = {
    "subject_id": "01-001",
    "site_id": "01",
    "country": "NLD",
    "consent_date": "08-01-2018",
    "birth_date": "03-05-1970",
    "sex": "2",
    "diagnosis": "1",
    "symptom_onset": "UN-10-2017",
    "biopsy_date": "04-01-2018",
    "inclusion_date": "15-01-2018",
    "screen_failure_reason": "",
}
INFUSION: Row = {
    "subject_id": "01-001",
    "cycle": "1",
    "infusion_date": "22-01-2018",
    "start_time": "10:00",
    "stop_time": "12:30",
    "weight_kg": "70",
    "dose_g": "35",
    "lot_no": "L1",
    "interrupted": "0",
    "interruption_reason": "",
}
END: Row = {
    "subject_id": "01-001",
    "completed": "1",
    "end_date": "27-03-2018",
    "reason": "1",
    "reason_text": "",
    "death_date": "",
    "excluded_from_efficacy": "0",
    "exclusion_reason": "",
}
HEADINGS = {
    "core_set": "subject_id;visit;visit_date;physician_vas;patient_vas;mmt8;haq_di;extramuscular_vas\n",
    "laboratory": "subject_id;visit;sample_date;sample_time;test;result;unit;lower_limit;upper_limit;lab\n",
    "adverse_events": (
        "subject_id;ae_no;description;pt_name;soc_name;start_date;end_date;ongoing;severity;serious;ser_death;"
        "ser_life;ser_hosp;ser_disab;ser_cong;ser_med;related;action;outcome\n"
    ),
    "medications": (
        "subject_id;med_no;drug;atc;indication;dose;unit;frequency;route;start_date;stop_date;ongoing;rescue\n"
    ),
    "medical_history": "subject_id;mh_no;condition;pt_name;soc_name;start_date;end_date;ongoing\n",
    "vitals": "subject_id;visit;date;time;weight_kg;height_cm;sbp;dbp;pulse;temperature_c\n",
}


def converted(folder: Path, *only: str, validate: bool = False, **forms: Any) -> Summary:
    """The export converted: these forms, and the others as they are above.

    Args:
        folder: a place for the export and the output.
        only: the datasets that are made, with those that they need.
        validate: whether rules run.
        forms: rows or text, by form.
    """
    export = {"subjects": [SUBJECT], "infusions": [INFUSION], "end_of_study": [END], **HEADINGS}
    raw = write_raw(folder / "raw", {**export, **forms}, delimiter=";")
    return convert(raw, folder / "out", study=STUDY, only=only, validate=validate)


def rows(summary: Summary, dataset: str, *columns: str) -> list[tuple[Any, ...]]:
    """These columns of a dataset, missing as None."""
    return records(summary.datasets[dataset], *columns)
