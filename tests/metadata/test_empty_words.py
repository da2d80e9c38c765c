"""A word without anything is a mistake at its line, and each mistake is told once."""

from __future__ import annotations

import pytest

from .conftest import StudyFolder

EMPTY = "should not be empty"
NAMELESS = "an entry has no name before its colon"
NUMBER = "should be a number, or a quotient such as 5/9, not"
JOIN = "take: [RFSTDTC]}"
CONVERTED = "VSSTRESC: {from: VSORRES}\n  VSSTRESN: {derive: number, from: {value: VSSTRESC}}"


@pytest.mark.parametrize(
    ("word", "reason"),
    [
        ("during: {}", EMPTY),
        ("between: {}", EMPTY),
        ("not_before: {}", EMPTY),
        ("not_after: {}", EMPTY),
        ("nearest: {}", EMPTY),
        ("latest: ''", EMPTY),
        ("earliest: ''", EMPTY),
        ("during: {VSDTC: []}", "should have 2 items"),
        ("during: ", "should be entries of the form key: value"),
    ],
)
def test_bounds_and_choices_of_a_join(study: StudyFolder, word: str, reason: str) -> None:
    join = f"{{with: DM, on: [USUBJID], {word}, take: {{S: SITEID}}}}"
    study.change("sdtm/vs.yaml", JOIN, f"{JOIN}\n  - join: {join}")
    (told,) = study.problems()
    place, _, said = told.partition(": ")[2].partition(": ")
    assert (place.split(".VSDTC")[0], said) == (
        f"rows.4.join.{word.split(':', maxsplit=1)[0]}",
        reason,
    )


