"""Runs the wiring of any dataset, and knows no domain."""

from . import row_parents
from .bind import bind
from .calls import across, deciding
from .plan import Plan
from .run import carry_out, run

__all__ = ["Plan", "across", "bind", "carry_out", "deciding", "row_parents", "run"]
