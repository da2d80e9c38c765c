"""`keep`: core variables of ADSL, all columns of the rows, and single names."""

from __future__ import annotations

import pytest

from ivig_cdisc import engine
from ivig_cdisc.engine.plan import Column, RowStep
from ivig_cdisc.metadata import DatasetSpec, Join, Variable

from .conftest import StudyFolder

ADSL = """\
dataset: ADSL
structure: ADSL
label: Subject Level
keys: [STUDYID, USUBJID]
keep: [STUDYID, USUBJID, SEX]
rows:
  - take: DM
variables:
  TRTSDT: {derive: calendar_date, from: {date: RFSTDTC}}
  COHORT: {value: "1", label: Cohort of the Study, type: Char, length: 3}
"""
CORE = "{from: ADSL, set: core}"


@pytest.fixture
def trial(study: StudyFolder) -> StudyFolder:
    """The study with ADSL, of which ADVS keeps the core variables."""
    study.write("adam/adsl.yaml", ADSL)
    study.change("study.yaml", "facts:\n", "adsl_core: [TRTSDT, SEX, COHORT]\nfacts:\n")
    study.change("adam/advs.yaml", "[STUDYID, USUBJID]", f"[STUDYID, USUBJID, {CORE}]")
    return study


def advs(study: StudyFolder) -> DatasetSpec:
    return study.load().dataset("ADVS")


def names(spec: DatasetSpec) -> list[str]:
    return [variable.name for variable in spec.variables]


def attributes(variable: Variable) -> tuple[object, ...]:
    return (variable.label, variable.type, variable.length, variable.format, variable.codelist)


def test_core_variables_are_those_of_adsl(trial: StudyFolder) -> None:
    study = trial.load()
    here, there = study.dataset("ADVS"), study.dataset("ADSL")
    # in the order of adsl_core, where `keep` stands
    assert names(here)[:6] == ["STUDYID", "USUBJID", "TRTSDT", "SEX", "COHORT", "SITEID"]
    for name in ("TRTSDT", "SEX", "COHORT"):
        assert attributes(here.variable(name)) == attributes(there.variable(name))
    assert [spec.name for spec in study.datasets if spec.standard == "ADaM"] == ["ADSL", "ADVS"]


def test_core_variables_come_by_one_join_where_they_are_needed(trial: StudyFolder) -> None:
    plan = engine.bind(trial.load())[0]["ADVS"]
    assert plan.origins["SEX"] == (("ADSL", "SEX"),)
    kept = [work for work in plan.work if isinstance(work, RowStep) and work.path == ("keep",)]
    assert [work.step.join.on for work in kept if isinstance(work.step, Join)] == [("USUBJID",)]


def test_a_row_step_may_read_a_core_variable(trial: StudyFolder) -> None:
    step = "  - first: {by: [USUBJID, VSTESTCD], order: [TRTSDT, VSDTC]}\n"
    trial.change("adam/advs.yaml", "unmatched: drop}\n", f"unmatched: drop}}\n{step}")
    plan = engine.bind(trial.load())[0]["ADVS"]
    order = []
    for work in plan.work:
        if isinstance(work, Column):
            order.append(work.name)
        elif isinstance(work, RowStep):
            order.append(str(work.path[-1]))
    assert order[order.index("keep") - 1] == "1"  # the step that is read next is the third
    assert order.index("keep") < order.index("TRTSDT") < order.index("2") < order.index("SEX")


def test_core_variables_after_a_summary(trial: StudyFolder) -> None:
    """A summary leaves nothing of what was joined before it, so they are joined again."""
    trial.write(
        "adam/count.yaml",
        f"dataset: COUNT\ninternal: true\nkeys: [USUBJID]\nkeep: {CORE}\nrows:\n  - take: VS\n"
        "  - summarize: {by: [USUBJID, SEX], take: {n: {count: VSDTC}}}\n"
        "variables: {USUBJID: {}, n: {type: Num}}\n",
    )
    assert trial.problems() == []
    assert names(trial.load().dataset("COUNT")) == ["TRTSDT", "SEX", "COHORT", "USUBJID", "n"]


def test_a_set_leaves_out_what_the_dataset_wires_itself(trial: StudyFolder) -> None:
    trial.change("study.yaml", "[TRTSDT, SEX, COHORT]", "[STUDYID, USUBJID, TRTSDT]")
    trial.change("adam/advs.yaml", "  SITEID: {}\n", "  SITEID: {}\n  TRTSDT: {from: ADT}\n")
    assert names(advs(trial))[:3] == ["STUDYID", "USUBJID", "SITEID"]


def test_the_subject_itself_may_be_core(trial: StudyFolder) -> None:
    trial.change("study.yaml", "[TRTSDT, SEX, COHORT]", "[USUBJID, SEX]")
    trial.change("adam/advs.yaml", f"[STUDYID, USUBJID, {CORE}]", f"[STUDYID, {CORE}]")
    spec = advs(trial)
    assert names(spec)[:3] == ["STUDYID", "USUBJID", "SEX"]
    assert spec.variable("USUBJID").wiring.reads == ("USUBJID",)  # of the rows, not of ADSL


