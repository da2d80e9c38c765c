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
from .examination import frames_of, with_waivers_and_answers, write_validation
from .progress import PartSteps, Progress, Step, silent
from .summary import Summary

MISFITS = tuple(form.rules for form in FORMATS.values())
# made on the way to the files: they cannot be made again and are kept
BEFORE = ("RAW-", validation.CALCULATION, *MISFITS)
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
    run = validation.run(datasets, specs, examining)
    progress(Step("reporting", share=1.0))
    whole = validation.across_subjects([_located(validation.candidates(datasets), opened)])
    examined = gather([_located(run.findings, opened), whole.findings])
    findings = with_waivers_and_answers(_with_kept(examined, before, opened), specs, answers)
    summary = Summary(
        study=specs,
        rows={name: len(datasets[name].frame) for name in opened.written},
        findings=findings,
        results=results.lines(specs.results, [results.kept(specs.results, frames_of(datasets))]),
        out=opened.out,
        rules=validation.merge([run.rules, whole.rules]),
        earlier=report.earlier(findings, answers),
    )
    _write(opened, folder, summary, answers)
    answers.refuse_changes()
    return summary


def _located(found: pd.DataFrame, opened: StudyOutput) -> pd.DataFrame:
    """The findings with their place in the raw export, all subjects being one part."""
    return places.located(found, opened.datasets, opened.lineage, opened.study, first={})


def _with_kept(examined: pd.DataFrame, before: pd.DataFrame, opened: StudyOutput) -> pd.DataFrame:
    """What was found now, and of what was found before all that cannot be found again."""
    is_untrusted = before["rule"].eq(ALTERED) & before["file"].eq(output.FOUND)  # and stays so
    kept = before[before["rule"].str.startswith(BEFORE) | is_untrusted]
    readable = before[~before["dataset"].isin(opened.unfit)]
    found = places.deduplicate_by_raw_cell(examined, opened.study)
    return gather([kept, _altered(opened), _placed_as_before(found, readable, opened)])


def _write(opened: StudyOutput, folder: Path, summary: Summary, answers: report.Answers) -> None:
    """All that stays, and the examination beside it; what is new is signed, and nothing else."""
    output.carry(opened.out, folder, leaving=_is_new)
    entries = no_entries()
    if LEDGER not in opened.altered:
        entries = ledger.read(opened.out / LEDGER)
    write_validation(folder / "validation", summary, entries, answers)
    output.sign_again(folder, opened.manifest)


def _is_new(name: str) -> bool:
    """Whether a file of the output is written anew."""
    return name == output.MANIFEST or output.is_examined(name)


def _altered(opened: StudyOutput) -> pd.DataFrame:
    """A finding for each file that is not as the manifest has it."""
    parts = []
    for name, how in opened.altered.items():
        parts.append(_altered_file(opened.out, name, how))
    return gather(parts)


def _altered_file(out: Path, name: str, how: str) -> pd.DataFrame:
    message = (
        f"{name} {how} after the conversion: it is not as manifest.json has it. "
        "Convert the study again."
    )
    if name.startswith(("sdtm/", "adam/", "lineage/")):
        message += " Its lineage is not used to say where findings come from."
    value = None
    if (out / name).is_file():
        value = output.digest(out / name)[:16]
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
    restored = found.copy()
    for name in PLACE:
        restored[name] = found[name].mask(placed, again[name])
    for name in CONTENT:
        same_when_held = opened.format.as_held(again[name]).eq(found[name])
        restored[name] = found[name].mask(same_when_held, again[name])
    return restored
