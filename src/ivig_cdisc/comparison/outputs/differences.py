"""The whole comparison of two output folders."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ...conditions import fits
from ...dataset import Dataset
from ...errors import ExportError
from ...findings import COLUMNS
from ...metadata import Analysis, DatasetSpec
from ...output import StudyOutput, open_output
from ...text import value_text
from ..pairing import Identity, changes, codes, pair
from .causes import Sources, causes, sources
from .changed import Pairs, lasting, paired

IDENTITY = ["rule", "dataset", "subject", "key", "variable", "value", "verbatim", "file"]


@dataclass(frozen=True)
class Difference:
    """What two outputs of one study differ in.

    findings  COLUMNS of findings, and before them status: new, resolved or persisting
    counts    dataset; old and new: how many records it has; added, removed, changed: how many of
              them
    records   dataset, change (added or removed), subject, key: records in one output only
    cells     dataset, subject, key, variable, old, new: values as text that differ in records of
              both
    outcomes  outcome (a number), dataset, subject, parameter, variable, old, new: set flags,
              responses and event dates that differ, as the study's results follow them
    causes    outcome, reach (value: went into the outcome; selection: decided whether or which),
              change (changed, added, removed; old or new: an ancestor of that value of which no
              more is known), file, old_line, new_line, column, old, new: raw cells that differ,
              text as typed; all cells from there to the outcome differ, too
    only_old, only_new  datasets that only one of the two has; they are not compared
    verbatim  the raw exports were given, so that causes are cells that differ
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
        if self.findings["status"].ne("persisting").any() or self.only_old or self.only_new:
            return False
        return self.records.empty and self.cells.empty


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
    left.check()
    right.check()
    if left.manifest["study"] != right.manifest["study"]:
        raise ExportError(
            f"{old} is of study {left.manifest['study']}, {new} of {right.manifest['study']}"
        )
    raw_exports = sources(left, right, raw_old, raw_new)
    counted, records, cells = _all_compared(left, right, sequences=sequences)
    outcomes, found = _explained(left, right, cells, raw_exports)
    return Difference(
        study=right.study.id,
        old=Path(old),
        new=Path(new),
        findings=_findings(left.findings, right.findings),
        counts=counted,
        records=records,
        cells=cells.drop(columns=["old_row", "new_row"]),
        outcomes=outcomes,
        causes=found,
        only_old=_missing(right, left),
        only_new=_missing(left, right),
        verbatim=raw_exports is not None,
    )


