"""The standard as data: generated files follow from their source, and every file keeps the rules of the guides."""

from __future__ import annotations

import csv
import re
import subprocess
import sys
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
import yaml

REPO = Path(__file__).parents[2]
STANDARD = REPO / "specs" / "standard"
REFERENCE = REPO.parent / "shared" / "reference"
GENERATED = (
    "sdtm_datasets.csv",
    "sdtm_model.csv",
    "sdtm_variables.csv",
    "terminology.csv",
    "releases.yaml",
)
WRITTEN = (*GENERATED, "adam_datasets.csv", "adam_variables.csv", "subsets.csv")
LABEL_LIMIT, LENGTH_LIMIT = 40, 200
# Keys the guide gives from the timing variables of the model, which its table of the dataset leaves
# out.
MODEL_KEYS = {("FA", "FATPTREF"), ("FA", "FATPTNUM"), ("PP", "VISITNUM")}

Row = dict[str, str]


@cache
def rows(name: str) -> tuple[Row, ...]:
    with (STANDARD / name).open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def variables() -> list[tuple[str, Row]]:
    sdtm = [(row["dataset"], row) for row in rows("sdtm_variables.csv")]
    return sdtm + [(row["structure"], row) for row in rows("adam_variables.csv")]


def sdtm(dataset: str, variable: str) -> Row:
    found = [
        r
        for r in rows("sdtm_variables.csv")
        if (r["dataset"], r["variable"]) == (dataset, variable)
    ]
    assert len(found) == 1
    return found[0]


def adam(structure: str) -> dict[str, Row]:
    return {
        row["variable"]: row for row in rows("adam_variables.csv") if row["structure"] == structure
    }


def terms(codelist: str) -> dict[str, str]:
    return {
        row["term"]: row["term_code"]
        for row in rows("terminology.csv")
        if row["codelist"] == codelist
    }


def codes(row: Row) -> list[str]:
    return [code for code in row["codelist"].split("; ") if code]


def resolve_name(name: str) -> str:
    """A name with its index fragments at their longest usual value: TRxxPGy -> TR01PG1."""
    return re.sub("xx|zz", "01", name).replace("y", "1").replace("w", "1")


def resolve_label(label: str) -> str:
    return re.sub(r"\b[yw]\b", "1", re.sub(r"\b(xx|zz)\b", "01", label))


# ---------------------------------------------------------------- files
@pytest.mark.skipif(
    not REFERENCE.is_dir(), reason="the reference tables are not beside the project"
)
def test_regenerating_gives_the_same_bytes(tmp_path: Path) -> None:
    command = [
        sys.executable,
        str(STANDARD / "generate.py"),
        "--reference",
        str(REFERENCE),
        "--out",
        str(tmp_path),
    ]
    subprocess.run(command, check=True, timeout=120)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(GENERATED)
    for name in GENERATED:
        assert (tmp_path / name).read_bytes() == (STANDARD / name).read_bytes(), name


@pytest.mark.parametrize("name", [*WRITTEN, "generate.py", "README.md"])
def test_files_are_utf8_with_lf_and_name_no_machine_path(name: str) -> None:
    data = (STANDARD / name).read_bytes()
    text = data.decode("utf-8")
    assert b"\r" not in data
    assert data.endswith(b"\n")
    assert not re.search(r"(?<![\w.])/(work|home|tmp|Users)/", text)


def test_releases_name_every_file_and_known_standards() -> None:
    releases = yaml.safe_load((STANDARD / "releases.yaml").read_text(encoding="utf-8"))
    assert releases["standards"] == {
        "SDTM": "2.0",
        "SDTMIG": "3.4",
        "SDTM CT": "2022-09-30",
        "ADaM": "2.1",
        "ADaMIG": "1.3",
        "OCCDS": "1.1",
        "BDS-TTE": "1.0",
        "ADaM CT": "2026-03-27",
    }
    assert set(releases["files"]) == set(WRITTEN) - {"releases.yaml"}
    assert {name for names in releases["files"].values() for name in names} == set(
        releases["standards"]
    )


