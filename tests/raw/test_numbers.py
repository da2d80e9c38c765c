"""What a typed number means: alone, by the settings of its column, and among the other numbers of its site."""

from __future__ import annotations

import math
import re
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivig_cdisc.metadata import Column, Study
from ivig_cdisc.raw.characters import visible
from ivig_cdisc.raw.numbers import Convention, number_reader
from ivig_cdisc.raw.parsed_column import ParsedColumn, parse_column, reader

EITHER = "and the other numbers of its site in this column do not decide; set decimal or thousands in study.yaml"


def read(study: Study, typed: str, **column: Any) -> tuple[str | None, str, str]:
    return reader(Column(**({"type": "number"} | column)), study)(typed)[:3]


def cells(study: Study, *typed: str, sites: str = "", **column: Any) -> ParsedColumn:
    """ParsedColumn of one column; sites: one letter for each, a blank where the site is not known."""
    of_site = pd.Series([site.strip() or None for site in sites], dtype="str") if sites else None
    return parse_column(
        pd.Series(typed, dtype="str"), Column(**({"type": "number"} | column)), study, of_site
    )


def texts(found: ParsedColumn) -> list[str | None]:
    return [text if isinstance(text, str) else None for text in found.text]


# ---------------------------------------------------------------- one text
@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("12,5", "12.5"),
        ("12.50", "12.50"),
        ("007", "007"),
        ("-3", "-3"),
        ("+5", "5"),
        (",5", ".5"),
        ("1E5", "1E5"),
        ("1e-5", "1e-5"),
        ("0,345", "0.345"),  # thousands do not begin with 0
        ("1234,5", "1234.5"),
        ("1234,567", "1234.567"),  # nor are they groups of four
        ("1.624,0", "1624.0"),
        ("1,624.50", "1624.50"),
        ("1,624,000", "1624000"),  # there is one decimal sign at most
        ("1.624.000", "1624000"),
        ("1,624e3", "1.624e3"),
        ("123456789012345678901,5", "123456789012345678901.5"),  # no digit is lost
    ],
)
def test_one_reading(study: Study, typed: str, text: str) -> None:
    assert read(study, typed) == (text, "", "")


NO_NUMBERS = "5. --5 - 1e999 1e-999 nan inf Infinity <5 1_000 0x1F 1'624 1,62,000 1.624.00 1,624.000,5 +-5 5+ 1e 1e5.5"


@pytest.mark.parametrize(
    "typed", [*NO_NUMBERS.split(), "1 624", "12 kg", "1d5", "TRUE", "1/2", "5%"]
)
def test_no_number(study: Study, typed: str) -> None:
    message = f'"{typed}" is not a number; expected digits with . or , as decimal sign'
    assert read(study, typed) == (None, "RAW-NUMBER", message)


@pytest.mark.parametrize(
    ("typed", "odd"),
    [
        ("\u0663", "U+0663 ARABIC-INDIC DIGIT THREE"),
        ("\uff11\uff12", "U+FF11 FULLWIDTH DIGIT ONE, U+FF12 FULLWIDTH DIGIT TWO"),
        ("\u22125", "U+2212 MINUS SIGN"),
        ("1\u00a0624", "U+00A0 NO-BREAK SPACE"),
        ("\u00b2", "U+00B2 SUPERSCRIPT TWO"),
    ],
)
def test_what_makes_it_no_number_is_named(study: Study, typed: str, odd: str) -> None:
    message = (
        f'"{typed}" is not a number; expected digits with . or , as decimal sign; it holds {odd}'
    )
    assert read(study, typed) == (None, "RAW-NUMBER", message)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("1,624", "1624 or 1.624"),
        ("12.345", "12.345 or 12345"),
        ("-1,375", "-1375 or -1.375"),
        ("+1,375", "1375 or 1.375"),
    ],
)
def test_two_readings(study: Study, typed: str, meant: str) -> None:
    assert read(study, typed) == (
        None,
        "RAW-NUMBER-AMBIGUOUS",
        f'"{typed}" may be {meant}, {EITHER}',
    )


