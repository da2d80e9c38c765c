"""The raw export: read as collected, brought to canonical text, checked, and cut by subject."""

from .exports import LEDGER, Raw, read
from .parts import partition
from .typed import with_verbatim

__all__ = ["LEDGER", "Raw", "partition", "read", "with_verbatim"]
