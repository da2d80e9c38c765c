"""Finished datasets against their specs and rules: findings, and what was run. No data change."""

from .calculations import CALCULATION, left_out, undefined
from .causes import causes, with_reasons
from .checks import CHECKS, words
from .execution import ValidationRun, merge, run
from .rules import problems
from .suites import load_suite, suites
from .undecided import undecided
from .waivers import waive
from .whole_study import across_subjects, candidates

__all__ = [
    "CALCULATION",
    "CHECKS",
    "ValidationRun",
    "across_subjects",
    "candidates",
    "causes",
    "left_out",
    "load_suite",
    "merge",
    "problems",
    "run",
    "suites",
    "undecided",
    "undefined",
    "waive",
    "with_reasons",
    "words",
]
