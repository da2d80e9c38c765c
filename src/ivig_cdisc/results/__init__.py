"""Statistics over finished analysis datasets: pure functions, numbers in, numbers out."""

from .primary import Line, primary
from .proportion import Proportion, proportion
from .survival import Curve, Point, Quantile, kaplan_meier, quantiles, survival_at

__all__ = [
    "Curve",
    "Line",
    "Point",
    "Proportion",
    "Quantile",
    "kaplan_meier",
    "primary",
    "proportion",
    "quantiles",
    "survival_at",
]
