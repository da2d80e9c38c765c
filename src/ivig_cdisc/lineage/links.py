"""Cells and the links between them as numbers: a step back over many of them is arithmetic."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import pandas as pd


class Codes:
    """A number for each name of a dataset, form or column, in the order in which they are met."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._texts = pd.array([], dtype="str")

    def number(self, name: str) -> int:
        """The number of a name."""
        return self._numbers.setdefault(name, len(self._numbers))

    def numbers(self, names: pd.Series) -> np.ndarray:
        """The number of each name."""
        codes, distinct = pd.factorize(names)
        known = [self.number(str(name)) for name in distinct]
        return np.array(known, dtype="int64").take(codes)

    def texts(self, numbers: np.ndarray) -> pd.api.extensions.ExtensionArray:
        """The name of each number."""
        if len(self._texts) < len(self._numbers):
            self._texts = pd.array(list(self._numbers), dtype="str")
        return self._texts.take(numbers)


class Cells(NamedTuple):
    """Cells of one dataset, each with the cell that the walk began at."""

    start: np.ndarray
    row: np.ndarray
    column: np.ndarray  # its number
    is_value: np.ndarray

    def __len__(self) -> int:
        return len(self.start)

    def at(self, chosen: np.ndarray) -> Cells:
        """Some of the cells, by mask or positions."""
        return Cells(*[array[chosen] for array in self])


class Links(NamedTuple):
    """One row per link, from a cell to one that went into it or decided about it."""

    start: np.ndarray
    row: np.ndarray
    column: np.ndarray
    is_value: np.ndarray
    source: np.ndarray  # number of a dataset or form
    source_row: np.ndarray
    source_column: np.ndarray
    into_value: np.ndarray
    rank: np.ndarray  # of the origin, in the order of the wiring

    def __len__(self) -> int:
        return len(self.start)

    def at(self, chosen: np.ndarray) -> Links:
        """Some of the links, by mask or positions."""
        return Links(*[array[chosen] for array in self])

    @property
    def cells(self) -> Cells:
        """The cells that the links lead to."""
        return Cells(self.start, self.source_row, self.source_column, self.into_value)


TYPES = {"is_value": "bool", "into_value": "bool"}


def no_cells() -> Cells:
    """No cell."""
    return Cells(*[np.array([], dtype=TYPES.get(name, "int64")) for name in Cells._fields])


def no_links() -> Links:
    """No link."""
    return Links(*[np.array([], dtype=TYPES.get(name, "int64")) for name in Links._fields])


def all_cells(parts: Iterable[Cells]) -> Cells:
    """The cells of all parts, one after another."""
    return Cells(*map(np.concatenate, zip(no_cells(), *parts, strict=True)))


def all_links(parts: Iterable[Links]) -> Links:
    """The links of all parts, one after another."""
    return Links(*map(np.concatenate, zip(no_links(), *parts, strict=True)))


def fresh(cells: Cells, seen: Cells) -> Cells:
    """Each cell once, without those that were seen before."""
    every = pd.DataFrame(all_cells([seen, cells])._asdict())
    again = every.duplicated().to_numpy()[len(seen) :]
    return cells.at(~again)


def expanded(first: np.ndarray, number: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Each entry with all of its places: first, first + 1 and so on, as many as its number.

    Args:
        first: the first place of each entry.
        number: of its places.

    Returns:
        The positions of the entries, repeated, and beside them the places.

    >>> entries, places = expanded(np.array([4, 0, 7]), np.array([2, 0, 1]))
    >>> entries.tolist(), places.tolist()
    ([0, 0, 2], [4, 5, 7])
    """
    entries = np.repeat(np.arange(len(first)), number)
    before = np.cumsum(number) - number
    turn = np.arange(len(entries)) - before[entries]
    return entries, first[entries] + turn
