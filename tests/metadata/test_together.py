"""Several variables of one derivation are the entries that each could have of its own."""

from __future__ import annotations

import pytest

from .conftest import StudyFolder

NAMES = "VSSTRESC, VSSTRESN, VSSTRESU"
FROM = "{result: VSORRES, unit: VSORRESU}"
LB = "{test: LBTESTCD, result: LBORRES, unit: LBORRESU, low: LBORNRLO, high: LBORNRHI}"
POUNDS = "{conversions: {lb: {to: kg, factor: 0.45359237}}}"
FIVE = "standardized, number, standard_unit, standard_limit_number, standard_limit_number"
OWN = """\
VSSTRESC: {derive: standard_result, from: {result: VSORRES, unit: VSORRESU}, with: WITH, codelist: none}
  VSSTRESU: {derive: standard_unit, from: {result: VSORRES, unit: VSORRESU}, with: WITH}"""
LABORATORY = """\
dataset: LB
keys: [STUDYID, USUBJID, LBTESTCD, LBDTC]
shared: [STUDYID, DOMAIN, USUBJID, LBSEQ]
rows: [{take: vitals, where: {weight: present}}]
variables:
  LBTESTCD: {value: GLUC}
  LBTEST: {value: Glucose}
  LBORRES: {from: weight}
  LBORRESU: {value: mg/dL}
  LBORNRLO: {value: "70"}
  LBORNRHI: {value: "100"}
  LBDTC: {from: date}
  NAMES: {derive: standardized, from: FROM, with: {conversions: {GLUC: {mg/dL: {to: mmol/L, factor: 0.0555}}}}}
"""


def said(study: StudyFolder, dataset: str) -> dict[str, object]:
    """How each variable gets its values, and its codelist, but for the place in the file."""
    spec = study.load().dataset(dataset)
    return {v.name: (v.wiring.function, v.wiring.columns, v.codelist) for v in spec.variables}


def together(study: StudyFolder, names: str, wired: str = FROM, constants: str = POUNDS) -> None:
    entry = f"{names}: {{derive: standardized, from: {wired}, with: {constants}}}"
    study.change("sdtm/vs.yaml", "VSSTRESC: {from: VSORRES}", entry)
    study.change("sdtm/vs.yaml", "  VSSTRESN: {derive: number, from: {value: VSSTRESC}}\n", "")


def test_a_result_in_one_step_is_what_the_words_say_one_by_one(study: StudyFolder) -> None:
    before = study.folder / "sdtm/vs.yaml"
    text = before.read_text("utf-8")
    study.change("sdtm/vs.yaml", "VSSTRESC: {from: VSORRES}", OWN.replace("WITH", POUNDS))
    apart = said(study, "VS")
    before.write_text(text, "utf-8")
    together(study, NAMES)
    made = said(study, "VS")
    assert made.pop("VSSTRESC") == ("standardized", {"result": "VSORRES", "unit": "VSORRESU"}, "")
    apart.pop("VSSTRESC")
    assert made == apart


def test_limits_are_variables_of_their_own(study: StudyFolder) -> None:
    names = "LBSTRESC, LBSTRESN, LBSTRESU, LBSTNRLO, LBSTNRHI"
    study.write("sdtm/lb.yaml", LABORATORY.replace("NAMES", names).replace("FROM", LB))
    made = said(study, "LB")
    result = {"test": "LBTESTCD", "result": "LBORRES", "unit": "LBORRESU"}
    assert made["LBSTRESC"] == (
        "standardized",
        result,
        "",
    )  # the codelist of text is not that of numbers
    assert made["LBSTRESN"] == ("number", {"value": "LBSTRESC"}, "")
    assert made["LBSTRESU"] == ("standard_unit", result, "C71620")
    assert made["LBSTNRLO"] == ("standard_limit_number", {"limit": "LBORNRLO", **result}, "")
    assert made["LBSTNRHI"] == ("standard_limit_number", {"limit": "LBORNRHI", **result}, "")


@pytest.mark.parametrize(
    ("names", "wired", "reasons"),
    [
        (
            "LBSTRESC, LBSTRESN, LBSTRESU",
            LB,
            [
                "from.high: high makes the fifth variable, which is not named",
                "from.low: low makes the fourth variable, which is not named",
            ],
        ),
        (
            "LBSTRESC",
            LB.replace(", high: LBORNRHI", ""),
            ["from.low: low makes the fourth variable, which is not named"],
        ),
        (
            "LBSTRESC, LBSTRESN, LBSTRESU, LBSTNRLO, LBSTNRHI",
            LB.replace("low: LBORNRLO, ", ""),
            ["from: LBSTNRLO is made of low, which is not wired"],
        ),
        (
            "LBSTRESC, LBSTRESN, LBSTRESU, LBSTNRLO, LBSTNRHI, LBNRIND",
            LB,
            [f"standardized gives 5 variables at most: {FIVE}"],
        ),
    ],
)
def test_what_is_wired_and_what_is_named(
    study: StudyFolder, names: str, wired: str, reasons: list[str]
) -> None:
    study.write("sdtm/lb.yaml", LABORATORY.replace("NAMES", names).replace("FROM", wired))
    path = f"sdtm/lb.yaml:13: variables.{names}"
    expected = [f"{path}.{r}" if r.startswith("from") else f"{path}: {r}" for r in reasons]
    assert study.problems() == expected


