"""One typed text to canonical text, by the type of its column."""

from __future__ import annotations

import datetime
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivig_cdisc.metadata import Column, Study
from ivig_cdisc.raw.dates import date_reader
from ivig_cdisc.raw.parsed_column import parse_column, reader

UNKNOWN = {"day": "UN", "month": "UNK"}


def check(
    study: Study,
    column: dict[str, Any],
    typed: str,
    text: str | None,
    rule: str = "",
    message: str = "",
) -> None:
    reading = reader(Column(**column), study)(typed)
    assert (reading.text, reading.rule, reading.message) == (text, rule, message)


# ---------------------------------------------------------------- dates
WANTED = (
    "is not a date; expected DD-MM-YYYY, with UN for an unknown day and UNK for an unknown month"
)


@pytest.mark.parametrize(
    ("typed", "iso"),
    [
        ("05-03-2017", "2017-03-05"),
        ("29-02-2016", "2016-02-29"),
        ("UN-05-2017", "2017-05"),
        ("un-unk-2017", "2017"),
        ("05-UNK-2017", "2017---05"),  # a day without its month is still known (SDTMIG 3.4, 4.4.2)
        ("31-UNK-2017", "2017---31"),
    ],
)
def test_date(study: Study, typed: str, iso: str) -> None:
    check(study, {"type": "date"}, typed, iso)


@pytest.mark.parametrize(
    "typed", ["2017-03-05", "5-3-2017", "05-03-17", "05/03/2017", "05-03-2017 10:00", "x"]
)
def test_no_date(study: Study, typed: str) -> None:
    check(study, {"type": "date"}, typed, None, "RAW-DATE-UNPARSABLE", f'"{typed}" {WANTED}')


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("31-02-2017", "31-02-2017 is not a day of the calendar"),
        ("29-02-2017", "29-02-2017 is not a day of the calendar"),
        ("00-01-2017", "00-01-2017 is not a day of the calendar"),
        ("01-13-2017", "01-13-2017 is not a day of the calendar"),
        ("UN-00-2017", "UN-00-2017 is not a day of the calendar"),
        ("01-01-1899", "the year of 01-01-1899 is not within 1900 to 2100"),
        ("UN-UNK-2101", "the year of UN-UNK-2101 is not within 1900 to 2100"),
        ("32-UNK-2017", "32-UNK-2017 is not a day of the calendar"),
    ],
)
def test_impossible_date(study: Study, typed: str, message: str) -> None:
    check(study, {"type": "date"}, typed, None, "RAW-DATE-IMPOSSIBLE", message)


def test_other_digits_are_no_date_and_named(study: Study) -> None:
    typed = "\u0660\u0665-03-2017"
    odd = "U+0660 ARABIC-INDIC DIGIT ZERO, U+0665 ARABIC-INDIC DIGIT FIVE"
    check(
        study,
        {"type": "date"},
        typed,
        None,
        "RAW-DATE-UNPARSABLE",
        f'"{typed}" {WANTED}; it holds {odd}',
    )


@pytest.mark.parametrize(
    ("formats", "typed", "iso"),
    [
        ("YYYY-Mon-DD", "2024-UNK-15", "2024---15"),
        ("YYYY-Mon-DD", "UNKN-MAR-15", "--03-15"),
        ("YYYY-Mon-DD", "UNKN-FEB-29", "--02-29"),  # there is one in a leap year
        ("YYYY-Mon-DD", "UNKN-UNK-15", "----15"),
        ("YYYY-Mon-DD", "UNKN-MAR-00", "--03"),  # a token may be digits
        ("YYYY-Mon-DD", "2024-UNK-00", "2024"),
        ("DDMonYYYY", "15UNKUNKN", "----15"),
    ],
)
def test_any_part_may_be_unknown(formats: str, typed: str, iso: str) -> None:
    date = date_reader(formats, {"day": "00", "month": "UNK", "year": "UNKN"})(typed)
    assert date is not None
    assert date.iso == iso


def test_a_date_of_which_nothing_is_known(study: Study) -> None:
    intake = study.intake.model_copy(update={"unknown": {**UNKNOWN, "year": "UNKN"}})
    reading = reader(Column(type="date"), study.model_copy(update={"intake": intake}))(
        "UN-UNK-UNKN"
    )
    assert reading[:4] == (None, "RAW-DATE-UNKNOWN", "no part of UN-UNK-UNKN is known", "warning")


SEVERAL = "MM/DD/YYYY|MM-DD-YYYY|DD-Mon-YYYY"


@pytest.mark.parametrize(
    ("typed", "iso"),
    [
        ("12/26/2013", "2013-12-26"),
        ("01-02-2014", "2014-01-02"),
        ("16-Jan-2014", "2014-01-16"),
        ("UN-JAN-2014", "2014-01"),
        ("UN-UNK-2014", "2014"),
    ],
)
def test_several_formats(study: Study, typed: str, iso: str) -> None:
    check(study, {"type": "date", "format": SEVERAL}, typed, iso)


