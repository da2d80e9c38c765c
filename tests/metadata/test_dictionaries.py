"""Dictionaries of study.yaml: a fact, and what variables are coded with."""

from __future__ import annotations

import pytest

from .conftest import StudyFolder

AE = """\
dataset: AE
keys: [STUDYID, USUBJID, AETERM]
shared: [STUDYID, DOMAIN, USUBJID, AESEQ]
rows: [{take: subjects}]
variables:
  AETERM: {from: country}
  AEDECOD: {from: country}
  AELLT: {from: country, dictionary: none}
"""
AT = "sdtm/ae.yaml:7: variables.AEDECOD"
SAID = 'dictionaries: {MedDRA: {version: "23.1"}, WHODrug: {version: "GLOBAL B3 2020-03"}}\n'


@pytest.fixture
def coded(study: StudyFolder) -> StudyFolder:
    study.change("study.yaml", "facts:\n", f"{SAID}facts:\n")
    study.write("sdtm/ae.yaml", AE)
    return study


def test_the_guide_says_which_variables_are_coded(coded: StudyFolder) -> None:
    """AEDECOD and AELLT are of MedDRA there; the study says that AELLT is not."""
    loaded = coded.load()
    assert loaded.dictionaries == {"MedDRA": "23.1", "WHODrug": "GLOBAL B3 2020-03"}
    ae = loaded.dataset("AE")
    found = {variable.name: variable.dictionary for variable in ae.variables}
    assert {name for name, dictionary in found.items() if dictionary == "MedDRA"} == {
        "AEDECOD",
        "AELLTCD",
        "AEPTCD",
        "AEHLT",
        "AEHLTCD",
        "AEHLGT",
        "AEHLGTCD",
        "AEBDSYCD",
        "AESOC",
        "AESOCCD",
    } & set(found)
    assert (found["AELLT"], found["AETERM"]) == ("", "")


def test_without_dictionaries_no_variable_is_coded(study: StudyFolder) -> None:
    study.write("sdtm/ae.yaml", AE)
    loaded = study.load()
    assert loaded.dictionaries == {}
    assert not [v.name for v in loaded.dataset("AE").variables if v.dictionary]


def test_a_variable_names_another_and_has_no_codelist(coded: StudyFolder) -> None:
    coded.change(
        "sdtm/dm.yaml", "COUNTRY: {from: country}", "COUNTRY: {from: country, dictionary: WHODrug}"
    )
    country = coded.load().dataset("DM").variable("COUNTRY")
    assert (country.dictionary, country.codelist) == ("WHODrug", "")


def test_an_own_codelist_stands_for_the_dictionary_of_the_guide(coded: StudyFolder) -> None:
    coded.change(
        "sdtm/ae.yaml", "AEDECOD: {from: country}", "AEDECOD: {from: country, codelist: C66742}"
    )
    decoded = coded.load().dataset("AE").variable("AEDECOD")
    assert (decoded.dictionary, decoded.codelist) == ("", "C66742")


def test_the_versions_are_a_fact(coded: StudyFolder) -> None:
    recoded = "derive: recode, from: {value: country}, with: {terms: {fact: dictionaries}}"
    coded.change("sdtm/dm.yaml", "COUNTRY: {from: country}", f"COUNTRY: {{{recoded}}}")
    terms = coded.load().dataset("DM").variable("COUNTRY").wiring.constants["terms"]
    assert terms == {"MedDRA": "23.1", "WHODrug": "GLOBAL B3 2020-03"}


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (
            "AEDECOD: {from: country}",
            "AEDECOD: {from: country, dictionary: Meddra}",
            f"{AT}.dictionary: there is no dictionary Meddra in study.yaml (did you mean MedDRA?)",
        ),
        (
            "AEDECOD: {from: country}",
            "AEDECOD: {from: country, dictionary: MedDRA, codelist: C66742}",
            f"{AT}: has codelist and dictionary: its terms are of one",
        ),
    ],
)
def test_mistakes_of_variables(coded: StudyFolder, old: str, new: str, reason: str) -> None:
    coded.change("sdtm/ae.yaml", old, new)
    assert coded.problems() == [reason]


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (
            'dictionaries: {MedDRA: {versoin: "23.1"}}\n',
            "versoin: is not a word of the spec language (did you mean version?)",
        ),
        ("dictionaries: {MedDRA: {}}\n", "dictionaries.MedDRA.version: is missing"),
        (
            'dictionaries: {MedDRA: {version: ""}}\n',
            "dictionaries.MedDRA.version: should not be empty",
        ),
        (
            "dictionaries: {MedDRA: {version: 26.10}}\n",
            "dictionaries.MedDRA.version: is a number, which has no 0 at its end: put it in quotes",
        ),
    ],
)
def test_mistakes_of_the_study(study: StudyFolder, said: str, reason: str) -> None:
    study.change("study.yaml", "facts:\n", f"{said}facts:\n")
    (problem,) = study.problems()
    assert problem.endswith(reason)
