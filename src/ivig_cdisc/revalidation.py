"""An output folder examined again, as after a change of the rules or of the files in it."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from . import export, trace
from . import validate as checks
from .conversion import PRIMARY, Progress, Summary, primary, silent, write_validation
from .findings import gather
from .reopen import reopen

BEFORE = ("RAW-", "XPT-")  # findings made on the way to the files: they cannot be made again and are kept


def revalidate(out: Path, *, study: str | Path | None = None, progress: Progress = silent) -> Summary:
    """Examine the datasets in an output folder and write its validation folder anew.

    Raises SpecError, or ExportError where the folder is no output or a file in it cannot be read.
    """
    progress("reading", 0, 1)
    opened = reopen(out, study)
    specs, datasets, before = opened.study, opened.datasets, opened.findings
    progress("examining", 1, 1)
    examined = checks.examine(datasets, specs)
    found = trace.located(examined.findings, datasets, opened.origins, specs, first={})
    kept = before[before["rule"].str.startswith(BEFORE)]
    findings = _with_verbatim(trace.once(gather([kept, found]), specs), before)
    frames = {name: datasets[name].frame for name in PRIMARY if name in datasets}
    rows = {d.name: len(datasets[d.name].frame) for d in specs.datasets if export.xpt_path(opened.out, d).is_file()}
    summary = Summary(specs, rows, findings, primary([frames]), opened.out)
    with export.appearing(opened.out / "validation", overwrite=True, sign="findings.json") as folder:
        write_validation(folder, summary, [examined.rules])
    export.write_manifest(opened.out, specs, opened.manifest["inputs"])
    return summary


def _with_verbatim(found: pd.DataFrame, before: pd.DataFrame) -> pd.DataFrame:
    """Verbatim text from the findings before, where they speak of the same raw cell."""
    cell = ["file", "line", "column"]
    known = before.dropna(subset=[*cell, "verbatim"]).drop_duplicates(cell).set_index(cell)["verbatim"]
    looked_up = known.reindex(pd.MultiIndex.from_frame(found[cell])).set_axis(found.index)
    return found.assign(verbatim=found["verbatim"].fillna(looked_up).astype("str"))
