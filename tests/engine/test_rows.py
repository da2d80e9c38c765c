"""Each row verb: a table in, a table and its edges out."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from pydantic import TypeAdapter

from ivig_cdisc.engine import verbs
from ivig_cdisc.engine.rows import Rows
from ivig_cdisc.metadata import Step

from .small import edges, rows, same, table

VITALS = table("""
   subject visit sbp dbp
 2 S1      BL    120 80
 3 S1      W3    .   85
 4 S2      BL    .   .
 5 S2      UNS   130 .
""")
SUBJECTS = table("""
   subject sex site
 2 S2      F   02
 3 S1      M   01
 4 S3      F   02
""")
SOURCES = {"vitals": VITALS, "subjects": SUBJECTS}


def step(**entries: Any) -> Step:
    """A row step as the YAML has it."""
    return TypeAdapter(Step).validate_python(entries)


def begin(**entries: Any) -> Rows:
    return verbs.start(step(**entries), SOURCES)


def then(current: Rows, sources: dict[str, pd.DataFrame] | None = None, **entries: Any) -> Rows:
    return verbs.apply(current, step(**entries), sources or SOURCES)


# ---------------------------------------------------------------- take
def test_take_is_the_source_with_an_edge_for_each_record() -> None:
    taken = begin(take="vitals")
    same(taken.frame, VITALS)
    assert edges(taken.edges) == [
        "2 take vitals 2",
        "3 take vitals 3",
        "4 take vitals 4",
        "5 take vitals 5",
    ]


def test_take_where_rename_and_set() -> None:
    taken = begin(
        take="vitals",
        where={"visit": ["BL", "W3"], "dbp": "present"},
        rename={"systolic": "sbp", "diastolic": "dbp"},
        set={"group": "CLINIC", "rank": 1},
    )
    expected = table(
        """
           subject visit systolic diastolic group  rank
         2 S1      BL    120      80        CLINIC 1
         3 S1      W3    .        85        CLINIC 1
        """,
        numbers=["rank"],
    )
    same(taken.frame, expected)
    assert edges(taken.edges) == ["2 take vitals 2", "3 take vitals 3"]


@pytest.mark.parametrize(
    ("where", "kept"),
    [
        ({}, [2, 3, 4, 5]),
        ({"sbp": "present"}, [2, 5]),
        ({"sbp": "absent"}, [3, 4]),
        ({"visit": ["BL"]}, [2, 4]),
        ({"visit": ["BL"], "sbp": "absent"}, [4]),  # all conditions hold
        ({"visit": ["W6"]}, []),
        ({"sbp": ["120"]}, [2]),
        ({"sbp": [120]}, [2]),  # what was collected is text, and 120 is written so
        ({"sbp": [120.0]}, [2]),
        ({"sbp": ["120.0"]}, []),  # text is compared as it stands
    ],
)
def test_take_where(where: dict[str, Any], kept: list[int]) -> None:
    taken = begin(take="vitals", where=where)
    assert taken.frame.index.tolist() == kept
    assert taken.edges["source_row"].tolist() == kept


def test_take_where_number() -> None:
    scores = table("score\n0 6\n1 5\n2 .", numbers=["score"])
    assert verbs.start(
        step(take="scores", where={"score": [6]}), {"scores": scores}
    ).frame.index.tolist() == [0]


def test_rename_may_swap() -> None:
    taken = begin(
        take="vitals",
        where={"visit": ["BL"], "sbp": "present"},
        rename={"sbp": "dbp", "dbp": "sbp"},
    )
    same(taken.frame, table("subject visit dbp sbp\n2 S1 BL 120 80"))


def test_set_replaces_a_column() -> None:
    taken = begin(
        take="subjects", where={"sex": ["M"]}, set={"site": "99"}
    )  # where looks at the source
    same(taken.frame, table("subject sex site\n3 S1 M 99"))


# ---------------------------------------------------------------- stack
def test_stack_numbers_anew_and_fills_columns() -> None:
    stacked = begin(
        stack=[
            {"take": "subjects", "where": {"sex": ["F"]}, "set": {"kind": "person"}},
            [
                {"take": "vitals", "where": {"sbp": "present"}},
                {"first": {"by": ["subject"], "order": ["visit"]}},
            ],
        ]
    )
    expected = table("""
       subject sex site kind   visit sbp dbp
     0 S2      F   02   person .     .   .
     1 S3      F   02   person .     .   .
     2 S1      .   .    .      BL    120 80
     3 S2      .   .    .      UNS   130 .
    """)
    same(stacked.frame, expected)
    assert stacked.edges["branch"].tolist() == [0, 0, 1, 1]
    assert edges(stacked.edges) == [
        "0 take subjects 2",
        "1 take subjects 4",
        "2 take vitals 2",
        "3 take vitals 5",
    ]


def test_stack_takes_one_source_twice() -> None:
    stacked = begin(
        stack=[{"take": "subjects", "set": {"n": 1}}, {"take": "subjects", "set": {"n": 2}}]
    )
    assert stacked.frame["subject"].tolist() == ["S2", "S1", "S3", "S2", "S1", "S3"]
    assert stacked.edges["source_row"].tolist() == [2, 3, 4, 2, 3, 4]


def test_stack_with_a_branch_that_has_no_records() -> None:
    stacked = begin(stack=[{"take": "vitals", "where": {"visit": ["W6"]}}, {"take": "subjects"}])
    same(stacked.frame.drop(columns=["visit", "sbp", "dbp"]), SUBJECTS.reset_index(drop=True))
    assert (
        stacked.frame[["visit", "sbp", "dbp"]].isna().all(axis=None)
    )  # its columns are there nevertheless
    assert stacked.edges["branch"].tolist() == [1, 1, 1]


def test_columns_that_are_empty_have_no_say_in_the_kind() -> None:
    days = pd.DataFrame({"day": pd.to_datetime(["2018-05-03", None])})
    empty = pd.DataFrame({"day": [None], "n": [7]})  # as text, as it happens
    stacked = verbs.start(
        step(stack=[{"take": "empty"}, {"take": "days"}]), {"days": days, "empty": empty}
    )
    assert stacked.frame["day"].isna().tolist() == [True, False, True]
    assert pd.api.types.is_datetime64_any_dtype(stacked.frame["day"])


def test_columns_of_a_branch_without_records_keep_their_kind() -> None:
    sources = {
        "days": pd.DataFrame({"day": pd.to_datetime(["2018-05-03"]), "n": [1]}),
        "subjects": SUBJECTS,
    }
    stacked = verbs.start(
        step(stack=[{"take": "days", "where": {"n": [2]}}, {"take": "subjects"}]), sources
    )
    assert pd.api.types.is_datetime64_any_dtype(stacked.frame["day"])
    assert stacked.frame["day"].isna().all()


def test_stack_without_any_record() -> None:
    nothing = {"subject": ["nobody"]}
    stacked = begin(
        stack=[{"take": "vitals", "where": nothing}, {"take": "subjects", "where": nothing}]
    )
    assert list(stacked.frame.columns) == ["subject", "visit", "sbp", "dbp", "sex", "site"]
    assert len(stacked.frame) == len(stacked.edges) == 0


def test_stack_unites_categories() -> None:
    one, two = (
        table("who\n0 A\n1 B", categories=["who"]),
        table("who\n0 C\n1 B", categories=["who"]),
    )
    stacked = verbs.start(step(stack=[{"take": "one"}, {"take": "two"}]), {"one": one, "two": two})
    assert stacked.frame["who"].tolist() == ["A", "B", "C", "B"]
    assert stacked.frame["who"].cat.categories.tolist() == ["A", "B", "C"]


# ---------------------------------------------------------------- melt
COLLECTED = VITALS.assign(**{"sbp.missing": [None, "NOT DONE", None, None], "dbp.missing": None})
MELT = {"columns": {"sbp": "SYSBP", "dbp": "DIABP"}, "name": "test", "value": "result"}


def test_melt_leaves_out_what_is_empty_without_reason() -> None:
    melted = then(rows(COLLECTED, "vitals"), melt={**MELT, "reason": "reason"})
    expected = table("""
       subject visit test  result reason
     0 S1      BL    SYSBP 120    .
     1 S1      BL    DIABP 80     .
     2 S1      W3    SYSBP .      NOT_DONE
     3 S1      W3    DIABP 85     .
     6 S2      UNS   SYSBP 130    .
    """).replace("NOT_DONE", "NOT DONE")
    same(melted.frame, expected)
    assert edges(melted.edges) == [
        "0 take vitals 2 sbp",
        "1 take vitals 2 dbp",
        "2 take vitals 3 sbp",  # a reason is a result
        "3 take vitals 3 dbp",
        "6 take vitals 5 sbp",
    ]


def test_melt_without_reason() -> None:
    melted = then(rows(VITALS, "vitals"), melt=MELT)
    assert melted.frame["result"].tolist() == ["120", "80", "85", "130"]
    assert set(melted.frame.columns) == {"subject", "visit", "test", "result"}
    same(
        then(rows(COLLECTED, "vitals"), melt=MELT).frame, melted.frame
    )  # the reasons go with their columns


def test_melt_keeps_what_is_empty_where_it_is_asked() -> None:
    melted = then(rows(COLLECTED, "vitals"), melt={**MELT, "reason": "reason", "empty": "keep"})
    assert melted.frame["result"].isna().sum() == 4
    assert list(melted.frame.index) == list(range(8))
    assert edges(melted.edges) == [
        "0 take vitals 2 sbp",
        "1 take vitals 2 dbp",
        "2 take vitals 3 sbp",
        "3 take vitals 3 dbp",
        "4 take vitals 4 sbp",  # an empty cell is one of the raw export, too
        "5 take vitals 4 dbp",
        "6 take vitals 5 sbp",
        "7 take vitals 5 dbp",
    ]
    without = then(rows(VITALS, "vitals"), melt={**MELT, "empty": "keep"})
    assert without.frame["result"].isna().sum() == 4


def test_melt_after_a_join_says_the_column_of_the_record_only() -> None:
    joined = then(
        rows(VITALS.loc[[2]], "vitals"),
        join={"with": "subjects", "on": ["subject"], "take": ["sex"]},
    )
    melted = then(joined, melt=MELT)
    assert edges(melted.edges) == [
        "0 take vitals 2 sbp",
        "0 join subjects 3",
        "1 take vitals 2 dbp",
        "1 join subjects 3",
    ]
    assert melted.frame["sex"].tolist() == ["M", "M"]


def test_edges_of_a_melt_name_the_column_as_its_source_does() -> None:
    renamed = begin(take="vitals", where={"visit": ["BL"]}, rename={"high": "sbp", "low": "dbp"})
    chosen = then(renamed, first={"by": ["subject"], "order": ["high"]})
    melted = then(
        chosen,
        melt={"columns": {"high": "SYSBP", "low": "DIABP"}, "name": "test", "value": "result"},
    )
    assert edges(melted.edges) == ["0 take vitals 2 sbp", "1 take vitals 2 dbp"]


def test_melt_of_nothing() -> None:
    melted = then(rows(VITALS.iloc[:0], "vitals"), melt=MELT)
    assert set(melted.frame.columns) == {"subject", "visit", "test", "result"}
    assert len(melted.frame) == len(melted.edges) == 0


def test_melt_makes_text_of_numbers_and_categories() -> None:
    frame = table("a b\n0 1.5 x", numbers=["a"], categories=["b"])
    melted = then(rows(frame), melt={"columns": {"a": "A", "b": "B"}, "name": "n", "value": "v"})
    assert melted.frame["v"].tolist() == ["1.5", "x"]


# ---------------------------------------------------------------- join
def test_join_keeps_who_has_no_match() -> None:
    joined = then(
        rows(table("subject n\n7 S1 1\n8 S9 2\n9 . 3\n10 S1 4")),
        join={"with": "subjects", "on": ["subject"], "take": ["sex", "site"]},
    )
    expected = table("""
        subject n sex site
     7  S1      1 M   01
     8  S9      2 .   .
     9  .       3 .   .
     10 S1      4 M   01
    """)
    same(joined.frame, expected)
    assert edges(joined.edges) == [
        "7 take form 7",
        "7 join subjects 3",
        "8 take form 8",
        "9 take form 9",
        "10 take form 10",
        "10 join subjects 3",
    ]


def test_join_drops_who_has_no_match() -> None:
    joined = then(
        rows(table("subject\n7 S9\n8 S1\n9 .")),
        join={"with": "subjects", "on": ["subject"], "take": ["sex"], "unmatched": "drop"},
    )
    same(joined.frame, table("subject sex\n8 S1 M"))
    assert edges(joined.edges) == ["8 take form 8", "8 join subjects 3"]


def test_join_under_other_names() -> None:
    joined = then(
        rows(table("who day\n0 S1 BL\n1 S1 W3\n2 S2 W3")),
        join={"with": "vitals", "on": {"who": "subject", "day": "visit"}, "take": {"low": "dbp"}},
    )
    same(joined.frame, table("who day low\n0 S1 BL 80\n1 S1 W3 85\n2 S2 W3 ."))


def test_join_never_multiplies_records() -> None:
    twice = table(
        "subject sex\n0 S1 M\n1 S1 F\n2 . X"
    )  # bad data: the key is a duplicate, or is missing
    joined = then(
        rows(table("subject\n0 S1\n1 .")),
        {"twice": twice},
        join={"with": "twice", "on": ["subject"], "take": ["sex"]},
    )
    same(joined.frame, table("subject sex\n0 S1 M\n1 . ."))
    assert edges(joined.edges) == ["0 take form 0", "0 join twice 0", "1 take form 1"]


@pytest.mark.parametrize("left", [["subject"], []])
@pytest.mark.parametrize("right", [["subject"], []])
def test_join_of_text_and_categories(left: list[str], right: list[str]) -> None:
    frame = table("subject\n0 S1\n1 S9\n2 S2", categories=left)
    other = table("subject n\n0 S2 2\n1 S1 1", categories=right)
    joined = then(
        rows(frame), {"other": other}, join={"with": "other", "on": ["subject"], "take": ["n"]}
    )
    same(joined.frame, table("subject n\n0 S1 1\n1 S9 .\n2 S2 2"))


def test_join_keeps_kinds() -> None:
    other = pd.DataFrame({"subject": ["S1"], "day": pd.to_datetime(["2018-05-03"]), "n": [1]})
    joined = then(
        rows(table("subject\n0 S1\n1 S2")),
        {"other": other},
        join={"with": "other", "on": ["subject"], "take": ["day", "n"]},
    )
    assert pd.api.types.is_datetime64_any_dtype(joined.frame["day"])
    assert joined.frame["n"].tolist()[0] == 1.0
    assert joined.frame.loc[1].isna().tolist() == [False, True, True]


# ---------------------------------------------------------------- first
MEASURED = table(
    """
       subject day value
     2 S2      .   9
     3 S1      2   .
     4 S1      1   7
     5 S1      1   8
     6 S2      4   1
     7 .       5   5
     8 .       4   6
    """,
    numbers=["day", "value"],
)


@pytest.mark.parametrize(
    ("order", "kept"),
    [
        (
            ["day"],
            [4, 6, 8],
        ),  # a tie goes to the record that stands first; no day comes last; no subject is a group
        (["-day"], [3, 6, 7]),  # no day comes last here too
        (["day", "-value"], [5, 6, 8]),
        (["value"], [4, 6, 7]),
        (["-value", "day"], [2, 5, 8]),
    ],
)
def test_first(order: list[str], kept: list[int]) -> None:
    chosen = then(rows(MEASURED), first={"by": ["subject"], "order": order})
    same(chosen.frame, MEASURED.loc[kept])  # in the order in which they stood
    assert edges(chosen.edges) == [f"{n} take form {n}" for n in kept]


def test_first_descending_tie() -> None:
    frame = table("subject day\n0 S1 5\n1 S1 5", numbers=["day"])
    assert then(rows(frame), first={"by": ["subject"], "order": ["-day"]}).frame.index.tolist() == [
        0
    ]


def test_first_of_nothing() -> None:
    assert then(rows(MEASURED.iloc[:0]), first={"by": ["subject"], "order": ["day"]}).frame.empty


# ---------------------------------------------------------------- summarize
def test_summarize() -> None:
    statistics = ["sum", "count", "distinct", "min", "max"]
    frame = table(
        """
           subject visit value
         2 S2      BL    1.5
         3 S1      BL    .
         4 S2      W3    2.5
         5 S2      BL    2.5
         6 .       BL    4
         7 S1      W3    .
        """,
        numbers=["value"],
    )
    summary = then(
        rows(frame),
        summarize={"by": ["subject"], "take": {how: {how: "value"} for how in statistics}},
    )
    expected = table(
        """
           subject sum count distinct min max
         0 S2      6.5 3     2        1.5 2.5
         1 S1      .   0     0        .   .
         2 .       4   1     1        4   4
        """,  # in order of appearance; a sum of nothing is missing, not 0; no subject is a group
        numbers=statistics,
    )
    same(summary.frame, expected)
    assert edges(summary.edges) == [
        "0 take form 2",
        "0 take form 4",
        "0 take form 5",
        "1 take form 3",
        "1 take form 7",
        "2 take form 6",
    ]


@pytest.mark.parametrize("categories", [[], ["subject", "date"]])
def test_summarize_text(categories: list[str]) -> None:
    frame = table(
        "subject date\n0 S1 2018-05-03\n1 S1 2018-05\n2 S1 .\n3 S2 .", categories=categories
    )
    take = {
        "n": {"count": "date"},
        "kinds": {"distinct": "date"},
        "low": {"min": "date"},
        "high": {"max": "date"},
    }
    summary = then(rows(frame), summarize={"by": ["subject"], "take": take})
    expected = table(
        "subject n kinds low high\n0 S1 2 2 2018-05 2018-05-03\n1 S2 0 0 . .",
        numbers=["n", "kinds"],
    )
    same(summary.frame, expected)


def test_summarize_dates() -> None:
    day = pd.to_datetime(pd.Series(["2018-05-03", None, "2018-05-01"]))
    frame = pd.DataFrame({"subject": ["S1", "S1", "S1"], "day": day})
    summary = then(
        rows(frame),
        summarize={"by": ["subject"], "take": {"a": {"min": "day"}, "z": {"max": "day"}}},
    )
    assert summary.frame.loc[0, ["a", "z"]].tolist() == [
        pd.Timestamp("2018-05-01"),
        pd.Timestamp("2018-05-03"),
    ]


def test_summarize_after_a_join_has_all_parents() -> None:
    joined = then(
        rows(VITALS.loc[[2, 3]], "vitals"),
        join={"with": "subjects", "on": ["subject"], "take": ["sex"]},
    )
    summary = then(joined, summarize={"by": ["sex"], "take": {"n": {"count": "sbp"}}})
    same(summary.frame, table("sex n\n0 M 1", numbers=["n"]))
    assert sorted(edges(summary.edges)) == [
        "0 join subjects 3",
        "0 join subjects 3",
        "0 take vitals 2",
        "0 take vitals 3",
    ]


def test_summarize_of_nothing() -> None:
    summary = then(
        rows(MEASURED.iloc[:0]), summarize={"by": ["subject"], "take": {"n": {"count": "day"}}}
    )
    assert list(summary.frame.columns) == ["subject", "n"]
    assert summary.frame.empty


def test_summarize_first_and_last_by_order() -> None:
    frame = table(
        """
           subject day visit
         2 S1      3   .
         3 S1      1   BL
         4 S1      2   W3
         5 S1      .   UNS
         6 S2      .   W9
         7 S3      1   .
        """,
        numbers=["day"],
        categories=["visit"],
    )
    take = {
        "first": {"first": "visit", "order": ["day"]},
        "last": {"last": "visit", "order": ["day"]},
        "least": {"last": "visit", "order": ["-day"]},
    }
    summary = then(rows(frame), summarize={"by": ["subject"], "take": take})
    expected = table("""
       subject first last least
     0 S1      BL    W3   BL
     1 S2      W9    W9   W9
     2 S3      .     .    .
    """)  # the visit of day 3 is missing; the one without a day counts only where there is no other
    same(summary.frame, expected)


# ---------------------------------------------------------------- last
@pytest.mark.parametrize(
    ("order", "kept"),
    [
        (["day"], [3, 6, 7]),  # no day comes first: S2 has another
        (["-day"], [5, 6, 8]),  # the least day; of a tie the record that stands last
        (["day", "-value"], [3, 6, 7]),
        (["value"], [2, 5, 8]),
        (["-value", "day"], [4, 6, 7]),
    ],
)
def test_last(order: list[str], kept: list[int]) -> None:
    chosen = then(rows(MEASURED), last={"by": ["subject"], "order": order})
    same(chosen.frame, MEASURED.loc[kept])
    assert edges(chosen.edges) == [f"{n} take form {n}" for n in kept]


def test_last_of_dates_known_in_part() -> None:
    frame = table("subject day\n0 S1 2018-05\n1 S1 2018-05-02\n2 S1 --05-09\n3 S1 .")
    chosen = then(rows(frame), last={"by": ["subject"], "order": ["day"]})
    assert chosen.frame.index.tolist() == [1]  # without a year it is never the last


# ---------------------------------------------------------------- transpose
TURN = {"name": "test", "value": "result", "columns": {"SYSBP": "high", "DIABP": "low"}}
LONG = table(
    """
       subject visit test  result
     2 S1      BL    SYSBP 120
     3 S1      BL    PULSE 61
     4 S2      .     DIABP 75
     5 S1      BL    SYSBP 121
     6 S1      W3    PULSE 60
     7 S1      BL    DIABP .
    """,
    numbers=["result"],
    categories=["test"],
)


def test_transpose() -> None:
    turned = then(rows(LONG), transpose={"by": ["subject", "visit"], **TURN})
    expected = table(
        """
           subject visit high low
         0 S1      BL    120  .
         1 S2      .     .    75
         2 S1      W3    .    .
        """,  # of two systolic values the first; a group may have none of the tests
        numbers=["high", "low"],
    )
    same(turned.frame, expected)
    assert edges(turned.edges) == [
        "0 take form 2 high",
        "0 take form 3",
        "0 take form 5 high",
        "0 take form 7 low",
        "1 take form 4 low",
        "2 take form 6",
    ]


def test_transpose_by_numbers() -> None:
    frame = table("s number v\n0 S1 1 7\n1 S1 2.5 8", numbers=["number", "v"])
    columns = {"1": "one", "2.5": "between"}
    turned = then(
        rows(frame), transpose={"by": ["s"], "name": "number", "value": "v", "columns": columns}
    )
    same(turned.frame, table("s one between\n0 S1 7 8", numbers=["one", "between"]))


def test_transpose_is_the_reverse_of_melt() -> None:
    melted = then(rows(VITALS.loc[[2, 5]], "vitals"), melt=MELT)
    columns = {"SYSBP": "sbp", "DIABP": "dbp"}
    by = ["subject", "visit"]
    turned = then(
        melted, transpose={"by": by, "name": "test", "value": "result", "columns": columns}
    )
    same(turned.frame, VITALS.loc[[2, 5]].reset_index(drop=True))
    assert edges(turned.edges) == [  # the column that a melt made the record of is still told
        "0 take vitals 2 sbp",
        "0 take vitals 2 dbp",
        "1 take vitals 5 sbp",
    ]


def test_transpose_of_nothing() -> None:
    turned = then(rows(LONG.iloc[:0]), transpose={"by": ["subject"], **TURN})
    assert list(turned.frame.columns) == ["subject", "high", "low"]
    assert len(turned.frame) == len(turned.edges) == 0


# ---------------------------------------------------------------- join: one of several, or all
DOSES = table(
    """
       subject begin end gram
     2 S1      1     5   40
     3 S1      5     9   80
     4 S1      5     9   85
     5 S1      .     9   90
     6 S2      2     .   50
    """,
    numbers=["begin", "end", "gram"],
)
EVENTS = table("subject day\n7 S1 5\n8 S2 3\n9 S1 .\n10 . 5\n11 S1 20", numbers=["day"])


@pytest.mark.parametrize(
    ("words", "matches"),
    [
        # ends are included; of those alike the first of the source; a missing end holds nothing
        ({"between": {"day": ["begin", "end"]}, "latest": "begin"}, {7: 3}),
        ({"between": {"day": ["begin", "end"]}, "earliest": "begin"}, {7: 2}),
        ({"not_before": {"day": "begin"}, "latest": "begin"}, {7: 3, 8: 6, 11: 3}),
        ({"not_after": {"day": "end"}, "earliest": "gram"}, {7: 2}),
        ({"latest": "gram"}, {7: 5, 8: 6, 9: 5, 11: 5}),  # whatever the day
        ({"latest": "begin"}, {7: 3, 8: 6, 9: 3, 11: 3}),  # what is missing loses
        ({"nearest": {"day": "end"}}, {7: 2, 11: 3}),
        ({"nearest": {"day": "begin"}, "within": 1}, {7: 3, 8: 6}),
        ({"nearest": {"day": "begin"}, "latest": "gram"}, {7: 4, 8: 6, 11: 4}),  # of those as near
    ],
)
def test_join_one_of_several(words: dict[str, Any], matches: dict[int, int]) -> None:
    asked = {"with": "doses", "on": ["subject"], "take": ["gram"], **words}
    joined = then(rows(EVENTS), {"doses": DOSES}, join=asked)
    assert joined.frame.index.tolist() == EVENTS.index.tolist()
    looked_up = joined.edges[joined.edges["verb"] == "join"]
    assert dict(zip(looked_up["row"], looked_up["source_row"], strict=True)) == matches
    found = joined.frame["gram"].dropna().to_dict()
    assert found == {row: DOSES.at[dose, "gram"] for row, dose in matches.items()}


def test_join_all() -> None:
    asked = {"with": "doses", "on": ["subject"], "take": ["gram"], "matches": "all"}
    joined = then(
        rows(EVENTS), {"doses": DOSES}, join={**asked, "between": {"day": ["begin", "end"]}}
    )
    expected = table(
        """
           subject day gram
         0 S1      5   40
         1 S1      5   80
         2 S1      5   85
         3 S2      3   .
         4 S1      .   .
         5 .       5   .
         6 S1      20  .
        """,
        numbers=["day", "gram"],
    )
    same(joined.frame, expected)
    assert edges(joined.edges) == [
        "0 take form 7",
        "0 join doses 2",
        "1 take form 7",
        "1 join doses 3",
        "2 take form 7",
        "2 join doses 4",
        "3 take form 8",
        "4 take form 9",
        "5 take form 10",
        "6 take form 11",
    ]


def test_join_all_and_drop() -> None:
    asked = {"with": "doses", "on": ["subject"], "take": ["gram"], "matches": "all"}
    words = {"not_before": {"day": "end"}, "unmatched": "drop"}
    joined = then(rows(EVENTS), {"doses": DOSES}, join={**asked, **words})
    assert joined.frame["day"].tolist() == [5.0, 20.0, 20.0, 20.0, 20.0]
    assert joined.frame["gram"].tolist() == [40.0, 40.0, 80.0, 85.0, 90.0]


def test_join_of_nothing() -> None:
    asked = {"with": "doses", "on": ["subject"], "take": ["gram"], "latest": "begin"}
    assert then(rows(EVENTS.iloc[:0]), {"doses": DOSES}, join=asked).frame.empty
    alone = then(rows(EVENTS), {"doses": DOSES.iloc[:0]}, join=asked)
    assert alone.frame["gram"].isna().all()
    assert len(alone.frame) == len(EVENTS)
