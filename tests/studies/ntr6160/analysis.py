"""Records of analysis datasets as tests read them: dates as ISO 8601 text, missing as None."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from ivig_cdisc import Summary
from ivig_cdisc.testing import records


def cells(summary: Summary, dataset: str, *columns: str, **where: Any) -> list[tuple[Any, ...]]:
    """These columns of the records whose values are those of `where`."""
    frame = summary.datasets[dataset]
    for column, value in where.items():
        frame = frame[frame[column].eq(value)]
    found = []
    for record in records(frame, *columns):
        found.append(tuple(_plain(value) for value in record))
    return found


def one(summary: Summary, dataset: str, *columns: str, **where: Any) -> Mapping[str, Any]:
    """The only such record, by column."""
    (record,) = cells(summary, dataset, *columns, **where)
    return dict(zip(columns, record, strict=True))


def _plain(value: Any) -> Any:
    if not isinstance(value, datetime):
        return value
    if (value.hour, value.minute) == (0, 0):
        return value.strftime("%Y-%m-%d")
    return value.strftime("%Y-%m-%dT%H:%M")
