"""Codelists that depend on the value of another variable."""

from __future__ import annotations

import pytest

from .conftest import StudyFolder

ORRES = "VSORRES: {from: result}"
TESTS = "VSTESTCD: {from: test}"


def wire(study: StudyFolder, codelist: str, old: str = TESTS) -> None:
    study.change("sdtm/vs.yaml", old, old.replace("}", f", codelist: {codelist}}}"))


def test_the_codelist_is_made_of_all_and_that_of_the_standard(study: StudyFolder) -> None:
    wire(study, "{by: VSORRESU, of: {kg: C66742, m: none, l: C66742; C66769}}")
    made = study.load().dataset("VS").variable("VSTESTCD")
    assert made.codelist == "C66742; C66769; C66741"
    assert made.codelist_usual == "C66741"
    assert made.codelist_said == {
        "by": "VSORRESU",
        "of": {"kg": "C66742", "m": "none", "l": "C66742; C66769"},
    }


def test_a_variable_without_codelist_in_the_standard(study: StudyFolder) -> None:
    wire(study, "{by: VSTESTCD, of: {WEIGHT: C66742}}", ORRES)
    made = study.load().dataset("VS").variable("VSORRES")
    assert (made.codelist, made.codelist_usual) == ("C66742", "")


@pytest.mark.parametrize(
    ("codelist", "problem"),
    [
        (
            "{by: VSTEST, of: {A: C6674}}",
            "variables.VSORRES.codelist.of.A: there is no codelist C6674 (did you mean C66742?)",
        ),
        (
            "{by: VSTSET, of: {A: C66742}}",
            "variables.VSORRES.codelist.by: VSTSET is not a variable of the dataset (did you mean VSTEST?)",
        ),
        ("{by: VSTEST}", "variables.VSORRES.codelist.of: is missing"),
        ("{by: VSTEST, of: {}}", "variables.VSORRES.codelist.of: should not be empty"),
        (
            "{by: VSTEST, off: {A: C66742}}",
            "variables.VSORRES.codelist.off: is not a word of the spec language (did you mean of?)",
        ),
    ],
)
def test_mistakes(study: StudyFolder, codelist: str, problem: str) -> None:
    wire(study, codelist, ORRES)
    assert f"sdtm/vs.yaml:11: {problem}" in study.problems()


def test_terms_of_several_codelists_are_decoded(study: StudyFolder) -> None:
    several = "[C66741; C132523, C67153; C132522]"
    study.change("sdtm/vs.yaml", "[C66741, C67153]", several)
    terms = study.load().dataset("VS").variable("VSTEST").wiring.constants["terms"]
    assert terms["WEIGHT"] == "Weight"
    assert terms["HAQ0201"] == "HAQ02-Dress Yourself"


def test_codelists_to_decode_that_are_not_there(study: StudyFolder) -> None:
    study.change("sdtm/vs.yaml", "[C66741, C67153]", "[C66741; C66, C67153]")
    assert "there is no codelist C66" in study.problems()[0]
