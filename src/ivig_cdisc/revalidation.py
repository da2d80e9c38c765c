"""An output folder read back and examined again, as after a change of the rules or of the files in it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import orjson
import pandas as pd

from . import build, export, sdtm, trace
from . import validate as checks
from .build import Plan
from .conversion import PRIMARY, Progress, Summary, prepare, primary, silent, write_validation
from .dataset import Dataset
from .errors import ExportError
from .findings import COLUMNS, gather
from .spec import DatasetSpec, Study, sources

BEFORE = ("RAW-", "XPT-")  # findings made on the way to the files: they cannot be made again and are kept


def revalidate(out: Path, *, study: str | Path | None = None, progress: Progress = silent) -> Summary:
    """Examine the datasets in an output folder and write its validation folder anew.

    Steps on the way that the rules look at are made again from the files. Raises SpecError, or ExportError where the
    folder is no output or a file in it cannot be read.
    """
    out = Path(out)
    manifest = export.read_manifest(out)
    specs, plans = prepare(study or str(manifest["study"]))
    progress("reading", 0, 1)
    before = _findings_before(out)
    datasets = _read_back(out, specs, plans)
    progress("examining", 1, 1)
    examined = checks.examine(datasets, specs)
    found = trace.located(examined.findings, datasets, trace.origins(specs, plans), specs, first={})
    kept = before[before["rule"].str.startswith(BEFORE)]
    findings = _with_verbatim(trace.once(gather([kept, found]), specs), before)
    frames = {name: datasets[name].frame for name in PRIMARY if name in datasets}
    rows = {d.name: len(datasets[d.name].frame) for d in specs.datasets if export.xpt_path(out, d).is_file()}
    summary = Summary(specs, rows, findings, primary([frames]), out)
    with export.appearing(out / "validation", overwrite=True, sign="findings.json") as folder:
        write_validation(folder, summary, [examined.rules])
    export.write_manifest(out, specs, manifest["inputs"])
    return summary


def _read_back(out: Path, study: Study, plans: dict[str, Plan]) -> dict[str, Dataset]:
    """All datasets of the folder, supplemental variables back in their parents, and the steps between them."""
    frames = {d.name: _frame(out, d) for d in study.datasets if export.edge_path(out, d).is_file() and not d.internal}
    for supplement in (d for d in study.datasets if d.parent in frames):
        parent = study.dataset(supplement.parent)
        records = frames.get(supplement.name)
        frames[parent.name] = sdtm.merge(frames[parent.name], parent, records)
    datasets = {n: Dataset(study.dataset(n), f, export.read_edges(_edges(out, study, n))) for n, f in frames.items()}
    for name, plan in plans.items():
        if plan.spec.internal and set(sources(plan.spec.rows)) <= set(datasets):
            datasets[name] = build.run(plan, {}, datasets)
    return datasets


def _edges(out: Path, study: Study, name: str) -> Path:
    return export.edge_path(out, study.dataset(name))


def _frame(out: Path, spec: DatasetSpec) -> pd.DataFrame:
    """The records of one dataset; none where its file was not written because it was empty."""
    path = export.xpt_path(out, spec)
    if path.is_file():
        return export.read(path, spec)
    empty = {v.name: pd.Series(dtype="str" if v.type == "Char" else "float64") for v in spec.variables}
    return pd.DataFrame({name: column for name, column in empty.items() if name in spec.columns})


def _findings_before(out: Path) -> pd.DataFrame:
    path = out / "validation" / "findings.json"
    try:
        records = orjson.loads(path.read_bytes())["findings"]
    except (OSError, orjson.JSONDecodeError, KeyError) as error:
        raise ExportError(f"{path} cannot be read; convert the study again") from error
    return pd.DataFrame(records, columns=list(COLUMNS)).replace({None: np.nan}).astype(COLUMNS)


def _with_verbatim(found: pd.DataFrame, before: pd.DataFrame) -> pd.DataFrame:
    """Verbatim text from the findings before, where they speak of the same raw cell."""
    cell = ["file", "line", "column"]
    known = before.dropna(subset=[*cell, "verbatim"]).drop_duplicates(cell).set_index(cell)["verbatim"]
    looked_up = known.reindex(pd.MultiIndex.from_frame(found[cell])).set_axis(found.index)
    return found.assign(verbatim=found["verbatim"].fillna(looked_up).astype("str"))