def test_terminology_releases_agree_with_releases_yaml() -> None:
    assert Counter(row["release"] for row in rows("terminology.csv")).keys() == {
        "SDTM CT 2022-09-30",
        "ADaM CT 2026-03-27",
    }


# ---------------------------------------------------------------- variables
def test_no_variable_occurs_twice_in_a_dataset() -> None:
    found = Counter((dataset, row["variable"]) for dataset, row in variables())
    assert [key for key, count in found.items() if count > 1] == []


def test_order_counts_up_within_each_dataset() -> None:
    orders: dict[str, list[int]] = {}
    for dataset, row in variables():
        orders.setdefault(dataset, []).append(int(row["order"]))
    assert [d for d, order in orders.items() if order != list(range(1, len(order) + 1))] == []


def test_labels_fit_xport() -> None:
    labels = [(d, r["variable"], resolve_label(r["label"])) for d, r in variables()]
    assert [entry for entry in labels if not 1 <= len(entry[2]) <= LABEL_LIMIT] == []


def test_names_fit_xport_once_the_index_is_known() -> None:
    names = [(dataset, resolve_name(row["variable"])) for dataset, row in variables()]
    assert [entry for entry in names if not re.fullmatch(r"[A-Z][A-Z0-9]{0,7}", entry[1])] == []


def test_index_of_a_name_is_in_its_label() -> None:
    """CRITyFL says "Criterion y ...": a fragment in one and not in the other would leave a label unresolved."""
    for structure, row in variables():
        in_name = set(re.findall("xx|zz|y|w", row["variable"]))
        in_label = set(re.findall(r"\b(?:xx|zz|y|w)\b", row["label"]))
        assert in_name == in_label, (structure, row["variable"])


def test_types_lengths_and_core_are_of_the_closed_lists() -> None:
    wrong = [
        (dataset, row["variable"])
        for dataset, row in variables()
        if row["type"] not in {"Char", "Num"}
        or not 1 <= int(row["length"]) <= LENGTH_LIMIT
        or (row["type"] == "Num" and row["length"] != "8")
        or row["core"] not in {"Req", "Exp", "Perm", "Cond"}
    ]
    assert wrong == []


def test_every_keyed_dataset_has_its_keys() -> None:
    have = {(row["dataset"], row["variable"]) for row in rows("sdtm_variables.csv")}
    keys = {(d["dataset"], key) for d in rows("sdtm_datasets.csv") for key in d["keys"].split("; ")}
    assert keys - have == MODEL_KEYS


def test_every_dataset_has_variables_and_the_other_way_round() -> None:
    assert {d["dataset"] for d in rows("sdtm_datasets.csv")} == {
        v["dataset"] for v in rows("sdtm_variables.csv")
    }
    assert {d["structure"] for d in rows("adam_datasets.csv")} == {
        v["structure"] for v in rows("adam_variables.csv")
    }
    assert (len(rows("sdtm_datasets.csv")), len(rows("sdtm_variables.csv"))) == (63, 1917)


def test_dataset_labels_fit_xport() -> None:
    labels = {
        row["dataset"]: row["label"].replace("[domain name]", "AE")
        for row in rows("sdtm_datasets.csv")
    }
    assert {name: label for name, label in labels.items() if len(label) > LABEL_LIMIT} == {}


