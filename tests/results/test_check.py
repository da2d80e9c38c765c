"""Mistakes in results/*.yaml: each with file, line and path, all at once, before any data are read."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from ivig_cdisc import SpecError, load_study
from ivig_cdisc.metadata import specs_root

START = """\
- id: R1
  title: Safety set
  set: {take: ADSL, where: {SAFFL: ["Y"]}}
  method: share
  event: {EFFFL: ["Y"]}
  order: 1
"""


@pytest.fixture
def study(tmp_path: Path) -> Path:
    folder = tmp_path / "study"
    shutil.copytree(specs_root() / "study" / "ntr6160", folder)
    shutil.rmtree(folder / "results")
    (folder / "results").mkdir()
    return folder


def mistakes(study: Path, text: str) -> list[str]:
    """The problems of the study with these results, without its folder."""
    (study / "results" / "r.yaml").write_text(text, "utf-8")
    with pytest.raises(SpecError) as error:
        load_study(study)
    told = []
    for problem in error.value.problems:
        assert problem.file == study / "results" / "r.yaml"
        told.append(f"{problem.line}: {problem.path}: {problem.reason}")
    return told


def test_what_is_right(study: Path) -> None:
    (study / "results" / "r.yaml").write_text(START, "utf-8")
    assert [one.id for one in load_study(study).study.results] == ["R1"]


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        (
            "method:",
            "methode:",
            "4: 1.methode: is not a word of the spec language (did you mean method?)",
        ),
        ("order: 1", "place: 1", "6: 1.place: is not a word of the spec language"),
        (
            "method: share",
            "method: shares",
            "4: R1.method: there is no method shares (did you mean share?)",
        ),
        (
            "take: ADSL",
            "take: ADSLL",
            "3: R1.set.take: there is no dataset ADSLL (did you mean ADSL?)",
        ),
        (
            "take: ADSL",
            "take: RESCUE",
            "3: R1.set.take: RESCUE is internal; a result is read off what is written",
        ),
        ("SAFFL:", "SAFL:", "3: R1.set.where: ADSL has no variable SAFL (did you mean SAFFL?)"),
        ("EFFFL:", "EFFL:", "5: R1.event: ADSL has no variable EFFL (did you mean EFFFL?)"),
        ('EFFFL: ["Y"]', "EFFFL: [YES]", "5: R1.event.EFFFL: EFFFL of ADSL is never YES"),
        (
            'EFFFL: ["Y"]',
            'AGE: ["54", fifty]',
            "5: R1.event: AGE is a number and fifty is not",
        ),
        ("order: 1", "by: [ARMM]", "6: R1.by: ADSL has no variable ARMM (did you mean ARM?)"),
        (
            "order: 1",
            "follow: [SAFFLE]",
            "6: R1.follow: ADSL has no variable SAFFLE (did you mean SAFFL?)",
        ),
        (
            "method: share",
            "method: survival",
            "1: R1.value: is missing: survival needs the variable that is analysed",
        ),
        ("order: 1", "value: AGE", "6: R1.value: share has no value"),
        ("order: 1", "purpose: PRIMARY", "6: 1.purpose: should be "),
        ("order: 1", "order: first", "6: 1.order: should be a whole number"),
        (
            "order: 1",
            "data: {take: ADTIS, where: {PARAMCD: [RESP04]}}",
            "6: R1.data.where.PARAMCD: PARAMCD of ADTIS is never RESP04 (did you mean RESP40?)",
        ),
    ],
)
def test_one_mistake(study: Path, before: str, after: str, reason: str) -> None:
    assert START.count(before) == 1
    told = mistakes(study, START.replace(before, after))
    assert any(line.startswith(reason) for line in told), told


def test_all_at_once(study: Path) -> None:
    second = START.replace("take: ADSL", "take: ADLS")
    assert mistakes(study, START.replace("SAFFL:", "SAFL:") + second) == [
        "3: R1.set.where: ADSL has no variable SAFL (did you mean SAFFL?)",
        "7: 2.id: duplicate: R1 is also in r.yaml:1",
    ]


def test_what_is_not_a_list(study: Path) -> None:
    assert mistakes(study, "id: R1\n") == ["1: (document): should be a list of results"]
