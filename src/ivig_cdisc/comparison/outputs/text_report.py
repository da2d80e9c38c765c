"""A difference as text for a reader and as JSON for a program."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import orjson
import pandas as pd

from ... import terminal
from ...terminal import Block, Heading, Item
from ..text_report import counts_table
from .differences import Difference

EMPTY = "(empty)"
MOST = 20  # lines of one list
STATUSES = ("new", "resolved", "persisting")  # of findings
HEADINGS = ("Dataset", "old", "new", "added", "removed", "changed")


def as_text(difference: Difference, most: int | None = MOST) -> str:
    """What differs, the results first; missing values show as (empty).

    Args:
        difference: two outputs compared.
        most: how many entries of each list; None for all.

    Returns:
        Lines that are never cut, each with its end.
    """
    return terminal.as_text(blocks(difference, most))


def blocks(difference: Difference, most: int | None = MOST) -> Iterator[Block]:
    """The same for a terminal.

    Args:
        difference: two outputs compared.
        most: how many entries of each list; None for all.

    Returns:
        What `terminal.show` takes.
    """
    if difference.same:
        yield f"{difference.study}: no difference between {difference.old} and {difference.new}"
        return
    yield f"{difference.study}: {difference.new} compared with {difference.old}"
    yield ""
    yield from _counts(difference)
    yield from _outcomes(difference, most)
    yield from _findings(difference, most)
    yield from _subjects(difference, most)
    for dataset in difference.counts["dataset"]:
        yield from _dataset(difference, str(dataset), most)


def as_json(difference: Difference) -> str:
    """Everything that a difference holds, in its order; missing values are null.

    Args:
        difference: two outputs compared.

    Returns:
        An object with study, old, new, same, only_old, only_new, and the tables of `Difference` as
        lists of records.
    """
    content = {
        "study": difference.study,
        "old": str(difference.old),
        "new": str(difference.new),
        "same": difference.same,
        "only_old": difference.only_old,
        "only_new": difference.only_new,
    }
    for name in ("counts", "outcomes", "causes", "findings", "records", "cells"):
        content[name] = _records(getattr(difference, name))
    return orjson.dumps(content, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE).decode()


def _records(frame: pd.DataFrame) -> list[dict[Hashable, object]]:
    plain = frame.astype("object")
    return plain.where(plain.notna(), None).to_dict("records")


# ---------------------------------------------------------------- parts of the text
def _counts(difference: Difference) -> Iterator[Block]:
    counts = difference.counts
    moved = counts[counts[["added", "removed", "changed"]].any(axis=1)]
    if len(moved):
        yield counts_table(HEADINGS, moved)
    if difference.only_old:
        yield f"Only in the old output, not compared: {', '.join(difference.only_old)}"
    if difference.only_new:
        yield f"Only in the new output, not compared: {', '.join(difference.only_new)}"
    if len(moved) or difference.only_old or difference.only_new:
        yield ""
    status = difference.findings["status"].value_counts()
    shown = ", ".join(f"{status.get(name, 0)} {name}" for name in STATUSES)
    yield f"Findings: {shown}"


def _outcomes(difference: Difference, most: int | None) -> Iterator[Block]:
    """What differs of one parameter of one subject in one entry, where it has the same causes."""
    causes = dict(iter(difference.causes.groupby("outcome")))
    together: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    outcomes = difference.outcomes.astype("object").fillna("")
    for row in outcomes.to_dict("records"):
        who = f"{row['subject']} {row['parameter']}".strip()
        reasons = tuple(_reasons(causes.get(row["outcome"]), verbatim=difference.verbatim))
        together.setdefault((who, reasons), []).append(f"{row['variable']} {_change(row)}")
    entries = []
    for (who, reasons), values in together.items():
        because = [Item(reason, indent=6) for reason in reasons]
        entries.append([Item(f"{who}: {', '.join(values)}"), *because])
    yield from _listed("Set flags, responses and event dates that differ", entries, most)


def _reasons(causes: pd.DataFrame | None, *, verbatim: bool) -> Iterator[str]:
    if causes is None:
        source = "raw file"
        if verbatim:
            source = "raw cell"
        yield f"no {source} that it is made of differs; the specs or the software do"
    elif verbatim:
        yield from _cells(causes)
    else:
        yield from _places(causes)


def _cells(causes: pd.DataFrame) -> Iterator[str]:
    """One line per raw record that differs."""
    record = ["file", "change", "old_line", "new_line"]
    for (file, change, old, new), part in causes.groupby(record, dropna=False, sort=False):
        if change == "changed":
            place = f"{file} line {old}"
            if old != new:
                place = f"{place}, now {new}"
            yield f"{place}: {_changes('column', part)}"
        elif change == "removed":
            yield f"{file} line {old} is {change}: {_values('old', part)}"
        else:
            yield f"{file} line {new} is {change}: {_values('new', part)}"


def _changes(name: str, cells: pd.DataFrame) -> str:
    """Each cell under its name with its old and new value."""
    return ", ".join(f"{row[name]} {_change(row)}" for row in cells.to_dict("records"))


def _values(side: str, cells: pd.DataFrame) -> str:
    """Each cell of a record that only one side has."""
    return ", ".join(f"{row['column']} {row[side]}" for row in cells.to_dict("records"))


def _places(causes: pd.DataFrame) -> Iterator[str]:
    """One line per side.

    Files and the lines that the value is made of, so far as the files differ.
    """
    for side in ("old", "new"):
        part = causes[causes["change"].eq(side)]
        files = []
        for file, lines in part.groupby("file", sort=True):
            files.append(f"{file} {_ranges(lines[f'{side}_line'])}")
        shown = "; ".join(files) or "no cell of a file that differs"
        yield f"the {side} value is made of {shown}"


def _ranges(lines: Iterable[int]) -> str:
    """5, 8-10: line numbers, runs put together."""
    runs: list[list[int]] = []
    for line in sorted(set(map(int, lines))):
        if runs and line == runs[-1][-1] + 1:
            runs[-1].append(line)
        else:
            runs.append([line])
    return ", ".join(_run(run) for run in runs)


def _run(lines: list[int]) -> str:
    if len(lines) == 1:
        return str(lines[0])
    return f"{lines[0]}-{lines[-1]}"


def _findings(difference: Difference, most: int | None) -> Iterator[Block]:
    for status in ("new", "resolved"):
        part = difference.findings[difference.findings["status"].eq(status)]
        rows = part.astype("object").to_dict("records")
        entries = [[Item(_finding(row))] for row in rows]
        yield from _listed(f"Findings that are {status}", entries, most)


def _finding(row: Mapping[Any, Any]) -> str:
    known = _known(row, ("severity", "rule", "subject", "message"))
    place = _known(row, ("file", "line", "column"))
    if place:
        known.append(f"[{':'.join(place)}]")
    return "  ".join(known)


def _known(row: Mapping[Any, Any], names: Iterable[str]) -> list[str]:
    """The values of a row as text; missing ones are left out."""
    return [str(row[name]) for name in names if pd.notna(row[name])]


def _moved(difference: Difference) -> dict[str, list[str]]:
    """Subjects that are in one output only, as DM says, by what happened to them."""
    subjects = difference.records[difference.records["dataset"].eq("DM")]
    return {str(change): sorted(part["subject"]) for change, part in subjects.groupby("change")}


def _subjects(difference: Difference, most: int | None) -> Iterator[Block]:
    entries = []
    for change, names in _moved(difference).items():
        for name in names:
            entries.append([Item(f"{change}  {name}")])
    yield from _listed("Subjects, whose records are not listed below", entries, most)


def _dataset(difference: Difference, name: str, most: int | None) -> Iterator[Block]:
    """Records of one dataset that differ.

    Where several of a subject differ in the same way, how many.
    """
    moved: set[str] = set()
    moved.update(*_moved(difference).values())
    records = difference.records[difference.records["dataset"].eq(name)]
    records = records[~records["subject"].isin(moved)]
    entries = [[Item(f"{row['change']}  {_who(row)}")] for row in records.to_dict("records")]
    cells = difference.cells[difference.cells["dataset"].eq(name)]
    for line in _changed(cells):
        entries.append([Item(line)])
    yield from _listed(name, entries, most)


def _changed(cells: pd.DataFrame) -> Iterator[str]:
    """Which records of one dataset changed in which way."""
    cells = cells.fillna({"key": "", "subject": ""})
    alike: dict[tuple[str, str], list[str]] = {}
    for (subject, key), part in cells.groupby(["subject", "key"], sort=False):
        values = _changes("variable", part)
        alike.setdefault((str(subject), values), []).append(str(key))
    for (subject, values), keys in alike.items():
        which = keys[0]
        if len(keys) > 1:
            which = f"{len(keys)} records"
        who = _who({"subject": subject, "key": which})
        yield f"changed  {who}: {values}"


def _who(row: Mapping[Any, Any]) -> str:
    known = _known(row, ("subject", "key"))
    return ", ".join(filter(None, known))


def _change(row: Mapping[Any, Any]) -> str:
    return f"{_text(row['old'])} -> {_text(row['new'])}"


def _text(value: Any) -> str:
    if pd.isna(value):
        return EMPTY
    return str(value)


def _listed(title: str, entries: Sequence[Sequence[Item]], most: int | None) -> Iterator[Block]:
    """Entries under a heading, of one or more lines each; nothing where there are none."""
    if not entries:
        return
    yield ""
    yield Heading(title)
    shown = entries[:most]
    for lines in shown:
        yield from lines
    if len(entries) > len(shown):
        yield Item(f"and {len(entries) - len(shown)} more")
