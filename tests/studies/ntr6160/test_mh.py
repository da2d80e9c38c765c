"""Medical history, the myopathy, and its biopsy."""

from __future__ import annotations

from pathlib import Path

from .exports import SUBJECT, converted, rows

HISTORY = (
    "subject_id;mh_no;condition;pt_name;soc_name;start_date;end_date;ongoing\n"
    "01-001;1;Hooikoorts;SEASONAL ALLERGY;RESPIRATORY, THORACIC AND MEDIASTINAL DISORDERS;UN-UNK-2010;;1\n"
    "01-001;2;Zere schouder;;;;;0\n"
)


def test_dictionary_terms_are_of_the_dictionary(tmp_path: Path) -> None:
    """The study's own diagnosis is a reported term, and has neither preferred term nor body system."""
    made = converted(tmp_path, "MH", medical_history=HISTORY)
    respiratory = "RESPIRATORY, THORACIC AND MEDIASTINAL DISORDERS"
    assert rows(made, "MH", "MHTERM", "MHDECOD", "MHBODSYS", "MHCAT", "MHEVDTYP", "MHSTDTC") == [
        ("DERMATOMYOSITIS", None, None, "PRIMARY DIAGNOSIS", "SYMPTOM ONSET", "2017-10"),
        ("Hooikoorts", "SEASONAL ALLERGY", respiratory, "GENERAL", None, "2010"),
        ("Zere schouder", None, None, "GENERAL", None, None),
    ]


def test_what_had_ended_without_a_date_is_told(tmp_path: Path) -> None:
    """Relative to the consent at which it was asked; nothing is said where that was not answered."""
    history = HISTORY + "01-001;3;Gebroken pols;;;;UN-UNK-2015;0\n01-001;4;Eczeem;;;;;\n"
    made = converted(tmp_path, "MH", medical_history=history)
    assert rows(made, "MH", "MHTERM", "MHENDTC", "MHENRTPT", "MHENTPT") == [
        ("DERMATOMYOSITIS", None, None, None),
        ("Eczeem", None, None, None),
        ("Gebroken pols", "2015", None, None),
        ("Hooikoorts", None, "ONGOING", "2018-01-08"),
        ("Zere schouder", None, "BEFORE", "2018-01-08"),
    ]


def test_the_biopsy_is_a_procedure(tmp_path: Path) -> None:
    """Of everybody who had one, screen failures too."""
    subjects = [
        SUBJECT,
        {**SUBJECT, "subject_id": "01-002", "biopsy_date": "UN-12-2017", "inclusion_date": ""},
        {**SUBJECT, "subject_id": "01-003", "biopsy_date": ""},
        {**SUBJECT, "subject_id": "01-004", "biopsy_date": "-98"},
    ]
    made = converted(tmp_path, "PR", subjects=subjects)
    shown = ("USUBJID", "PRTRT", "PRDECOD", "PRPRESP", "PROCCUR", "PRSTDTC", "PRSTDY")
    assert rows(made, "PR", *shown) == [
        ("NTR6160-01-001", "BIOPSY", "BIOPSY", "Y", "Y", "2018-01-04", -18),
        ("NTR6160-01-002", "BIOPSY", "BIOPSY", "Y", "Y", "2017-12", None),
    ]


def test_onset_and_biopsy_come_before_treatment(tmp_path: Path) -> None:
    late = {**SUBJECT, "symptom_onset": "23-01-2018", "biopsy_date": "24-01-2018"}
    made = converted(tmp_path, "MH", "PR", validate=True, subjects=[late])
    late_rules = {"ONSET-AFTER-TREATMENT", "BIOPSY-AFTER-TREATMENT"}
    found = made.findings[made.findings["rule"].isin(late_rules)]
    assert sorted(found["column"]) == ["biopsy_date", "symptom_onset"]
