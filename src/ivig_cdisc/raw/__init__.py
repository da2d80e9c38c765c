"""The raw export: read as collected, brought to canonical text, checked, and cut by subject."""

from .exports import LEDGER, Raw, read, with_subjects
from .partitions import partition
from .recognise import Fit, recognise
from .verbatim import add_verbatim

__all__ = [
    "LEDGER",
    "Fit",
    "Raw",
    "add_verbatim",
    "partition",
    "read",
    "recognise",
    "with_subjects",
]
