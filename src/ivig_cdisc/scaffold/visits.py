"""The order of visits by the days on which they took place, and the last day of all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

import pandas as pd

from ..iso8601 import complete_date
from ..raw.dates import Unknown, date_reader
from .column_types import FEW, ColumnType
from .sample import SampledFile
from .targets import Target

_UNPLANNED = r"(?i)^uns"


class Dated(Protocol):
    """What is needed of a form."""

    @property
    def domain(self) -> str: ...

    @property
    def sampled(self) -> SampledFile: ...

    @property
    def types(self) -> Mapping[str, ColumnType]: ...

    @property
    def targets(self) -> Mapping[str, Target]: ...

    def column(self, variable: str, *, time: bool = False) -> str: ...


def numbers(forms: Iterable[Dated], subject: str, unknown: Unknown) -> dict[str, str]:
    """A number for each planned visit, by its usual day since the subject's first.

    Args:
        forms: of the export.
        subject: the column that names the subject.
        unknown: what stands in dates for a part that is not known.

    Returns:
        Visit: number; visits without a date come last. Nothing where there are too many visits for
        a list, or a column has their numbers.
    """
    seen = [_visited(form, subject, unknown) for form in forms if _has_visits(form)]
    if not seen:
        return {}
    whole = pd.concat(seen, ignore_index=True)
    whole["day"] -= whole.groupby("subject")["day"].transform("min")
    usual = whole[~whole["visit"].str.contains(_UNPLANNED)].groupby("visit")["day"].median()
    if len(usual) > FEW:
        return {}
    ordered = usual.reset_index().sort_values(["day", "visit"], na_position="last")["visit"]
    return {str(visit): str(number) for number, visit in enumerate(ordered, 1)}


def _has_visits(form: Dated) -> bool:
    """Whether a form names visits and does not number them."""
    visit = form.column("VISIT")
    if not visit or form.column("VISITNUM"):
        return False
    return form.types[visit].name == "code"


def _visited(form: Dated, subject: str, unknown: Unknown) -> pd.DataFrame:
    """Subject, visit and day of each record of a form with visits."""
    frame = form.sampled.frame
    date = form.column(f"{form.domain}DTC") or form.column(f"{form.domain}STDTC")
    days = pd.Series(float("nan"), index=frame.index)
    if date:
        days = _days(form, date, unknown)
    visit = frame[form.column("VISIT")]
    visited = pd.DataFrame({"subject": frame[subject], "visit": visit, "day": days})
    return visited.dropna(subset=["visit"])


def last_day(forms: Iterable[Dated], unknown: Unknown) -> str:
    """The last complete date in the export, births left out; empty text if there is none."""
    days = [pd.Series(dtype="datetime64[s]")]
    for form in forms:
        births = {name for name, target in form.targets.items() if target.variable == "BRTHDTC"}
        for column, column_type in form.types.items():
            if column_type.name == "date" and column not in births:
                days.append(_complete(column_type, unknown))
    last = pd.concat(days).max()
    return "" if pd.isna(last) else f"{last:%Y-%m-%d}"


def _days(form: Dated, column: str, unknown: Unknown) -> pd.Series:
    """Each date as a number of days; missing where it is not complete."""
    days = _complete(form.types[column], unknown).astype("int64") / 86_400
    return form.sampled.frame[column].map(days)


def _complete(column_type: ColumnType, unknown: Unknown) -> pd.Series:
    """The calendar date (datetime64[s]) of each distinct text that is a complete one, by text."""
    if column_type.format is None:
        return pd.Series(dtype="datetime64[s]")
    read = date_reader(column_type.format.formats, unknown)
    iso: dict[str, str] = {}
    for text in column_type.counts.index:
        date = read(text)
        if date:
            iso[text] = date.iso
    return complete_date(pd.Series(iso, dtype="str")).dropna()
