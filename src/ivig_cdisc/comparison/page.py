"""A comparison as one HTML file that holds all it needs."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from html import escape
from importlib.resources import files
from typing import Any

import pandas as pd

from ..text import number_text
from .datasets import Comparison
from .text_report import HEADINGS, both, of_group, paired, signed, title, verdict, without_difference


def as_html(found: Comparison) -> str:
    """A page without scripts and without anything from elsewhere; all text is escaped."""
    template = files(__package__).joinpath("page.html").read_text(encoding="utf-8")
    filled = {
        "first": escape(str(found.first)),
        "second": escape(str(found.second)),
        "verdict": escape(verdict(found)),
        "state": "clean" if found.clean else "differs",
        "counts": _counts(found),
        "datasets": "\n".join(_dataset(found, str(name)) for name in _datasets(found)),
        "notes": escape(_notes(found)),
    }
    return re.sub(r"\{\{(\w+)\}\}", lambda match: filled[match[1]], template)


def _datasets(found: Comparison) -> list[str]:
    """Those that differ before those that do not."""
    return [*found.groups["dataset"].drop_duplicates(), *without_difference(found)]


def _notes(found: Comparison) -> str:
    silent = ", ".join(dict.fromkeys(found.silent))
    said = [f"Numbers that differ by at most {number_text(found.tolerance)} are equal."] if found.tolerance else []
    said += [f"Without attributes, which were not compared: {silent}."] if silent else []
    said += [f"No datasets, and not compared: {', '.join(found.others)}."] if found.others else []
    said += [f"{fact}." for fact in found.facts]
    said += ["Missing values are equal to missing values; beside XPT, blanks at the end of text do not count."]
    return " ".join(said)


def _counts(found: Comparison) -> str:
    rows = [[str(cell) for cell in row] for row in found.counts.itertuples(index=False)]
    return _table(HEADINGS, rows) if rows else ""


def _dataset(found: Comparison, dataset: str) -> str:
    groups = found.groups[found.groups["dataset"].eq(dataset)]
    parts = "".join(_group(found, group) for _, group in groups.iterrows())
    how = escape(paired(found, dataset).removeprefix(", "))
    return f"<section><h2>{escape(dataset)}</h2><div><p class='how'>{how}</p>{parts}</div></section>"


def _group(found: Comparison, group: pd.Series) -> str:
    """Folded where it is explained; open where somebody has to look."""
    status = str(group["status"])
    mark = f'<span class="{status}">{status}</span>' if found.listed else ""
    said = "".join(f"<p>{escape(text)}</p>" for text in _sentences(group))
    opened = "" if status == "explained" else " open"
    rows = _differences(of_group(found, group)) if status != "gone" else ""
    return f"<details{opened}><summary>{escape(title(found, group))} {mark}</summary>{said}{rows}</details>"


def _sentences(group: pd.Series) -> Iterable[str]:
    lead = {"published": "The other side: ", "reason": "Why: "}
    yield from (f"{lead.get(name, '')}{group[name]}" for name in ("what", "published", "reason") if group[name])
    yield f"Count {group['count']}, fingerprint {group['fingerprint']}."


def _differences(rows: pd.DataFrame) -> str:
    columns = ["key", "first", "second", "change", "percent"]
    if rows["change"].isna().all():
        columns = columns[:3]
    if not rows["key"].any():
        columns = columns[1:]
    cells = [_row(row, columns) for row in rows[columns].itertuples(index=False)]
    return _table([name.replace("percent", "percent of first") for name in columns], cells)


def _row(cells: Sequence[Any], columns: Sequence[str]) -> list[str]:
    given = dict(zip(columns, cells, strict=True))
    shown = dict(zip(("first", "second"), both(given["first"], given["second"]), strict=True))
    shown |= {name: _change(given[name], digits) for name, digits in (("change", 6), ("percent", 3)) if name in given}
    return [shown.get(name, str(given[name])) for name in columns]


def _change(number: float, digits: int) -> str:
    return "" if math.isnan(number) else signed(number, digits)


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    top = "".join(f'<th scope="col">{escape(name)}</th>' for name in head)
    body = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"
