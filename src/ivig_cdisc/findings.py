"""A finding says what is wrong with one value, where it stands and where it came from.

Findings travel as one frame with COLUMNS. Reading, validating and exporting make them; no data
change because of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from typing import Any

import pandas as pd

SEVERITIES = ("reject", "error", "warning", "note")  # worst first; reject: got into no dataset
FAILING = ("reject", "error")  # a run with such findings does not end as clean
COLUMNS = {
    "severity": "str",  # one of SEVERITIES
    "rule": "str",  # id of the rule
    "dataset": "str",  # dataset, or raw form where the value never got further
    "row": "Int64",  # index of the record in the dataset; missing for raw forms and whole datasets
    "subject": "str",  # USUBJID, or the collected id in a raw form
    "site": "str",
    "key": "str",  # the record's key as text: "LBTESTCD=CK, VISITNUM=2"
    "variable": "str",
    "value": "str",
    "message": "str",  # one sentence a data manager understands
    "file": "str",  # raw file, line (1 is the header), column and text as typed
    "line": "Int64",
    "column": "str",
    "verbatim": "str",
    "fingerprint": "str",  # the same while the value is the same, wherever it stands
    "waived": "str",  # why it is left as it is, who says so and since when; missing if it is open
    "answer": "str",  # what a site or data manager said to it in findings.xlsx
}
# What a fingerprint is made of.
CONTENT = ("rule", "dataset", "subject", "key", "variable", "value", "verbatim")
LINE = r"\blines? \d+(?:,? (?:and )?\d+)*"  # in a message: what is left out of account


def findings(**columns: Any) -> pd.DataFrame:
    """One frame of findings from columns or scalars.

    Args:
        columns: of COLUMNS: a list or Series of one length, or one value for all findings.

    Returns:
        The findings, numbered from 0; what is not given is missing. One finding where all that is
        given is single values.
    """
    plain, lengths = {}, []
    for name, given in columns.items():
        plain[name] = given
        if isinstance(given, pd.Series):  # its index says nothing of the findings'
            plain[name] = given.astype("object").to_list()
        if isinstance(plain[name], list):
            lengths.append(len(plain[name]))
    frame = pd.DataFrame(plain, index=range(max(lengths, default=1)), columns=list(COLUMNS))
    return frame.astype(COLUMNS)


def gather(parts: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """All findings as one frame, in a fixed order that does not depend on who found them first.

    Args:
        parts: findings, each with COLUMNS.

    Returns:
        The findings, the worst first, then by place; numbered from 0.
    """
    filled = [part for part in parts if len(part)]
    if not filled:
        return pd.DataFrame(columns=list(COLUMNS)).astype(COLUMNS)
    frame = pd.concat(filled, ignore_index=True).astype(COLUMNS)
    frame["severity"] = pd.Categorical(frame["severity"], SEVERITIES, ordered=True)
    raw_place, place = ["file", "line", "column"], ["dataset", "row", "variable"]
    order = ["severity", *raw_place, *place, "rule", "value", "message", "key"]
    return frame.sort_values(order, ignore_index=True, kind="stable").astype(COLUMNS)


def is_open(found: pd.DataFrame) -> pd.Series:
    """Which findings nobody has waived.

    Args:
        found: findings.

    Returns:
        True or False for each of them, by their index.
    """
    return found["waived"].isna()


def failing(found: pd.DataFrame) -> pd.DataFrame:
    """The findings for which a run does not end as clean.

    Args:
        found: findings.

    Returns:
        Those that are open and of a severity in FAILING, with their index.
    """
    return found[found["severity"].isin(FAILING) & is_open(found)]


# ---------------------------------------------------------------- fingerprints
def with_fingerprints(found: pd.DataFrame) -> pd.DataFrame:
    """The findings with `fingerprint`: 16 hexadecimal digits of the SHA-256 of their CONTENT.

    File line and record number have no part in it. The second and later findings with the same
    content have -2, -3 ... at the end, in the order of column and message, and only then of the
    place.

    Args:
        found: all findings of a study at once.

    Returns:
        The same findings, in their order and with their index.
    """
    content = _content(found)
    prints = {}
    for text in content.unique():
        prints[text] = sha256(text.encode()).hexdigest()[:16]
    number = _numbered(found, content)
    suffix = ("-" + number.astype("str")).where(number.gt(1), "")
    return found.assign(fingerprint=(content.map(prints).astype("str") + suffix).astype("str"))


def _content(found: pd.DataFrame) -> pd.Series:
    """The content of each finding as one text; a file that is not a form stands for the dataset."""
    named = found.assign(dataset=found["dataset"].fillna(found["file"]))
    content = pd.Series("", index=found.index, dtype="str")
    for name in CONTENT:
        content = content + named[name].fillna("") + "\x1f"
    return content


def _numbered(found: pd.DataFrame, content: pd.Series) -> pd.Series:
    """1, 2, 3 ... for the findings that have the same content."""
    number = pd.Series(1, index=found.index)
    again = content.duplicated(keep=False)
    few = found.loc[again, ["column", "message", "file", "line", "row"]]
    without_lines = few["message"].str.replace(LINE, "line", regex=True)
    few = few.assign(content=content[again], without_lines=without_lines)
    order = ["content", "column", "without_lines", "message", "file", "line", "row"]
    ordered = few.sort_values(order, kind="stable")
    number[ordered.index] = ordered.groupby("content").cumcount() + 1
    return number
