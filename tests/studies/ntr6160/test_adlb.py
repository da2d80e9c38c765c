"""ADLB: results in one unit, against baseline, reference range and visit windows."""

from __future__ import annotations

from pathlib import Path

import pytest

from ivig_cdisc import Summary

from .analysis import cells
from .exports import converted

LABORATORY = """\
subject_id;visit;sample_date;sample_time;test;result;unit;lower_limit;upper_limit;lab
01-001;BL;15-01-2018;08:00;CK;400;U/L;0;200;LAB
01-001;UNS;22-01-2018;10:00;CK;5,5;ukat/L;0;3;LAB
01-001;UNS;22-01-2018;10:01;CK;900;U/L;0;200;LAB
01-001;W3;11-02-2018;08:00;CK;300;U/L;0;200;LAB
01-001;W3;13-02-2018;08:00;CK;165;U/L;0;200;LAB
01-001;W6;UN-03-2018;08:00;CK;150;U/L;0;200;LAB
01-001;W9;26-03-2018;08:00;CK;<40;U/L;0;;LAB
01-001;BL;15-01-2018;08:00;HB;8,1;mmol/L;7,5;10;LAB
01-001;W3;12-02-2018;08:00;HB;6,9;mmol/L;7,5;10;LAB
01-001;W6;05-03-2018;08:00;HB;130;g/L;120;160;LAB
01-001;W9;26-03-2018;08:00;HB;-99;mmol/L;7,5;10;LAB
01-001;W9;26-03-2018;08:00;IGG;>30;g/L;7;16;LAB
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Summary:
    folder: Path = tmp_path_factory.mktemp("adlb")
    return converted(folder, "ADLB", laboratory=LABORATORY)


def test_values_and_visits(made: Summary) -> None:
    """Baseline is the last sample up to the infusion's start; of two at equal distance the later."""
    names = ("ADT", "ADY", "AVISIT", "AVAL", "BASE", "CHG", "PCHG", "ABLFL", "ANL01FL")
    assert cells(made, "ADLB", *names, PARAMCD="CK") == [
        (None, None, None, 150, None, None, None, None, None),  # no day: before or after, who knows
        ("2018-01-15", -7, None, 400, None, None, None, None, None),
        ("2018-01-22", 1, None, 900, 330, 570, 100 * 570 / 330, None, None),
        ("2018-01-22", 1, "Baseline", 330, 330, None, None, "Y", "Y"),  # 5.5 ukat/L
        ("2018-02-11", 21, "Week 3", 300, 330, -30, -3000 / 330, None, None),
        ("2018-02-13", 23, "Week 3", 165, 330, -165, -50, None, "Y"),
        ("2018-03-26", 64, "Week 9", 40, 330, -290, -29000 / 330, None, "Y"),
    ]


def test_limits(made: Summary) -> None:
    """`<n` is n and says so; the multiple of the upper limit, where there is a limit."""
    names = ("ADT", "AVAL", "DTYPE", "A1HI", "R2A1HI", "SRCVAR")
    found = cells(made, "ADLB", *names, PARAMCD="CK")
    assert found[3] == ("2018-01-22", 330, None, 180, 330 / 180, "LBSTRESN")
    assert found[-1] == ("2018-03-26", 40, "LLOQ", None, None, "LBSTRESC")
    assert cells(made, "ADLB", *names, PARAMCD="IGG") == [
        ("2018-03-26", 30, "ULOQ", 16, 30 / 16, "LBSTRESC")
    ]


def test_ranges(made: Summary) -> None:
    """Hemoglobin by mass is no value of a parameter in mmol/L; what was not done is none at all."""
    names = ("PARAM", "PARAMN", "AVISIT", "AVAL", "ANRIND", "BNRIND", "SHIFT1")
    assert cells(made, "ADLB", *names, PARAMCD="HGB") == [
        ("Hemoglobin (mmol/L)", 58, "Baseline", 8.1, "NORMAL", "NORMAL", None),
        ("Hemoglobin (mmol/L)", 58, "Week 3", 6.9, "LOW", "NORMAL", "NORMAL to LOW"),
    ]


def test_change_has_no_digits_that_were_not_collected(made: Summary) -> None:
    """6.9 - 8.1 is -1.1999999999999993 among doubles."""
    assert cells(made, "ADLB", "CHG", PARAMCD="HGB", AVISIT="Week 3") == [(-1.2,)]
