"""The records of one form on their way out of an ODM file: kept as text in columns, put together by their keys."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from ..metadata import Form, Study
from ..metadata.layout import ODM_KEYS, SUBJECT_KEY, SYMBOL, UNIT, OdmForm
from .odm_beside import Removed
from .odm_transactions import APART, ORDINAL, Removal, Turns, removals_of, replaced
from .readers import shown
from .records import records_of
from .sheet import Remark

Row = dict[str, str | None]
KEY, OWNER = (
    "/key",
    "/subject",
)  # columns that no form has: all keys of a record, and its SubjectKey
_BATCH = 10_000  # records held as dictionaries at a time


@dataclass
class Pile:
    """The records of one form, or of an item group that belongs to none."""

    name: str
    form: Form | None
    said: OdmForm
    top: int  # line on which it is first named
    declared: bool = False
    count: int = 0
    names: dict[str, str] = field(default_factory=dict)  # ItemOID: column, of those that occur
    columns: dict[str, list[pa.Array]] = field(default_factory=dict)
    beside: dict[str, None] = field(
        default_factory=dict
    )  # columns for what items say beside their value
    lines: array[int] = field(default_factory=lambda: array("q"))
    numbers: array[int] = field(default_factory=lambda: array("q"))
    rows: list[Row] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    turns: Turns = field(default_factory=dict)
    numbered: bool = True  # all item groups have a repeat key
    places: set[tuple[str, ...]] = field(default_factory=set)  # PLACES that occur

    def __post_init__(self) -> None:
        fields = self.said.fields.items()
        self.keyed = {
            c: f for c, f in fields if "/" not in f and (f in ODM_KEYS or ":" in f)
        }  # columns of keys
        self.attached = {
            c: _attachment(f) for c, f in fields if "/" in f
        }  # and of what stands beside a value
        self.items = {f: c for c, f in fields if c not in self.keyed and c not in self.attached}
        own = (self.name, self.form.name if self.form else "", *self.said.groups)
        self.prefixes = {name.casefold() for name in own}

    def column(self, oid: str) -> str:
        """The column that an ItemOID means: the one wired to it, that of FORM.column, or one of its own name."""
        if oid not in self.names:
            prefix, _, rest = oid.partition(".")
            usual = rest if rest and prefix.casefold() in self.prefixes else oid
            self.names[oid] = self.items.get(oid) or (oid if usual in self.said.fields else usual)
        return self.names[oid]

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
        for name in dict.fromkeys(
            (*self.columns, *self.names.values(), *self.keyed, *self.beside, KEY, OWNER)
        ):
            chunks = self.columns.setdefault(name, [pa.nulls(before, pa.string())])
            chunks.append(pa.array([row.get(name) for row in self.rows], pa.string()))
        self.rows.clear()

    def fields(self, lines: array[int]) -> pd.DataFrame:
        """All records as they were collected, with KEY and OWNER; index: line of the item group."""
        self.flush()
        names = list(self.columns)
        columns = [_with_plain_breaks(pa.chunked_array(self.columns.pop(name))) for name in names]
        fields = records_of(np.array(lines, "int64"), columns, names).fields
        return fields.assign(**{KEY: self._record(fields[KEY])}) if self.merges else fields

    def _record(self, keys: pd.Series) -> pd.Series:
        """The keys of a record: those of its part, without the item group where several make one record."""
        return keys.str.replace(rf"{APART}[^{APART}]*$", "", regex=True) if self.merges else keys

    # ---- what is removed later in the file
    def leave_out(self, removals: Mapping[str, Removal]) -> list[Removed]:
        """Leave out the parts that are removed; what is to be told of them."""
        self.flush()
        keys = pa.chunked_array(self.columns[KEY]).to_pandas().astype("str")
        by = removals_of(keys, np.array(self.numbers), removals)
        if (by < 0).all():
            return []
        parts = pd.DataFrame(
            {"record": self._record(keys), "by": by, "line": self.lines, "number": self.numbers}
        )
        told = self._told(parts, list(removals.values()))
        self._keep(by < 0)
        return told

    def _told(self, parts: pd.DataFrame, removals: Sequence[Removal]) -> list[Removed]:
        """One for each record that is left out; of a record that still stands, one for each of its parts."""
        standing = parts[parts["by"] < 0].groupby("record")["number"].min()
        gone = parts[parts["by"] >= 0].drop_duplicates(["record", "by"])
        told = []
        for record, by, line, number in gone.itertuples(index=False, name=None):
            removal, subject = removals[by], record.partition(APART)[0]
            whole = standing.get(record, removal.number + 1) > removal.number
            form = self.form.name if self.form and whole else ""
            told.append(Removed(removal.element, line, number, subject, form, said=removal.line))
        return told

    def _keep(self, stays: np.ndarray) -> None:
        """These parts only; whatever points at parts by their position points at their new one."""
        place = np.cumsum(stays) - 1
        for name, chunks in self.columns.items():
            self.columns[name] = [pa.chunked_array(chunks).filter(pa.array(stays)).combine_chunks()]
        self.lines = array("q", np.array(self.lines)[stays])
        self.numbers = array("q", np.array(self.numbers)[stays])
        self.remarks = [
            replace(one, at=int(place[one.at])) for one in self.remarks if stays[one.at]
        ]
        self.turns = {
            column: {int(place[at]): removed for at, removed in said.items() if stays[at]}
            for column, said in self.turns.items()
        }


def form_of_group(group: str, study: Study) -> Form | None:
    """The form whose records are in this item group; upper and lower case are the same."""
    groups = {name: said.groups for name, said in study.intake.odm.forms.items() if said.groups}
    names = {name: groups.get(name, (name,)) for name in study.forms}
    exact = [name for name, listed in names.items() if group in listed]
    near = [
        name
        for name, listed in names.items()
        if group.casefold() in {other.casefold() for other in listed}
    ]
    return study.forms[(exact or near)[0]] if near else None


def _attachment(wired: str) -> str:
    """The column beside an item that COLUMN/Symbol and the like are made of."""
    column, _, attribute = wired.rpartition("/")
    return f"{column}/{UNIT}" if attribute == SYMBOL else wired


def _with_plain_breaks(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.replace_substring(pc.replace_substring(column, "\r\n", "\n"), "\r", "\n")


# ---------------------------------------------------------------- one record in several parts
@dataclass(frozen=True)
class United:
    """Records, each whole: fields by the line of its first part, and the position of each part's record."""

    fields: pd.DataFrame
    position: np.ndarray
    remarks: Sequence[Remark]

    @property
    def parts(self) -> int:
        """How many parts were added to a record that stands before them."""
        return len(self.position) - len(self.fields)


