"""The findings as a page for a data manager, and as JSON: no clock, no network; same findings, same bytes."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from html import escape
from importlib.resources import files
from pathlib import Path

import orjson
import pandas as pd

from ..findings import COLUMNS, SEVERITIES, gather
from ..spec import Study
from .examine import RUN

SHOWN = 8  # bars of a panel before the rest is folded away
PLURAL = {"error": "errors", "warning": "warnings", "note": "notes"}
BREAKING = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


@dataclass(frozen=True)
class Summary:
    """What a report says besides the findings."""

    rows: Mapping[str, int] = field(default_factory=dict)  # records of each dataset
    facts: Mapping[str, str] = field(default_factory=dict)  # label: text, in this order
    primary: tuple[str, str] = ("", "")  # the primary result: what it is, and what came out
    rules: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(RUN)))  # Examination.rules


def write_report(path: Path, findings: pd.DataFrame, study: Study, summary: Summary | None = None) -> None:
    """One HTML file that holds all it needs."""
    told, ordered = summary or Summary(), gather([findings])
    template = files(__package__).joinpath("report.html").read_text(encoding="utf-8")
    filled = {
        "policy": _policy(template),
        "id": escape(study.id),
        "title": escape(study.title),
        "cutoff": escape(study.cutoff),
        "verdict": _verdict(ordered),
        "primary": _primary(*told.primary),
        "facts": _facts(told.facts),
        "counts": _counts(ordered),
        "panels": _panel("By dataset or form", ordered, "dataset") + _panel("By site", ordered, "site"),
        "rows": _rows(told.rows),
        "rules": _rules(told.rules),
        "data": data(ordered),
    }
    page = re.sub(r"\{\{(\w+)\}\}", lambda found: filled[found[1]], template)
    path.write_bytes(page.encode())


def write_findings(path: Path, findings: pd.DataFrame, study: Study) -> None:
    """All findings as JSON, in their fixed order, after a small header."""
    ordered = gather([findings])
    records = ordered.astype(object).where(ordered.notna(), None).to_dict("records")
    header = {"study": study.id, "cutoff": study.cutoff, "counts": severities(ordered)}
    path.write_bytes(orjson.dumps({**header, "findings": records}, option=orjson.OPT_INDENT_2) + b"\n")


def severities(findings: pd.DataFrame) -> dict[str, int]:
    """How many findings of each severity there are, worst first."""
    return {severity: int(findings["severity"].eq(severity).sum()) for severity in SEVERITIES}


# ---------------------------------------------------------------- the data of the page
def data(findings: pd.DataFrame) -> str:
    """Per column its distinct values and, per finding, which of them: JSON that cannot end its script element."""
    columns = {}
    for name in COLUMNS:
        codes, values = pd.factorize(findings[name])
        columns[name] = {"values": [_plain(v) for v in values], "codes": codes.tolist()}
    text = orjson.dumps({"size": len(findings), "columns": columns}).decode()
    return re.sub("[<>&\u2028\u2029]", lambda found: BREAKING[found[0]], text)


def _plain(value: object) -> str | int:
    return value if isinstance(value, str) else int(str(value))


def _policy(template: str) -> str:
    """Content security policy: nothing from elsewhere, and no script but the page's own."""
    scripts = re.findall(r"<script>(.*?)</script>", template, flags=re.DOTALL)
    digests = [base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts]
    allowed = " ".join(f"'sha256-{digest}'" for digest in digests)
    return f"default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src {allowed}"


# ---------------------------------------------------------------- the parts above the table
def _verdict(findings: pd.DataFrame) -> str:
    """The findings in one sentence."""
    if findings.empty:
        return "Nothing was found. Every record meets its spec and every rule."
    told = [f"{n:,} {PLURAL[s] if n != 1 else s}" for s, n in severities(findings).items() if n]
    listed = " and ".join([", ".join(told[:-1]), told[-1]] if len(told) > 1 else told)
    subjects = findings["subject"].nunique()
    return f"{listed} in the records of {subjects:,} {'subject' if subjects == 1 else 'subjects'}."


def _primary(label: str, result: str) -> str:
    if not result:
        return ""
    return f'<div class="primary"><dt>{escape(label)}</dt><dd>{escape(result)}</dd></div>'


def _facts(facts: Mapping[str, str]) -> str:
    return "".join(f"<div><dt>{escape(label)}</dt><dd>{escape(text)}</dd></div>" for label, text in facts.items())