def test_all_keeps_what_the_standard_knows(trial: StudyFolder) -> None:
    step = "  - join: {with: DM, on: [USUBJID], take: {site: SITEID, COUNTRY: COUNTRY}}\n"
    trial.write(
        "adam/advs.yaml",
        "dataset: ADVS\nstructure: BDS\nlabel: Vital Signs\nkeys: [STUDYID, USUBJID, VSSEQ]\n"
        "keep: all\nrows:\n"
        f"  - {{take: VS, rename: {{weight: VSORRES, VISITNUM: VISITNUM}}}}\n{step}"
        "variables:\n  VSSTRESC: {from: weight}\n",
    )
    kept = names(advs(trial))
    assert {"STUDYID", "USUBJID", "VSSEQ", "VSTESTCD", "COUNTRY"} <= set(kept)
    assert not {"weight", "site", "VSORRES"} & set(kept)  # no variables of any standard, or gone
    assert kept.count("VSSTRESC") == 1
    assert kept[-1] == "VSSTRESC"


@pytest.mark.parametrize(
    ("file", "old", "new", "problem"),
    [
        (
            "study.yaml",
            "SEX, COHORT]",
            "SEXX, COHORT]",
            "study.yaml:26: adsl_core.2: ADSL has no variable SEXX (did you mean SEX?)",
        ),
        (
            "study.yaml",
            "SEX, COHORT]",
            "SEX, SEX]",
            "study.yaml:26: adsl_core.3: SEX is a duplicate",
        ),
        (
            "study.yaml",
            "adsl_core: [TRTSDT, SEX, COHORT]\n",
            "",
            (
                "adam/advs.yaml:5: keep.3: there is no adsl_core in study.yaml, "
                "which lists the variables to keep"
            ),
        ),
        (
            "adam/advs.yaml",
            "set: core",
            "set: cor",
            "adam/advs.yaml:5: keep.3.set: should be core (did you mean core?)",
        ),
        (
            "adam/advs.yaml",
            "from: ADSL",
            "from: DM",
            "adam/advs.yaml:5: keep.3.from: should be ADSL",
        ),
        (
            "adam/advs.yaml",
            f"[STUDYID, USUBJID, {CORE}]",
            "every",
            ("adam/advs.yaml:5: keep: should be a list of names, all, or {from: ADSL, set: core}"),
        ),
        (
            "adam/advs.yaml",
            "set: core",
            "sett: core",
            "adam/advs.yaml:5: keep.3.sett: is not a word of the spec language (did you mean set?)",
        ),
        (
            "sdtm/vs.yaml",
            "rows:\n",
            f"keep: {CORE}\nrows:\n",
            "sdtm/vs.yaml:4: keep: core variables of ADSL are kept in adam/ only",
        ),
    ],
)
def test_mistakes(trial: StudyFolder, file: str, old: str, new: str, problem: str) -> None:
    trial.change(file, old, new)
    assert problem in trial.problems()


def test_no_subject(trial: StudyFolder) -> None:
    trial.write(
        "adam/any.yaml",
        f"dataset: ANY\ninternal: true\nkeys: []\nkeep: [{CORE}]\n"
        "rows: [{take: vitals}]\nvariables: {subject_id: {}}\n",
    )
    reason = "records of ADSL are found by USUBJID, and there is no column USUBJID here"
    assert trial.problems() == [f"adam/any.yaml:4: ANY.keep: {reason}"]


def test_no_adsl(study: StudyFolder) -> None:
    study.change("study.yaml", "facts:\n", "adsl_core: [SEX]\nfacts:\n")
    reason = "there is no dataset ADSL that has these variables"
    assert study.problems() == [f"study.yaml:26: adsl_core: {reason}"]


def test_adsl_does_not_keep_of_itself(trial: StudyFolder) -> None:
    trial.change("adam/adsl.yaml", "[STUDYID, USUBJID, SEX]", f"[STUDYID, USUBJID, SEX, {CORE}]")
    assert trial.problems() == [
        "adam/adsl.yaml:1: rows: datasets read each other: ADSL <- ADSL",
    ]


def test_variables_of_the_model_are_known_in_adam(study: StudyFolder) -> None:
    """VISITDY is in VS of the guide, VSREPNUM and RELMIDS only in the model."""
    study.change(
        "adam/advs.yaml",
        "  SITEID: {}\n",
        "  SITEID: {}\n  VSREPNUM: {value: 1}\n  RELMIDS: {value: X}\n",
    )
    spec = advs(study)
    assert spec.variable("VSREPNUM").label == "Repetition Number"
    assert spec.variable("RELMIDS").core == "Perm"