# ---------------------------------------------------------------- what the study says
@pytest.mark.parametrize(
    ("said", "typed", "text"),
    [
        ({"decimal": "."}, "1.624", "1.624"),
        ({"decimal": "."}, "1,624", None),  # nothing says what the comma is
        ({"decimal": ","}, "1,624", "1.624"),
        ({"decimal": ".", "thousands": ","}, "1,624", "1624"),
        ({"decimal": ".", "thousands": ","}, "1.624", "1.624"),
        ({"decimal": ",", "thousands": "."}, "1.624", "1624"),
        ({"thousands": ","}, "1,624", "1624"),  # so it is no decimal sign here
        ({"thousands": []}, "1,624", "1.624"),
        ({"thousands": " "}, "1 624", "1624"),
        ({"thousands": " "}, "1\u00a0624,5", "1624.5"),
        ({"thousands": " "}, "1\u2009624\u2009000", "1624000"),
        ({"thousands": " "}, "1 624\u00a0000", None),  # one sign in one number
        ({"thousands": " "}, "1 62", None),
        ({"thousands": " "}, "1,624", "1.624"),
        ({"thousands": "'"}, "1\u2019624.5", "1624.5"),
        ({"range": (0, 3)}, "1,624", "1.624"),  # only one reading is plausible
        ({"range": (0, 3000)}, "1,624", None),
        ({"range": (5000, 6000)}, "1,624", None),
    ],
)
def test_settings(study: Study, said: dict[str, Any], typed: str, text: str | None) -> None:
    reading = read(study, typed, **said)
    assert reading[0] == text
    assert bool(reading[1]) == (text is None)


def test_the_point_of_a_study_that_says_nothing_is_plain(study: Study) -> None:
    points = study.model_copy(
        update={"intake": study.intake.model_copy(update={"decimal": (".",)})}
    )
    assert read(points, "1.624") == ("1.624", "", "")
    message = '"12,5" is not a number; expected digits with . as decimal sign'
    assert read(points, "12,5") == (None, "RAW-NUMBER", message)


def test_range(study: Study) -> None:
    assert read(study, "0", range=(0, 10)) == ("0", "", "")
    assert read(study, "10,0", range=(0, 10)) == ("10.0", "", "")
    outside = ("10.5", "RAW-RANGE", "10.5 is outside the plausible range 0 to 10")
    assert read(study, "10,5", range=(0, 10)) == outside
    large = (
        "2000000 is outside the plausible range 0.00001 to 1234567.5"  # all digits, and no exponent
    )
    assert read(study, "2000000", range=(0.00001, 1234567.5))[2] == large
    assert reader(Column(type="number", range=(0, 10)), study)("11").severity == "warning"


# ---------------------------------------------------------------- user-missing codes
@pytest.mark.parametrize("kind", ["number", "result"])
@pytest.mark.parametrize("typed", ["-99", "-99.0", "-99,0", "-099", "-99.00", "-9.9e1", " -99 "])
def test_user_missing_codes_are_numbers_among_numbers(study: Study, typed: str, kind: str) -> None:
    assert reader(Column(type=kind), study)(typed)[:5] == (None, "", "", "error", "NOT DONE")


@pytest.mark.parametrize("typed", ["-99.0", "-099"])
def test_user_missing_codes_are_text_among_texts(study: Study, typed: str) -> None:
    assert [reader(Column(type=kind), study)(typed).text for kind in ("text", "code")] == [
        typed,
        typed,
    ]


# ---------------------------------------------------------------- what the other numbers say
def test_the_other_numbers_of_the_site_decide(study: Study) -> None:
    found = cells(study, "1,624", "12.5", "1,624", "0,5", "1,624", "7", sites="AABBCC")
    assert texts(found) == [
        "1624",
        "12.5",
        "1.624",
        "0.5",
        None,
        "7",
    ]  # no number of C proves anything
    point = "have a point for decimals or a comma for thousands"
    comma = "have a comma for decimals or a point for thousands"
    others = "as the other numbers of site"
    assert [(t.rule, t.severity, t.at.tolist(), t.what) for t in found.issues] == [
        (
            "RAW-NUMBER-DECIDED",
            "note",
            [0],
            f'"1,624" is read as 1624, {others} A in this column {point}',
        ),
        (
            "RAW-NUMBER-DECIDED",
            "note",
            [2],
            f'"1,624" is read as 1.624, {others} B in this column {comma}',
        ),
    ]
    assert [reading.rule for reading in (found.values[code] for code in found.codes)][
        4
    ] == "RAW-NUMBER-AMBIGUOUS"