def _counts(findings: pd.DataFrame) -> str:
    """One switch per severity."""
    return "".join(
        f'<button type="button" class="count {s}" data-severity="{s}" aria-pressed="true">'
        f'<span class="number">{n:,}</span> <span class="word">{s if n == 1 else PLURAL[s]}</span></button>'
        for s, n in severities(findings).items()
    )


def _panel(title: str, findings: pd.DataFrame, column: str) -> str:
    """How many findings there are per value of a column, as bars that filter the table."""
    table = pd.crosstab(findings[column].fillna(""), findings["severity"]).reindex(columns=SEVERITIES, fill_value=0)
    table = table.assign(total=table.sum(axis=1)).reset_index(names="name")
    table = table.sort_values(["total", "name"], ascending=[False, True], kind="stable")
    bars = [_bar(column, row, int(table["total"].max())) for row in table.to_dict("records")]
    if not bars:
        return ""
    more = f"<details><summary>{len(bars) - SHOWN} more</summary>{''.join(bars[SHOWN:])}</details>"
    shown = "".join(bars[:SHOWN]) + (more if len(bars) > SHOWN else "")
    return f'<section class="panel"><h2>{title}</h2>{shown}</section>'


def _bar(column: str, row: Mapping[Hashable, object], most: int) -> str:
    counts = {s: int(str(row[s])) for s in SEVERITIES}
    name, total = str(row["name"]), sum(counts.values())
    parts = "".join(f'<i class="{s}" style="width:{100 * n / most:.2f}%"></i>' for s, n in counts.items() if n)
    spoken = ", ".join(f"{n} {PLURAL[s] if n != 1 else s}" for s, n in counts.items() if n)
    return (
        f'<button type="button" class="bar" data-column="{column}" data-value="{escape(name)}" title="{spoken}">'
        f'<span class="name">{escape(name) or "(none)"}</span><span class="track" aria-hidden="true">{parts}</span>'
        f'<span class="number">{total:,}</span></button>'
    )


def _rows(rows: Mapping[str, int]) -> str:
    """Records per dataset."""
    if not rows:
        return ""
    cells = "".join(f"<div><dt>{escape(name)}</dt><dd>{n:,}</dd></div>" for name, n in rows.items())
    return f'<section class="panel"><h2>Records made</h2><dl class="rows">{cells}</dl></section>'


def _rules(rules: pd.DataFrame) -> str:
    """What was checked, one line per rule, and why a rule was not run."""
    if rules.empty:
        return ""
    runs = rules["status"].value_counts()
    told = ", ".join(f"{int(runs[s]):,} {s}" for s in ("executed", "not applicable", "failed") if runs.get(s, 0))
    lines = "".join(_rule(str(rule), part) for rule, part in rules.groupby("rule", sort=True))
    titles = ("Rule", "What is required, or what a finding says", "Severity", "Executed on", "Findings")
    heads = "".join(f'<th scope="col">{title}</th>' for title in titles)
    return (
        f'<details class="rules"><summary>What was checked: {told}</summary>'
        f"<table><thead><tr>{heads}</tr></thead><tbody>{lines}</tbody></table></details>"
    )


def _rule(rule: str, part: pd.DataFrame) -> str:
    done = part.loc[part["status"].eq("executed")]
    left = part.loc[part["status"].ne("executed")]
    where = f"<span>{escape(', '.join(done['dataset']))}</span>" if len(done) else ""
    why = "".join(f"<small>{escape(text)}</small>" for text in _reasons(left.itertuples()))
    worst = min(part["severity"], key=SEVERITIES.index)
    return (
        f'<tr><th scope="row">{escape(rule)}</th><td>{_asked(part.iloc[0])}</td><td>{worst}</td>'
        f"<td>{where}{why}</td><td class=number>{int(part['findings'].sum()):,}</td></tr>"
    )


def _asked(run: pd.Series) -> str:
    check = f"<small>{escape(run['check'])}</small>" if run["check"] else ""
    return escape(run["what"]) + check


def _reasons(left: Iterable[object]) -> list[str]:
    told = [(str(getattr(run, "status", "")), str(getattr(run, "reason", ""))) for run in left]
    return list(dict.fromkeys(f"{status.capitalize()}: {reason}" for status, reason in told))