@pytest.mark.parametrize(
    ("dataset", "variable", "length", "why"),
    [
        ("DM", "STUDYID", 20, "by name"),
        ("DM", "USUBJID", 40, "by name"),
        ("RELREC", "RDOMAIN", 2, "by name, though POOLDEF is a term of its codelist"),
        ("DM", "RACE", 41, "longest term of a codelist that is not extensible"),
        ("DM", "SEX", 16, "longest term of a codelist that is not extensible"),
        ("DM", "DTHFL", 1, "codelist NY"),
        ("IE", "IEORRES", 1, "codelist NY counts before the fragment ORRES"),
        ("AE", "AESTDTC", 19, "ISO 8601 date and time"),
        ("EX", "EXDUR", 20, "ISO 8601 duration"),
        ("LB", "LBTESTCD", 8, "by fragment, before its codelist"),
        ("LB", "LBTEST", 40, "by fragment, before its codelist"),
        ("IE", "IETEST", 200, "by name, the exception among --TEST"),
        ("LB", "LBSTRESC", 200, "by fragment: its codelist does not hold numbers"),
        ("EX", "EXDOSU", 40, "extensible, terms shorter than 40"),
        ("LB", "LBSPEC", 40, "extensible, terms shorter than 40"),
        ("EX", "EXLOC", 100, "extensible, longest term"),
        ("SUPPQUAL", "QNAM", 8, "by name"),
        ("SUPPQUAL", "QLABEL", 40, "by name"),
        ("SUPPQUAL", "QVAL", 200, "no convention"),
        ("LB", "LBSEQ", 8, "Num"),
    ],
)
def test_length_conventions(dataset: str, variable: str, length: int, why: str) -> None:
    assert int(sdtm(dataset, variable)["length"]) == length, why


def test_no_term_is_longer_than_a_variable_that_takes_it() -> None:
    """Lists by convention shorter than their terms: NY without NA, and dataset names that are not domains."""
    excused = {"C66742", "C66734"}
    longest: dict[str, int] = {}
    for row in rows("terminology.csv"):
        longest[row["codelist"]] = max(longest.get(row["codelist"], 0), len(row["term"].encode()))
    short = [
        (dataset, row["variable"], code)
        for dataset, row in variables()
        for code in codes(row)
        if code not in excused and longest.get(code, 0) > int(row["length"])
    ]
    assert short == []


# ---------------------------------------------------------------- terminology
def test_every_codelist_that_a_variable_names_is_held() -> None:
    held = {row["codelist"] for row in (*rows("terminology.csv"), *rows("subsets.csv"))}
    assert {code for _, row in variables() for code in codes(row)} - held == set()


def test_a_subset_has_terms_of_its_codelist_only() -> None:
    for row in rows("subsets.csv"):
        assert set(row["terms"].split("; ")) < set(terms(row["of"])), row["codelist"]
        assert row["codelist"].startswith(row["of"])


def test_terms_are_unique_within_a_codelist_and_sorted() -> None:
    found = [
        (r["release"], r["codelist"], r["term"], r["term_code"]) for r in rows("terminology.csv")
    ]
    assert found == sorted(found)
    assert len({key[:3] for key in found}) == len(found)


def test_a_codelist_has_one_name_and_one_release() -> None:
    head = ("codelist", "release", "codelist_name", "name", "extensible")
    heads = {tuple(row[column] for column in head) for row in rows("terminology.csv")}
    assert len(heads) == len({codelist for codelist, *_ in heads})
    assert {extensible for *_, extensible in heads} == {"Yes", "No"}
    assert all(re.fullmatch(r"C\d+", codelist) and name for codelist, _, name, *_ in heads)


@pytest.mark.parametrize(
    ("dataset", "variable", "expected"),
    [
        ("DM", "DTHFL", "C66742Y"),
        ("LB", "LBLOBXFL", "C66742Y"),
        ("LB", "LBBLFL", "C66742Y"),
        ("RS", "RSDRVFL", "C66742Y"),
        ("SV", "SVPRESP", "C66742Y"),
        ("SV", "SVOCCUR", "C66742"),
        ("AE", "AESER", "C66742"),
    ],
)
def test_flags_that_are_y_or_null(dataset: str, variable: str, expected: str) -> None:
    """SDTMIG 3.4, the notes of each variable: "Y" or null."""
    assert codes(sdtm(dataset, variable)) == [expected]


