"""The whole comparison of two output folders."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from ...conditions import fits
from ...dataset import Dataset
from ...errors import ExportError
from ...findings import COLUMNS
from ...metadata import Analysis, DatasetSpec
from ...output import StudyOutput, open_output
from ..pairing import Identity, changes, codes, pair, text
from .causes import Sources, causes, sources
from .changed import counts, paired

IDENTITY = ["rule", "dataset", "subject", "key", "variable", "value", "verbatim", "file"]


@dataclass(frozen=True)
class Difference:
    """What two outputs of one study differ in.

    findings  COLUMNS of findings, and before them status: new, resolved or persisting
    counts    dataset; old and new: how many records it has; added, removed, changed: how many of them
    records   dataset, change (added or removed), subject, key: records in one output only
    cells     dataset, subject, key, variable, old, new: values as text that differ in records of both
    outcomes  outcome (a number), dataset, subject, parameter, variable, old, new: set flags, responses and event dates
              that differ, as the study's results follow them
    causes    outcome, reach (value: went into the outcome; selection: decided whether or which), change (changed,
              added, removed; old or new: a cell behind that value of which no more is known), file,
              old_line, new_line,
              column, old, new: raw cells that differ, text as typed; all cells from there to the
              outcome differ, too
    only_old, only_new  datasets that one of the two lacks; they are not compared
    verbatim  the raw exports were at hand, so that causes are cells that differ
    """

    study: str
    old: Path
    new: Path
    findings: pd.DataFrame
    counts: pd.DataFrame
    records: pd.DataFrame
    cells: pd.DataFrame
    outcomes: pd.DataFrame
    causes: pd.DataFrame
    only_old: tuple[str, ...]
    only_new: tuple[str, ...]
    verbatim: bool

    @property
    def same(self) -> bool:
        """Nothing differs; findings that persist are no difference."""
        known = self.findings["status"].ne("persisting")
        return not (
            len(self.records) or len(self.cells) or self.only_old or self.only_new or known.any()
        )


def diff(
    old: str | Path,
    new: str | Path,
    *,
    study: str | Path | None = None,
    raw_old: str | Path | None = None,
    raw_new: str | Path | None = None,
    sequences: bool = False,
) -> Difference:
    """Compare two output folders of one study.

    A missing value is equal to a missing value, numbers are compared exactly, and the order of
    records never counts.

    Args:
        old: an output folder.
        new: another one.
        study: bundled study or folder, if not the one that the outputs name.
        raw_old: the raw export that the old one was made from, for the text of raw cells; with
            raw_new.
        raw_new: the raw export that the new one was made from; with raw_old.
        sequences: compare --SEQ, ASEQ and SRCSEQ too, which change with every record before them.

    Returns:
        Findings, records and cells that differ, and the raw cells that made an outcome differ.

    Raises:
        CdiscError: one raw export is given without the other.
        ExportError: a folder is no output, or the two are of different studies.
        RawError: a raw export is not the one of its output.
        SpecError: the study cannot be used.
    """
    left, right = open_output(Path(old), study), open_output(Path(new), study)
    for side in (left, right):
        side.check()
    if left.manifest["study"] != right.manifest["study"]:
        raise ExportError(
            f"{old} is of study {left.manifest['study']}, {new} of {right.manifest['study']}"
        )
    at_hand = sources(left, right, raw_old, raw_new)
    compared = [_compared(left, right, spec, sequences=sequences) for spec in _shared(left, right)]
    cells = _stacked([one.cells for one in compared], CELLS)
    outcomes, behind = _explained(left, right, cells, at_hand)
    return Difference(
        study=right.study.id,
        old=Path(old),
        new=Path(new),
        findings=_findings(left.findings, right.findings),
        counts=pd.DataFrame([one.counts for one in compared], columns=COUNTS),
        records=_stacked([one.records for one in compared], RECORDS),
        cells=cells[[name for name in CELLS if name not in {"old_row", "new_row"}]],
        outcomes=outcomes,
        causes=behind,
        only_old=_lacking(right, left),
        only_new=_lacking(left, right),
        verbatim=at_hand is not None,
    )


# ---------------------------------------------------------------- findings
def _findings(old: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    """All findings of both, those of the new output first.

    One that is in both stands as it is in the new.
    """
    numbered = _identity(old, new)
    same = pair(numbered.iloc[: len(old)], numbered.iloc[len(old) :], [Identity(("identity",))])
    parts = {
        "new": new.iloc[same.loc[same["old"] < 0, "new"]],
        "resolved": old.iloc[same.loc[same["new"] < 0, "old"]],
        "persisting": new.iloc[
            same.loc[(same["old"] >= 0) & (same["new"] >= 0), "new"].sort_values()
        ],
    }
    named = [
        part.assign(status=pd.Series(status, part.index, dtype="str"))
        for status, part in parts.items()
    ]
    return pd.concat(named, ignore_index=True)[["status", *COLUMNS]]


def _identity(old: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    """What makes a finding the same in both, whatever its line: its fingerprint if it has one.

    Old ones come first.
    """
    prints = all(
        "fingerprint" in frame and frame["fingerprint"].notna().all() for frame in (old, new)
    )
    names = ["fingerprint"] if prints else IDENTITY
    return pd.DataFrame({"identity": codes(pd.concat([old[names], new[names]], ignore_index=True))})


# ---------------------------------------------------------------- datasets
COUNTS = ["dataset", "old", "new", "added", "removed", "changed"]
RECORDS = ["dataset", "change", "subject", "key"]
CELLS = ["dataset", "subject", "key", "old_row", "new_row", "variable", "old", "new"]


@dataclass(frozen=True)
class _Compared:
    counts: tuple[str, int, int, int, int, int]
    records: pd.DataFrame
    cells: pd.DataFrame


def _shared(old: StudyOutput, new: StudyOutput) -> Iterator[DatasetSpec]:
    """Datasets to compare.

    Supplemental variables are compared as columns of the dataset that they supplement.
    """
    for spec in new.study.datasets:
        if (
            not (spec.internal or spec.parent)
            and spec.name in old.datasets
            and spec.name in new.datasets
        ):
            yield spec


def _lacking(one: StudyOutput, other: StudyOutput) -> tuple[str, ...]:
    return tuple(
        d.name
        for d in other.study.datasets
        if not (d.internal or d.parent) and d.name in other.datasets and d.name not in one.datasets
    )


def _compared(
    old: StudyOutput, new: StudyOutput, spec: DatasetSpec, *, sequences: bool
) -> _Compared:
    a, b = old.datasets[spec.name], new.datasets[spec.name]
    key = [name for name in spec.keys if not counts(name)]
    names = [v.name for v in spec.variables]
    lasting = [name for name in names if not counts(name)]
    same = a.frame.equals(b.frame)
    pairs = (
        paired(a.frame.iloc[:0], b.frame.iloc[:0], spec) if same else paired(a.frame, b.frame, spec)
    )
    if sequences:
        cells = changes(a.frame, b.frame, pairs, names)
    else:  # records recognised the first way are the same throughout
        cells = changes(a.frame, b.frame, pairs[pairs["way"] != 0], lasting)
    added, removed = pairs.loc[pairs["old"] < 0, "new"], pairs.loc[pairs["new"] < 0, "old"]
    changed = len(cells[["old_row", "new_row"]].drop_duplicates())
    told = (spec.name, len(a.frame), len(b.frame), len(added), len(removed), changed)
    records = [
        _named(b, added, key).assign(change="added"),
        _named(a, removed, key).assign(change="removed"),
    ]
    named = pd.concat([_named(b, cells["new_row"], key), cells], axis=1)
    return _Compared(told, pd.concat(records, ignore_index=True)[RECORDS], named[CELLS])


def _named(dataset: Dataset, rows: pd.Series, key: Sequence[str]) -> pd.DataFrame:
    """Subject and key of these records, as text."""
    part = dataset.frame.iloc[rows.to_numpy("int64")]
    subject = (
        part["USUBJID"].astype("str")
        if "USUBJID" in part
        else pd.Series(np.nan, part.index, dtype="str")
    )
    shown = [name for name in key if name not in {"STUDYID", "USUBJID"}]
    cells = [
        [f"{name}={text(value)}" if pd.notna(value) else "" for value in part[name]]
        for name in shown
    ]
    told = [", ".join(filter(None, parts)) for parts in zip(*cells)] if cells else [""] * len(part)
    frame = pd.DataFrame({"dataset": dataset.name, "subject": subject.to_numpy(), "key": told})
    return frame.astype("str")


def _stacked(parts: Sequence[pd.DataFrame], columns: Sequence[str]) -> pd.DataFrame:
    filled = [part for part in parts if len(part)]
    return (
        pd.concat(filled, ignore_index=True)
        if filled
        else pd.DataFrame({n: pd.Series(dtype="str") for n in columns})
    )


# ---------------------------------------------------------------- outcomes
OUTCOME = ["dataset", "subject", "parameter", "variable", "old", "new", "old_row", "new_row"]


def _explained(
    old: StudyOutput, new: StudyOutput, cells: pd.DataFrame, at_hand: Sources | None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Outcomes that differ, and the raw cells behind them."""
    nothing = cells.iloc[:0].reindex(columns=OUTCOME)
    parts = [_outcomes(old, new, cells, dataset) for dataset in followed(new.study.results)]
    found = pd.concat([nothing, *parts], ignore_index=True)
    found.insert(0, "outcome", np.arange(1, len(found) + 1))
    told = causes(old, new, found, at_hand)
    return found.drop(columns=["old_row", "new_row"]), told


