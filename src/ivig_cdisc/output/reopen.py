"""An output folder read back: its datasets as they were when they were made, with their parents and the specs."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pandas as pd

from .. import engine, formats, sdtm
from ..dataset import Dataset
from ..engine import Plan
from ..errors import ExportError, SpecError
from ..findings import COLUMNS
from ..lineage import Lineage, inputs
from ..lineage.store import no_edges, read_edges
from ..metadata import DatasetSpec, Study, sources, study_folder
from ..preparation import PreparedStudy, load_study
from .manifest import altered as altered_files
from .manifest import read_manifest, specs_digest
from .study_files import edge_path, xpt_path

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Opened:
    """What is in an output folder.

    datasets hold supplemental variables as columns again, and the steps between the files where
    those can be made from them; a step that was made from raw forms has its edges but no frame, and
    stands in `edges` alone.

    altered says which files are not as the conversion wrote them, and how; a dataset whose lineage
    therefore does not fit it any more (see `unfit`) has none.
    """

    out: Path
    manifest: Mapping[str, Any]
    prepared: PreparedStudy
    datasets: dict[str, Dataset]
    edges: dict[str, pd.DataFrame]
    lineage: Lineage
    altered: Mapping[str, str]

    @property
    def study(self) -> Study:
        """The specs."""
        return self.prepared.study

    @property
    def plans(self) -> Mapping[str, Plan]:
        """By dataset, how it is made."""
        return self.prepared.plans

    @property
    def findings(self) -> pd.DataFrame:
        """The findings of the conversion or of the examination after it."""
        return _findings(self.out / "validation" / "findings.json")


def reopen(out: Path, study: str | Path | None = None) -> Opened:
    """Read an output folder. study: bundled study or folder, if not the one that the manifest names.

    Files that are not as the manifest has them are logged. Raises SpecError, or ExportError where
    the folder is no output or a file in it cannot be read.
    """
    out = Path(out)
    manifest = read_manifest(out)
    prepared = _prepared(out, manifest, study)
    specs, plans = prepared.study, prepared.plans
    altered = altered_files(out, manifest)
    for name, how in altered.items():
        log.warning("%s %s since it was written; what is told of it may be wrong", out / name, how)
    edges = _edges(out, manifest, specs, unfit(out, specs, plans, altered))
    datasets = _datasets(out, specs, plans, edges)
    frames = {name: dataset.frame for name, dataset in datasets.items()}
    lineage = Lineage(inputs(specs, plans), edges, frames)
    return Opened(out, manifest, prepared, datasets, edges, lineage, altered)


def _prepared(out: Path, manifest: Mapping[str, Any], study: str | Path | None) -> PreparedStudy:
    """The specs that are named, else the bundled ones of the study that the manifest names."""
    if study is not None:
        return load_study(study)
    name = str(manifest["study"])
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


def unfit(
    out: Path, study: Study, plans: Mapping[str, Plan], altered: Mapping[str, str]
) -> set[str]:
    """Datasets whose lineage does not fit them: one of their files was altered, or they are made again from such."""

    def is_altered(path: Path) -> bool:
        return path.relative_to(out).as_posix() in altered

    found = {
        d.name
        for d in study.datasets
        if is_altered(edge_path(out, d)) or (not d.internal and is_altered(xpt_path(out, d)))
    }
    for name, plan in plans.items():
        if plan.spec.internal and found & set(sources(plan.spec.rows)):
            found.add(name)
    return found


def _edges(
    out: Path, manifest: Mapping[str, Any], study: Study, unfit: set[str]
) -> dict[str, pd.DataFrame]:
    """The edges of the datasets that were made; of those whose lineage does not fit, none."""
    paths = {d.name: edge_path(out, d) for d in study.datasets}
    made = {n: p for n, p in paths.items() if p.relative_to(out).as_posix() in manifest["outputs"]}
    return {name: no_edges() if name in unfit else read_edges(path) for name, path in made.items()}


def _datasets(
    out: Path, study: Study, plans: Mapping[str, Plan], edges: Mapping[str, pd.DataFrame]
) -> dict[str, Dataset]:
    frames = {d.name: _frame(out, d) for d in study.datasets if d.name in edges and not d.internal}
    for supplement in (d for d in study.datasets if d.parent in frames):
        parent = study.dataset(supplement.parent)
        frames[parent.name] = sdtm.merge(frames[parent.name], parent, frames.get(supplement.name))
    datasets = {
        name: Dataset(study.dataset(name), frame, edges[name]) for name, frame in frames.items()
    }
    for name, plan in plans.items():
        if plan.spec.internal and set(sources(plan.spec.rows)) <= set(datasets):
            again = engine.run(plan, {}, datasets)
            datasets[name] = (
                replace(again, lineage=edges[name])
                if name in edges and edges[name].empty
                else again
            )
    return datasets


def _frame(out: Path, spec: DatasetSpec) -> pd.DataFrame:
    """The records of one dataset; none where its file was not written because it was empty."""
    path = xpt_path(out, spec)
    if path.is_file():
        return formats.read(path, spec)
    empty = {
        v.name: pd.Series(dtype="str" if v.type == "Char" else "float64") for v in spec.variables
    }
    return pd.DataFrame({name: column for name, column in empty.items() if name in spec.columns})


def _findings(path: Path) -> pd.DataFrame:
    try:
        records = orjson.loads(path.read_bytes())["findings"]
        return pd.DataFrame(records, columns=list(COLUMNS)).replace({None: np.nan}).astype(COLUMNS)
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise ExportError(f"{path} cannot be read; convert the study again") from error
