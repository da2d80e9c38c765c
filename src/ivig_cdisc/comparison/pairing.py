"""Which record of one cut is which record of the other, and in what the two differ."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ..text import as_text


@dataclass(frozen=True)
class Identity:
    """Columns that say which record is meant.

    unique: only where they do so without doubt; otherwise records that agree in them are taken in
        their order.
    """

    columns: tuple[str, ...]
    unique: bool = False


def identities(
    columns: Iterable[str], key: Sequence[str], dates: Iterable[str], own: Iterable[str] = ()
) -> list[Identity]:
    """The ways to recognise a record, the surest first.

    Records that are the same throughout; the same key in their order; the key but for one of its
    dates; the key but for all its dates; last the columns of `own`, such as the sponsor's number of
    an event. What is not sure from the key must be beyond doubt: one record on either side.
    """
    when = [name for name in dates if name in key]
    left_out = [[date] for date in reversed(when)]
    if len(when) > 1:
        left_out.append(when)
    found = [Identity(tuple(columns)), Identity(tuple(key))]
    for names in left_out:
        looser = tuple(name for name in key if name not in names)
        if looser:
            found.append(Identity(looser, unique=True))
    if own:
        found.append(Identity(tuple(own), unique=True))
    return found


def pair(old: pd.DataFrame, new: pd.DataFrame, ways: Sequence[Identity]) -> pd.DataFrame:
    """Positions of the same record in both frames, and by which of the ways it was recognised.

    Columns old, new, way; -1 where there is no other half.
    """
    left, right = np.arange(len(old)), np.arange(len(new))
    if ways and _are_equal(old[list(ways[0].columns)], new[list(ways[0].columns)]):
        return pd.DataFrame({"old": left, "new": right, "way": 0}, dtype="int64")
    found = []
    for number, way in enumerate(ways):
        here = _matched(old.iloc[left], new.iloc[right], way)
        found.append(_pairs(left[here["old"]], right[here["new"]], number))
        left, right = np.delete(left, here["old"]), np.delete(right, here["new"])
    found.append(_pairs(left, -1, -1))
    found.append(_pairs(-1, right, -1))
    pairs = pd.concat(found, ignore_index=True).astype("int64")
    return pairs.sort_values(["old", "new"], ignore_index=True)


def _pairs(old: np.ndarray | int, new: np.ndarray | int, way: int) -> pd.DataFrame:
    return pd.DataFrame({"old": old, "new": new, "way": way})


def _are_equal(old: pd.DataFrame, new: pd.DataFrame) -> bool:
    """Whether all records are the same in the same order, as most datasets of two cuts are."""
    return old.reset_index(drop=True).equals(new.reset_index(drop=True))


def _matched(old: pd.DataFrame, new: pd.DataFrame, way: Identity) -> pd.DataFrame:
    names = list(way.columns)
    code = codes(pd.concat([plain(old[names]), plain(new[names])], ignore_index=True))
    left = _numbered(code[: len(old)], unique=way.unique).rename(columns={"position": "old"})
    right = _numbered(code[len(old) :], unique=way.unique).rename(columns={"position": "new"})
    return left.merge(right, on=["code", "occurrence"])


def _numbered(code: np.ndarray, *, unique: bool) -> pd.DataFrame:
    """Each record with its number among those of the same code."""
    frame = pd.DataFrame({"code": code, "position": np.arange(len(code))})
    frame["occurrence"] = frame.groupby("code").cumcount()
    if unique:
        return frame[~frame["code"].duplicated(keep=False)]
    return frame


def codes(frame: pd.DataFrame) -> np.ndarray:
    """The same number for rows that are the same in all columns; missing is the same as missing."""
    total = np.zeros(len(frame), "int64")
    for name in frame:
        one, values = pd.factorize(frame[name])
        total = pd.factorize(total * (len(values) + 1) + one + 1)[0].astype("int64")
    return total


def plain(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame without categories, so that two of them can stand one under the other."""
    categories = frame.select_dtypes("category").columns
    return frame.astype(dict.fromkeys(categories, "str"))


def changes(
    old: pd.DataFrame, new: pd.DataFrame, pairs: pd.DataFrame, columns: Iterable[str]
) -> pd.DataFrame:
    """Cells that differ in records that are in both.

    Old and new position, column, old and new value as text.
    Numbers are compared exactly; missing is equal to missing.
    """
    both = pairs[pairs["way"] >= 0]
    parts = [_changed(old[name], new[name], both) for name in columns]
    if not parts:
        return _changed(pd.Series(dtype="str"), pd.Series(), both[:0])
    frame = pd.concat(parts, ignore_index=True)
    return frame.sort_values(["old_row", "new_row"], kind="stable", ignore_index=True)


def _changed(old: pd.Series, new: pd.Series, both: pd.DataFrame) -> pd.DataFrame:
    one, two = old.iloc[both["old"]].array, new.iloc[both["new"]].array
    at = _differing(one, two)
    return pd.DataFrame(
        {
            "old_row": both["old"].to_numpy()[at],
            "new_row": both["new"].to_numpy()[at],
            "variable": pd.Series([str(old.name)] * len(at), dtype="str"),
            "old": as_text(pd.Series(one.take(at))),
            "new": as_text(pd.Series(two.take(at))),
        }
    )


def _differing(one: Any, two: Any) -> np.ndarray:
    """Positions of values that are not the same; missing is the same as missing."""
    if one.equals(two):
        return np.zeros(0, dtype="int64")
    a, b = _objects(one), _objects(two)
    a_missing, b_missing = pd.isna(a), pd.isna(b)
    return np.flatnonzero(np.where(a_missing | b_missing, a_missing != b_missing, a != b))


def _objects(values: Any) -> np.ndarray:
    return np.asarray(values.astype("object"))
