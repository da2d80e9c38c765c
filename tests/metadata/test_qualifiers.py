"""QORIG and QEVAL of SUPP--: what the wiring says of them, and what the study says itself."""

from __future__ import annotations

import pytest

from ivig_cdisc import metadata
from ivig_cdisc.derive import FUNCTIONS
from ivig_cdisc.metadata.qualifiers import RESPELLED

from .conftest import StudyFolder

STEP = """\
dataset: STEP
internal: true
keys: [USUBJID]
rows: [{take: subjects}]
variables:
  USUBJID: {derive: subject_key, from: {subject: subject_id}, with: {study: {fact: study}}}
  where: {from: country}
  long: {derive: paste, from: {values: [country, site]}}
"""
DM_JOIN = "  - take: subjects\n"


def with_variable(study: StudyFolder, said: str, file: str = "vs") -> StudyFolder:
    """The small study with a variable EXTRA."""
    first = {"vs": "  VSTESTCD: {from: test}\n", "dm": "  COUNTRY: {from: country}\n"}[file]
    study.change(f"sdtm/{file}.yaml", first, f"{first}  EXTRA: {{{said}}}\n")
    return study


@pytest.mark.parametrize(
    ("said", "qorig"),
    [
        # a copy of a raw form, also of one that became another's name
        ("from: date", "CRF"),
        ("from: result", "CRF"),  # melted: each of the columns is collected
        ("from: VSORRES", "CRF"),  # a copy of a copy
        ("from: VSSTRESC", "CRF"),
        ("from: VSREASND", "CRF"),
        # in other words
        ("derive: recode, from: {value: result}, with: {terms: {terms: UNIT}}", "CRF"),
        ("derive: upper_case, from: {value: VSORRES}", "CRF"),
        ("derive: iso8601, from: {date: date}", "CRF"),
        # of another dataset, as it is there
        ("from: RFSTDTC", "CRF"),
        ("value: X", "Assigned"),
        ("value: X, where: result is present", "Assigned"),
        # which test it was is the name of a column, and not collected
        ("from: test", "Derived"),
        ("derive: recode, from: {value: test}, with: {terms: {terms: UNIT}}", "Derived"),
        ("derive: paste, from: {values: [result, date]}", "Derived"),
        ("from: VSDY, type: Num", "Derived"),
        ("cases: [{when: result is present, from: date}]", "Derived"),
        ("compute: VSSTRESN * 2, type: Num", "Derived"),
    ],
)
def test_the_wiring_says_the_origin(study: StudyFolder, said: str, qorig: str) -> None:
    loaded = with_variable(study, f"supplemental: Extra, {said}").load()
    extra = loaded.dataset("VS").variable("EXTRA")
    assert (extra.label, extra.qorig, extra.qeval) == ("Extra", qorig, "")


@pytest.mark.parametrize(
    ("said", "qorig", "qeval"),
    [
        ("{label: Extra}", "CRF", ""),
        ("{label: Extra, origin: Derived}", "Derived", ""),
        ("{label: Extra, origin: eDT, evaluator: INVESTIGATOR}", "eDT", "INVESTIGATOR"),
        ("{label: Extra, evaluator: ADJUDICATOR}", "CRF", "ADJUDICATOR"),
    ],
)
def test_the_study_says_it_itself(study: StudyFolder, said: str, qorig: str, qeval: str) -> None:
    loaded = with_variable(study, f"supplemental: {said}, from: date").load()
    extra = loaded.dataset("VS").variable("EXTRA")
    assert (extra.label, extra.qorig, extra.qeval) == ("Extra", qorig, qeval)
    assert "EXTRA" not in loaded.dataset("VS").columns


@pytest.mark.parametrize(("name", "qorig"), [("where", "CRF"), ("long", "Derived")])
def test_a_step_on_the_way_passes_the_origin_on(study: StudyFolder, name: str, qorig: str) -> None:
    study.write("sdtm/step.yaml", STEP)
    join = f"  - join: {{with: STEP, on: [USUBJID], take: {{brought: {name}}}}}\n"
    study.change("sdtm/dm.yaml", DM_JOIN, f"{DM_JOIN}{join}")
    loaded = with_variable(study, "supplemental: Extra, from: brought", "dm").load()
    assert loaded.dataset("DM").variable("EXTRA").qorig == qorig


