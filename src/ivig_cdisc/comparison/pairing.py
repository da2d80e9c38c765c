"""Which record of one cut is which record of the other, and in what the two differ."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from pandas.api.extensions import ExtensionArray

from ..text import number_text


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
    an event. What is not sure from the key
    must be beyond doubt: one record on either side.
    """
    when = [name for name in dates if name in key]
    looser = [[name for name in key if name != date] for date in reversed(when)]
    looser += [[name for name in key if name not in when]] if len(when) > 1 else []
    found = [
        Identity(tuple(columns)),
        Identity(tuple(key)),
        *(Identity(tuple(k), unique=True) for k in looser if k),
    ]
    return [*found, Identity(tuple(own), unique=True)] if own else found


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
        found.append(
            pd.DataFrame({"old": left[here["old"]], "new": right[here["new"]], "way": number})
        )
        left, right = np.delete(left, here["old"]), np.delete(right, here["new"])
    found += [
        pd.DataFrame({"old": left, "new": -1, "way": -1}),
        pd.DataFrame({"old": -1, "new": right, "way": -1}),
    ]
    return (
        pd.concat(found, ignore_index=True)
        .astype("int64")
        .sort_values(["old", "new"], ignore_index=True)
    )


def _are_equal(old: pd.DataFrame, new: pd.DataFrame) -> bool:
    """Whether all records are the same in the same order, as most datasets of two cuts are."""
    return old.reset_index(drop=True).equals(new.reset_index(drop=True))


def _matched(old: pd.DataFrame, new: pd.DataFrame, way: Identity) -> pd.DataFrame:
    names = list(way.columns)
    code = codes(pd.concat([plain(old[names]), plain(new[names])], ignore_index=True))
    sides = [
        _numbered(code[: len(old)], unique=way.unique),
        _numbered(code[len(old) :], unique=way.unique),
    ]
    return (
        sides[0]
        .merge(sides[1], on=["code", "occurrence"], suffixes=("_old", "_new"))
        .rename(columns={"position_old": "old", "position_new": "new"})
    )


def _numbered(code: np.ndarray, *, unique: bool) -> pd.DataFrame:
    """Each record with its number among those of the same code."""
    frame = pd.DataFrame({"code": code, "position": np.arange(len(code))})
    frame["occurrence"] = frame.groupby("code").cumcount()
    return frame[~frame["code"].duplicated(keep=False)] if unique else frame


def codes(frame: pd.DataFrame) -> np.ndarray:
    """The same number for rows that are the same in all columns; missing is the same as missing."""
    total = np.zeros(len(frame), "int64")
    for name in frame:
        one, values = pd.factorize(frame[name])
        total = pd.factorize(total * (len(values) + 1) + one + 1)[0].astype("int64")
    return total


def plain(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame without categories, so that two of them can stand one under the other."""
    categories = [
        name for name, kind in frame.dtypes.items() if isinstance(kind, pd.CategoricalDtype)
    ]
    return frame.astype(dict.fromkeys(categories, "str"))


def changes(
    old: pd.DataFrame, new: pd.DataFrame, pairs: pd.DataFrame, columns: Iterable[str]
) -> pd.DataFrame:
    """Cells that differ in records that are in both: old and new position, column, old and new value as text.

    Numbers are compared exactly; missing is equal to missing.
    """
    both = pairs[pairs["way"] >= 0]
    parts = [_changed(old[name], new[name], both) for name in columns]
    frame = (
        pd.concat(parts, ignore_index=True)
        if parts
        else _changed(pd.Series(dtype="str"), pd.Series(), both[:0])
    )
    return frame.sort_values(["old_row", "new_row"], kind="stable", ignore_index=True)


def _changed(old: pd.Series, new: pd.Series, both: pd.DataFrame) -> pd.DataFrame:
    one, two = old.iloc[both["old"]].array, new.iloc[both["new"]].array
    at = np.zeros(0, dtype="int64") if one.equals(two) else _differing(one, two)
    a, b = (np.asarray(side.take(at).astype("object")) for side in (one, two))
    return pd.DataFrame(
        {
            "old_row": both["old"].to_numpy()[at],
            "new_row": both["new"].to_numpy()[at],
            "variable": pd.Series([str(old.name)] * len(at), dtype="str"),
            "old": pd.Series([text(value) for value in a], dtype="str"),
            "new": pd.Series([text(value) for value in b], dtype="str"),
        }
    )


def _differing(one: ExtensionArray, two: ExtensionArray) -> np.ndarray:
    a, b = (np.asarray(side.astype("object")) for side in (one, two))
    missing = pd.isna(a), pd.isna(b)
    return np.flatnonzero(np.where(missing[0] | missing[1], missing[0] != missing[1], a != b))


def text(value: Any) -> str | None:
    """A value in full: 2 rather than 2.0, dates as ISO 8601; None where it is missing."""
    if pd.isna(value):
        return None
    if isinstance(value, float):
        return number_text(value)
    if isinstance(value, pd.Timestamp):
        return value.isoformat().removesuffix("T00:00:00")
    return str(value)