# ---------------------------------------------------------------- findings
def _findings(old: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    """All findings of both, those of the new output first.

    One that is in both stands as it is in the new.
    """
    numbered = _identity(old, new)
    same = pair(numbered.iloc[: len(old)], numbered.iloc[len(old) :], [Identity(("identity",))])
    is_old, is_new = same["old"] >= 0, same["new"] >= 0
    parts = {
        "new": new.iloc[same.loc[~is_old, "new"]],
        "resolved": old.iloc[same.loc[~is_new, "old"]],
        "persisting": new.iloc[same.loc[is_old & is_new, "new"].sort_values()],
    }
    named = []
    for status, part in parts.items():
        named.append(part.assign(status=pd.Series(status, part.index, dtype="str")))
    return pd.concat(named, ignore_index=True)[["status", *COLUMNS]]


def _identity(old: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    """What makes a finding the same in both, whatever its line: its fingerprint if it has one.

    Old ones come first.
    """
    names = IDENTITY
    if _have_fingerprints(old) and _have_fingerprints(new):
        names = ["fingerprint"]
    both = pd.concat([old[names], new[names]], ignore_index=True)
    return pd.DataFrame({"identity": codes(both)})


def _have_fingerprints(found: pd.DataFrame) -> bool:
    return "fingerprint" in found and bool(found["fingerprint"].notna().all())


# ---------------------------------------------------------------- datasets
COUNTS = ["dataset", "old", "new", "added", "removed", "changed"]
RECORDS = ["dataset", "change", "subject", "key"]
CELLS = ["dataset", "subject", "key", "old_row", "new_row", "variable", "old", "new"]


@dataclass(frozen=True)
class _Compared:
    counts: tuple[str, int, int, int, int, int]
    records: pd.DataFrame
    cells: pd.DataFrame


def _all_compared(
    old: StudyOutput, new: StudyOutput, *, sequences: bool
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """COUNTS, RECORDS and CELLS of all datasets."""
    counted, records, cells = [], [], []
    for name in _outside(new):
        if name in old.datasets and name in new.datasets:
            found = _compared(old, new, new.study.dataset(name), sequences=sequences)
            counted.append(found.counts)
            records.append(found.records)
            cells.append(found.cells)
    counts_of_all = pd.DataFrame(counted, columns=COUNTS)
    return counts_of_all, _stacked(records, RECORDS), _stacked(cells, CELLS)


def _outside(opened: StudyOutput) -> list[str]:
    """The datasets of a study that are compared.

    Supplemental variables are compared as columns of the dataset that they supplement.
    """
    return [d.name for d in opened.study.datasets if not (d.internal or d.parent)]


def _missing(one: StudyOutput, other: StudyOutput) -> tuple[str, ...]:
    """The datasets that only the other output has."""
    only = other.datasets.keys() - one.datasets.keys()
    return tuple(name for name in _outside(other) if name in only)


def _compared(
    old: StudyOutput, new: StudyOutput, spec: DatasetSpec, *, sequences: bool
) -> _Compared:
    before, after = old.datasets[spec.name], new.datasets[spec.name]
    a, b = before.frame, after.frame
    key = lasting(spec.keys)
    names = [variable.name for variable in spec.variables]
    pairs = _paired(a, b, spec)
    if sequences:
        cells = changes(a, b, pairs, names)
    else:  # records recognised the first way are the same throughout
        cells = changes(a, b, pairs[pairs["way"] != 0], lasting(names))
    added, removed = pairs.loc[pairs["old"] < 0, "new"], pairs.loc[pairs["new"] < 0, "old"]
    changed = len(cells[["old_row", "new_row"]].drop_duplicates())
    counted = (spec.name, len(a), len(b), len(added), len(removed), changed)
    parts = [
        _named(after, added, key).assign(change="added"),
        _named(before, removed, key).assign(change="removed"),
    ]
    records = pd.concat(parts, ignore_index=True)
    named = pd.concat([_named(after, cells["new_row"], key), cells], axis=1)
    return _Compared(counted, records[RECORDS], named[CELLS])


def _paired(old: pd.DataFrame, new: pd.DataFrame, spec: DatasetSpec) -> Pairs:
    """Records of both; none where all are the same, since then there is nothing to look for."""
    if old.equals(new):
        return paired(old.iloc[:0], new.iloc[:0], spec)
    return paired(old, new, spec)


def _named(dataset: Dataset, rows: pd.Series, key: Sequence[str]) -> pd.DataFrame:
    """Subject and key of these records, as text."""
    part = dataset.frame.iloc[rows.to_numpy("int64")]
    subject: pd.Series = pd.Series(np.nan, part.index, dtype="str")
    if "USUBJID" in part:
        subject = part["USUBJID"].astype("str")
    shown = [name for name in key if name not in {"STUDYID", "USUBJID"}]
    keys = [""] * len(part)
    if shown:
        rows_of_keys = part[shown].itertuples(index=False, name=None)
        keys = [_key_text(shown, values) for values in rows_of_keys]
    named = pd.DataFrame({"dataset": dataset.name, "subject": subject.to_numpy(), "key": keys})
    return named.astype("str")


def _key_text(names: Sequence[str], values: Sequence[Any]) -> str:
    """A=1, B=2; a missing value is left out."""
    parts = []
    for name, value in zip(names, values, strict=True):
        if pd.notna(value):
            parts.append(f"{name}={value_text(value)}")
    return ", ".join(parts)


def _stacked(parts: Sequence[pd.DataFrame], columns: Sequence[str]) -> pd.DataFrame:
    filled = [part for part in parts if len(part)]
    if not filled:
        return pd.DataFrame(columns=list(columns)).astype("str")
    return pd.concat(filled, ignore_index=True)


# ---------------------------------------------------------------- outcomes
OUTCOME = ["dataset", "subject", "parameter", "variable", "old", "new", "old_row", "new_row"]


def _explained(
    old: StudyOutput, new: StudyOutput, cells: pd.DataFrame, raw_exports: Sources | None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Outcomes that differ, and the raw cells that are their causes."""
    parts = [cells.iloc[:0].reindex(columns=OUTCOME)]
    for dataset in _followed(new.study.results):
        parts.append(_outcomes(old, new, cells, dataset))
    found = pd.concat(parts, ignore_index=True)
    found.insert(0, "outcome", np.arange(1, len(found) + 1))
    because = causes(old, new, found, raw_exports)
    return found.drop(columns=["old_row", "new_row"]), because


def _followed(analyses: Iterable[Analysis]) -> list[str]:
    """The datasets with variables that results follow, in the order of results."""
    names = [analysis.records.take for analysis in analyses if analysis.follow]
    return list(dict.fromkeys(names))


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
