"""The findings as a page for a data manager, and as JSON: no clock, no network.

Same findings, same bytes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
import pandas as pd

from ..findings import COLUMNS, SEVERITIES, gather
from ..lineage.entries import no_entries
from ..metadata import Study
from ..pages import render
from ..validation.causes import shared
from ..validation.execution import RUN
from . import coverage, ledger, overview


def _no_rules() -> pd.DataFrame:
    return pd.DataFrame(columns=list(RUN))


@dataclass(frozen=True)
class Summary:
    """What a report says besides the findings."""

    rows: Mapping[str, int] = field(default_factory=dict)  # records of each dataset
    primary: Sequence[tuple[str, str]] = ()  # primary results: what each is, and what came out
    facts: Sequence[tuple[str, str]] = ()  # other results
    rules: pd.DataFrame = field(default_factory=_no_rules)  # ValidationRun.rules
    ledger: pd.DataFrame = field(default_factory=no_entries)  # columns of lineage.entries
    earlier: pd.DataFrame = field(default_factory=pd.DataFrame)  # answers to findings that are gone


def write_report(
    path: Path, findings: pd.DataFrame, study: Study, summary: Summary | None = None
) -> None:
    """The page of the findings: one HTML file that holds all it needs.

    Args:
        path: of the file to write.
        findings: all of them, in any order.
        study: the specs.
        summary: what else there is to show; without it, the findings alone.
    """
    ordered = gather([findings])
    besides = summary or Summary()
    page = render(
        "findings.html",
        study=study,
        verdict=overview.verdict(ordered),
        primary=besides.primary,
        facts=besides.facts,
        severities=overview.severities(ordered),
        panels=overview.panels(ordered),
        heat=overview.heat(ordered, study),
        rows=besides.rows,
        earlier=overview.earlier(besides.earlier),
        rules=coverage.shown(besides.rules, ordered, study),
        ledger=ledger.shown(besides.ledger, ordered),
        data=data(ordered),
    )
    path.write_bytes(page.encode())


def write_findings(
    path: Path, findings: pd.DataFrame, study: Study, earlier: pd.DataFrame | None = None
) -> None:
    """All findings as JSON, in their fixed order, after a small header.

    Args:
        path: of the file to write.
        findings: all of them, in any order.
        study: the specs.
        earlier: answers to findings that are gone; they stand there, too.
    """
    ordered = gather([findings])
    counts = overview.severities(ordered)
    counts["waived"] = overview.waived(ordered)
    counts["answered"] = overview.answered(ordered)
    records = ordered.astype(object).where(ordered.notna(), None).to_dict("records")
    content: dict[str, Any] = {"study": study.id, "cutoff": study.cutoff, "counts": counts}
    content["findings"] = records
    if earlier is not None and not earlier.empty:
        content["answers to findings that are gone"] = earlier.to_dict("records")
    path.write_bytes(orjson.dumps(content, option=orjson.OPT_INDENT_2) + b"\n")


# ---------------------------------------------------------------- the data of the page
def data(findings: pd.DataFrame) -> dict[str, Any]:
    """What the script of the page has to know of the findings.

    Args:
        findings: in their fixed order.

    Returns:
        Per column its distinct values and, per finding, which of them; and which findings have one
        cause.
    """
    columns = {}
    for name in COLUMNS:
        codes, values = pd.factorize(findings[name])
        columns[name] = {"values": values.tolist(), "codes": codes.tolist()}
    return {
        "size": len(findings),
        "severities": SEVERITIES,
        "columns": columns,
        "causes": shared(findings),
    }
