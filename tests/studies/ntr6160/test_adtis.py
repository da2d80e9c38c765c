"""ADTIS and ADTTE: which enzyme, how a limit became a value, and the record that decided."""

from __future__ import annotations

from pathlib import Path

import pytest

from ivig_cdisc import Summary

from .analysis import cells, one
from .exports import converted

CORE_SET = """\
subject_id;visit;visit_date;physician_vas;patient_vas;mmt8;haq_di;extramuscular_vas
01-001;BL;15-01-2018;8;8;90;2;8
01-001;W3;12-02-2018;1;1;150;0;0
01-001;W9;26-03-2018;8;8;90;2;8
"""
LABORATORY = """\
subject_id;visit;sample_date;sample_time;test;result;unit;lower_limit;upper_limit;lab
01-001;BL;15-01-2018;08:00;CK;400;U/L;0;200;LAB
01-001;BL;15-01-2018;08:00;LDH;>1000;U/L;0;250;LAB
01-001;W3;12-02-2018;08:00;LDH;<125;U/L;0;250;LAB
01-001;W9;26-03-2018;08:00;LDH;500;U/L;0;250;LAB
"""
MEDICATIONS = """\
subject_id;med_no;drug;atc;indication;dose;unit;frequency;route;start_date;stop_date;ongoing;rescue
01-001;1;Paracetamol;;;;;;;01-02-2018;;;0
01-001;2;Prednisolone;;;;;;;20-03-2018;;;1
01-001;3;Methotrexate;;;;;;;13-03-2018;;;1
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Summary:
    folder: Path = tmp_path_factory.mktemp("adtis")
    forms = {"core_set": CORE_SET, "laboratory": LABORATORY, "medications": MEDICATIONS}
    return converted(folder, "ADTIS", "ADTTE", "ADCM", **forms)


def test_the_enzyme_has_a_variable_of_its_own(made: Summary) -> None:
    """One category for the parameter; a limit that became the value is told, and no AVALC stands for it."""
    names = ("AVISIT", "ENZYME", "AVAL", "AVALC", "DTYPE", "LBORRES", "PARCAT1")
    assert cells(made, "ADTIS", *names, PARAMCD="ENZ") == [
        ("Baseline", "LDH", 4, None, "ULOQ", ">1000", "CORE SET MEASURE"),
        ("Week 3", "LDH", 0.5, None, "LLOQ", "<125", "CORE SET MEASURE"),
        ("Week 9", "LDH", 2, None, None, "500", "CORE SET MEASURE"),
    ]
    scores = cells(made, "ADTIS", "AVISIT", "ENZYME", "DTYPE", PARAMCD="ENZSC")
    assert scores == [("Week 3", "LDH", None), ("Week 9", "LDH", None)]


def test_text_and_value_are_one_to_one(made: Summary) -> None:
    found = cells(made, "ADTIS", "PARAMCD", "AVAL", "AVALC")
    texts = {record for record in found if record[2] is not None}
    assert texts == {("RESP40", 0, "N"), ("RESPBY40", 1, "Y")}


def test_a_response_names_its_score(made: Summary) -> None:
    """Week 9 is after the rescue and does not count: RESP40 is imputed, and has no source."""
    source = ("SRCDOM", "SRCVAR", "SRCSEQ")
    score = one(made, "ADTIS", "ASEQ", "AVAL", PARAMCD="TIS", AVISIT="Week 3")
    assert score["AVAL"] >= 40
    assert cells(made, "ADTIS", *source, PARAMCD="RESPBY40") == [("ADTIS", "AVAL", score["ASEQ"])]
    assert cells(made, "ADTIS", "DTYPE", *source, PARAMCD="RESP40") == [("NRI", None, None, None)]
    flags = ("AVISIT", "PSTRESFL")
    assert cells(made, "ADTIS", *flags, PARAMCD="TIS") == [("Week 3", None), ("Week 9", "Y")]


def test_rescue_names_its_medication(made: Summary) -> None:
    names = ("ADT", "ADY", "CNSR", "SRCDOM", "SRCVAR", "SRCSEQ")
    (sequence,) = cells(made, "ADCM", "CMSEQ", AOCC01FL="Y")
    assert cells(made, "ADTTE", *names, PARAMCD="TTRESC") == [
        ("2018-03-13", 51, 0, "CM", "CMSTDTC", *sequence)
    ]


def test_times_have_numbers_and_core_variables(made: Summary) -> None:
    names = ("ASEQ", "PARAMN", "PARCAT1", "TRTP", "TRT01A", "AGEGR1", "DIAG")
    treatment = ("IVIg monotherapy", "IVIg monotherapy", "18-64", "DERMATOMYOSITIS")
    assert cells(made, "ADTTE", *names) == [
        (1, 17, "EFFICACY", *treatment),
        (2, 16, "EFFICACY", *treatment),
        (3, 18, "EFFICACY", *treatment),
        (4, 19, "SAFETY", *treatment),
    ]
