"""Adverse events in brief, and what was found wrong in the subject's records."""

from __future__ import annotations

from .filling import part
from .phrases import count, lower_term, sentence
from .subject import Record, Subject

CRITERIA = {
    "AESDTH": "death",
    "AESLIFE": "life-threatening",
    "AESHOSP": "hospitalisation",
    "AESDISAB": "disability",
    "AESCONG": "congenital anomaly",
    "AESMIE": "medically important",
}
RELATED = {"Y": "related", "N": "not related", "U": "relation unknown"}
INTEREST = "CQ"


def events(subject: Subject) -> list[str]:
    """How many events, and each in one sentence; ADAE where it was made, else AE."""
    found = subject.records("ADAE") or subject.records("AE")
    if not found:
        return []
    counted = [count(len(found), "adverse event")]
    if subject.asked("ADAE", "TRTEMFL"):
        counted.append(f"{_ticked(found, 'TRTEMFL')} treatment-emergent")
    if subject.asked("AE", "AESER"):
        counted.append(f"{_ticked(found, 'AESER')} serious")
    told = [sentence(", ".join(counted))]
    for event in found:
        told.append(_event(subject, event))
    return told


def _ticked(events: list[Record], flag: str) -> int | str:
    """How many events have a flag; none where there is not one."""
    return sum(event.get(flag) == "Y" for event in events) or "none"


def _event(subject: Subject, event: Record) -> str:
    name = event.get("AETERM") or event.get("AEDECOD", "unnamed")
    term = part(" ({AEDECOD})", event)
    parts = [
        lower_term(event, "AESEV"),
        _when(subject, event),
        _emergent(subject, event),
        _serious(subject, event),
        *_special(event),
        _relation(event),
        part("outcome {AEOUT:lower}", event),
    ]
    return sentence(f"{name}{term}: {', '.join(filter(None, parts))}")


def _relation(event: Record) -> str:
    """What the investigator says of the causality: where that is asked as yes or no, in words."""
    return RELATED.get(event.get("AEREL", "")) or lower_term(event, "AEREL")


def _when(subject: Subject, event: Record) -> str:
    start = part("from {AESTDTC}", event)
    if not start and subject.asked("AE", "AESTDTC"):
        start = "from an unknown date"
    rest = part("[ (day {ASTDY})][ to {AEENDTC}]", event)
    return f"{start}{rest}".strip()


def _serious(subject: Subject, event: Record) -> str:
    """Serious with its criteria or not; nothing where the study does not ask."""
    answer = event.get("AESER")
    if answer == "N":
        return "not serious"
    if answer == "Y":
        return f"serious{_criteria(event)}"
    if subject.asked("AE", "AESER"):
        return "seriousness unknown"
    return ""


def _criteria(event: Record) -> str:
    ticked = [word for name, word in CRITERIA.items() if event.get(name) == "Y"]
    if not ticked:
        return ""
    return f" ({', '.join(ticked)})"


def _special(event: Record) -> list[str]:
    """Of which special interest the event is, by the customised queries of ADaM."""
    told = []
    for name in event:
        if name.startswith(INTEREST) and name.endswith("NAM"):
            told.append(f"of special interest: {lower_term(event, name)}")
    return told


def _emergent(subject: Subject, event: Record) -> str:
    if not subject.asked("ADAE", "TRTEMFL"):
        return ""
    if "ASTDT" not in event:
        return "treatment-emergence unknown"
    if event.get("TRTEMFL") == "Y":
        return "treatment-emergent"
    return "not treatment-emergent"


def found(subject: Subject) -> list[str]:
    """Findings on the subject, with the place in the raw files."""
    return [_finding(record) for record in subject.findings]


def _finding(record: Record) -> str:
    known = [str(record[name]) for name in ("file", "line", "column") if name in record]
    told = sentence(f"{record.get('severity', 'finding')}: {record.get('message', '')}")
    source = [record.get("rule", ""), ":".join(known)]
    return f"{told} [{', '.join(filter(None, source))}]"
