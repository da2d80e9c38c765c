"""What decided each time to event; from any dataset of the structure TTE."""

from __future__ import annotations

from .phrases import date, enumerated, lower_term, number, sentence
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
    event, reason = lower_term(record, "EVNTDESC"), lower_term(record, "CNSDTDSC")
    if record.get("CNSR") == 0:
        term = subject.source(record).get("AETERM")
        which = f' ("{term}")' if term else ""
        return sentence(f"{name}: event on {_when(record)}, {event}{which}{_source(record)}")
    reasons = [reason] if reason else []
    if event and event not in reason:
        reasons.append(event)
    return sentence(f"{name}: censored on {_when(record)}, {enumerated(reasons)}{_source(record)}")


def _when(record: Record) -> str:
    day = f"day {number(record['AVAL'])}" if "AVAL" in record else "an unknown day"
    return f"{day} ({date(record['ADT'])})" if "ADT" in record else day


def _source(record: Record) -> str:
    known = [str(record[name]) for name in ("SRCDOM", "SRCVAR") if name in record]
    return f", from {'.'.join(known)}" if known else ""
