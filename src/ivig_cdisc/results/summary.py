"""The results of a study's closing summary, read off its finished datasets part by part."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from ..conditions import fits
from ..metadata import PRIMARY, Analysis
from ..text import value_text
from .methods import METHODS, NAN, Sample

SUBJECT = "USUBJID"
Frames = Mapping[str, pd.DataFrame]


@dataclass(frozen=True)
class Line:
    """One result: what it is, how it reads, and its numbers; NaN where a number does not exist."""

    id: str
    label: str
    text: str
    count: int
    total: int
    estimate: float = NAN
    lower: float = NAN
    upper: float = NAN
    purpose: str = ""

    @property
    def is_primary(self) -> bool:
        """It is the result of the primary outcome measure."""
        return self.purpose == PRIMARY


@dataclass(frozen=True)
class Kept:
    """What one analysis needs of some subjects: the members of its set, and their records."""

    members: pd.DataFrame  # subject, and the variables that results are given by
    records: pd.DataFrame  # subject, event, value


def kept(analyses: Iterable[Analysis], frames: Frames) -> dict[str, Kept]:
    """What the closing summary needs of the datasets of some subjects, by analysis.

    Args:
        analyses: all of the study.
        frames: datasets by name.

    Returns:
        Nothing of an analysis that is not in the summary, or whose datasets are not there.
    """
    found = {}
    for analysis in analyses:
        if analysis.order and {analysis.set.take, analysis.records.take} <= set(frames):
            found[analysis.id] = _kept(analysis, frames)
    return found


def _kept(analysis: Analysis, frames: Frames) -> Kept:
    people = frames[analysis.set.take]
    people = people[fits(people, analysis.set.where)]
    members = people[list(analysis.by)].assign(subject=people[SUBJECT].astype("str"))
    records = frames[analysis.records.take]
    records = records[fits(records, analysis.records.where)]
    value = pd.Series(NAN, records.index)
    if analysis.value:
        value = records[analysis.value]
    columns = {
        "subject": records[SUBJECT].astype("str"),
        "event": fits(records, analysis.event),
        "value": value,
    }
    mine = pd.DataFrame(columns)
    return Kept(members, mine[mine["subject"].isin(members["subject"])])


def lines(analyses: Iterable[Analysis], parts: Sequence[Mapping[str, Kept]]) -> list[Line]:
    """The closing summary, in its order, off what each part of the subjects kept.

    Args:
        analyses: all of the study.
        parts: what `kept` gave of each part.

    Returns:
        One line for each analysis that was kept, or for each group of its subjects.
    """
    if not parts:
        return []
    shown = [analysis for analysis in analyses if analysis.id in parts[0]]
    found: list[Line] = []
    for analysis in sorted(shown, key=lambda analysis: analysis.order):
        found += _lines(analysis, _together(analysis.id, parts))
    return found


def _together(analysis: str, parts: Sequence[Mapping[str, Kept]]) -> Kept:
    """What all parts kept for one analysis."""
    members, records = [], []
    for part in parts:
        members.append(part[analysis].members)
        records.append(part[analysis].records)
    every_member = pd.concat(members, ignore_index=True)
    return Kept(every_member, pd.concat(records, ignore_index=True))


def _lines(analysis: Analysis, whole: Kept) -> Iterator[Line]:
    """One line, or one for each group of subjects."""
    for label, members in _groups(analysis, whole.members):
        subjects = members["subject"].drop_duplicates()
        records = whole.records[whole.records["subject"].isin(subjects)]
        result = METHODS[analysis.method](Sample(subjects, records))
        yield Line(analysis.id, label, **vars(result), purpose=analysis.purpose)


def _groups(analysis: Analysis, members: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    if not analysis.by:
        yield analysis.title, members
        return
    for values, part in members.groupby(list(analysis.by), observed=True):
        told = ", ".join(value_text(value) for value in values)
        yield f"{analysis.title}, {told}", part