def followed(analyses: Iterable[Analysis]) -> list[str]:
    """The datasets with variables that results follow, in the order of results."""
    return list(dict.fromkeys(one.records.take for one in analyses if one.follow))


def _outcomes(
    old: StudyOutput, new: StudyOutput, cells: pd.DataFrame, dataset: str
) -> pd.DataFrame:
    """Those of the cells that differ in a dataset which a result follows."""
    cells = cells[cells["dataset"].eq(dataset)]
    if cells.empty:
        return cells.reindex(columns=OUTCOME)
    before, after = old.datasets[dataset].frame, new.datasets[dataset].frame
    picked = pd.Series(False, cells.index)
    for analysis in new.study.results:
        if analysis.records.take == dataset:
            where = analysis.records.where
            meant = _at(fits(before, where), cells["old_row"])
            meant |= _at(fits(after, where), cells["new_row"])
            picked |= meant & cells["variable"].isin(analysis.follow)
    found = cells[picked].assign(parameter="")
    if "PARAMCD" in after:
        found["parameter"] = _at(after["PARAMCD"].astype("str"), found["new_row"])
    return found[OUTCOME]


def _at(values: pd.Series, rows: pd.Series) -> pd.Series:
    """The values of these positions, with the index of the positions."""
    return pd.Series(values.to_numpy()[rows.to_numpy("int64")], rows.index)