@pytest.mark.parametrize(
    ("dataset", "variable", "codelist", "expected"),
    [
        (
            "DM",
            "SEX",
            "C66731",
            {"F": "C16576", "M": "C20197", "U": "C17998", "UNDIFFERENTIATED": "C45908"},
        ),
        ("AE", "AESEV", "C66769", {"MILD": "C41338", "MODERATE": "C41339", "SEVERE": "C41340"}),
        ("AE", "AESER", "C66742", {"N": "C49487", "NA": "C48660", "U": "C17998", "Y": "C49488"}),
        ("LB", "LBSTAT", "C66789", {"NOT DONE": "C49484"}),
    ],
)
def test_codelists_that_everybody_knows(
    dataset: str, variable: str, codelist: str, expected: dict[str, str]
) -> None:
    assert codes(sdtm(dataset, variable)) == [codelist]
    assert terms(codelist) == expected


def test_adam_codelists_that_everybody_knows() -> None:
    assert set(terms("C81223")) == {"D", "M", "Y"}
    assert set(terms("C81226")) == {"H", "M", "S"}
    assert set(terms("C124296")) == {"COMPLETED", "DISCONTINUED", "ONGOING"}
    assert {"AVERAGE", "LOCF", "WOCF"} <= set(terms("C81224"))
    assert set(terms("C81225")) == {"DERIVED"}


# ---------------------------------------------------------------- ADaM, entered by hand A second
# entry of the labels in most use, from ADaMIG 1.3 (3.2, 3.3), OCCDS 1.1 (3.2) and BDS-TTE 1.0.
LABELS = {
    "ADSL": {
        "SUBJID": "Subject Identifier for the Study",
        "SITEID": "Study Site Identifier",
        "AGEGRy": "Pooled Age Group y",
        "SAFFL": "Safety Population Flag",
        "ITTFL": "Intent-To-Treat Population Flag",
        "FASFL": "Full Analysis Set Population Flag",
        "PPROTFL": "Per-Protocol Population Flag",
        "SAFFN": "Safety Population Flag (N)",
        "ITTFN": "Intent-To-Treat Population Flag (N)",
        "COMPLFN": "Completers Population Flag (N)",
        "TRTxxP": "Planned Treatment for Period xx",
        "TRTxxAN": "Actual Treatment for Period xx (N)",
        "TRTSDT": "Date of First Exposure to Treatment",
        "TRTSDTM": "Datetime of First Exposure to Treatment",
        "TRTSDTF": "Date of First Exposure Imput. Flag",
        "TRTEDT": "Date of Last Exposure to Treatment",
        "TRTETMF": "Time of Last Exposure Imput. Flag",
        "TRTDURD": "Total Treatment Duration (Days)",
        "RANDDT": "Date of Randomization",
        "RFICDT": "Date of Informed Consent",
        "EOSSTT": "End of Study Status",
        "EOSDT": "End of Study Date",
        "DCSREAS": "Reason for Discontinuation from Study",
        "DCSREASP": "Reason Spec for Discont from Study",
        "EOTSTT": "End of Treatment Status",
        "DTHDT": "Date of Death",
        "LSTALVDT": "Date Last Known Alive",
    },
    "BDS": {
        "ASEQ": "Analysis Sequence Number",
        "TRTP": "Planned Treatment",
        "TRTA": "Actual Treatment",
        "ADT": "Analysis Date",
        "ADTM": "Analysis Datetime",
        "ADY": "Analysis Relative Day",
        "ADTF": "Analysis Date Imputation Flag",
        "ASTDY": "Analysis Start Relative Day",
        "AVISIT": "Analysis Visit",
        "AVISITN": "Analysis Visit (N)",
        "PARAM": "Parameter",
        "PARAMCD": "Parameter Code",
        "PARCATy": "Parameter Category y",
        "AVAL": "Analysis Value",
        "AVALC": "Analysis Value (C)",
        "AVALCATy": "Analysis Value Category y",
        "AVALCAyN": "Analysis Value Category y (N)",
        "BASE": "Baseline Value",
        "BASETYPE": "Baseline Type",
        "CHG": "Change from Baseline",
        "PCHG": "Percent Change from Baseline",
        "SHIFTy": "Shift y",
        "CRITy": "Analysis Criterion y",
        "CRITyFL": "Criterion y Evaluation Result Flag",
        "CRITyFN": "Criterion y Evaluation Result Flag (N)",
        "DTYPE": "Derivation Type",
        "AWRANGE": "Analysis Window Valid Relative Range",
        "AWTARGET": "Analysis Window Target",
        "AWTDIFF": "Analysis Window Diff from Target",
        "AWLO": "Analysis Window Beginning Timepoint",
        "AWHI": "Analysis Window Ending Timepoint",
        "AWU": "Analysis Window Unit",
        "ANRLO": "Analysis Normal Range Lower Limit",
        "ANRIND": "Analysis Reference Range Indicator",
        "AyLO": "Analysis Range y Lower Limit",
        "ABLFL": "Baseline Record Flag",
        "ANLzzFL": "Analysis Flag zz",
        "ONTRTFL": "On Treatment Record Flag",
        "LVOTFL": "Last Value On Treatment Record Flag",
        "SRCDOM": "Source Data",
        "SRCVAR": "Source Variable",
        "SRCSEQ": "Source Sequence Number",
    },
    "TTE": {
        "STARTDT": "Time-to-Event Origin Date for Subject",
        "CNSR": "Censor",
        "EVNTDESC": "Event or Censoring Description",
        "CNSDTDSC": "Censor Date Description",
    },
    "OCCDS": {
        "ADURN": "Analysis Duration (N)",
        "ADURU": "Analysis Duration Units",
        "TRTEMFL": "Treatment Emergent Analysis Flag",
        "PREFL": "Pre-treatment Flag",
        "FUPFL": "Follow-up Flag",
        "AOCCFL": "1st Occurrence within Subject Flag",
        "AOCCPFL": "1st Occurrence of Preferred Term Flag",
        "AOCCSFL": "1st Occurrence of SOC Flag",
        "AOCCIFL": "1st Max Sev./Int. Occurrence Flag",
        "AOCCSIFL": "1st Max Sev./Int. Occur Within SOC Flag",
        "AOCCPIFL": "1st Max Sev./Int. Occur Within PT Flag",
        "ASTDTM": "Analysis Start Date/Time",
        "AENDTM": "Analysis End Date/Time",
        "TREMxxFL": "Treatment Emergent Period xx Flag",
        "ATCy": "ATC Level y Text",
        "ATCyCD": "ATC Level y Code",
        "AESEVN": "Severity/Intensity (N)",
        "AETOXGRN": "Standard Toxicity Grade (N)",
        "ASEV": "Analysis Severity/Intensity",
        "AREL": "Analysis Causality",
        "SMQzzNAM": "SMQ zz Name",
        "CQzzNAM": "Customized Query zz Name",
    },
}


