"""The kernel: runs the wiring of any dataset and knows no domain."""

from . import lineage
from .calls import deciding
from .plan import Plan, bind
from .run import carry_out, run

__all__ = ["Plan", "bind", "carry_out", "deciding", "lineage", "run"]
