"""Differences that are known, and why: a YAML list that the differences found must be exactly."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Literal, get_args

import pandas as pd
from pydantic import Field

from ..errors import Problem, SpecError
from ..metadata import written
from ..metadata.document import read
from ..metadata.frozen import Frozen
from ..metadata.shape import shape

KindOfDifference = Literal[
    "dataset_only_first",
    "dataset_only_second",
    "not_compared",
    "dataset_name",
    "dataset_label",
    "only_first",
    "only_second",
    "name",
    "order",
    "type",
    "length",
    "label",
    "format",
    "records_only_first",
    "records_only_second",
    "cells",
]
KINDS: tuple[str, ...] = get_args(KindOfDifference)
GROUP = ["dataset", "kind", "variable"]
STATUSES = ("explained", "changed", "unexplained", "gone")


class Explanation(Frozen):
    """One entry: all differences of one kind in one variable, and what is to be said of them.

    count and fingerprint say which these are; the fingerprint is that of keys and both values.
    what, published and
    reason are for the reader: what differs, which rule the other side follows, why this side is
    right or cannot do it.
    """

    dataset: str
    kind: KindOfDifference
    variable: str = ""
    count: int = Field(ge=1)
    fingerprint: str = Field(pattern=r"^[0-9a-f]{16}$")
    what: str = Field(min_length=1)
    published: str = ""
    reason: str = Field(min_length=1)


def explanations(file: Path) -> list[Explanation]:
    """The entries of a file; SpecError with all that is wrong in it."""
    if not file.is_file():
        raise SpecError([Problem(file, 1, "(document)", "is not there, or no file")])
    document = read(file)
    found = shape(document, list[Explanation]) if document.data is not None else []
    groups = [(e.dataset, e.kind, e.variable) for e in found or []]
    for i, group in enumerate(groups):
        if group in groups[:i]:
            document.complain((i,), f"duplicate entry for {' '.join(filter(None, group))}")
    if document.problems:
        raise SpecError(document.problems)
    return list(found or [])


def fingerprint(differences: pd.DataFrame) -> str:
    """What identifies these differences, in whatever order: 16 hexadecimal digits of keys and both values."""
    rows = differences[["key", "first", "second"]].astype("object")
    lines = sorted(
        repr(tuple(None if pd.isna(v) else v for v in row)) for row in rows.itertuples(index=False)
    )
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


def judged(differences: pd.DataFrame, entries: Iterable[Explanation]) -> pd.DataFrame:
    """Each group of differences with its status: GROUP, count, fingerprint, status, what, published, reason.

    explained: listed just so; changed: listed with another count or fingerprint; unexplained: not
        listed; gone: listed and not there any more.
    """
    known = {(e.dataset, e.kind, e.variable): e for e in entries}
    rows = []
    for group, part in differences.groupby(GROUP, sort=False):
        names = (str(group[0]), str(group[1]), str(group[2]))
        rows.append(_row(names, len(part), fingerprint(part), known.pop(names, None)))  # type: ignore[arg-type]
    rows += [{**e.model_dump(), "status": "gone"} for e in known.values()]
    return pd.DataFrame(
        rows, columns=[*GROUP, "count", "fingerprint", "status", "what", "published", "reason"]
    )


def _row(
    names: tuple[str, str, str], count: int, mark: str, entry: Explanation | None
) -> dict[str, object]:
    found = {**dict(zip(GROUP, names, strict=True)), "count": count, "fingerprint": mark}
    if entry is None:
        return {**found, "status": "unexplained", "what": "", "published": "", "reason": ""}
    same = (entry.count, entry.fingerprint) == (count, mark)
    said = {"what": entry.what, "published": entry.published, "reason": entry.reason}
    return {**found, "status": "explained" if same else "changed", **said}


def entry(group: pd.Series) -> str:
    """The YAML entry that lists a group, its words still to be found."""
    names = {name: group[name] for name in GROUP if group[name]}
    return written(
        [
            {
                **names,
                "count": int(group["count"]),
                "fingerprint": group["fingerprint"],
                "what": "",
                "reason": "",
            }
        ]
    )
