"""Supplemental variables as SUPP-- records, and back (SDTMIG 8.4)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..dataset import Dataset
from ..spec import DatasetSpec, Variable
from ..text import numbers_as_text

ORIGIN = "CRF"  # QORIG: supplemental variables of a study are collected


def split(parent: Dataset, spec: DatasetSpec) -> Dataset:
    """The SUPP-- of a finished dataset: one record per value of a supplemental variable.

    IDVAR is the parent's --SEQ and IDVARVAL its value as an integer in text; both are empty for DM, where USUBJID is
    enough. A missing value makes no record.
    """
    sequence = _sequence(parent.spec)
    parts = [_records(parent, variable, sequence) for variable in parent.spec.variables if variable.supplemental]
    records = pd.concat(parts, ignore_index=True)
    order = records.sort_values(["source_row", "QNAM"], kind="stable").reset_index(drop=True)
    lineage = pd.DataFrame(
        {
            "row": np.arange(len(order)),
            "source": pd.Categorical([parent.name] * len(order)),
            "source_row": order["source_row"].astype("int64"),
            "source_column": order["QNAM"].astype("category"),
            "verb": pd.Categorical(["take"] * len(order)),
            "branch": np.full(len(order), -1),
        }
    )
    return Dataset(spec, order[list(spec.columns)].astype("str"), lineage)


def _sequence(spec: DatasetSpec) -> str | None:
    """The parent's --SEQ, or None where a subject has one record."""
    return next((v.name for v in spec.variables if v.name == f"{spec.name}SEQ"), None)


def _records(parent: Dataset, variable: Variable, sequence: str | None) -> pd.DataFrame:
    present = parent.frame[parent.frame[variable.name].notna()]
    number = present[sequence].astype("Int64").astype("str") if sequence else np.nan
    return pd.DataFrame(
        {
            "STUDYID": present["STUDYID"].astype("str"),
            "RDOMAIN": parent.name,
            "USUBJID": present["USUBJID"].astype("str"),
            "IDVAR": sequence or np.nan,
            "IDVARVAL": number,
            "QNAM": variable.name,
            "QLABEL": variable.label,
            "QVAL": _text(present[variable.name]),
            "QORIG": ORIGIN,
            "QEVAL": np.nan,
            "source_row": present.index,
        }
    )


def _text(column: pd.Series) -> pd.Series:
    """Numbers in all their digits, other values as they are."""
    return numbers_as_text(column) if pd.api.types.is_numeric_dtype(column) else column.astype("str")


def origins(parent: DatasetSpec) -> dict[str, tuple[tuple[str, str], ...]]:
    """For tracing: QVAL is the parent's supplemental variable, USUBJID its USUBJID."""
    qualifiers = tuple((parent.name, v.name) for v in parent.variables if v.supplemental)
    return {"QVAL": qualifiers, "QNAM": qualifiers, "USUBJID": ((parent.name, "USUBJID"),)}


def merge(parent: pd.DataFrame, spec: DatasetSpec, supplement: pd.DataFrame | None) -> pd.DataFrame:
    """The parent's frame with its supplemental variables as columns again, in the order of the spec."""
    sequence = _sequence(spec)
    merged = parent
    for variable in (v for v in spec.variables if v.supplemental):
        kind = "float64" if variable.type == "Num" else "str"
        if supplement is None:
            merged = merged.assign(**{variable.name: pd.Series(np.nan, index=parent.index, dtype=kind)})
            continue
        values = supplement[supplement["QNAM"] == variable.name]
        keys = ["USUBJID", *(["IDVARVAL"] if sequence else [])]
        left = parent[["USUBJID"]].assign(IDVARVAL=parent[sequence].astype("Int64").astype("str") if sequence else "")
        found = left[keys].merge(values.drop_duplicates(keys)[[*keys, "QVAL"]], how="left", on=keys)
        merged = merged.assign(**{variable.name: found["QVAL"].set_axis(parent.index)}).astype({variable.name: kind})
    return merged[[v.name for v in spec.variables]]
