"""Raw export to SDTM to ADaM, examined and written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pandas as pd

from .. import engine, lineage, metadata, output, raw, report, results, sdtm, validation
from ..dataset import Dataset
from ..errors import CdiscError
from ..findings import gather
from ..formats import FORMATS, Facts, known_formats, same_subjects
from ..lineage import fates, ledger, places, uses
from ..metadata import DatasetSpec, Study
from ..preparation import PreparedStudy, load_study, recognise
from ..text import several, suggest
from .examination import frames_of, with_waivers_and_answers, write_validation
from .progress import PartSteps, Progress, Step, silent
from .summary import Summary


def convert(  # noqa: PLR0913  each is said by its name
    source: str | Path,
    out: str | Path,
    *,
    study: str | Path | None = None,
    partitions: int = 1,
    only: str | Iterable[str] = (),
    formats: str | Iterable[str] = ("xpt",),
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
        CdiscError: the study has no dataset of a name in `only`, or partitions is less than 1.
        SpecError: the study cannot be used; it has every problem that there is.
        RawError: the export as a whole cannot be read.
        DerivationError: a derivation failed.
        ExportError: the output folder cannot be written or must not be replaced, or there is no
            such format.
    """
    if partitions < 1:
        raise CdiscError(f"partitions: {partitions} is not a number of parts; expected 1 or more")
    chosen = known_formats(formats)
    source, out = Path(source), Path(out)
    prepared = load_study(study or recognise(source).study)
    specs, plans = prepared.study, _wanted(prepared, only)
    task = _Task(specs, plans, lineage.inputs(specs, plans), chosen, validate)
    with output.atomic_folder(out, overwrite=overwrite, must_not_contain=source) as folder:
        answers = report.read_answers(out / output.WORKBOOK)
        progress(Step("reading", parts=partitions))
        taken = raw.read(source, specs)
        losses = fates.losses(taken, prepared.plans, specs)
        seen = _Seen([taken.findings, _same_subjects(taken, task), losses])
        facts = Facts(specs.id, specs.cutoff)
        with output.StudyFiles(folder, task.datasets, facts, chosen) as files:
            for number, forms in enumerate(raw.partition(taken, partitions, specs), 1):
                steps = PartSteps(progress, number, partitions, task.steps)
                _convert_part(task, forms, files, steps, seen)
        progress(Step("reporting", parts=partitions, share=1.0))
        whole = validation.across_subjects(seen.candidates)
        found = places.deduplicate_by_raw_cell(gather([*seen.findings, whole.findings]), specs)
        verbatim = raw.add_verbatim(found, taken.files, specs)
        complete = validate and len(plans) == len(prepared.plans)
        findings = with_waivers_and_answers(verbatim, specs, answers, complete=complete)
        summary = Summary(
            study=specs,
            rows=_written(specs, files.rows),
            findings=findings,
            results=results.lines(specs.results, seen.kept),
            out=out,
            rules=validation.merge([*seen.rules, whole.rules]),
            earlier=report.earlier(findings, answers),
        )
        entries = ledger.balance(taken, seen.used, plans, specs)
        write_validation(folder / "validation", summary, entries, answers)
        ledger.write(folder / "validation" / "ledger.json", entries, taken, specs)
        output.write_manifest(folder, specs, taken.digests, chosen)
        answers.refuse_changes()
    return summary


# ---------------------------------------------------------------- one part of the subjects
@dataclass(frozen=True)
class _Task:
    """What is to be made of each part.

    plans     of the datasets that are made, in their order
    origins   of the columns of these
    formats   names of the formats that they are written as
    validate  whether they are examined
    """

    study: Study
    plans: Mapping[str, engine.Plan]
    origins: Mapping[str, lineage.Inputs]
    formats: Sequence[str]
    validate: bool

    @property
    def datasets(self) -> list[DatasetSpec]:
        """The datasets that are written, SUPP-- among them."""
        return [d for d in self.study.datasets if (d.parent or d.name) in self.plans]

    @property
    def steps(self) -> int:
        """How many steps each part has: datasets are built and examined, and then all written."""
        if self.validate:
            return len(self.plans) + len(self.datasets) + 1
        return len(self.plans) + 1

    @property
    def keeps_text(self) -> bool:
        """Whether one of the formats keeps any text as it is."""
        return any(FORMATS[name].keeps_text for name in self.formats)


@dataclass(frozen=True)
class _Seen:
    """What was seen in the parts, in their order."""

    findings: list[pd.DataFrame]
    rules: list[pd.DataFrame] = field(default_factory=list)
    candidates: list[pd.DataFrame] = field(default_factory=list)
    kept: list[dict[str, results.Kept]] = field(default_factory=list)
    used: list[list[uses.Use]] = field(default_factory=list)


