"""What a study is made of as the rest of the house sees it.

Laid over the standard, checked, frozen.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag, field_validator, model_validator

from ..conditions import not_numbers
from .document import Path_, nearest_line
from .frozen import Frozen, Name, Place, Scalar, Where
from .moments import Kind, number_kind

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


# ---------------------------------------------------------------- row steps
class Take(Frozen):
    """Records of one source: those that fit `where`, columns renamed and constants set.

    take: the form or dataset.
    where: the values of columns, or present or absent; otherwise all records.
    rename: the name here, and the name in the source.
    set: columns with a constant.
    """

    take: Name
    where: Where = {}
    rename: dict[Name, Name] = {}
    set: dict[Name, Scalar] = {}


class Stack(Frozen):
    """Records of several sources one after another.

    stack: the branches; each is a take, or a list of steps that starts with one.
    """

    stack: tuple[tuple[Step, ...], ...]

    @field_validator("stack", mode="before")
    @classmethod
    def _branches(cls, branches: Any) -> Any:
        found = []
        for branch in branches:
            if isinstance(branch, list):
                found.append(branch)
            else:
                found.append([branch])
        return found


class Melt(Frozen):
    """One record per column of `columns` (source column: name).

    Cells that are empty and without reason make none.

    columns: the columns that become records, each with the value of `name` in its record.
    name: the column that says which one it was.
    value: the column that holds its value.
    reason: the column that says why its cell is empty; only forms know that.
    """

    class Columns(Frozen):
        columns: dict[Name, str]
        name: Name
        value: Name
        reason: Name = ""

    melt: Columns


class Join(Frozen):
    """Columns of the one matching record of another source.

    Several matches are an error of the wiring.

    with: the form or dataset.
    on: the columns that must be the same, as a list, or as here: there.
    take: the columns that come, as a list, or as new: old.
    unmatched: keep records without a match, or drop them; they are kept unless it is said.
    """

    class With(Frozen):
        with_: Name = Field(alias="with")
        on: tuple[Name, ...] | dict[Name, Name]
        take: tuple[Name, ...] | dict[Name, Name]
        unmatched: Literal["keep", "drop"] = "keep"

        @property
        def matched(self) -> dict[str, str]:
            """The columns that must be the same: name here, and name in the other source."""
            return _by_name(self.on)

        @property
        def taken(self) -> dict[str, str]:
            """The columns that come: name here, and name in the other source."""
            return _by_name(self.take)

    join: With


def _by_name(columns: tuple[str, ...] | dict[str, str]) -> dict[str, str]:
    """The one form of columns that may be a list, where the names are the same on both sides."""
    if isinstance(columns, dict):
        return columns
    return dict(zip(columns, columns, strict=True))


class First(Frozen):
    """The first record of each group in the given order; `-X` orders descending.

    Missing comes last.

    by: the columns that make a group; one names the subject.
    order: the columns that order it, the most important first.
    """

    class By(Frozen):
        by: tuple[Name, ...]
        order: tuple[str, ...]

    first: By


OneStatistic = Annotated[
    dict[Literal["sum", "count", "distinct", "min", "max"], Name],
    Field(min_length=1, max_length=1),
]


class Summarize(Frozen):
    """One record per group; each new column is one statistic of one old column.

    Missing values do not count.

    by: the columns that make a group; one names the subject.
    take: each new column, with its statistic and the column that this is of.
    """

    class By(Frozen):
        by: tuple[Name, ...]
        take: dict[Name, OneStatistic]

    summarize: By


def verb_of(step: Any) -> str:
    """The word that says what a row step does; empty where there is none."""
    names = getattr(type(step), "model_fields", ())
    if isinstance(step, dict):
        names = step
    return next((verb for verb in VERBS if verb in names), "")


VERBS = ("take", "stack", "melt", "join", "first", "summarize")  # a closed list
Step = Annotated[
    Annotated[Take, Tag("take")]
    | Annotated[Stack, Tag("stack")]
    | Annotated[Melt, Tag("melt")]
    | Annotated[Join, Tag("join")]
    | Annotated[First, Tag("first")]
    | Annotated[Summarize, Tag("summarize")],
    Discriminator(
        verb_of,
        custom_error_type="verb",
        custom_error_message=f"a row step starts with one of {', '.join(VERBS)}",
    ),
]


# ---------------------------------------------------------------- variables
class Wiring(Frozen):
    """How a column gets its values.

    A constant, a copy of one column, or a function of columns and constants.
    """

    function: str  # name in derive, or "constant"
    columns: dict[str, str | tuple[str, ...]] = {}  # parameter: column(s)
    constants: dict[str, Any] = {}  # parameter: value, references to terms and facts resolved
    facts: dict[str, str] = {}  # parameter: the fact of study.yaml that is its value
    place: Place

    @property
    def reads(self) -> tuple[str, ...]:
        """Names of all columns that go in."""
        found: dict[str, None] = {}
        for names in self.columns.values():
            if isinstance(names, str):
                found[names] = None
            else:
                found |= dict.fromkeys(names)
        return tuple(found)


class Variable(Frozen):
    """One variable of a dataset, standard and study together."""

    name: Name
    label: str
    type: Literal["Char", "Num"]
    length: int  # bytes
    format: str = ""  # SAS display format
    codelist: str = ""  # key of Study.codelists
    core: str = ""  # Req, Exp, Perm of SDTMIG; Req, Cond, Perm of ADaMIG
    role: str = ""
    iso8601: bool = False  # Char holding an ISO 8601 date, time or duration
    range: tuple[float, float] | None = None  # plausible values, inclusive
    supplemental: bool = False  # leaves as a SUPP-- record, not as a column
    wiring: Wiring

    @property
    def kind(self) -> Kind:
        """What its numbers are: dates, datetimes, times or numbers."""
        if self.type == "Char":
            return "number"
        return number_kind(self.format)


class DatasetSpec(Frozen):
    """One dataset: what it holds, how its rows come about, its variables in order."""

    name: Name
    label: str
    standard: Literal["SDTM", "ADaM"]
    structure: str  # SDTM class, or ADaM structure (ADSL, BDS, OCCDS, TTE)
    description: str = ""  # "One record per ..."
    keys: tuple[Name, ...]
    internal: bool = False  # a step on the way; is not written
    parent: Name = ""  # SUPP--: the dataset whose supplemental variables it holds
    # write é as e where the format holds ASCII only, and say so in a finding
    transliterate: bool = True
    rows: tuple[Step, ...]
    working: dict[Name, Wiring] = {}  # columns on the way that are no variables
    variables: tuple[Variable, ...]
    place: Place
    # of the row steps and what is in them
    lines: dict[Path_, int] = Field(default={}, repr=False, exclude=True)

    def line(self, path: Path_) -> int:
        """Line of an entry of the dataset's file, or of the nearest one around it."""
        return nearest_line(self.lines, path, self.place.line)

    @property
    def columns(self) -> tuple[Name, ...]:
        """Names of the variables that are columns of the dataset proper."""
        return tuple(v.name for v in self.variables if not v.supplemental)

    def variable(self, name: str) -> Variable:
        return next(v for v in self.variables if v.name == name)

    def never_fitting(self, where: Where) -> Iterator[tuple[Name, str]]:
        """Values that no record can have: of a variable of numbers, and not a number.

        Args:
            where: a condition on the records; other names than those of variables do not count.

        Returns:
            Each of these values, with the name of the variable before it.
        """
        for variable in self.variables:
            if variable.type == "Num" and variable.kind == "number":
                for value in not_numbers(where.get(variable.name, ())):
                    yield variable.name, value


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
    join: tuple[Join.With, ...] = ()
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


Stack.model_rebuild()
