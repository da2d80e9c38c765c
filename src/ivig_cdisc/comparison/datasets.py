"""The whole comparison: read, pair, compare, and classify the differences by those known."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import pandas as pd

from ..errors import CdiscError, ExportError
from ..formats.reading import Folder, Source, reason_of
from ..formats.table import Table
from ..text import several
from .attributes import attributes, have_common_variable, one_spelling
from .cells import DIFFERENCE, Records, aligned, records
from .keys import Keys, keys
from .known_differences import classify, explanations
from .known_keys import KnownKeys, known_keys
from .sides import only_one_side, paired, sides

FIELDS = ("dataset", "kind", *DIFFERENCE)
EMPTY = {**dict.fromkeys(FIELDS), "key": "", "variable": ""}
COUNTS = ("dataset", "first", "second", "both", "cells", "equal", "explained", "unexplained")


@dataclass(frozen=True)
class Comparison:
    """What two files, or two folders, differ in.

    differences  FIELDS: one row per difference; key is empty for attributes, values are text
    groups       the same by dataset, kind and variable, with count, fingerprint and status
    counts       COUNTS, one row per dataset in both: records, cells of records in both, equal ones
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
class _Compared:
    """One dataset of both sides, compared."""

    name: str
    differences: pd.DataFrame
    keys: Keys
    counts: dict[str, int | str]
    largest: dict[tuple[str, str], float]
    silent: tuple[str, ...]
    facts: tuple[str, ...]


def compare(
    first: str | Path,
    second: str | Path,
    *,
    keys: str | Sequence[str] = (),
    study: str | Path | None = None,
    tolerance: float = 0.0,
    explained: str | Path | None = None,
) -> Comparison:
    """Compare two datasets, or all datasets of two folders, by their names.

    Two XPT files with several members are compared as folders are.

    A missing value is equal to a missing value of its kind. A file of a folder that cannot be read
    is a difference; of two files it is an error.

    Args:
        first: XPT, Dataset-JSON (.json, .ndjson), CSV or Parquet, or a folder of them.
        second: the same, of any of these formats.
        keys: what makes a record unique; of folders, each dataset needs one of them.
        study: whose specs have the keys where none are given, a bundled one or its folder;
            otherwise the one that an output of this program names.
        tolerance: by how much numbers may differ, absolute.
        explained: YAML with the differences that are known.

    Returns:
        The differences, and how records were paired.

    Raises:
        ExportError: a file cannot be read, or keys do not single out records.
        RawError: a CSV cannot be read.
        SpecError: the study cannot be used.
    """
    keys = several(keys)
    _check(keys, tolerance)
    first, second = Path(first), Path(second)
    entries = []
    if explained:
        entries = explanations(Path(explained))
    one, two = sides(first, second)
    known = known_keys(first, second, keys, study)
    done, differences = _compare_all(one, two, known, tolerance, strict=not first.is_dir())
    groups = classify(differences, entries)
    counts = []
    largest: dict[tuple[str, str], float] = {}
    silent: list[str] = []
    facts = [*known.facts, *one.also, *two.also]
    for part in done:
        counts.append(part.counts)
        largest |= part.largest
        silent += part.silent
        facts += part.facts
    return Comparison(
        first=first,
        second=second,
        tolerance=tolerance,
        listed=explained is not None,
        differences=differences,
        groups=groups,
        counts=_counts(counts, groups),
        largest=largest,
        keys={part.name: part.keys for part in done},
        silent=tuple(silent),
        facts=tuple(dict.fromkeys(facts)),
        others=tuple(dict.fromkeys([*one.others, *two.others])),
    )


def _compare_all(
    one: Folder, two: Folder, known: KnownKeys, tolerance: float, *, strict: bool
) -> tuple[list[_Compared], pd.DataFrame]:
    """The datasets of both sides that could be compared, and all differences."""
    done = []
    frames = [_frame(only_one_side(one, two))]
    for left, right in paired(one, two):
        found = _compare_sources(left, right, known, tolerance, strict=strict)
        if isinstance(found, _Compared):
            done.append(found)
            found = found.differences
        frames.append(found)
    return done, pd.concat(frames, ignore_index=True)


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


def _compare_sources(
    left: Source, right: Source, known: KnownKeys, tolerance: float, *, strict: bool
) -> _Compared | pd.DataFrame:
    """One dataset, or the difference that says why it is not compared.

    strict: the latter is an error.
    """
    if strict:
        return _compare_tables(left.read(), right.read(), known, tolerance, strict=True)
    one, two = _read(left), _read(right)
    row: dict[str, object] = {"dataset": left.name, "kind": "not_compared"}
    if isinstance(one, Table) and isinstance(two, Table):
        if have_common_variable(one, two):
            return _compare_tables(one, two, known, tolerance, strict=False)
        reason = f"{one.file} and {two.file} have no variable in common"
        return _frame([{**row, "first": reason, "second": reason}])
    if isinstance(one, str):
        row["first"] = one
    if isinstance(two, str):
        row["second"] = two
    return _frame([row])


def _read(source: Source) -> Table | str:
    """A dataset, or why it cannot be read."""
    try:
        return source.read()
    except CdiscError as error:
        return f"{source.path.name}: {reason_of(error, source.path)}"


def _compare_tables(
    one: Table, two: Table, known: KnownKeys, tolerance: float, *, strict: bool
) -> _Compared:
    name = one.name
    two, spelled = one_spelling(one, two)
    differing = [*spelled, *attributes(one, two)]
    one, two, common = aligned(one, two)
    by = keys(one, two, known, strict=strict)
    found = records(one, two, common, by, tolerance)
    attribute_rows = [asdict(attribute) for attribute in differing]
    others = _frame([*attribute_rows, *_unpaired(found)]).assign(dataset=name)
    cells = found.cells.assign(dataset=name, kind="cells")[list(FIELDS)]
    largest = {}
    for variable, change in found.largest.items():
        if change > 0:
            largest[name, variable] = change
    silent = [table.file for table in (one, two) if table.label is None]
    size = found.both * len(found.largest)
    counts: dict[str, int | str] = {
        "dataset": name,
        "first": len(one.frame),
        "second": len(two.frame),
        "both": found.both,
        "cells": size,
        "equal": size - len(cells),
    }
    return _Compared(
        name=name,
        differences=pd.concat([others, cells], ignore_index=True),
        keys=by,
        counts=counts,
        largest=largest,
        silent=tuple(silent),
        facts=(*one.facts, *two.facts),
    )


def _unpaired(found: Records) -> Iterator[dict[str, object]]:
    """The records that only one side has, as differences."""
    only_first, only_second = found.only
    for key in only_first:
        yield {"kind": "records_only_first", "key": key}
    for key in only_second:
        yield {"kind": "records_only_second", "key": key}


def _counts(rows: list[dict[str, int | str]], groups: pd.DataFrame) -> pd.DataFrame:
    """Counts per dataset, with the cells that differ split by whether they are explained."""
    cells = groups[groups["kind"].eq("cells") & groups["status"].ne("gone")]
    explained = cells["status"].eq("explained")
    for row in rows:
        here = cells["dataset"].eq(row["dataset"])
        row["explained"] = int(cells.loc[here & explained, "count"].sum())
        row["unexplained"] = int(cells.loc[here & ~explained, "count"].sum())
    return pd.DataFrame(rows, columns=list(COUNTS))
