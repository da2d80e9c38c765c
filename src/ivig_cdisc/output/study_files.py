"""All datasets of a study as files, written part by part as subjects are converted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from ..dataset import Dataset
from ..formats.xpt.writer import XptFile
from ..lineage.store import EdgeFile, shifted
from ..metadata import DatasetSpec

FOLDERS = {"SDTM": "sdtm", "ADaM": "adam"}


def xpt_path(folder: Path, spec: DatasetSpec) -> Path:
    """Where a dataset's transport file is in an output folder."""
    return folder / FOLDERS[spec.standard] / f"{spec.name.lower()}.xpt"


def edge_path(folder: Path, spec: DatasetSpec) -> Path:
    """Where a dataset's row parents are in an output folder."""
    return folder / "lineage" / f"{spec.name.lower()}.parquet"


class StudyFiles:
    """Transport files and edges of all datasets, inside a `with` block.

    rows counts the records written so far, by dataset. A dataset that ends without records leaves
    no transport file: an empty dataset is not submitted. An empty SUPP-- leaves no edges either.
    """

    def __init__(self, folder: Path, specs: Iterable[DatasetSpec], cutoff: str) -> None:
        self._folder, self._cutoff = folder, cutoff
        self._specs = {spec.name: spec for spec in specs}
        self._stack = ExitStack()
        self.rows = dict.fromkeys(self._specs, 0)

    def __enter__(self) -> Self:
        for name in (*FOLDERS.values(), "lineage"):
            (self._folder / name).mkdir()
        written = [spec for spec in self._specs.values() if not spec.internal]
        self._tables = {s.name: self._stack.enter_context(self._table(s)) for s in written}
        self._edges = {s.name: EdgeFile(edge_path(self._folder, s)) for s in self._specs.values()}
        for edges in self._edges.values():
            self._stack.callback(edges.close)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.__exit__(kind, error, trace)
        for name in self._tables if kind is None else ():
            if not self.rows[name]:
                self._remove(self._specs[name])

    def _remove(self, spec: DatasetSpec) -> None:
        xpt_path(self._folder, spec).unlink()
        if spec.parent:
            edge_path(self._folder, spec).unlink()

    def _table(self, spec: DatasetSpec) -> XptFile:
        return XptFile(xpt_path(self._folder, spec), spec, self._cutoff)

    def append(self, datasets: Mapping[str, Dataset]) -> dict[str, int]:
        """Write the records of some subjects behind those before; returns the first row number of each dataset."""
        before = dict(self.rows)
        for name, dataset in datasets.items():
            if name in self._tables:
                self._tables[name].append(dataset.frame)
            self._edges[name].append(shifted(dataset.lineage, before[name], before))
            self.rows[name] += len(dataset.frame)
        return before
