"""Item groups put together by their keys, and what names the subject of a record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..metadata.layout import SUBJECT_KEY
from .form_extract import RecordIssue
from .odm_item_group import KEY, OWNER
from .odm_transactions import ORDINAL, Replacements, replaced
from .readers import shown

OfSubjects = Mapping[str, Mapping[str, str]]  # by subject what is said of it as a whole


# ---------------------------------------------------------------- one record in several parts
@dataclass(frozen=True)
class MergedRecords:
    """Records, each whole.

    fields    by the line of its first part
    position  of each part's record
    """

    fields: pd.DataFrame
    position: np.ndarray
    issues: Sequence[RecordIssue]

    @property
    def parts(self) -> int:
        """How many parts were added to a record that stands before them."""
        return len(self.position) - len(self.fields)


def merge_parts(
    fields: pd.DataFrame, called: Mapping[str, str], replacements: Replacements
) -> MergedRecords:
    """Parts with the same KEY put together.

    Of an item with two values the first counts, unless the later one replaces it.

    Args:
        fields: of the parts, in the order of the file.
        called: column: what the file calls it.
        replacements: which parts take the place of earlier values.

    Returns:
        The records, and issues of what does not count.
    """
    several = fields[KEY].duplicated(keep=False).to_numpy()
    if not several.any():
        return MergedRecords(fields, np.arange(len(fields)), [])
    fields, issues = replaced(fields, pd.factorize(fields[KEY])[0], replacements, called)
    parts = fields[several]
    first = parts.index[~parts[KEY].duplicated()]
    keys = parts.loc[first, KEY].to_numpy()
    merged = parts.groupby(KEY, sort=False).first().assign(**{KEY: keys}).set_axis(first)
    whole = pd.concat([fields[~several], merged[list(fields)].astype("str")]).sort_index()
    position = pd.Index(whole[KEY]).get_indexer(fields[KEY])
    issues += _contradictions(fields[several], whole, position[several], called)
    return MergedRecords(whole, position, issues)


def _contradictions(
    parts: pd.DataFrame, whole: pd.DataFrame, position: np.ndarray, called: Mapping[str, str]
) -> Iterator[RecordIssue]:
    for name in map(str, parts):
        if name in (KEY, OWNER):
            continue
        counts = whole[name].iloc[position].to_numpy()
        differs = (parts[name].notna() & (parts[name] != counts)).to_numpy(bool)
        for at in np.flatnonzero(differs).tolist():
            value, line = shown(str(parts[name].iloc[at])), parts.index[at]
            differing = f"{called.get(name, name)} is {value}"
            text = f"{differing} in the part of this record on line {line}; left out"
            yield RecordIssue("RAW-REPEATED-ITEM", "error", text, int(position[at]), name)


# ---------------------------------------------------------------- what names records and subjects
def identity(fields: pd.DataFrame, *, numbered: bool) -> pd.Series:
    """The keys that the file gives of each record.

    numbered: it gives all of them a repeat key, else some are alike.
    """
    if numbered:
        return fields[KEY]
    return fields[KEY].str.replace(rf"{ORDINAL}\d+", ORDINAL, regex=True)


def filled(column: pd.Series, owner: pd.Series, known: OfSubjects, name: str) -> pd.Series:
    """A column of keys, filled with what is said of the subject as a whole."""
    said = {subject: facts[name] for subject, facts in known.items() if name in facts}
    if not said:
        return column
    return column.where(column.notna(), owner.map(said)).astype("str")


def subject_of(fields: pd.DataFrame, known: OfSubjects, name: str) -> pd.Series:
    """What names the subject of each record: its SubjectKey, or an attribute of a vendor's."""
    if name == SUBJECT_KEY:
        return fields[OWNER]
    return filled(pd.Series(index=fields.index, dtype="str"), fields[OWNER], known, name)
