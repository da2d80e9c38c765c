"""Supplemental variables and the rest of long text as SUPP-- records, and back.

Source: SDTMIG 3.4, 8.4 and 4.5.3.2.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from ..dataset import Dataset
from ..metadata import DatasetSpec, Variable, continuations, pieces
from ..text import as_text, in_pieces, is_long, joined

PLACE = ("source_row", "source_column")  # the cell of the parent that a record is from


# ---------------------------------------------------------------- out
def split(parent: Dataset, spec: DatasetSpec) -> Dataset:
    """The SUPP-- of a finished dataset.

    Args:
        parent: the finished dataset, its text as a format holds it: what it does not hold as it is,
            its fit has changed.
        spec: the SUPP--.

    Returns:
        One record for each value of a supplemental variable and each further piece of a long text.
        IDVAR is the parent's --SEQ and IDVARVAL its value as an integer in text; both are missing
        for DM, where USUBJID is enough. A missing value makes no record. QORIG and QEVAL are those
        of the variable, also of the rest of its long text; QEVAL is missing where nothing is said.

    Source: SDTMIG 3.4, 8.4 and 4.5.3.2.
    """
    parts: list[pd.DataFrame] = []
    for variable in parent.spec.variables:
        parts += _qualifiers(parent, variable)
    records = pd.DataFrame(columns=[*spec.columns, *PLACE])
    if parts:
        records = pd.concat(parts, ignore_index=True)
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
    """The dataset as its own file holds it: of a long text the first piece.

    Args:
        dataset: with long text whole; it is not changed.

    Returns:
        The dataset with the same index; what is not long, or missing, stays as it is. COVAL and
        TSVAL go on in the variables that the dataset lists for that.

    Source: SDTMIG 3.4, 4.5.3.2.
    """
    frame = dataset.frame
    first_pieces = {}
    for name in continuations(dataset.spec):
        if name in dataset.spec.columns and is_long(frame[name]):
            first_pieces[name] = in_pieces(frame[name])[0]
    for name, further in pieces(dataset.spec).items():
        if is_long(frame[name]):
            first_pieces |= _side_by_side(frame[name], (name, *further))
    return replace(dataset, frame=frame.assign(**first_pieces))


def _side_by_side(text: pd.Series, names: tuple[str, ...]) -> dict[str, pd.Series]:
    """The pieces of a text by the variables that hold them; the last has all that is left."""
    cut = _with_the_rest(in_pieces(text), len(names))
    return {name: cut[number] for name, number in zip(names, cut, strict=False)}


def _sequence(spec: DatasetSpec) -> str | None:
    """The parent's --SEQ, or None where a subject has one record."""
    sequence = f"{spec.name}SEQ"
    for variable in spec.variables:
        if variable.name == sequence:
            return sequence
    return None


def _qualifiers(parent: Dataset, variable: Variable) -> Iterator[pd.DataFrame]:
    """The records of one variable: its own if supplemental, and of its pieces after the first."""
    further = continuations(parent.spec).get(variable.name, ())
    values = parent.frame[variable.name]
    pieces = pd.DataFrame({0: values})
    if further and is_long(values):
        pieces = _with_the_rest(in_pieces(values), 1 + len(further))
    for name, number in zip((variable.name, *further), pieces):
        if name != variable.name or variable.supplemental:
            yield _records(parent, variable, name, pieces[number])


def _with_the_rest(pieces: pd.DataFrame, most: int) -> pd.DataFrame:
    """At most so many pieces: the last is as long as it has to be, which a format may not hold."""
    if len(pieces.columns) <= most:
        return pieces
    kept, last = pieces.iloc[:, : most - 1], pieces.iloc[:, most - 1 :]
    return pd.concat([kept, joined(last).rename(most - 1)], axis=1)


def _records(parent: Dataset, variable: Variable, name: str, values: pd.Series) -> pd.DataFrame:
    present = parent.frame[values.notna()]
    sequence = _sequence(parent.spec)
    identified: dict[str, Any] = {"IDVAR": np.nan, "IDVARVAL": np.nan}
    if sequence:
        identified = {"IDVAR": sequence, "IDVARVAL": _sequence_text(present, sequence)}
    return pd.DataFrame(
        {
            "STUDYID": present["STUDYID"].astype("str"),
            "RDOMAIN": parent.name,
            "USUBJID": present["USUBJID"].astype("str"),
            **identified,
            "QNAM": name,
            "QLABEL": variable.label,
            "QVAL": as_text(values[values.notna()]),
            "QORIG": variable.qorig or np.nan,
            "QEVAL": variable.qeval or np.nan,
            "source_row": present.index,
            "source_column": variable.name,
        }
    )


