"""Raw clinical trial records to CDISC SDTM and ADaM, validated and traceable.

from ivig_cdisc import convert
summary = convert("raw", "out")
"""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .conversion import Summary, convert, prepare

__all__ = ["Summary", "__version__", "convert", "prepare"]
__version__ = version("ivig-cdisc")


def __getattr__(name: str) -> Any:
    """Import the flow, and pandas with it, when it is first asked for."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from . import conversion

    return getattr(conversion, name)
