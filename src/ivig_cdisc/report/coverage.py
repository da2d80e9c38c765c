"""Which rules there are, where each was executed, and why it was not elsewhere.

What the report says of it.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from ..findings import SEVERITIES
from ..metadata import Study
from ..validation.wording import reads

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

    rules: Examination.rules. Rules of the study that are not there were not run; rules that only
        findings name are of another step, such as reading.
    """
    known = pd.concat([rules, _unmentioned(rules, study)], ignore_index=True)
    counts = {str(rule): len(part) for rule, part in found.groupby("rule")}
    lines = {
        str(rule): _rule(str(rule), part, counts.get(str(rule), 0))
        for rule, part in known.groupby("rule")
    }
    lines |= {rule: _elsewhere(rule, found) for rule in counts if rule not in lines}
    return Coverage(_verdict(known, len(lines)), [lines[rule] for rule in sorted(lines)])


def _unmentioned(rules: pd.DataFrame, study: Study) -> pd.DataFrame:
    """Rules of the study of which the caller says nothing: they were not run."""
    said = set(zip(rules["rule"], rules["dataset"]))
    rest = [
        {
            "rule": r.id,
            "dataset": r.dataset,
            "severity": r.severity,
            "what": reads(r.message),
            "check": "",
        }
        for r in study.rules
        if (r.id, r.dataset) not in said
    ]
    columns = [*rules.columns]
    return pd.DataFrame(
        [{**line, "status": "not applicable", "reason": UNRUN} for line in rest], columns=columns
    )


def _verdict(known: pd.DataFrame, number: int) -> str:
    """How many rules there are, and what became of them on the datasets."""
    runs = known["status"].value_counts()
    told = ", ".join(
        f"{int(runs[s]):,} {s}" for s in ("executed", "not applicable", "failed") if runs.get(s, 0)
    )
    return f"{number:,} {'rule' if number == 1 else 'rules'}; counted on each dataset: {told or 'none executed'}."


def _rule(rule: str, part: pd.DataFrame, count: int) -> Line:
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
    texts = left.assign(reason=left["reason"].fillna("")).groupby("status", sort=False)["reason"]
    return {str(status): " ".join(reasons.drop_duplicates()) for status, reasons in texts}


def _elsewhere(rule: str, found: pd.DataFrame) -> Line:
    """A rule that only its findings tell of."""
    part = found[found["rule"].eq(rule)]
    where = next((place for start, place in ELSEWHERE.items() if rule.startswith(start)), "")
    return Line(rule, "", "", _worst(part), where, {}, len(part))


def _worst(part: pd.DataFrame) -> str:
    return str(min(part["severity"], key=SEVERITIES.index))
