"""Raw clinical trial records to CDISC SDTM and ADaM, validated and traceable.

from ivig_cdisc import convert
summary = convert("raw", "out")
summary.datasets["ADSL"]
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from . import testing
    from .comparison import Comparison, compare
    from .comparison.outputs import Difference, diff
    from .errors import CdiscError, DerivationError, ExportError, Problem, RawError, SpecError
    from .lineage.tree import Node
    from .metadata import Study
    from .narrative import PatientNarrative, explain
    from .pipeline import Step, Summary, convert, validate
    from .preparation import PreparedStudy, load_study
    from .tracing import trace

    __version__: str

__all__ = [
    "CdiscError",
    "Comparison",
    "DerivationError",
    "Difference",
    "ExportError",
    "Node",
    "PatientNarrative",
    "PreparedStudy",
    "Problem",
    "RawError",
    "SpecError",
    "Step",
    "Study",
    "Summary",
    "__version__",
    "compare",
    "convert",
    "diff",
    "explain",
    "load_study",
    "testing",
    "trace",
    "validate",
]
_HOMES = {
    "comparison": ("Comparison", "compare"),
    "comparison.outputs": ("Difference", "diff"),
    "errors": ("CdiscError", "DerivationError", "ExportError", "Problem", "RawError", "SpecError"),
    "lineage.tree": ("Node",),
    "metadata": ("Study",),
    "narrative": ("PatientNarrative", "explain"),
    "pipeline": ("Step", "Summary", "convert", "validate"),
    "preparation": ("PreparedStudy", "load_study"),
    "tracing": ("trace",),
}
_HOME = {name: home for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    """Import what a name needs, and pandas with it, when the name is first asked for."""
    if name == "__version__":
        return import_module("importlib.metadata").version("ivig-cdisc")
    if name == "testing":
        return import_module(".testing", __name__)
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{_HOME[name]}", __name__), name)


def __dir__() -> list[str]:
    return sorted(__all__)
