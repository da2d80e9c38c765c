"""Scores of published instruments.

Pure functions as all derivations, and all that knows the instrument.
"""

from . import tis

MODULES = (tis,)

__all__ = ["MODULES"]