@pytest.mark.parametrize(
    ("wired", "qorig"), [("from: country", "CRF"), ("compute: round(1)", "Derived")]
)
def test_a_working_column_passes_the_origin_on(study: StudyFolder, wired: str, qorig: str) -> None:
    with_variable(study, "supplemental: Extra, from: own", "dm")
    study.change("sdtm/dm.yaml", "variables:\n", f"working: {{own: {{{wired}}}}}\nvariables:\n")
    assert metadata.load(study.folder)[0].dataset("DM").variable("EXTRA").qorig == qorig


def test_a_long_text_goes_on_with_the_origin_of_its_variable(study: StudyFolder) -> None:
    study.change(
        "sdtm/dm.yaml", "COUNTRY: {from: country}", "COUNTRY: {from: country, length: 200}"
    )
    study.change("sdtm/dm.yaml", "SITEID: {from: site}", "SITEID: {from: site, length: 20}")
    dm = study.load().dataset("DM")
    assert (dm.variable("COUNTRY").qorig, dm.variable("SITEID").qorig) == ("CRF", "")


def test_words_of_derivations_are_known() -> None:
    assert set(RESPELLED) <= set(FUNCTIONS)


AT = "sdtm/vs.yaml:10: variables.EXTRA.supplemental"
ORIGINS = "CRF, eDT, Assigned, Derived, Protocol or Predecessor"
CURE = "(did you mean INVESTIGATOR?); codelists may add it"


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (
            "{label: Extra, origin: Derivd}",
            f"{AT}.origin: should be {ORIGINS} (did you mean Derived?)",
        ),
        (
            "{label: Extra, evaluator: INVESTIGATR}",
            f"{AT}.evaluator: INVESTIGATR is not a term of C78735 {CURE}",
        ),
        (
            "{label: Extra, evalutor: X}",
            f"{AT}.evalutor: is not a word of the spec language (did you mean evaluator?)",
        ),
        ("{origin: CRF}", f"{AT}.label: is missing"),
        ("{label: '', origin: CRF}", f"{AT}.label: should not be empty"),
        (
            "{label: A label that has more than forty bytes in it}",
            "sdtm/vs.yaml:10: variables.EXTRA: the label has 44 bytes, more than 40",
        ),
        ("[Extra]", f"{AT}: should be text or entries of the form key: value"),
    ],
)
def test_mistakes(study: StudyFolder, said: str, reason: str) -> None:
    assert with_variable(study, f"supplemental: {said}, from: date").problems() == [reason]


def test_a_study_may_add_an_evaluator(study: StudyFolder) -> None:
    study.change("study.yaml", "codelists:\n", "codelists:\n  C78735: {terms: [TASTER]}\n")
    said = "supplemental: {label: Extra, evaluator: TASTER}, from: date"
    assert with_variable(study, said).load().dataset("VS").variable("EXTRA").qeval == "TASTER"


@pytest.mark.parametrize("said", ["Extra", "{label: Extra, evaluator: INVESTIGATOR}"])
def test_an_analysis_dataset_has_no_supplement(study: StudyFolder, said: str) -> None:
    line = f"  EXTRA:\n    from: AVAL\n    supplemental: {said}\n    type: Num\n"
    study.change("adam/advs.yaml", "  SITEID: {}\n", f"  SITEID: {{}}\n{line}")
    assert study.problems() == [
        (
            "adam/advs.yaml:14: variables.EXTRA.supplemental: "
            "a dataset of adam/ has no SUPP--: its variables are columns"
        )
    ]


@pytest.mark.parametrize("folder", ["sdtm", "adam"])
def test_an_internal_dataset_has_no_supplement(study: StudyFolder, folder: str) -> None:
    own = "  extra: {from: site, supplemental: Extra}\n"
    study.write(f"{folder}/step.yaml", f"{STEP}{own}")
    assert study.problems() == [
        (
            f"{folder}/step.yaml:9: variables.extra.supplemental: "
            "an internal dataset is not written, and has no SUPP--"
        )
    ]


def test_a_shared_variable_that_leaves_is_a_mistake_there(study: StudyFolder) -> None:
    shared = "EXTRA: {from: AVAL, type: Num, supplemental: Extra}\n"
    study.write("adam/shared.yaml", shared)
    study.change("adam/advs.yaml", "rows:\n", "shared: [EXTRA]\nrows:\n")
    assert study.problems() == [
        (
            "adam/shared.yaml:1: EXTRA.supplemental: "
            "a dataset of adam/ has no SUPP--: its variables are columns"
        )
    ]
