"""Cells without a value, and records left out, for want of a value in a calculation: findings.

Rule: CALC-UNDEFINED (warning: an expression divides by zero, or gives no number otherwise; or a
lookup finds no row of its table).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from ..dataset import Dataset
from ..findings import findings, gather
from ..metadata import Study
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


def left_out(datasets: Mapping[str, Dataset], study: Study) -> pd.DataFrame:
    """A finding for each record that is left out because its condition has no value.

    Args:
        datasets: as the engine made them.
        study: the specs.

    Returns:
        The findings, at the record of the dataset that was read; those of raw forms with file and
        line, and without a row.
    """
    parts = []
    for dataset in datasets.values():
        for source, gone in dataset.left_out.groupby("source", sort=True):
            told = {
                "severity": "warning",
                "rule": CALCULATION,
                "dataset": str(source),
                "value": gone["reason"],
                "message": f"The record is left out of {dataset.name}: " + gone["reason"] + ".",
            }
            parts.append(_at_records(told, gone["source_row"], datasets, study))
    return gather(parts)


def _at_records(
    told: dict[str, Any], rows: pd.Series, datasets: Mapping[str, Dataset], study: Study
) -> pd.DataFrame:
    """Findings on records of a dataset, or on lines of a raw form."""
    source = told["dataset"]
    if source in study.forms:
        return findings(**told, file=study.forms[source].file, line=rows)
    dataset = datasets[source]
    records = dataset.frame.loc[rows].reset_index(drop=True)
    located = {"row": rows, "key": key(records, dataset.spec.keys)}
    if "USUBJID" in records:
        located["subject"] = as_text(records["USUBJID"])
    return findings(**told, **located)


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
