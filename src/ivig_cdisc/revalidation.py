"""An output folder examined again, as after a change of the rules or of the files in it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd

from . import export, ledger, trace
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
    parted = checks.candidates(datasets)
    whole = checks.told([trace.located(parted, datasets, opened.origins, specs, first={})])
    found = gather([trace.located(examined.findings, datasets, opened.origins, specs, first={}), whole.findings])
    kept = before[before["rule"].str.startswith(BEFORE)]
    placed = gather([kept, _placed_as_before(trace.once(gather([found]), specs), before)])
    findings = checks.waive(placed, specs.waivers)
    frames = {name: datasets[name].frame for name in PRIMARY if name in datasets}
    rows = {d.name: len(datasets[d.name].frame) for d in specs.datasets if export.xpt_path(opened.out, d).is_file()}
    summary = Summary(specs, rows, findings, primary([frames]), opened.out, checks.merge([examined.rules, whole.rules]))
    with export.appearing(opened.out / "validation", overwrite=True, sign="findings.json") as folder:
        intake = opened.out / "validation" / "ledger.json"  # what came in has not changed
        write_validation(folder, summary, ledger.read(intake))
        shutil.copy(intake, folder)
    export.write_manifest(opened.out, specs, opened.manifest["inputs"])
    return summary


def _placed_as_before(found: pd.DataFrame, before: pd.DataFrame) -> pd.DataFrame:
    """The findings with file, line, column and verbatim text of the findings before, where they are the same."""
    same, place = ["rule", "dataset", "row", "variable", "value"], ["file", "line", "column", "verbatim"]
    known = before.drop_duplicates(same).set_index(same)[place]
    again = known.reindex(pd.MultiIndex.from_frame(found[same])).set_axis(found.index)
    met = again["file"].notna()
    return found.assign(**{name: found[name].mask(met, again[name]) for name in place})
