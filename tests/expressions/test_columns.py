"""Expressions over columns: literal columns, literal results."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from ivig_cdisc.expressions import compute, parse, select

FRAME = pd.DataFrame(
    {
        "N": [1.0, 0.0, -2.5, None],
        "M": [4.0, 0.0, None, None],
        "T": pd.array(["Y", "N", "", None], dtype="str"),
        "U": pd.array(["Y", "Y", "", "Y"], dtype="str"),
        "C": pd.Categorical(["Y", "N", "", None]),
        "D": pd.to_datetime(
            ["2018-05-03", "2018-05-03T12:00", "9999-12-31", None], format="ISO8601"
        ),
        "E": pd.array(["2018-05-01", "2018-06-01", None, None], dtype="datetime64[s]"),
    },
    index=[7, 7, 3, 1],  # places, not labels, decide
)
NAN = math.nan


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("N + M", [5.0, 0.0, NAN, NAN]),
        ("-N", [-1.0, 0.0, 2.5, NAN]),  # not -0.0
        ("N * -1", [-1.0, 0.0, 2.5, NAN]),
        ("-N ** 2", [-1.0, 0.0, -6.25, NAN]),
        ("100 * (N - M) / M", [-75.0, NAN, NAN, NAN]),
        ("round(N)", [1.0, 0.0, -3.0, NAN]),
        ("round(N * 1.005, 2)", [1.01, 0.0, -2.51, NAN]),
        ("floor(N)", [1.0, 0.0, -3.0, NAN]),
        ("ceil(N)", [1.0, 0.0, -2.0, NAN]),
        ("abs(N)", [1.0, 0.0, 2.5, NAN]),
        ("max(N, M)", [4.0, 0.0, -2.5, NAN]),  # as in SAS, a missing operand is passed over
        ("min(N, M, 2)", [1.0, 0.0, -2.5, 2.0]),
        ("sqrt(N)", [1.0, 0.0, NAN, NAN]),
        ("exp(N - N)", [1.0, 1.0, 1.0, NAN]),
        ("log(exp(N))", [1.0, 0.0, -2.5, NAN]),
        ("D - E", [2.0, -28.5, NAN, NAN]),
        ("7", [7.0, 7.0, 7.0, 7.0]),
        ("2 ** 10", [1024.0, 1024.0, 1024.0, 1024.0]),
        ("round(2.5)", [3.0, 3.0, 3.0, 3.0]),
    ],
)
def test_numbers(text: str, expected: list[float]) -> None:
    column, _ = compute(parse(text), FRAME)
    assert column.index.tolist() == [7, 7, 3, 1]
    assert str(column.tolist()) == str(expected)  # as text, so that -0.0 is not 0.0


def test_days_shift_dates_and_halves_of_days_their_time() -> None:
    column, faults = compute(parse("E + N"), FRAME)
    assert column.astype("str").tolist()[:2] == ["2018-05-02", "2018-06-01"]
    half, _ = compute(parse("0.5 + E"), FRAME)
    assert half.iloc[0] == pd.Timestamp("2018-05-01T12:00")
    assert not faults


@pytest.mark.parametrize(
    ("text", "rows", "reason", "at"),
    [
        ("N / M", [False, True, False, False], "division by zero", 3),
        ("1 + 1 / N", [False, True, False, False], "division by zero", 7),
        ("N ** -1", [False, True, False, False], "division by zero", 3),
        ("sqrt(N)", [False, False, True, False], "sqrt gives no number", 1),
        ("log(abs(N))", [False, True, False, False], "log gives no number", 1),
        ("N ** 0.5", [False, False, True, False], "** gives no number", 3),
        ("exp(800 * M)", [True, False, False, False], "exp gives no number", 1),
        ("D + 1", [False, False, True, False], "the date is beyond the calendar", 3),
        ("D - 1e30", [True, True, True, False], "the date is beyond the calendar", 3),
    ],
)
def test_what_has_no_value_is_missing_and_a_fault(
    text: str, rows: list[bool], reason: str, at: int
) -> None:
    column, (fault,) = compute(parse(text), FRAME)
    assert (fault.rows.tolist(), fault.reason, fault.at) == (rows, reason, at)
    assert column[fault.rows].isna().all()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("N > 0", [1, 0, 0, 0]),
        ("not (N > 0)", [0, 1, 1, 0]),  # a missing value is neither
        ("N = M", [0, 1, 0, 0]),
        ("N != M", [1, 0, 0, 0]),
        ("N = M or N < 0", [0, 1, 1, 0]),
        ("N = M and N < 0", [0, 0, 0, 0]),
        ("T = 'Y'", [1, 0, 0, 0]),
        ("C = 'Y'", [1, 0, 0, 0]),
        ("T != 'Y'", [0, 1, 0, 0]),  # empty text is missing
        ("C != 'Y'", [0, 1, 0, 0]),
        ("T = U", [1, 0, 0, 0]),
        ("C = U", [1, 0, 0, 0]),
        ("U != C", [0, 1, 0, 0]),
        ("'Y' = T", [1, 0, 0, 0]),
        ("T in ('Y', 'N')", [1, 1, 0, 0]),
        ("T not in ('Y')", [0, 1, 0, 0]),
        ("C in ('N')", [0, 1, 0, 0]),
        ("N in (-2.5, 0)", [0, 1, 1, 0]),
        ("N not in (0)", [1, 0, 1, 0]),
        ("T is missing", [0, 0, 1, 1]),
        ("C is present", [1, 1, 0, 0]),
        ("N + M is missing", [0, 0, 1, 1]),
        ("D is present", [1, 1, 1, 0]),
        ("D > '2018-05-03'", [0, 1, 1, 0]),  # noon is later than the day's begin
        ("'2018-05-03' = D", [1, 0, 0, 0]),
        ("D in ('2018-05-03', '9999-12-31')", [1, 0, 1, 0]),
        ("D >= E", [1, 0, 0, 0]),
        ("max(D, E) = E", [0, 1, 0, 0]),
        ("1 = 1", [1, 1, 1, 1]),
        ("N / M > 0", [1, 0, 0, 0]),
    ],
)
def test_conditions(text: str, expected: list[int]) -> None:
    chosen, _ = select(parse(text), FRAME)
    assert chosen.dtype == np.bool_
    assert chosen.astype(int).tolist() == expected


def test_no_records() -> None:
    nothing = FRAME.iloc[:0]
    assert compute(parse("round(N / M, 1)"), nothing)[0].tolist() == []
    assert select(parse("T = 'Y' and 1 = 1"), nothing)[0].tolist() == []