@pytest.mark.parametrize("structure", LABELS)
def test_adam_labels_are_those_of_the_guides(structure: str) -> None:
    found = adam(structure)
    assert {name: found[name]["label"] for name in LABELS[structure]} == LABELS[structure]


def test_variables_shared_with_dm_and_cm_are_the_same_there() -> None:
    """ADaM rule of same name, same meaning: label, type, length, codelist, whichever dataset holds it."""
    pairs = [(adam("ADSL"), "DM"), (adam("OCCDS"), "CM")]
    for structure, domain in pairs:
        for row in (
            r
            for r in rows("sdtm_variables.csv")
            if r["dataset"] == domain and r["variable"] in structure
        ):
            copy = structure[row["variable"]]
            for column in ("label", "type", "length", "codelist"):
                assert copy[column] == row[column], (domain, row["variable"], column)


def test_a_variable_is_the_same_in_every_adam_structure() -> None:
    """Core may differ: SUBJID is required in ADSL only.

    And the label of two datetimes: OCCDS writes "Date/Time" as SDTM does.
    """
    seen: dict[str, set[tuple[str, ...]]] = {}
    for row in rows("adam_variables.csv"):
        content = tuple(row[c] for c in ("label", "type", "length", "format", "codelist"))
        seen.setdefault(row["variable"], set()).add(content)
    different = [name for name, contents in seen.items() if len(contents) > 1]
    assert different == ["ASTDTM", "AENDTM"]


