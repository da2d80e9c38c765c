"""Collected cells to canonical text, by the type of their column.

A column is read through its distinct texts: each is read once, and the outcome is taken back to the
cells. A number with two readings is settled by the other numbers of its column and site.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import pandas as pd

from ..metadata import Column, Study
from ..text import number_text
from .numbers import NAMES, Convention
from .readers import KINDS, Reading, reader, shown, ways

SHOWN = 5  # texts that a finding on several cells shows


class Told(NamedTuple):
    """What is said once of several cells: their positions, and a sentence that wants their lines at its end."""

    rule: str
    severity: str
    at: np.ndarray
    what: str


@dataclass(frozen=True)
class Cells:
    """One column of a form: for each record the position of its reading, -1 where the cell is empty."""

    codes: np.ndarray
    typed: tuple[str, ...]
    readings: tuple[Reading, ...]
    told: tuple[Told, ...] = ()

    @property
    def text(self) -> pd.api.extensions.ExtensionArray:
        """Canonical text; missing where there is none."""
        return _taken([r.text for r in self.readings], self.codes)

    @property
    def meaning(self) -> pd.api.extensions.ExtensionArray:
        """What the user-missing code means; missing elsewhere."""
        return _taken([r.meaning for r in self.readings], self.codes)

    @property
    def present(self) -> np.ndarray:
        """Where there is canonical text."""
        return _picked([r.text is not None for r in self.readings], False, self.codes)

    @property
    def wrong(self) -> np.ndarray:
        """Where something is wrong with what was typed."""
        return _picked([bool(r.rule) for r in self.readings], False, self.codes)

    @property
    def coded(self) -> np.ndarray:
        """Where there is a user-missing code."""
        return _picked([r.meaning is not None for r in self.readings], False, self.codes)

    @property
    def identity(self) -> np.ndarray:
        """Equal numbers for equal content."""
        numbers: dict[tuple[bool, str], int] = {}
        same = [
            numbers.setdefault(key, len(numbers))
            for key in map(_content, self.typed, self.readings)
        ]
        return _picked(same, -1, self.codes)

    @property
    def rank(self) -> np.ndarray:
        """Order by content: canonical text, then what has none, then empty cells."""
        content = list(zip(map(_content, self.typed, self.readings), self.typed, strict=True))
        order = sorted(range(len(content)), key=content.__getitem__)
        smallest = np.min_scalar_type(len(order))  # small integers sort fastest
        return _picked(np.argsort(order), len(order), self.codes).astype(smallest)


def read_cells(
    fields: pd.Series,
    column: Column,
    study: Study,
    sites: pd.Series | None = None,
    *,
    identifies: bool = False,
) -> Cells:
    """All cells of one column, read by its type.

    sites: of each record, missing where it is not known; None where the export has no sites.
        identifies: whether the column tells subjects or records apart, so that characters that
        nobody sees are taken out.
    """
    codes, distinct = pd.factorize(fields)
    typed = tuple(distinct.tolist())
    cells = Cells(codes, typed, tuple(map(reader(column, study, identifies=identifies), typed)))
    if any(reading.either or reading.ranged >= 0 for reading in cells.readings):
        cells = _settled(cells, column, study, sites)
    return replace(cells, told=(*cells.told, *_kinds(cells)))


# ---------------------------------------------------------------- what is said of several cells
def _kinds(cells: Cells) -> list[Told]:
    """One sentence for each kind of text that is kept and is not what the column is made for."""
    kinds = sorted({reading.kind for reading in cells.readings if reading.kind})
    found = []
    for kind in kinds:
        here = [reading.kind == kind for reading in cells.readings]
        rule, severity, words = KINDS[kind]
        what = f"{_shown_few([t for t, is_one in zip(cells.typed, here, strict=True) if is_one])}: {words}"
        found.append(Told(rule, severity, np.flatnonzero(_picked(here, False, cells.codes)), what))
    return found


def _shown_few(texts: Sequence[str]) -> str:
    more = f" and {len(texts) - SHOWN} more" if len(texts) > SHOWN else ""
    return ", ".join(shown(text) for text in sorted(texts)[:SHOWN]) + more


# ---------------------------------------------------------------- numbers with two readings
def _settled(cells: Cells, column: Column, study: Study, sites: pd.Series | None) -> Cells:
    """The cells with each number of two readings read as the other numbers of its column and site are written.

    A site decides where its numbers with one reading prove one convention and none of them the
    other.
    """
    of_site, names = _numbered(sites, len(cells.codes))
    decision = _decisions(cells, of_site, len(names))
    codes, typed, readings = cells.codes.copy(), list(cells.typed), list(cells.readings)
    told: list[Told] = []
    for way, convention in enumerate(ways(column, study)):
        open_ = _picked([bool(reading.either) for reading in cells.readings], False, cells.codes)
        at = np.flatnonzero(open_ & (decision[of_site] == way))
        for code in np.unique(cells.codes[at]).tolist():
            codes[at[cells.codes[at] == code]] = len(readings)
            typed.append(cells.typed[code])
            readings.append(cells.readings[code].either[way])
        for site in np.unique(of_site[at]).tolist():
            here = at[of_site[at] == site]
            read = _read_as([(typed[code], readings[code]) for code in np.unique(codes[here])])
            told.append(
                Told(
                    "RAW-NUMBER-DECIDED",
                    "note",
                    here,
                    f"{read}, as {_others(convention, names[site])}",
                )
            )
    told += _ranged(cells, column, ways(column, study), of_site, names, decision)
    return Cells(codes, tuple(typed), tuple(readings), tuple(told))


def _ranged(
    cells: Cells,
    column: Column,
    written: Sequence[Convention],
    of_site: np.ndarray,
    names: Sequence[str],
    decision: np.ndarray,
) -> Iterator[Told]:
    """What the range decided, for each site; a warning where the site's other numbers say the other reading."""
    low, high = column.range or (-math.inf, math.inf)
    for way in range(len(written)):
        ranged = _picked([reading.ranged == way for reading in cells.readings], False, cells.codes)
        for site in np.unique(of_site[ranged]).tolist():
            here = np.flatnonzero(ranged & (of_site == site))
            read = _read_as(
                [(cells.typed[code], cells.readings[code]) for code in np.unique(cells.codes[here])]
            )
            what = (
                f"{read}, the only reading in the range {number_text(low)} to {number_text(high)}"
            )
            if decision[site] in (-1, way):
                yield Told("RAW-NUMBER-DECIDED", "note", here, what)
            else:
                against = f"but {_others(written[decision[site]], names[site])}, which is the other reading"
                yield Told("RAW-NUMBER-DECIDED", "warning", here, f"{what}, {against}")


