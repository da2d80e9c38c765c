"""What a conversion made, for the terminal, for a notebook and for a program."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as Html

import pandas as pd

from .. import output, report
from ..findings import failing
from ..metadata import Study
from ..results import Line
from ..text import suggest


class Datasets(Mapping[str, pd.DataFrame]):
    """The datasets of an output folder by name.

    Each is read from its file whenever it is asked for.
    """

    def __init__(self, out: Path, study: Study, names: list[str]) -> None:
        self._out, self._study, self._names = out, study, names

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in self._names:
            raise KeyError(f"no dataset {name}{suggest(name, self._names)}")
        return output.read_records(self._out, self._study.dataset(name))

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def __repr__(self) -> str:
        return f"<Datasets {', '.join(self._names)}>"


@dataclass(frozen=True, repr=False)
class Summary:
    """What a conversion made: records by dataset, findings, results, and where it is.

    study     the specs
    rows      by dataset, how many records it has; those without are not written
    findings  one row per finding, worst first
    results   the lines of the closing summary, as the study's results/*.yaml say
    out       the output folder
    rules     what was looked for: rule, dataset and the seconds that it took
    earlier   answers to findings that are gone
    """

    study: Study
    rows: dict[str, int]
    findings: pd.DataFrame
    results: list[Line]
    out: Path
    rules: pd.DataFrame
    earlier: pd.DataFrame

    @property
    def clean(self) -> bool:
        """No open finding that says that something is wrong."""
        return failing(self.findings).empty

    @property
    def datasets(self) -> Mapping[str, pd.DataFrame]:
        """The written datasets as frames, by name: `summary.datasets["ADSL"]`.

        Each is read from its file in `out` whenever it is asked for, as it was written: long text
        is cut, and supplemental variables are in the SUPP-- datasets.
        """
        return Datasets(self.out, self.study, list(self.rows))

    def __repr__(self) -> str:
        made = f"{len(self.rows)} dataset(s), {self._counted()}"
        return f"<Summary of {self.study.id}: {made}, in {self.out}>"

    def _counted(self) -> str:
        """The open findings, as "0 rejects, 19 errors, 7 warnings, 18 notes"."""
        counts = report.severities(self.findings)
        return ", ".join(report.counted(n, severity) for severity, n in counts.items())

    def _repr_html_(self) -> str:
        """The same for a notebook, with the datasets as a table."""
        block = Html.Element("div")
        _text(block, "p", f"{self.study.id}: {self.study.title}")
        table = Html.SubElement(block, "table")
        _row(table, "th", ("dataset", "records", "holds"))
        for name, records in self.rows.items():
            _row(table, "td", (name, str(records), self.study.dataset(name).label))
        for line in self.results:
            _text(block, "p", f"{line.label}: {line.text}")
        _text(block, "p", f"Findings: {self._counted()}")
        _text(block, "p", f"In {self.out}")
        return Html.tostring(block, encoding="unicode", method="html")


def _row(table: Html.Element, tag: str, cells: tuple[str, ...]) -> None:
    row = Html.SubElement(table, "tr")
    for cell in cells:
        _text(row, tag, cell)


def _text(parent: Html.Element, tag: str, text: str) -> None:
    """An element with this text; the library escapes it."""
    Html.SubElement(parent, tag).text = text