def _sequence_text(frame: pd.DataFrame, sequence: str) -> pd.Series:
    return frame[sequence].astype("Int64").astype("str")


def origins(parent: DatasetSpec) -> dict[str, tuple[tuple[str, str], ...]]:
    """Of which variables of the parent those of its SUPP-- are made, for tracing.

    Args:
        parent: the spec of the dataset that the SUPP-- belongs to.

    Returns:
        By variable of SUPP--, pairs of dataset and variable: QVAL and QNAM are of the supplemental
        variables and long texts, USUBJID of USUBJID.
    """
    long = continuations(parent)
    written = [v.name for v in parent.variables if v.supplemental or v.name in long]
    qualifiers = tuple((parent.name, name) for name in written)
    return {"QVAL": qualifiers, "QNAM": qualifiers, "USUBJID": ((parent.name, "USUBJID"),)}


# ---------------------------------------------------------------- and back
def merge(parent: pd.DataFrame, spec: DatasetSpec, supplement: pd.DataFrame | None) -> pd.DataFrame:
    """The parent's frame as it was before it was written.

    Args:
        parent: the records of the dataset's file.
        spec: the dataset.
        supplement: the records of its SUPP--, if it has any.

    Returns:
        The records, with all variables of the spec: supplemental ones are columns again, missing
        where there is no record of them, and long text is whole. Index of the parent.
    """
    records: dict[str, pd.DataFrame] = {}
    if supplement is not None:
        records = {str(name): part for name, part in supplement.groupby("QNAM")}
    merged = {}
    for variable in spec.variables:
        merged[variable.name] = _merged(parent, spec, variable, records)
    return pd.DataFrame(merged, index=parent.index)


def whole(frame: pd.DataFrame, spec: DatasetSpec) -> pd.DataFrame:
    """The records with the texts whole that go on in variables of the dataset.

    Args:
        frame: with the variables of the spec, as a file has them; it is not changed.
        spec: the dataset.

    Returns:
        The records with COVAL and TSVAL as they were, and those that held the rest missing; index
        as given.
    """
    changed: dict[str, pd.Series] = {}
    for name, further in pieces(spec).items():
        there = [piece for piece in further if frame[piece].notna().any()]
        if there:
            used = further[: further.index(there[-1]) + 1]
            changed[name] = joined(frame[[name, *used]])
            nothing = pd.Series(np.nan, frame.index, dtype="str")
            changed |= dict.fromkeys(used, nothing)
    return frame.assign(**changed)


def _merged(
    parent: pd.DataFrame, spec: DatasetSpec, variable: Variable, records: dict[str, pd.DataFrame]
) -> pd.Series:
    """One variable as it was; records: the SUPP-- by QNAM."""
    if variable.supplemental:
        whole = _looked_up(parent, spec, records.get(variable.name))
    else:
        whole = parent[variable.name]
    pieces = [whole]
    for qnam in _used(spec, variable.name, set(records)):
        pieces.append(_looked_up(parent, spec, records.get(qnam)))
    if len(pieces) > 1:
        whole = joined(pd.concat(pieces, axis=1, keys=range(len(pieces))))
    if variable.supplemental and variable.type == "Num":
        return whole.astype("float64")
    return whole


def _used(spec: DatasetSpec, variable: str, names: set[str]) -> tuple[str, ...]:
    """The QNAMs of pieces of this variable, up to the last that is there; one between may lack."""
    further = continuations(spec).get(variable, ())
    last = 0
    for number, name in enumerate(further, 1):
        if name in names:
            last = number
    return further[:last]


def _looked_up(parent: pd.DataFrame, spec: DatasetSpec, records: pd.DataFrame | None) -> pd.Series:
    """QVAL of SUPP-- records, all of one QNAM, beside the records of the parent, or missing."""
    if records is None:
        return pd.Series(np.nan, parent.index, dtype="str")
    left, sequence = parent[["USUBJID"]], _sequence(spec)
    if sequence:
        left = left.assign(IDVARVAL=_sequence_text(parent, sequence))
    keys = list(left)
    found = left.merge(records.drop_duplicates(keys)[[*keys, "QVAL"]], how="left", on=keys)
    return found["QVAL"].set_axis(parent.index).astype("str")
