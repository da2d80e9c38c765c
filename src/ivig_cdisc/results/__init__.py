"""Statistics over finished analysis datasets: numbers in, numbers out; and the closing summary."""

from .check import problems
from .methods import METHODS
from .proportion import Proportion, proportion
from .summary import Kept, Line, kept, lines
from .survival import Curve, Point, Quantile, kaplan_meier, quantiles, survival_at

__all__ = [
    "METHODS",
    "Curve",
    "Kept",
    "Line",
    "Point",
    "Proportion",
    "Quantile",
    "kaplan_meier",
    "kept",
    "lines",
    "problems",
    "proportion",
    "quantiles",
    "survival_at",
]
