"""All datasets of a study against their specs and the study's rules, as findings and as a list of what was run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import pandas as pd

from ..dataset import Dataset
from ..findings import findings, gather
from ..metadata import DatasetSpec, Rule, Study
from .checks import words
from .conformance import NEXT_TERM, NOTHING, REQUIREMENTS, SEVERITY
from .rules import brought, lacking
from .wording import key, reads, text

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
class Examination:
    """What was found, and what was looked for (columns RUN)."""

    findings: pd.DataFrame
    rules: pd.DataFrame


def silent(dataset: str) -> None:
    """Tell nobody which dataset is examined."""


def examine(
    datasets: Mapping[str, Dataset], study: Study, begin: Callable[[str], None] = silent
) -> Examination:
    """The findings in these datasets, and which rules were executed, failed or did not apply.

    The datasets may be those of some subjects only, as every rule is per subject. begin: called
    with the name of each dataset that is examined.
    """
    from . import expectations  # costs seconds: only who validates pays

    frames = {name: dataset.frame for name, dataset in datasets.items()}
    ready = _prepare(frames, study)
    batches = expectations.batches(ready.widened)
    found, runs = [], ready.skipped
    for spec in (d for d in study.datasets if d.name in frames):
        begin(spec.name)
        rules = ready.rules[spec.name]
        suite = expectations.suite(spec, study, rules.values())
        for name, (outcome, seconds) in expectations.run(batches[spec.name], suite).items():
            ran = (
                {"status": "failed", "reason": outcome}
                if isinstance(outcome, str)
                else {"findings": len(outcome)}
            )
            spent = seconds + ready.seconds.get((spec.name, name), 0.0)
            runs.append(_run(rules.get(name, name), spec.name, **ran, seconds=spent))
            found.append(_located(runs[-1], outcome, spec, frames[spec.name]))
    found += [_unrun(entry) for entry in runs if entry["status"] == "failed"]
    return Examination(gather(found), merge([pd.DataFrame(runs, columns=list(RUN))]))


def merge(parts: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """What was run on all partitions: findings and seconds added up, and executed where it was executed anywhere."""
    runs = pd.concat([pd.DataFrame(columns=list(RUN)), *parts], ignore_index=True).astype(RUN)
    runs["status"] = pd.Categorical(runs["status"], STATUSES, ordered=True)
    runs = runs.sort_values(["dataset", "rule", "status", "reason"], kind="stable")
    added = ["findings", "seconds"]
    runs[added] = runs.groupby(["dataset", "rule"])[added].transform("sum")
    return runs.drop_duplicates(["dataset", "rule"]).reset_index(drop=True).astype(RUN)


def suites(study: Study) -> dict[str, Any]:
    """Every dataset's suite as plain JSON values."""
    from . import expectations

    known = {d.name: pd.DataFrame(columns=[v.name for v in d.variables]) for d in study.datasets}
    ready = {
        d.name: [r for r in study.rules if r.dataset == d.name and not lacking(r, known)]
        for d in study.datasets
    }
    made = {d.name: expectations.suite(d, study, ready[d.name]) for d in study.datasets}
    plain: dict[str, Any] = {
        name: suite.to_json_dict() for name, suite in made.items() if suite.expectations
    }
    for expectation in (e for suite in plain.values() for e in suite["expectations"]):
        for required in expectation["kwargs"].get("variables", {}).values():
            if isinstance(required, dict):
                required["terms"] = required["terms"].split(NEXT_TERM)
    return plain


# ---------------------------------------------------------------- parts of an examination
@dataclass(frozen=True)
class _Ready:
    """What can be run, and why the rest cannot."""

    rules: dict[str, dict[str, Rule]]  # by dataset and id
    widened: dict[str, pd.DataFrame]  # each dataset with what its rules join
    seconds: dict[tuple[str, str], float]  # spent on joins, by dataset and id
    skipped: list[dict[str, Any]]  # lines of RUN


def _prepare(frames: Mapping[str, pd.DataFrame], study: Study) -> _Ready:
    columns: dict[str, dict[str, pd.Series]] = {name: {} for name in frames}
    ready = _Ready({name: {} for name in frames}, {}, {}, [])
    for rule in study.rules:
        start, reason, status = perf_counter(), lacking(rule, frames), "not applicable"
        if not reason:
            try:
                columns[rule.dataset] |= brought(rule, frames)
                ready.rules[rule.dataset][rule.id] = rule
                ready.seconds[rule.dataset, rule.id] = perf_counter() - start
                continue
            except Exception as error:  # noqa: BLE001  whatever it is, it must not spoil the other rules
                reason, status = str(error), "failed"
        ready.skipped.append(_run(rule, rule.dataset, status=status, reason=reason))
    for name, frame in frames.items():
        ready.widened[name] = pd.concat(
            [frame, pd.DataFrame(columns[name], index=frame.index)], axis=1
        )
    return ready


def _run(rule: Rule | str, dataset: str, **more: Any) -> dict[str, Any]:
    """One line of what was run: a rule of specs/rules, or a requirement of the spec."""
    if isinstance(rule, Rule):
        told = {
            "rule": rule.id,
            "severity": rule.severity,
            "what": reads(rule.message),
            "check": words(rule.check),
        }
    else:
        what = str(REQUIREMENTS[rule].__doc__).strip().splitlines()[0]
        told = {"rule": rule, "severity": SEVERITY.get(rule, "error"), "what": what, "check": ""}
    return run_line(**told, dataset=dataset, **more)


def run_line(**told: Any) -> dict[str, Any]:
    """One line of RUN: executed without a finding, unless more is told."""
    return {"status": "executed", "reason": "", "findings": 0, "seconds": 0.0, **told}


def _located(
    entry: Mapping[str, Any], outcome: pd.DataFrame | str, spec: DatasetSpec, frame: pd.DataFrame
) -> pd.DataFrame:
    """What one rule found, with subject and key of each record."""
    if isinstance(outcome, str) or outcome.empty:
        return NOTHING
    records = frame.reindex(outcome["row"].astype("float64").to_numpy())
    keys = key(records, spec.keys).to_numpy()
    subjects = text(records["USUBJID"]).to_numpy() if "USUBJID" in frame.columns else None
    told = {name: entry[name] for name in ("severity", "rule", "dataset")}
    located = outcome.assign(subject=subjects, key=keys)
    return findings(**told, **{name: located[name] for name in located.columns})


def _unrun(entry: Mapping[str, Any]) -> pd.DataFrame:
    """A rule that could not be run is an error: nobody knows what it would have found."""
    message = f"The rule could not be run: {entry['reason']}"
    return findings(severity="error", rule=entry["rule"], dataset=entry["dataset"], message=message)