@pytest.mark.parametrize(
    ("names", "wired", "constants", "reason"),
    [
        (
            NAMES,
            "{reslt: VSORRES, unit: VSORRESU}",
            POUNDS,
            "VS.VSSTRESC: standardized: there is no argument reslt (did you mean result?)",
        ),
        (
            "VSSTRESC",
            "{unit: VSORRESU}",
            POUNDS,
            "VS.VSSTRESC: standardized: the argument result is missing",
        ),
        (
            "VSSTRESC",
            FROM,
            "{conversions: {lb: {to: kg}}}",
            "VS.VSSTRESC: standardized: conversions.lb.factor is missing",
        ),
        (
            "VSSTRESC",
            FROM,
            "{conversions: {W: {lb: {to: kg, factor: 1}}}}",
            "VS.VSSTRESC: there are conversions of W: set the column of the test (from: test)",
        ),
    ],
)
def test_what_a_call_lacks(
    study: StudyFolder, names: str, wired: str, constants: str, reason: str
) -> None:
    together(study, names, wired, constants)
    assert f"sdtm/vs.yaml:13: {reason}" in study.problems()


def test_attributes_are_said_of_one_variable(study: StudyFolder) -> None:
    together(study, NAMES, constants=f"{POUNDS}, label: Result")
    path = f"variables.{NAMES}.label"
    reason = "label is said of one variable: give each an entry of its own"
    assert study.problems() == [f"sdtm/vs.yaml:13: {path}: {reason}"]


def test_a_function_that_gives_one_variable(study: StudyFolder) -> None:
    study.change(
        "sdtm/vs.yaml",
        "VSREASND: {from: reason}",
        "VSREASND, VSSTAT: {derive: upper_case, from: {value: reason}}",
    )
    reason = "several variables come of standardized, standard_result, not_done, imputed_start, imputed_end only"
    assert study.problems() == [f"sdtm/vs.yaml:15: variables.VSREASND, VSSTAT: {reason}"]


@pytest.mark.parametrize(
    ("wired", "reasons"),
    [
        (
            "{}",
            [
                "VSSTAT: not_done: none of the arguments reason, box, value is wired",
                "VSREASND: reason_not_done: the argument reason is missing",
            ],
        ),
        ("{box: VSORRES}", ["VSREASND: reason_not_done: the argument reason is missing"]),
        ("{reason: reason, value: VSORRES}", []),
    ],
)
def test_not_done_and_its_reason(study: StudyFolder, wired: str, reasons: list[str]) -> None:
    study.change(
        "sdtm/vs.yaml",
        "VSREASND: {from: reason}",
        f"VSSTAT, VSREASND: {{derive: not_done, from: {wired}}}",
    )
    assert set(study.problems()) == {f"sdtm/vs.yaml:15: VS.{reason}" for reason in reasons}


# ---------------------------------------------------------------- shared.yaml
SHARED = "--STRESC, --STRESN, --STRESU: {derive: standardized, from: {result: --ORRES, unit: --ORRESU}, with: WITH}\n"


def shared(study: StudyFolder, entry: str) -> None:
    text = (study.folder / "sdtm/shared.yaml").read_text("utf-8")
    study.write("sdtm/shared.yaml", text + entry)
    study.change("sdtm/vs.yaml", "VSSEQ, VSDY]", "VSSEQ, VSDY, VSSTRESC, VSSTRESN, VSSTRESU]")
    study.change("sdtm/vs.yaml", "  VSSTRESC: {from: VSORRES}\n", "")
    study.change("sdtm/vs.yaml", "  VSSTRESN: {derive: number, from: {value: VSSTRESC}}\n", "")


def test_several_domains_share_them(study: StudyFolder) -> None:
    shared(study, SHARED.replace("WITH", POUNDS))
    made = said(study, "VS")
    assert made["VSSTRESC"] == ("standardized", {"result": "VSORRES", "unit": "VSORRESU"}, "")
    assert made["VSSTRESN"] == ("number", {"value": "VSSTRESC"}, "")
    assert made["VSSTRESU"][0] == "standard_unit"  # type: ignore[index]


def test_mistakes_of_shared_entries_stand_in_their_file(study: StudyFolder) -> None:
    shared(study, SHARED.replace("WITH", POUNDS).replace("standardized", "standarized"))
    known = "standardized, standard_result, not_done, imputed_start, imputed_end"
    reason = f"several variables come of {known} only (did you mean standardized?)"
    assert study.problems() == [f"sdtm/shared.yaml:6: --STRESC, --STRESN, --STRESU: {reason}"]
