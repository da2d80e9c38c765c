"""ADEX: doses by infusion, by cycle and of the whole treatment."""

from __future__ import annotations

from pathlib import Path

import pytest

from ivig_cdisc import Summary

from .analysis import cells
from .exports import INFUSION, converted

SECOND = {**INFUSION, "infusion_date": "23-01-2018", "start_time": "09:00", "stop_time": "11:00"}
NEXT = {
    **INFUSION,
    "cycle": "2",
    "infusion_date": "12-02-2018",
    "weight_kg": "80",
    "dose_g": "60",
    "stop_time": "",
}
BACKWARDS = {**INFUSION, "cycle": "3", "infusion_date": "05-03-2018", "weight_kg": ""}
BACKWARDS |= {"start_time": "12:00", "stop_time": "11:00"}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Summary:
    folder: Path = tmp_path_factory.mktemp("adex")
    return converted(folder, "ADEX", infusions=[INFUSION, SECOND, NEXT, BACKWARDS])


def test_each_infusion(made: Summary) -> None:
    """No duration and no rate without both times, in their order; no dose per kg without a weight."""
    names = ("PARAMCD", "AVISIT", "ADT", "ADY", "AVAL", "SRCVAR", "SRCSEQ")
    assert cells(made, "ADEX", *names, PARCAT1="INFUSION") == [
        ("INFDOSE", "Cycle 1", "2018-01-22", 1, 35, "EXDOSE", 1),
        ("INFDOSE", "Cycle 1", "2018-01-23", 2, 35, "EXDOSE", 2),
        ("INFDOSE", "Cycle 2", "2018-02-12", 22, 60, "EXDOSE", 3),
        ("INFDOSE", "Cycle 3", "2018-03-05", 43, 35, "EXDOSE", 4),
        ("INFDSKG", "Cycle 1", "2018-01-22", 1, 0.5, "EXDOSE", 1),
        ("INFDSKG", "Cycle 1", "2018-01-23", 2, 0.5, "EXDOSE", 2),
        ("INFDSKG", "Cycle 2", "2018-02-12", 22, 0.75, "EXDOSE", 3),
        ("INFDUR", "Cycle 1", "2018-01-22", 1, 150, "EXENDTC", 1),
        ("INFDUR", "Cycle 1", "2018-01-23", 2, 120, "EXENDTC", 2),
        ("INFRATE", "Cycle 1", "2018-01-22", 1, 14, "EXDOSE", 1),
        ("INFRATE", "Cycle 1", "2018-01-23", 2, 17.5, "EXDOSE", 2),
    ]


def test_each_cycle(made: Summary) -> None:
    """Planned are 2, 1 and 1 g/kg; how long a cycle took is known where all its infusions have it."""
    names = ("AVISIT", "PARAMCD", "ADT", "AENDT", "AVAL", "SRCDOM")
    first = ("2018-01-22", "2018-01-23")
    assert cells(made, "ADEX", *names, AVISIT="Cycle 1", PARCAT1="CYCLE") == [
        ("Cycle 1", "CYCDOSE", *first, 70, None),
        ("Cycle 1", "CYCDSKG", *first, 1, None),
        ("Cycle 1", "CYCDUR", *first, 270, None),
        ("Cycle 1", "CYCPLAN", *first, 2, None),
        ("Cycle 1", "CYCRATE", *first, 70 * 60 / 270, None),
        ("Cycle 1", "CYCRATIO", *first, 50, None),
    ]
    assert cells(made, "ADEX", "PARAMCD", "AVAL", AVISIT="Cycle 2", PARCAT1="CYCLE") == [
        ("CYCDOSE", 60),
        ("CYCDSKG", 0.75),
        ("CYCPLAN", 1),
        ("CYCRATIO", 75),
    ]
    assert cells(made, "ADEX", "PARAMCD", "AVAL", AVISIT="Cycle 3", PARCAT1="CYCLE") == [
        ("CYCDOSE", 35),
        ("CYCPLAN", 1),
    ]


def test_the_whole_treatment(made: Summary) -> None:
    """Against the whole plan of 4 g/kg, whoever stopped when."""
    names = ("PARAMCD", "AVISIT", "ADT", "AENDT", "AVAL")
    days = (None, "2018-01-22", "2018-03-05")
    assert cells(made, "ADEX", *names, PARCAT1="OVERALL") == [
        ("TOTCYC", *days, 3),
        ("TOTDOSE", *days, 165),
        ("TOTDSKG", *days, 1.75),
        ("TOTPLAN", *days, 4),
        ("TOTRATIO", *days, 43.75),
    ]


def test_parameters_have_numbers_and_treatment(made: Summary) -> None:
    names = ("PARAM", "PARAMN", "TRTP", "TRTA", "SAFFL", "TRTSDT")
    assert cells(made, "ADEX", *names, PARAMCD="TOTDOSE") == [
        ("Total Dose (g)", 41, "IVIg monotherapy", "IVIg monotherapy", "Y", "2018-01-22")
    ]
