"""Records to columns and every record with every other: literal tables."""

from __future__ import annotations

import random

import pandas as pd

from ivig_cdisc.engine.reshaping import crossed, transposed

from .small import same, table

VITALS = table(
    """
       subject visit test  result
     7 S2      BL    SYSBP 120
     3 S1      BL    DIABP 80
     4 S2      BL    DIABP 85
     9 S2      BL    SYSBP 121
     1 S1      .     SYSBP 130
     2 S1      W3    PULSE 60
     5 S1      .     DIABP .
    """,
    numbers=["result"],
    categories=["test"],
)


def test_groups_in_the_order_of_their_first_record() -> None:
    heads, number = transposed(
        VITALS, ["subject", "visit"], "test", "result", {"SYSBP": "sys", "DIABP": "dia"}
    )
    expected = table(
        """
           subject visit sys dia
         0 S2      BL    120 85
         1 S1      BL    .   80
         2 S1      .     130 .
         3 S1      W3    .   .
        """,
        numbers=["sys", "dia"],
    )
    same(heads, expected)  # of two systolic values of S2 the first; PULSE gives a group, no value
    assert number.to_dict() == {7: 0, 3: 1, 4: 0, 9: 0, 1: 2, 2: 3, 5: 2}


def test_text_stays_text() -> None:
    heads, _ = transposed(VITALS, ["subject"], "test", "visit", {"SYSBP": "when"})
    assert heads["when"].tolist()[0] == "BL"
    assert heads["when"].isna().tolist() == [False, True]


def test_no_records() -> None:
    heads, number = transposed(VITALS.iloc[:0], ["subject"], "test", "result", {"SYSBP": "sys"})
    assert list(heads) == ["subject", "sys"]
    assert heads.empty
    assert number.empty


def test_every_record_finds_its_group_whatever_the_order() -> None:
    chance = random.Random(5)
    rows = list(VITALS.drop_duplicates(["subject", "visit", "test"]).index)
    expected = None
    for _ in range(20):
        chance.shuffle(rows)
        heads, number = transposed(
            VITALS.loc[rows],
            ["subject", "visit"],
            "test",
            "result",
            {"SYSBP": "sys", "DIABP": "dia"},
        )
        assert set(number.index) == set(rows)
        sorted_heads = heads.sort_values(["subject", "visit"]).reset_index(drop=True)
        if expected is None:
            expected = sorted_heads
        pd.testing.assert_frame_equal(sorted_heads, expected)


def test_nothing_crossed_is_nothing() -> None:
    assert [len(each) for each in crossed(VITALS, VITALS.iloc[:0])] == [0, 0]
