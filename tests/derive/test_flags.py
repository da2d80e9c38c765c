"""Which record, which subject: before and after, ties, missing values."""

from __future__ import annotations

import pandas as pd
import pytest

from ivig_cdisc.derive import flags, visits

from .samples import day, number, text
from .test_dates import values


@pytest.mark.parametrize(
    ("date", "reference", "expected"),
    [
        ("2018-05-03", "2018-05-03", "N"),
        ("2018-05-04", "2018-05-03", "Y"),
        ("2018-05-02", "2018-05-03", "N"),
        ("2018-05-03T10:00", "2018-05-03T09:00", "Y"),
        ("2018-05-03T09:00", "2018-05-03T09:00", "N"),
        ("2018-05-03T08:59", "2018-05-03T09:00", "N"),
        ("2018-05-03T10:00", "2018-05-03", "N"),  # a missing time is not after
        ("2018-05-03", "2018-05-03T09:00", "N"),
        ("2018-05-04", "2018-05-03T09:00", "Y"),
        ("2018-05-04T00:00", "2018-05-03T23:59", "Y"),
        ("2018-05-03T09:00:30", "2018-05-03T09:00", "Y"),
        ("2018-05-03T09:00:00", "2018-05-03T09:00", "N"),  # seconds that are not known are 00
        ("2018-05-03T09:00", "2018-05-03T09:00:00", "N"),
        ("2018-05-03T09:00", "2018-05-03T09:00:30", "N"),
        ("2018-05-03T09:01", "2018-05-03T09:00:59", "Y"),
        ("2018-05-03T09:00:31", "2018-05-03T09:00:30", "Y"),
        ("2018-05", "2018-05-03", None),
        ("2018-06", "2018-05-03", None),  # after it without doubt, but incomplete
        ("2018-05-03", "2018-05", None),
        ("2018-05-03T10", "2018-05-03T09:30", "Y"),
        ("2018-05-03T09", "2018-05-03T09:30", "N"),  # may be before it
        ("2018-05-03T-:30", "2018-05-03T09:30", "N"),
        ("2018-05-03T09:30+02:00", "2018-05-03T08:00Z", "N"),  # 07:30 in UTC
        ("2018-05-03T09:30+02:00", "2018-05-03T07:00Z", "Y"),
        ("2018---04", "2018-05-03", None),
        ("2018-06--T09:30", "2018-05-03", None),
        ("--05-04", "2018-05-03", None),
        ("2018-05-03", None, None),
        (None, "2018-05-03", None),
    ],
)
def test_is_after(date: str | None, reference: str | None, expected: str | None) -> None:
    assert values(flags.is_after(text(date), text(reference))) == [expected]


def test_last_before() -> None:
    subject = text("a", "a", "a", "b", "b", "c", "d", "e", "e")
    value = number(1, None, 3, 4, 5, 6, 7, 8, 9)
    date = text(
        *("2018-05-01", "2018-05-02", "2018-05-04"),  # a: the last has no value, the next is after
        *("2018-05-01", "2018-05-01"),  # b: a tie, decided by the next in order
        "2018-05-04",  # c: after only
        "2018-05",  # d: when is not known
        *("2018-05-03T08:00", "2018-05-03"),  # e: without a time before one with
    )
    reference = text(*["2018-05-03T09:00"] * 9)
    found = flags.last_before([subject], value, date, reference, [date, value])
    assert values(found) == ["Y", None, None, None, "Y", None, None, "Y", None]


def test_last_before_without_treatment() -> None:
    s, date = text("a", "a"), text("2018-05-01", "2018-05-02")
    assert values(flags.last_before([s], number(1, 2), date, text(None, None), [date])) == [
        None,
        None,
    ]


TAKEN = ["2018-05-01", "2018-05-02", "2018-05-03", "2018-05-03"]
DOSED = ["2018-05-03T09:00"] * 4


