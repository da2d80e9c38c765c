"""One subject's records in an output folder."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from ..errors import CdiscError
from ..metadata import Variable, is_open, suggest
from ..output.reopen import Opened

Record = dict[str, Any]  # variable: value; a missing value is not there


@dataclass(frozen=True)
class Person:
    """A subject, and all that is known of it."""

    opened: Opened
    usubjid: str
    subjid: str

    def records(self, dataset: str) -> list[Record]:
        """The subject's records in a dataset, in its order; none where the dataset is not in the output."""
        made = self.opened.datasets.get(dataset)
        if made is None or "USUBJID" not in made.frame:
            return []
        frame = made.frame[made.frame["USUBJID"].astype("str").eq(self.usubjid)]
        return [
            {str(k): v for k, v in row.items() if pd.notna(v)}
            for row in frame.astype("object").to_dict("records")
        ]

    def record(self, dataset: str) -> Record:
        """The subject's first record in a dataset; empty where there is none."""
        return next(iter(self.records(dataset)), {})

    def asked(self, dataset: str, variable: str) -> bool:
        """Whether the study fills this variable of a dataset in the output, so that a missing value says something."""
        made = self.opened.datasets.get(dataset)
        variables = made.spec.variables if made else ()
        return any(v.name == variable and _is_filled(v) for v in variables)

    @property
    def untreated(self) -> bool:
        """It is known that there was no treatment: the study says when it began, or each dose, and here is neither."""
        if self.records("EX") or any(name in self.facts for name in ("RFXSTDTC", "TRTSDT")):
            return False
        told = (("DM", "RFXSTDTC"), ("ADSL", "TRTSDT"), ("EX", "EXSTDTC"))
        return bool(self.facts) and any(self.asked(*where) for where in told)

    @cached_property
    def facts(self) -> Record:
        """What ADSL and DM say of the subject."""
        return {**self.record("DM"), **self.record("ADSL")}

    @cached_property
    def improvement(self) -> list[Record]:
        """The subject's records in ADTIS."""
        return self.records("ADTIS")

    @property
    def findings(self) -> list[Record]:
        """Findings on the subject, under either of its ids."""
        found = self.opened.findings
        mine = found[found["subject"].isin([self.usubjid, self.subjid])].astype("object")
        return [
            {str(k): v for k, v in row.items() if pd.notna(v)} for row in mine.to_dict("records")
        ]

    def source(self, record: Record) -> Record:
        """The record that an analysis record names by SRCDOM and SRCSEQ; empty where it names none."""
        domain, number = record.get("SRCDOM", ""), record.get("SRCSEQ")
        sequence = f"{domain}SEQ" if len(domain) == 2 else "ASEQ"
        return next(
            (r for r in self.records(domain) if number is not None and r.get(sequence) == number),
            {},
        )


def _only_found(opened: Opened, subject: str) -> str:
    """The raw file and line where a subject stands that came into no dataset; empty where it is in no finding."""
    found = opened.findings
    mine = found[found["subject"].eq(subject) & found["file"].notna()]
    return ", ".join(
        f"{file}:{line}" for file, line in mine[["file", "line"]].head(1).itertuples(index=False)
    )


def _is_filled(variable: Variable) -> bool:
    """Whether a variable has a source; one that is still to decide has none."""
    value = variable.wiring.constants.get("value")
    return bool(variable.wiring.reads or (value and not is_open(value)))


def find(opened: Opened, subject: str) -> Person:
    """The subject with this USUBJID or collected id. CdiscError where there is none, with the nearest that there is."""
    made = next((opened.datasets[name] for name in ("DM", "ADSL") if name in opened.datasets), None)
    if made is None:
        raise CdiscError(f"{opened.out} has neither DM nor ADSL, so its subjects are not known")
    people = made.frame[["USUBJID", "SUBJID"]].astype("str")
    mine = people[people["USUBJID"].eq(subject.strip()) | people["SUBJID"].eq(subject.strip())]
    if mine.empty:
        if place := _only_found(opened, subject.strip()):
            raise CdiscError(
                f"{opened.out} has no subject {subject}: it stands in {place}, but not among the subjects"
            )
        known = [*people["SUBJID"].dropna(), *people["USUBJID"].dropna()]
        raise CdiscError(f"{opened.out} has no subject {subject}{suggest(subject.strip(), known)}")
    return Person(opened, str(mine["USUBJID"].iloc[0]), str(mine["SUBJID"].iloc[0]))
