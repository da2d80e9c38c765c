"""What a report says above its table.

The findings in one sentence, by site, by subject, and by site and form.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass

import pandas as pd

from ..findings import SEVERITIES, is_open
from ..metadata import Study

MOST = 60  # bars of a panel
CALLING = ("reject", "error", "warning")  # severities that call for somebody to act


@dataclass(frozen=True)
class Tally:
    """How many findings there are of something; without a name, of what has none."""

    name: str
    counts: dict[str, int]  # by severity, worst first

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def spoken(self) -> str:
        return ", ".join(_in_words(self.counts))


@dataclass(frozen=True)
class Panel:
    """Findings per value of a column, as bars that filter the table."""

    title: str
    column: str
    bars: list[Tally]
    more: int  # values without a bar

    @property
    def most(self) -> int:
        return max(bar.total for bar in self.bars)


@dataclass(frozen=True)
class HeatRow:
    """The findings of one site, by file."""

    site: str
    cells: list[Tally]

    @property
    def total(self) -> int:
        return sum(cell.total for cell in self.cells)


@dataclass(frozen=True)
class HeatMap:
    """Findings by site and file."""

    files: list[str]
    rows: list[HeatRow]

    @property
    def most(self) -> int:
        return max(cell.total for row in self.rows for cell in row.cells)


# ---------------------------------------------------------------- counts


def severities(found: pd.DataFrame) -> dict[str, int]:
    """How many open findings of each severity there are.

    Args:
        found: the findings.

    Returns:
        All severities with their numbers, worst first.
    """
    there = found.loc[is_open(found), "severity"]
    return {severity: int(there.eq(severity).sum()) for severity in SEVERITIES}


def waived(found: pd.DataFrame) -> int:
    """How many findings are waived.

    Args:
        found: the findings.

    Returns:
        Their number.
    """
    return int((~is_open(found)).sum())


def answered(found: pd.DataFrame) -> int:
    """How many findings have an answer.

    Args:
        found: the findings.

    Returns:
        Their number, waived ones included.
    """
    return int(found["answer"].notna().sum())


# ---------------------------------------------------------------- words
def counted(n: int, noun: str) -> str:
    """A number of things in words.

    Args:
        n: how many there are.
        noun: what they are, in the singular: a severity, for findings.

    Returns:
        As "1 error" or "1,200 errors".
    """
    if n == 1:
        return f"1 {noun}"
    return f"{n:,} {noun}s"


def _in_words(counts: Mapping[str, int]) -> list[str]:
    """The severities that there are findings of, each with their number."""
    return [counted(n, severity) for severity, n in counts.items() if n]


def listed(parts: list[str]) -> str:
    """Parts of a sentence with commas and "and"."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


def verdict(found: pd.DataFrame) -> str:
    """The findings in one sentence, and those that are waived or answered in others."""
    if found.empty:
        return "Nothing was found. Every record meets its spec and every rule."
    settled = _settled(waived(found), "waived") + _settled(answered(found), "answered")
    counts = _in_words(severities(found))
    if not counts:
        return f"No open finding.{settled}"
    subjects = found.loc[is_open(found), "subject"].nunique()
    return f"{listed(counts)}{_in_records_of(subjects)}.{settled}"


def _settled(n: int, how: str) -> str:
    if n == 0:
        return ""
    if n == 1:
        return f" 1 finding is {how}."
    return f" {n:,} findings are {how}."


def _in_records_of(subjects: int) -> str:
    if subjects == 0:
        return ""
    return f" in the records of {counted(subjects, 'subject')}"


# ---------------------------------------------------------------- panels
def panels(found: pd.DataFrame) -> list[Panel]:
    """Open findings by site, and by subject; those with most of them first.

    None where there is nothing to count.
    """
    still = found[is_open(found)]
    people = still[still["subject"].notna()]
    by_site = _panel("By site", still, "site")
    by_subject = _panel("Subjects with most findings", people, "subject")
    return [panel for panel in (by_site, by_subject) if panel.bars]


def _panel(title: str, found: pd.DataFrame, column: str) -> Panel:
    """Of the same number of findings, that with more that call for action comes first."""
    table = pd.crosstab(found[column].fillna(""), found["severity"])
    table = table.reindex(columns=SEVERITIES, fill_value=0)
    total, calling = table.sum(axis=1), table[list(CALLING)].sum(axis=1)
    table = table.assign(total=total, calling=calling).reset_index(names="name")
    order = {"total": False, "calling": False, "name": True}
    ordered = table.sort_values(list(order), ascending=list(order.values()), kind="stable")
    bars: list[Tally] = []
    for row in ordered.head(MOST).to_dict("records"):
        counts = {severity: int(row[severity]) for severity in SEVERITIES}
        bars.append(Tally(str(row["name"]), counts))
    return Panel(title, column, bars, len(table) - len(bars))


# ---------------------------------------------------------------- heat map
def heat(found: pd.DataFrame, study: Study) -> HeatMap | None:
    """Open findings that call for somebody to act, by site and form; None where there are none."""
    calling = found[found["severity"].isin(CALLING) & is_open(found)]
    if calling.empty:
        return None
    there = calling.assign(site=calling["site"].fillna(""), file=calling["file"].fillna(""))
    counts = there.groupby(["site", "file", "severity"]).size().to_dict()
    files = _in_order_of_forms(set(there["file"]), study)
    sites = sorted(set(there["site"]), key=lambda site: (site == "", site))
    rows: list[HeatRow] = []
    for site in sites:
        rows.append(HeatRow(site, [_heat_cell(counts, site, file) for file in files]))
    return HeatMap(files, rows)


def _in_order_of_forms(files: set[str], study: Study) -> list[str]:
    """Files of the study first, then others, then what has no file."""
    forms = [form.file for form in study.forms.values()]
    others = sorted(files - {*forms, ""})
    return [file for file in (*forms, *others, "") if file in files]


def _heat_cell(counts: Mapping[Hashable, int], site: str, file: str) -> Tally:
    return Tally(file, {severity: counts.get((site, file, severity), 0) for severity in CALLING})


# ---------------------------------------------------------------- answers to findings that are gone
def earlier(answers: pd.DataFrame) -> list[dict[str, str]]:
    """The answers to findings that are gone, each with its query.

    With what was wrong, where there was no query.
    """
    found: list[dict[str, str]] = []
    for row in answers.to_dict("records"):
        query = str(row["query"]) or str(row["wrong"])
        found.append({"query": query, "answer": str(row["answer"])})
    return found
