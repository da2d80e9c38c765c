"""What a conversion made, as the terminal shows it."""

from __future__ import annotations

from collections.abc import Iterator

from ..pipeline import Summary
from ..report import answered, severities, waived
from ..terminal import Block, Fact, Heading, Table

SLOWEST = 10  # rules


def blocks(summary: Summary) -> Iterator[Block]:
    """The datasets, the results, how many findings, and where the report is."""
    study = summary.study
    yield ""
    yield Heading(f"{study.id}: {study.title}")
    yield ""
    rows = []
    for name, records in summary.rows.items():
        rows.append((name, str(records), study.dataset(name).label))
    yield Table(("dataset", "records", "holds"), rows, numbers=frozenset({"records"}))
    yield ""
    for line in summary.results:
        yield Fact(line.label, line.text)
    yield ""
    yield f"Findings: {_findings(summary)}"
    if gone := len(summary.earlier):
        yield f"Answers:  {gone} to findings that are gone; they are kept in findings.xlsx"
    yield f"Report:   {summary.out / 'validation' / 'report.html'}"


def slowest_rules(summary: Summary) -> Iterator[Block]:
    """The rules that took longest; no file has times, since files are the same in every run."""
    slowest = summary.rules.nlargest(SLOWEST, "seconds")
    columns = slowest[["seconds", "rule", "dataset"]]
    rows = []
    for seconds, rule, name in columns.itertuples(index=False):
        rows.append((f"{seconds:.3f}", rule, name))
    yield ""
    yield Heading("Slowest rules")
    yield Table(("seconds", "rule", "dataset"), rows, numbers=frozenset({"seconds"}))


def _findings(summary: Summary) -> str:
    """How many there are of each severity, and how many need no attention any more."""
    counts = severities(summary.findings)
    counted = ", ".join(f"{count} {severity}(s)" for severity, count in counts.items())
    settled = {"waived": waived(summary.findings), "answered": answered(summary.findings)}
    also = ", ".join(f"{count} {how}" for how, count in settled.items() if count)
    if also:
        return f"{counted} ({also})"
    return counted
