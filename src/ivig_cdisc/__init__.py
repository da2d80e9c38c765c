"""Raw clinical trial records to CDISC SDTM and ADaM, validated and traceable.

from ivig_cdisc import convert
summary = convert("raw", "out")
"""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .pipeline import Summary, convert
    from .preparation import prepare

__all__ = ["Summary", "__version__", "convert", "prepare"]
__version__ = version("ivig-cdisc")

_HOMES = {"Summary": "pipeline", "convert": "pipeline", "prepare": "preparation"}


def __getattr__(name: str) -> Any:
    """Import the flow, and pandas with it, when it is first asked for."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{_HOMES[name]}", __name__), name)
