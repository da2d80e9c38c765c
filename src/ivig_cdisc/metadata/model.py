"""What a study is made of as the rest of the house sees it.

Laid over the standard, checked, frozen.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field, field_validator, model_validator

from ..conditions import misfits
from ..expressions import Kind as ColumnKind
from .document import Path_, nearest_line
from .frozen import Frozen, Name, Place, Where
from .moments import Kind, number_kind
from .steps import Join, Match, Step
from .wiring import Wiring

# what a constant is that refers to something unknown; that is told where it stands
NOT_THERE: Any = object()
DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
FINGERPRINT = re.compile(r"[0-9a-f]{16}(-[1-9][0-9]*)?")


def existing_day(text: str) -> str:
    """The text, which is a day of the calendar; ValueError otherwise."""
    try:
        if DATE.fullmatch(text):
            date.fromisoformat(text)
            return text
    except ValueError as error:
        raise ValueError("is not a day of the calendar") from error
    raise ValueError("is not a date YYYY-MM-DD")


# ---------------------------------------------------------------- variables
class CodelistsBy(Frozen):
    """Codelists that depend on the value of another variable, as QSTESTCD's on QSCAT.

    by: the variable that decides.
    of: its values, each with the codelist there, or none; others have that of the standard.
    """

    by: Name
    of: dict[str, Annotated[str, Field(min_length=1)]] = Field(min_length=1)


class Variable(Frozen):
    """One variable of a dataset, standard and study together."""

    name: Name
    label: str
    type: Literal["Char", "Num"]
    length: int  # bytes, the most that it has
    by_data: bool = False  # in its file it is as long as its longest value in the study
    format: str = ""  # SAS display format
    codelist: str = ""  # key of Study.codelists
    dictionary: str = ""  # name in Study.dictionaries of that whose terms it holds
    codelists_by: CodelistsBy | None = None  # `codelist` is then made of all of them
    codelist_usual: str = ""  # for values of the other variable that `codelists_by` does not have
    core: str = ""  # Req, Exp, Perm of SDTMIG; Req, Cond, Perm of ADaMIG
    role: str = ""
    iso8601: bool = False  # Char holding an ISO 8601 date, time or duration
    range: tuple[float, float] | None = None  # plausible values, inclusive
    supplemental: bool = False  # leaves as a SUPP-- record, not as a column
    qorig: str = ""  # of its SUPP-- records: where its values come from
    qeval: str = ""  # of its SUPP-- records: whose judgement its values are
    wiring: Wiring

    @property
    def kind(self) -> Kind:
        """What its numbers are: dates, datetimes, times or numbers."""
        if self.type == "Char":
            return "number"
        return number_kind(self.format)

    @property
    def codelist_said(self) -> str | dict[str, Any]:
        """The codelist as the YAML says it."""
        if self.codelists_by:
            return self.codelists_by.model_dump()
        return self.codelist

    @property
    def column_kind(self) -> ColumnKind:
        """What the column holds in the house: text, numbers (times among them) or dates."""
        if self.type == "Char":
            return "text"
        if self.kind in ("date", "datetime"):
            return "date"
        return "number"


class DatasetSpec(Frozen):
    """One dataset: what it holds, how its rows come about, its variables in order."""

    name: Name
    label: str
    standard: Literal["SDTM", "ADaM"]
    structure: str  # SDTM class, or ADaM structure (ADSL, BDS, OCCDS, TTE)
    description: str = ""  # "One record per ..."
    keys: tuple[Name, ...]
    internal: bool = False  # a step on the way; is not written
    per_study: bool = False  # its records belong to no subject
    parent: Name = ""  # SUPP--: the dataset whose supplemental variables it holds
    # write é as e where the format holds ASCII only, and say so in a finding
    transliterate: bool = True
    rows: tuple[Step, ...]
    kept: Join | None = None  # brings core variables of ADSL, where one is first read
    working: dict[Name, Wiring] = {}  # columns on the way that are no variables
    variables: tuple[Variable, ...]
    place: Place
    # of the row steps and what is in them
    lines: dict[Path_, int] = Field(default={}, repr=False, exclude=True)
    # where the YAML says a row step, other than by its number in `rows`
    said_at: dict[Path_, Path_] = Field(default={}, repr=False, exclude=True)

    def line(self, path: Path_) -> int:
        """Line of an entry of the dataset's file, or of the nearest one around it."""
        return nearest_line(self.lines, self.as_said(path), self.place.line)

    def as_said(self, path: Path_) -> Path_:
        """The path in the YAML of a row step, or of something in it."""
        for length in range(len(path), 0, -1):
            said = self.said_at.get(path[:length])
            if said is not None:
                return (*said, *path[length:])
        return path

    @property
    def steps(self) -> tuple[Step, ...]:
        """The row steps, and the join of kept variables where there is one."""
        if self.kept is None:
            return self.rows
        return (*self.rows, self.kept)

    @property
    def columns(self) -> tuple[Name, ...]:
        """Names of the variables that are columns of the dataset proper."""
        return tuple(v.name for v in self.variables if not v.supplemental)

    def variable(self, name: str) -> Variable:
        return next(v for v in self.variables if v.name == name)

    @property
    def kinds(self) -> dict[Name, ColumnKind]:
        """What the finished variables hold: text, numbers or dates."""
        return {variable.name: variable.column_kind for variable in self.variables}

    def misfits(self, where: Where) -> Iterator[str]:
        """What does not fit together in a condition on the records.

        Args:
            where: the condition; other names than those of variables do not count.

        Returns:
            The reasons: a value that a variable of numbers never has, parts that do not compare.
        """
        yield from misfits(where, self.kinds)


