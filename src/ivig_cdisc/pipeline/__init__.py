"""The whole flow, from raw export to a finished output folder; only here and in `cli` are all rooms named."""

from .conversion import Progress, Summary, convert
from .revalidation import revalidate

__all__ = ["Progress", "Summary", "convert", "revalidate"]
