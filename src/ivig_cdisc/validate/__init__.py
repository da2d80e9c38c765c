"""Finished datasets against their specs and rules: findings, what was run, and the report. Data never change here."""

from .answers import Answers, answer, earlier, read_answers
from .causes import causes, with_reasons
from .checks import CHECKS, words
from .examine import Examination, examine, merge, suites
from .ledger import LEDGER, nothing
from .overview import answered, severities, waived
from .queries import write_queries
from .report import Summary, write_findings, write_report
from .rules import problems
from .undecided import undecided
from .waivers import waive
from .whole_study import candidates, told

__all__ = [
    "CHECKS",
    "LEDGER",
    "Answers",
    "Examination",
    "Summary",
    "answer",
    "answered",
    "candidates",
    "causes",
    "earlier",
    "examine",
    "merge",
    "nothing",
    "problems",
    "read_answers",
    "severities",
    "suites",
    "told",
    "undecided",
    "waive",
    "waived",
    "with_reasons",
    "words",
    "write_findings",
    "write_queries",
    "write_report",
]
