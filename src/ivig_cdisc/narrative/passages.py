"""What the passages of a narrative say of one subject."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import groupby
from typing import Any

import pandas as pd

from .. import engine
from ..conditions import fits
from ..iso8601 import sort_key
from ..metadata import SOURCE, Listed, Passage
from . import exposure_disposition, imputations, people, safety, times, windows
from .filling import Value, filled, first_filled, first_said
from .phrases import enumerated
from .sections import Section, Told, section
from .subject import Record, Subject, as_records
from .tables import table

ALONE: dict[str, Callable[[Subject], list[str]]] = {  # they know names of CDISC and no study
    "subject": people.introduced,
    "sets": people.sets,
    "consent": exposure_disposition.consent,
    "treatment": exposure_disposition.treatment,
    "end": exposure_disposition.end,
    "doses": exposure_disposition.doses,
    "times": times.times,
    "ages": imputations.ages,
    "event dates": imputations.event_dates,
    "events": safety.events,
    "findings": safety.found,
}
OF_RECORDS: dict[str, Callable[[Subject, list[Record]], list[str]]] = {
    "windows": windows.windows,
    "outside": windows.outside,
}
Numbered = tuple[int, Passage]


def sections(subject: Subject, passages: Sequence[Passage]) -> Iterator[Section]:
    """All sections that have something to say, in the order of the passages."""
    for title, block in groupby(enumerate(passages), key=_title):
        for made in _block(subject, title, list(block)):
            if made.told:
                yield made


def lead(subject: Subject, passages: Sequence[Passage]) -> str:
    """The first sentence of a passage that leads; empty where none says anything."""
    for number, passage in enumerate(passages):
        if passage.lead:
            told = _told(subject, passage, _records(subject, number, passage))
            if told.sentences:
                return told.sentences[0]
    return ""


def _title(numbered: Numbered) -> str:
    return numbered[1].section


def _block(subject: Subject, title: str, block: list[Numbered]) -> Iterator[Section]:
    """The section of consecutive passages with one heading, or one for each value of `by`."""
    found = [(passage, _records(subject, number, passage)) for number, passage in block]
    if not any(passage.by for _, passage in block):
        yield _section(subject, title, found)
        return
    for value in _values(found):
        mine = [(passage, _of_value(passage, records, value)) for passage, records in found]
        yield _section(subject, _heading(title, mine), mine)


Found = tuple[Passage, list[Record] | None]


def _section(subject: Subject, title: str, found: list[Found]) -> Section:
    return section(title, [_told(subject, passage, records) for passage, records in found])


def _values(found: list[Found]) -> list[Any]:
    """All values of `by`, in order."""
    values = set()
    for passage, records in found:
        for record in records or ():
            if passage.by in record:
                values.add(record[passage.by])
    return sorted(values)


def _of_value(passage: Passage, records: list[Record] | None, value: Any) -> list[Record] | None:
    if records is None or not passage.by:
        return records
    return [record for record in records if record.get(passage.by) == value]


def _heading(title: str, found: list[Found]) -> str:
    """The title with the values of the first record that has them."""
    for _, records in found:
        for record in records or ():
            told = filled(title, record.get)
            if told:
                return told
    return title


# ---------------------------------------------------------------- records
def _records(subject: Subject, number: int, passage: Passage) -> list[Record] | None:
    """The records that a passage speaks of; None where a dataset that it reads is not there."""
    plan = subject.opened.prepared.narrative.get(number)
    if plan is None:
        return []
    read = set(subject.opened.study.made_from(plan.spec))
    for listed in passage.lists.values():
        read.add(listed.take)
    if not read <= set(subject.datasets):
        return None
    frame = engine.carry_out(plan, {}, subject.datasets).frame
    return as_records(_ordered(frame[fits(frame, passage.where)], passage.order))


def _ordered(frame: pd.DataFrame, order: Sequence[str]) -> pd.DataFrame:
    if not order:
        return frame
    names = [name.removeprefix("-") for name in order]
    ascending = [not name.startswith("-") for name in order]
    return frame.sort_values(
        names,
        ascending=ascending,
        kind="stable",
        na_position="last",
        key=partial(sort_key, undated="missing"),
    )


# ---------------------------------------------------------------- sentences
def _told(subject: Subject, passage: Passage, records: list[Record] | None) -> Told:
    if passage.general in ALONE:
        return Told(tuple(ALONE[passage.general](subject)))
    if records is None:
        return Told()
    if passage.general:
        return Told(tuple(OF_RECORDS[passage.general](subject, records)))
    if not records:
        return Told(tuple(filter(None, [passage.none])))
    if passage.table:
        study = subject.opened.study
        value = partial(_value, subject, passage)
        return Told(table=table(passage.table, passage.says, records, study, value))
    return Told(tuple(_said(subject, passage, records)))


def _said(subject: Subject, passage: Passage, records: list[Record]) -> Iterator[str]:
    for record in records:
        told = first_said(passage.says, _value(subject, passage, record))
        if told:
            yield told


def _value(subject: Subject, passage: Passage, record: Record) -> Value:
    """What stands for a name: a variable of the record or its source, or a list of records."""

    def value(name: str) -> Any:
        if name in passage.lists:
            return _listed(subject, passage.lists[name], record)
        if name.startswith(SOURCE):
            return subject.source(record).get(name.removeprefix(SOURCE))
        return record.get(name)

    return value


def _listed(subject: Subject, listed: Listed, record: Record) -> str:
    """Records of another dataset that belong to a record: a, b and c."""
    frame = subject.datasets[listed.take].frame
    chosen = fits(frame, listed.where)
    for name in listed.on:
        wanted: Any = record.get(name)
        chosen &= frame[name].astype("object").eq(wanted)
    told = []
    for other in as_records(_ordered(frame[chosen], listed.order)):
        said = first_filled(listed.says, other.get)
        if said is not None:
            told.append(said)
    return enumerated(told)
