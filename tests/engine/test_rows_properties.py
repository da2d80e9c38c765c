"""What holds of the row verbs whatever the records: no record is lost or invented in silence."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from ivig_cdisc.engine import verbs
from ivig_cdisc.engine.rows import Rows
from ivig_cdisc.metadata import Step

FEW = settings(max_examples=25, deadline=None)  # frames are slow, and small ones show everything
CELL = st.sampled_from(["1", "2", "3", None])
RECORD = st.fixed_dictionaries(
    {
        "subject": st.sampled_from(["S1", "S2", "S3", None]),
        "a": CELL,
        "b": CELL,
        "a.missing": CELL,
        "b.missing": CELL,
    }
)
COLUMNS = ("subject", "a", "b", "a.missing", "b.missing")
OTHER = pd.DataFrame(
    {"subject": ["S1", "S2", "S1"], "site": ["01", "02", "03"]}, dtype="str", index=[5, 6, 7]
)


@st.composite
def forms(draw: st.DrawFn) -> pd.DataFrame:
    """A form: records in any order on lines that need not follow each other."""
    records = draw(st.lists(RECORD, max_size=8))
    lines = draw(st.permutations(range(2, 2 + 2 * len(records))))[: len(records)]
    text = {name: pd.Series([r[name] for r in records], dtype="str") for name in COLUMNS}
    return pd.DataFrame(text).set_axis(pd.Index(lines, dtype="int64"))


def start(form: pd.DataFrame, **entries: Any) -> Rows:
    return verbs.start(_step(**({"take": "form"} | entries)), {"form": form, "other": OTHER})


def then(current: Rows, **entries: Any) -> Rows:
    return verbs.apply(current, _step(**entries), {"other": OTHER})


def _step(**entries: Any) -> Step:
    return TypeAdapter(Step).validate_python(entries)


def taken(made: Rows) -> pd.DataFrame:
    return made.edges[made.edges["verb"] == "take"]


def whole(made: Rows, form: pd.DataFrame) -> None:
    """Every row has a parent, every edge leads from a row to a record, and a row's number is its own."""
    assert made.frame.index.is_unique
    assert set(made.edges["row"]) == set(made.frame.index) == set(taken(made)["row"])
    for source, frame in (("form", form), ("other", OTHER)):
        assert set(made.edges.loc[made.edges["source"] == source, "source_row"]) <= set(frame.index)


@FEW
@given(forms(), st.sampled_from(["present", "absent", ["1"], ["1", "2"], []]))
def test_take_leaves_out_what_does_not_fit(form: pd.DataFrame, where: Any) -> None:
    made = start(form, where={"a": where})
    whole(made, form)
    known = {"present": form["a"].notna(), "absent": form["a"].isna()}
    fits = known[where] if isinstance(where, str) else form["a"].isin(where)
    assert made.frame.index.tolist() == form.index[fits].tolist()


@FEW
@given(forms())
def test_stack_has_all_records_of_all_branches(form: pd.DataFrame) -> None:
    sources = {"form": form, "other": OTHER}
    made = verbs.start(
        _step(stack=[{"take": "form"}, {"take": "other"}, {"take": "form"}]), sources
    )
    whole(made, form)
    assert made.frame.index.tolist() == list(range(2 * len(form) + len(OTHER)))
    assert taken(made)["source_row"].tolist() == [*form.index, *OTHER.index, *form.index]


@FEW
@given(forms(), st.booleans())
def test_melt_leaves_out_empty_cells_only(form: pd.DataFrame, reasoned: bool) -> None:
    columns = {"columns": {"a": "A", "b": "B"}, "name": "test", "value": "result"}
    made = then(start(form), melt=columns | ({"reason": "why"} if reasoned else {}))
    whole(made, form)
    cells = {
        (line, name)
        for name in ("a", "b")
        for line in form.index
        if not pd.isna(form.at[line, name])
        or (reasoned and not pd.isna(form.at[line, f"{name}.missing"]))
    }
    assert set(zip(made.edges["source_row"], made.edges["source_column"], strict=True)) == cells
    assert len(made.frame) == len(cells)
    for row, line, name in made.edges[["row", "source_row", "source_column"]].itertuples(
        index=False
    ):
        assert made.frame.at[row, "test"] == name.upper()
        assert _same(made.frame.at[row, "result"], form.at[line, name])