@pytest.mark.parametrize(
    ("word", "path", "reason"),
    [
        ("supplemental: ''", ".supplemental", EMPTY),
        ("supplemental: {label: ''}", ".supplemental.label", EMPTY),
        ("supplemental: {label: X, origin: ''}", ".supplemental.origin", EMPTY),
        ("supplemental: {label: X, evaluator: ''}", ".supplemental.evaluator", EMPTY),
        ("supplemental: {label: X, evaluator: }", ".supplemental.evaluator", "should be text"),
        ("codelist: ''", ".codelist", EMPTY),
        ("codelist: {by: '', of: {A: C66741}}", ".codelist.by", EMPTY),
        ("codelist: {by: VSTESTCD, of: {}}", ".codelist.of", EMPTY),
        ("codelist: {by: VSTESTCD, of: {A: ''}}", ".codelist.of.A", EMPTY),
        ("codelist: {by: VSTESTCD, of: {'': C66741}}", ".codelist.of", NAMELESS),
        ("dictionary: ''", ".dictionary", EMPTY),
        ("label: ''", ".label", EMPTY),
        ("format: ''", ".format", EMPTY),
        ("core: ''", ".core", EMPTY),
    ],
)
def test_attributes_of_a_variable(study: StudyFolder, word: str, path: str, reason: str) -> None:
    study.change("sdtm/vs.yaml", "VSREASND: {from: reason}", f"VSREASND: {{from: reason, {word}}}")
    assert study.problems() == [f"sdtm/vs.yaml:15: variables.VSREASND{path}: {reason}"]


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("{}", EMPTY),
        ("{lb: {to: '', factor: 2}}", f".lb.to {EMPTY}"),
        ("{lb: {to: kg, factor: 0}}", ".lb.factor should be greater than 0, not 0"),
        ("{lb: {to: kg, factor: ''}}", f".lb.factor {NUMBER} empty"),
        ("{lb: {to: kg, factor: }}", ".lb.factor should be a number, not empty"),
        ("{lb: {to: kg, factor: 1e400}}", f".lb.factor {NUMBER} 1e400"),
        ("{lb: {to: kg, factor: 1e9999999999}}", f".lb.factor {NUMBER} 1e9999999999"),
        ("{lb: {to: kg, factor: 1e-400}}", f".lb.factor {NUMBER} 1e-400"),
        ("{lb: {to: kg, factor: inf}}", f".lb.factor {NUMBER} inf"),
        ("{lb: {to: kg, factor: nan}}", f".lb.factor {NUMBER} nan"),
        ("{lb: {to: kg, factor: 1/0}}", f".lb.factor {NUMBER} 1/0"),
        ("{lb: {to: kg, factor: 1_0}}", f".lb.factor {NUMBER} 1_0"),
        ("{lb: {to: kg, factor: 2, offset: inf}}", f".lb.offset {NUMBER} inf"),
        (
            "{lb: {to: kg, factor: 2, decimals: }}",
            ".lb.decimals should be a whole number, not empty",
        ),
    ],
)
@pytest.mark.parametrize("in_fact", [False, True])
def test_a_conversion_is_told_once(
    study: StudyFolder, said: str, reason: str, *, in_fact: bool
) -> None:
    """However many variables are made of it together."""
    given = said
    if in_fact:
        study.change("study.yaml", "facts:", f"facts:\n  units: {said}")
        given = "{fact: units}"
    wiring = (
        "{derive: standardized, from: {result: VSORRES, unit: VSORRESU}, with: {conversions: %s}}"
    )
    together = f"VSSTRESC, VSSTRESN, VSSTRESU: {wiring % given}"
    study.change("sdtm/vs.yaml", CONVERTED, together)
    (told,) = study.problems()
    if in_fact:
        entry = reason.partition(" ")[0] if reason.startswith(".") else ""
        what = reason.removeprefix(entry).strip()
        assert (
            told == f"study.yaml:27: facts.units{entry}: {what} (the conversions of standardized)"
        )
    else:
        dot = reason if reason.startswith(".") else f" {reason}"
        assert told == f"sdtm/vs.yaml:13: VS.VSSTRESC: standardized: conversions{dot}"


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ("dictionaries: {MedDRA: {version: ''}}", f"dictionaries.MedDRA.version: {EMPTY}"),
        ("dictionaries: {'': {version: '1'}}", f"dictionaries: {NAMELESS}"),
        ("lengths: {'': 20}", f"lengths: {NAMELESS}"),
        ("tables: {'': [{A: 1}]}", f"tables: {NAMELESS}"),
        ("tables: {t: [{'': 1}]}", f"tables.t.1: {NAMELESS}"),
        ("tables: {t: {file: ''}}", f"tables.t.file: {EMPTY}"),
    ],
)
def test_words_of_the_study(study: StudyFolder, said: str, problem: str) -> None:
    study.change("study.yaml", "facts:", f"{said}\nfacts:")
    assert f"study.yaml:26: {problem}" in study.problems()


def test_values_may_be_empty_text(study: StudyFolder) -> None:
    """A value is not a word: empty text is a missing value, on purpose."""
    study.change("sdtm/vs.yaml", "VSREASND: {from: reason}", "VSREASND: {value: ''}")
    assert study.problems() == []


@pytest.mark.parametrize(
    ("at", "kind"),
    [
        ("{derive: number, from: {value: VSORRES}}", "a number"),
        ("{derive: calendar_date, from: {date: VSDTC}}", "a date"),
    ],
)
def test_an_interval_of_numbers_or_dates_is_told(study: StudyFolder, at: str, kind: str) -> None:
    study.change("adam/advs.yaml", "variables:", f"working: {{at: {at}}}\nvariables:")
    join = "join: {with: DM, on: [USUBJID], during: {at: [RFSTDTC, RFSTDTC]}, take: {S: SEX}}"
    study.change("adam/advs.yaml", "unmatched: drop}", f"unmatched: drop}}\n  - {join}")
    reason = f"at is {kind}, and during compares ISO 8601 text: see between"
    assert study.problems() == [f"adam/advs.yaml:10: ADVS.rows.3: {reason}"]
