"""The records of one form or file, as text, each with the place where it stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc


@dataclass(frozen=True)
class Records:
    """The records of one file, or of one form of a file that holds several.

    fields     one column per name, text without blanks around it; what is empty or all white space
               is missing; index: line
    ragged     records with another number of fields than the header: line, fields, extra (text
               beyond the header)
    misquoted  lines with a quotation mark inside quoted text that is not doubled
    """

    fields: pd.DataFrame
    ragged: pd.DataFrame
    misquoted: list[int]

    @property
    def ragged_messages(self) -> list[str]:
        """What is to be said of each ragged record."""
        names = list(map(str, self.fields))
        messages = []
        for fields, extra in zip(self.ragged["fields"], self.ragged["extra"], strict=True):
            what = _ragged(names, fields, extra)
            messages.append(f"has {fields} fields, the header {len(names)}: {what}")
        return messages


def _ragged(names: Sequence[str], fields: int, extra: str) -> str:
    """What became of a record with another number of fields than there are names."""
    if fields < len(names):
        return f"{', '.join(names[fields:])} taken as empty"
    if extra:
        return f"left out what follows: {extra}"
    return "the surplus at its end is empty; a delimiter too many may have shifted the other fields"


MISQUOTED = (
    "has a quotation mark inside quoted text that is not doubled; "
    "compare this line with what was read"
)


def ragged_rows(rows: Sequence[tuple[int, int, str]] = ()) -> pd.DataFrame:
    """Line, number of fields, text beyond the header; one row per record that is ragged."""
    frame = pd.DataFrame(rows, columns=["line", "fields", "extra"])
    return frame.astype({"line": "int64", "fields": "int64"})


def records_of(
    lines: np.ndarray,
    columns: Sequence[pa.ChunkedArray],
    names: Sequence[str],
    ragged: pd.DataFrame | None = None,
    misquoted: Sequence[int] = (),
) -> Records:
    """Records from columns of text as typed.

    Args:
        lines: of the records.
        columns: their text.
        names: of the columns.
        ragged: see `Records`; None where no record is.
        misquoted: lines, see `Records`.

    Returns:
        The records, index `line`, blanks around texts gone and empty texts missing.
    """
    fields = pa.table([trimmed(column) for column in columns], names=list(names)).to_pandas()
    fields.index = pd.Index(lines, dtype="int64", name="line")
    if ragged is None:
        ragged = ragged_rows()
    return Records(fields.astype("str"), ragged, list(misquoted))


def trimmed(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Text without blanks around it; what is empty then, or all white space, is missing."""
    text = pc.utf8_trim(column, characters=" ")
    nothing = pc.or_(pc.equal(text, ""), pc.utf8_is_space(text))
    return pc.if_else(nothing, pa.scalar(None, text.type), text)
