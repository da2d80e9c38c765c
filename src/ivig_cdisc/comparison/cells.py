"""Records paired by their keys, and the cells in which they differ."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from ..formats.table import Table, texts, without_padding
from ..formats.values import are_numbers, numbers, written
from ..metadata import Kind
from .keys import Keys
from .pairing import Identity, codes, pair

DIFFERENCE = ("key", "variable", "first", "second", "change", "percent")
MISSING_NUMBER = "."  # as SAS writes it in text


@dataclass(frozen=True)
class Records:
    """The records of two datasets, paired.

    both: how many are in both; only: keys of those that only the first and only the second has;
        cells: those that differ, DIFFERENCE, in the order of variables and keys; largest: for each
        common variable, by how much numbers differ at most.
    """

    both: int
    only: tuple[list[str], list[str]]
    cells: pd.DataFrame
    largest: dict[str, float]


@dataclass(frozen=True)
class Common:
    """A variable of both tables.

    date: what its numbers mean. counted: texts that are numbers are compared as numbers.
    """

    name: str
    date: Kind
    counted: bool


def aligned(first: Table, second: Table) -> tuple[Table, Table, list[Common]]:
    """The same tables with each common variable as text or as numbers on both sides.

    Beside numbers, a text is the number that it says exactly, and a point is missing. Where one
    side has something else (a special missing value, a partial date, a text) both are text, numbers
    as they are written out. A CSV beside a CSV
    stays text: 1.10 may be a version, and 1E5 a code. Beside text that its format fills up with
    blanks, those at the end of text do not count.
    """
    left, right = first.frame.copy(deep=False), second.frame.copy(deep=False)
    padded = first.padded or second.padded
    found = []
    for name in [str(name) for name in left if name in right]:
        date = meaning(first, second, name)
        if "Num" in {first.variables[name].type, second.variables[name].type}:
            one, two = _counted(first, name, date), _counted(second, name, date)
            left[name], right[name] = _alike(one, two, date)
            found.append(Common(name, date, counted=True))
            continue
        if padded:
            left[name], right[name] = without_padding(left[name]), without_padding(right[name])
        found.append(Common(name, date, _look_like_numbers(first, second, name)))
    return replace(first, frame=left), replace(second, frame=right), found


def _counted(table: Table, name: str, date: Kind) -> pd.Series:
    """A variable as numbers, if it has nothing else.

    Otherwise it is text, with numbers as they are written out.
    """
    if table.variables[name].type == "Num":
        if name in table.odd:
            return texts(table, name, date)
        return table.frame[name]
    column = without_padding(table.frame[name])
    column = column.mask(column == MISSING_NUMBER)
    found = numbers(column, date)
    if found.notna().equals(column.notna()):
        return found
    return written(found, date).fillna(column)


def _alike(left: pd.Series, right: pd.Series, date: Kind) -> tuple[pd.Series, pd.Series]:
    """Both as text where one of them is."""
    left_is_number = pd.api.types.is_numeric_dtype(left)
    if left_is_number == pd.api.types.is_numeric_dtype(right):
        return left, right
    if left_is_number:
        return written(left, date), right
    return left, written(right, date)


def _look_like_numbers(first: Table, second: Table, name: str) -> bool:
    """Whether both are of formats without types, and all that they hold are numbers."""
    for table in (first, second):
        if table.variables[name].type is not None:
            return False
        if not are_numbers(without_padding(table.frame[name])):
            return False
    return True


def meaning(first: Table, second: Table, name: str) -> Kind:
    """Whether a variable is a date or time in one of the two."""
    for table in (first, second):
        if name in table.variables and table.variables[name].date != "number":
            return table.variables[name].date
    return "number"


def records(
    first: Table, second: Table, common: list[Common], by: Keys, tolerance: float
) -> Records:
    """Pair and compare two aligned tables.

    tolerance: by how much numbers may differ and still be equal.
    """
    names = list(by.names)
    dates = {variable.name: variable.date for variable in common}
    left, right = _sorted(first.frame, names), _sorted(second.frame, names)
    pairs = pair(left[names], right[names], [Identity(by.names)])
    left_keys, right_keys = _keys_as_text(left[names], dates), _keys_as_text(right[names], dates)
    both = pairs[pairs["way"] >= 0]
    parts = []
    largest = {}
    for variable in common:
        name = variable.name
        part = _differing(left[name], right[name], both, variable, tolerance)
        parts.append(part)
        largest[name] = float(part["change"].abs().max())
    cells = pd.concat(parts, ignore_index=True)
    cells["key"] = left_keys[cells.pop("row")]
    only_first = list(left_keys[pairs.loc[pairs["new"] < 0, "old"]])
    only_second = list(right_keys[pairs.loc[pairs["old"] < 0, "new"]])
    return Records(len(both), (only_first, only_second), cells[list(DIFFERENCE)], largest)


def _sorted(frame: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    """In the order of keys, and of content where keys are not unique.

    So the order in the file does not matter.
    """
    others = [str(name) for name in frame if name not in names]
    order = [*names, *others]
    ordered: pd.DataFrame = frame.sort_values(
        order, kind="stable", na_position="first", ignore_index=True
    )
    return ordered


def _keys_as_text(keys: pd.DataFrame, dates: Mapping[str, Kind]) -> np.ndarray:
    """The key of each record as text, with its number among those of the same key."""
    text = pd.Series("", index=keys.index, dtype="str")
    for name in keys:
        values = _values_as_text(keys[name], dates[str(name)]).fillna("")
        text = text + f", {name}=" + values
    text = text.str.removeprefix(", ")
    number = pd.Series(codes(keys), index=keys.index)
    occurrence = number.groupby(number).cumcount() + 1
    numbered = text + " #" + occurrence.astype("str")
    return text.where(occurrence == 1, numbered).to_numpy(dtype="object")


def _values_as_text(column: pd.Series, date: Kind) -> pd.Series:
    if pd.api.types.is_numeric_dtype(column):
        return written(column, date)
    return column.astype("str")


# ---------------------------------------------------------------- cells of one variable
def _differing(
    left: pd.Series, right: pd.Series, both: pd.DataFrame, variable: Common, tolerance: float
) -> pd.DataFrame:
    """Cells of one variable that differ.

    Row of the first, values as text, and for numbers by how much.
    """
    old, new = both["old"].to_numpy(), both["new"].to_numpy()
    a, b = left.iloc[old], right.iloc[new]
    at = np.flatnonzero(_unequal(a, b))
    one, two = _as_numbers(a.iloc[at], variable), _as_numbers(b.iloc[at], variable)
    if tolerance:
        apart = ~_within(one, two, tolerance)
        at, one, two = at[apart], one[apart], two[apart]
    percent = np.full(len(at), np.nan)
    if _has_percentages(variable):
        percent = _percent(one, two)
    return pd.DataFrame(
        {
            "row": old[at],
            "variable": pd.Series([variable.name] * len(at), dtype="object"),
            "first": _objects(_values_as_text(a.iloc[at], variable.date)),
            "second": _objects(_values_as_text(b.iloc[at], variable.date)),
            "change": two - one,
            "percent": percent,
        }
    )


def _within(one: np.ndarray, two: np.ndarray, tolerance: float) -> np.ndarray:
    """Whether numbers differ by at most the tolerance, as decimal numbers do.

    So 0.3 and 0.4 differ by 0.1 exactly.
    """
    rounding = 2 * np.spacing(np.maximum(np.abs(one), np.abs(two)))
    return np.asarray(np.abs(one - two) <= tolerance + rounding)


def _unequal(a: pd.Series, b: pd.Series) -> np.ndarray:
    """Where two columns of one type are not the same; missing is the same as missing."""
    if pd.api.types.is_numeric_dtype(a):
        one, two = a.to_numpy("float64"), b.to_numpy("float64")
        return np.asarray((one != two) & ~(np.isnan(one) & np.isnan(two)))
    one = a.astype("str").fillna("").to_numpy("object")
    two = b.astype("str").fillna("").to_numpy("object")
    return np.asarray(one != two, dtype="bool")


def _as_numbers(column: pd.Series, variable: Common) -> np.ndarray:
    """What a variable has to count; missing where it has nothing."""
    if pd.api.types.is_numeric_dtype(column):
        return column.to_numpy("float64")
    if not variable.counted:
        return np.full(len(column), np.nan)
    return numbers(without_padding(column), variable.date).to_numpy("float64")


def _has_percentages(variable: Common) -> bool:
    """A date or a study day has no zero that its size could be told from."""
    return variable.date == "number" and not variable.name.upper().endswith("DY")


def _percent(one: np.ndarray, two: np.ndarray) -> np.ndarray:
    with np.errstate(divide="ignore", invalid="ignore"):
        found: np.ndarray = 100 * (two - one) / np.abs(one)
    return np.where(np.isfinite(found), found, np.nan)


def _objects(texts: pd.Series) -> np.ndarray:
    return texts.astype("object").where(texts.notna(), None).to_numpy("object")
