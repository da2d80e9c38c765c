"""All datasets of a study against their specs and rules: findings, and what was run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import pandas as pd

from ..dataset import Dataset
from ..findings import findings, gather
from ..metadata import DatasetSpec, Rule, Study
from ..text import as_text
from .conformance import ALL_MET
from .requirements import described
from .rules import joined_columns, not_applicable_reason
from .wording import key

RUN = {
    "rule": "str",
    "dataset": "str",
    "severity": "str",
    "status": "str",  # executed, failed (could not be run) or not applicable
    "reason": "str",  # why not executed
    "what": "str",  # what the spec requires, or what a finding of the rule says
    "check": "str",  # the rule's check in words
    "findings": "int64",
    "seconds": "float64",  # spent on the rule; differs from run to run, so no file may hold it
}
STATUSES = ("failed", "executed", "not applicable")


@dataclass(frozen=True)
class ValidationRun:
    """What was found, and what was looked for."""

    findings: pd.DataFrame
    rules: pd.DataFrame  # columns RUN


def silent(dataset: str) -> None:
    """Tell nobody which dataset is examined."""


def run(
    datasets: Mapping[str, Dataset], study: Study, begin: Callable[[str], None] = silent
) -> ValidationRun:
    """Run all rules and requirements on these datasets.

    Args:
        datasets: those of the study, or of some of its subjects: every rule is per subject.
        study: the specs and rules.
        begin: called with the name of each dataset when it is its turn.

    Returns:
        The findings, and which rules were executed, failed or did not apply. A rule that could not
        be run is a finding, too.
    """
    from . import expectations  # costs seconds: only who validates pays

    frames = {name: dataset.frame for name, dataset in datasets.items()}
    ready = _prepared(frames, study)
    batches = expectations.batches(ready.widened)
    found, lines = [], ready.not_run
    for spec in study.datasets:
        if spec.name not in frames:
            continue
        begin(spec.name)
        rules = ready.rules[spec.name]
        suite = expectations.suite(spec, study, rules.values())
        for name, (outcome, seconds) in expectations.run(batches[spec.name], suite).items():
            spent = seconds + ready.seconds.get((spec.name, name), 0.0)
            line = _line(rules.get(name, name), spec.name, seconds=spent, **_result(outcome))
            lines.append(line)
            found.append(_located(line, outcome, spec, frames[spec.name]))
    for line in lines:
        if line["status"] == "failed":
            found.append(_unrun(line))
    return ValidationRun(gather(found), merge([pd.DataFrame(lines, columns=list(RUN))]))


def merge(parts: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """What was run on all partitions, as one.

    Args:
        parts: frames with the columns RUN.

    Returns:
        One line for each rule and dataset: findings and seconds added up; failed where it failed
        anywhere, else executed where it was executed anywhere.
    """
    runs = pd.concat([pd.DataFrame(columns=list(RUN)), *parts], ignore_index=True).astype(RUN)
    runs["status"] = pd.Categorical(runs["status"], STATUSES, ordered=True)
    runs = runs.sort_values(["dataset", "rule", "status", "reason"], kind="stable")
    added = ["findings", "seconds"]
    runs[added] = runs.groupby(["dataset", "rule"])[added].transform("sum")
    return runs.drop_duplicates(["dataset", "rule"]).reset_index(drop=True).astype(RUN)


def run_line(**entries: Any) -> dict[str, Any]:
    """One line of RUN: executed without a finding, unless the entries say otherwise."""
    return {"status": "executed", "reason": "", "findings": 0, "seconds": 0.0, **entries}


# ---------------------------------------------------------------- before the run
@dataclass(frozen=True)
class _Prepared:
    """What can be run, and why the rest cannot."""

    rules: dict[str, dict[str, Rule]]  # by dataset and id
    widened: dict[str, pd.DataFrame]  # each dataset with what its rules join
    seconds: dict[tuple[str, str], float]  # spent on joins, by dataset and id
    not_run: list[dict[str, Any]]  # lines of RUN


def _prepared(frames: Mapping[str, pd.DataFrame], study: Study) -> _Prepared:
    columns: dict[str, dict[str, pd.Series]] = {name: {} for name in frames}
    ready = _Prepared({name: {} for name in frames}, {}, {}, [])
    for rule in study.rules:
        if reason := not_applicable_reason(rule, frames):
            ready.not_run.append(_line(rule, rule.dataset, status="not applicable", reason=reason))
            continue
        start = perf_counter()
        try:
            columns[rule.dataset] |= joined_columns(rule, frames)
        except Exception as error:  # noqa: BLE001  it must not spoil the other rules
            ready.not_run.append(_line(rule, rule.dataset, status="failed", reason=str(error)))
            continue
        ready.rules[rule.dataset][rule.id] = rule
        ready.seconds[rule.dataset, rule.id] = perf_counter() - start
    for name, frame in frames.items():
        joined = pd.DataFrame(columns[name], index=frame.index)
        ready.widened[name] = pd.concat([frame, joined], axis=1)
    return ready


# ---------------------------------------------------------------- what came out
def _line(rule: Rule | str, dataset: str, **entries: Any) -> dict[str, Any]:
    """One line of what was run: a rule of specs/rules, or a requirement of the spec."""
    return run_line(**described(rule), dataset=dataset, **entries)


def _result(outcome: pd.DataFrame | str) -> dict[str, Any]:
    if isinstance(outcome, str):
        return {"status": "failed", "reason": outcome}
    return {"findings": len(outcome)}


def _located(
    line: Mapping[str, Any], outcome: pd.DataFrame | str, spec: DatasetSpec, frame: pd.DataFrame
) -> pd.DataFrame:
    """What one rule found, with subject and key of each record."""
    if isinstance(outcome, str) or outcome.empty:
        return ALL_MET
    records = frame.reindex(outcome["row"].astype("float64").to_numpy())
    located = {name: outcome[name] for name in outcome.columns}
    if "USUBJID" in frame.columns:
        located["subject"] = as_text(records["USUBJID"])
    located["key"] = key(records, spec.keys)
    return findings(
        severity=line["severity"], rule=line["rule"], dataset=line["dataset"], **located
    )


def _unrun(line: Mapping[str, Any]) -> pd.DataFrame:
    """A rule that could not be run is an error: nobody knows what it would have found."""
    message = f"The rule could not be run: {line['reason']}"
    return findings(severity="error", rule=line["rule"], dataset=line["dataset"], message=message)
