"""Values, keys and messages as the text a reader of findings sees."""

from __future__ import annotations

from collections.abc import Sequence
from string import Formatter

import pandas as pd

from ..text import numbers_as_text

EMPTY = "(empty)"
OWNERS = ("STUDYID", "DOMAIN", "USUBJID")  # keys that a finding names elsewhere


def text(values: pd.Series) -> pd.Series:
    """Values as text: dates as ISO 8601, whole numbers without decimals, missing stays missing.

    >>> text(pd.Series([20.0, 12.5, None])).tolist()
    ['20', '12.5', nan]
    >>> text(pd.Series(pd.to_datetime(["2017-05-12", None]))).tolist()
    ['2017-05-12', nan]
    """
    if pd.api.types.is_datetime64_any_dtype(values.dtype):
        shown = values.dt.strftime("%Y-%m-%dT%H:%M:%S").astype("str").str.removesuffix("T00:00:00")
    elif pd.api.types.is_float_dtype(values.dtype):
        shown = numbers_as_text(values)
    else:
        shown = values.astype("str")
    known: pd.Series = shown.where(values.notna())
    return known


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
            shown = text(frame[column])
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
            shown = shown + (f", {name}=" + text(frame[name])).fillna("")
    return shown.str.removeprefix(", ").replace("", None)
