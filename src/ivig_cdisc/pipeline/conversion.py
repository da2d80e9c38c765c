"""Raw export to SDTM to ADaM, examined and written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path

import orjson
import pandas as pd

from .. import engine, lineage, metadata, output, raw, report, results, sdtm, validation
from ..dataset import Dataset
from ..errors import Problem, SpecError
from ..findings import gather
from ..formats import FORMATS, Facts, known_formats, same_subjects
from ..lineage import fates, ledger, places, uses
from ..metadata import Study
from ..preparation import load_study, recognise
from .progress import PartSteps, Progress, Step, silent
from .summary import Summary


def convert(  # noqa: PLR0913  each is said by its name
    source: str | Path,
    out: str | Path,
    *,
    study: str | Path | None = None,
    partitions: int = 1,
    only: Iterable[str] = (),
    formats: Iterable[str] = ("xpt",),
    validate: bool = True,
    overwrite: bool = False,
    progress: Progress = silent,
) -> Summary:
    """Convert a raw export; everything is in `out` afterwards, or nothing.

    Bad data never raise: they are findings.

    Args:
        source: a folder of CSV files, an ODM-XML file or a REDCap CSV file.
        out: the output folder.
        study: bundled study or a folder; otherwise the bundled one whose required forms the export
            has.
        partitions: in how many parts subjects are converted, one after another; the output is the
            same.
        only: names of datasets to write, with those that they are made from; all if none are named.
        formats: what each dataset is written as: xpt, dataset-json, ndjson, csv, parquet.
        validate: examine what was made.
        overwrite: replace an output folder that is there.
        progress: called with each `Step` as it begins.

    Returns:
        What was made, with the findings.

    Raises:
        SpecError: the study cannot be used; it has every problem that there is.
        RawError: the export as a whole cannot be read.
        DerivationError: a derivation failed.
        ExportError: the output folder cannot be written or must not be replaced, or there is no
            such format.
    """
    chosen = known_formats(formats)
    source, out = Path(source), Path(out)
    prepared = load_study(study or recognise(source).study)
    specs, bound = prepared.study, prepared.plans
    plans = _wanted(specs, bound, only)
    origins = lineage.inputs(specs, plans)
    with output.atomic_folder(out, overwrite=overwrite, must_not_contain=source) as folder:
        answers = report.read_answers(out / output.WORKBOOK)
        progress(Step("reading", parts=partitions))
        taken = raw.read(source, specs)
        found = [
            taken.findings,
            _same_subjects(taken, specs, chosen),
            fates.losses(taken, bound, specs),
        ]
        runs, kept, used = [], [], []
        candidates: list[pd.DataFrame] = []
        written = _specs(specs, plans)
        steps = len(plans) + 1 + (len(written) if validate else 0)
        facts = Facts(specs.id, specs.cutoff)
        with output.StudyFiles(folder, written, facts, chosen) as files:
            for i, forms in enumerate(raw.partition(taken, partitions, specs), 1):
                begin = PartSteps(progress, i, partitions, steps).begin
                datasets = _built(specs, plans, forms, partial(begin, "building"))
                kept.append(results.kept(specs.results, frames_of(datasets)))
                used.append(uses.used(datasets, specs))
                examinations = []
                if validate:
                    examining = partial(begin, "examining")
                    examinations.append(validation.run(datasets, specs, examining))
                runs += [examined.rules for examined in examinations]
                begin("writing")
                first = dict(files.rows)
                misfits = files.append(datasets)
                seen = _together(misfits, [e.findings for e in examinations], chosen)
                walkable = lineage.Lineage.of(origins, datasets)
                found.append(places.located(seen, datasets, walkable, specs, first=first))
                parted = validation.candidates(datasets)
                candidates.append(places.located(parted, datasets, walkable, specs, first=first))
        progress(Step("reporting", parts=partitions, share=1.0))
        whole = validation.across_subjects(candidates if validate else [])
        placed = raw.add_verbatim(
            places.deduplicate_by_raw_cell(gather([*found, whole.findings]), specs),
            taken.files,
            specs,
        )
        told = gather([validation.with_reasons(placed), validation.undecided(specs)])
        waived = validation.waive(
            told, specs.waivers, complete=validate and len(plans) == len(bound)
        )
        findings, gone = report.answer(waived, answers), report.earlier(waived, answers)
        rules = validation.merge([*runs, whole.rules])
        told_results = results.lines(specs.results, kept)
        summary = Summary(
            specs, _written(specs, files.rows), findings, told_results, out, rules, gone
        )
        entries = ledger.balance(taken, used, plans, specs)
        write_validation(folder / "validation", summary, entries, answers)
        ledger.write(folder / "validation" / "ledger.json", entries, taken, specs)
        output.write_manifest(folder, specs, taken.digests, chosen)
        answers.refuse_changes()
    return summary


# ---------------------------------------------------------------- what is made
def _wanted(
    study: Study, plans: Mapping[str, engine.Plan], only: Iterable[str]
) -> dict[str, engine.Plan]:
    """The plans of these datasets and of all that they are made from.

    All plans if none are named.
    """
    names = {name.upper() for name in only}
    if unknown := sorted(names - {d.name for d in study.datasets}):
        hints = ", ".join(f"{name}{metadata.suggest(name, plans)}" for name in unknown)
        raise SpecError(
            [Problem(study.folder / "study.yaml", 1, "only", f"the study has no dataset {hints}")]
        )
    needed: set[str] = {study.dataset(name).parent or name for name in names} or set(plans)
    for name in reversed(list(plans)):
        if name in needed:
            needed |= set(metadata.sources(plans[name].spec.rows)) & set(plans)
    return {name: plan for name, plan in plans.items() if name in needed}


def _specs(study: Study, plans: Mapping[str, engine.Plan]) -> list[metadata.DatasetSpec]:
    return [d for d in study.datasets if (d.parent or d.name) in plans]


def _built(
    study: Study,
    plans: Mapping[str, engine.Plan],
    forms: Mapping[str, pd.DataFrame],
    begin: Callable[[str], None],
) -> dict[str, Dataset]:
    """All datasets of some subjects, whatever the formats can hold of them.

    Text that goes on in SUPP-- is whole; a SUPP-- without records is not there. begin: called with
        the name of each dataset that is built.
    """
    built: dict[str, Dataset] = {}
    for name, plan in plans.items():
        begin(name)
        built[name] = engine.run(plan, forms, built)
    finished: dict[str, Dataset] = {}
    for spec in _specs(study, plans):
        if not spec.parent:
            finished[spec.name] = built[spec.name]
            continue
        supplement = sdtm.split(finished[spec.parent], spec)
        if len(supplement.frame):
            finished[spec.name] = supplement
    return finished


def _same_subjects(taken: raw.Raw, study: Study, formats: Iterable[str]) -> pd.DataFrame:
    """Findings on subjects that become one in a format that does not keep text."""
    if all(FORMATS[name].keeps_text for name in formats):
        return gather([])
    return same_subjects(taken.forms, taken.files, study)


def _together(
    misfits: pd.DataFrame, examined: list[pd.DataFrame], formats: Iterable[str]
) -> pd.DataFrame:
    """What formats cannot hold and what was found in the records.

    Text that is too long is told by the format that cuts it; only where another one keeps it whole
    it is too long there.
    """
    found = gather(examined)
    too_long = found["rule"].eq("SPEC-LENGTH")
    if any(FORMATS[name].keeps_text for name in formats):
        cell = ["dataset", "row", "variable"]
        cut = misfits.loc[misfits["rule"].str.endswith("-LENGTH"), cell]
        too_long &= pd.MultiIndex.from_frame(found[cell]).isin(pd.MultiIndex.from_frame(cut))
    return gather([misfits, found[~too_long]])


# ---------------------------------------------------------------- what is told
def frames_of(datasets: Mapping[str, Dataset]) -> dict[str, pd.DataFrame]:
    """The frames of datasets, by name."""
    return {name: dataset.frame for name, dataset in datasets.items()}


def _written(study: Study, rows: Mapping[str, int]) -> dict[str, int]:
    return {name: n for name, n in rows.items() if n and not study.dataset(name).internal}


def write_validation(
    folder: Path, summary: Summary, entries: pd.DataFrame, answers: report.Answers
) -> None:
    """The validation folder: report, findings, queries for the sites, and the written suites.

    entries: the intake ledger. answers: all that were given to queries. Without an examination
        there are no suites.
    """
    told = report.Summary(
        rows=summary.rows,
        primary=[(line.label, line.text) for line in summary.results if line.is_primary],
        facts=[(line.label, line.text) for line in summary.results if not line.is_primary],
        rules=summary.rules,
        ledger=entries,
        earlier=summary.earlier,
    )
    folder.mkdir(exist_ok=True)
    report.write_report(folder / "report.html", summary.findings, summary.study, told)
    report.write_findings(
        folder / "findings.json", summary.findings, summary.study, summary.earlier
    )
    report.write_queries(folder / "findings.xlsx", summary.findings, summary.study, answers.rows)
    if len(summary.rules):
        _write_suites(folder / "suites", summary.study)


def _write_suites(folder: Path, study: Study) -> None:
    """The expectation suites of the transport files in the output folder around this one."""
    out = folder.parent.parent
    files = {}
    for spec in study.datasets:
        path = output.dataset_path(out, spec, FORMATS["xpt"])
        if path.is_file():
            files[spec.name] = path.relative_to(out).as_posix()
    folder.mkdir(exist_ok=True)
    for name, suite in validation.suites(study, files).items():
        content = orjson.dumps(suite, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS)
        (folder / f"{name.lower()}.json").write_bytes(content + b"\n")
