"""The records of one form on their way out of an ODM file: kept as text in columns."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from ..metadata import Form, Study
from ..metadata.layout import ODM_KEYS, SYMBOL, UNIT, OdmForm
from .form_extract import RecordIssue
from .odm_context import Removed
from .odm_transactions import APART, Removal, Replacements, removals_of
from .records import records_of

Row = dict[str, str | None]
# columns that no form has: all keys of a record, and its SubjectKey
KEY, OWNER = "/key", "/subject"
_BATCH = 10_000  # records held as dictionaries at a time


@dataclass
class ItemGroup:
    """The records of one form, or of an item group that belongs to none.

    top              line on which it is first named
    names            ItemOID: column, of those that occur
    item_attributes  columns for what items say beside their value
    numbered         all item groups have a repeat key
    places           PLACES that occur
    """

    name: str
    form: Form | None
    said: OdmForm
    top: int
    declared: bool = False
    count: int = 0
    names: dict[str, str] = field(default_factory=dict)
    columns: dict[str, list[pa.Array]] = field(default_factory=dict)
    item_attributes: dict[str, None] = field(default_factory=dict)
    lines: array[int] = field(default_factory=lambda: array("q"))
    numbers: array[int] = field(default_factory=lambda: array("q"))
    rows: list[Row] = field(default_factory=list)
    issues: list[RecordIssue] = field(default_factory=list)
    replacements: Replacements = field(default_factory=dict)
    numbered: bool = True
    places: set[tuple[str, ...]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.keyed: dict[str, str] = {}  # columns of keys
        self.attached: dict[str, str] = {}  # columns of what stands beside a value
        self.items: dict[str, str] = {}  # ItemOID: column, of those that are wired
        for column, wired in self.said.fields.items():
            if "/" in wired:
                self.attached[column] = _attachment(wired)
            elif wired in ODM_KEYS or ":" in wired:
                self.keyed[column] = wired
            else:
                self.items[wired] = column
        own = {self.name, *self.said.groups}
        if self.form:
            own.add(self.form.name)
        self.prefixes = {name.casefold() for name in own}

    def column(self, oid: str) -> str:
        """The column that an ItemOID means.

        It is the one wired to it, that of FORM.column, or one of its own name.
        """
        if oid not in self.names:
            self.names[oid] = self.items.get(oid) or self._usual(oid)
        return self.names[oid]

    def _usual(self, oid: str) -> str:
        prefix, _, rest = oid.partition(".")
        if rest and prefix.casefold() in self.prefixes and rest not in self.said.fields:
            return rest
        return oid

    @property
    def merges(self) -> bool:
        """Whether several item groups make one record."""
        return len(self.said.groups) > 1

    def add(self, row: Row, line: int, number: int) -> None:
        self.rows.append(row)
        self.lines.append(line)
        self.numbers.append(number)
        if len(self.rows) == _BATCH:
            self.flush()

    def flush(self) -> None:
        """Bring the rows at hand into columns."""
        before = len(self.lines) - len(self.rows)
        known = (*self.columns, *self.names.values(), *self.keyed, *self.item_attributes)
        for name in dict.fromkeys((*known, KEY, OWNER)):
            chunks = self.columns.setdefault(name, [pa.nulls(before, pa.string())])
            chunks.append(pa.array([row.get(name) for row in self.rows], pa.string()))
        self.rows.clear()

    def fields(self, lines: array[int]) -> pd.DataFrame:
        """All records as they were collected, with KEY and OWNER; index: line of the item group."""
        self.flush()
        names = list(self.columns)
        columns = [_with_plain_breaks(pa.chunked_array(self.columns.pop(name))) for name in names]
        fields = records_of(np.array(lines, "int64"), columns, names).fields
        return fields.assign(**{KEY: self._record(fields[KEY])})

    def _record(self, keys: pd.Series) -> pd.Series:
        """The keys of a record: those of its part, but the item group where several make one."""
        if not self.merges:
            return keys
        return keys.str.replace(rf"{APART}[^{APART}]*$", "", regex=True)

    # ---- what is removed later in the file
    def leave_out(self, removals: Mapping[str, Removal]) -> list[Removed]:
        """Leave out the parts that are removed; which these are, to be reported."""
        self.flush()
        keys = pa.chunked_array(self.columns[KEY]).to_pandas().astype("str")
        by = removals_of(keys, np.array(self.numbers), removals)
        if (by < 0).all():
            return []
        parts = pd.DataFrame(
            {"record": self._record(keys), "by": by, "line": self.lines, "number": self.numbers}
        )
        removed = self._removed(parts, list(removals.values()))
        self._keep(by < 0)
        return removed

    def _removed(self, parts: pd.DataFrame, removals: Sequence[Removal]) -> list[Removed]:
        """One for each record that is left out; of one that still stands, one for each part."""
        standing = parts[parts["by"] < 0].groupby("record")["number"].min()
        gone = parts[parts["by"] >= 0].drop_duplicates(["record", "by"])
        removed = []
        for record, by, line, number in gone.itertuples(index=False, name=None):
            removal, subject = removals[by], record.partition(APART)[0]
            form = ""
            if self.form and standing.get(record, removal.number + 1) > removal.number:
                form = self.form.name  # nothing of the record is left
            removed.append(Removed(removal.element, line, number, subject, form, said=removal.line))
        return removed

    def _keep(self, stays: np.ndarray) -> None:
        """These parts only; whatever points at parts by their position points at their new one."""
        place = np.cumsum(stays) - 1
        for name, chunks in self.columns.items():
            self.columns[name] = [pa.chunked_array(chunks).filter(pa.array(stays)).combine_chunks()]
        self.lines = array("q", np.array(self.lines)[stays])
        self.numbers = array("q", np.array(self.numbers)[stays])
        standing = [issue for issue in self.issues if stays[issue.at]]
        self.issues = [replace(issue, at=int(place[issue.at])) for issue in standing]
        for column, removes in self.replacements.items():
            moved = {int(place[at]): removed for at, removed in removes.items() if stays[at]}
            self.replacements[column] = moved


def form_of_group(group: str, study: Study) -> Form | None:
    """The form whose records are in this item group; upper and lower case are the same."""
    near = None
    for name, form in study.forms.items():
        said = study.intake.odm.forms.get(name, OdmForm())
        groups = said.groups or (name,)
        if group in groups:
            return form
        if near is None and group.casefold() in map(str.casefold, groups):
            near = form
    return near


def _attachment(wired: str) -> str:
    """The column beside an item that COLUMN/Symbol and the like are made of."""
    column, _, attribute = wired.rpartition("/")
    if attribute == SYMBOL:
        return f"{column}/{UNIT}"
    return wired


def _with_plain_breaks(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Line breaks of any kind as LINE FEED; hardly any text has others."""
    if not pc.any(pc.match_substring(column, "\r")).as_py():
        return column
    return pc.replace_substring(pc.replace_substring(column, "\r\n", "\n"), "\r", "\n")
