"""The row steps of a dataset: what the YAML may say of each verb."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag, field_validator

from .frozen import Frozen, Name, Scalar, Where
from .table_steps import Cross, Lookup, Values, by_name


class Take(Frozen):
    """Records of one source: those that fit `where`, columns renamed and constants set.

    rename: the name here, and the name in the source.
    """

    take: Name
    where: Where = {}
    rename: dict[Name, Name] = {}
    set: dict[Name, Scalar] = {}


class Candidate(Take):
    """A take of `events`: its new names take the place of columns of the same name."""


class Stack(Frozen):
    """Records of several sources one after another.

    A branch is a take, or a list of steps that starts with one.
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
    """

    class With(Frozen):
        with_: Name = Field(alias="with")
        on: tuple[Name, ...] | dict[Name, Name]
        take: tuple[Name, ...] | dict[Name, Name]
        unmatched: Literal["keep", "drop"] = "keep"

        @property
        def matched(self) -> dict[str, str]:
            """The columns that must be the same: name here, and name in the other source."""
            return by_name(self.on)

        @property
        def taken(self) -> dict[str, str]:
            """The columns that come: name here, and name in the other source."""
            return by_name(self.take)

    join: With


class Filter(Frozen):
    """Those of the records so far that fit the condition."""

    filter: Where


class First(Frozen):
    """The first record of each group in the given order; `-X` orders descending.

    Missing comes last.
    """

    class By(Frozen):
        by: tuple[Name, ...]
        order: tuple[str, ...]

    first: By


class Summarize(Frozen):
    """One record per group; each new column is one statistic of one old column."""

    class By(Frozen):
        by: tuple[Name, ...]
        take: dict[Name, dict[Literal["sum", "count", "distinct", "min", "max"], Name]]

    summarize: By


class EventSource(Frozen):
    """Where an event, or an end of observation, comes from.

    Of each subject the first record by date counts, or the last.
    """

    take: Name
    where: Where = {}
    date: Name  # becomes ADT; a record without it is none
    flag: Name = ""  # of imputation; becomes ADTF
    order: tuple[str, ...] = ()  # on the same date
    last: bool = False
    says: str = ""  # EVNTDESC
    censored: str = ""  # CNSDTDSC


class Latest(Frozen):
    """Of several censorings the one with the latest date."""

    latest: tuple[Name, ...]


class Parameter(Frozen):
    """A time to event: its events, and what ends the observation without one.

    The earliest event counts. Without one, the first of the censorings that the subject has.
    """

    event: Name | tuple[Name, ...]
    censor: Name | tuple[Name, ...] | Latest = ()
    none: str = ""  # EVNTDESC of a censoring that says nothing itself

    @property
    def events(self) -> tuple[Name, ...]:
        """The sources of the event."""
        return _several(self.event)

    @property
    def censorings(self) -> tuple[Name, ...]:
        """The sources of a censoring, in their order."""
        if isinstance(self.censor, Latest):
            return self.censor.latest
        return _several(self.censor)

    @property
    def latest(self) -> bool:
        """Whether the latest censoring counts, whatever the order."""
        return isinstance(self.censor, Latest)


def _several(names: Name | tuple[Name, ...]) -> tuple[Name, ...]:
    if isinstance(names, str):
        return (names,)
    return names


class Events(Frozen):
    """Times to event: one record for each subject and parameter."""

    class Times(Frozen):
        class Subjects(Frozen):
            take: Name
            where: Where = {}

        for_: Subjects = Field(alias="for")  # who takes part
        start: Name  # of that dataset: the day from which time is counted; becomes STARTDT
        sources: dict[Name, EventSource]
        parameters: dict[Name, Parameter]  # by PARAMCD

    events: Times


def verb_of(step: Any) -> str:
    """The word that says what a row step does; empty where there is none."""
    names = getattr(type(step), "model_fields", ())
    if isinstance(step, dict):
        names = step
    return next((verb for verb in VERBS if verb in names), "")


VERBS = (  # a closed list
    "take",
    "stack",
    "values",
    "melt",
    "join",
    "lookup",
    "cross",
    "filter",
    "first",
    "summarize",
    "events",
)
Step = Annotated[
    Annotated[Take, Tag("take")]
    | Annotated[Stack, Tag("stack")]
    | Annotated[Melt, Tag("melt")]
    | Annotated[Join, Tag("join")]
    | Annotated[Values, Tag("values")]
    | Annotated[Lookup, Tag("lookup")]
    | Annotated[Cross, Tag("cross")]
    | Annotated[Filter, Tag("filter")]
    | Annotated[First, Tag("first")]
    | Annotated[Summarize, Tag("summarize")]
    | Annotated[Events, Tag("events")],
    Discriminator(
        verb_of,
        custom_error_type="verb",
        custom_error_message=f"a row step starts with one of {', '.join(VERBS)}",
    ),
]


Stack.model_rebuild()