def united(fields: pd.DataFrame, called: Mapping[str, str], turns: Turns) -> United:
    """Parts with the same KEY put together, and remarks on what does not count.

    Of an item with two values the first counts, unless the later one replaces it (turns).
    """
    several = fields[KEY].duplicated(keep=False).to_numpy()
    if not several.any():
        return United(fields, np.arange(len(fields)), [])
    fields, remarks = replaced(fields, pd.factorize(fields[KEY])[0], turns, called)
    parts = fields[several]
    first = parts.index[~parts[KEY].duplicated()]
    merged = (
        parts.groupby(KEY, sort=False)
        .first()
        .assign(**{KEY: parts.loc[first, KEY].to_numpy()})
        .set_axis(first)
    )
    whole = pd.concat([fields[~several], merged[list(fields)].astype("str")]).sort_index()
    position = pd.Index(whole[KEY]).get_indexer(fields[KEY])
    remarks += _contradictions(fields[several], whole, position[several], called)
    return United(whole, position, remarks)


def _contradictions(
    parts: pd.DataFrame, whole: pd.DataFrame, position: np.ndarray, called: Mapping[str, str]
) -> Iterator[Remark]:
    for name in map(str, parts):
        if name in (KEY, OWNER):
            continue
        counts = whole[name].iloc[position].to_numpy()
        differs = (parts[name].notna() & (parts[name] != counts)).to_numpy(bool)
        for at in np.flatnonzero(differs).tolist():
            value, line = shown(str(parts[name].iloc[at])), parts.index[at]
            text = f"{called.get(name, name)} is {value} in the part of this record on line {line}; left out"
            yield Remark("RAW-REPEATED-ITEM", "error", text, int(position[at]), name)


# ---------------------------------------------------------------- what is wired to keys and units
def identity(fields: pd.DataFrame, *, numbered: bool) -> pd.Series:
    """The keys that the file gives of each record; numbered: it gives all of them a repeat key, else some are alike."""
    return (
        fields[KEY] if numbered else fields[KEY].str.replace(rf"{ORDINAL}\d+", ORDINAL, regex=True)
    )


def filled(
    column: pd.Series, owner: pd.Series, known: Mapping[str, Mapping[str, str]], name: str
) -> pd.Series:
    """A column of keys, filled with what is said of the subject as a whole."""
    said = {subject: facts[name] for subject, facts in known.items() if name in facts}
    return column.where(column.notna(), owner.map(said)).astype("str") if said else column


def subject_of(
    fields: pd.DataFrame, known: Mapping[str, Mapping[str, str]], name: str
) -> pd.Series:
    """What names the subject of each record: its SubjectKey, or an attribute of a vendor's."""
    if name == SUBJECT_KEY:
        return fields[OWNER]
    return filled(pd.Series(index=fields.index, dtype="str"), fields[OWNER], known, name)
