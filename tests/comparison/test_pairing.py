"""Which record is which, in small tables."""

from __future__ import annotations

import pandas as pd

from ivig_cdisc.comparison.pairing import changes, codes, identities, pair

COLUMNS = ["who", "date", "value"]


def table(*rows: tuple[str, str | None, float | None]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=COLUMNS).astype(
        {"who": "str", "date": "str", "value": "float64"}
    )


def matched(old: pd.DataFrame, new: pd.DataFrame) -> list[tuple[int, int]]:
    pairs = pair(old, new, identities(COLUMNS, ["who", "date"], ["date"]))
    return sorted(zip(pairs["old"].tolist(), pairs["new"].tolist(), strict=True))


def test_the_order_of_records_does_not_matter() -> None:
    rows = [("a", "2017-01-01", 1.0), ("b", None, 2.0), ("b", "2017-01-02", None)]
    assert matched(table(*rows), table(*rows[::-1])) == [(0, 2), (1, 1), (2, 0)]


def test_a_changed_value_is_the_same_record() -> None:
    assert matched(table(("a", "2017-01-01", 1.0)), table(("a", "2017-01-01", 2.0))) == [(0, 0)]


def test_a_changed_date_is_the_same_record_where_nothing_else_could_be() -> None:
    assert matched(table(("a", "2017-01-01", 1.0)), table(("a", "2017-01-03", 1.0))) == [(0, 0)]


def test_a_changed_date_with_two_candidates_is_no_record_of_the_other() -> None:
    old = table(("a", "2017-01-01", 1.0))
    new = table(("a", "2017-01-03", 1.0), ("a", "2017-01-04", 1.0))
    assert matched(old, new) == [(-1, 0), (-1, 1), (0, -1)]


def test_records_with_one_key_are_taken_in_their_order_but_the_same_ones_first() -> None:
    old = table(("a", "2017-01-01", 1.0), ("a", "2017-01-01", 2.0), ("a", "2017-01-01", 3.0))
    new = table(("a", "2017-01-01", 3.0), ("a", "2017-01-01", 4.0))
    assert matched(old, new) == [
        (0, 1),
        (1, -1),
        (2, 0),
    ]  # 3.0 is still there; of the others the first became 4.0


def test_missing_is_missing_and_numbers_are_exact() -> None:
    frame = pd.DataFrame({"x": [0.1 + 0.2, 0.3, None, None], "y": ["a", "a", None, "a"]})
    assert codes(frame).tolist() == [0, 1, 2, 3]


def test_changes_of_values() -> None:
    old, new = table(("a", "2017-01-01", 0.3)), table(("a", None, 0.1 + 0.2))
    pairs = pd.DataFrame({"old": [0], "new": [0], "way": [1]})
    found = changes(old, new, pairs, COLUMNS)
    assert found["variable"].tolist() == ["date", "value"]
    assert found["old"].tolist() == ["2017-01-01", "0.3"]
    assert found["new"].iloc[1] == "0.30000000000000004"
    assert found["new"].isna().tolist() == [True, False]


def test_changes_far_down_and_of_every_kind() -> None:
    """Only the last of three records differs, in text, categories, numbers and dates; one column does not at all."""
    old = pd.DataFrame(
        {
            "T": ["a", "b", "c"],
            "C": pd.Categorical(["x", "y", "z"]),
            "N": [1.0, None, 2.0],
            "D": pd.to_datetime(["2024-01-01", None, "2024-01-03"]),
            "S": ["same", None, "same"],
        }
    )
    last = {"T": "d", "N": 2.5, "D": pd.Timestamp("2024-01-04")}
    new = old.assign(C=pd.Categorical(["x", "y", "w"]))
    for name, value in last.items():
        new.loc[2, name] = value
    pairs = pd.DataFrame({"old": [0, 1, 2], "new": [0, 1, 2], "way": 0})
    found = changes(old, new, pairs, list(old))
    assert found[["old_row", "variable", "old", "new"]].to_numpy().tolist() == [
        [2, "T", "c", "d"],
        [2, "C", "z", "w"],
        [2, "N", "2", "2.5"],
        [2, "D", "2024-01-03", "2024-01-04"],
    ]
