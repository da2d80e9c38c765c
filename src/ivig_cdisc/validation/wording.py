"""Values, keys and messages as the text a reader of findings sees."""

from __future__ import annotations

from collections.abc import Sequence
from string import Formatter

import pandas as pd

from ..text import as_text

EMPTY = "(empty)"
OWNERS = ("STUDYID", "DOMAIN", "USUBJID")  # keys that a finding names elsewhere


def fill(message: str, frame: pd.DataFrame) -> pd.Series:
    """The message of each record, its `{COLUMN}` placeholders replaced by the record's values.

    >>> frame = pd.DataFrame({"START": ["2017-06", "2018"], "END": ["2017-05", None]})
    >>> fill("{END} is before {START}", frame).tolist()
    ['2017-05 is before 2017-06', '(empty) is before 2018']
    >>> fill("{DOSE:.2f} g/kg", pd.DataFrame({"DOSE": [1.7999999999999998]})).tolist()
    ['1.80 g/kg']
    """
    filled = pd.Series("", index=frame.index, dtype="str")
    for literal, column, form, _ in Formatter().parse(message):
        filled = filled + literal
        if not column:
            continue
        if form:
            shown = frame[column].map(f"{{:{form}}}".format, na_action="ignore")
        else:
            shown = as_text(frame[column])
        filled = filled + shown.fillna(EMPTY)
    return filled


def placeholders(message: str) -> tuple[str, ...]:
    """The columns a message names.

    >>> placeholders("{END} is before {START}")
    ('END', 'START')
    """
    return tuple(column for _, column, _, _ in Formatter().parse(message) if column)


def reads(message: str) -> str:
    """A message with the names of its placeholders instead of values.

    >>> reads("{DOSE:.2f} g/kg in {EPOCH}")
    'DOSE g/kg in EPOCH'
    """
    return "".join(literal + (column or "") for literal, column, _, _ in Formatter().parse(message))


def key(frame: pd.DataFrame, keys: Sequence[str]) -> pd.Series:
    """The key of each record as text, without study, domain and subject.

    >>> key(pd.DataFrame({"USUBJID": ["1"], "LBTESTCD": ["CK"], "VISITNUM": [2.0]}),
    ...     ["USUBJID", "LBTESTCD", "VISITNUM"]).tolist()
    ['LBTESTCD=CK, VISITNUM=2']
    """
    shown = pd.Series("", index=frame.index, dtype="str")
    for name in keys:
        if name in frame.columns and name not in OWNERS:
            shown = shown + (f", {name}=" + as_text(frame[name])).fillna("")
    return shown.str.removeprefix(", ").replace("", None)
