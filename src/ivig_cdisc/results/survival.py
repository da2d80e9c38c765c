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
# closer than this, the curve and the quantile are equal (R's value)
TOLERANCE = float(np.sqrt(np.finfo(float).eps))
NAN = float("nan")


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
    """Product-limit estimate of survival, with its log-log confidence limits.

    Args:
        time: of each subject, to the event or to the end of follow-up; none may be missing.
        event: true where it was seen, false where the time is censored.
        confidence: of the limits, from 0 to 1.

    Returns:
        The curve. Its limits are NaN where survival is exactly 1 or 0.

    Raises:
        ValueError: a time or event is missing, there is no subject, or the two differ in length.

    Source: Kaplan EL, Meier P. J Am Stat Assoc 1958;53:457-481.
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
    """Times at which the curve and its limits come down to 1 - p.

    A flat stretch at 1 - p counts to its middle, as in R.

    Args:
        curve: a Kaplan-Meier curve.
        probabilities: shares of subjects, from 0 to 1.

    Returns:
        One quantile for each of these; NaN where the curve or limit does not come down so far.
    """
    found = []
    for p in probabilities:
        estimate = _time_of_fall(curve, curve.survival, p)
        lower = _time_of_fall(curve, curve.lower, p)
        upper = _time_of_fall(curve, curve.upper, p)
        found.append(Quantile(p, estimate, lower, upper))
    return tuple(found)


def survival_at(curve: Curve, times: Sequence[float]) -> tuple[Point, ...]:
    """The curve at given times.

    Args:
        curve: a Kaplan-Meier curve.
        times: in its unit.

    Returns:
        One point for each time; NaN after the last follow-up, where nobody was watched.
    """
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


def _time_of_fall(curve: Curve, level: Floats, p: float) -> float:
    """Time at which one line of the curve, that begins with 1 at time 0, has fallen by p."""
    return _crossing(np.append(0.0, curve.time), np.append(0.0, 1 - level), p)


def _crossing(time: Floats, fall: Floats, p: float) -> float:
    """First time at which `fall` reaches p.

    Where it stays at p exactly: midway to its next rise, or to the last time. The limits need not
    be monotone. Like R this takes the lowest level that reaches p, wherever it stands.
    """
    end = float(time[-1])
    # the first time of each level, which censored times repeat
    _, first = np.unique(fall, return_index=True)
    keep = np.sort(first)
    time, fall = time[keep], fall[keep]
    reached = _lowest(time, fall, fall + TOLERANCE >= p)
    if abs(fall[-1] - p) < TOLERANCE:
        return (reached + end) / 2
    passed = _lowest(time, fall, fall - TOLERANCE >= p)
    return (reached + passed) / 2


def _lowest(time: Floats, fall: Floats, where: npt.NDArray[np.bool_]) -> float:
    """The time of the lowest of these levels; NaN where there are none."""
    if not where.any():
        return NAN
    return float(time[where][np.argmin(fall[where])])


def _point(curve: Curve, time: float) -> Point:
    at_risk = int(curve.at_risk[curve.time >= time].max(initial=0))
    before = int(np.searchsorted(curve.time, time, side="right")) - 1
    if before < 0:
        return Point(time, at_risk, 1.0, 1.0, 1.0)
    if not at_risk:
        return Point(time, 0, NAN, NAN, NAN)
    survival, lower, upper = curve.survival[before], curve.lower[before], curve.upper[before]
    return Point(time, at_risk, float(survival), float(lower), float(upper))