@pytest.mark.slow
@FEW
@given(forms(), st.sampled_from(["keep", "drop"]))
def test_join_neither_doubles_nor_loses(form: pd.DataFrame, unmatched: str) -> None:
    made = then(
        start(form),
        join={"with": "other", "on": ["subject"], "take": ["site"], "unmatched": unmatched},
    )
    whole(made, form)
    matched = form.index[form["subject"].isin(["S1", "S2"])].tolist()
    assert made.frame.index.tolist() == (form.index.tolist() if unmatched == "keep" else matched)
    assert made.edges.loc[made.edges["verb"] == "join", "row"].tolist() == matched
    assert made.frame.index[made.frame["site"].notna()].tolist() == matched


@FEW
@given(forms(), st.sampled_from([["a"], ["-a"], ["a", "-b"]]))
def test_first_leaves_one_record_of_each_group(form: pd.DataFrame, order: list[str]) -> None:
    made = then(start(form), first={"by": ["subject"], "order": order})
    whole(made, form)
    assert not made.frame["subject"].duplicated().any()
    assert set(made.frame["subject"].fillna("")) == set(form["subject"].fillna(""))
    best = {
        key: _rank(group, order[0]) for key, group in form.groupby("subject", dropna=False)["a"]
    }
    for _, record in made.frame.iterrows():
        assert _rank(pd.Series([record["a"]]), order[0]) == next(
            v for k, v in best.items() if _same(k, record["subject"])
        )


def _rank(values: pd.Series, order: str) -> float:
    """The best rank in the order; a missing value is worse than any."""
    sign = -1 if order.startswith("-") else 1
    return min((sign * float(v) for v in values if not pd.isna(v)), default=math.inf)


@FEW
@given(forms())
def test_summarize_has_every_record_in_one_group(form: pd.DataFrame) -> None:
    made = then(
        start(form),
        summarize={"by": ["subject"], "take": {"n": {"count": "a"}, "low": {"min": "a"}}},
    )
    whole(made, form)
    assert sorted(made.edges["source_row"]) == sorted(form.index)
    for row, line in made.edges[["row", "source_row"]].itertuples(index=False):
        assert _same(made.frame.at[row, "subject"], form.at[line, "subject"])
    assert made.frame["n"].sum() == form["a"].notna().sum()


@pytest.mark.slow
@FEW
@given(forms(), st.randoms(use_true_random=False))
def test_the_order_of_records_changes_nothing_but_the_order(
    form: pd.DataFrame, random: Any
) -> None:
    lines = list(form.index)
    random.shuffle(lines)
    for steps in (
        [{"melt": {"columns": {"a": "A", "b": "B"}, "name": "test", "value": "result"}}],
        [{"join": {"with": "other", "on": ["subject"], "take": ["site"]}}],
        [
            {
                "summarize": {
                    "by": ["subject"],
                    "take": {"n": {"distinct": "a"}, "high": {"max": "b"}},
                }
            }
        ],
        [{"first": {"by": ["subject"], "order": ["a", "-b", "a.missing", "b.missing"]}}],
    ):
        one, two = start(form), start(form.loc[lines])
        for entries in steps:
            one, two = then(one, **entries), then(two, **entries)
        assert _content(one) == _content(two)


def _content(made: Rows) -> list[tuple[str, ...]]:
    return sorted(tuple(map(str, record)) for record in made.frame.itertuples(index=False))


def _same(one: Any, two: Any) -> bool:
    return one == two or (pd.isna(one) and pd.isna(two))
