"""One subject's records in an output folder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from ..dataset import Dataset
from ..errors import CdiscError
from ..metadata import Variable, is_open
from ..output import StudyOutput
from ..text import suggest

Record = dict[str, Any]  # variable: value; a missing value is not there


@dataclass(frozen=True)
class Subject:
    """A subject, and all that is known of it."""

    opened: StudyOutput
    usubjid: str
    subjid: str

    @cached_property
    def datasets(self) -> Mapping[str, Dataset]:
        """The datasets of the output that have subjects, with the records of this one."""
        return self.opened.of_subject(self.usubjid)

    def records(self, dataset: str) -> list[Record]:
        """The subject's records in a dataset, in its order; none where it is not in the output."""
        made = self.datasets.get(dataset)
        if made is None:
            return []
        return as_records(made.frame)

    def record(self, dataset: str) -> Record:
        """The subject's first record in a dataset; empty where there is none."""
        return next(iter(self.records(dataset)), {})

    def asked(self, dataset: str, variable: str) -> bool:
        """Whether the study fills this variable, so that a missing value says something."""
        if dataset not in self.opened.datasets:
            return False
        for known in self.opened.study.dataset(dataset).variables:
            if known.name == variable:
                return _is_filled(known)
        return False

    @property
    def untreated(self) -> bool:
        """It is known that there was no treatment.

        The study says when treatment began, or each dose, and here is neither.
        """
        if not self.facts or "RFXSTDTC" in self.facts or "TRTSDT" in self.facts:
            return False
        if self.records("EX"):
            return False
        in_subjects = self.asked("DM", "RFXSTDTC") or self.asked("ADSL", "TRTSDT")
        return in_subjects or self.asked("EX", "EXSTDTC")

    @cached_property
    def facts(self) -> Record:
        """What ADSL and DM say of the subject."""
        return {**self.record("DM"), **self.record("ADSL")}

    @property
    def findings(self) -> list[Record]:
        """Findings on the subject, under either of its ids."""
        found = self.opened.findings
        return as_records(found[found["subject"].isin([self.usubjid, self.subjid])])

    def source(self, record: Record) -> Record:
        """The record that an analysis record names by SRCDOM and SRCSEQ; empty if it names none."""
        domain, number = record.get("SRCDOM", ""), record.get("SRCSEQ")
        if number is None:
            return {}
        sequence = "ASEQ"
        if len(domain) == 2:
            sequence = f"{domain}SEQ"
        for other in self.records(domain):
            if other.get(sequence) == number:
                return other
        return {}


def as_records(frame: pd.DataFrame) -> list[Record]:
    """Each row of a frame as what is known in it."""
    rows = frame.astype("object").to_dict("records")
    return [_known(row) for row in rows]


def _known(row: Mapping[Any, Any]) -> Record:
    return {str(name): value for name, value in row.items() if pd.notna(value)}


def _is_filled(variable: Variable) -> bool:
    """Whether a variable has a source; one that is still to decide has none."""
    value = variable.wiring.constants.get("value")
    return bool(variable.wiring.reads or (value and not is_open(value)))


# ---------------------------------------------------------------- which one
def find(opened: StudyOutput, subject: str) -> Subject:
    """The subject with this USUBJID or collected id.

    CdiscError, with the nearest, where none has.
    """
    wanted = subject.strip()
    people = _people(opened)
    mine = people[people["USUBJID"].eq(wanted) | people["SUBJID"].eq(wanted)]
    if mine.empty:
        place = _only_found(opened, wanted)
        if place:
            reason = f"it stands in {place}, but not among the subjects"
            raise CdiscError(f"{opened.out} has no subject {subject}: {reason}")
        known = [*people["SUBJID"].dropna(), *people["USUBJID"].dropna()]
        raise CdiscError(f"{opened.out} has no subject {subject}{suggest(wanted, known)}")
    return Subject(opened, str(mine["USUBJID"].iloc[0]), str(mine["SUBJID"].iloc[0]))


def _people(opened: StudyOutput) -> pd.DataFrame:
    """USUBJID and SUBJID of all subjects, as text."""
    for name in ("DM", "ADSL"):
        if name in opened.datasets:
            records = opened.records(name).astype("str")
            if "SUBJID" not in records:  # an analysis dataset of one's own may have none
                records = records.assign(SUBJID=records["USUBJID"])
            return records[["USUBJID", "SUBJID"]]
    raise CdiscError(f"{opened.out} has neither DM nor ADSL, so its subjects are not known")


def _only_found(opened: StudyOutput, subject: str) -> str:
    """File and line of a subject that came into no dataset; empty where it is in no finding."""
    found = opened.findings
    mine = found[found["subject"].eq(subject) & found["file"].notna()]
    for file, line in mine[["file", "line"]].head(1).itertuples(index=False):
        return f"{file}:{line}"
    return ""