def _others(convention: Convention, site: str) -> str:
    """What the other numbers of a site show."""
    thousands = " or a ".join(NAMES[sign] for sign in convention.thousands)
    marks = f"a {NAMES[convention.decimal]} for decimals or a {thousands} for thousands"
    return f"the other numbers of {site} in this column have {marks}"


def _numbered(sites: pd.Series | None, records: int) -> tuple[np.ndarray, list[str]]:
    """A number for the site of each record, and what the sites are called; records of no known site are one."""
    if sites is None:
        return np.zeros(records, "int64"), ["the export"]
    codes, known = pd.factorize(sites)
    names = [f"site {site}" for site in known]
    return np.where(codes < 0, len(names), codes), [*names, "no known site"]


def _decisions(cells: Cells, of_site: np.ndarray, sites: int) -> np.ndarray:
    """For each site the convention that its numbers prove; -1 where they prove none or both."""
    proved = _picked([reading.proves for reading in cells.readings], -1, cells.codes)
    first, second = (np.bincount(of_site[proved == way], minlength=sites) > 0 for way in (0, 1))
    return np.select([first & ~second, second & ~first], [0, 1], -1)


def _read_as(found: Sequence[tuple[str, Reading]]) -> str:
    """Texts, and what each was read as."""
    parts = [
        f"{shown(typed)} is read as {reading.text or reading.meaning}"
        for typed, reading in sorted(found)[:SHOWN]
    ]
    return ", ".join(parts) + (
        f", and {len(found) - SHOWN} more likewise" if len(found) > SHOWN else ""
    )


# ---------------------------------------------------------------- from distinct texts to cells
def _content(typed: str, reading: Reading) -> tuple[bool, str]:
    """What two equal cells share: canonical text, or what was typed where there is none."""
    return (False, reading.text) if reading.text is not None else (True, typed)


def _taken(values: Sequence[str | None], codes: np.ndarray) -> pd.api.extensions.ExtensionArray:
    return pd.array(list(values), dtype="str").take(codes, allow_fill=True)


def _picked(values: Sequence[int] | np.ndarray, empty: int, codes: np.ndarray) -> np.ndarray:
    """One value for each cell, from one for each reading and one for empty cells."""
    picked: np.ndarray = np.append(np.array(values, type(empty)), np.array(empty))[codes]
    return picked
