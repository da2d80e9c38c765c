"""The findings as a page for a data manager, and as JSON: no clock, no network; same findings, same bytes."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from importlib.resources import files
from pathlib import Path

import orjson
import pandas as pd

from ..findings import COLUMNS, SEVERITIES, gather
from ..lineage.ledger import nothing as no_ledger
from ..metadata import Study
from ..validation.causes import shared
from ..validation.examination import RUN
from . import coverage, ledger, overview

BREAKING = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


@dataclass(frozen=True)
class Summary:
    """What a report says besides the findings."""

    rows: Mapping[str, int] = field(default_factory=dict)  # records of each dataset
    facts: Mapping[str, str] = field(default_factory=dict)  # label: text, in this order
    primary: tuple[str, str] = ("", "")  # the primary result: what it is, and what came out
    rules: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(RUN)))  # Examination.rules
    ledger: pd.DataFrame = field(default_factory=no_ledger)  # columns of lineage.ledger
    earlier: pd.DataFrame = field(default_factory=pd.DataFrame)  # answers to findings that are gone


def write_report(path: Path, findings: pd.DataFrame, study: Study, summary: Summary | None = None) -> None:
    """One HTML file that holds all it needs."""
    told, ordered = summary or Summary(), gather([findings])
    script = _part("report.js")
    filled = {
        "policy": _policy(script),
        "style": _part("report.css"),
        "script": script,
        "id": escape(study.id),
        "title": escape(study.title),
        "cutoff": escape(study.cutoff),
        "verdict": overview.verdict(ordered),
        "primary": overview.primary(*told.primary),
        "facts": overview.facts(told.facts),
        "counts": overview.switches(ordered),
        "panels": overview.panels(ordered),
        "heat": overview.heat(ordered, study),
        "rows": overview.rows(told.rows),
        "brief": ledger.brief(told.ledger, ordered),
        "earlier": overview.earlier(told.earlier),
        "rules": coverage.section(told.rules, ordered, study),
        "ledger": ledger.section(told.ledger, ordered),
        "data": data(ordered),
    }
    page = re.sub(r"\{\{(\w+)\}\}", lambda found: filled[found[1]], _part("report.html"))
    path.write_bytes(page.encode())


def write_findings(path: Path, findings: pd.DataFrame, study: Study, earlier: pd.DataFrame | None = None) -> None:
    """All findings as JSON, in their fixed order, after a small header.

    earlier: answers to findings that are gone; they stand there too.
    """
    ordered = gather([findings])
    records = ordered.astype(object).where(ordered.notna(), None).to_dict("records")
    counts = {**overview.severities(ordered), "waived": overview.waived(ordered)}
    counts["answered"] = overview.answered(ordered)
    gone = {} if earlier is None or earlier.empty else {"answers to findings that are gone": earlier.to_dict("records")}
    header = {"study": study.id, "cutoff": study.cutoff, "counts": counts}
    path.write_bytes(orjson.dumps({**header, "findings": records, **gone}, option=orjson.OPT_INDENT_2) + b"\n")


# ---------------------------------------------------------------- the data of the page
def data(findings: pd.DataFrame) -> str:
    """Per column its distinct values and, per finding, which of them; and which findings have one cause.

    The JSON cannot end its script element.
    """
    columns = {}
    for name in COLUMNS:
        codes, values = pd.factorize(findings[name])
        columns[name] = {"values": [_plain(v) for v in values], "codes": codes.tolist()}
    held = {"size": len(findings), "severities": SEVERITIES, "columns": columns, "causes": shared(findings)}
    return re.sub("[<>&\u2028\u2029]", lambda found: BREAKING[found[0]], orjson.dumps(held).decode())


def _plain(value: object) -> str | int:
    return value if isinstance(value, str) else int(str(value))


def _part(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


def _policy(script: str) -> str:
    """Content security policy: nothing from elsewhere, and no script but the page's own."""
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src 'sha256-{digest}'"
