"""The raw export: read as collected, brought to canonical text, checked, and cut by subject."""

from .exports import LEDGER, Raw, read
from .parts import partition
from .recognise import Fit, recognise
from .typed import with_verbatim

__all__ = ["LEDGER", "Fit", "Raw", "partition", "read", "recognise", "with_verbatim"]
