"""Supplemental variables and the rest of long text as SUPP-- records, and back (SDTMIG 8.4 and 4.5.3.2)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd

from ..dataset import Dataset
from ..metadata import DatasetSpec, Variable, continuations
from ..text import in_pieces, is_long, joined, numbers_as_text

ORIGIN = "CRF"  # QORIG: supplemental variables and long texts of a study are collected
PLACE = ("source_row", "source_column")  # the cell of the parent that a record is from


# ---------------------------------------------------------------- out
def split(parent: Dataset, spec: DatasetSpec) -> Dataset:
    """The SUPP-- of a finished dataset: one record per value of a supplemental variable and per piece of a long text.

    IDVAR is the parent's --SEQ and IDVARVAL its value as an integer in text; both are empty for DM,
    where USUBJID is enough. A missing value makes no record. Pieces are of the text as a format
    holds it: what it does not hold as it is, its fit has changed.
    """
    parts = [part for variable in parent.spec.variables for part in _qualifiers(parent, variable)]
    records = (
        pd.concat(parts, ignore_index=True)
        if parts
        else pd.DataFrame(columns=[*spec.columns, *PLACE])
    )
    order = records.sort_values(["source_row", "QNAM"], kind="stable").reset_index(drop=True)
    lineage = pd.DataFrame(
        {
            "row": np.arange(len(order)),
            "source": pd.Categorical([parent.name] * len(order)),
            "source_row": order["source_row"].astype("int64"),
            "source_column": order["source_column"].astype("category"),
            "verb": pd.Categorical(["take"] * len(order)),
            "branch": np.full(len(order), -1),
        }
    )
    return Dataset(spec, order[list(spec.columns)].astype("str"), lineage)


def shortened(dataset: Dataset) -> Dataset:
    """The dataset as its own file holds it: of a long text the first piece, as `split` has the others."""
    frame, columns = dataset.frame, set(dataset.spec.columns)
    long = [
        name for name in continuations(dataset.spec) if name in columns and is_long(frame[name])
    ]
    return replace(
        dataset, frame=frame.assign(**{name: in_pieces(frame[name])[0] for name in long})
    )


def _sequence(spec: DatasetSpec) -> str | None:
    """The parent's --SEQ, or None where a subject has one record."""
    return next((v.name for v in spec.variables if v.name == f"{spec.name}SEQ"), None)


def _qualifiers(parent: Dataset, variable: Variable) -> Iterator[pd.DataFrame]:
    """The records of one variable: its own if it is supplemental, and those of the pieces behind the first."""
    further = continuations(parent.spec).get(variable.name, ())
    values = parent.frame[variable.name]
    if further and is_long(values):
        pieces = _with_the_rest(in_pieces(values), 1 + len(further))
        named = dict(zip((variable.name, *further), (pieces[number] for number in pieces)))
    else:
        named = {variable.name: values}
    for name, texts in named.items():
        if name != variable.name or variable.supplemental:
            yield _records(parent, variable, name, texts)


def _with_the_rest(pieces: pd.DataFrame, most: int) -> pd.DataFrame:
    """At most so many pieces: the last is as long as it has to be, which a format may not hold."""
    if len(pieces.columns) <= most:
        return pieces
    kept, last = pieces.iloc[:, : most - 1], pieces.iloc[:, most - 1 :]
    return pd.concat([kept, joined(last).rename(most - 1)], axis=1)


def _records(parent: Dataset, variable: Variable, name: str, values: pd.Series) -> pd.DataFrame:
    present = parent.frame[values.notna()]
    sequence = _sequence(parent.spec)
    number = present[sequence].astype("Int64").astype("str") if sequence else np.nan
    return pd.DataFrame(
        {
            "STUDYID": present["STUDYID"].astype("str"),
            "RDOMAIN": parent.name,
            "USUBJID": present["USUBJID"].astype("str"),
            "IDVAR": sequence or np.nan,
            "IDVARVAL": number,
            "QNAM": name,
            "QLABEL": variable.label,
            "QVAL": _text(values[values.notna()]),
            "QORIG": ORIGIN,
            "QEVAL": np.nan,
            "source_row": present.index,
            "source_column": variable.name,
        }
    )


def _text(column: pd.Series) -> pd.Series:
    """Numbers in all their digits, other values as they are."""
    return (
        numbers_as_text(column) if pd.api.types.is_numeric_dtype(column) else column.astype("str")
    )


def origins(parent: DatasetSpec) -> dict[str, tuple[tuple[str, str], ...]]:
    """For tracing: QVAL is the parent's supplemental variable or long text, USUBJID its USUBJID."""
    long = continuations(parent)
    qualifiers = tuple(
        (parent.name, v.name) for v in parent.variables if v.supplemental or v.name in long
    )
    return {"QVAL": qualifiers, "QNAM": qualifiers, "USUBJID": ((parent.name, "USUBJID"),)}


# ---------------------------------------------------------------- and back
def merge(parent: pd.DataFrame, spec: DatasetSpec, supplement: pd.DataFrame | None) -> pd.DataFrame:
    """The parent's frame as it was: supplemental variables are columns again, and long text is whole."""
    records = (
        {} if supplement is None else {str(name): part for name, part in supplement.groupby("QNAM")}
    )
    sequence, merged = _sequence(spec), {}
    for variable in spec.variables:
        name = variable.name
        first = (
            _looked_up(parent, sequence, records.get(name))
            if variable.supplemental
            else parent[name]
        )
        pieces = [
            _looked_up(parent, sequence, records.get(qnam))
            for qnam in _used(spec, name, set(records))
        ]
        whole = (
            joined(pd.concat([first, *pieces], axis=1, keys=range(1 + len(pieces))))
            if pieces
            else first
        )
        merged[name] = (
            whole.astype("float64") if variable.supplemental and variable.type == "Num" else whole
        )
    return pd.DataFrame(merged, index=parent.index)


def _used(spec: DatasetSpec, variable: str, names: set[str]) -> tuple[str, ...]:
    """The QNAMs of pieces of this variable, up to the last that is there; one between may be missing."""
    further = continuations(spec).get(variable, ())
    last = max((number for number, name in enumerate(further, 1) if name in names), default=0)
    return further[:last]


def _looked_up(
    parent: pd.DataFrame, sequence: str | None, records: pd.DataFrame | None
) -> pd.Series:
    """QVAL of these SUPP-- records, all of one QNAM, beside the records of the parent; missing where there is none."""
    if records is None:
        return pd.Series(np.nan, parent.index, dtype="str")
    keys = ["USUBJID", *(["IDVARVAL"] if sequence else [])]
    left = parent[["USUBJID"]].assign(
        IDVARVAL=parent[sequence].astype("Int64").astype("str") if sequence else ""
    )
    found = left[keys].merge(records.drop_duplicates(keys)[[*keys, "QVAL"]], how="left", on=keys)
    return found["QVAL"].set_axis(parent.index).astype("str")
