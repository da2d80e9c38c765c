"""A comparison as text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd

from ..text import number_text
from .datasets import Comparison
from .known_differences import entry

MOST = 20  # lines of one list
NOTHING = "(missing)"
WORDS = {
    "not_compared": "not compared",
    "dataset_name": "name of the dataset",
    "dataset_only_first": "dataset only in the first",
    "dataset_only_second": "dataset only in the second",
    "dataset_label": "label of the dataset",
    "only_first": "variable only in the first",
    "only_second": "variable only in the second",
    "name": "spelling of the name",
    "order": "order of variables",
    "records_only_first": "records only in the first",
    "records_only_second": "records only in the second",
    "cells": "cells that differ",
}
HEADINGS = ("dataset", "first", "second", "in both", "cells", "equal", "explained", "unexplained")


def as_text(found: Comparison, most: int | None = MOST) -> str:
    """What differs: counts first, then each dataset. most: lines of each list; None for all."""
    lines = [f"first:  {found.first}", f"second: {found.second}", ""]
    counts = [tuple(map(str, row)) for row in found.counts.itertuples(index=False)]
    lines += aligned([HEADINGS, *counts]) if counts else []
    for dataset in found.groups["dataset"].drop_duplicates():
        lines += ["", *_dataset(found, str(dataset), most)]
    alike = [f"{dataset}{paired(found, dataset)}" for dataset in without_difference(found)]
    lines += ["", *alike] if alike else []
    lines += ["", *_notes(found), verdict(found)]
    return "\n".join(lines) + "\n"


def verdict(found: Comparison) -> str:
    """One sentence: whether the two differ, and whether that is known."""
    status = found.groups["status"].value_counts()
    if found.groups.empty:
        return "No difference."
    if found.clean:
        return f"The differences are exactly those that are listed: {len(found.groups)} group(s), each with its reason."
    if not found.listed:
        return f"They differ, in {len(found.groups)} group(s)."
    told = ", ".join(
        f"{status[name]} {name}"
        for name in ("explained", "changed", "unexplained", "gone")
        if name in status
    )
    return f"The differences are not those that are listed: {told}."


def _notes(found: Comparison) -> Iterator[str]:
    if found.tolerance:
        yield f"Numbers that differ by at most {number_text(found.tolerance)} are equal."
    if found.silent:
        yield f"Without attributes, which were not compared: {', '.join(dict.fromkeys(found.silent))}"
    if found.others:
        yield f"No datasets, and not compared: {', '.join(found.others)}"
    yield from found.facts


# ---------------------------------------------------------------- one dataset
def _dataset(found: Comparison, dataset: str, most: int | None) -> Iterator[str]:
    yield f"{dataset}{paired(found, dataset)}"
    for _, group in found.groups[found.groups["dataset"].eq(dataset)].iterrows():
        yield f"  {title(found, group)}{_status(found, group)}"
        yield from (f"    {line}" for line in _said(group))
        if group["status"] in ("unexplained", "changed"):
            yield from _listed([*_lines(of_group(found, group))], most)
            yield from _to_list(found, group)


def without_difference(found: Comparison) -> list[str]:
    """The datasets that were compared and do not differ."""
    return [dataset for dataset in found.keys if dataset not in set(found.groups["dataset"])]


def paired(found: Comparison, dataset: str) -> str:
    """How the records of a dataset were paired, in words."""
    if dataset not in found.keys:
        return ""
    keys = found.keys[dataset]
    shared = "; records that share a key are paired in their order" if any(keys.duplicates) else ""
    extra = (
        f" ({keys.duplicates[0]} and {keys.duplicates[1]} duplicates{shared})"
        if any(keys.duplicates)
        else ""
    )
    return f", by {', '.join(keys.names)} ({keys.how}){extra}"


def title(found: Comparison, group: pd.Series) -> str:
    """The kind of difference in words, the variable, the count, and by how much numbers differ at most."""
    words = WORDS.get(group["kind"], str(group["kind"]))
    of = f"{group['variable']}: " if group["variable"] else ""
    number = (
        f", {group['count']}"
        if group["kind"] in ("cells", "records_only_first", "records_only_second")
        else ""
    )
    size = (
        found.largest.get((group["dataset"], group["variable"]))
        if group["kind"] == "cells"
        else None
    )
    by = "" if size is None else f", by at most {rounded(size)}"
    return f"{of}{words}{number}{by}"


def _status(found: Comparison, group: pd.Series) -> str:
    return f" - {group['status']}" if found.listed else ""


def _said(group: pd.Series) -> Iterator[str]:
    if group["what"]:
        yield str(group["what"])
    if group["published"]:
        yield f"The other side: {group['published']}"
    if group["reason"]:
        yield f"Why: {group['reason']}"
    if group["status"] == "gone":
        yield f"Listed as {group['count']} ({group['fingerprint']}), and not found any more."


def of_group(found: Comparison, group: pd.Series) -> pd.DataFrame:
    """The differences of one group."""
    every = found.differences
    here = every["dataset"].eq(group["dataset"]) & every["kind"].eq(group["kind"])
    return every[here & every["variable"].eq(group["variable"])]


def _lines(differences: pd.DataFrame) -> Iterator[str]:
    columns = ["key", "first", "second", "change", "percent"]
    for key, first, second, change, percent in differences[columns].itertuples(index=False):
        values = "" if pd.isna(first) and pd.isna(second) else " | ".join(both(first, second))
        share = "" if pd.isna(percent) else f" ({signed(percent, 3)} %)"
        by = "" if pd.isna(change) else f"   {signed(change)}{share}"
        yield f"{': '.join(filter(None, (key, values)))}{by}"


def both(first: Any, second: Any) -> tuple[str, str]:
    """Two values as they are shown; two that look the same are told apart by their codes."""
    one, two = value(first), value(second)
    return (
        (ascii(first), ascii(second))
        if one == two and not pd.isna(first) and not pd.isna(second)
        else (one, two)
    )


def value(text: Any) -> str:
    """A value as it is shown; blanks at its ends and what is not printed can be seen."""
    if pd.isna(text):
        return NOTHING
    plain = str(text).isprintable() and str(text) == str(text).strip()
    return str(text) if plain else repr(text)


def rounded(number: float, digits: int = 6) -> str:
    """A number to so many significant digits, without exponent."""
    return number_text(float(f"{number:.{digits}g}"))


def signed(number: float, digits: int = 6) -> str:
    """As `rounded`, with its sign."""
    return f"{'' if number < 0 else '+'}{rounded(number, digits)}"


def _listed(lines: list[str], most: int | None) -> Iterator[str]:
    yield from (f"    {line}" for line in lines[:most])
    if most is not None and len(lines) > most:
        yield f"    ... and {len(lines) - most} more (--all)"


def _to_list(found: Comparison, group: pd.Series) -> Iterator[str]:
    """The entry that would list the group, where there is a list."""
    if found.listed:
        yield "    To list it:"
        yield from (f"      {line}" for line in entry(group).splitlines())


def aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """Columns under one another: the first to the left, numbers to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(
            [
                row[0].ljust(widths[0]),
                *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)),
            ]
        )
        for row in rows
    ]
