"""The whole comparison: read, pair, compare, and hold the differences against those that are known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from ..errors import ExportError
from .attributes import Said, attributes, one_spelling
from .cells import DIFFERENCE, aligned, records
from .explained import explanations, judged
from .keys import Keys, keys
from .reading import datasets, read
from .table import Table, digest

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

    @property
    def clean(self) -> bool:
        """No difference, or just those that are listed."""
        return bool(self.groups["status"].eq("explained").all())


@dataclass(frozen=True)
class _Part:
    """One dataset compared."""

    differences: pd.DataFrame
    keys: Keys
    counts: dict[str, int | str]
    largest: dict[tuple[str, str], float]
    silent: tuple[str, ...]


def compare(
    first: Path,
    second: Path,
    *,
    keys: Sequence[str] = (),
    tolerance: float = 0.0,
    explained: Path | None = None,
) -> Comparison:
    """Compare two datasets, or all datasets of two folders by their names.

    first, second: XPT, CSV or Dataset-JSON (.json, .ndjson), in any combination. keys: what makes a record unique,
    found if not given; of folders, each dataset needs one of them. tolerance: by how much numbers may differ, absolute.
    explained: YAML with the differences that are known. Raises ExportError, RawError or SpecError, which name the file.
    """
    entries = explanations(explained) if explained else []
    pairs, lonely = _pairs(first, second)
    parts = [_compared(read(one), read(two), keys, tolerance, strict=first.is_file()) for one, two in pairs]
    differences = pd.concat([_frame(lonely), *(part.differences for part in parts)], ignore_index=True)
    groups = judged(differences, entries)
    return Comparison(
        first=first,
        second=second,
        tolerance=tolerance,
        listed=explained is not None,
        differences=differences,
        groups=groups,
        counts=_counts([part.counts for part in parts], groups),
        largest={key: size for part in parts for key, size in part.largest.items()},
        keys={str(part.counts["dataset"]): part.keys for part in parts},
        silent=tuple(file for part in parts for file in part.silent),
    )


def _pairs(first: Path, second: Path) -> tuple[list[tuple[Path, Path]], Iterator[dict[str, object]]]:
    """Files to compare, and datasets that only one of the folders has."""
    for path in (first, second):
        if not path.exists():
            raise ExportError(f"{path}: is not there")
    if first.is_dir() != second.is_dir():
        raise ExportError(f"{first} and {second}: a folder is compared with a folder, a file with a file")
    if not first.is_dir():
        return [(first, second)], iter(())
    one, two = datasets(first), datasets(second)
    if not one and not two:
        raise ExportError(f"{first} and {second} hold no dataset")
    return [(one[name], two[name]) for name in sorted(one) if name in two], _lonely(one, two)


def _lonely(one: dict[str, Path], two: dict[str, Path]) -> Iterator[dict[str, object]]:
    for name in sorted({*one} ^ {*two}):
        side = "first" if name in one else "second"
        frame = read(one.get(name) or two[name]).frame
        yield {"dataset": name, "kind": f"dataset_only_{side}", side: f"{len(frame)} record(s), digest {digest(frame)}"}


def _frame(rows: Iterable[Mapping[str, object]]) -> pd.DataFrame:
    """Differences as rows of the one frame."""
    frame = pd.DataFrame([{**EMPTY, **row} for row in rows], columns=list(FIELDS))
    return frame.astype({"first": "object", "second": "object", "change": "float64", "percent": "float64"})


def _compared(one: Table, two: Table, told: Sequence[str], tolerance: float, *, strict: bool) -> _Part:
    two, spelled = one_spelling(one, two)
    said = [*spelled, *attributes(one, two)]
    one, two = aligned(one, two)
    by = keys(one, two, told, strict=strict)
    found = records(one, two, by, tolerance)
    sides = zip(("first", "second"), found.only, strict=True)
    only = [{"dataset": one.name, "kind": f"records_only_{side}", "key": key} for side, keyed in sides for key in keyed]
    cells = found.cells.assign(dataset=one.name, kind="cells")[list(FIELDS)]
    parts: list[pd.DataFrame] = [_frame(_attribute(one.name, s) for s in said), _frame(only), cells]
    size = found.both * len(found.largest)
    counts: dict[str, int | str] = {"dataset": one.name, "first": len(one.frame), "second": len(two.frame)}
    counts |= {"both": found.both, "cells": size, "equal": size - len(cells)}
    largest = {(one.name, name): change for name, change in found.largest.items() if change > 0}
    silent = tuple(table.file for table in (one, two) if table.label is None)
    return _Part(pd.concat(parts, ignore_index=True), by, counts, largest, silent)


def _attribute(dataset: str, said: Said) -> dict[str, object]:
    kind, variable, first, second = said
    return {"dataset": dataset, "kind": kind, "variable": variable, "first": first, "second": second}


def _counts(rows: list[dict[str, int | str]], groups: pd.DataFrame) -> pd.DataFrame:
    """Counts per dataset, with the cells that differ split by whether they are explained."""
    cells = groups[groups["kind"].eq("cells") & groups["status"].ne("gone")]
    explained = cells["status"].eq("explained")
    for row in rows:
        here = cells["dataset"].eq(row["dataset"])
        row["explained"] = int(cells.loc[here & explained, "count"].sum())
        row["unexplained"] = int(cells.loc[here & ~explained, "count"].sum())
    return pd.DataFrame(rows, columns=list(COUNTS))
