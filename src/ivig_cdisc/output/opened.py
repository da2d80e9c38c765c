"""An output folder read back.

Its datasets as they were when they were made, with their parents and the specs.

Each file is read when something in it is first asked for, and held against the manifest then.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pandas as pd

from .. import engine, sdtm
from ..dataset import Dataset
from ..engine import Plan
from ..errors import ExportError, SpecError
from ..findings import COLUMNS
from ..formats import Format, no_records
from ..lineage import Lineage, OnDemand, inputs
from ..lineage.store import no_edges, read_edges
from ..metadata import DatasetSpec, Study, study_folder
from ..preparation import PreparedStudy, load_study
from . import manifest as manifests
from .manifest import FOUND, formats_of, read_manifest, specs_digest
from .study_files import dataset_path, edge_path, opened_format

log = logging.getLogger(__name__)


class StudyOutput:
    """What is in an output folder, read as far as it is asked for.

    out       the folder
    manifest  its manifest
    study     the specs, and plans how each dataset is made
    format    the one of its formats that is read
    datasets  hold supplemental variables as columns again, and the steps between the files where
              those can be made from them; a step that was made from raw forms has its edges but no
              frame, and stands in `edges` alone
    edges     row parents by dataset; none where the lineage does not fit the dataset any more

    Reading raises ExportError where a file cannot be read. A file that is not as the conversion
    wrote it is logged when it is read.
    """

    def __init__(self, out: Path, manifest: Mapping[str, Any], prepared: PreparedStudy) -> None:
        self.out, self.manifest, self.prepared = out, manifest, prepared
        self.study: Study = prepared.study
        self.plans: Mapping[str, Plan] = prepared.plans
        self.format: Format = opened_format(formats_of(manifest))
        self._specs = {spec.name: spec for spec in self.study.datasets}
        self._states: dict[str, str] = {}  # how each file that was looked at was altered, if it was
        self.edges = OnDemand(self._recorded(), self._read_edges)
        self.datasets = OnDemand(self._known(), self._read_dataset)
        frames = OnDemand(self.datasets, lambda name: self.datasets[name].frame)
        self.lineage = Lineage(inputs(self.study, self.plans), self.edges, frames)

    @property
    def findings(self) -> pd.DataFrame:
        """The findings of the conversion or of the examination after it."""
        self._state(self.out / FOUND)
        return _findings(self.out / FOUND)

    @cached_property
    def altered(self) -> Mapping[str, str]:
        """All files that are not as the conversion wrote them, and how. Looks at every file."""
        found = manifests.altered(self.out, self.manifest)
        for name, how in found.items():
            self._tell(name, how)
        return found

    def check(self) -> None:
        """Look at every file, and log what was altered."""
        _ = self.altered

    @cached_property
    def unfit(self) -> set[str]:
        """Datasets whose lineage does not fit them, of all that there are. Looks at every file."""
        return {name for name in self._specs if self._is_unfit(name)}

    @property
    def written(self) -> list[str]:
        """Names of the datasets that have a file."""
        return [name for name, spec in self._specs.items() if self._has_file(spec)]

    def records(self, name: str, subject: str = "") -> pd.DataFrame:
        """The records of a dataset in a file, as `datasets` has them.

        Args:
            name: of the dataset; not a step on the way.
            subject: a USUBJID, whose records alone are read; empty: all.

        Returns:
            The records, supplemental variables as columns and long text whole; the index is the
            number of the record in the dataset. All where the dataset has no USUBJID.

        Raises:
            ExportError: a file cannot be read.
        """
        spec = self._specs[name]
        frame = self.table(name, subject)
        for supplement in self._specs.values():
            if supplement.parent == name:
                qualifiers = None
                if supplement.name in self.edges:
                    qualifiers = self.table(supplement.name, subject)
                frame = sdtm.merge(frame, spec, qualifiers)
        return sdtm.whole(frame, spec)

    def of_subject(self, subject: str) -> Mapping[str, Dataset]:
        """One subject's records in each dataset, read when they are asked for.

        Those that are per study are whole; others without subjects are left out.

        Args:
            subject: a USUBJID.

        Returns:
            The datasets by name, numbered from 0 and without edges; without records where the
            subject has none.

        Raises:
            ExportError: a file cannot be read, when its records are asked for.
        """
        names = []
        for name in self.datasets:
            spec = self._specs[name]
            if spec.per_study or "USUBJID" in spec.columns:
                names.append(name)

        def read(name: str) -> Dataset:
            spec = self._specs[name]
            if spec.internal:
                return self._made_again(name, source)
            frame = self.records(name, subject).reset_index(drop=True)
            return Dataset(spec, frame, no_edges())

        def source(name: str) -> Dataset:
            if name in found:
                return found[name]
            return self.datasets[name]

        found = OnDemand(names, read)
        return found

    def table(self, name: str, subject: str = "") -> pd.DataFrame:
        """The records of a dataset as its own file has them.

        Args:
            name: of the dataset.
            subject: a USUBJID, whose records alone are read; empty: all.

        Returns:
            The records, long text cut and without the variables of SUPP--; the index is the number
            of the record in the file. None where the dataset has no file.

        Raises:
            ExportError: the file cannot be read.
        """
        spec = self._specs[name]
        path = dataset_path(self.out, spec, self.format)
        self._state(path)
        if not path.is_file():
            return no_records(spec)
        return self.format.read(path, spec, subject)

    # ------------------------------------------------------------ what there is
    def _recorded(self) -> list[str]:
        """Datasets whose edges the manifest lists."""
        listed = self.manifest["outputs"]
        recorded = []
        for name, spec in self._specs.items():
            if self._name(edge_path(self.out, spec)) in listed:
                recorded.append(name)
        return recorded

    def _known(self) -> list[str]:
        """Datasets that have records, in files or to be made from files."""
        known = [name for name in self._recorded() if not self._specs[name].internal]
        for name, plan in self.plans.items():
            if plan.spec.internal and set(self.study.made_from(plan.spec)) <= set(known):
                known.append(name)
        return known

    def _has_file(self, spec: DatasetSpec) -> bool:
        return not spec.internal and dataset_path(self.out, spec, self.format).is_file()

    def _name(self, path: Path) -> str:
        return path.relative_to(self.out).as_posix()

    # ------------------------------------------------------------ what was altered
    def _state(self, path: Path) -> str:
        """How a file was altered, nothing if it was not; logged when it is first looked at."""
        name = self._name(path)
        if name not in self._states:
            how = manifests.how_altered(self.out, name, self.manifest)
            if how:
                self._tell(name, how)
            self._states[name] = how
        return self._states[name]

    def _tell(self, name: str, how: str) -> None:
        if not self._states.get(name):
            path = self.out / name
            log.warning("%s %s since it was written; what is shown of it may be wrong", path, how)
        self._states[name] = how

    def _is_unfit(self, name: str) -> bool:
        """Whether a file of the dataset was altered, or one of those that it is made again from."""
        spec = self._specs[name]
        if self._state(edge_path(self.out, spec)):
            return True
        if not spec.internal:
            return bool(self._state(dataset_path(self.out, spec, self.format)))
        if name not in self.plans:
            return False
        made_from = self.study.made_from(self.plans[name].spec)
        return any(source in self._specs and self._is_unfit(source) for source in made_from)

    # ------------------------------------------------------------ what is read
    def _read_edges(self, name: str) -> pd.DataFrame:
        if self._is_unfit(name):
            return no_edges()
        return read_edges(edge_path(self.out, self._specs[name]))

    def _read_dataset(self, name: str) -> Dataset:
        spec = self._specs[name]
        if not spec.internal:
            return Dataset(spec, self.records(name), self.edges[name])
        again = self._made_again(name, self.datasets.__getitem__)
        if name in self.edges and self.edges[name].empty:
            return replace(again, lineage=self.edges[name])
        return again

    def _made_again(self, name: str, read: Callable[[str], Dataset]) -> Dataset:
        """A step on the way, made of the datasets that it reads."""
        plan = self.plans[name]
        made_from = {source: read(source) for source in self.study.made_from(plan.spec)}
        return engine.run(plan, {}, made_from)


def read_records(out: Path, spec: DatasetSpec) -> pd.DataFrame:
    """The records of a dataset in an output folder as its file has them.

    Args:
        out: the output folder.
        spec: of the dataset.

    Returns:
        The variables of the file in the order of the spec, supplemental ones left out; missing
        stays missing. The index is the number of the record in the file.

    Raises:
        ExportError: the file cannot be read.
    """
    form = opened_format(formats_of(read_manifest(out)))
    return form.read(dataset_path(out, spec, form), spec)


def open_output(out: str | Path, study: str | Path | None = None) -> StudyOutput:
    """Open an output folder; nothing but its manifest is read yet.

    Args:
        out: the folder.
        study: bundled study or folder, if not the one that the manifest names.

    Returns:
        The output, which reads each file when something in it is asked for.

    Raises:
        ExportError: the folder is not an output, or its format is not known.
        SpecError: the study cannot be used.
    """
    out = Path(out)
    manifest = read_manifest(out)
    return StudyOutput(out, manifest, _prepared(out, manifest, study))


def _prepared(out: Path, manifest: Mapping[str, Any], study: str | Path | None) -> PreparedStudy:
    """The specs that are named, else the bundled ones of the study that the manifest names."""
    name = str(manifest["study"])
    if study is not None:
        prepared = load_study(study)
        if prepared.study.id != name:
            raise ExportError(f"{out} is of study {name}, and {study} of {prepared.study.id}")
        return prepared
    try:
        folder = study_folder(name)
    except SpecError as error:
        reason = (
            f"{out} was made with the study {name}, which is not bundled; "
            "name its folder by --study (study= in Python)"
        )
        raise ExportError(reason) from error
    prepared = load_study(folder)
    here = specs_digest(prepared.study)
    if manifest.get("specs", here) != here:
        log.warning(
            "%s was made with other specs of %s than %s; name them by --study (study= in Python)",
            out,
            name,
            folder,
        )
    return prepared


def _findings(path: Path) -> pd.DataFrame:
    try:
        records = orjson.loads(path.read_bytes())["findings"]
        found = pd.DataFrame(records, columns=list(COLUMNS))
        return found.replace({None: np.nan}).astype(COLUMNS)
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise ExportError(f"{path} cannot be read; convert the study again") from error
