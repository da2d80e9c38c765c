"""All datasets of a study as files, written part by part as subjects are converted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

import pandas as pd

from .. import sdtm
from ..dataset import Dataset
from ..findings import gather
from ..formats import FORMATS, Facts, Format, Writer
from ..lineage.store import EdgeFile, shifted
from ..metadata import DatasetSpec
from .lengths import common_lengths

FOLDERS = {"SDTM": "sdtm", "ADaM": "adam"}


def dataset_path(folder: Path, spec: DatasetSpec, form: Format) -> Path:
    """Where a dataset's file of a format is in an output folder.

    Args:
        folder: the output folder.
        spec: of the dataset.
        form: the format.

    Returns:
        The path, in the folder of its standard.
    """
    return folder / FOLDERS[spec.standard] / f"{spec.name.lower()}{form.suffix}"


def edge_path(folder: Path, spec: DatasetSpec) -> Path:
    """Where a dataset's row parents are in an output folder.

    Args:
        folder: the output folder.
        spec: of the dataset.

    Returns:
        The path of the Parquet file.
    """
    return folder / "lineage" / f"{spec.name.lower()}.parquet"


def opened_format(names: Iterable[str]) -> Format:
    """The one of several formats that is read when a folder is opened.

    The first that keeps any text, else the first.

    The row parents of a folder are those of its records.
    """
    forms = [form for name, form in FORMATS.items() if name in names]
    for form in forms:
        if form.keeps_text:
            return form
    return forms[0]


class StudyFiles:
    """Files of all datasets in some formats, and their edges, inside a `with` block.

    rows counts the records written so far, by dataset. A dataset that ends without records leaves
    no file: an empty dataset is not submitted. An empty SUPP-- leaves no edges either.
    """

    def __init__(
        self, folder: Path, specs: Iterable[DatasetSpec], facts: Facts, formats: Sequence[str]
    ) -> None:
        self._folder, self._facts = folder, facts
        self._specs = {spec.name: spec for spec in specs}
        self._formats = [form for name, form in FORMATS.items() if name in formats]
        self._opened = opened_format(formats)
        self._stack = ExitStack()
        self._tables: dict[tuple[str, str], Writer] = {}  # by format and dataset
        self._edges: dict[str, EdgeFile] = {}
        self.rows = dict.fromkeys(self._specs, 0)

    def __enter__(self) -> Self:
        for name in (*FOLDERS.values(), "lineage"):
            (self._folder / name).mkdir()
        for spec in self._specs.values():
            if not spec.internal:
                self._open(spec)
        for spec in self._specs.values():
            self._edges[spec.name] = EdgeFile(edge_path(self._folder, spec))
            self._stack.callback(self._edges[spec.name].close)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is not None:
            self._stack.__exit__(kind, error, trace)
            return
        with self._stack:
            self._shorten()
        for name, spec in self._specs.items():
            if not (self.rows[name] or spec.internal):
                self._remove(spec)

    def _open(self, spec: DatasetSpec) -> None:
        """Begin the files of a dataset."""
        for form in self._formats:
            writer = form.write(dataset_path(self._folder, spec, form), spec, self._facts)
            self._tables[form.name, spec.name] = self._stack.enter_context(writer)

    def _shorten(self) -> None:
        """Give text the lengths that all records together need; each format counts for itself."""
        for form in self._formats:
            longest = {}
            for (name, dataset), writer in self._tables.items():
                if name == form.name and self.rows[dataset]:
                    longest[dataset] = writer.longest
            lengths = common_lengths(self._specs.values(), longest)
            for dataset, of_dataset in lengths.items():
                self._tables[form.name, dataset].shorten(of_dataset)

    def _remove(self, spec: DatasetSpec) -> None:
        for form in self._formats:
            dataset_path(self._folder, spec, form).unlink()
        if spec.parent:
            edge_path(self._folder, spec).unlink()

    def append(self, datasets: Mapping[str, Dataset]) -> pd.DataFrame:
        """Write the records of some subjects behind those before.

        Args:
            datasets: all datasets of these subjects, text as it is: SUPP-- too.

        Returns:
            Findings on cells that a format cannot hold; row is the index in the dataset.
        """
        found = []
        for form in self._formats:
            held, changes = self._held(form, datasets)
            found.append(changes)
            for name, dataset in held.items():
                self._tables[form.name, name].append(sdtm.shortened(dataset).frame)
            if form is self._opened:
                self._append_edges({**datasets, **held})
        return gather(found)

    def _held(
        self, form: Format, datasets: Mapping[str, Dataset]
    ) -> tuple[dict[str, Dataset], pd.DataFrame]:
        """The datasets as a format holds them, and what it cannot hold.

        SUPP-- are made of what it does hold.
        """
        held: dict[str, Dataset] = {}
        found = []
        for spec in self._specs.values():
            if spec.internal:
                continue
            dataset = self._source(spec, datasets, held)
            if dataset is not None:
                held[spec.name], changes = form.fit(dataset)
                found.append(changes)
        return held, gather(found)

    def _source(
        self, spec: DatasetSpec, datasets: Mapping[str, Dataset], held: Mapping[str, Dataset]
    ) -> Dataset | None:
        """A dataset before it is made to fit; a SUPP-- without records is not there."""
        if spec.parent not in held or held[spec.parent] is datasets[spec.parent]:
            return datasets.get(spec.name)
        made = sdtm.split(held[spec.parent], spec)
        if made.frame.empty:
            return None
        return made

    def _append_edges(self, datasets: Mapping[str, Dataset]) -> None:
        before = dict(self.rows)
        for name, spec in self._specs.items():
            if spec.per_study:  # all of its records are of the first part
                before[name] = 0
        for name, dataset in datasets.items():
            self._edges[name].append(shifted(dataset.lineage, before[name], before))
            self.rows[name] += len(dataset.frame)
