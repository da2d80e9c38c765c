"""The row steps of a dataset: what the YAML may say of each verb."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag, field_validator, model_validator

from .event_steps import Events
from .frozen import Frozen, Name, Scalar, Where
from .table_steps import Cross, Lookup, Values, by_name


class Take(Frozen):
    """Records of one source: those that fit `where`, columns renamed and constants set.

    take: the form, table or dataset.
    where: a condition, or the values of columns, or present or absent; otherwise all records.
    rename: the name here, and the name in the source.
    set: columns with a constant.
    """

    take: Name
    where: Where = {}
    rename: dict[Name, Name] = {}
    set: dict[Name, Scalar] = {}


class Candidate(Take):
    """A take of `events`: its new names take the place of columns of the same name."""


class Stack(Frozen):
    """Records of several sources one after another.

    stack: the branches; each is a take, or a list of steps that starts with one.
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

    Cells that are empty and without reason make none, unless `empty` says so.

    columns: the columns that become records, each with the value of `name` in its record.
    name: the column that says which one it was.
    value: the column that holds its value.
    reason: the column that says why its cell is empty; only forms know that.
    empty: keep the records of empty cells, as of a planned visit, or drop them; they are dropped
        unless it is said.
    """

    class Columns(Frozen):
        columns: dict[Name, str]
        name: Name
        value: Name
        reason: Name = ""
        empty: Literal["keep", "drop"] = "drop"

    melt: Columns


class Transpose(Frozen):
    """One record per group, with a column for each listed value of `name`: the reverse of melt.

    by: the columns that make a group; one names the subject.
    name: the column that says which column a value becomes.
    value: the column that holds the values.
    columns: the value of `name`, and the column that it becomes.
    """

    class Columns(Frozen):
        by: tuple[Name, ...]
        name: Name
        value: Name
        columns: dict[str, Name] = Field(min_length=1)

    transpose: Columns


class Match(Frozen):
    """Columns of the one record of another source that has the same keys.

    with: the form, table or dataset.
    on: the columns that must be the same, as a list, or as here: there.
    take: the columns that come, as a list, or as new: old.
    unmatched: keep records without a match, or drop them; they are kept unless it is said.
    """

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

    Several matches are an error of the wiring, unless it says which is taken. Columns that are
    compared stand as here: there.

    with: the form, table or dataset.
    on: the columns that must be the same, as a list, or as here: there.
    take: the columns that come, as a list, or as new: old.
    unmatched: keep records without a match, or drop them; they are kept unless it is said.
    where: the condition of records there that count; otherwise all.
    between: columns here, each with the two there that bound it; the bounds are included.
    during: ISO 8601 text here, each with its start and end there, as far as both are known.
    not_before: columns here, each with the one there that it is not before.
    not_after: columns here, each with the one there that it is not after.
    nearest: the column here, and that there with the smallest distance, which is taken.
    within: the greatest distance of the nearest that counts.
    latest: the column there whose greatest value decides which of several is taken.
    earliest: the column there whose smallest value decides which of several is taken.
    matches: all, where each of several gives a record; one unless it is said.
    """

    class With(Match):
        where: Where = {}
        between: dict[Name, tuple[Name, Name]] = Field({}, min_length=1)
        during: dict[Name, tuple[Name, Name]] = Field({}, min_length=1)
        not_before: dict[Name, Name] = Field({}, min_length=1)
        not_after: dict[Name, Name] = Field({}, min_length=1)
        nearest: dict[Name, Name] = Field({}, min_length=1)
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
        def spans(self) -> list[tuple[Name, Name, Name]]:
            """Columns of ISO 8601 text here, each with those there of its start and its end."""
            return [(here, start, end) for here, (start, end) in self.during.items()]

        @property
        def measured(self) -> list[tuple[Name, Name]]:
            """Columns here and there, of dates or numbers, compared by their order or distance."""
            return [*self.lower, *self.upper, *self.nearest.items()]

        @property
        def dated(self) -> list[tuple[Name, Name]]:
            """Columns here and there, of ISO 8601 text, that are compared."""
            found: list[tuple[Name, Name]] = []
            for here, start, end in self.spans:
                found += [(here, start), (here, end)]
            return found

        @property
        def compared(self) -> list[tuple[Name, Name]]:
            """All columns here and there that are compared."""
            return [*self.measured, *self.dated]

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
    """Those of the records so far that fit the condition.

    filter: the condition, or the values of columns, or present or absent.
    """

    filter: Where


class Ordered(Frozen):
    """What depends on an order of records; `-X` orders descending.

    order: the columns that order it, the most important first.
    """

    order: tuple[str, ...] = ()

    @property
    def sorting(self) -> dict[Name, bool]:
        """The columns of the order, most important first, and whether they ascend."""
        found: dict[Name, bool] = {}
        for name in self.order:
            found.setdefault(name.removeprefix("-"), not name.startswith("-"))
        return found


class First(Frozen):
    """The first record of each group in the given order; `-X` orders descending.

    Missing comes last.

    by: the columns that make a group; one names the subject.
    order: the columns that order it, the most important first.
    """

    class By(Ordered):
        by: tuple[Name, ...]
        order: tuple[str, ...] = Field(min_length=1)

    first: By


class Last(Frozen):
    """The last record of each group in the given order; `-X` orders descending.

    Missing comes first.

    last: by and order, as in first.
    """

    last: First.By


class Statistic(Ordered):
    """One statistic of one column.

    Missing values do not count. `first` and `last` need an `order`, a `quantile` its `share`.

    sum: the column whose numbers are added.
    mean: the column whose numbers are averaged.
    std: the column of whose numbers it is the standard deviation.
    median: the column of whose numbers it is the one in the middle.
    quantile: the column of whose numbers the share is at most as great.
    count: the column whose values are counted.
    distinct: the column whose different values are counted.
    min: the column whose smallest value it is.
    max: the column whose greatest value it is.
    first: the column whose value comes first in the order.
    last: the column whose value comes last in the order.
    order: the columns that order it, the most important first; `-X` orders descending.
    share: of the quantile, from 0 to 1.
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
        if self.order and self.how not in IN_ORDER:
            raise ValueError(f"order goes with first and last, not with {self.how}")
        if not self.order and self.how in IN_ORDER:
            raise ValueError(f"{self.how} needs an order, as in {{first: X, order: [ADT]}}")
        if self.share is not None and self.how != "quantile":
            raise ValueError(f"share goes with quantile, not with {self.how}")
        if self.share is None and self.how == "quantile":
            raise ValueError("a quantile needs a share, as in {quantile: X, share: 0.25}")
        if not 0 <= (self.share or 0) <= 1:
            raise ValueError("the share of a quantile is from 0 to 1")
        return self


OF_NUMBERS = ("sum", "mean", "std", "median", "quantile")
IN_ORDER = ("first", "last")
STATISTICS = (*OF_NUMBERS, "count", "distinct", "min", "max", *IN_ORDER)
COUNTS = ("count", "distinct")


class Summarize(Frozen):
    """One record per group; each new column is one statistic of one old column.

    Missing values do not count.

    by: the columns that make a group; one names the subject.
    take: each new column, with its statistic and the column that this is of.
    """

    class By(Frozen):
        by: tuple[Name, ...]
        take: dict[Name, Statistic]

    summarize: By


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
    | Annotated[Values, Tag("values")]
    | Annotated[Melt, Tag("melt")]
    | Annotated[Transpose, Tag("transpose")]
    | Annotated[Join, Tag("join")]
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
