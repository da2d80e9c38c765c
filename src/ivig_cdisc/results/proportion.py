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
    """Share of responders with its two-sided Clopper-Pearson interval."""
    from scipy.stats import binomtest

    if not 0 <= responders <= subjects or subjects == 0:
        raise ValueError(f"{responders} responders among {subjects} subjects is not a proportion")
    interval = binomtest(responders, subjects).proportion_ci(confidence, method="exact")
    return Proportion(
        responders, subjects, responders / subjects, float(interval.low), float(interval.high)
    )
