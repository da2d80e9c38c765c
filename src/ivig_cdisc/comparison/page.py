"""A comparison as one HTML file that holds all it needs."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from ..pages import render
from .datasets import Comparison
from .text_report import (
    HEADINGS,
    both,
    explanation,
    notes,
    of_group,
    paired,
    signed,
    title,
    verdict,
    without_difference,
)

COLUMNS = ("key", "first", "second", "change", "percent")
ALWAYS = (
    "Missing values are equal to missing values; "
    "beside XPT, blanks at the end of text do not count."
)
TITLES = {"percent": "percent of first"}


@dataclass(frozen=True)
class Group:
    """Differences of one kind."""

    title: str
    status: str
    listed: bool  # there is a list of known differences, so the status says something
    sentences: list[str]
    columns: list[str]
    lines: list[list[str]]


@dataclass(frozen=True)
class Dataset:
    """Differences of one dataset."""

    name: str
    how: str  # records were paired
    groups: list[Group]


def as_html(found: Comparison) -> str:
    """A page without scripts and without anything from elsewhere; all text is escaped.

    Args:
        found: a comparison.

    Returns:
        HTML.
    """
    return render(
        "comparison.html",
        first=str(found.first),
        second=str(found.second),
        clean=found.clean,
        verdict=verdict(found),
        headings=HEADINGS,
        counts=found.counts.values.tolist(),
        datasets=_datasets(found),
        notes=_notes(found),
    )


def _datasets(found: Comparison) -> list[Dataset]:
    """Those that differ before those that do not."""
    differing = found.groups["dataset"].drop_duplicates()
    return [_dataset(found, name) for name in (*differing, *without_difference(found))]


def _notes(found: Comparison) -> str:
    return " ".join([*notes(found), ALWAYS])


def _dataset(found: Comparison, dataset: str) -> Dataset:
    groups = found.groups[found.groups["dataset"].eq(dataset)]
    how = paired(found, dataset).removeprefix(", ")
    shown = []
    for _, group in groups.iterrows():
        shown.append(_group(found, group))
    return Dataset(dataset, how, shown)


def _group(found: Comparison, group: pd.Series) -> Group:
    rows = of_group(found, group)
    columns = _columns(rows)
    lines: list[list[str]] = []
    if group["status"] != "gone":
        for row in rows[list(COLUMNS)].itertuples(index=False):
            lines.append(_line(row, columns))
    return Group(
        title=title(found, group),
        status=str(group["status"]),
        listed=found.listed,
        sentences=list(_sentences(group)),
        columns=[TITLES.get(name, name) for name in columns],
        lines=lines,
    )


def _sentences(group: pd.Series) -> Iterator[str]:
    yield from explanation(group)
    yield f"Count {group['count']}, fingerprint {group['fingerprint']}."


def _columns(rows: pd.DataFrame) -> list[str]:
    """What is shown of each difference: numbers have a change, records of a dataset a key."""
    columns = ["first", "second"]
    if rows["key"].any():
        columns.insert(0, "key")
    if rows["change"].notna().any():
        columns += ["change", "percent"]
    return columns


def _line(row: Any, columns: Sequence[str]) -> list[str]:
    first, second = both(row.first, row.second)
    shown = {
        "key": str(row.key),
        "first": first,
        "second": second,
        "change": _change(row.change, 6),
        "percent": _change(row.percent, 3),
    }
    return [shown[name] for name in columns]


def _change(number: float, digits: int) -> str:
    if math.isnan(number):
        return ""
    return signed(number, digits)
