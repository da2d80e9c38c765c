"""Which rules there are, where each was executed, and why it was not elsewhere, as a part of the report."""

from __future__ import annotations

from html import escape

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
HEADS = (
    "Rule",
    "What is required, or what a finding says",
    "Severity",
    "Executed on",
    "Not executed, because",
    "Findings",
)


def section(rules: pd.DataFrame, found: pd.DataFrame, study: Study) -> str:
    """One line per rule, with the findings that the report shows of it."""
    known = pd.concat([rules, _unmentioned(rules, study)], ignore_index=True)
    counts = {str(rule): len(part) for rule, part in found.groupby("rule")}
    lines = {str(rule): _rule(str(rule), part, counts) for rule, part in known.groupby("rule")}
    lines |= {rule: _found_elsewhere(rule, found) for rule in counts if rule not in lines}
    if not lines:
        return ""
    heads = "".join(f'<th scope="col">{head}</th>' for head in HEADS)
    body = "".join(lines[rule] for rule in sorted(lines))
    return (
        '<section id="rules" class="part" aria-labelledby="rules-heading"><h2 id="rules-heading">Rules</h2>'
        f"<p>{_told(known, len(lines))}</p>"
        "<details><summary>All rules, where each was executed and what it found</summary>"
        f'<table class="rules"><thead><tr>{heads}</tr></thead><tbody>{body}</tbody>'
        "</table></details></section>"
    )


def _unmentioned(rules: pd.DataFrame, study: Study) -> pd.DataFrame:
    """Rules of the study of which the caller says nothing: they were not run."""
    said = set(zip(rules["rule"], rules["dataset"]))
    rest = [
        {"rule": r.id, "dataset": r.dataset, "severity": r.severity, "what": reads(r.message), "check": ""}
        for r in study.rules
        if (r.id, r.dataset) not in said
    ]
    columns = [*rules.columns]
    return pd.DataFrame([{**line, "status": "not applicable", "reason": UNRUN} for line in rest], columns=columns)


def _told(known: pd.DataFrame, number: int) -> str:
    """How many rules there are, and what became of them on the datasets."""
    runs = known["status"].value_counts()
    told = ", ".join(f"{int(runs[s]):,} {s}" for s in ("executed", "not applicable", "failed") if runs.get(s, 0))
    return f"{number:,} {'rule' if number == 1 else 'rules'}; counted on each dataset: {told or 'none executed'}."


def _rule(rule: str, part: pd.DataFrame, counts: dict[str, int]) -> str:
    done, left = part[part["status"].eq("executed")], part[part["status"].ne("executed")]
    why = "".join(
        f'<small class="{status.replace(" ", "-")}">{escape(text)}</small>' for status, text in _reasons(left)
    )
    what, check = (str(part[name].iloc[0]) for name in ("what", "check"))
    asked = escape(what) + (f"<small>{escape(check)}</small>" if check else "")
    worst = min(part["severity"], key=SEVERITIES.index)
    return _line(rule, asked, worst, escape(", ".join(done["dataset"])), why, counts.get(rule, 0))


def _reasons(left: pd.DataFrame) -> list[tuple[str, str]]:
    """Why a rule was not executed: each status with its reasons, each of them once."""
    told: dict[str, dict[str, None]] = {}
    for status, reason in zip(left["status"], left["reason"].fillna("")):
        told.setdefault(status, {})[reason] = None
    return [(status, f"{status.capitalize()}: {' '.join(reasons)}") for status, reasons in told.items()]


def _found_elsewhere(rule: str, found: pd.DataFrame) -> str:
    """A rule that only its findings tell of."""
    part = found[found["rule"].eq(rule)]
    where = next((place for start, place in ELSEWHERE.items() if rule.startswith(start)), "")
    worst = min(part["severity"], key=SEVERITIES.index)
    return _line(rule, "", worst, escape(where), "", len(part))


def _line(rule: str, what: str, severity: str, done: str, why: str, count: int) -> str:
    number = f'<button type="button" class="link" data-rule="{escape(rule)}">{count:,}</button>' if count else "0"
    return (
        f'<tr><th scope="row">{escape(rule)}</th><td>{what}</td><td class="severity {severity}">{severity}</td>'
        f'<td>{done}</td><td>{why}</td><td class="number">{number}</td></tr>'
    )
