"""What identifies is text: never a number, and the same whatever nobody can see in it."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivig_cdisc.metadata import Column, Study
from ivig_cdisc.raw import Raw
from ivig_cdisc.raw.characters import cleaned, odd_characters
from ivig_cdisc.raw.parsed_column import reader

Read = Callable[..., Raw]
LABS = "subject_id;visit;sample_date;sample_time;test;result;upper_limit\n"


def about(raw: Raw, file: str) -> list[list[object]]:
    found = raw.findings[raw.findings["file"] == file]
    return found[["severity", "rule", "line", "column", "message"]].fillna("").to_numpy().tolist()


@pytest.mark.parametrize(
    ("typed", "odd"),
    [
        ("S\u200b1", "U+200B ZERO WIDTH SPACE"),
        ("\ufeffS1", "U+FEFF ZERO WIDTH NO-BREAK SPACE"),
        ("S1\u00a0", "U+00A0 NO-BREAK SPACE"),
        ("S\u00ad1", "U+00AD SOFT HYPHEN"),
        ("S1\t", "U+0009 TAB"),
        ("S1\x07", "U+0007 CONTROL CHARACTER"),
        ("\u202aS1\u202c", "U+202A LEFT-TO-RIGHT EMBEDDING, U+202C POP DIRECTIONAL FORMATTING"),
    ],
)
def test_what_nobody_sees_makes_no_new_subject(read: Read, typed: str, odd: str) -> None:
    raw = read(notes=f"subject_id;note\n{typed};x\n")
    assert raw.forms["notes"]["subject_id"].tolist() == ["S1"]
    assert about(raw, "notes.csv") == [
        ["warning", "RAW-INVISIBLE", 2, "subject_id", f"holds {odd}; read as S1"]
    ]


def test_a_letter_and_its_accent_are_one_letter(read: Read) -> None:
    subjects = f"subject_id;site_id;birth_date\nS1;A;\n{unicodedata.normalize('NFD', 'Zoë')};A;\n"
    raw = read(
        subjects=subjects, notes=f"subject_id;note\n{unicodedata.normalize('NFC', 'Zoë')};x\n"
    )
    odd = "U+0308 COMBINING DIAERESIS"
    assert raw.forms["subjects"]["subject_id"].tolist() == ["S1", "Zoë"]
    assert about(raw, "subjects.csv") == [
        ["warning", "RAW-INVISIBLE", 3, "subject_id", f"holds {odd}; read as Zoë"]
    ]
    assert about(raw, "notes.csv") == []


def test_one_subject_typed_in_two_ways_is_listed_once(read: Read) -> None:
    raw = read(subjects="subject_id;site_id;birth_date\nS1;A;\nS\u200b1;B;\n")
    assert raw.forms["subjects"]["subject_id"].tolist() == ["S1"]
    assert about(raw, "subjects.csv")[0][:3] == ["reject", "RAW-DUPLICATE-SUBJECT", 3]


@pytest.mark.parametrize(
    ("one", "other"), [("007", "7"), ("1E5", "100000"), ("1.10", "1.1"), ("-99.0", "x")]
)
def test_ids_are_never_numbers(read: Read, one: str, other: str) -> None:
    raw = read(
        subjects=f"subject_id;site_id;birth_date\n{one};A;\n{other};B;\n",
        notes=f"subject_id;note\n{one};x\n",
    )
    assert sorted(raw.forms["subjects"]["subject_id"]) == sorted([one, other])
    assert about(raw, "subjects.csv") + about(raw, "notes.csv") == []


def test_codes_are_read_as_they_are_seen(study: Study) -> None:
    column = Column(type="code", terms="visits")
    message = "holds U+200B ZERO WIDTH SPACE; read as BL"
    assert reader(column, study)("BL\u200b")[:4] == ("BL", "RAW-INVISIBLE", message, "warning")
    message = '"B L" is not a known code; expected BL, W3; it holds U+00A0 NO-BREAK SPACE'
    assert reader(column, study)("B\u00a0L")[:3] == ("B L", "RAW-CODE", message)


@pytest.mark.parametrize(
    ("kind", "typed", "text"),
    [
        ("result", "120\u200b", "120"),
        ("result", "<\u200b5", "<5"),
        ("result", "NEG\u200bATIVE", "NEGATIVE"),
        ("number", "12\u200b,5", "12.5"),
        ("date", "01-02\u200b-2017", "2017-02-01"),
        ("time", "\u200b8:05", "08:05"),
    ],
)
def test_values_are_read_without_what_nobody_sees(
    study: Study, kind: str, typed: str, text: str
) -> None:
    reading = reader(Column(type=kind), study)(typed)
    message = f"holds U+200B ZERO WIDTH SPACE; read as {typed.replace(chr(0x200B), '')}"
    assert reading[:4] == (text, "RAW-INVISIBLE", message, "warning")


def test_a_number_with_two_readings_is_told_what_nobody_sees_too(study: Study) -> None:
    reading = reader(Column(type="number"), study)("1,\u200b624")
    assert reading.rule == "RAW-NUMBER-AMBIGUOUS"
    assert [(one.text, one.rule) for one in reading.either] == [
        ("1624", "RAW-INVISIBLE"),
        ("1.624", "RAW-INVISIBLE"),
    ]


@pytest.mark.parametrize("kind", ["text", "code", "number", "result", "date", "time"])
@pytest.mark.parametrize(
    ("typed", "odd"),
    [("-9\u200b9", "U+200B ZERO WIDTH SPACE"), ("-99\u00a0", "U+00A0 NO-BREAK SPACE")],
)
def test_a_user_missing_code_is_read_as_it_is_seen_and_told(
    study: Study, kind: str, typed: str, odd: str
) -> None:
    reading = reader(Column(type=kind), study)(typed)
    assert (reading.text, reading.meaning) == (None, "NOT DONE")
    assert reading[1:4] == ("RAW-INVISIBLE", f"holds {odd}; read as -99 (NOT DONE)", "warning")


def test_a_code_in_a_required_cell_is_both_told_and_lacking(read: Read) -> None:
    raw = read(labs=f"{LABS}S1;-99\u200b;01-02-2017;;CK;1;\n")
    lacking = "visit holds the code -99\u200b (NOT DONE), and it is required"
    invisible = "holds U+200B ZERO WIDTH SPACE; read as -99 (NOT DONE)"
    assert about(raw, "labs.csv") == [
        ["error", "RAW-REQUIRED", 2, "visit", lacking],
        ["warning", "RAW-INVISIBLE", 2, "visit", invisible],
    ]


def test_keys_are_compared_as_they_are_seen(read: Read) -> None:
    raw = read(labs=f"{LABS}S1;BL;01-02-2017;;CK;1;\nS1;BL;01-02-2017;;CK\u200b;2;\n")
    rules = [(line, rule) for _, rule, line, _, _ in about(raw, "labs.csv")]
    assert sorted(rules) == [(3, "RAW-DUPLICATE-KEY"), (3, "RAW-INVISIBLE")]


def test_free_text_stays_as_typed(read: Read) -> None:
    raw = read(notes="subject_id;note\nS1;so\u00adme\u00a0thing\nS2;so\u00adme\n")
    assert raw.forms["notes"]["note"].tolist() == ["so\u00adme\u00a0thing", "so\u00adme"]
    message = '"so\u00adme", "so\u00adme\u00a0thing": holds characters that nobody sees, kept as typed; lines 2 and 3'
    assert about(raw, "notes.csv") == [["note", "RAW-INVISIBLE", 2, "note", message]]


def test_a_cell_of_nothing_that_is_seen_is_empty(read: Read) -> None:
    raw = read(notes="subject_id;note\nS1;\u200b\nS2;\u00a0\n")
    assert raw.forms["notes"]["note"].isna().all()
    message = "holds nothing but U+200B ZERO WIDTH SPACE"
    assert about(raw, "notes.csv") == [["warning", "RAW-INVISIBLE", 2, "note", message]]


@given(text=st.text(max_size=8))
def test_what_is_cleaned_is_named(text: str) -> None:
    clean = cleaned(text)
    assert cleaned(clean) == clean
    assert odd_characters(clean) == ""
    assert bool(odd_characters(text)) or clean == text.strip()


# ---------------------------------------------------------------- formulas and error values
@pytest.mark.parametrize("kind", ["text", "code", "number", "result", "date", "time"])
@pytest.mark.parametrize(
    "typed", ["#REF!", "#N/A", "#DIV/0!", "#NAME?", "#value!", "#VERW!", "Err:502"]
)
def test_error_values_are_no_data_in_any_column(study: Study, kind: str, typed: str) -> None:
    message = f'"{typed}" is a spreadsheet\'s error value, not data'
    assert reader(Column(type=kind), study)(typed)[:4] == (
        None,
        "RAW-ERROR-VALUE",
        message,
        "error",
    )


@pytest.mark.parametrize("kind", ["text", "code", "result"])
@pytest.mark.parametrize("typed", ["=1+1", '=HYPERLINK("x")', "+cmd|' /C calc'!A0", "@SUM(A1)"])
def test_formulas_are_kept_as_text(study: Study, kind: str, typed: str) -> None:
    message = f'"{typed}" begins as a formula of a spreadsheet does; it is kept as text'
    assert reader(Column(type=kind), study)(typed)[:4] == (typed, "RAW-FORMULA", message, "warning")


@pytest.mark.parametrize("kind", ["number", "date", "time"])
def test_a_formula_is_not_its_value(study: Study, kind: str) -> None:
    message = '"=1+1" is a formula of a spreadsheet, not its value'
    assert reader(Column(type=kind), study)("=1+1")[:4] == (None, "RAW-FORMULA", message, "error")


@pytest.mark.parametrize("typed", ["+5", "-5", "- pain", "5=5", "a@b", "#1", "-pain in leg"])
def test_what_only_looks_a_little_like_a_formula(study: Study, typed: str) -> None:
    assert reader(Column(), study)(typed)[:2] == (typed, "")
