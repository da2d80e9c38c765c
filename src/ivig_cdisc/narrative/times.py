"""What decided each time to event; from any dataset of the structure TTE."""

from __future__ import annotations

from .filling import part
from .phrases import enumerated, lower_term, sentence
from .subject import Record, Subject


def times(subject: Subject) -> list[str]:
    """For each time to event: what decided it and when."""
    told = []
    for name, dataset in subject.datasets.items():
        if dataset.spec.structure == "TTE":
            told += [_time(subject, record) for record in subject.records(name)]
    return told


def _time(subject: Subject, record: Record) -> str:
    name = record.get("PARAM", record["PARAMCD"])
    source = part(", from {SRCDOM}[.{SRCVAR}]", record)
    event = lower_term(record, "EVNTDESC")
    if record.get("CNSR") == 0:
        which = part(' ("{AETERM}")', subject.source(record))
        return sentence(f"{name}: event on {_when(record)}, {event}{which}{source}")
    reason = lower_term(record, "CNSDTDSC")
    reasons = [reason] if reason else []
    if event and event not in reason:
        reasons.append(event)
    told = f"{name}: censored on {_when(record)}, {enumerated(reasons)}{source}"
    return sentence(told)


def _when(record: Record) -> str:
    return part("day {AVAL}[ ({ADT})]", record) or part("an unknown day[ ({ADT})]", record)