@pytest.mark.parametrize(
    ("groups", "expected"),
    [
        ([], [None, None, None, "Y"]),
        ([text("PRE", "POST", "PRE", "POST")], [None, None, "Y", "Y"]),
        ([text(None, "PRE", None, "PRE")], [None, None, "Y", "Y"]),  # without one: its own
        ([text("PRE", "PRE", None, None)], [None, "Y", None, "Y"]),
        ([text(None, None, None, None)], [None, None, None, "Y"]),
        ([number(1, None, 1, None)], [None, None, "Y", "Y"]),
        ([day("2018-05-01", None, "2018-05-01", None)], [None, None, "Y", "Y"]),
        ([text("PRE", None, "PRE", None).astype("category")], [None, None, "Y", "Y"]),
        ([text("PRE", None, "PRE", None).astype("object")], [None, None, "Y", "Y"]),
        (  # time point, position, specimen, location, evaluator
            [
                text("PRE", "PRE", "PRE", "PRE"),
                text(None, None, None, None),
                text("BLOOD", "BLOOD", None, "BLOOD"),
                text("ARM", "ARM", "ARM", "LEG"),
                text(None, None, "INVESTIGATOR", None),
            ],
            [None, "Y", "Y", "Y"],
        ),
    ],
)
def test_last_before_in_each_group(groups: list[pd.Series], expected: list[str | None]) -> None:
    order = [text(*TAKEN), number(1, 2, 3, 4)]
    series = [text("s", "s", "s", "s"), *groups]
    found = flags.last_before(series, number(1, 1, 1, 1), order[0], text(*DOSED), order)
    assert values(found) == expected


@pytest.mark.parametrize(
    ("date", "reference", "counts"),
    [
        ("2018-05-02", "2018-05-03T09:00", True),
        ("2018-05-03", "2018-05-03T09:00", True),  # without a time it counts as before
        ("2018-05-03T08:59", "2018-05-03T09:00", True),
        ("2018-05-03T09:00", "2018-05-03T09:00", True),
        ("2018-05-03T09:01", "2018-05-03T09:00", False),
        ("2018-05-03T09:01", "2018-05-03", True),  # the reference without a time
        ("2018-05-03T09", "2018-05-03T09:00", True),  # may be before it
        ("2018-05-04", "2018-05-03", False),
        ("2018-05", "2018-06-01", False),  # not known to the day
        ("2018-05-03", "2018-05", False),
        (None, "2018-05-03", False),
        ("2018-05-03", None, False),
    ],
)
def test_last_before_of_one_record(
    date: str | None, reference: str | None, *, counts: bool
) -> None:
    dates, s = text(date), text("s")
    found = flags.last_before([s], text("12"), dates, text(reference), [dates])
    assert values(found) == ["Y" if counts else None]
    without = flags.last_before([s], text(None), dates, text(reference), [dates])
    assert values(without) == [None]  # NOT DONE is never the last


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ([number(1, 1)], [None, "Y"]),  # alike: the one that stands last
        ([number(2, 1)], ["Y", None]),
        ([number(1, None)], [None, "Y"]),  # a missing number comes after every other
        ([day(None, "2018-05-03")], ["Y", None]),
        ([text("08:00", None)], ["Y", None]),  # a missing time comes before every time
        ([text(None, None), number(2, 1)], ["Y", None]),
    ],
)
def test_last_before_where_dates_are_alike(
    order: list[pd.Series], expected: list[str | None]
) -> None:
    s, date = text("s", "s"), text("2018-05-01", "2018-05-01")
    assert values(flags.last_before([s], number(1, 1), date, date, order)) == expected


@pytest.mark.parametrize("missing", [text(None, "LEFT"), number(None, 1), day(None, "2018-05-03")])
def test_flags_and_what_is_carried_where_a_group_is_missing(missing: pd.Series) -> None:
    groups, yes = [text("s", "s"), missing], text("Y", "Y")
    assert values(flags.first_occurrence(groups, yes, [number(1, 2)])) == ["Y", "Y"]
    assert values(flags.carried(groups, yes, number(1, 2))) == [1, 2]
    found = visits.analysed(
        groups, number(3, 3), number(22, 22), [{"number": 3, "target": 22}], [number(1, 2)]
    )
    assert values(found) == ["Y", "Y"]


def test_first_occurrence() -> None:
    subject, term = text("a", "a", "a", "a", "b"), text("X", "X", "Y", "Y", "X")
    among = text("Y", "Y", None, "Y", "N")
    start, sequence = (
        day("2018-05-03", None, "2018-05-01", "2018-05-03", "2018-05-01"),
        number(1, 2, 3, 4, 1),
    )
    assert values(flags.first_occurrence([subject], among, [start, sequence])) == [
        "Y",
        None,
        None,
        None,
        None,
    ]
    found = flags.first_occurrence([subject, term], among, [start, sequence])
    assert values(found) == ["Y", None, None, "Y", None]


