"""The end of a conversion and of a revalidation: findings answered, validation folder written."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import orjson
import pandas as pd

from .. import output, report, validation
from ..dataset import Dataset
from ..findings import gather
from ..formats import FORMATS
from ..metadata import Study
from .summary import Summary


def frames_of(datasets: Mapping[str, Dataset]) -> dict[str, pd.DataFrame]:
    """The frames of datasets, by name."""
    return {name: dataset.frame for name, dataset in datasets.items()}


def with_waivers_and_answers(
    found: pd.DataFrame, study: Study, answers: report.Answers, *, complete: bool = True
) -> pd.DataFrame:
    """The findings with what may cause them, whether they are waived, and how they were answered.

    What the specs leave to decide is among them. complete: all that the study asks for was
    examined.
    """
    all_found = gather([validation.with_reasons(found), validation.undecided(study)])
    waived = validation.waive(all_found, study.waivers, complete=complete)
    return report.answer(waived, answers)


def write_validation(
    folder: Path, summary: Summary, entries: pd.DataFrame, answers: report.Answers
) -> None:
    """The validation folder: report, findings, queries for the sites, and the written suites.

    entries: the intake ledger. answers: all that were given to queries. Without an examination
    there are no suites.
    """
    folder.mkdir(exist_ok=True)
    study, findings = summary.study, summary.findings
    overview = _overview(summary, entries)
    report.write_report(folder / "report.html", findings, study, overview)
    report.write_findings(folder / "findings.json", findings, study, summary.earlier)
    report.write_queries(folder / "findings.xlsx", findings, study, answers.rows)
    if len(summary.rules):
        _write_suites(folder / "suites", study)


def _overview(summary: Summary, entries: pd.DataFrame) -> report.Summary:
    primary, facts = [], []
    for line in summary.results:
        if line.is_primary:
            primary.append((line.label, line.text))
        else:
            facts.append((line.label, line.text))
    return report.Summary(
        rows=summary.rows,
        primary=primary,
        facts=facts,
        rules=summary.rules,
        ledger=entries,
        earlier=summary.earlier,
    )


def _write_suites(folder: Path, study: Study) -> None:
    """The expectation suites of the transport files in the output folder around this one."""
    out = folder.parent.parent
    files = {}
    for spec in study.datasets:
        path = output.dataset_path(out, spec, FORMATS["xpt"])
        if path.is_file():
            files[spec.name] = path.relative_to(out).as_posix()
    if files:
        folder.mkdir(exist_ok=True)
    for name, suite in validation.suites(study, files).items():
        content = orjson.dumps(suite, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS)
        (folder / f"{name.lower()}.json").write_bytes(content + b"\n")
