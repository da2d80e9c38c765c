"""Records paired by their keys, and the cells in which they differ."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from ..spec import Kind
from .keys import Keys
from .pairing import Identity, codes, pair
from .table import Table, is_number, numbers, shown

DIFFERENCE = ("key", "variable", "first", "second", "change", "percent")


@dataclass(frozen=True)
class Records:
    """The records of two datasets, paired.

    both: how many are in both; only: keys of those that only the first and only the second has; cells: those that
    differ, DIFFERENCE, in the order of variables and keys; largest: for each common variable, by how much numbers
    differ at most.
    """

    both: int
    only: tuple[list[str], list[str]]
    cells: pd.DataFrame
    largest: dict[str, float]


def aligned(first: Table, second: Table) -> tuple[Table, Table]:
    """The same tables with each common variable as text or as numbers on both sides.

    A CSV does not say which: beside numbers it is read as numbers, beside another CSV where both hold nothing else. A
    variable with a text that is no number is text on both sides.
    """
    left, right = first.frame.copy(deep=False), second.frame.copy(deep=False)
    for name in [n for n in left if n in right]:
        date = meaning(first, second, str(name))
        if _wants_numbers(first, second, str(name)):
            left[name], right[name] = _alike(left[name], right[name], date)
    return replace(first, frame=left), replace(second, frame=right)


def _alike(left: pd.Series, right: pd.Series, date: Kind) -> tuple[pd.Series, pd.Series]:
    found = numbers(left, date), numbers(right, date)
    if all(new.notna().equals(old.notna()) for new, old in zip(found, (left, right), strict=True)):
        return found
    texts = [shown(side, date).astype("str") for side in (left, right)]
    return texts[0], texts[1]


def _wants_numbers(first: Table, second: Table, name: str) -> bool:
    types = {table.variables[name].type for table in (first, second)}
    return "Num" in types or (types == {None} and all(is_number(t.frame[name]) for t in (first, second)))


def meaning(first: Table, second: Table, name: str) -> Kind:
    """Whether a variable is a date or time in one of the two."""
    kinds = [table.variables[name].date for table in (first, second) if name in table.variables]
    return next((kind for kind in kinds if kind != "number"), "number")


def records(first: Table, second: Table, by: Keys, tolerance: float) -> Records:
    """Pair and compare two aligned tables. tolerance: by how much numbers may differ and still be equal."""
    names = list(by.names)
    dates = {str(name): meaning(first, second, str(name)) for name in first.frame if name in second.frame}
    left, right = _sorted(first.frame, names), _sorted(second.frame, names)
    pairs = pair(left[names], right[names], [Identity(by.names)])
    keys = {"old": _told(left[names], dates), "new": _told(right[names], dates)}
    both = pairs[pairs["way"] >= 0]
    parts = [_differing(left[name], right[name], both, date, tolerance) for name, date in dates.items()]
    cells = pd.concat(parts, ignore_index=True)
    cells["key"] = keys["old"][cells.pop("row")]
    largest = {name: float(part["change"].abs().max()) for name, part in zip(dates, parts, strict=True)}
    only = [list(keys[side][pairs.loc[pairs[other] < 0, side]]) for side, other in (("old", "new"), ("new", "old"))]
    return Records(len(both), (only[0], only[1]), cells[list(DIFFERENCE)], largest)


def _sorted(frame: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    """In the order of keys, and of content where keys are not unique, so that the order in the file does not matter."""
    order = [*names, *(str(name) for name in frame if name not in names)]
    ordered: pd.DataFrame = frame.sort_values(order, kind="stable", na_position="first", ignore_index=True)
    return ordered


def _told(keys: pd.DataFrame, dates: Mapping[str, Kind]) -> np.ndarray:
    """The key of each record in words, with its number among those of the same key."""
    told = pd.Series("", index=keys.index, dtype="str")
    for i, name in enumerate(keys):
        told = told + (", " if i else "") + f"{name}=" + shown(keys[name], dates[str(name)]).fillna("").astype("str")
    number = pd.Series(codes(keys), index=keys.index)
    occurrence = number.groupby(number).cumcount() + 1
    return told.where(occurrence == 1, told + " #" + occurrence.astype("str")).to_numpy(dtype="object")


def _differing(left: pd.Series, right: pd.Series, both: pd.DataFrame, date: Kind, tolerance: float) -> pd.DataFrame:
    """Cells of one variable that differ: row of the first, values as text, and for numbers by how much."""
    a, b = left.iloc[both["old"].to_numpy()], right.iloc[both["new"].to_numpy()]
    numeric = pd.api.types.is_numeric_dtype(a)
    at = np.flatnonzero(_unequal_numbers(a, b, tolerance) if numeric else _unequal_texts(a, b))
    a, b = a.iloc[at], b.iloc[at]
    change = b.to_numpy("float64") - a.to_numpy("float64") if numeric else np.full(len(at), np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        percent = 100 * change / np.abs(a.to_numpy("float64")) if numeric else change
    return pd.DataFrame(
        {
            "row": both["old"].to_numpy()[at],
            "variable": pd.Series([str(left.name)] * len(at), dtype="object"),
            "first": shown(a, date).to_numpy("object"),
            "second": shown(b, date).to_numpy("object"),
            "change": change,
            "percent": percent,
        }
    )


def _unequal_numbers(a: pd.Series, b: pd.Series, tolerance: float) -> np.ndarray:
    one, two = a.to_numpy("float64"), b.to_numpy("float64")
    with np.errstate(invalid="ignore"):
        near = (one == two) | (np.abs(one - two) <= tolerance)
    unequal: np.ndarray = ~near & ~(np.isnan(one) & np.isnan(two))
    return unequal


def _unequal_texts(a: pd.Series, b: pd.Series) -> np.ndarray:
    one, two = (side.astype("str").fillna("").to_numpy("object") for side in (a, b))
    return np.asarray(one != two, dtype="bool")
