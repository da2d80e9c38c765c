"""The row steps of a dataset: what the YAML may say of each verb."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag, field_validator, model_validator

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
        if not isinstance(branches, list | tuple):
            return branches  # what is wrong with it is told as of any list
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


class Transpose(Frozen):
    """One record per group, with a column for each listed value of `name`: the reverse of melt.

    columns: the value of `name`, and the column that it becomes.
    """

    class Columns(Frozen):
        by: tuple[Name, ...]
        name: Name
        value: Name
        columns: dict[str, Name] = Field(min_length=1)

    transpose: Columns


class Match(Frozen):
    """Columns of the one record of another source that has the same keys."""

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


class Join(Frozen):
    """Columns of the matching record of another source, or of each one.

    Several matches are an error of the wiring, unless it says which is taken.
    """

    class With(Match):
        """Which records match, and which of several is taken. A column here: those there.

        between, not_before, not_after  bounds of a column, which are included
        nearest                         the column there with the smallest distance
        within                          the greatest distance that counts
        latest, earliest                the column there that decides among several
        matches                         all: a record for each match
        where                           records there that count
        """

        where: Where = {}
        between: dict[Name, tuple[Name, Name]] = {}
        not_before: dict[Name, Name] = {}
        not_after: dict[Name, Name] = {}
        nearest: dict[Name, Name] = {}
        within: float | None = None
        latest: Name = ""
        earliest: Name = ""
        matches: Literal["one", "all"] = "one"

        @property
        def lower(self) -> list[tuple[Name, Name]]:
            """Columns here, each with the column there that it is not before."""
            ends = [(here, bounds[0]) for here, bounds in self.between.items()]
            return [*ends, *self.not_before.items()]

        @property
        def upper(self) -> list[tuple[Name, Name]]:
            """Columns here, each with the column there that it is not after."""
            ends = [(here, bounds[1]) for here, bounds in self.between.items()]
            return [*ends, *self.not_after.items()]

        @property
        def compared(self) -> list[tuple[Name, Name]]:
            """Columns here and there that are compared by their order or distance."""
            return [*self.lower, *self.upper, *self.nearest.items()]

        @property
        def says_which(self) -> bool:
            """It is said what happens where several records match."""
            choice = self.latest or self.earliest or self.nearest
            return bool(choice) or self.matches == "all"

        @model_validator(mode="after")
        def _is_consistent(self) -> Join.With:
            chosen = bool(self.nearest or self.latest or self.earliest)
            if self.latest and self.earliest:
                raise ValueError("has latest and earliest: one of several records is taken")
            if self.matches == "all" and chosen:
                raise ValueError("has matches: all, and a word that takes one of them")
            if self.within is not None and not self.nearest:
                raise ValueError("within is a distance: it needs nearest, as in {ADT: LBDT}")
            if len(self.nearest) > 1:
                raise ValueError("nearest is one column here and one there, as in {ADT: LBDT}")
            if (self.within or 0) < 0:
                raise ValueError("within is a distance of 0 or more")
            return self

    join: With


class Filter(Frozen):
    """Those of the records so far that fit the condition."""

    filter: Where


class Ordered(Frozen):
    """What depends on an order of records; `-X` orders descending."""

    order: tuple[str, ...] = ()

    @property
    def sorting(self) -> dict[Name, bool]:
        """The columns of the order, most important first, and whether they ascend."""
        found: dict[Name, bool] = {}
        for name in self.order:
            found.setdefault(name.removeprefix("-"), not name.startswith("-"))
        return found


class First(Frozen):
    """The first record of each group in the given order; missing comes last."""

    class By(Ordered):
        by: tuple[Name, ...]
        order: tuple[str, ...]

    first: By


class Last(Frozen):
    """The last record of each group in the given order; missing comes first."""

    last: First.By


class Statistic(Ordered):
    """One statistic of one column.

    `first` and `last` need an `order`, a `quantile` its `share`.
    """

    sum: Name = ""
    mean: Name = ""
    std: Name = ""
    median: Name = ""
    quantile: Name = ""
    count: Name = ""
    distinct: Name = ""
    min: Name = ""
    max: Name = ""
    first: Name = ""
    last: Name = ""
    share: float | None = None

    @property
    def how(self) -> str:
        """The word for the statistic."""
        return next(word for word in STATISTICS if getattr(self, word))

    @property
    def column(self) -> Name:
        """The column that it is of."""
        return str(getattr(self, self.how))

    @model_validator(mode="after")
    def _is_one(self) -> Statistic:
        named = [word for word in STATISTICS if getattr(self, word)]
        if len(named) != 1:
            raise ValueError(f"names one statistic: {', '.join(STATISTICS)}")
        if bool(self.order) != (self.how in IN_ORDER):
            raise ValueError("first and last need an order, as in {first: X, order: [ADT]}")
        if (self.share is None) == (self.how == "quantile"):
            raise ValueError("a quantile needs a share, as in {quantile: X, share: 0.25}")
        if not 0 <= (self.share or 0) <= 1:
            raise ValueError("the share of a quantile is from 0 to 1")
        return self


OF_NUMBERS = ("sum", "mean", "std", "median", "quantile")
IN_ORDER = ("first", "last")
STATISTICS = (*OF_NUMBERS, "count", "distinct", "min", "max", *IN_ORDER)
COUNTS = ("count", "distinct")


class Summarize(Frozen):
    """One record per group; each new column is one statistic of one old column."""

    class By(Frozen):
        by: tuple[Name, ...]
        take: dict[Name, Statistic]

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
    "transpose",
    "join",
    "lookup",
    "cross",
    "filter",
    "first",
    "last",
    "summarize",
    "events",
)
Step = Annotated[
    Annotated[Take, Tag("take")]
    | Annotated[Stack, Tag("stack")]
    | Annotated[Melt, Tag("melt")]
    | Annotated[Transpose, Tag("transpose")]
    | Annotated[Join, Tag("join")]
    | Annotated[Values, Tag("values")]
    | Annotated[Lookup, Tag("lookup")]
    | Annotated[Cross, Tag("cross")]
    | Annotated[Filter, Tag("filter")]
    | Annotated[First, Tag("first")]
    | Annotated[Last, Tag("last")]
    | Annotated[Summarize, Tag("summarize")]
    | Annotated[Events, Tag("events")],
    Discriminator(
        verb_of,
        custom_error_type="verb",
        custom_error_message=f"a row step starts with one of {', '.join(VERBS)}",
    ),
]


Stack.model_rebuild()
