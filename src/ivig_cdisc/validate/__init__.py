"""Finished datasets against their specs and rules: findings, what was run, and the report. Data never change here."""

from .checks import CHECKS, words
from .examine import Examination, examine, merge, suites, validate
from .report import Summary, write_findings, write_report
from .rules import problems

__all__ = [
    "CHECKS",
    "Examination",
    "Summary",
    "examine",
    "merge",
    "problems",
    "suites",
    "validate",
    "words",
    "write_findings",
    "write_report",
]
