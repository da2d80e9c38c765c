"""What decided each time to event; from any dataset of the structure TTE."""

from __future__ import annotations

from .filling import part
from .phrases import enumerated, lower_term, sentence
from .subject import Record, Subject


def times(subject: Subject) -> list[str]:
    """For each time to event: what decided it and when."""
    told = []
    for name in subject.datasets:
        if subject.opened.study.dataset(name).structure == "TTE":
            for record in subject.records(name):
                told.append(_time(subject, record))
    return told


def _time(subject: Subject, record: Record) -> str:
    name = record.get("PARAM", record["PARAMCD"])
    source = part(", from {SRCDOM}[.{SRCVAR}]", record)
    event = lower_term(record, "EVNTDESC")
    if record.get("CNSR") == 0:
        which = part(' ("{AETERM}")', subject.source(record))
        return sentence(f"{name}: event on {_when(record)}, {event}{which}{source}")
    told = f"{name}: censored on {_when(record)}, {_reason(record, event)}{source}"
    return sentence(told)


def _reason(record: Record, event: str) -> str:
    """Why a time is censored, and what happened then where the reason does not say so."""
    reason = lower_term(record, "CNSDTDSC")
    if event in reason:
        return reason
    return enumerated(list(filter(None, [reason, event])))


def _when(record: Record) -> str:
    return part("day {AVAL}[ ({ADT})]", record) or part("an unknown day[ ({ADT})]", record)