def _convert_part(
    task: _Task,
    forms: Mapping[str, pd.DataFrame],
    files: output.StudyFiles,
    steps: PartSteps,
    seen: _Seen,
) -> None:
    """Build, examine and write the datasets of some subjects; what is seen is added to `seen`."""
    study = task.study
    datasets = _built(task, forms, partial(steps.begin, "building"))
    new = _new_in_part(datasets, is_first=not seen.kept)
    seen.kept.append(results.kept(study.results, frames_of(new)))
    seen.used.append(uses.used(new, study))
    examined = gather([])
    if task.validate:
        run = validation.run(datasets, study, partial(steps.begin, "examining"))
        known = list(datasets.keys() - new.keys())
        examined = run.findings[~run.findings["dataset"].isin(known)]
        seen.rules.append(run.rules[~run.rules["dataset"].isin(known)])
    steps.begin("writing")
    first = dict(files.rows)
    misfits = files.append(new)
    gone = validation.left_out(new, study)
    of_forms = gone["file"].notna()
    calculated = [validation.undefined(new), gone[~of_forms]]
    found = gather([_together(misfits, examined, task), *calculated])
    walkable = lineage.Lineage.of(task.origins, datasets)
    seen.findings.append(raw.with_subjects(gone[of_forms], forms, study))
    seen.findings.append(places.located(found, datasets, walkable, study, first=first))
    if task.validate:
        candidates = validation.candidates(new)
        seen.candidates.append(places.located(candidates, datasets, walkable, study, first=first))


def _new_in_part(datasets: Mapping[str, Dataset], *, is_first: bool) -> dict[str, Dataset]:
    """The datasets that a part adds records to: those that are per study have theirs at once.

    They are built in each part, since others read them, and counted and written in the first.
    """
    found = {}
    for name, dataset in datasets.items():
        if is_first or not dataset.spec.per_study:
            found[name] = dataset
    return found


# ---------------------------------------------------------------- what is made
def _wanted(prepared: PreparedStudy, only: str | Iterable[str]) -> dict[str, engine.Plan]:
    """The plans of these datasets and of all that they are made from.

    All plans if none are named.
    """
    plans = prepared.plans
    needed = _named(prepared, only)
    if not needed:
        return dict(plans)
    for name in reversed(list(plans)):
        if name in needed:
            needed.update(metadata.sources(plans[name].spec.steps))
    return {name: plan for name, plan in plans.items() if name in needed}


def _named(prepared: PreparedStudy, only: str | Iterable[str]) -> set[str]:
    """The datasets of these names; of a SUPP-- the one that it supplements."""
    datasets = {spec.name: spec for spec in prepared.study.datasets}
    names = {name.upper() for name in several(only)}
    unknown = sorted(names - datasets.keys())
    if unknown:
        hints = [f"{name}{suggest(name, prepared.plans)}" for name in unknown]
        raise CdiscError(f"only: {prepared.study.id} has no dataset {', '.join(hints)}")
    needed = set()
    for name in names:
        needed.add(datasets[name].parent or name)
    return needed


def _built(
    task: _Task, forms: Mapping[str, pd.DataFrame], begin: Callable[[str], None]
) -> dict[str, Dataset]:
    """All datasets of some subjects, whatever the formats can hold of them.

    Text that goes on in SUPP-- is whole; a SUPP-- without records is not there. begin: called with
    the name of each dataset that is built.
    """
    built: dict[str, Dataset] = {}
    for name, plan in task.plans.items():
        begin(name)
        built[name] = engine.run(plan, forms, built)
    finished: dict[str, Dataset] = {}
    for spec in task.datasets:
        if not spec.parent:
            finished[spec.name] = built[spec.name]
            continue
        supplement = sdtm.split(finished[spec.parent], spec)
        if len(supplement.frame):
            finished[spec.name] = supplement
    return finished


def _same_subjects(taken: raw.Raw, task: _Task) -> pd.DataFrame:
    """Findings on subjects that become one in a format that does not keep text."""
    if all(FORMATS[name].keeps_text for name in task.formats):
        return gather([])
    return same_subjects(taken.forms, taken.files, task.study)


def _together(misfits: pd.DataFrame, found: pd.DataFrame, task: _Task) -> pd.DataFrame:
    """What formats cannot hold and what was found in the records.

    Text that is too long is told by the format that cuts it; only where another one keeps it whole
    it is too long there.
    """
    too_long = found["rule"].eq("SPEC-LENGTH")
    if task.keeps_text:
        cell = ["dataset", "row", "variable"]
        cut = misfits.loc[misfits["rule"].str.endswith("-LENGTH"), cell]
        too_long &= pd.MultiIndex.from_frame(found[cell]).isin(pd.MultiIndex.from_frame(cut))
    return gather([misfits, found[~too_long]])


def _written(study: Study, rows: Mapping[str, int]) -> dict[str, int]:
    """How many records each dataset has that is not internal and has any."""
    written = {}
    for name, records in rows.items():
        if records and not study.dataset(name).internal:
            written[name] = records
    return written
