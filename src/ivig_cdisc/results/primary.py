"""What the closing summary of a conversion says about the primary outcome, read off the finished datasets."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

import pandas as pd

from ..text import number_text
from .proportion import proportion
from .survival import kaplan_meier, quantiles

INTERVAL = "95 % CI"
NAN = float("nan")


@dataclass(frozen=True)
class Line:
    """One result: what it is, how it reads, and its numbers; NaN where a number does not exist or is not reached."""

    id: str
    label: str
    text: str
    count: int
    total: int
    estimate: float = NAN
    lower: float = NAN
    upper: float = NAN


def primary(adsl: pd.DataFrame, adtis: pd.DataFrame, adtte: pd.DataFrame) -> list[Line]:
    """Size of the efficacy set, responders, time to moderate improvement, and subjects rescued."""
    members = adsl[adsl["EFFFL"].eq("Y")]
    subjects = members["USUBJID"].astype(object)
    return [
        _share(
            "EFFFL",
            "Efficacy set, of those treated",
            len(members),
            int(adsl["SAFFL"].eq("Y").sum()),
        ),
        _responders("RESP40", "Responders (TIS >= 40) at Week 9", adtis, subjects),
        _responders("RESPBY40", "Responders (TIS >= 40) by Week 9", adtis, subjects),
        _median("TTMOD", "Median time to moderate improvement", adtte, subjects),
        _share(
            "RESCFL",
            "Rescued, of the efficacy set",
            int(members["RESCFL"].eq("Y").sum()),
            len(members),
        ),
    ]


def _share(id: str, label: str, count: int, total: int) -> Line:
    return Line(id, label, f"{count}/{total}", count, total, count / total if total else NAN)


def _responders(id: str, label: str, adtis: pd.DataFrame, subjects: pd.Series) -> Line:
    """Whoever has no record of the parameter stays in the denominator: the set decides, not the records."""
    records = _records(id, adtis, subjects)
    count, total = records.loc[records["AVAL"].eq(1), "USUBJID"].nunique(), len(subjects)
    if not total:
        return _share(id, label, 0, 0)
    share = proportion(count, total)
    interval = f"{INTERVAL} {_percent(share.lower)} to {_percent(share.upper)}"
    text = f"{count}/{total} = {_percent(share.estimate)} % ({interval})"
    return Line(id, label, text, count, total, share.estimate, share.lower, share.upper)


def _median(id: str, label: str, adtte: pd.DataFrame, subjects: pd.Series) -> Line:
    records = _records(id, adtte, subjects)
    events, total = int(records["CNSR"].eq(0).sum()), len(records)
    if not total:
        return Line(id, label, "no subjects", 0, 0)
    (median,) = quantiles(kaplan_meier(records["AVAL"], records["CNSR"].eq(0)), [0.5])
    interval = f"{INTERVAL} {_days(median.lower)} to {_days(median.upper)}"
    text = f"{_days(median.estimate)} ({interval}; {events}/{total} events)"
    return Line(id, label, text, events, total, median.estimate, median.lower, median.upper)


def _records(parameter: str, frame: pd.DataFrame, subjects: pd.Series) -> pd.DataFrame:
    return frame[frame["PARAMCD"].eq(parameter) & frame["USUBJID"].astype(object).isin(subjects)]


def _percent(share: float) -> str:
    """Percent with one decimal, halves away from zero as in SAS and as statisticians expect: 1/16 is 6.3."""
    return str(Decimal(str(round(100 * share, 9))).quantize(Decimal("0.1"), ROUND_HALF_UP))


def _days(time: float) -> str:
    return "not reached" if math.isnan(time) else f"{number_text(time)} days"
