"""The whole flow, from raw export to output folder; only here and in `cli` are all rooms named."""

from .conversion import convert
from .progress import Progress, Step
from .revalidation import validate
from .summary import Summary

__all__ = ["Progress", "Step", "Summary", "convert", "validate"]
