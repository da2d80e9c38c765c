"""Mistakes in narrative.yaml: each with file, line and path, all at once, before any data are read."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from ivig_cdisc import SpecError, load_study
from ivig_cdisc.metadata import GENERAL, specs_root
from ivig_cdisc.narrative.passages import ALONE, OF_RECORDS
from ivig_cdisc.narrative.telling import USUAL

START = """\
- {section: Who, general: subject}
- section: Doses
  rows:
    - {take: EX, where: {EXDOSE: present}}
    - join: {with: ADSL, on: [USUBJID], take: [TRTSDT]}
  working: {planned: {derive: recode, from: {value: CYCLE}, with: {terms: {terms: CYCLE}}}}
  order: [EXSTDTC]
  lists: {days: {take: EX, on: [CYCLE], says: "{EXDOSE}"}}
  table: {codes: {EXTRT: SEX}, columns: {Dose: "{EXDOSE}"}}
  says: "{EXDOSE} g, planned {planned}[ since {TRTSDT}]: {days}."
"""


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("narrative") / "study"
    shutil.copytree(specs_root() / "study" / "ntr6160", folder)
    return folder


def mistakes(study: Path, text: str) -> list[str]:
    (study / "narrative.yaml").write_text(text, "utf-8")
    with pytest.raises(SpecError) as error:
        load_study(study)
    assert {problem.file for problem in error.value.problems} == {study / "narrative.yaml"}
    return [f"{p.line}: {p.path}: {p.reason}" for p in error.value.problems]


def test_what_is_right(study: Path) -> None:
    (study / "narrative.yaml").write_text(START, "utf-8")
    prepared = load_study(study)
    assert [passage.section for passage in prepared.study.narrative or ()] == ["Who", "Doses"]
    assert list(prepared.narrative) == [1]  # the first reads no records


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        ("general: subject", "general: subjekt", "1: 1.general: should be "),
        ("general: subject", "general: windows", "1: 1: general: windows needs a take"),
        (
            "section: Who",
            "section: '{AVISIT}'",
            "1: 1: general: subject has no values for the title",
        ),
        (
            'says: "{EXDOSE} g,',
            'says: "{source.NOPE} {EXDOSE} g,',
            "10: 2.says: there is no column NOPE here",
        ),
        (
            "order: [EXSTDTC]",
            "where: {EXDOSE: [much]}",
            "7: 2.where: EXDOSE is a number and much is not",
        ),
        (
            "on: [CYCLE],",
            "on: [CYCLE], where: {EXDOSE: [much]},",
            "8: 2.lists.days.where: EXDOSE is a number and much is not",
        ),
        (
            "order: [EXSTDTC]",
            "lead: true",
            "7: 2.lead: a passage with a table has no sentence that can lead",
        ),
        ('{Dose: "{EXDOSE}"}', "{}", "9: 2.table.columns: should not be empty"),
        ("{EXDOSE} g", "{EXDOSE:9999.2f} g", "10: 2.says: 9999.2f is not a format: "),
        ("general: subject", "says: x", "1: 1: needs general, or take (or rows) and says"),
        (
            "{take: EX, where",
            "{take: EXX, where",
            "4: 2.rows.1: there is no form or dataset EXX to read here (did you mean EX?)",
        ),
        (
            "EXDOSE: present",
            "EXDOS: present",
            "4: 2.rows.1: EX has no column EXDOS (did you mean EXDOSU?)",
        ),
        (
            "take: [TRTSDT]",
            "take: [TRTSD]",
            "5: 2.rows.2: ADSL has no column TRTSD (did you mean TRTSDT?)",
        ),
        (
            "derive: recode",
            "derive: recod",
            "6: 2.planned: there is no derivation recod (did you mean recode?)",
        ),
        (
            "terms: CYCLE",
            "terms: CYCLEE",
            "6: 2.working.planned.with.terms: there are no terms CYCLEE (did",
        ),
        (
            "order: [EXSTDTC]",
            "order: [EXSTDT]",
            "7: 2.order: there is no column EXSTDT here (did you mean EXSTDTC?)",
        ),
        (
            "order: [EXSTDTC]",
            "odrer: [EXSTDTC]",
            "7: 2.odrer: is not a word of the spec language (did you mean order?)",
        ),
        (
            "order: [EXSTDTC]",
            "where: {EXSEX: [A]}",
            "7: 2.where: there is no column EXSEX here (did you mean EXSEQ?)",
        ),
        ("order: [EXSTDTC]", "by: XYZ", "7: 2.by: there is no column XYZ here"),
        (
            "order: [EXSTDTC]",
            'none: "{EXDOSE}"',
            "7: 2.none: is said where there is no record, so it has no values",
        ),
        (
            "order: [EXSTDTC]",
            "take: EX",
            "2: 2: has take and rows; rows begin with a take of their own",
        ),
        (
            "days: {take: EX,",
            "days: {take: EY,",
            "8: 2.lists.days.take: there is no dataset EY",
        ),
        (
            "on: [CYCLE]",
            "on: [CYLCE]",
            "8: 2.lists.days.on: there is no column CYLCE here (did you mean CYCLE?)",
        ),
        (
            'says: "{EXDOSE}"',
            'says: "{EXDOS}"',
            "8: 2.lists.days.says: there is no column EXDOS here (did you mean",
        ),
        ("EXTRT: SEX", "EXTRT: SEXX", "9: 2.table: there are no terms SEXX (did you mean SEX?)"),
        (
            "table: {codes: {EXTRT: SEX}, ",
            "table: {codes: {EXTRT: SEX}, names: {EXDOSE: cycle}, ",
            "9: 2.table: there is no table cycle (did you mean cycles?)",
        ),
        (
            "table: {codes: {EXTRT: SEX}, ",
            "table: {codes: {CYCLE: SEX}, names: {PLANK: cycles}, ",
            "9: 2.table: the table cycles has no column PLANK (did you mean PLANKG?)",
        ),
        (
            "EXTRT: SEX",
            "EXTR: SEX",
            "9: 2.table.codes: there is no column EXTR here (did you mean EXTRT?)",
        ),
        (
            'Dose: "{EXDOSE}"',
            'Dose: "{EXDOS}"',
            "9: 2.table: there is no column EXDOS here (did you mean EXDOSU?)",
        ),
        (": {days}.", ": {day}.", "10: 2.says: there is no column day here (did you mean days?)"),
        (": {days}.", ": {days.", "10: 2.says: { is not a value: expected {VAR} or {VAR:format}"),
    ],
)
def test_one_mistake(study: Path, before: str, after: str, reason: str) -> None:
    assert START.count(before) == 1
    told = mistakes(study, START.replace(before, after))
    assert any(line.startswith(reason) for line in told), told


def test_all_at_once(study: Path) -> None:
    wrong = START.replace("order: [EXSTDTC]", "order: [EXSTDT]").replace(
        "on: [CYCLE]", "on: [CYLCE]"
    )
    assert len(mistakes(study, wrong + "- {section: More, take: EXX, says: x}\n")) == 3


def test_the_language_and_the_code_know_the_same_general_passages() -> None:
    assert {*ALONE, *OF_RECORDS} == set(GENERAL)
    assert {name for _, name in USUAL} == set(ALONE)
