"""The whole comparison: read, pair, compare, and hold the differences against those that are known."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from ..errors import CdiscError, ExportError
from ..formats.reading import Source, reason_of
from ..formats.table import Table
from .attributes import Said, attributes, have_common_variable, one_spelling
from .cells import DIFFERENCE, aligned, records
from .keys import Keys, keys
from .known_differences import explanations, judged
from .known_keys import KnownKeys, known_keys
from .sides import lonely, paired, sides

FIELDS = ("dataset", "kind", *DIFFERENCE)
EMPTY = {**dict.fromkeys(FIELDS), "key": "", "variable": ""}
COUNTS = ("dataset", "first", "second", "both", "cells", "equal", "explained", "unexplained")


@dataclass(frozen=True)
class Comparison:
    """What two files, or two folders, differ in.

    differences  FIELDS: one row per difference; key is empty for attributes, first and second are text
    groups       the same by dataset, kind and variable, with count, fingerprint, status and what is said of it
    counts       COUNTS, one row per dataset in both: records, cells of records in both, and how many of those are equal
    largest      by dataset and variable, by how much numbers differ at most
    keys         by dataset, how records were paired
    silent       files that say nothing of attributes
    facts        what a reader should know of the files, one sentence each
    others       files of the folders that are no datasets
    """

    first: Path
    second: Path
    tolerance: float
    listed: bool  # differences are held against a list
    differences: pd.DataFrame
    groups: pd.DataFrame
    counts: pd.DataFrame
    largest: dict[tuple[str, str], float]
    keys: dict[str, Keys]
    silent: tuple[str, ...]
    facts: tuple[str, ...]
    others: tuple[str, ...]

    @property
    def clean(self) -> bool:
        """No difference, or just those that are listed."""
        return bool(self.groups["status"].eq("explained").all())


@dataclass(frozen=True)
class _Part:
    """One dataset compared; without keys, one that could not be."""

    differences: pd.DataFrame
    keys: Keys | None = None
    counts: dict[str, int | str] = field(default_factory=dict)
    largest: dict[tuple[str, str], float] = field(default_factory=dict)
    silent: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()


def compare(
    first: str | Path,
    second: str | Path,
    *,
    keys: Sequence[str] = (),
    study: str | Path | None = None,
    tolerance: float = 0.0,
    explained: str | Path | None = None,
) -> Comparison:
    """Compare two datasets, or all datasets of two folders or two XPT files with several members by their names.

    A missing value is equal to a missing value of its kind. A file of a folder that cannot be read
    is a difference; of two files it is an error.

    Args:
        first: XPT, CSV or Dataset-JSON (.json, .ndjson), or a folder of them.
        second: the same, of any of these formats.
        keys: what makes a record unique; of folders, each dataset needs one of them.
        study: whose specs have the keys where none are given, a bundled one or its folder;
            otherwise the one that an
            output of this program names.
        tolerance: by how much numbers may differ, absolute.
        explained: YAML with the differences that are known.

    Returns:
        The differences, and how records were paired.

    Raises:
        ExportError: a file cannot be read, or keys do not single out records.
        RawError: a CSV cannot be read.
        SpecError: the study cannot be used.
    """
    _check(keys, tolerance)
    first, second = Path(first), Path(second)
    entries = explanations(Path(explained)) if explained else []
    one, two = sides(first, second)
    known = known_keys(first, second, keys, study)
    strict = not first.is_dir()
    parts = [
        _compared(left, right, known, tolerance, strict=strict) for left, right in paired(one, two)
    ]
    differences = pd.concat(
        [_frame(lonely(one, two)), *(part.differences for part in parts)], ignore_index=True
    )
    groups = judged(differences, entries)
    done = [part for part in parts if part.keys]
    return Comparison(
        first=first,
        second=second,
        tolerance=tolerance,
        listed=explained is not None,
        differences=differences,
        groups=groups,
        counts=_counts([part.counts for part in done], groups),
        largest={key: size for part in done for key, size in part.largest.items()},
        keys={str(part.counts["dataset"]): part.keys for part in done if part.keys},
        silent=tuple(file for part in done for file in part.silent),
        facts=tuple(dict.fromkeys([*known.facts, *(fact for part in done for fact in part.facts)])),
        others=tuple(dict.fromkeys([*one.others, *two.others])),
    )


def _check(keys: Sequence[str], tolerance: float) -> None:
    if not (math.isfinite(tolerance) and tolerance >= 0):
        raise ExportError(f"the tolerance is {tolerance}; a number of at least 0 was expected")
    duplicates = sorted({name for name in keys if keys.count(name) > 1})
    if duplicates:
        raise ExportError(f"duplicate keys: {', '.join(duplicates)}")


def _frame(rows: Iterable[Mapping[str, object]]) -> pd.DataFrame:
    """Differences as rows of the one frame."""
    frame = pd.DataFrame([{**EMPTY, **row} for row in rows], columns=list(FIELDS))
    return frame.astype(
        {"first": "object", "second": "object", "change": "float64", "percent": "float64"}
    )


def _compared(
    left: Source, right: Source, known: KnownKeys, tolerance: float, *, strict: bool
) -> _Part:
    """One dataset. strict: what cannot be read is an error; otherwise it is the difference."""
    if strict:
        return _part(left.read(), right.read(), known, tolerance, strict=True)
    one, two = _read(left), _read(right)
    if isinstance(one, Table) and isinstance(two, Table):
        if not have_common_variable(one, two):
            reason = f"{one.file} and {two.file} have no variable in common"
            return _Part(
                _frame(
                    [
                        {
                            "dataset": left.name,
                            "kind": "not_compared",
                            "first": reason,
                            "second": reason,
                        }
                    ]
                )
            )
        return _part(one, two, known, tolerance, strict=False)
    reasons = {
        side: read for side, read in (("first", one), ("second", two)) if isinstance(read, str)
    }
    return _Part(_frame([{"dataset": left.name, "kind": "not_compared", **reasons}]))


def _read(source: Source) -> Table | str:
    """A dataset, or why it cannot be read."""
    try:
        return source.read()
    except CdiscError as error:
        return f"{source.path.name}: {reason_of(error, source.path)}"


def _part(one: Table, two: Table, known: KnownKeys, tolerance: float, *, strict: bool) -> _Part:
    two, spelled = one_spelling(one, two)
    said = [*spelled, *attributes(one, two)]
    one, two, common = aligned(one, two)
    by = keys(one, two, known, strict=strict)
    found = records(one, two, common, by, tolerance)
    only = [
        {"dataset": one.name, "kind": f"records_only_{side}", "key": key}
        for side, keyed in zip(("first", "second"), found.only, strict=True)
        for key in keyed
    ]
    cells = found.cells.assign(dataset=one.name, kind="cells")[list(FIELDS)]
    parts: list[pd.DataFrame] = [_frame(_attribute(one.name, s) for s in said), _frame(only), cells]
    size = found.both * len(found.largest)
    counts: dict[str, int | str] = {
        "dataset": one.name,
        "first": len(one.frame),
        "second": len(two.frame),
    }
    counts |= {"both": found.both, "cells": size, "equal": size - len(cells)}
    return _Part(
        pd.concat(parts, ignore_index=True),
        by,
        counts,
        largest={(one.name, name): change for name, change in found.largest.items() if change > 0},
        silent=tuple(table.file for table in (one, two) if table.label is None),
        facts=(*one.facts, *two.facts),
    )


def _attribute(dataset: str, said: Said) -> dict[str, object]:
    kind, variable, first, second = said
    return {
        "dataset": dataset,
        "kind": kind,
        "variable": variable,
        "first": first,
        "second": second,
    }


def _counts(rows: list[dict[str, int | str]], groups: pd.DataFrame) -> pd.DataFrame:
    """Counts per dataset, with the cells that differ split by whether they are explained."""
    cells = groups[groups["kind"].eq("cells") & groups["status"].ne("gone")]
    explained = cells["status"].eq("explained")
    for row in rows:
        here = cells["dataset"].eq(row["dataset"])
        row["explained"] = int(cells.loc[here & explained, "count"].sum())
        row["unexplained"] = int(cells.loc[here & ~explained, "count"].sum())
    return pd.DataFrame(rows, columns=list(COUNTS))
