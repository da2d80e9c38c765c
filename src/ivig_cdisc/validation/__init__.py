"""Finished datasets against their specs and rules: findings, and what was run. Data never change here."""

from .causes import causes, with_reasons
from .checks import CHECKS, words
from .examination import Examination, examine, merge, suites
from .rules import problems
from .undecided import undecided
from .waivers import waive
from .whole_study import candidates, told

__all__ = [
    "CHECKS",
    "Examination",
    "candidates",
    "causes",
    "examine",
    "merge",
    "problems",
    "suites",
    "told",
    "undecided",
    "waive",
    "with_reasons",
    "words",
]
