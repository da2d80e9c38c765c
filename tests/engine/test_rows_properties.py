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


@FEW
@given(forms(), st.sampled_from([["a"], ["-a"], ["a", "-b"]]))
def test_last_is_the_first_from_behind(form: pd.DataFrame, order: list[str]) -> None:
    made = then(start(form), last={"by": ["subject"], "order": order})
    whole(made, form)
    turned = [name.removeprefix("-") if name.startswith("-") else f"-{name}" for name in order]
    from_behind = then(start(form.iloc[::-1]), first={"by": ["subject"], "order": turned})
    assert set(made.frame.index) == set(from_behind.frame.index)


@FEW
@given(forms())
def test_transpose_has_every_record_in_one_group(form: pd.DataFrame) -> None:
    columns = {"1": "one", "2": "two"}
    made = then(
        start(form), transpose={"by": ["subject"], "name": "a", "value": "b", "columns": columns}
    )
    whole(made, form)
    assert sorted(made.edges["source_row"]) == sorted(form.index)
    for row, line, became in made.edges[["row", "source_row", "source_column"]].itertuples(
        index=False
    ):
        assert _same(made.frame.at[row, "subject"], form.at[line, "subject"])
        assert _same(became, columns.get(form.at[line, "a"]))
    for row, record in made.frame.iterrows():
        for name, new in columns.items():
            became = made.edges[made.edges["row"].eq(row) & made.edges["source_column"].eq(new)]
            known = form.loc[became["source_row"], "b"]
            assert form.loc[became["source_row"], "a"].eq(name).all()
            assert _same(record[new], next((v for line, v in known.items()), None))


BOUNDED = pd.DataFrame(
    {"subject": ["S1", "S1", "S2", "S1"], "low": [1.0, 2, 1, 3], "high": [2.0, 3, None, 3]},
    index=[5, 6, 7, 8],
)
MATCHES = {
    "between": {"between": {"n": ["low", "high"]}},
    "before": {"not_after": {"n": "low"}},
    "after": {"not_before": {"n": "low"}},
    "equal": {},
}


@FEW
@given(forms(), st.sampled_from([*MATCHES]), st.sampled_from(["keep", "drop"]))
def test_each_match_is_a_record(form: pd.DataFrame, bound: str, unmatched: str) -> None:
    form = form.assign(n=form["a"].astype("float64"))
    asked = {"with": "bounded", "on": ["subject"], "take": ["low"], "unmatched": unmatched}
    sources = {"form": form, "bounded": BOUNDED}
    every = verbs.apply(
        start(form), _step(join=asked | MATCHES[bound] | {"matches": "all"}), sources
    )
    pairs = []
    for line, record in form.iterrows():
        for place, other in BOUNDED.iterrows():
            inside = {
                "between": other["low"] <= record["n"] <= other["high"],
                "before": record["n"] <= other["low"],
                "after": record["n"] >= other["low"],
                "equal": True,
            }
            if record["subject"] == other["subject"] and inside[bound]:
                pairs.append((line, place))
    taken_rows = taken(every).set_index("row")["source_row"]
    joined = every.edges[every.edges["verb"] == "join"].set_index("row")["source_row"]
    found = pd.DataFrame({"left": taken_rows, "right": joined}).dropna()
    assert list(found.astype("int64").itertuples(index=False, name=None)) == pairs
    alone = [line for line in form.index if line not in {left for left, _ in pairs}]
    assert len(every.frame) == len(pairs) + (len(alone) if unmatched == "keep" else 0)
    assert every.frame.index.tolist() == list(range(len(every.frame)))
    one = verbs.apply(start(form), _step(join=asked | MATCHES[bound] | {"latest": "high"}), sources)
    assert set(one.frame.index) == set(taken_rows)  # the same records, each once
    best = one.edges[one.edges["verb"] == "join"].set_index("row")["source_row"]
    for line, place in best.items():
        highs = [BOUNDED.at[right, "high"] for left, right in pairs if left == line]
        assert _same(BOUNDED.at[place, "high"], pd.Series(highs).max())


ALL_VERBS: list[dict[str, Any]] = [
    {"melt": {"columns": {"a": "A", "b": "B"}, "name": "test", "value": "result"}},
    {"join": {"with": "other", "on": ["subject"], "take": ["site"]}},
    {"join": {"with": "other", "on": ["subject"], "take": ["site"], "latest": "site"}},
    {"join": {"with": "other", "on": ["subject"], "take": ["site"], "matches": "all"}},
    {
        "summarize": {
            "by": ["subject"],
            "take": {
                "n": {"distinct": "a"},
                "high": {"max": "b"},
                "late": {"last": "b", "order": ["a", "-b"]},
                "mean": {"mean": "n"},
                "std": {"std": "n"},
                "third": {"quantile": "n", "share": 0.3},
            },
        }
    },
    {"first": {"by": ["subject"], "order": ["a", "-b", "a.missing", "b.missing"]}},
    {"filter": "n > 0.2 or b is missing"},
    {"filter": {"a": "present"}},
    {"join": {"with": "other", "where": "site != 'B'", "on": ["subject"], "take": ["site"]}},
    {"last": {"by": ["subject"], "order": ["-a", "b", "a.missing", "b.missing"]}},
    {
        "transpose": {
            "by": ["subject", "a", "b.missing"],
            "name": "b",
            "value": "b",
            "columns": {"1": "one", "3": "three"},
        }
    },
]


@pytest.mark.slow
@FEW
@given(forms(), st.randoms(use_true_random=False), st.sampled_from(ALL_VERBS))
def test_the_order_of_records_changes_nothing_but_the_order(
    form: pd.DataFrame, random: Any, step: dict[str, Any]
) -> None:
    form = form.assign(n=form["a"].astype("float64") / 7)
    lines = list(form.index)
    random.shuffle(lines)
    one, two = then(start(form), **step), then(start(form.loc[lines]), **step)
    assert _content(one) == _content(two)
    if not form.duplicated().any():  # of records alike in everything the one that stands first
        assert _ancestry(one) == _ancestry(two)


@pytest.mark.slow
@FEW
@given(forms(), st.sampled_from(ALL_VERBS))
def test_partitions_of_subjects_change_nothing(form: pd.DataFrame, step: dict[str, Any]) -> None:
    form = form.assign(n=form["a"].astype("float64") / 7)
    made = then(start(form), **step)
    content: list[tuple[str, ...]] = []
    ancestry: list[str] = []
    for _, part in form.groupby("subject", dropna=False):
        alone = then(start(part), **step)
        content += _content(alone)
        ancestry += _ancestry(alone)
    assert _content(made) == sorted(content)
    assert _ancestry(made) == sorted(ancestry)


def _ancestry(made: Rows) -> list[str]:
    """The edges of each record, whatever its number."""
    told: dict[int, list[str]] = {}
    for row, *edge in made.edges.itertuples(index=False, name=None):
        told.setdefault(row, []).append(" ".join(map(str, edge)))
    return sorted("; ".join(sorted(edges)) for edges in told.values())


def _content(made: Rows) -> list[tuple[str, ...]]:
    return sorted(tuple(map(str, record)) for record in made.frame.itertuples(index=False))


def _same(one: Any, two: Any) -> bool:
    return one == two or (pd.isna(one) and pd.isna(two))
