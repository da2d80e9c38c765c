"""Differences that are known, and why: a YAML list that the differences found must be exactly."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import get_args

import pandas as pd

from ..errors import Problem, SpecError
from ..metadata import written
from ..metadata.differences import Explanation, KindOfDifference
from ..metadata.document import read
from ..metadata.shape import shape

KINDS: tuple[str, ...] = get_args(KindOfDifference)
GROUP = ["dataset", "kind", "variable"]
STATUSES = ("explained", "changed", "unexplained", "gone")


def explanations(file: Path) -> list[Explanation]:
    """The entries of a file; SpecError with all that is wrong in it."""
    if not file.is_file():
        raise SpecError([Problem(file, 1, "(document)", "is not there, or no file")])
    document = read(file)
    found: list[Explanation] = []
    if document.data is not None:
        found = shape(document, list[Explanation]) or []
    seen: set[tuple[str, str, str]] = set()
    for i, entry in enumerate(found):
        if entry.group in seen:
            group = " ".join(filter(None, entry.group))
            document.complain((i,), f"duplicate entry for {group}")
        seen.add(entry.group)
    if document.problems:
        raise SpecError(document.problems)
    return found


def fingerprint(differences: pd.DataFrame) -> str:
    """What identifies these differences, in whatever order.

    16 hexadecimal digits of keys and both values.
    """
    rows = differences[["key", "first", "second"]].astype("object")
    rows = rows.where(rows.notna(), None)
    lines = sorted(repr(row) for row in rows.itertuples(index=False, name=None))
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


def classify(differences: pd.DataFrame, entries: Iterable[Explanation]) -> pd.DataFrame:
    """Each group of differences with its status.

    Columns GROUP, count, fingerprint, status, what, published, reason.

    explained: listed just so; changed: listed with another count or fingerprint; unexplained: not
        listed; gone: listed and not there any more.
    """
    known = {entry.group: entry for entry in entries}
    rows = []
    for names, part in differences.groupby(GROUP, sort=False):
        dataset, kind, variable = map(str, names)
        group = (dataset, kind, variable)
        rows.append(_row(group, len(part), fingerprint(part), known.pop(group, None)))
    for entry in known.values():
        rows.append({**entry.model_dump(), "status": "gone"})
    columns = [*GROUP, "count", "fingerprint", "status", "what", "published", "reason"]
    return pd.DataFrame(rows, columns=columns)


def _row(
    names: tuple[str, str, str], count: int, mark: str, entry: Explanation | None
) -> dict[str, object]:
    found = {**dict(zip(GROUP, names, strict=True)), "count": count, "fingerprint": mark}
    if entry is None:
        return {**found, "status": "unexplained", "what": "", "published": "", "reason": ""}
    texts = {"what": entry.what, "published": entry.published, "reason": entry.reason}
    status = "changed"
    if (entry.count, entry.fingerprint) == (count, mark):
        status = "explained"
    return {**found, "status": status, **texts}


def entry(group: pd.Series) -> str:
    """The YAML entry that lists a group, its words still to be found."""
    names = {name: group[name] for name in GROUP if group[name]}
    content = {"count": int(group["count"]), "fingerprint": group["fingerprint"]}
    return written([{**names, **content, "what": "", "reason": ""}])
