"""What Define-XML will say of a small study: origins, methods, value level, codelists, and what the records need."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pandas as pd
import pytest

from ivig_cdisc import derive, load_study, metadata
from ivig_cdisc.metadata import Study, origins
from ivig_cdisc.metadata.in_use import InUse, in_use
from ivig_cdisc.metadata.origins import Origin

STUDY = """
id: TRIAL
title: A trial
cutoff: 2018-12-31
intake: {subjects: subjects, subject: subject_id}
forms:
  subjects:
    key: [subject_id]
    columns: {subject_id: {required: true}, sex: {}, arm: {}, note: {}}
codelists:
  ARMS: {name: Arms, extensible: false, terms: [A]}
"""
DM = """
dataset: DM
keys: [STUDYID, USUBJID]
rows: [{take: subjects, rename: {group: arm}}]
variables:
  STUDYID: {value: {fact: study}}
  DOMAIN: {value: DM}
  USUBJID: {derive: subject_key, from: {subject: subject_id}, with: {study: {fact: study}}}
  SUBJID: {from: subject_id}
  SEX: {from: sex}
  ARM: {from: group, codelist: ARMS}
  SITEID: {value: A}
  COUNTRY: {value: NLD}
  DMNOTE: {supplemental: Note on the Subject, from: note}
"""
STEP = """
dataset: STEP
keys: [USUBJID]
internal: true
rows: [{take: DM}]
variables:
  USUBJID: {}
  AVALC: {derive: coalesce, from: {values: [SEX, ARM]}}
"""
ADSL = """
dataset: ADSL
structure: ADSL
label: Subject-Level Analysis Dataset
keys: [USUBJID]
rows:
  - take: DM
  - join: {with: STEP, on: [USUBJID], take: {both: AVALC}}
variables:
  STUDYID: {}
  USUBJID: {}
  TRT01P: {from: ARM}
  BOTH: {from: both, label: Both, type: Char}
  AGE: {value: 30}
"""


@pytest.fixture
def study(tmp_path: Path) -> Study:
    files = {"study": STUDY, "sdtm/dm": DM, "adam/step": STEP, "adam/adsl": ADSL}
    for name, content in files.items():
        path = tmp_path / f"{name}.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(dedent(content), "utf-8")
    found, problems = metadata.load(tmp_path)
    assert not problems
    return found


def of(study: Study, name: str) -> dict[str, origins.VariableMetadata]:
    found = origins.variables(study.dataset(name), study, derive.FUNCTIONS)
    return {variable.name: variable for variable in found}


def test_origins_of_sdtm(study: Study) -> None:
    found = {name: variable.origin for name, variable in of(study, "DM").items()}
    assert found["STUDYID"] == Origin("Assigned", "Sponsor")
    assert found["USUBJID"] == Origin("Derived", "Sponsor")
    assert found["SUBJID"] == Origin("Collected", "Investigator", "subject_id")
    assert found["ARM"] == Origin("Collected", "Investigator", "arm")  # renamed when it was taken
    assert found["AGE"] == Origin("")  # expected, and not filled
    assert "DMNOTE" not in found  # a value of SUPPDM


def test_origins_of_adam(study: Study) -> None:
    """A predecessor is a variable of a dataset that is submitted; what a step derives is derived."""
    found = {name: variable.origin for name, variable in of(study, "ADSL").items()}
    assert found == {
        "STUDYID": Origin("Predecessor", "Sponsor", "DM.STUDYID"),
        "USUBJID": Origin("Predecessor", "Sponsor", "DM.USUBJID"),
        "TRT01P": Origin("Predecessor", "Sponsor", "DM.ARM"),
        "BOTH": Origin("Derived", "Sponsor"),
        "AGE": Origin("Assigned", "Sponsor"),
    }


def test_methods(study: Study) -> None:
    both = of(study, "ADSL")["BOTH"].method
    assert both is not None
    assert (both.id, both.function, both.columns) == (
        "MT.ADSL.BOTH",
        "coalesce",
        {"values": ("SEX", "ARM")},
    )
    assert both.text == "The first of several values that is not missing. (values: SEX, ARM)"
    assert of(study, "DM")["SEX"].method is None
    assert origins.method_text("source_dataset", derive.FUNCTIONS) == "Read off the lineage."


def test_attributes(study: Study) -> None:
    found = of(study, "DM")["USUBJID"]
    assert (found.label, found.type, found.key_sequence, found.mandatory, found.role) == (
        "Unique Subject Identifier",
        "Char",
        2,
        True,
        "Identifier",
    )


def test_value_level(study: Study) -> None:
    (note,) = origins.value_level(study.dataset("DM"), study, derive.FUNCTIONS)
    assert (note.dataset, note.variable, note.metadata.label) == (
        "SUPPDM",
        "QVAL",
        "Note on the Subject",
    )
    assert note.where == origins.WhereClause("WC.SUPPDM.DMNOTE", "SUPPDM", "QNAM", "EQ", "DMNOTE")
    assert note.metadata.origin == Origin("Collected", "Investigator", "note")
    assert origins.value_level(study.dataset("ADSL"), study, derive.FUNCTIONS) == ()


def test_codelists(study: Study) -> None:
    """A list of the study's own, and one of CDISC."""
    found = {used.codelist.id: used for used in origins.codelists(study)}
    assert (found["ARMS"].variables, found["ARMS"].extended) == (("DM.ARM",), ("A",))
    assert (found["C66731"].variables, found["C66731"].extended) == (("DM.SEX",), ())


def test_terms_that_a_study_adds() -> None:
    found = {used.codelist.id: used for used in origins.codelists(load_study("ntr6160").study)}
    assert found["C81224"].extended == ("NRI",)


# ---------------------------------------------------------------- of the records
def test_what_records_need(study: Study) -> None:
    spec = study.dataset("ADSL")
    frame = pd.DataFrame({"USUBJID": ["TRIAL-1", None], "BOTH": ["é", "ab"], "AGE": [-30.25, 5]})
    assert in_use(spec, frame) == {
        "USUBJID": InUse(7),
        "BOTH": InUse(2),  # bytes: é has two
        "AGE": InUse(6, 2, is_whole=False),
    }


def test_nothing_is_known_of_no_values(study: Study) -> None:
    frame = pd.DataFrame({"AGE": [float("nan")]})
    assert in_use(study.dataset("ADSL"), frame) == {"AGE": InUse()}


def test_two_parts_of_a_study() -> None:
    assert InUse(3, 0).and_also(InUse(2, 1, is_whole=False)) == InUse(3, 1, is_whole=False)


def test_data_types(study: Study) -> None:
    age, both = study.dataset("ADSL").variable("AGE"), study.dataset("ADSL").variable("BOTH")
    assert InUse(2).data_type(age) == "integer"
    assert InUse(3, 1, is_whole=False).data_type(age) == "float"
    assert InUse(3).data_type(both) == "text"
