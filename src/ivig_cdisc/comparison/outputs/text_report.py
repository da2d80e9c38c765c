"""A difference as text for a reader and as JSON for a program."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import orjson
import pandas as pd

from ... import terminal
from ..text_report import counts_table
from .differences import Difference

NOTHING = "(empty)"
MOST = 20  # lines of one list
HEADINGS = ("Dataset", "old", "new", "added", "removed", "changed")


def as_text(difference: Difference, most: int | None = MOST) -> str:
    """What differs, the results first. most: lines of each list; None for all. Missing values show as (empty)."""
    if difference.same:
        return f"{difference.study}: no difference between {difference.old} and {difference.new}\n"
    lines = [f"{difference.study}: {difference.new} compared with {difference.old}"]
    parts = (
        _counts(difference),
        _outcomes(difference, most),
        _findings(difference, most),
        _subjects(difference, most),
    )
    for part in parts:
        lines += ["", *part] if part else []
    for dataset in difference.counts["dataset"]:
        part = _dataset(difference, str(dataset), most)
        lines += ["", *part] if part else []
    return "\n".join(lines) + "\n"


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
def _counts(difference: Difference) -> list[str]:
    counts = difference.counts
    moved = counts[counts[["added", "removed", "changed"]].any(axis=1)]
    lines = []
    if len(moved):
        lines = terminal.as_text([counts_table(HEADINGS, moved)]).splitlines()
    for side, names in (("old", difference.only_old), ("new", difference.only_new)):
        lines += [f"Only in the {side} output, not compared: {', '.join(names)}"] if names else []
    status = difference.findings["status"].value_counts()
    told = ", ".join(f"{status.get(name, 0)} {name}" for name in ("new", "resolved", "persisting"))
    return [*lines, *([""] if lines else []), f"Findings: {told}"]


def _outcomes(difference: Difference, most: int | None) -> list[str]:
    """What differs of one parameter of one subject in one line, where it has the same causes."""
    causes = dict(iter(difference.causes.groupby("outcome")))
    together: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for row in difference.outcomes.astype("object").fillna("").to_dict("records"):
        who = " ".join(filter(None, (row["subject"], row["parameter"])))
        behind = tuple(_behind(causes.get(row["outcome"]), verbatim=difference.verbatim))
        together.setdefault((who, behind), []).append(f"{row['variable']} {_change(row)}")
    told = [
        "\n".join([f"  {who}: {', '.join(values)}", *(f"      {line}" for line in behind)])
        for (who, behind), values in together.items()
    ]
    return _listed("Set flags, responses and event dates that differ", told, most)


def _behind(causes: pd.DataFrame | None, *, verbatim: bool) -> list[str]:
    if causes is None:
        reason = (
            "no raw cell among its sources differs"
            if verbatim
            else "no raw file among its sources differs"
        )
        return [f"{reason}; the specs or the software do"]
    return list(_cells(causes) if verbatim else _places(causes))


def _cells(causes: pd.DataFrame) -> Iterator[str]:
    """One line per raw record that differs."""
    record = ["file", "change", "old_line", "new_line"]
    for (file, change, old, new), part in causes.groupby(record, dropna=False, sort=False):
        cells = part.to_dict("records")
        if change == "changed":
            lines = f"line {new}" if old == new else f"line {old}, now {new}"
            told = ", ".join(f"{row['column']} {_change(row)}" for row in cells)
        else:
            side, lines = ("old", f"line {old}") if change == "removed" else ("new", f"line {new}")
            told = ", ".join(f"{row['column']} {row[side]}" for row in cells)
            lines = f"{lines} is {change}"
        yield f"{file} {lines}: {told}"


def _places(causes: pd.DataFrame) -> Iterator[str]:
    """One line per side: files and the lines behind the value, so far as the files differ."""
    for side in ("old", "new"):
        part = causes[causes["change"].eq(side)]
        told = [
            f"{file} {_ranges(lines[f'{side}_line'])}"
            for file, lines in part.groupby("file", sort=True)
        ]
        yield f"the {side} value is made of {'; '.join(told) or 'no cell of a file that differs'}"


def _ranges(lines: Iterable[int]) -> str:
    """5, 8-10: line numbers, runs put together."""
    runs: list[list[int]] = []
    for line in sorted(set(map(int, lines))):
        if runs and line == runs[-1][-1] + 1:
            runs[-1].append(line)
        else:
            runs.append([line])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs)


def _findings(difference: Difference, most: int | None) -> list[str]:
    lines = []
    for status in ("new", "resolved"):
        part = difference.findings[difference.findings["status"].eq(status)]
        told = [_finding(row) for row in part.astype("object").to_dict("records")]
        lines += _listed(f"Findings that are {status}", told, most)
    return lines


def _finding(row: Mapping[Any, Any]) -> str:
    place = ":".join(_text(row[name]) for name in ("file", "line", "column") if pd.notna(row[name]))
    known = [
        row["severity"],
        row["rule"],
        row["subject"],
        row["message"],
        f"[{place}]" if place else None,
    ]
    return "  " + "  ".join(_text(part) for part in known if pd.notna(part))


def _moved(difference: Difference) -> dict[str, list[str]]:
    """Subjects that are in one output only, as DM says, by what happened to them."""
    people = difference.records[difference.records["dataset"].eq("DM")]
    return {str(change): sorted(part["subject"]) for change, part in people.groupby("change")}


def _subjects(difference: Difference, most: int | None) -> list[str]:
    told = [f"  {change}  {name}" for change, names in _moved(difference).items() for name in names]
    return _listed("Subjects, whose records are not listed below", told, most)


def _dataset(difference: Difference, name: str, most: int | None) -> list[str]:
    """Records of one dataset that differ; where several of a subject differ in the same way, how many."""
    moved = {subject for names in _moved(difference).values() for subject in names}
    records = difference.records[
        difference.records["dataset"].eq(name) & ~difference.records["subject"].isin(moved)
    ]
    told = [f"  {row['change']}  {_who(row)}" for row in records.to_dict("records")]
    cells = difference.cells[difference.cells["dataset"].eq(name)].fillna(
        {"key": "", "subject": ""}
    )
    alike: dict[tuple[str, str], list[str]] = {}
    for (subject, key), part in cells.groupby(["subject", "key"], sort=False):
        values = ", ".join(f"{row['variable']} {_change(row)}" for row in part.to_dict("records"))
        alike.setdefault((str(subject), values), []).append(str(key))
    for (subject, values), keys in alike.items():
        which = _who(
            {"subject": subject, "key": keys[0] if len(keys) == 1 else f"{len(keys)} records"}
        )
        told.append(f"  changed  {which}: {values}")
    return _listed(name, told, most)


def _who(row: Mapping[Any, Any]) -> str:
    return ", ".join(
        _text(row[name]) for name in ("subject", "key") if _text(row[name]) not in {"", NOTHING}
    )


def _change(row: Mapping[Any, Any]) -> str:
    return f"{_text(row['old'])} -> {_text(row['new'])}"


def _text(value: Any) -> str:
    return NOTHING if pd.isna(value) else str(value)


def _listed(title: str, told: Sequence[str], most: int | None) -> list[str]:
    if not told:
        return []
    shown = told if most is None else told[:most]
    rest = len(told) - len(shown)
    return [title, *shown, *([f"  and {rest} more"] if rest else [])]
