"""Derivations: pure functions over columns, whose signature declares what YAML wires.

Series in, Series out, same index. Parameters annotated as a column (`Text`, `Number`, `Date`,
`Alike` of kinds, or pd.Series) are wired by `from:`, all others are constants (`with:`), checked
against their type before data are read. The first sentence of a docstring is the method text that a
reviewer reads.
"""

from collections.abc import Callable
from types import MappingProxyType

import pandas as pd

from . import dates, findings, flags, keys, numbers, terms, units, visits
from .instruments import MODULES as INSTRUMENTS

_MODULES = (terms, dates, numbers, keys, visits, flags, findings, units, *INSTRUMENTS)
FUNCTIONS: MappingProxyType[str, Callable[..., pd.Series]] = MappingProxyType(
    {name: getattr(module, name) for module in _MODULES for name in module.__all__}
)

__all__ = ["FUNCTIONS"]
