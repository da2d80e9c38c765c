"""The raw forms of a study, and how its export writes them, as YAML says it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from .frozen import Frozen, Name, Place
from .layout import Odm, Redcap
from .signs import DecimalSign, Signs

LINE = "file.line"  # the column of every form that holds the number of the record's line


class Column(Signs):
    """One collected field.

    type: what is in it; a result is a number or any other text.
    required: whether an empty cell is a finding.
    terms: the terms of study.yaml whose keys are the codes that may occur.
    range: the lowest and the highest plausible number, both included.
    format: of dates that are written otherwise than in the rest of the export.
    not_submitted: why it goes nowhere, or no further than to decide something.
    decimal: the sign before decimals, or several.
    thousands: the sign between thousands, or several.
    """

    type: Literal["text", "code", "number", "result", "date", "time"] = "text"
    required: bool = False
    terms: str = ""
    range: tuple[float, float] | None = None
    format: str = ""
    not_submitted: str = ""


class Form(Frozen):
    """One raw form: one file of the export."""

    name: Name
    file: str
    required: bool = True
    key: tuple[Name, ...]  # what makes a record unique
    columns: dict[Name, Column]
    # of identical records all are kept, or the first; must be said
    duplicates: Literal["", "keep", "first"] = ""
    not_submitted: str = ""  # why its records go nowhere, where that is meant
    place: Place

    @property
    def readable(self) -> tuple[str, ...]:
        """What steps may read: the columns, for each why its cell is empty, and the line."""
        return (*self.columns, *reason_columns(self.columns), LINE)


def reason_columns(columns: Iterable[str]) -> list[str]:
    """The columns of a raw form that say why there is no value in these.

    Args:
        columns: of the form.

    Returns:
        A name for each.
    """
    return [f"{column}.missing" for column in columns]


class Intake(Signs):
    """How this export writes its files.

    delimiter: between the columns of a line.
    encodings: tried in this order.
    decimal: the sign before decimals, or several.
    thousands: the sign between thousands, or several.
    date: how dates are written, of DD, MM, Mon and YYYY; several with | between.
    unknown: what stands for a day, month or year that is not known.
    missing: user-missing codes, and what they mean.
    subject: the column of every form that names the subject.
    subjects: the form that lists the subjects.
    site: the column of that form that names the site.
    redcap: how a REDCap export of all forms is laid out.
    odm: how an ODM file is laid out.
    """

    delimiter: str = ","
    encodings: tuple[str, ...] = ("utf-8-sig", "cp1252")
    decimal: tuple[DecimalSign, ...] | None = (".",)
    date: str = "YYYY-MM-DD"
    unknown: dict[Literal["day", "month", "year"], str] = {}
    missing: dict[str, str] = {}
    subject: Name
    subjects: Name
    site: Name = ""
    redcap: Redcap = Redcap()
    odm: Odm = Odm()
