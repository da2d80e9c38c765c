"""A comparison as text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd

from .. import terminal
from ..terminal import Block, Heading, Item, Table
from ..text import number_text
from .datasets import Comparison
from .known_differences import entry

MOST = 20  # lines of one list
MISSING = "(missing)"
TITLES = {
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
COUNTED = ("cells", "records_only_first", "records_only_second")
HEADINGS = ("dataset", "first", "second", "in both", "cells", "equal", "explained", "unexplained")


def as_text(found: Comparison, most: int | None = MOST) -> str:
    """What differs: counts first, then each dataset.

    Args:
        found: a comparison.
        most: how many lines of each list; None for all.

    Returns:
        Lines that are never cut, each with its end.
    """
    return terminal.as_text(blocks(found, most))


def blocks(found: Comparison, most: int | None = MOST) -> Iterator[Block]:
    """The same for a terminal.

    Args:
        found: a comparison.
        most: how many lines of each list; None for all.

    Returns:
        What `terminal.show` takes.
    """
    yield f"first:  {found.first}"
    yield f"second: {found.second}"
    yield ""
    if len(found.counts):
        yield counts_table(HEADINGS, found.counts)
    for dataset in found.groups["dataset"].drop_duplicates():
        yield ""
        yield from _dataset(found, str(dataset), most)
    alike = without_difference(found)
    if alike:
        yield ""
    for dataset in alike:
        yield f"{dataset}{paired(found, dataset)}"
    yield ""
    yield from notes(found)
    yield verdict(found)


def counts_table(headings: Sequence[str], counts: pd.DataFrame) -> Table:
    """A name, and counts after it."""
    rows = counts.astype("str").to_numpy().tolist()
    return Table(headings, rows, numbers=frozenset(headings[1:]))


def verdict(found: Comparison) -> str:
    """One sentence: whether the two differ, and whether that is known."""
    groups = len(found.groups)
    if not groups:
        return "No difference."
    if found.clean:
        return (
            f"The differences are exactly those that are listed: {groups} kind(s), "
            "each with its reason."
        )
    if not found.listed:
        return f"They differ: {groups} kind(s) of difference."
    status = found.groups["status"].value_counts()
    order = ("explained", "changed", "unexplained", "gone")
    counts = ", ".join(f"{status[name]} {name}" for name in order if name in status)
    return f"The differences are not those that are listed: {counts}."


def notes(found: Comparison) -> Iterator[str]:
    """What a reader should know of the comparison and of the files."""
    if found.tolerance:
        yield f"Numbers that differ by at most {number_text(found.tolerance)} are equal."
    if found.silent:
        silent = ", ".join(dict.fromkeys(found.silent))
        yield f"Without attributes, which were not compared: {silent}."
    if found.others:
        yield f"Not datasets, and not compared: {', '.join(found.others)}."
    for fact in found.facts:
        yield f"{fact}."


# ---------------------------------------------------------------- one dataset
def _dataset(found: Comparison, dataset: str, most: int | None) -> Iterator[Block]:
    yield Heading(f"{dataset}{paired(found, dataset)}")
    for _, group in found.groups[found.groups["dataset"].eq(dataset)].iterrows():
        yield from _group(found, group, most)


def _group(found: Comparison, group: pd.Series, most: int | None) -> Iterator[Block]:
    heading = title(found, group)
    if found.listed:
        heading = f"{heading} - {group['status']}"
    yield Item(heading)
    for sentence in _sentences(group):
        yield Item(sentence, indent=4)
    if group["status"] not in ("unexplained", "changed"):
        return
    lines = list(_lines(of_group(found, group)))
    for line in lines[:most]:
        yield Item(line, indent=4)
    if most is not None and len(lines) > most:
        yield Item(f"... and {len(lines) - most} more (--all)", indent=4)
    if found.listed:
        yield Item("To list it:", indent=4)
        for line in entry(group).splitlines():
            yield f"      {line}"


def without_difference(found: Comparison) -> list[str]:
    """The datasets that were compared and do not differ."""
    differing = set(found.groups["dataset"])
    return [dataset for dataset in found.keys if dataset not in differing]


def paired(found: Comparison, dataset: str) -> str:
    """How the records of a dataset were paired, in words."""
    if dataset not in found.keys:
        return ""
    keys = found.keys[dataset]
    by = f", by {', '.join(keys.names)} ({keys.how})"
    first, second = keys.duplicates
    if not (first or second):
        return by
    shared = "records that share a key are paired in their order"
    return f"{by} ({first} and {second} duplicates; {shared})"


def title(found: Comparison, group: pd.Series) -> str:
    """The kind of difference in words: variable, count, by how much numbers differ at most."""
    kind, variable = group["kind"], group["variable"]
    text = TITLES.get(kind, str(kind))
    if variable:
        text = f"{variable}: {text}"
    if kind in COUNTED:
        text = f"{text}, {group['count']}"
    if kind == "cells" and (group["dataset"], variable) in found.largest:
        text = f"{text}, by at most {rounded(found.largest[group['dataset'], variable])}"
    return text


def explanation(group: pd.Series) -> Iterator[str]:
    """What the list of known differences says of a group."""
    if group["what"]:
        yield str(group["what"])
    if group["published"]:
        yield f"The other side: {group['published']}"
    if group["reason"]:
        yield f"Why: {group['reason']}"


def _sentences(group: pd.Series) -> Iterator[str]:
    yield from explanation(group)
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
        parts = []
        if key:
            parts.append(str(key))
        if not (pd.isna(first) and pd.isna(second)):
            parts.append(" | ".join(both(first, second)))
        line = ": ".join(parts)
        if not pd.isna(change):
            line = f"{line}   {signed(change)}"
        if not pd.isna(percent):
            line = f"{line} ({signed(percent, 3)} %)"
        yield line


def both(first: Any, second: Any) -> tuple[str, str]:
    """Two values as they are shown; two that look the same are told apart by their codes."""
    one, two = value(first), value(second)
    if one == two and not pd.isna(first) and not pd.isna(second):
        return ascii(first), ascii(second)
    return one, two


def value(given: Any) -> str:
    """A value as it is shown; blanks at its ends and what is not printed can be seen."""
    if pd.isna(given):
        return MISSING
    text = str(given)
    if text.isprintable() and text == text.strip():
        return text
    return repr(text)


def rounded(number: float, digits: int = 6) -> str:
    """A number to so many significant digits, without exponent."""
    return number_text(float(f"{number:.{digits}g}"))


def signed(number: float, digits: int = 6) -> str:
    """As `rounded`, with its sign."""
    text = rounded(number, digits)
    if number < 0:
        return text
    return f"+{text}"
