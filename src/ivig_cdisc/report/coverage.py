"""Which rules there are, where each was executed, and why it was not elsewhere.

What the report says of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from operator import attrgetter

import pandas as pd

from ..findings import SEVERITIES
from ..metadata import Study
from ..validation.wording import reads
from .overview import counted

ELSEWHERE = {  # rules that no dataset is examined by, by how their names begin
    "RAW-": "reading the raw export",
    "XPT-": "writing SAS XPORT files",
    "WAIVER-": "the waivers of the study",
}
UNRUN = "Nothing was examined."


@dataclass(frozen=True)
class Line:
    """One rule, and what became of it."""

    rule: str
    what: str  # is required, or a finding says
    check: str
    severity: str  # the worst
    executed_on: str
    not_executed: dict[str, str]  # why, by status
    findings: int


@dataclass(frozen=True)
class Coverage:
    """All rules, in the order of their names."""

    verdict: str
    lines: list[Line]


def shown(rules: pd.DataFrame, found: pd.DataFrame, study: Study) -> Coverage:
    """One line per rule, with the number of findings that the report shows of it.

    Args:
        rules: ValidationRun.rules.
        found: the findings.
        study: the specs.

    Returns:
        All rules. Those of the study that `rules` has not were not run; those that only findings
        name are of another step, such as reading.
    """
    known = pd.concat([rules, _unmentioned(rules, study)], ignore_index=True)
    by_rule = {str(rule): part for rule, part in found.groupby("rule")}
    lines: dict[str, Line] = {}
    for name, part in known.groupby("rule"):
        rule = str(name)
        lines[rule] = _line(rule, part, len(by_rule.get(rule, ())))
    for rule, part in by_rule.items():
        if rule not in lines:
            lines[rule] = _elsewhere(rule, part)
    in_order = sorted(lines.values(), key=attrgetter("rule"))
    return Coverage(_verdict(known, len(lines)), in_order)


def _unmentioned(rules: pd.DataFrame, study: Study) -> pd.DataFrame:
    """Rules of the study of which the caller says nothing: they were not run."""
    mentioned = set(zip(rules["rule"], rules["dataset"]))
    rest: list[dict[str, str]] = []
    for rule in study.rules:
        if (rule.id, rule.dataset) not in mentioned:
            line = {
                "rule": rule.id,
                "dataset": rule.dataset,
                "severity": rule.severity,
                "status": "not applicable",
                "reason": UNRUN,
                "what": reads(rule.message),
                "check": "",
            }
            rest.append(line)
    return pd.DataFrame(rest, columns=list(rules.columns))


def _verdict(known: pd.DataFrame, number: int) -> str:
    """How many rules there are, and what became of them on the datasets."""
    statuses: list[str] = []
    for status in ("executed", "not applicable", "failed"):
        count = int(known["status"].eq(status).sum())
        if count:
            statuses.append(f"{count:,} {status}")
    outcome = ", ".join(statuses) or "none executed"
    return f"{counted(number, 'rule')}; counted on each dataset: {outcome}."


def _line(rule: str, part: pd.DataFrame, count: int) -> Line:
    executed = part["status"].eq("executed")
    return Line(
        rule=rule,
        what=str(part["what"].iloc[0]),
        check=str(part["check"].iloc[0]),
        severity=_worst(part),
        executed_on=", ".join(part.loc[executed, "dataset"]),
        not_executed=_reasons(part[~executed]),
        findings=count,
    )


def _reasons(left: pd.DataFrame) -> dict[str, str]:
    """Why a rule was not executed: each status with its reasons, each of them once."""
    reasons = left["reason"].fillna("")
    texts: dict[str, str] = {}
    for status, of_status in reasons.groupby(left["status"], sort=False):
        texts[str(status)] = " ".join(of_status.drop_duplicates())
    return texts


def _elsewhere(rule: str, found: pd.DataFrame) -> Line:
    """A rule that only its findings name."""
    return Line(rule, "", "", _worst(found), _step(rule), {}, len(found))


def _step(rule: str) -> str:
    """The step that a rule is of which no dataset is examined by; empty where it is not known."""
    for start, step in ELSEWHERE.items():
        if rule.startswith(start):
            return step
    return ""


def _worst(part: pd.DataFrame) -> str:
    return str(min(part["severity"], key=SEVERITIES.index))
