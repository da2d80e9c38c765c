"""Cells that a calculation leaves without a value, as findings.

Rule: CALC-UNDEFINED (warning: an expression divides by zero, or gives no number otherwise; or a
lookup finds no row of its table).
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from ..dataset import Dataset
from ..findings import findings, gather
from ..text import as_text
from .wording import key

CALCULATION = "CALC-UNDEFINED"


def undefined(datasets: Mapping[str, Dataset]) -> pd.DataFrame:
    """A finding for each cell that a calculation leaves without a value.

    Args:
        datasets: as the engine made them; read from files, they do not know it any more.

    Returns:
        The findings, at the record and the variable or working column.
    """
    parts = []
    for dataset in datasets.values():
        if len(dataset.undefined):
            parts.append(_of_one(dataset))
    return gather(parts)


def _of_one(dataset: Dataset) -> pd.DataFrame:
    cells, keys = dataset.undefined, dataset.spec.keys
    records = dataset.frame.loc[cells["row"]].reset_index(drop=True)
    located = {"row": cells["row"], "variable": cells["variable"], "key": key(records, keys)}
    if "USUBJID" in records:
        located["subject"] = as_text(records["USUBJID"])
    message = cells["variable"] + ": " + cells["reason"] + "."
    return findings(
        severity="warning",
        rule=CALCULATION,
        dataset=dataset.name,
        value=cells["reason"],  # so that two calculations with one raw cell stay apart
        message=message,
        **located,
    )
