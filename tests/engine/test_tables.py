"""lookup and cross: literal rows in, literal rows and edges out, and what holds whatever the rows."""

from __future__ import annotations

from typing import Any

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from ivig_cdisc.engine import verbs
from ivig_cdisc.engine.rows import Rows
from ivig_cdisc.engine.undefined import undefined
from ivig_cdisc.metadata import Step

from .small import edges, rows, same, table

PARAMETERS = pd.DataFrame(
    {"code": ["ALT", "CK"], "name": ["Alanine", "Creatine"], "n": [1.0, 2.0]}, index=[1, 2]
)
VISITS = pd.DataFrame({"num": [1.0, 2.0], "visit": ["BASELINE", "WEEK 4"]}, index=[1, 2])
SOURCES = {"parameters": PARAMETERS, "visits": VISITS}
FEW = settings(max_examples=25, deadline=None)


def then(current: Rows, **step: Any) -> Rows:
    return verbs.apply(current, TypeAdapter(Step).validate_python(step), SOURCES)


LOOKUP = {"table": "parameters", "on": {"test": "code"}, "take": {"param": "name", "n": "n"}}


# ---------------------------------------------------------------- lookup
def test_lookup() -> None:
    labs = table(
        """
            id test
        9   S1 CK
        4   S1 ALT
        5   S2 UREA
        7   S2 .
        """
    )
    made = then(rows(labs), lookup=LOOKUP)
    same(
        made.frame[["id", "test", "param", "n"]],
        table(
            """
                id test param n
            9   S1 CK   Creatine 2
            4   S1 ALT  Alanine  1
            5   S2 UREA .        .
            7   S2 .    .        .
            """,
            numbers=["n"],
        ),
    )
    assert edges(made.edges) == [
        "4 take form 4",
        "4 join parameters 1",
        "5 take form 5",
        "7 take form 7",
        "9 take form 9",
        "9 join parameters 2",
    ]
    # UREA is told, and of a record without a test nothing is
    told = undefined(made.frame)
    assert told.to_numpy().tolist() == [
        [5, "param", "the table parameters has no row for code UREA"]
    ]


def test_a_number_and_a_text_that_read_the_same() -> None:
    """1 of the table is 1 of a form, whose columns are text; 01 is another."""
    for text, name in (("1", "BASELINE"), ("2", "WEEK 4"), ("01", None), ("1.0", None)):
        form = pd.DataFrame({"visit_number": [text]}, index=[3])
        given = {"table": "visits", "on": {"visit_number": "num"}, "take": "visit"}
        made = then(rows(form), lookup=given)
        assert made.frame["visit"].astype("object").where(
            made.frame["visit"].notna(), None
        ).tolist() == [name]


def test_several_keys_are_told_with_their_values() -> None:
    form = pd.DataFrame({"a": ["ALT", "ALT"], "b": [1.0, 3.0]}, index=[3, 8])
    given = {"table": "parameters", "on": {"a": "code", "b": "n"}, "take": {"param": "name"}}
    made = then(rows(form), lookup=given)
    assert undefined(made.frame)["reason"].tolist() == [
        "the table parameters has no row for code ALT, n 3"
    ]
    assert made.frame["param"].tolist()[0] == "Alanine"


def test_no_records() -> None:
    labs = pd.DataFrame({"test": pd.Series(dtype="str")}, index=pd.Index([], dtype="int64"))
    made = then(rows(labs), lookup=LOOKUP)
    assert list(made.frame) == ["test", "param", "n"]
    assert made.edges.empty
    crossed = then(rows(labs), cross={"with": "visits", "take": ["visit"]})
    assert list(crossed.frame) == ["test", "visit"]
    assert crossed.edges.empty


