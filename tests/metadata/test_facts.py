"""A mistake in a fact is told where it stands, in study.yaml, and once for all that read it."""

from __future__ import annotations

import pytest

from .conftest import StudyFolder

HEAVY = "{threshold: {fact: heavy}}"
READS = {  # what the fact is to a derivation
    # PARAM stands for any text
    "windows": "derive: window, from: {day: AVAL}, with: {windows: {fact: windows}}",
    "conversions": (
        "derive: standard_unit, from: {unit: PARAM, result: PARAM}, with: {conversions: {fact: conversions}}"
    ),
    "study": "derive: at_least, from: {value: AVAL}, with: {threshold: {fact: study}}",
}
TYPES = {"windows": "Num"}


@pytest.mark.parametrize(
    ("fact", "written", "line", "said"),
    [
        (
            "windows",
            "[{name: A, number: 1, target: 1, low: 1, high: 2},\n    {name: B, number: 2, target: 3, low: x, high: 4}]",
            30,  # the second item, which is 2 where people count
            "facts.windows.2.low: should be a number, not the text 'x' (the windows of window)",
        ),
        (
            "windows",
            "none",
            29,
            "facts.windows: should be a list, not the text 'none' (the windows of window)",
        ),
        (
            "conversions",
            "\n    lb: {to: kg}",
            30,  # what is missing has the line of what it is missing in
            "facts.conversions.lb.factor: is missing (the conversions of standard_unit)",
        ),
        (
            "conversions",
            "\n    lb: {to: kg, factor: 0.5,\n      ofset: 1}",
            31,
            "facts.conversions.lb.ofset: is not an entry that is known here (did you mean offset?) (the conversions of s",
        ),
        (
            "conversions",
            "",
            29,
            "facts.conversions: should be entries of the form key: value, not empty",
        ),
        (
            "study",
            "",
            1,
            "id: should be a number, not the text 'TRIAL' (the threshold of at_least)",
        ),
    ],
)
def test_it_is_told_at_its_line(
    study: StudyFolder, fact: str, written: str, line: int, said: str
) -> None:
    if written or fact != "study":
        study.change(
            "study.yaml", "  heavy: 100\n", f"  heavy: 100\n  # read twice\n  {fact}: {written}\n"
        )
    for variable in ("ONE", "TWO"):
        wired = f"{READS[fact]}, label: {variable}, type: {TYPES.get(fact, 'Char')}"
        study.change("adam/advs.yaml", "  SRCSEQ:", f"  {variable}: {{{wired}}}\n  SRCSEQ:")
    problems = study.problems()
    assert len(problems) == 1, problems
    assert problems[0].startswith(f"study.yaml:{line}: {said}")


def test_a_fact_that_is_right_for_one_reader_is_told_for_the_other(study: StudyFolder) -> None:
    study.change("sdtm/dm.yaml", "{from: country}", "{value: {fact: heavy}}")
    study.change("study.yaml", "heavy: 100", "heavy: NLD")
    assert study.problems() == [
        "study.yaml:27: facts.heavy: should be a number, not the text 'NLD' (the threshold of at_least)"
    ]


def test_what_is_no_fact_is_told_where_it_stands(study: StudyFolder) -> None:
    study.change("adam/advs.yaml", HEAVY, "{threshold: a lot}")
    assert study.problems() == [
        "adam/advs.yaml:16: ADVS.HEAVYFL: at_least: threshold should be a number, not the text 'a lot'"
    ]


@pytest.mark.parametrize(
    ("fact", "reason"),
    [
        ("study: OTHER", "facts.study: id says this fact: leave it out"),
        ("cutoff: 2019-12-31", "facts.cutoff: cutoff says this fact: leave it out"),
        (
            'dictionaries: {MedDRA: "24.0"}',
            "facts.dictionaries: dictionaries says this fact: leave it out",
        ),
    ],
)
def test_a_fact_that_is_said_elsewhere(study: StudyFolder, fact: str, reason: str) -> None:
    study.change("study.yaml", "terms:\n", 'dictionaries: {MedDRA: {version: "23.1"}}\nterms:\n')
    study.change("study.yaml", "  heavy: 100\n", f"  heavy: 100\n  {fact}\n")
    assert study.problems() == [f"study.yaml:29: {reason}"]


def test_a_fact_of_dictionaries_where_nothing_else_says_them(study: StudyFolder) -> None:
    fact = 'dictionaries: {MedDRA: "24.0"}'
    study.change("study.yaml", "  heavy: 100\n", f"  heavy: 100\n  {fact}\n")
    assert study.problems() == []