def test_what_a_range_decided_is_told_for_each_site(study: Study) -> None:
    typed = ["1,624", "2,5", "1,624", "1,234.5", "1,375", "1,624", "2,5", "2.5"]
    found = cells(study, *typed, sites="AABBCDDD", range=(0, 3))
    decided = '"1,624" is read as 1.624, the only reading in the range 0 to 3'
    point = "the other numbers of site B in this column have a point for decimals or a comma for thousands"
    assert texts(found)[:3] == ["1.624", "2.5", "1.624"]  # the range comes before the other numbers
    assert [(t.rule, t.severity, t.at.tolist(), t.what) for t in found.issues] == [
        ("RAW-NUMBER-DECIDED", "note", [0], decided),
        (
            "RAW-NUMBER-DECIDED",
            "warning",
            [2],
            f"{decided}, but {point}, which is the other reading",
        ),
        ("RAW-NUMBER-DECIDED", "note", [4], decided.replace("624", "375")),
        ("RAW-NUMBER-DECIDED", "note", [5], decided),  # the others of D contradict each other
    ]


def test_a_range_that_only_one_reading_meets_may_mean_thousands(study: Study) -> None:
    found = cells(study, "1,624", "0,5", range=(100, 3000), type="result")
    decided = '"1,624" is read as 1624, the only reading in the range 100 to 3000'
    comma = "the other numbers of the export in this column have a comma for decimals or a point for thousands"
    assert [(t.severity, t.what) for t in found.issues] == [
        ("warning", f"{decided}, but {comma}, which is the other reading"),
    ]


@pytest.mark.parametrize(
    ("others", "text"),
    [
        (["1,5"], "1.624"),
        (["1.5"], "1624"),
        (["1,000,000"], "1624"),
        (["1.000.000"], "1.624"),
        (["1.624,0"], "1.624"),
        (["1,5", "1.5"], None),  # they contradict each other
        (["1624", "12"], None),
        (["2,375"], None),  # has two readings itself
        (["-99,0"], None),  # a code is not what the site types
        (["x"], None),
    ],
)
def test_what_others_prove(study: Study, others: list[str], text: str | None) -> None:
    found = cells(study, "1,624", *others)
    assert texts(found)[0] == text
    assert [issue.what.partition(" in this")[0] for issue in found.issues] == (
        [f'"1,624" is read as {text}, as the other numbers of the export'] if text else []
    )


def test_records_of_no_known_site_are_one(study: Study) -> None:
    found = cells(study, "1,624", "1,5", "1,624", sites=" A ")
    assert texts(found) == [None, "1.5", None]
    assert texts(cells(study, "1,624", "1,5", sites="  ")) == ["1.624", "1.5"]


def test_the_order_of_records_changes_nothing(study: Study) -> None:
    first = cells(study, "1,624", "1,5", "1,624", "1.5", sites="AABB")
    last = cells(study, "1.5", "1,624", "1,5", "1,624", sites="BBAA")
    assert texts(first) == ["1.624", "1.5", "1624", "1.5"]
    assert texts(last) == ["1.5", "1624", "1.5", "1.624"]
    assert last.rank.tolist()[::-1] == first.rank.tolist()


# ---------------------------------------------------------------- results
@pytest.mark.parametrize(
    ("typed", "text", "kind"),
    [
        ("12,5", "12.5", ""),
        ("<5", "<5", ""),
        ("> 12,5", "> 12.5", ""),
        ("<  5", "<  5", ""),  # what was typed is what was collected
        ("5.", "5.", "mixed"),  # in a number column it is no number either
        ("5,", "5,", "mixed"),
        ("+90", "+90", ""),
        ("<=5", "<=5", "limit"),
        (">= 10", ">= 10", "limit"),
        ("<= 0,5", "<= 0.5", "limit"),
        ("\u22645", "\u22645", "limit"),
        ("1+", "1+", "grade"),
        ("+++", "+++", "grade"),
        ("(+)", "(+)", "grade"),
        ("NEGATIVE", "NEGATIVE", "words"),
        ("< >", "< >", "words"),
        ("12o", "12o", "mixed"),
        ("1:80", "1:80", "mixed"),
        ("5-10", "5-10", "mixed"),
        ("1_000", "1_000", "mixed"),
        ("inf", "inf", "words"),
    ],
)
def test_result(study: Study, typed: str, text: str, kind: str) -> None:
    reading = reader(Column(type="result"), study)(typed)
    assert (reading.text, reading.rule, reading.kind) == (text, "", kind)


def test_results_with_two_readings(study: Study) -> None:
    message = f'"<1,624" may be <1624 or <1.624, {EITHER}'
    assert read(study, "<1,624", type="result") == (None, "RAW-NUMBER-AMBIGUOUS", message)
    assert texts(cells(study, "<1,624", ">0,5", type="result")) == ["<1.624", ">0.5"]
    assert texts(cells(study, "<=1,624", "1.5", type="result")) == ["<=1624", "1.5"]


