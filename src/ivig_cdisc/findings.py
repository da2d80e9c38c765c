"""A finding says what is wrong with one value, where it stands in the dataset and where it came from.

Findings travel as one frame with COLUMNS. Reading, validating and exporting make them; no data change because of
them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

SEVERITIES = ("error", "warning", "note")
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
}


def findings(**columns: Any) -> pd.DataFrame:
    """One frame of findings from columns or scalars; what is not given is missing."""
    length = max((len(v) for v in columns.values() if isinstance(v, (pd.Series, list))), default=1)
    plain = {k: v.astype("object").to_list() if isinstance(v, pd.Series) else v for k, v in columns.items()}
    frame = pd.DataFrame(plain, index=range(length), columns=list(COLUMNS))
    return frame.astype(COLUMNS)


def gather(parts: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """All findings as one frame, in a fixed order that does not depend on who found them first."""
    filled = [part for part in parts if len(part)]
    if not filled:
        return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in COLUMNS.items()})
    frame = pd.concat(filled, ignore_index=True).astype(COLUMNS)
    frame["severity"] = pd.Categorical(frame["severity"], SEVERITIES, ordered=True)
    order = ["severity", "file", "line", "column", "dataset", "row", "variable", "rule", "value", "message", "key"]
    return frame.sort_values(order, ignore_index=True, kind="stable").astype(COLUMNS)
