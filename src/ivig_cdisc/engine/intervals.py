"""Dates of ISO 8601 text in intervals of such text, each compared as far as both are known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..iso8601 import Moments, moments, precedes

Places = npt.NDArray[np.int64]
Holds = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Intervals:
    """Dates on one side, and intervals on the other, each read once.

    date   of a record; one that is not known to the day is in no interval
    start  of an interval; one that is missing, or not a date with a year, holds nothing
    end    of an interval; one that is missing, or not a date with a year, is open

    A date is in an interval where it is not certainly before its start, nor certainly after its
    end. So a day without a time is in each interval that has a part of that day, and both ends are
    included.

    Source: SDTMIG 3.4, 4.4.2 (times that are not known), 5.3 (SE: an element ends where the next
    one starts).
    """

    date: Moments
    start: Moments
    end: Moments

    @classmethod
    def of(cls, date: pd.Series, start: pd.Series, end: pd.Series) -> Intervals:
        """Read ISO 8601 text.

        Args:
            date: of the records of the left table.
            start, end: of those of the right table.
        """
        return cls(moments(date), moments(start), moments(end))

    def hold(self, i: Places, j: Places) -> Holds:
        """Whether the date is in the interval, of each pair.

        Args:
            i: positions of records of the left table.
            j: as many, of the right table.
        """
        known = ~np.isnat(self.date.day) & ~np.isnat(self.date.first)
        starts = ~np.isnat(self.start.first)
        date, start, end = _at(self.date, i), _at(self.start, j), _at(self.end, j)
        outside = precedes(date, start) | precedes(end, date)
        return np.asarray(known[i] & starts[j] & ~outside)


def _at(known: Moments, places: Places) -> Moments:
    """What is known at these places."""
    chosen: list[npt.NDArray[Any]] = []
    for column in known:
        chosen.append(column[places])
    return Moments(*chosen)
