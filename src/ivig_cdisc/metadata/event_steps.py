"""Times to event as a row step: what the YAML may say of them."""

from __future__ import annotations

from pydantic import Field

from .frozen import Frozen, Name, Where


class EventSource(Frozen):
    """Where an event, or an end of observation, comes from.

    Of each subject the first record by date counts, or the last.

    take: the form or dataset.
    where: the condition of records that count; otherwise all.
    date: the column that becomes ADT; a record that is missing it is none.
    flag: the column that says what of the date is imputed; becomes ADTF.
    order: the columns that order records of the same date, the most important first.
    last: whether the last record of a subject counts, and not the first.
    says: the description, EVNTDESC.
    censored: the description of the date of censoring, CNSDTDSC.
    """

    take: Name
    where: Where = {}
    date: Name
    flag: Name = ""
    order: tuple[str, ...] = ()
    last: bool = False
    says: str = ""
    censored: str = ""


class Latest(Frozen):
    """Of several censorings the one with the latest date.

    latest: the sources of the censorings.
    """

    latest: tuple[Name, ...]


class Parameter(Frozen):
    """A time to event: its events, and what ends the observation without one.

    The earliest event counts. Without one, the first of the censorings that the subject has.

    event: the source of the event, or several.
    censor: the source that ends the observation, or several in their order, or the latest of them.
    none: the description, EVNTDESC, of a censoring that says nothing itself.
    """

    event: Name | tuple[Name, ...]
    censor: Name | tuple[Name, ...] | Latest = ()
    none: str = ""

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
    """Times to event: one record for each subject and parameter.

    for: who takes part.
    take: the dataset that lists the subjects.
    where: the condition of subjects who take part; otherwise all.
    start: the column of that dataset from which time is counted; becomes STARTDT.
    sources: where events and ends of observation come from, by a name of their own.
    parameters: by PARAMCD, each with its event and its censoring.
    """

    class Times(Frozen):
        class Subjects(Frozen):
            take: Name
            where: Where = {}

        for_: Subjects = Field(alias="for")
        start: Name
        sources: dict[Name, EventSource]
        parameters: dict[Name, Parameter]

    events: Times
