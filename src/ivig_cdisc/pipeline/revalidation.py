"""An output folder examined again, as after a change of the rules or of the files in it."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pandas as pd

from .. import output, report, results, validation
from ..findings import findings, gather
from ..formats import FORMATS
from ..lineage import ledger, places
from ..lineage.entries import no_entries
from ..output import StudyOutput, open_output
from .conversion import frames_of, write_validation
from .progress import PartSteps, Progress, Step, silent
from .summary import Summary

MISFITS = tuple(form.rules for form in FORMATS.values())
BEFORE = ("RAW-", *MISFITS)  # made on the way to the files: they cannot be made again and are kept
PLACE = ("file", "line", "column", "verbatim")
CONTENT = ("value", "key", "subject", "message")
AS_BEFORE = (*PLACE, *CONTENT)
ALTERED = "FILE-CHANGED"
LEDGER = "validation/ledger.json"


def validate(
    out: str | Path, *, study: str | Path | None = None, progress: Progress = silent
) -> Summary:
    """Examine the datasets in an output folder and write its validation folder anew.

    Files that are not as the manifest has them are findings, and stay so: their SHA-256 in the
    manifest is not renewed. The answers in findings.xlsx are carried into the new one.

    Args:
        out: an output folder.
        study: bundled study or folder, if not the one that the output names.
        progress: called with each `Step` as it begins.

    Returns:
        What is there, with the findings.

    Raises:
        SpecError: the study cannot be used.
        ExportError: the folder is no output, or a file in it cannot be read.
    """
    with output.atomic_folder(Path(out), overwrite=True, reason_against=lambda _: "") as folder:
        return _validate(Path(out), folder, study, progress)


def _validate(out: Path, folder: Path, study: str | Path | None, progress: Progress) -> Summary:
    """The same into a new folder that takes the place of the old one."""
    progress(Step("reading"))
    opened = open_output(out, study)
    answers = report.read_answers(out / output.WORKBOOK)
    specs, datasets, before = opened.study, opened.datasets, opened.findings
    opened.check()
    examining = partial(PartSteps(progress, 1, 1, len(datasets)).begin, "examining")
    examined = validation.run(datasets, specs, examining)
    progress(Step("reporting", share=1.0))
    parted = validation.candidates(datasets)
    whole = validation.across_subjects(
        [places.located(parted, datasets, opened.lineage, specs, first={})]
    )
    found = gather(
        [
            places.located(examined.findings, datasets, opened.lineage, specs, first={}),
            whole.findings,
        ]
    )
    untrusted = before["rule"].eq(ALTERED) & before["file"].eq(
        output.FOUND
    )  # said once, it stays so
    kept = before[before["rule"].str.startswith(BEFORE) | untrusted]
    fitting = before[~before["dataset"].isin(opened.unfit)]
    placed = gather(
        [
            kept,
            _altered(opened),
            _placed_as_before(
                places.deduplicate_by_raw_cell(gather([found]), specs), fitting, opened
            ),
        ]
    )
    waived = validation.waive(
        gather([validation.with_reasons(placed), validation.undecided(specs)]), specs.waivers
    )
    told, gone = report.answer(waived, answers), report.earlier(waived, answers)
    told_results = results.lines(specs.results, [results.kept(specs.results, frames_of(datasets))])
    rows = {name: len(datasets[name].frame) for name in opened.written}
    rules = validation.merge([examined.rules, whole.rules])
    summary = Summary(specs, rows, told, told_results, opened.out, rules, gone)
    _write(opened, folder, summary, answers)
    answers.refuse_changes()
    return summary


def _write(opened: StudyOutput, folder: Path, summary: Summary, answers: report.Answers) -> None:
    """All that stays, and the examination beside it; what is new is signed, and nothing else."""
    output.carry(
        opened.out, folder, leaving=lambda name: name == output.MANIFEST or output.is_examined(name)
    )
    entries = no_entries() if LEDGER in opened.altered else ledger.read(opened.out / LEDGER)
    write_validation(folder / "validation", summary, entries, answers)
    output.sign_again(folder, opened.manifest)


def _altered(opened: StudyOutput) -> pd.DataFrame:
    """A finding for each file that is not as the manifest has it."""
    parts = [_altered_file(opened.out, name, how) for name, how in opened.altered.items()]
    return gather(parts)


def _altered_file(out: Path, name: str, how: str) -> pd.DataFrame:
    path = out / name
    message = f"{name} {how} after the conversion: it is not as manifest.json has it. Convert the study again."
    if name.startswith(("sdtm/", "adam/", "lineage/")):
        message += " Its lineage is not used to say where findings come from."
    value = output.digest(path)[:16] if path.is_file() else None
    return findings(severity="error", rule=ALTERED, value=value, message=message, file=name)


def _placed_as_before(
    found: pd.DataFrame, before: pd.DataFrame, opened: StudyOutput
) -> pd.DataFrame:
    """The findings as those before, where they are the same.

    From these they have file, line, column and verbatim text; and what they say, where it is the
    same but for letters that the file does not hold.
    """
    same = ["rule", "dataset", "row", "variable", "value"]
    held = before.assign(value=opened.format.as_held(before["value"]))
    known = before.loc[~held.duplicated(same), list(AS_BEFORE)]
    known.index = pd.MultiIndex.from_frame(held.loc[known.index, same])
    again = known.reindex(pd.MultiIndex.from_frame(found[same])).set_axis(found.index)
    placed = again["file"].notna()
    taken = {name: found[name].mask(placed, again[name]) for name in PLACE}
    for name in CONTENT:
        spelled = opened.format.as_held(again[name])
        taken[name] = found[name].mask(spelled.eq(found[name]), again[name])
    return found.assign(**taken)
