"""What a valid study is once it is loaded: the YAML laid over the standard."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ivig_cdisc import engine, metadata
from ivig_cdisc.errors import SpecError
from ivig_cdisc.metadata.document import read
from ivig_cdisc.metadata.study import study_folder

from .conftest import StudyFolder


def test_the_bundled_study_has_no_problem() -> None:
    study, problems = metadata.load("ntr6160")
    plans, unbound = engine.bind(study)
    assert [*problems, *unbound] == []
    assert {"DM", "LB", "ADSL", "ADTIS", "ADTTE"} <= set(plans)
    assert all(plans[d.name].spec is d for d in study.datasets if not d.parent)


def test_a_study_is_a_folder_or_a_bundled_name(study: StudyFolder) -> None:
    assert study_folder(study.folder) == study.folder
    assert (
        study_folder("NTR6160") == metadata.specs_root() / "study" / "ntr6160"
    )  # capitals are no matter


def test_unknown_bundled_study() -> None:
    with pytest.raises(SpecError) as error:
        metadata.load("ntr616")
    assert str(error.value) == (
        "ntr616:1: study: no folder with a study.yaml, and no bundled study (did you mean ntr6160?); "
        "bundled: cdiscpilot01, ntr6160"
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("NO", "NO"),  # Norway, not false
        ("Yes", "Yes"),
        ("012", "012"),  # a site, not ten
        ("00", "00"),
        ("true", True),
        ("false", False),
        ("True", "True"),
        ("2018-01-01", "2018-01-01"),
        ("12:30", "12:30"),  # a time, not 750
        ("1", 1),
        ("-3", -3),
        ("0.50", 0.5),
        ("+1", "+1"),
        (".5", ".5"),
        ("1e3", "1e3"),
        ("0x10", "0x10"),
        ("1_000", "1_000"),
        ('"1"', "1"),
        ("'true'", "true"),
        ("", None),
        ("null", None),
        ("~", None),
        ('""', ""),
    ],
)
def test_scalars_are_what_they_look_like(tmp_path: Path, text: str, expected: Any) -> None:
    file = tmp_path / "one.yaml"
    file.write_text(f"entry: {text}\n", "utf-8")
    entry = read(file).data["entry"]
    assert entry == expected
    assert type(entry) is type(expected)


def test_keys_are_always_text(tmp_path: Path) -> None:
    file = tmp_path / "one.yaml"
    file.write_text("{1: a, -95: b, true: c, NO: d, 012: e}\n", "utf-8")
    assert read(file).data == {"1": "a", "-95": "b", "true": "c", "NO": "d", "012": "e"}


def test_datasets_come_after_those_they_read(study: StudyFolder) -> None:
    assert [d.name for d in study.load().datasets] == [
        "DM",
        "SUPPDM",
        "VS",
        "SUPPVS",
        "ADVS",
    ]  # for long text


def test_the_standard_says_what_the_study_does_not(study: StudyFolder) -> None:
    dm = study.load().dataset("DM")
    assert (dm.label, dm.structure, dm.keys) == (
        "Demographics",
        "Special-Purpose",
        ("STUDYID", "USUBJID"),
    )
    sex = dm.variable("SEX")
    assert (sex.label, sex.type, sex.codelist, sex.core) == ("Sex", "Char", "C66731", "Req")
    assert dm.variable("RFSTDTC").iso8601
    assert list(dm.columns[:5]) == [
        "STUDYID",
        "DOMAIN",
        "USUBJID",
        "SUBJID",
        "RFSTDTC",
    ]  # the guide's order


def test_expected_variables_that_are_not_wired_are_empty(study: StudyFolder) -> None:
    dm = study.load().dataset("DM")
    assert dm.variable("RACE").wiring.constants == {"value": None}
    assert "ETHNIC" not in dm.columns  # permissible: only if wired
    assert dm.variable("COUNTRY").wiring.function == "copy"


def test_a_study_may_differ_from_the_standard(study: StudyFolder) -> None:
    change = "{label: Land, length: 3, codelist: none, core: Exp, range: [1, 2], from: country}"
    study.change("sdtm/dm.yaml", "COUNTRY: {from: country}", f"COUNTRY: {change}")
    recoded = "SEX: {derive: recode, from: {value: sex}, with: {terms: {terms: SEX}}}"
    study.change(
        "sdtm/dm.yaml",
        recoded,
        "SEX: {codelist: none, type: Num, derive: number, from: {value: sex}}",
    )
    dm = study.load().dataset("DM")
    country, sex = dm.variable("COUNTRY"), dm.variable("SEX")
    assert (country.label, country.length, country.core, country.range) == (
        "Land",
        3,
        "Exp",
        (1, 2),
    )
    assert (sex.codelist, sex.type, sex.length) == ("", "Num", 8)


def test_dashes_stand_for_the_domain(study: StudyFolder) -> None:
    vs = study.load().dataset("VS")
    assert vs.variable("VSDY").wiring.columns == {"date": "VSDTC", "reference": "RFSTDTC"}
    assert vs.variable("DOMAIN").wiring.constants == {"value": "VS"}
    assert vs.variable("VSDY").wiring.place.file.name == "shared.yaml"


def test_references(study: StudyFolder) -> None:
    loaded = study.load()
    assert loaded.dataset("DM").variable("SEX").wiring.constants == {"terms": {"1": "M", "2": "F"}}
    assert loaded.dataset("DM").variable("STUDYID").wiring.constants == {
        "value": "TRIAL"
    }  # {fact: study}
    assert loaded.dataset("ADVS").variable("HEAVYFL").wiring.constants == {"threshold": 100}
    assert (
        loaded.dataset("VS").variable("VSTEST").wiring.constants["terms"]["SYSBP"]
        == "Systolic Blood Pressure"
    )


def test_codelists_in_use_with_the_terms_of_the_study(study: StudyFolder) -> None:
    codelists = study.load().codelists
    assert {"WAIST", "SYSBP"} <= set(codelists["C66741"].terms)
    assert codelists["C66741"].terms["WAIST"] == ""  # no NCI code
    assert "C66731" in codelists
    assert "C66768" not in codelists  # outcomes of events: nothing here has them


def test_a_codelist_of_the_study(study: StudyFolder) -> None:
    study.change("study.yaml", "C66741: {", "LANDS: {name: Lands, terms: [NO, NL]}\n  C66741: {")
    study.change("sdtm/dm.yaml", "COUNTRY: {", "COUNTRY: {codelist: LANDS, ")
    lands = study.load().codelists["LANDS"]
    assert (lands.name, lands.extensible, list(lands.terms)) == ("Lands", False, ["NO", "NL"])


def test_supplemental_variables_make_a_dataset(study: StudyFolder) -> None:
    study.change(
        "sdtm/dm.yaml", "  COUNTRY", "  DOSED: {supplemental: Dosed on, from: dosed}\n  COUNTRY"
    )
    loaded = study.load()
    dm, suppdm = loaded.dataset("DM"), loaded.dataset("SUPPDM")
    assert "DOSED" not in dm.columns
    assert dm.variables[-1].label == "Dosed on"
    assert (suppdm.parent, suppdm.label) == ("DM", "Supplemental Qualifiers for DM")
    assert suppdm.keys == ("STUDYID", "RDOMAIN", "USUBJID", "IDVAR", "IDVARVAL", "QNAM")
    assert suppdm.columns == (
        *(
            "STUDYID",
            "RDOMAIN",
            "USUBJID",
            "IDVAR",
            "IDVARVAL",
            "QNAM",
            "QLABEL",
            "QVAL",
            "QORIG",
            "QEVAL",
        ),
    )
    assert "SUPPDM" not in engine.bind(loaded)[0]  # it falls out of DM, there is nothing to plan


def test_variables_that_one_analysis_dataset_defines_are_known_to_the_others(
    study: StudyFolder,
) -> None:
    copy = "dataset: ADX\nstructure: BDS\nlabel: X\nkeys: [USUBJID, PARAMCD, ADT]\n"
    rows = "rows: [{take: ADVS}]\nvariables: {USUBJID: {}, PARAMCD: {}, ADT: {}, HEAVYFL: {}}\n"
    study.write("adam/adx.yaml", copy + rows)
    heavy = study.load().dataset("ADX").variable("HEAVYFL")
    assert (heavy.label, heavy.type, heavy.length) == ("Heavy", "Char", 200)


def test_names_with_an_index_are_in_the_standard(study: StudyFolder) -> None:
    study.change(
        "adam/advs.yaml",
        "  SITEID: {}",
        "  SITEID: {}\n  CRIT2FL: {value: N}\n  AVALCAT1: {value: LOW}",
    )
    advs = study.load().dataset("ADVS")
    assert advs.variable("CRIT2FL").label == "Criterion 2 Evaluation Result Flag"
    assert advs.variable("AVALCAT1").label == "Analysis Value Category 1"


def test_internal_datasets_may_be_named_freely(study: StudyFolder) -> None:
    rows = "rows: [{take: vitals}, {first: {by: [subject_id], order: [-date]}}]\n"
    study.write(
        "sdtm/last.yaml",
        f"dataset: LAST_OF_ALL\ninternal: true\nkeys: [who]\n{rows}variables: {{who: {{from: subject_id}}}}\n",
    )
    last = study.load().dataset("LAST_OF_ALL")
    assert last.internal
    assert last.columns == ("who",)


def test_the_nearest_word_on_signs_counts(study: StudyFolder) -> None:
    study.change("study.yaml", "site: site}", 'site: site, decimal: [".", ","]}')
    study.change(
        "study.yaml",
        "    key: [subject_id, date]\n",
        '    key: [subject_id, date]\n    decimal: ","\n',
    )
    study.change(
        "study.yaml",
        "weight: {type: number}",
        'weight: {type: number, decimal: ".", thousands: ","}',
    )
    columns = metadata.load(study.folder)[0].forms["vitals"].columns
    assert (columns["weight"].decimal, columns["weight"].thousands) == ((".",), (",",))
    assert (columns["pulse"].decimal, columns["pulse"].thousands) == ((",",), None)
