"""What a reader of any kind of export hands over, and what all of them refuse."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import pandas as pd

from ..errors import RawError
from ..findings import findings
from ..metadata import Form, Study
from .records import Records


@dataclass(frozen=True)
class Remark:
    """What a reader has to say of one record: its position, and the column."""

    rule: str
    severity: str
    message: str
    at: int
    column: str


@dataclass(frozen=True)
class Note:
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
class Sheet:
    """One form as it stands in the export, before anything is checked.

    file      name of the file it stands in
    records   columns as the study names them, all that the form has; unknown ones under a name of their own
    names     column: what the file calls it, where that is another name
    remarks   on single records; notes: on the whole
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
    remarks: Sequence[Remark] = ()
    notes: Sequence[Note] = ()
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
        """SHA-256 of each file, by name, of the bytes that were read; of those that have been read so far."""

    def sheet(self, form: str) -> Sheet:
        """One form; RawError if it cannot be read."""


# ---------------------------------------------------------------- forms that are not there, or not
# known
def check_forms(
    study: Study,
    present: Collection[str],
    strange: Collection[str],
    folder: str = "",
    file: str = "",
    cure: str = "",
) -> list[pd.DataFrame]:
    """Findings on optional forms that are absent; an export without a required form is refused.

    strange: what may be a misspelt form. folder: of an export with a file per form; file: the one
        file of all forms.
    cure: what is said behind the forms that are missing.
    """
    absent = [form for name, form in study.forms.items() if name not in present]
    lacking = [form.name if file else form.file for form in absent if form.required]
    if lacking:
        names = ", ".join(with_hint(name, strange) for name in lacking)
        place = file or (folder if len(lacking) > 1 else lacking[0])
        raise RawError(
            f"required {'forms' if file else 'files'} are missing: {names}{cure}", file=place
        )
    return [_optional_absent(form, file) for form in absent]


def _optional_absent(form: Form, file: str) -> pd.DataFrame:
    missing = f"form {form.name} is absent; it" if file else f"file {form.file} is absent; the form"
    message = f"the optional {missing} is taken as empty"
    place = file or form.file
    return findings(
        severity="warning",
        rule="RAW-OPTIONAL-ABSENT",
        dataset=form.name,
        message=message,
        file=place,
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
    """Refuse columns that stand twice or are missing."""
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        reason = f"columns stand twice {where}: {', '.join(twice)}"
        raise RawError(reason, file=file, line=line, column=twice[0] if len(twice) == 1 else "")
    strange = [name for name in names if name not in wanted]
    missing = [name for name in wanted if name not in names]
    if missing:
        reason = f"columns are missing {where}: {', '.join(with_hint(name, strange) for name in missing)}"
        raise RawError(reason, file=file, line=line, column=missing[0] if len(missing) == 1 else "")


def check_delimiter(
    names: Sequence[str], wanted: Collection[str], delimiter: str, file: str, line: int
) -> None:
    """Refuse a header that is one name, where another delimiter would make it several of the wanted names."""
    if len(names) > 1 or len(wanted) < 2:
        return
    for other in sorted({";", ",", "\t", "|"} - {delimiter}):
        split = [name.strip(' "') for name in names[0].split(other)]
        if len(set(split) & set(wanted)) > 1:
            reason = f"the header is one field; the delimiter seems to be {other!r}, expected {delimiter!r}"
            raise RawError(reason, file=file, line=line)


def with_hint(name: str, others: Iterable[str]) -> str:
    """A name, and the near one that may have been meant."""
    near = {other.casefold(): other for other in others}
    match = difflib.get_close_matches(name.casefold(), near, n=1)
    return f"{name} (did you mean {near[match[0]]}?)" if match else name


def lines_in_words(lines: Sequence[int], most: int = 20) -> str:
    """Line numbers as a part of a sentence.

    >>> lines_in_words([3]), lines_in_words([3, 9, 12]), lines_in_words(range(1, 6), most=2)
    ('line 3', 'lines 3, 9 and 12', 'lines 1, 2 and 3 more')
    """
    if len(lines) == 1:
        return f"line {lines[0]}"
    named = [str(line) for line in lines[:most]]
    last = f"{len(lines) - most} more" if len(lines) > most else named.pop()
    return f"lines {', '.join(named)} and {last}"
