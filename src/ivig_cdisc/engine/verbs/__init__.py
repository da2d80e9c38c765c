"""The row verbs: the only code that adds, drops or changes rows, and that makes edges.

Each takes rows and a step of the spec and returns rows. Every source record is accounted for: it
has an edge, or the step says why not (it did not fit `where`, was empty in a melt, was not the
first).
"""

from .steps import apply, start

__all__ = ["apply", "start"]
