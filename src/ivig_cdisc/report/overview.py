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
CALLING = tuple(severity for severity in SEVERITIES if severity != "note")  # for somebody to act


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
        return ", ".join(counted(n, severity) for severity, n in self.counts.items() if n)


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
    """How many open findings of each severity there are, worst first."""
    there = found.loc[is_open(found), "severity"]
    return {severity: int(there.eq(severity).sum()) for severity in SEVERITIES}


def waived(found: pd.DataFrame) -> int:
    """How many findings are waived."""
    return int((~is_open(found)).sum())


def answered(found: pd.DataFrame) -> int:
    """How many findings have an answer."""
    return int(found["answer"].notna().sum())


# ---------------------------------------------------------------- words
def counted(n: int, severity: str) -> str:
    """A number of findings of one severity in words."""
    return f"{n:,} {severity}{'' if n == 1 else 's'}"


def listed(parts: list[str]) -> str:
    """Parts of a sentence with commas and "and"."""
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def verdict(found: pd.DataFrame) -> str:
    """The findings in one sentence, and those that are waived or answered in others."""
    if found.empty:
        return "Nothing was found. Every record meets its spec and every rule."
    told = [counted(n, s) for s, n in severities(found).items() if n]
    subjects = found.loc[is_open(found), "subject"].nunique()
    people = (
        f" in the records of {subjects:,} {'subject' if subjects == 1 else 'subjects'}"
        if subjects
        else ""
    )
    left = waived(found)
    also = f" {left:,} {'finding is' if left == 1 else 'findings are'} waived." if left else ""
    said = answered(found)
    also += f" {said:,} {'finding is' if said == 1 else 'findings are'} answered." if said else ""
    return f"{listed(told)}{people}.{also}" if told else f"No open finding.{also}"


# ---------------------------------------------------------------- panels
def panels(found: pd.DataFrame) -> list[Panel]:
    """Open findings by site, and by subject; those with most of them first.

    None where there is nothing to count.
    """
    still = found[is_open(found)]
    people = still[still["subject"].notna()]
    made = (
        _panel("By site", still, "site"),
        _panel("Subjects with most findings", people, "subject"),
    )
    return [panel for panel in made if panel.bars]


def _panel(title: str, found: pd.DataFrame, column: str) -> Panel:
    """Of the same number of findings, that with more that call for action comes first."""
    table = pd.crosstab(found[column].fillna(""), found["severity"]).reindex(
        columns=SEVERITIES, fill_value=0
    )
    table = table.assign(
        total=table.sum(axis=1), calling=table[list(CALLING)].sum(axis=1)
    ).reset_index(names="name")
    order = table.sort_values(
        ["total", "calling", "name"], ascending=[False, False, True], kind="stable"
    ).head(MOST)
    counts = order[list(SEVERITIES)].to_dict("records")
    bars = [
        Tally(str(name), {s: int(by[s]) for s in SEVERITIES})
        for name, by in zip(order["name"], counts)
    ]
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
    rows = [HeatRow(site, [_heat_cell(counts, site, file) for file in files]) for site in sites]
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
    """The answers to findings that are gone, each with its query or, where there was none, with what was wrong."""
    return [
        {"query": str(row["query"]) or str(row["wrong"]), "answer": str(row["answer"])}
        for row in answers.to_dict("records")
    ]