def expected_format(row: Row) -> str:
    """Numeric dates, datetimes and times show as such; ARELTM is a number of ARELTMU."""
    if row["type"] == "Char" or row["variable"] == "ARELTM":
        return ""
    endings = {
        "DTM": "DATETIME20.",
        "SDM": "DATETIME20.",
        "EDM": "DATETIME20.",
        "DT": "DATE9.",
        "TM": "TIME8.",
    }
    return next(
        (shown for ending, shown in endings.items() if row["variable"].endswith(ending)), ""
    )


def test_adam_dates_have_one_display_format_each() -> None:
    wrong = [r["variable"] for r in rows("adam_variables.csv") if r["format"] != expected_format(r)]
    assert wrong == []


# ADaM Conformance Rules (ADaM-176, 178, 269 to 272, 363, 619, 647 to 650); DTHFL as in SDTMIG.
Y_OR_NULL = {
    *("DTHFL", "ABLFL", "ANLzzFL", "ONTRTFL", "LVOTFL", "TRTEMFL", "PREFL", "FUPFL"),
    *("TREMxxFL", "TRTEMwFL", "ONTRxxFL", "ONTRTwFL", "AOCCzzFL"),
    *("AOCCFL", "AOCCPFL", "AOCCSFL", "AOCCIFL", "AOCCPIFL", "AOCCSIFL"),
}


def test_adam_flags_and_imputation_flags_are_coded() -> None:
    for row in rows("adam_variables.csv"):
        flag = "C66742"
        if row["variable"] in Y_OR_NULL:
            flag = "C66742Y"
        ends = {"FL": flag, "DTF": "C81223", "TMF": "C81226"}
        coded = next(
            (code for ending, code in ends.items() if row["variable"].endswith(ending)),
            row["codelist"],
        )
        assert row["codelist"] == coded, row["variable"]


def test_adam_numeric_twins_have_their_character_variable() -> None:
    """AVISITN without AVISIT cannot be: the twin is the name less N, or with CAyN for CATy."""
    for structure in ("ADSL", "BDS", "TTE", "OCCDS"):
        names = adam(structure)
        twins = [n for n, row in names.items() if row["label"].endswith("(N)") and n != "ADURN"]
        stems = {re.sub(r" \(N\)$", "", names[n]["label"]) for n in twins}
        labels = {row["label"] for row in names.values()}
        assert stems - labels <= {
            "Multi-Response Criterion y Eval",
            "Planned Pooled Trt y for Period xx",
            "Actual Pooled Trt y for Period xx",
            "Percent Chg to Baseline Category y",
            "Strat Fact w Val from Verif Source",
            "Full Analysis Set Param-Level Flag",
            "Severity/Intensity",  # of AE, as the next two
            "Causality",
            "Standard Toxicity Grade",
        }


def test_what_is_required_is_required() -> None:
    required = {s: {n for n, r in adam(s).items() if r["core"] == "Req"} for s in LABELS}
    assert required == {
        "ADSL": {
            "STUDYID",
            "USUBJID",
            "SUBJID",
            "SITEID",
            "AGE",
            "AGEU",
            "SEX",
            "RACE",
            "ARM",
            "TRTxxP",
        },
        "BDS": {"STUDYID", "USUBJID", "PARAM", "PARAMCD"},
        "TTE": {"STUDYID", "USUBJID", "PARAM", "PARAMCD", "AVAL", "CNSR"},
        "OCCDS": {"STUDYID", "USUBJID", "CMTRT"},
    }


def test_the_model_puts_identifiers_first_and_timing_last() -> None:
    events = [row for row in rows("sdtm_model.csv") if row["class"] == "Events"]
    assert [int(row["order"]) for row in events] == list(range(1, len(events) + 1))
    roles = [row["role"] for row in events]
    assert roles.index("Topic") == roles.count("Identifier")
    assert roles[-roles.count("Timing") :] == ["Timing"] * roles.count("Timing")
    found = {row["variable"]: (row["label"], row["type"], row["length"]) for row in events}
    assert found["--STDY"] == ("Study Day of Start of Observation", "Num", "8")
    assert found["--STDTC"] == ("Start Date/Time of Observation", "Char", "19")