# ---------------------------------------------------------------- terminology, rules
class Codelist(Frozen):
    """The values a variable may have."""

    id: str  # NCI code, or the study's own name
    name: str
    extensible: bool
    terms: Mapping[str, str]  # submission value: NCI code, or empty


class Rule(Frozen):
    """What must hold for each record of a dataset, as a named check and its wiring."""

    id: str
    severity: Literal["error", "warning", "note"]
    dataset: Name
    where: Where = {}
    join: tuple[Match, ...] = ()
    check: str  # a function in validation/checks.py
    columns: dict[str, str | tuple[str, ...]]  # parameter: column(s); `from` in YAML
    constants: dict[str, Any] = {}  # `with` in YAML
    variable: Name  # the variable the finding points at
    message: str
    place: Place


class Waiver(Frozen):
    """A finding that is left as it is.

    Named by its fingerprint, or by rule, dataset, subject, key and variable.

    A fingerprint waives the finding as long as the value that it points at stays the same; what is
    said beside it must fit too. Without one, the finding may change its value; subject, key or
    variable that are left out are none in the finding either.

    fingerprint: 16 digits 0-9 and a-f, as the report shows it.
    rule: the id of the rule.
    dataset: of the finding.
    subject: of the finding.
    key: the other keys of the record, as the report shows them.
    variable: that the finding points at.
    reason: why it is left as it is.
    who: decided so.
    date: when, YYYY-MM-DD.
    """

    fingerprint: str = ""
    rule: str = ""
    dataset: Name = ""
    subject: str = ""
    key: str = ""
    variable: Name = ""
    reason: str = Field(min_length=1)
    who: str = Field(min_length=1)
    date: str
    place: Place

    @field_validator("fingerprint")
    @classmethod
    def _is_fingerprint(cls, fingerprint: str) -> str:
        if not FINGERPRINT.fullmatch(fingerprint):
            raise ValueError("is not a fingerprint: 16 digits 0-9 and a-f, as the report shows it")
        return fingerprint

    @field_validator("date")
    @classmethod
    def _is_day(cls, day: str) -> str:
        return existing_day(day)

    @model_validator(mode="after")
    def _names_a_finding(self) -> Waiver:
        if not self.fingerprint and not (self.rule and self.dataset):
            raise ValueError(
                "needs a fingerprint, or rule and dataset with subject, key and variable"
            )
        return self
