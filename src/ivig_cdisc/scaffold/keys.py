"""What makes a record of a form unique: the smallest set of columns that are made for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd

from .column_names import is_one_of, parts, plain
from .column_types import ColumnType

_TRIED = 9  # columns of which all combinations are tried
_MOST = 3  # columns beside the subject in a combination
_TOLERATED = 100  # one repeated record in so many does not unmake a key


@dataclass(frozen=True)
class Key:
    """Columns, and how many records have the same values as another one."""

    columns: tuple[str, ...]
    repeated: int = 0
    records: int = 0


def find(frame: pd.DataFrame, subject: str, types: Mapping[str, ColumnType]) -> Key:
    """The key of a form: the subject, and if need be numbers, visits, tests, dates and codes.

    Args:
        frame: of the form; records that are the same in all columns count once.
        subject: the column that names the subject.
        types: of the columns.

    Returns:
        The smallest combination that is unique; where none is, the best of them.
    """
    records = frame.drop_duplicates()
    if not len(records):
        return Key((subject,))
    codes = {str(name): pd.factorize(records[name])[0].astype("int64") + 1 for name in frame}
    others = _candidates(subject, types)
    tried: list[Key] = []
    for size in range(_MOST + 1):
        for chosen in combinations(others[:_TRIED], size):
            key = _key(codes, (subject, *chosen), len(records))
            if not key.repeated:
                return key
            tried.append(key)
    more = _longer(codes, subject, others, len(records))
    return more or _nearly(tried)


def _nearly(tried: list[Key]) -> Key:
    """The first key that is unique but for a few records, else the one with the fewest repeated."""
    for key in tried:
        if key.repeated * _TOLERATED <= key.records:
            return key
    return min(tried, key=lambda key: key.repeated)


def _longer(
    codes: Mapping[str, np.ndarray], subject: str, others: list[str], records: int
) -> Key | None:
    """All candidates, as far as they are needed."""
    for size in range(_MOST + 1, len(others) + 1):
        key = _key(codes, (subject, *others[:size]), records)
        if not key.repeated:
            return key if size <= _MOST + 2 else None
    return None


def _key(codes: Mapping[str, np.ndarray], columns: tuple[str, ...], records: int) -> Key:
    group = np.zeros(records, "int64")
    for name in columns:
        group = pd.factorize(group * (int(codes[name].max()) + 1) + codes[name])[0]
    return Key(columns, records - int(group.max() + 1), records)


def _candidates(subject: str, types: Mapping[str, ColumnType]) -> list[str]:
    """Columns that may tell records apart, those that are made for it first.

    What is measured is none of them.
    """
    places: dict[str, int] = {}
    for name, column_type in types.items():
        usable = len(column_type.counts) > 1 and column_type.lacking < 0.5
        if name != subject and usable:
            place = _place(name, column_type)
            if place is not None:
                places[name] = place
    return sorted(places, key=places.__getitem__)


def _place(name: str, column_type: ColumnType) -> int | None:
    """How much a column is made for telling records apart; None where it is not."""
    words, whole, is_code = set(parts(name)), plain(name), column_type.name == "code"
    if is_one_of(name, "sequence") or whole.endswith(("spid", "seq")):
        return 0
    if whole.endswith("no") and not is_code:
        return 0
    if is_one_of(name, "visit"):
        return 1
    if "visit" in whole and column_type.name in ("code", "text"):
        return 1
    if {"parameter", "criterion", "analyte"} & words or whole.endswith(("testcd", "test")):
        return 2
    return {"date": 3, "time": 4, "code": 5, "text": 6}.get(column_type.name)
