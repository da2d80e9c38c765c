"""Collected cells to canonical text, by the type of their column.

A column is parsed through its distinct texts: each is parsed once, and the outcome is taken back
to the cells. A number that can be read in two ways is settled by the other numbers of its column
and site.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import pandas as pd

from ..metadata import Column, Study
from ..text import first_few, number_text
from .numbers import NAMES, Convention
from .readers import KINDS, ParsedValue, reader, shown, ways

SHOWN = 5  # texts that a finding on several cells shows


class ColumnIssue(NamedTuple):
    """What is said once of several cells.

    at: their positions. what: a sentence that wants their lines at its end.
    """

    rule: str
    severity: str
    at: np.ndarray
    what: str


@dataclass(frozen=True)
class ParsedColumn:
    """One column of a form.

    codes   for each record the position of its value, -1 where the cell is empty
    typed   the distinct texts, as typed
    values  what each of them is
    issues  what is said of several cells
    """

    codes: np.ndarray
    typed: tuple[str, ...]
    values: tuple[ParsedValue, ...]
    issues: tuple[ColumnIssue, ...] = ()

    @property
    def text(self) -> pd.api.extensions.ExtensionArray:
        """Canonical text; missing where there is none."""
        return _taken([value.text for value in self.values], self.codes)

    @property
    def meaning(self) -> pd.api.extensions.ExtensionArray:
        """What the user-missing code means; missing elsewhere."""
        return _taken([value.meaning for value in self.values], self.codes)

    @property
    def present(self) -> np.ndarray:
        """Where there is canonical text."""
        return _picked([value.text is not None for value in self.values], False, self.codes)

    @property
    def wrong(self) -> np.ndarray:
        """Where something is wrong with what was typed."""
        return _picked([bool(value.rule) for value in self.values], False, self.codes)

    @property
    def coded(self) -> np.ndarray:
        """Where there is a user-missing code."""
        return _picked([value.meaning is not None for value in self.values], False, self.codes)

    @property
    def identity(self) -> np.ndarray:
        """Equal numbers for equal content."""
        numbers: dict[tuple[bool, str], int] = {}
        same = []
        for content in map(_content, self.typed, self.values):
            same.append(numbers.setdefault(content, len(numbers)))
        return _picked(same, -1, self.codes)

    @property
    def rank(self) -> np.ndarray:
        """Order by content: canonical text, then what has none, then empty cells."""
        content = list(zip(map(_content, self.typed, self.values), self.typed, strict=True))
        order = sorted(range(len(content)), key=content.__getitem__)
        smallest = np.min_scalar_type(len(order))  # small integers sort fastest
        return _picked(np.argsort(order), len(order), self.codes).astype(smallest)

    def taken(self, at: np.ndarray) -> ParsedColumn:
        """The cells of these records."""
        return ParsedColumn(self.codes[at], self.typed, self.values)


def parse_column(
    fields: pd.Series,
    column: Column,
    study: Study,
    sites: pd.Series | None = None,
    *,
    identifies: bool = False,
) -> ParsedColumn:
    """All cells of one column, parsed by its type.

    Args:
        fields: text as typed, missing where the cell is empty.
        column: its type, and what belongs to it.
        study: how the export writes dates, numbers and codes.
        sites: of each record, missing where it is not known; None where the export has no sites.
        identifies: whether the column tells subjects or records apart, so that characters that
            nobody sees are taken out.

    Returns:
        The column; codes in the order of the records.
    """
    codes, distinct = pd.factorize(fields)
    typed = tuple(distinct.tolist())
    parse = reader(column, study, identifies=identifies)
    parsed = ParsedColumn(codes, typed, tuple(map(parse, typed)))
    if any(value.either or value.ranged >= 0 for value in parsed.values):
        parsed = _settled(parsed, column, study, sites)
    return replace(parsed, issues=(*parsed.issues, *_kinds(parsed)))


# ---------------------------------------------------------------- what is said of several cells
def _kinds(column: ParsedColumn) -> Iterator[ColumnIssue]:
    """One issue for each kind of text that is kept and is not what the column is made for."""
    texts: dict[str, list[str]] = {}
    for typed, value in zip(column.typed, column.values, strict=True):
        if value.kind:
            texts.setdefault(value.kind, []).append(typed)
    for kind in sorted(texts):
        rule, severity, words = KINDS[kind]
        here = _picked([value.kind == kind for value in column.values], False, column.codes)
        listed = first_few([shown(text) for text in sorted(texts[kind])], SHOWN)
        yield ColumnIssue(rule, severity, np.flatnonzero(here), f"{listed}: {words}")


# ---------------------------------------------------------------- numbers read in two ways
@dataclass(frozen=True)
class _Sites:
    """The sites of the records.

    of_record    number of the site of each record
    names        what each is called
    conventions  for each the convention that its numbers prove; -1 if they prove none or both
    """

    of_record: np.ndarray
    names: Sequence[str]
    conventions: np.ndarray


def _settled(
    column: ParsedColumn, spec: Column, study: Study, sites: pd.Series | None
) -> ParsedColumn:
    """The column with each number of two readings read as its site writes the others.

    A site decides where its numbers with one reading prove one convention and none of them the
    other.
    """
    known = _proved(column, *_numbered(sites, len(column.codes)))
    open_ = _picked([bool(value.either) for value in column.values], False, column.codes)
    issues: list[ColumnIssue] = []
    settled = column
    for way, convention in enumerate(ways(spec, study)):
        at = np.flatnonzero(open_ & (known.conventions[known.of_record] == way))
        settled = _read_one_way(settled, at, way)
        issues += _decided(settled, at, convention, known)
    issues += _ranged(column, spec, ways(spec, study), known)
    return replace(settled, issues=tuple(issues))


def _read_one_way(column: ParsedColumn, at: np.ndarray, way: int) -> ParsedColumn:
    """The column with the numbers at these records read by one convention."""
    codes, typed, values = column.codes.copy(), list(column.typed), list(column.values)
    for code in np.unique(column.codes[at]).tolist():
        codes[at[column.codes[at] == code]] = len(values)
        typed.append(column.typed[code])
        values.append(column.values[code].either[way])
    return ParsedColumn(codes, tuple(typed), tuple(values))


def _decided(
    column: ParsedColumn, at: np.ndarray, convention: Convention, sites: _Sites
) -> Iterator[ColumnIssue]:
    """What the other numbers of each site decided."""
    for here, site in _by_site(at, sites):
        read = f"{_read_as(column, here)}, as {_others(convention, sites.names[site])}"
        yield ColumnIssue("RAW-NUMBER-DECIDED", "note", here, read)


def _ranged(
    column: ParsedColumn, spec: Column, written: Sequence[Convention], sites: _Sites
) -> Iterator[ColumnIssue]:
    """What the range decided, for each site.

    It is a warning where the site's other numbers say the other reading.
    """
    low, high = spec.range or (-math.inf, math.inf)
    plausible = f"the only reading in the range {number_text(low)} to {number_text(high)}"
    for way in range(len(written)):
        ranged = _picked([value.ranged == way for value in column.values], False, column.codes)
        for here, site in _by_site(np.flatnonzero(ranged), sites):
            what = f"{_read_as(column, here)}, {plausible}"
            proved = sites.conventions[site]
            if proved in (-1, way):
                yield ColumnIssue("RAW-NUMBER-DECIDED", "note", here, what)
            else:
                others = _others(written[proved], sites.names[site])
                against = f"{what}, but {others}, which is the other reading"
                yield ColumnIssue("RAW-NUMBER-DECIDED", "warning", here, against)


def _by_site(at: np.ndarray, sites: _Sites) -> Iterator[tuple[np.ndarray, int]]:
    """These records, site by site, with the number of the site."""
    of_record = sites.of_record[at]
    for site in np.unique(of_record).tolist():
        yield at[of_record == site], site


def _others(convention: Convention, site: str) -> str:
    """What the other numbers of a site show."""
    thousands = " or a ".join(NAMES[sign] for sign in convention.thousands)
    marks = f"a {NAMES[convention.decimal]} for decimals or a {thousands} for thousands"
    return f"the other numbers of {site} in this column have {marks}"


def _numbered(sites: pd.Series | None, records: int) -> tuple[np.ndarray, list[str]]:
    """A number for the site of each record, and the names; records of no known site are one."""
    if sites is None:
        return np.zeros(records, "int64"), ["the export"]
    codes, known = pd.factorize(sites)
    names = [f"site {site}" for site in known]
    return np.where(codes < 0, len(names), codes), [*names, "no known site"]


def _proved(column: ParsedColumn, of_record: np.ndarray, names: Sequence[str]) -> _Sites:
    proved = _picked([value.proves for value in column.values], -1, column.codes)
    first = np.bincount(of_record[proved == 0], minlength=len(names)) > 0
    second = np.bincount(of_record[proved == 1], minlength=len(names)) > 0
    conventions = np.select([first & ~second, second & ~first], [0, 1], -1)
    return _Sites(of_record, names, conventions)


def _read_as(column: ParsedColumn, at: np.ndarray) -> str:
    """The distinct texts of these records, and what each was read as."""
    codes = np.unique(column.codes[at])
    found = sorted((column.typed[code], column.values[code]) for code in codes)
    parts = []
    for typed, value in found[:SHOWN]:
        parts.append(f"{shown(typed)} is read as {value.text or value.meaning}")
    read = ", ".join(parts)
    if len(found) <= SHOWN:
        return read
    return f"{read}, and {len(found) - SHOWN} more likewise"


# ---------------------------------------------------------------- from distinct texts to cells
def _content(typed: str, value: ParsedValue) -> tuple[bool, str]:
    """What two equal cells share: canonical text, or what was typed where there is none."""
    if value.text is not None:
        return False, value.text
    return True, typed


def _taken(values: Sequence[str | None], codes: np.ndarray) -> pd.api.extensions.ExtensionArray:
    return pd.array(list(values), dtype="str").take(codes, allow_fill=True)


def _picked(values: Sequence[int] | np.ndarray, empty: int, codes: np.ndarray) -> np.ndarray:
    """One value for each cell, from one for each distinct text and one for empty cells."""
    picked: np.ndarray = np.append(np.array(values, type(empty)), np.array(empty))[codes]
    return picked
