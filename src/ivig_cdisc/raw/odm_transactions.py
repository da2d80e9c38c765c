"""What TransactionType says of what stands before it.

Remove leaves it out, Update and Upsert replace what they name.

Transactions hold in the order of the file, so that what is inserted after its Remove is a record
again. An element without one has that of the element around it. Insert and Context say nothing of
what stands before.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from .form_extract import RecordIssue
from .readers import shown

TRANSACTION = "TransactionType"
REMOVE = "Remove"
REPLACING = ("Update", "Upsert")
TRANSACTIONS = ("Insert", *REPLACING, "Context", REMOVE)
APART = "\x1f"  # between the keys of a record; XML cannot hold it
ORDINAL = "\x1e"  # before the number of an item group that has no repeat key
PLACES = (  # keys around an item group
    "StudyEventOID",
    "StudyEventRepeatKey",
    "FormOID",
    "FormRepeatKey",
)
AROUND = {"SubjectData": 0, "StudyEventData": 2, "FormData": 4, "ItemGroupData": 4}
"""How many PLACES name an element."""
_KEYS = {1, 3, 5, 7}  # how many keys name a subject, an event, a form and an item group
Replacements = dict[str, dict[int, bool]]
"""Column: positions of the parts that take the place of earlier values, and if they remove them."""


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

    Args:
        keys: APART between them, from the subject to the item group.
        numbers: of each part in the file.
        removals: by the keys of the element that is removed; a repeat key that is not given stands
            for all that have none.
    """
    known = pd.Index(list(removals), dtype="str")
    asked = keys.str.replace(rf"{ORDINAL}\d+", ORDINAL, regex=True)
    until = np.array([removal.number for removal in removals.values()])
    lengths = {key.count(APART) + 1 for key in removals}
    found = np.full(len(keys), -1)
    for count in sorted(_KEYS & lengths):
        first = rf"^((?:[^{APART}]*{APART}){{{count - 1}}}[^{APART}]*)"
        at = known.get_indexer(pd.Index(asked.str.extract(first)[0]))
        found = np.where((found < 0) & (at >= 0) & (until[at] >= numbers), at, found)
    return found


# ---------------------------------------------------------------- single values
def replaced(
    fields: pd.DataFrame,
    record: np.ndarray,
    replacements: Replacements,
    called: Mapping[str, str],
) -> tuple[pd.DataFrame, list[RecordIssue]]:
    """Parts without the values that a later part of their record replaces or removes.

    Args:
        fields: of the parts, in the order of the file.
        record: the position of each part's record.
        replacements: which parts take the place of earlier values.
        called: column: what the file calls it.

    Returns:
        The parts, and an issue for each value that is left out.
    """
    issues: list[RecordIssue] = []
    parts = np.arange(len(fields))
    for column, removes in replacements.items():
        last = np.full(len(fields), -1)
        np.maximum.at(last, record[list(removes)], list(removes))
        by = last[record]
        before = np.flatnonzero((parts < by) & fields[column].notna())
        issues += _replacements(fields[column], before, record, by, removes, called)
        fields = fields.assign(**{column: fields[column].mask(parts < by)})
    return fields, issues


def _replacements(
    column: pd.Series,
    before: np.ndarray,
    record: np.ndarray,
    by: np.ndarray,
    removes: Mapping[int, bool],
    called: Mapping[str, str],
) -> Iterator[RecordIssue]:
    """Issues of the values of one column in the parts `before`, which others take the place of."""
    values, lines, field = column.to_numpy(), column.index, str(column.name)
    name = called.get(field, field)
    for at in before.tolist():
        old, new, line = values[at], values[by[at]], lines[by[at]]
        where = int(record[at])
        if removes[int(by[at])]:
            message = f"the file says on line {line} that {name} is removed; left out: {shown(old)}"
            yield RecordIssue("RAW-ODM-REMOVED-ITEM", "warning", message, where, field)
        elif old != new:
            counts = "nothing" if pd.isna(new) else shown(new)
            updates = f"the file updates {name} on line {line}"
            message = f"{updates}: {counts} counts; left out: {shown(old)}"
            yield RecordIssue("RAW-ODM-UPDATED", "note", message, where, field)
