"""What a reader of any kind of export hands over, and what all of them refuse."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn, Protocol

import pandas as pd

from ..errors import RawError
from ..findings import findings
from ..metadata import Form, Study
from ..text import suggest
from .records import Records


@dataclass(frozen=True)
class RecordIssue:
    """What a reader has to say of one record: its position, and the column."""

    rule: str
    severity: str
    message: str
    at: int
    column: str


@dataclass(frozen=True)
class FormIssue:
    """What a reader has to say of a form as a whole, or of one column of it."""

    rule: str
    severity: str
    message: str
    column: str | None = None
    line: int | None = None  # where it is not the top of the form


@dataclass(frozen=True)
class Aside:
    """Rows or a column of a file that belong to no form, for the ledger.

    known: it is known what they are, and that they hold nothing to submit.
    """

    kind: str  # row or column
    name: str
    reason: str
    count: int
    known: bool = False


@dataclass(frozen=True)
class FormExtract:
    """One form as it stands in the export, before anything is checked.

    file      name of the file it stands in
    records   columns as the study names them, all that the form has; unknown ones under a name of
              their own
    names     column: what the file calls it, where that is another name
    record_issues, form_issues: what is to be said of single records, and of the whole
    top       the line that findings on the whole form point at
    empty     what is said if there are no records
    identity  the keys that the export itself gives of each record, if it does
    left_out  records that the reader has left out, each with a finding
    """

    form: Form
    file: str
    encoding: str
    records: Records
    names: Mapping[str, str] = field(default_factory=dict)
    record_issues: Sequence[RecordIssue] = ()
    form_issues: Sequence[FormIssue] = ()
    top: int = 1
    empty: str = "the file has a header and no records"
    identity: pd.Series | None = None
    left_out: int = 0

    def called(self, column: str | None) -> str | None:
        """What the file calls a column."""
        return column and self.names.get(column, column)


class Export(Protocol):
    """An export that has been opened: which forms it has, and each of them on demand."""

    @property
    def files(self) -> Mapping[str, Path]:
        """The file of each form that is there."""

    @property
    def findings(self) -> Sequence[pd.DataFrame]:
        """What is to be said of the export as a whole."""

    @property
    def aside(self) -> Sequence[Aside]:
        """What belongs to no form."""

    @property
    def digests(self) -> Mapping[str, str]:
        """SHA-256 of the bytes that were read, by name; of the files that were read so far."""

    def extract(self, form: str) -> FormExtract:
        """One form; RawError if it cannot be read."""


# ---------------------------------------------------------------- forms absent or not known
def check_forms(
    study: Study,
    present: Collection[str],
    strange: Collection[str],
    folder: str = "",
    file: str = "",
    cure: str = "",
) -> list[pd.DataFrame]:
    """Findings on optional forms that are absent; an export without a required form is refused.

    Args:
        study: whose forms are expected.
        present: the forms that are there.
        strange: what may be a misspelt form.
        folder: of an export with a file per form.
        file: the one file of all forms.
        cure: what is said behind the forms that are missing.

    Returns:
        One finding (a warning) for each optional form that is absent.

    Raises:
        RawError: where a required form is absent; all of them are named.
    """
    missing: list[str] = []
    found: list[pd.DataFrame] = []
    for name, form in study.forms.items():
        if name in present:
            continue
        if form.required:
            missing.append(_called(form, file))
        else:
            found.append(_optional_absent(form, file))
    if missing:
        names = ", ".join(f"{name}{suggest(name, strange)}" for name in missing)
        kind, place = "forms", file
        if not file:
            kind, place = "files", folder
            if len(missing) == 1:
                place = missing[0]
        raise RawError(f"required {kind} are missing: {names}{cure}", file=place)
    return found


def _called(form: Form, file: str) -> str:
    """What a form is called in messages: its name in a file of all forms, else its own file."""
    if file:
        return form.name
    return form.file


def _optional_absent(form: Form, file: str) -> pd.DataFrame:
    missing = f"file {form.file} is absent; the form"
    if file:
        missing = f"form {form.name} is absent; it"
    return findings(
        severity="warning",
        rule="RAW-OPTIONAL-ABSENT",
        dataset=form.name,
        message=f"the optional {missing} is taken as empty",
        file=file or form.file,
    )


def unknown_form(name: str, what: str, file: str, line: int) -> pd.DataFrame:
    """A finding on records of a form that the study does not have."""
    message = f"no form of the study is named {name}; {what}"
    return findings(severity="note", rule="RAW-UNKNOWN-FORM", message=message, file=file, line=line)


# ---------------------------------------------------------------- columns
def check_names(
    names: Sequence[str],
    wanted: Collection[str],
    file: str,
    line: int,
    where: str = "in the header",
) -> None:
    """Refuse columns that are duplicate or missing.

    Args:
        names: of the columns that are there.
        wanted: the columns that must be.
        file: for the error.
        line: for the error.
        where: in the error, the place of the names.

    Raises:
        RawError: all duplicate names, else all that are missing.
    """
    duplicate = sorted({name for name in names if names.count(name) > 1})
    if duplicate:
        _refuse_columns(f"duplicate columns {where}: {', '.join(duplicate)}", duplicate, file, line)
    strange = [name for name in names if name not in wanted]
    missing = [name for name in wanted if name not in names]
    if missing:
        hinted = ", ".join(f"{name}{suggest(name, strange)}" for name in missing)
        _refuse_columns(f"columns are missing {where}: {hinted}", missing, file, line)


def _refuse_columns(reason: str, columns: Sequence[str], file: str, line: int) -> NoReturn:
    """Raise an error at one column, or at the line where there are several."""
    column = ""
    if len(columns) == 1:
        column = columns[0]
    raise RawError(reason, file=file, line=line, column=column)


def check_delimiter(
    names: Sequence[str], wanted: Collection[str], delimiter: str, file: str, line: int
) -> None:
    """Refuse a header that is one name, where another delimiter makes it several wanted names.

    Raises:
        RawError: with the delimiter that the file seems to have.
    """
    if len(names) > 1 or len(wanted) < 2:
        return
    for other in sorted({";", ",", "\t", "|"} - {delimiter}):
        split = {name.strip(' "') for name in names[0].split(other)}
        if len(split & set(wanted)) > 1:
            seems = f"the delimiter seems to be {other!r}, expected {delimiter!r}"
            raise RawError(f"the header is one field; {seems}", file=file, line=line)


def lines_in_words(lines: Sequence[int], most: int = 20) -> str:
    """Line numbers as a part of a sentence.

    >>> lines_in_words([3]), lines_in_words([3, 9, 12]), lines_in_words(range(1, 6), most=2)
    ('line 3', 'lines 3, 9 and 12', 'lines 1, 2 and 3 more')
    """
    if len(lines) == 1:
        return f"line {lines[0]}"
    named = list(map(str, lines[:most]))
    if len(lines) > most:
        last = f"{len(lines) - most} more"
    else:
        last = named.pop()
    return f"lines {', '.join(named)} and {last}"