def test_carried_is_the_flagged_value_of_the_group() -> None:
    group = text("a", "a", "b", "b", None, None)
    flag = text(None, "Y", "N", None, "Y", None)
    assert values(flags.carried([group], flag, number(1, 2, 3, 4, 5, 6))) == [
        2,
        2,
        None,
        None,
        5,
        5,
    ]
    assert values(flags.carried([group], flag, number(1, None, 3, 4, 5, 6))) == [
        None,
        None,
        None,
        None,
        5,
        5,
    ]


@pytest.mark.parametrize(
    ("value", "expected"), [(39.9, "N"), (40, "Y"), (40.1, "Y"), (0, "N"), (None, None)]
)
def test_at_least(value: float | None, expected: str | None) -> None:
    assert values(flags.at_least(number(value), 40)) == [expected]


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ("2018-05-02", None),
        ("2018-05-03", "Y"),  # the day of the first dose
        ("2018-06-13", "Y"),
        ("2018-07-13", "Y"),  # 30 days after the last
        ("2018-07-14", None),
        (None, None),
    ],
)
def test_treatment_emergent(start: str | None, expected: str | None) -> None:
    first, last = day("2018-05-03"), day("2018-06-13")
    assert values(flags.treatment_emergent(day(start), first, last, 30)) == [expected]


@pytest.mark.parametrize(
    ("begun", "ended", "moment", "expected"),
    [
        (None, "2018-05-02", None, None),
        (None, "2018-05-02T23:59", "2018-05-03T09:00", None),
        (None, "2018-05-03", "2018-05-03T09:00", "Y"),  # may have ended after the first dose
        (None, "2018-05-03T08:59", "2018-05-03T09:00", None),
        (None, "2018-05-03T09:00", "2018-05-03T09:00", "Y"),
        (None, "2018-05-03T08:59", None, "Y"),  # when the first dose was is not known
        (None, "2018-04", None, None),
        (None, "2018-05", None, "Y"),
        (None, "2018", None, "Y"),
        (None, "2017", None, None),
        (None, "2018---02", None, "Y"),  # 2 December is possible
        (None, "2017---02", None, None),
        (None, "--04-02", None, "Y"),
        (None, None, None, "Y"),
        ("2018-05-03T08:59", None, "2018-05-03T09:00", None),
        ("2018-05-03T09:00", None, "2018-05-03T09:00", "Y"),
        ("2018-05-03", None, "2018-05-03T09:00", "Y"),
        ("2018-05--T08:00", None, "2018-05-03T09:00", "Y"),
    ],
)
def test_what_ended_before_the_first_dose_is_not_emergent(
    begun: str | None, ended: str | None, moment: str | None, expected: str | None
) -> None:
    first, last = day("2018-05-03"), day("2018-06-13")
    found = flags.treatment_emergent(first, first, last, 30, text(begun), text(ended), day(moment))
    assert values(found) == [expected]


def test_treatment_emergent_without_treatment() -> None:
    assert values(flags.treatment_emergent(day("2018-05-03"), day(None), day(None), 30)) == [None]


def test_later_than() -> None:
    reference = day("2018-05-03", "2018-05-03", None)
    assert values(flags.later_than(day("2018-05-03", "2018-05-04", "2018-05-04"), reference)) == [
        None,
        "Y",
        None,
    ]


@pytest.mark.parametrize(
    ("required", "excluding", "expected"),
    [
        ("Y", None, "Y"),
        ("2018-05-03", "N", "Y"),  # anything that is present, unless it is the flag N
        ("N", None, "N"),
        (None, None, "N"),
        ("Y", "Y", "N"),
    ],
)
def test_population(required: str | None, excluding: str | None, expected: str) -> None:
    assert values(flags.population([text(required)], [text(excluding)])) == [expected]


def test_population_requires_all() -> None:
    one, two = text("Y", "Y", "N"), number(1, None, 1)
    assert values(flags.population([one, two])) == ["Y", "N", "N"]
    assert values(flags.population([pd.Series(day("2018-05-03", None, None))])) == ["Y", "N", "N"]