# ---------------------------------------------------------------- cross
def test_cross() -> None:
    people = table(
        """
            id
        9   S1
        4   S2
        """
    )
    made = then(rows(people), cross={"with": "visits", "take": {"visit": "visit", "day": "num"}})
    same(
        made.frame.assign(visit=made.frame["visit"].str.replace(" ", "_")),
        table(
            """
                id visit    day
            0   S1 BASELINE 1
            1   S1 WEEK_4   2
            2   S2 BASELINE 1
            3   S2 WEEK_4   2
            """,
            numbers=["day"],
        ),
    )
    assert edges(made.edges) == [
        "0 take form 9",
        "0 join visits 1",
        "1 take form 9",
        "1 join visits 2",
        "2 take form 4",
        "2 join visits 1",
        "3 take form 4",
        "3 join visits 2",
    ]


# ---------------------------------------------------------------- whatever the records
RECORD = st.fixed_dictionaries(
    {
        "id": st.sampled_from(["S1", "S2", None]),
        "test": st.sampled_from(["ALT", "CK", "UREA", None]),
    }
)


@st.composite
def forms(draw: st.DrawFn) -> pd.DataFrame:
    """A form: records in any order on lines that need not follow each other."""
    records = draw(st.lists(RECORD, max_size=8))
    lines = draw(st.permutations(range(2, 2 + 2 * len(records))))[: len(records)]
    text = {name: pd.Series([r[name] for r in records], dtype="str") for name in ("id", "test")}
    return pd.DataFrame(text).set_axis(pd.Index(lines, dtype="int64"))


@FEW
@given(forms())
def test_lookup_neither_loses_nor_doubles(form: pd.DataFrame) -> None:
    made = then(rows(form), lookup=LOOKUP)
    assert made.frame.index.tolist() == form.index.tolist()
    found = form["test"].isin(["ALT", "CK"])
    looked_up = made.edges[made.edges["verb"] == "join"]
    # each record has its row, is told, or has nothing to look up
    assert sorted(looked_up["row"]) == sorted(form.index[found])
    assert sorted(undefined(made.frame)["row"]) == sorted(form.index[form["test"].eq("UREA")])
    assert made.frame["param"].notna().equals(found)
    assert sorted(made.edges.loc[made.edges["verb"] == "take", "source_row"]) == sorted(form.index)


@FEW
@given(forms())
def test_cross_has_every_pair_once(form: pd.DataFrame) -> None:
    made = then(rows(form), cross={"with": "visits", "take": ["num"]})
    assert made.frame.index.tolist() == list(range(2 * len(form)))
    by_verb = {
        verb: part.set_index("row")["source_row"]
        for verb, part in made.edges.groupby("verb", observed=True)
    }
    pairs = set(zip(by_verb.get("take", []), by_verb.get("join", []), strict=True))
    assert pairs == {(line, visit) for line in form.index for visit in (1, 2)}
    assert len(made.edges) == 4 * len(form)


@FEW
@given(forms(), st.randoms(use_true_random=False))
def test_the_order_of_records_changes_nothing_but_the_order(
    form: pd.DataFrame, random: Any
) -> None:
    lines = list(form.index)
    random.shuffle(lines)
    for step in ({"lookup": LOOKUP}, {"cross": {"with": "visits", "take": ["num"]}}):
        one, two = then(rows(form), **step), then(rows(form.loc[lines]), **step)
        assert content(one) == content(two)


@FEW
@given(forms(), st.integers(0, 8))
def test_partitions_change_nothing(form: pd.DataFrame, cut: int) -> None:
    """Two parts one after another are the whole."""
    for step in ({"lookup": LOOKUP}, {"cross": {"with": "visits", "take": ["num"]}}):
        whole = then(rows(form), **step)
        parts = [then(rows(part), **step) for part in (form.iloc[:cut], form.iloc[cut:])]
        assert content(whole) == sorted([*content(parts[0]), *content(parts[1])])


def content(made: Rows) -> list[tuple[str, ...]]:
    """The records with the rows that they are made of, whatever their numbers."""
    sources = made.edges["source"].astype("str") + " " + made.edges["source_row"].astype("str")
    of_row = sources.groupby(made.edges["row"]).agg(lambda found: " ".join(sorted(found)))
    known = made.frame.drop(columns="param.undefined", errors="ignore")
    cells = known.astype("str").fillna("")
    told = [
        (*record, of_row[row])
        for row, record in zip(made.frame.index, cells.itertuples(index=False), strict=True)
    ]
    return sorted(told)
