"""Kaplan-Meier estimates as R's survival package gives them with conf.type = "log-log".

Where the survival is exactly 1 or 0 the log-log interval does not exist: its limits are NaN, as in
R.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]

QUARTILES = (0.25, 0.5, 0.75)
TOLERANCE = float(
    np.sqrt(np.finfo(float).eps)
)  # closer than this, the curve and the quantile are equal (R's value)


@dataclass(frozen=True)
class Curve:
    """One entry per distinct time, events and censored times alike."""

    time: Floats
    at_risk: Counts
    events: Counts
    censored: Counts
    survival: Floats
    lower: Floats
    upper: Floats


@dataclass(frozen=True)
class Quantile:
    """Time by which this share had the event; NaN: not reached."""

    probability: float
    estimate: float
    lower: float
    upper: float


@dataclass(frozen=True)
class Point:
    """The curve at one time."""

    time: float
    at_risk: int
    survival: float
    lower: float
    upper: float


def kaplan_meier(time: npt.ArrayLike, event: npt.ArrayLike, *, confidence: float = 0.95) -> Curve:
    """Product-limit estimate.

    `event` is true where it was seen, false where the time is censored.
    """
    from scipy.stats import CensoredData, ecdf

    times, events = _complete(time, event)
    estimate = ecdf(CensoredData.right_censored(times, ~events)).sf
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "The confidence interval is undefined", RuntimeWarning)
        limits = estimate.confidence_interval(confidence, method="log-log")
    distinct, where = np.unique(times, return_inverse=True)
    leaving, failing = np.bincount(where), np.bincount(where, weights=events).astype(np.int64)
    return Curve(
        time=distinct,
        at_risk=leaving[::-1].cumsum()[::-1],
        events=failing,
        censored=leaving - failing,
        survival=_levels(estimate),
        lower=_levels(limits.low),
        upper=_levels(limits.high),
    )


def quantiles(curve: Curve, probabilities: Sequence[float] = QUARTILES) -> tuple[Quantile, ...]:
    """Times at which the curve and its limits come down to 1 - p, by R's rule for flat stretches."""
    time = np.append(0.0, curve.time)
    falls = [np.append(0.0, 1 - level) for level in (curve.survival, curve.lower, curve.upper)]
    return tuple(Quantile(p, *(_crossing(time, fall, p) for fall in falls)) for p in probabilities)


def survival_at(curve: Curve, times: Sequence[float]) -> tuple[Point, ...]:
    """The curve at given times; NaN after the last follow-up, where nobody was watched."""
    return tuple(_point(curve, float(time)) for time in times)


def _complete(time: npt.ArrayLike, event: npt.ArrayLike) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """Times and events as arrays; anything missing, unequal in length or not yes/no raises."""
    times, flags = np.asarray(time, dtype=float), np.asarray(event, dtype=float)
    if times.ndim != 1 or times.shape != flags.shape or not times.size:
        raise ValueError("time and event must be columns of one length, with at least one subject")
    if not np.isfinite(times).all() or np.isnan(flags).any():
        raise ValueError("a time or an event is missing")
    if not np.isin(flags, (0, 1)).all():
        raise ValueError("event must be true or false")
    return times, flags.astype(bool)


def _levels(step_function: Any) -> Floats:
    return np.asarray(step_function.probabilities, dtype=np.float64)


def _crossing(time: Floats, fall: Floats, p: float) -> float:
    """First time at which `fall` reaches p.

    Where it stays at p exactly: midway to its next rise, or to the last time. The limits need not
    be monotone. Like R this takes the lowest level that reaches p, wherever it stands.
    """
    end = time[-1]
    _, first = np.unique(
        fall, return_index=True
    )  # a level's first time; censored times repeat a level
    keep = np.sort(first)
    time, fall = time[keep], fall[keep]
    reached = _lowest(time, fall, fall + TOLERANCE >= p)
    passed = end if abs(fall[-1] - p) < TOLERANCE else _lowest(time, fall, fall - TOLERANCE >= p)
    return (reached + passed) / 2


def _lowest(time: Floats, fall: Floats, where: npt.NDArray[np.bool_]) -> float:
    return float(time[where][np.argmin(fall[where])]) if where.any() else float("nan")


def _point(curve: Curve, time: float) -> Point:
    at_risk = int(curve.at_risk[curve.time >= time].max(initial=0))
    before = int(np.searchsorted(curve.time, time, side="right")) - 1
    if before < 0:
        return Point(time, at_risk, 1.0, 1.0, 1.0)
    if not at_risk:
        return Point(time, 0, *(float("nan"),) * 3)
    return Point(
        time,
        at_risk,
        *(float(level[before]) for level in (curve.survival, curve.lower, curve.upper)),
    )
