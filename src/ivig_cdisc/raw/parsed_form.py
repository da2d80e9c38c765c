"""One form whose cells have been parsed, and the frame of canonical text that it becomes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..findings import findings
from ..metadata import Form, Study
from .form_extract import FormExtract
from .parsed_column import ParsedColumn, parse_column
from .readers import ParsedValue
from .records import Records

NO_FINDINGS = findings().iloc[:0]


@dataclass(frozen=True)
class ParsedForm:
    """One form as it stands in the export, cells parsed by the type of their column."""

    extract: FormExtract
    study: Study
    columns: dict[str, ParsedColumn]
    subject: pd.api.extensions.ExtensionArray

    @property
    def form(self) -> Form:
        return self.extract.form

    @property
    def records(self) -> Records:
        return self.extract.records

    @property
    def lines(self) -> np.ndarray:
        return self.records.fields.index.to_numpy()

    @property
    def subjects(self) -> ParsedColumn:
        """The column that names the subject."""
        return self.columns[self.study.intake.subject]

    @property
    def lists_subjects(self) -> bool:
        """Whether this is the form of the subjects."""
        return self.form.name == self.study.intake.subjects

    def report(
        self,
        rule: str,
        severity: str,
        at: np.ndarray,
        message: str | Sequence[str],
        column: str | None = None,
    ) -> pd.DataFrame:
        """One finding for each record at these positions.

        Args:
            rule: of the findings.
            severity: of the findings.
            at: positions of the records.
            message: one for each record, or one text for all.
            column: that the findings are about; None: the whole record.
        """
        if not len(at):
            return NO_FINDINGS
        verbatim = self.records.fields[column].iloc[at] if column else None
        return findings(
            severity=severity,
            rule=rule,
            dataset=self.form.name,
            subject=pd.Series(self.subject[at]),
            variable=column,
            value=verbatim,
            message=message if isinstance(message, str) else list(message),
            file=self.extract.file,
            line=self.lines[at].tolist(),
            column=self.extract.called(column),
            verbatim=verbatim,
        )

    def report_lines(
        self, rule: str, severity: str, lines: Sequence[int], message: Sequence[str]
    ) -> pd.DataFrame:
        """One finding for each of these lines."""
        at = np.searchsorted(self.lines, np.array(lines, "int64"))
        return self.report(rule, severity, at, message)

    def report_file(
        self,
        rule: str,
        severity: str,
        message: str,
        column: str | None = None,
        line: int | None = None,
    ) -> pd.DataFrame:
        """One finding about the file, or about one line or column of it."""
        return findings(
            severity=severity,
            rule=rule,
            dataset=self.form.name,
            variable=column,
            message=message,
            file=self.extract.file,
            line=line or self.extract.top,
            column=self.extract.called(column),
        )


def parse_form(extract: FormExtract, study: Study, sites: Mapping[str, str]) -> ParsedForm:
    """Parse the cells of all columns that the study names.

    Args:
        extract: the form as it was collected.
        study: says what type each column has.
        sites: of each subject that is known; none of the form that lists the subjects, which says
            them itself.
    """
    fields, columns, intake = extract.records.fields, extract.form.columns, study.intake
    identifying = {intake.subject, intake.site, *extract.form.key}
    subject = parse_column(fields[intake.subject], columns[intake.subject], study, identifies=True)
    site_of_record = _sites(extract, study, subject, sites) if intake.site else None
    parsed: dict[str, ParsedColumn] = {}
    for name, column in columns.items():
        identifies = name in identifying
        parsed[name] = parse_column(
            fields[name], column, study, site_of_record, identifies=identifies
        )
    return ParsedForm(extract, study, parsed, subject.text)


def _sites(
    extract: FormExtract, study: Study, subject: ParsedColumn, sites: Mapping[str, str]
) -> pd.Series:
    """The site of each record, missing where its subject is not known."""
    if extract.form.name == study.intake.subjects:
        site = study.intake.site
        typed = extract.records.fields[site]
        own = parse_column(typed, extract.form.columns[site], study, identifies=True)
        return pd.Series(own.text)
    known = [ParsedValue(sites.get(value.text or "")) for value in subject.values]
    return pd.Series(ParsedColumn(subject.codes, subject.typed, tuple(known)).text)


def canonical_frame(parsed: ParsedForm, kept: np.ndarray) -> pd.DataFrame:
    """The records that are kept, in an order that does not depend on that in the file.

    Args:
        parsed: the form.
        kept: positions of the records.

    Returns:
        Canonical text of each column, and beside it in `<column>.missing` what its user-missing
        codes mean; by subject and then by all other columns. Index: line.
    """
    subject = parsed.study.intake.subject
    names = dict.fromkeys([subject, *parsed.form.columns])
    ranks = [parsed.columns[name].rank[kept] for name in reversed(names)]
    at = kept[np.lexsort(ranks)]
    columns = {name: column.taken(at) for name, column in parsed.columns.items()}
    return _frame(columns, parsed.lines[at], parsed.study)


def empty_frame(form: Form, study: Study) -> pd.DataFrame:
    """A form without records."""
    none = ParsedColumn(np.array([], "int64"), (), ())
    return _frame(dict.fromkeys(form.columns, none), np.array([], "int64"), study)


def _frame(columns: dict[str, ParsedColumn], lines: np.ndarray, study: Study) -> pd.DataFrame:
    meanings = pd.CategoricalDtype(sorted(set(study.intake.missing.values())))
    text: dict[str, pd.api.extensions.ExtensionArray] = {}
    missing: dict[str, pd.Categorical] = {}
    for name, column in columns.items():
        text[name] = column.text
        missing[f"{name}.missing"] = _meaning(column, meanings)
    return pd.DataFrame(text | missing, index=pd.Index(lines, dtype="int64", name="line"))


def _meaning(column: ParsedColumn, dtype: pd.CategoricalDtype) -> pd.Categorical:
    codes = dtype.categories.get_indexer(pd.Index([value.meaning for value in column.values]))
    return pd.Categorical.from_codes(np.array([*codes, -1], "int8")[column.codes], dtype=dtype)
