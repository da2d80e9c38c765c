"""CPU seconds of the derivations that read dates: python benchmarks/dates.py [ROWS]."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

import numpy as np
import pandas as pd

from ivig_cdisc.derive.dates import iso8601, study_day
from ivig_cdisc.derive.flags import is_after

TIMES = 5


def columns(rows: int) -> dict[str, pd.Series]:
    """Dates of four years, every fiftieth without its day; times; references of 2,000 subjects."""
    draw = np.random.default_rng(6160)
    calendar = pd.Series(np.datetime64("2018-01-01") + draw.integers(0, 1461, rows))
    days = calendar.dt.strftime("%Y-%m-%d").astype("str")
    minutes = draw.integers(0, 24 * 60, rows)
    clock = np.array([f"{minute // 60:02}:{minute % 60:02}" for minute in range(24 * 60)])
    date = days.where(np.arange(rows) % 50 > 0, days.str.slice(0, 7))
    times = pd.Series(clock[minutes], dtype="str")
    of_subject = days.iloc[draw.integers(0, min(rows, 2_000), rows)]
    reference = of_subject.reset_index(drop=True) + "T09:30"
    return {"date": date, "time": times, "moment": iso8601(date, times), "reference": reference}


def cpu(function: Callable[[], object]) -> float:
    """The least of some runs."""
    seconds = []
    for _ in range(TIMES):
        began = time.process_time()
        function()
        seconds.append(time.process_time() - began)
    return min(seconds)


def main(rows: int = 1_000_000) -> None:
    """One line per derivation."""
    of = columns(rows)
    for title, function in (
        ("iso8601 of date and time", lambda: iso8601(of["date"], of["time"])),
        ("study_day", lambda: study_day(of["moment"], of["reference"])),
        ("is_after", lambda: is_after(of["moment"], of["reference"])),
    ):
        print(f"{title:<30}{cpu(function):>8.2f} s CPU for {rows:,} rows", flush=True)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