def test_ambiguous_date(study: Study) -> None:
    either = {"type": "date", "format": "DD/MM/YYYY|MM/DD/YYYY"}
    message = "03/04/2017 may be 2017-04-03 or 2017-03-04; read as 2017-04-03"
    check(study, either, "03/04/2017", "2017-04-03", "RAW-DATE-AMBIGUOUS", message)
    check(study, either, "04/04/2017", "2017-04-04")
    check(
        study, either, "04/13/2017", "2017-04-13"
    )  # the first format does not fit, the second does
    check(
        study,
        either,
        "13/13/2017",
        None,
        "RAW-DATE-IMPOSSIBLE",
        "13/13/2017 is not a day of the calendar",
    )


@pytest.mark.parametrize(
    ("formats", "typed", "iso"),
    [("YYYY-MM-DD|YYYY-MM|YYYY", "2017-05", "2017-05"), ("YYYYMMDD", "20170105", "2017-01-05")],
)
def test_other_shapes_of_dates(study: Study, formats: str, typed: str, iso: str) -> None:
    check(study, {"type": "date", "format": formats}, typed, iso)


@pytest.mark.parametrize(
    ("style", "formats"),
    [("%d-%m-%Y", "DD-MM-YYYY"), ("%m/%d/%Y", "MM/DD/YYYY"), ("%d %b %Y", "DD Mon YYYY")],
)
def test_every_day_from_1900_to_2100(style: str, formats: str) -> None:
    read = date_reader(formats, UNKNOWN)
    first = datetime.date(1900, 1, 1).toordinal()
    for ordinal in range(first, datetime.date(2100, 12, 31).toordinal() + 1):
        day = datetime.date.fromordinal(ordinal)
        date = read(day.strftime(style))
        assert date is not None
        assert date.iso == day.isoformat()


@given(day=st.integers(0, 99), month=st.integers(0, 99), year=st.integers(1800, 2200))
def test_a_date_is_read_only_if_it_exists(day: int, month: int, year: int) -> None:
    date = date_reader("DD-MM-YYYY", UNKNOWN)(f"{day:02}-{month:02}-{year}")
    assert date is not None
    try:
        expected = datetime.date(year, month, day).isoformat() if 1900 <= year <= 2100 else ""
    except ValueError:
        expected = ""
    assert (date.iso, bool(date.impossible)) == (expected, not expected)


# ---------------------------------------------------------------- times
@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("00:00", "00:00"),
        ("8:05", "08:05"),
        ("23:59", "23:59"),
        ("08:05:09", "08:05:09"),
        ("8:05:09", "08:05:09"),
    ],
)
def test_time(study: Study, typed: str, text: str) -> None:
    check(study, {"type": "time"}, typed, text)


@pytest.mark.parametrize(
    "typed", ["24:00", "12:60", "12:00:60", "12.30", "12", "1230", "8:5", "8:05 PM"]
)
def test_no_time(study: Study, typed: str) -> None:
    message = f'"{typed}" is not a time; expected HH:MM, 00:00 to 23:59'
    check(study, {"type": "time"}, typed, None, "RAW-TIME", message)


# ---------------------------------------------------------------- codes and text
def test_code(study: Study) -> None:
    column = {"type": "code", "terms": "visits"}
    check(study, column, "BL", "BL")
    check(study, column, "W9", "W9", "RAW-CODE", '"W9" is not a known code; expected BL, W3')
    check(study, {"type": "code"}, "W9", "W9")  # no terms, nothing to compare with


def test_long_text_and_long_lists_are_shortened_in_messages(study: Study) -> None:
    many = study.model_copy(update={"terms": {"many": {str(n): "X" for n in range(1, 15)}}})
    message = f'"{"x" * 37}..." is not a known code; expected 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 or another of 14 codes'
    check(many, {"type": "code", "terms": "many"}, "x" * 50, "x" * 50, "RAW-CODE", message)


@pytest.mark.parametrize("kind", ["text", "code", "number", "result", "date", "time"])
def test_user_missing_codes_in_every_type(study: Study, kind: str) -> None:
    check(study, {"type": kind}, "-99", None)
    assert reader(Column(type=kind), study)("-99").meaning == "NOT DONE"


# ---------------------------------------------------------------- columns
def test_cells_of_a_column(study: Study) -> None:
    cells = parse_column(
        pd.Series(["12,5", None, "-99", "x", "12.5"], dtype="str"), Column(type="number"), study
    )
    pd.testing.assert_extension_array_equal(
        cells.text, pd.array(["12.5", None, None, None, "12.5"], dtype="str")
    )
    assert cells.present.tolist() == [True, False, False, False, True]
    assert cells.wrong.tolist() == [False, False, False, True, False]
    identity = cells.identity.tolist()  # 12,5 and 12.5 are the same, all others differ
    assert identity[0] == identity[4]
    assert len(set(identity)) == 4
    assert cells.rank.tolist() == [
        0,
        4,
        2,
        3,
        1,
    ]  # text, then what has none, then empty; 12,5 sorts before 12.5


def test_an_empty_column(study: Study) -> None:
    cells = parse_column(pd.Series([None, None], dtype="str"), Column(), study)
    pd.testing.assert_extension_array_equal(cells.text, pd.array([None, None], dtype="str"))
    assert cells.rank.tolist() == [0, 0]
