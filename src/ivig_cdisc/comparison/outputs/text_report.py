"""A difference as text for a reader and as JSON for a program."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
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
    """What differs, the results first. most: lines of each list; None for all.

    Missing values show as (empty).
    """
    return terminal.as_text(blocks(difference, most))


def blocks(difference: Difference, most: int | None = MOST) -> Iterator[Block]:
    """The same for a terminal."""
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
    """Everything that a difference holds, in its order; missing values are null."""
    tables = ("counts", "outcomes", "causes", "findings", "records", "cells")
    content = {
        "study": difference.study,
        "old": str(difference.old),
        "new": str(difference.new),
        "same": difference.same,
        "only_old": difference.only_old,
        "only_new": difference.only_new,
        **{name: _records(getattr(difference, name)) for name in tables},
    }
    return orjson.dumps(content, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE).decode()


def _records(frame: pd.DataFrame) -> list[dict[str, object]]:
    plain = frame.astype("object")
    return [
        {str(k): v for k, v in row.items()}
        for row in plain.where(plain.notna(), None).to_dict("records")
    ]


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
    for row in difference.outcomes.astype("object").fillna("").to_dict("records"):
        who = f"{row['subject']} {row['parameter']}".strip()
        reasons = tuple(_reasons(causes.get(row["outcome"]), verbatim=difference.verbatim))
        together.setdefault((who, reasons), []).append(f"{row['variable']} {_change(row)}")
    entries = []
    for (who, reasons), values in together.items():
        lines = [Item(f"{who}: {', '.join(values)}")]
        lines += [Item(reason, indent=6) for reason in reasons]
        entries.append(lines)
    yield from _listed("Set flags, responses and event dates that differ", entries, most)


def _reasons(causes: pd.DataFrame | None, *, verbatim: bool) -> Iterator[str]:
    if causes is None:
        source = "raw cell" if verbatim else "raw file"
        yield f"no {source} that it is made of differs; the specs or the software do"
    elif verbatim:
        yield from _cells(causes)
    else:
        yield from _places(causes)


def _cells(causes: pd.DataFrame) -> Iterator[str]:
    """One line per raw record that differs."""
    record = ["file", "change", "old_line", "new_line"]
    for (file, change, old, new), part in causes.groupby(record, dropna=False, sort=False):
        cells = part.to_dict("records")
        if change == "changed":
            values = ", ".join(f"{row['column']} {_change(row)}" for row in cells)
            moved = "" if old == new else f", now {new}"
            yield f"{file} line {old}{moved}: {values}"
            continue
        side, line = "new", new
        if change == "removed":
            side, line = "old", old
        values = ", ".join(f"{row['column']} {row[side]}" for row in cells)
        yield f"{file} line {line} is {change}: {values}"


def _places(causes: pd.DataFrame) -> Iterator[str]:
    """One line per side.

    Files and the lines that the value is made of, so far as the files differ.
    """
    for side in ("old", "new"):
        part = causes[causes["change"].eq(side)]
        files = [
            f"{file} {_ranges(lines[f'{side}_line'])}"
            for file, lines in part.groupby("file", sort=True)
        ]
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
        yield from _listed(f"Findings that are {status}", [_finding(row) for row in rows], most)


def _finding(row: Mapping[Any, Any]) -> list[Item]:
    known = [row[name] for name in ("severity", "rule", "subject", "message")]
    place = [_text(row[name]) for name in ("file", "line", "column") if pd.notna(row[name])]
    if place:
        known.append(f"[{':'.join(place)}]")
    return [Item("  ".join(_text(part) for part in known if pd.notna(part)))]


def _moved(difference: Difference) -> dict[str, list[str]]:
    """Subjects that are in one output only, as DM says, by what happened to them."""
    subjects = difference.records[difference.records["dataset"].eq("DM")]
    return {str(change): sorted(part["subject"]) for change, part in subjects.groupby("change")}


def _subjects(difference: Difference, most: int | None) -> Iterator[Block]:
    entries = []
    for change, names in _moved(difference).items():
        entries += [[Item(f"{change}  {name}")] for name in names]
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
    cells = cells.fillna({"key": "", "subject": ""})
    alike: dict[tuple[str, str], list[str]] = {}
    for (subject, key), part in cells.groupby(["subject", "key"], sort=False):
        values = ", ".join(f"{row['variable']} {_change(row)}" for row in part.to_dict("records"))
        alike.setdefault((str(subject), values), []).append(str(key))
    for (subject, values), keys in alike.items():
        which = keys[0]
        if len(keys) > 1:
            which = f"{len(keys)} records"
        who = _who({"subject": subject, "key": which})
        entries.append([Item(f"changed  {who}: {values}")])
    yield from _listed(name, entries, most)


def _who(row: Mapping[Any, Any]) -> str:
    known = [_text(row[name]) for name in ("subject", "key")]
    return ", ".join(text for text in known if text not in {"", EMPTY})


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
