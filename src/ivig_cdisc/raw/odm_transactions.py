"""What TransactionType says of what stands before it: Remove leaves it out, Update and Upsert replace what they name.

Transactions hold in the order of the file, so that what is inserted after its Remove is a record
again. An element without one has that of the element around it. Insert and Context say nothing of
what stands before.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from .readers import shown
from .sheet import Remark

TRANSACTION = "TransactionType"
REMOVE = "Remove"
REPLACING = ("Update", "Upsert")
TRANSACTIONS = ("Insert", *REPLACING, "Context", REMOVE)
APART = "\x1f"  # between the keys of a record; XML cannot hold it
ORDINAL = "\x1e"  # before the number of an item group that has no repeat key
PLACES = (
    "StudyEventOID",
    "StudyEventRepeatKey",
    "FormOID",
    "FormRepeatKey",
)  # keys around an item group
AROUND = {
    "SubjectData": 0,
    "StudyEventData": 2,
    "FormData": 4,
    "ItemGroupData": 4,
}  # how many PLACES name an element
_KEYS = {1, 3, 5, 7}  # how many keys name a subject, an event, a form and an item group
Turns = dict[
    str, dict[int, bool]
]  # column: positions of the parts that take the place of earlier values; removed?


@dataclass(frozen=True)
class Removal:
    """A Remove: of which element, on which line, after how many item groups of the file."""

    element: str
    line: int
    number: int


# ---------------------------------------------------------------- whole parts
def removals_of(
    keys: pd.Series, numbers: np.ndarray, removals: Mapping[str, Removal]
) -> np.ndarray:
    """For each part the position of the Remove that leaves it out; -1 where none does.

    keys: APART between them, from the subject to the item group. numbers: of each part in the file.
        removals: by the keys of the element that is removed; a repeat key that is not given stands
        for all that have none.
    """
    known, asked = (
        pd.Index(list(removals), dtype="str"),
        keys.str.replace(rf"{ORDINAL}\d+", ORDINAL, regex=True),
    )
    until = np.array([removal.number for removal in removals.values()])
    found = np.full(len(keys), -1)
    for count in sorted(_KEYS & {key.count(APART) + 1 for key in removals}):
        first = rf"^((?:[^{APART}]*{APART}){{{count - 1}}}[^{APART}]*)"
        at = known.get_indexer(pd.Index(asked.str.extract(first)[0]))
        found = np.where((found < 0) & (at >= 0) & (until[at] >= numbers), at, found)
    return found


# ---------------------------------------------------------------- single values
def replaced(
    fields: pd.DataFrame, record: np.ndarray, turns: Turns, called: Mapping[str, str]
) -> tuple[pd.DataFrame, list[Remark]]:
    """Parts without the values that a later part of their record replaces or removes, and a remark on each of these.

    record: the position of each part's record.
    """
    remarks: list[Remark] = []
    for column, said in turns.items():
        last = np.full(len(fields), -1)
        np.maximum.at(last, record[list(said)], list(said))
        by = last[record]
        before = np.flatnonzero((np.arange(len(fields)) < by) & fields[column].notna())
        remarks += _replacements(fields, column, before, record, by, said, called)
        fields = fields.assign(**{column: fields[column].mask(np.arange(len(fields)) < by)})
    return fields, remarks


def _replacements(
    fields: pd.DataFrame,
    column: str,
    before: np.ndarray,
    record: np.ndarray,
    by: np.ndarray,
    said: Mapping[int, bool],
    called: Mapping[str, str],
) -> Iterator[Remark]:
    """Remarks on the values of these parts of one column."""
    values, lines, name = fields[column].to_numpy(), fields.index, called.get(column, column)
    for at in before.tolist():
        old, new, line = values[at], values[by[at]], lines[by[at]]
        where = int(record[at])
        if said[int(by[at])]:
            message = f"the file says on line {line} that {name} is removed; left out: {shown(old)}"
            yield Remark("RAW-ODM-REMOVED-ITEM", "warning", message, where, column)
        elif old != new:
            after = "nothing" if pd.isna(new) else shown(new)
            message = (
                f"the file updates {name} on line {line}: {after} counts; left out: {shown(old)}"
            )
            yield Remark("RAW-ODM-UPDATED", "note", message, where, column)
