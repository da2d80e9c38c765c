"""Dates of reduced precision: every form that SDTMIG 3.4 knows, and what they are completed to."""

from __future__ import annotations

import datetime
from typing import Any

import pandas as pd
from hypothesis import strategies as st

FORMS = (
    "2024",
    "2024-03",
    "2024---15",
    "2024-03-05",
    "2024-03-05T08",
    "2024-03-05T08:30",
    "2024-03-05T08:30:15",
    "2024-03-05T08:30:15.5",
    "2024-03-05T-:30",
    "2024-03-05T08:-:15",
    "2024-03--T08:00",
    "2024----T08:00",
    "2024---15T08:00",
    "--03",
    "--03-15",
    "----15",
    "--03-15T08:00",
    "-----T08:00",
    "2024-03-05T08:30Z",
    "2024-03-05T08:30+01:00",
    "2024-03-05T08:30-05",
)
NO_DATES = (
    "",
    "-",
    "-----",
    "2024-",
    "2024-03--",  # unknown parts at the end are left out
    "2024-03-05T",
    "2024-03-05T08:-",
    "2024-03T08:00",  # a time needs the place of the day
    "2024-03-05 08:30",
    "2024-03-05t08:30",
    "2024-3-5",
    "24-03-05",
    "05-03-2024",
    "20240305",
    "2024-03-05\n",
    " 2024",
    "\u0662\u0660\u0662\u0664",  # digits of another script
    "\uff12\uff10\uff12\uff14",
    "0000",
    "2024-13",
    "2024-00",
    "2020-02-60",
    "2023-02-29",
    "1900-02-29",
    "2024-04-31",
    "2024---32",
    "--02-30",
    "--13-01",
    "2024-03-05T24:00",
    "2024-03-05T08:60",
    "2024-03-05T08:30:60",
    "2024-03-05Z",
    "2024-03-05T-:30Z",
    "2024-03-05T08:30+15:00",
    "2024-03-05T08:30+01:60",
    "2024-03-05T08:30+1",
    "2024-01-01/2024-02-01",  # an interval
    "P3D",  # a duration
    "2024-W10",
    "2024-065",
)


def text(*values: str | None) -> pd.Series:
    return pd.Series(values, dtype="str")


def values(column: pd.Series) -> list[Any]:
    return [None if pd.isna(value) else value for value in column.tolist()]


@st.composite
def completed(draw: st.DrawFn) -> tuple[str, str]:
    """A date or time with parts left out, and a complete one that it may stand for."""
    day = draw(st.dates(datetime.date(2023, 11, 1), datetime.date(2024, 4, 30)))
    time = draw(st.none() | st.times())
    known = [draw(st.booleans()) for _ in range(2)]
    month = f"{day:%m}" if known[0] else "-"
    of_month = f"{day:%d}" if known[1] else "-"
    date = f"{day:%Y}-{month}-{of_month}"
    if time is None:
        return date.rstrip("-"), f"{day:%Y-%m-%d}"
    return f"{date}T{time:%H:%M}", f"{day:%Y-%m-%d}T{time:%H:%M}"
