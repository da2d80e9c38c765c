"""Where cells come from: one walk from any cell back to the raw cells, each with the reason why.

inputs     what every column is made of and what decides about records, off the wiring
Lineage    that, with the edges and values of datasets
ancestors  all raw cells that cells were made of
locate     the one raw cell to look at
walk       every cell on the way
OnDemand   datasets and edges that are read when they are first asked for
"""

from .on_demand import OnDemand
from .origins import RECORD, Inputs
from .walk import LINK, Follow, Lineage, ancestors, locate, walk
from .wiring import inputs

__all__ = [
    "LINK",
    "RECORD",
    "Follow",
    "Inputs",
    "Lineage",
    "OnDemand",
    "ancestors",
    "inputs",
    "locate",
    "walk",
]
