"""What people read of an examination.

Its page, the findings for programs, the queries for sites, their answers.
"""

from .answers import Answers, answer, earlier, read_answers
from .findings_page import Summary, write_findings, write_report
from .overview import answered, counted, severities, waived
from .queries import write_queries

__all__ = [
    "Answers",
    "Summary",
    "answer",
    "answered",
    "counted",
    "earlier",
    "read_answers",
    "severities",
    "waived",
    "write_findings",
    "write_queries",
    "write_report",
]
