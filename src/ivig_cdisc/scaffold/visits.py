"""The order of visits by the days on which they took place, and the last day of all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

import pandas as pd

from ..iso8601 import complete_date
from ..raw.dates import Unknown, date_reader
from .column_types import FEW, Kind
from .sample import Sheet
from .targets import Target

_UNPLANNED = r"(?i)^uns"


class Dated(Protocol):
    """What is needed of a form."""

    @property
    def domain(self) -> str: ...

    @property
    def sheet(self) -> Sheet: ...

    @property
    def kinds(self) -> Mapping[str, Kind]: ...

    @property
    def targets(self) -> Mapping[str, Target]: ...

    def column(self, variable: str, *, time: bool = False) -> str: ...


def numbers(forms: Iterable[Dated], subject: str, unknown: Unknown) -> dict[str, str]:
    """A number for each planned visit, by its usual day since the subject's first; visits without a date come last.

    Nothing where there are too many visits for a list, or a column has their numbers.
    """
    seen = [frame for form in forms if (frame := _visited(form, subject, unknown)) is not None]
    if not seen:
        return {}
    whole = pd.concat(seen, ignore_index=True)
    whole["day"] -= whole.groupby("subject")["day"].transform("min")
    usual = whole[~whole["visit"].str.contains(_UNPLANNED)].groupby("visit")["day"].median()
    if len(usual) > FEW:
        return {}
    ordered = usual.reset_index().sort_values(["day", "visit"], na_position="last")["visit"]
    return {str(visit): str(n) for n, visit in enumerate(ordered, 1)}


def _visited(form: Dated, subject: str, unknown: Unknown) -> pd.DataFrame | None:
    """Subject, visit and day of each record of a form with visits."""
    visit = form.column("VISIT")
    if not visit or form.column("VISITNUM") or form.kinds[visit].type != "code":
        return None
    date = next((c for v in ("DTC", "STDTC") if (c := form.column(f"{form.domain}{v}"))), "")
    frame = form.sheet.frame
    days = _days(form, date, unknown) if date else pd.Series(float("nan"), index=frame.index)
    return pd.DataFrame({"subject": frame[subject], "visit": frame[visit], "day": days}).dropna(
        subset=["visit"]
    )


def last_day(forms: Iterable[Dated], unknown: Unknown) -> str:
    """The last complete date in the export, births left out; empty text if there is none."""
    days = [pd.Series(dtype="datetime64[s]")]
    for form in forms:
        for column, kind in form.kinds.items():
            target = form.targets.get(column)
            if kind.type == "date" and not (target and target.variable == "BRTHDTC"):
                days.append(_complete(kind, unknown))
    last = pd.concat(days).max()
    return "" if pd.isna(last) else f"{last:%Y-%m-%d}"


def _days(form: Dated, column: str, unknown: Unknown) -> pd.Series:
    """Each date as a number of days; missing where it is not complete."""
    days = _complete(form.kinds[column], unknown).astype("int64") / 86_400
    return form.sheet.frame[column].map(days)


def _complete(kind: Kind, unknown: Unknown) -> pd.Series:
    """The calendar date of each distinct text that is a complete date (datetime64[s]), by the text."""
    if kind.format is None:
        return pd.Series(dtype="datetime64[s]")
    read = date_reader(kind.format.formats, unknown)
    iso = {text: date.iso for text in kind.counts.index if (date := read(text))}
    return complete_date(pd.Series(iso, dtype="str")).dropna()