def test_texts_of_one_kind_are_told_once(study: Study) -> None:
    typed = ["NEGATIVE", "1", "POSITIVE", "NEGATIVE", "1+", "12o"]
    found = cells(study, *typed, type="result")
    assert texts(found) == typed
    assert [(t.rule, t.severity, t.at.tolist(), t.what) for t in found.issues] == [
        ("RAW-RESULT-TEXT", "note", [4], '"1+": a grade, kept as text, without a number'),
        (
            "RAW-RESULT-TEXT",
            "warning",
            [5],
            '"12o": digits and other signs, kept as text, without a number',
        ),
        (
            "RAW-RESULT-TEXT",
            "note",
            [0, 2, 3],
            '"NEGATIVE", "POSITIVE": words, kept as text, without a number',
        ),
    ]


# ---------------------------------------------------------------- against a grammar of its own
DIGITS = "0123456789"


def oracle(text: str, decimal: str, thousands: str) -> Decimal | None:
    """The number that a text is, read character by character; None where it is not a number."""
    sign, rest = (text[0], text[1:]) if text[:1] in ("+", "-") and text else ("", text)
    mantissa, mark, power = rest.replace("E", "e").partition("e")
    whole, point, fraction = mantissa.partition(decimal)
    if (point and not _digits(fraction)) or (
        mark and not _digits(power.removeprefix("-" if power[:1] == "-" else "+"))
    ):
        return None
    groups = whole.split(thousands) if thousands else [whole]
    if len(groups) > 1:
        first, *others = groups
        if (
            mark
            or not _digits(first)
            or len(first) > 3
            or first[0] == "0"
            or not all(map(_is_three, others))
        ):
            return None
    elif not _digits(whole) and (whole or not point):
        return None
    exact = Decimal(f"{sign}{''.join(groups) or 0}.{fraction or 0}e{power or 0}")
    return exact if math.isfinite(float(exact)) and (float(exact) or not exact) else None


def _digits(text: str) -> bool:
    return bool(text) and all(char in DIGITS for char in text)


def _is_three(text: str) -> bool:
    return len(text) == 3 and _digits(text)


LIKE_NUMBERS = st.one_of(
    st.text(st.sampled_from("0123456789.,+-eE _\u00a0\u0663\uff11<"), max_size=12),
    st.from_regex(
        r"[+-]?[0-9]{1,4}([.,][0-9]{3}){0,3}([.,][0-9]{0,4})?([eE][+-]?[0-9]{1,3})?", fullmatch=True
    ),
    st.text(max_size=6),
)


@given(typed=LIKE_NUMBERS, decimal=st.sampled_from(".,"), grouped=st.booleans())
def test_a_number_is_exactly_what_the_grammar_says(
    typed: str, decimal: str, *, grouped: bool
) -> None:
    thousands = {".": ",", ",": "."}[decimal] if grouped else ""
    text = number_reader(Convention(decimal, tuple(thousands)))(typed)
    assert (None if text is None else Decimal(text)) == oracle(typed, decimal, thousands)


@given(typed=LIKE_NUMBERS.map(str.strip).filter(bool))
def test_a_text_is_a_number_or_told(study: Study, typed: str) -> None:
    meant = {oracle(visible(typed), ".", ","), oracle(visible(typed), ",", ".")} - {None}
    reading = reader(Column(type="number"), study)(typed)
    if reading.text is not None:
        assert {Decimal(reading.text)} == meant
        assert re.fullmatch(r"-?[0-9]*\.?[0-9]+([eE][+-]?[0-9]+)?", reading.text)
    elif reading.meaning is None:
        assert reading.rule in (
            "RAW-NUMBER",
            "RAW-NUMBER-AMBIGUOUS",
            "RAW-FORMULA",
            "RAW-INVISIBLE",
        )
        assert (len(meant) == 2) == (reading.rule == "RAW-NUMBER-AMBIGUOUS")


@given(typed=st.text(min_size=1, max_size=8).map(str.strip).filter(bool))
def test_a_result_keeps_its_text_or_says_why(study: Study, typed: str) -> None:
    reading = reader(Column(type="result"), study)(typed)
    kept = reading.text is not None and re.sub("[., ]", "", reading.text) == re.sub(
        "[., ]", "", typed
    )
    assert kept or reading.rule or reading.meaning
