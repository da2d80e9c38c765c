"""A responder proportion with its exact confidence interval."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Proportion:
    """Responders among subjects; the interval is two-sided Clopper-Pearson."""

    responders: int
    subjects: int
    estimate: float
    lower: float
    upper: float


def proportion(responders: int, subjects: int, *, confidence: float = 0.95) -> Proportion:
    """Share of responders with its two-sided Clopper-Pearson interval.

    Args:
        responders: how many there are.
        subjects: among how many.
        confidence: of the interval, from 0 to 1.

    Returns:
        The share and the limits of its interval, from 0 to 1.

    Raises:
        ValueError: there are no subjects, or more responders than subjects.

    Source: Clopper CJ, Pearson ES. Biometrika 1934;26:404-413.
    """
    from scipy.stats import binomtest

    if not 0 <= responders <= subjects or subjects == 0:
        raise ValueError(f"{responders} responders among {subjects} subjects is not a proportion")
    interval = binomtest(responders, subjects).proportion_ci(confidence, method="exact")
    share = responders / subjects
    return Proportion(responders, subjects, share, float(interval.low), float(interval.high))
