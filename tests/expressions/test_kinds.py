"""What an expression gives is known before data are read, and what does not fit as well."""

from __future__ import annotations

import pytest

from ivig_cdisc.expressions import kind_of, parse
from ivig_cdisc.expressions.kinds import Kind

KNOWN: dict[str, Kind] = {"N": "number", "T": "text", "D": "date", "E": "date", "X": "any"}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("N", "number"),
        ("T", "text"),
        ("'Y'", "text"),
        ("D + 30", "date"),
        ("30 + D", "date"),
        ("D - 1", "date"),
        ("D - E", "number"),
        ("D - E + 1", "number"),
        ("max(D, E)", "date"),
        ("max(N, 0)", "number"),
        ("max(X, N)", "number"),
        ("X + N", "any"),
        ("X - D", "number"),
        ("D - X", "any"),  # days or a date
        ("round(N / 3, -1)", "number"),
        ("N > 1 and T = 'Y' or D is missing", "truth"),
        ("D <= '2018-05-03'", "truth"),
        ("D in ('2018-05-03')", "truth"),
        ("X = 'Y' or X = 1", "truth"),
        ("N - N is missing", "truth"),
    ],
)
def test_kind(text: str, kind: Kind) -> None:
    assert kind_of(parse(text), KNOWN) == (kind, ())


@pytest.mark.parametrize(
    ("text", "at", "reason"),
    [
        ("T + 1", 1, "+ takes numbers, and T is text; derive number before"),
        ("-T", 2, "- takes numbers, and T is text; derive number before"),
        ("N * D", 5, "* takes numbers, and D is a date; the difference of two dates is a number"),
        ("D + E", 3, "a date + a date gives nothing"),
        ("1 - D", 3, "a number - a date gives nothing"),
        (
            "sqrt(N > 1)",
            8,
            "sqrt takes numbers, and what stands at character 8 is a condition; a condition is not a value, see cases",
        ),
        ("max(N, D)", 1, "max takes numbers or dates, not both"),
        ("max(N, T)", 8, "max takes numbers or dates, and T is text; derive number before"),
        ("round(N, N)", 10, "the decimals of round are a whole number from -22 to 22"),
        ("round(N, 0.5)", 10, "the decimals of round are a whole number from -22 to 22"),
        ("round(N, 23)", 10, "the decimals of round are a whole number from -22 to 22"),
        ("T = 1", 3, "T is text and 1 is a number: they do not compare"),
        ("N = '1'", 3, "N is a number and '1' is text: they do not compare"),
        ("D = 20", 3, "D is a date and 20 is a number: they do not compare"),
        ("D = T", 3, "D is a date and T is text: they do not compare"),
        ("D > '2018-05'", 5, "'2018-05' is not a date; one is written '2018-05-03'"),
        ("D > '20180503'", 5, "'20180503' is not a date; one is written '2018-05-03'"),
        (
            "T < 'b'",
            3,
            "T < 'b' compares text, which has no order; derive number, calendar_date or one of the functions of dates before",
        ),
        ("T = ''", 5, "empty text is missing: write is missing or is present"),
        ("T in ('a', 1)", 12, "T is text and 1 is a number: they do not compare"),
        ("(N > 1) = 1", 4, "= compares values, and what stands at character 4 is a condition"),
        (
            "(N > 1) is missing",
            4,
            "what stands at character 4 is a condition, and only values can be missing",
        ),
        (
            "N and N > 1",
            1,
            "and takes conditions, and N is a number; compare it, or write is present",
        ),
        ("not X", 5, "not takes conditions, and X is a column; compare it, or write is present"),
    ],
)
def test_misfits(text: str, at: int, reason: str) -> None:
    _, (misfit,) = kind_of(parse(text), KNOWN)
    assert (misfit.at, misfit.reason) == (at, reason)


def test_all_misfits_at_once() -> None:
    _, misfits = kind_of(parse("T + 1 > 0 and D = 2 and T = ''"), KNOWN)
    assert [misfit.at for misfit in misfits] == [1, 17, 29]


def test_each_part_is_looked_at_once() -> None:
    """A long sum is deep to the left: looking twice at each side would take 2 ** 100 steps."""
    _, misfits = kind_of(parse(" + ".join(["T", *["N"] * 100])), KNOWN)
    assert [misfit.at for misfit in misfits] == [1]
