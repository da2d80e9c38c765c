"""TS: each parameter has a value or says why not, terms and codes are those of the terminology."""

from __future__ import annotations

import csv
from pathlib import Path

import pandas as pd
import pytest
import yaml

from ivig_cdisc.testing import records

from .small_export import STUDY, datasets

SPECS = Path(__file__).parents[3] / "specs"
VERSION = yaml.safe_load((SPECS / "standard" / "releases.yaml").read_text("utf-8"))["standards"]
REQUIRED = """
    ACTSUB ADAPT ADDON AGEMAX AGEMIN DCUTDESC DCUTDTC FCNTRY HLTSUBJI INDIC INTMODEL INTTYPE LENGTH NARMS
    OBJPRIM OBJSEC OUTMSPRI OUTMSSEC PCLAS PDPSTIND PDSTIND PLANSUB RANDOM RDIND REGID SDTIGVER SDTMVER SENDTC
    SEXPOP SPONSOR SSTDTC STOPRULE STYPE TBLIND TCNTRL TDIGRP TINDTP TITLE TPHASE TRT TTYPE
"""


@pytest.fixture(scope="module")
def summary(tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    return datasets(tmp_path_factory.mktemp("summary"), ["TS"])["TS"]


@pytest.fixture(scope="module")
def terms() -> set[tuple[str, str]]:
    with (SPECS / "standard" / "terminology.csv").open(encoding="utf-8", newline="") as stream:
        return {(row["term_code"], row["term"]) for row in csv.DictReader(stream)}


def test_parameters_that_are_asked_for(summary: pd.DataFrame) -> None:
    assert set(REQUIRED.split()) <= set(summary["TSPARMCD"])


def test_a_value_or_why_there_is_none(summary: pd.DataFrame) -> None:
    """CORE-000149 and CORE-000150; without a value there is no code either."""
    for value, flavor, *code in records(
        summary, "TSVAL", "TSVALNF", "TSVALCD", "TSVCDREF", "TSVCDVER"
    ):
        assert (value is None) == (flavor is not None)
        assert flavor in (None, "UNK", "NA")
        assert value is not None or code == [None, None, None]


def test_names_are_those_of_the_terminology(summary: pd.DataFrame) -> None:
    with (SPECS / "standard" / "terminology.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    short = {row["term"]: row["term_code"] for row in rows if row["codelist"] == "C66738"}
    long = {row["term_code"]: row["term"] for row in rows if row["codelist"] == "C67152"}
    for code, name in records(summary, "TSPARMCD", "TSPARM"):
        assert name == long[short[code]]


def test_codes_are_those_of_the_terminology(
    summary: pd.DataFrame, terms: set[tuple[str, str]]
) -> None:
    coded = summary[summary["TSVCDREF"] == "CDISC CT"]
    assert set(coded["TSVCDVER"]) == {VERSION["SDTM CT"]}
    for code, value, parameter in records(coded, "TSVALCD", "TSVAL", "TSPARMCD"):
        if parameter != "SEXPOP":  # of C66732, which terminology.csv does not have
            assert (code, value) in terms


def test_number_within_parameter(summary: pd.DataFrame) -> None:
    numbered = records(summary, "TSPARMCD", "TSSEQ")
    assert len(set(numbered)) == len(numbered)
    for parameter, of_one in summary.groupby("TSPARMCD"):
        assert sorted(of_one["TSSEQ"]) == list(range(1, len(of_one) + 1)), parameter


def test_facts_that_stand_elsewhere(summary: pd.DataFrame) -> None:
    values = dict(records(summary, "TSPARMCD", "TSVAL"))
    study = yaml.safe_load((SPECS / "study" / STUDY / "study.yaml").read_text("utf-8"))
    assert values["TITLE"] == study["title"]
    assert values["DCUTDTC"] == str(study["cutoff"])
    assert values["SDTMVER"] == VERSION["SDTM"]
    assert values["SDTIGVER"] == VERSION["SDTMIG"]


def test_what_is_in_the_publication(summary: pd.DataFrame) -> None:
    names = ["TSSEQ", "TSGRPID", "TSVAL"]
    found = {
        parameter: records(of_one, *names) for parameter, of_one in summary.groupby("TSPARMCD")
    }
    assert found["ACTSUB"] == [(1, None, "20")]
    assert found["REGID"] == [(1, None, "NTR6160")]
    assert found["TPHASE"] == [(1, None, "PHASE II TRIAL")]
    assert found["TBLIND"] == [(1, None, "OPEN LABEL")]
    assert found["DOSE"] == [(1, "LOADING", "2"), (2, "MAINTENANCE", "1")]
    assert found["DOSFRQ"] == [(1, "LOADING", "ONCE"), (2, "MAINTENANCE", "EVERY 3 WEEKS")]
    assert found["DOSU"] == [(1, None, "g/kg")]


@pytest.mark.parametrize("parameter", ["SPONSOR", "PCLAS", "PLANSUB", "OBJPRIM", "STOPRULE"])
def test_what_is_not_known_is_said_so(summary: pd.DataFrame, parameter: str) -> None:
    of_one = summary[summary["TSPARMCD"] == parameter]
    assert records(of_one, "TSVAL", "TSVALNF") == [(None, "UNK")]
