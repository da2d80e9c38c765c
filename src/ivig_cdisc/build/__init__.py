"""The kernel: runs the wiring of any dataset and knows no domain."""

from . import lineage
from .plan import Plan, bind
from .run import run

__all__ = ["Plan", "bind", "lineage", "run"]
