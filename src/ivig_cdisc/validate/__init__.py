"""Finished datasets against their specs and rules: findings, what was run, and the report. Data never change here."""

from .causes import causes
from .checks import CHECKS, words
from .examine import Examination, examine, merge, suites
from .ledger import LEDGER
from .overview import severities
from .queries import write_queries
from .report import Summary, write_findings, write_report
from .rules import problems
from .waivers import waive
from .whole_study import candidates, told

__all__ = [
    "CHECKS",
    "LEDGER",
    "Examination",
    "Summary",
    "candidates",
    "causes",
    "examine",
    "merge",
    "problems",
    "severities",
    "suites",
    "told",
    "waive",
    "words",
    "write_findings",
    "write_queries",
    "write_report",
]
