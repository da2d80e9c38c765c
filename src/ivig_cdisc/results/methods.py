"""The methods that results/*.yaml can name, and how each result reads."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from types import MappingProxyType

import pandas as pd

from ..text import number_text
from .proportion import proportion as exact_proportion
from .survival import kaplan_meier, quantiles

INTERVAL = "95 % CI"
NAN = float("nan")


@dataclass(frozen=True)
class Estimate:
    """What came out: how it reads, and its numbers.

    NaN where there is none or it is not reached.
    """

    text: str
    count: int
    total: int
    estimate: float = NAN
    lower: float = NAN
    upper: float = NAN


@dataclass(frozen=True)
class Sample:
    """What a method is given.

    subjects  the subjects of the set
    records   subject, event (true or false) and value of each record of these subjects
    """

    subjects: pd.Series
    records: pd.DataFrame

    @property
    def with_event(self) -> int:
        """How many subjects have an event."""
        having = self.records.loc[self.records["event"], "subject"]
        return int(having.nunique())


def share(sample: Sample) -> Estimate:
    """How many subjects of the set have an event.

    Who has no record stays in the denominator: the set decides, not the records.
    """
    count, total = sample.with_event, len(sample.subjects)
    estimate = NAN
    if total:
        estimate = count / total
    return Estimate(f"{count}/{total}", count, total, estimate)


def proportion(sample: Sample) -> Estimate:
    """Percentage of the subjects who have an event, with its exact 95 % confidence interval.

    Who has no record stays in the denominator: the set decides, not the records.

    Source: Clopper CJ, Pearson ES. Biometrika 1934;26:404-413.
    """
    count, total = sample.with_event, len(sample.subjects)
    if not total:
        return share(sample)
    found = exact_proportion(count, total)
    interval = f"{INTERVAL} {_percent(found.lower)} to {_percent(found.upper)}"
    text = f"{count}/{total} = {_percent(found.estimate)} % ({interval})"
    return Estimate(text, count, total, found.estimate, found.lower, found.upper)


def survival(sample: Sample) -> Estimate:
    """Kaplan-Meier median of the time in days, with its 95 % confidence limits by log-log.

    Records without a time are left out, and told.

    Source: Kaplan EL, Meier P. J Am Stat Assoc 1958;53:457-481; Brookmeyer R, Crowley J. Biometrics
    1982;38:29-41.
    """
    known = sample.records[sample.records["value"].notna()]
    events, total = int(known["event"].sum()), len(known)
    if not total:
        return Estimate("no subjects", 0, 0)
    (median,) = quantiles(kaplan_meier(known["value"], known["event"]), [0.5])
    interval = f"{INTERVAL} {_days(median.lower)} to {_days(median.upper)}"
    left_out = ""
    if timeless := len(sample.records) - total:
        left_out = f"; {timeless} without a time"
    text = f"{_days(median.estimate)} ({interval}; {events}/{total} events{left_out})"
    return Estimate(text, events, total, median.estimate, median.lower, median.upper)


METHODS: MappingProxyType[str, Callable[[Sample], Estimate]] = MappingProxyType(
    {"share": share, "proportion": proportion, "survival": survival}
)
WITH_VALUE = frozenset({"survival"})  # methods of a value, and not of events alone


def _percent(fraction: float) -> str:
    """Percent with one decimal, halves away from zero as in SAS: 1/16 is 6.3."""
    exact = Decimal(str(round(100 * fraction, 9)))
    return str(exact.quantize(Decimal("0.1"), ROUND_HALF_UP))


def _days(time: float) -> str:
    if math.isnan(time):
        return "not reached"
    return f"{number_text(time)} days"
