"""Adverse events in brief, and what was found wrong in the subject's records."""

from __future__ import annotations

from .phrases import count, lower_term, number, sentence
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
    return [sentence(", ".join(counted)), *(_event(subject, event) for event in found)]


def _ticked(events: list[Record], flag: str) -> int | str:
    """How many events have a flag; none where there is not one."""
    return sum(event.get(flag) == "Y" for event in events) or "none"


def _event(subject: Subject, event: Record) -> str:
    name = event.get("AETERM") or event.get("AEDECOD", "unnamed")
    term = f" ({event['AEDECOD']})" if "AEDECOD" in event else ""
    parts = [
        lower_term(event, "AESEV"),
        _when(subject, event),
        *_kind(subject, event),
        _relation(event),
        *_outcome(event),
    ]
    return sentence(f"{name}{term}: {', '.join(filter(None, parts))}")


def _relation(event: Record) -> str:
    """What the investigator says of the causality: where that is asked as yes or no, in words."""
    return RELATED.get(event.get("AEREL", "")) or lower_term(event, "AEREL")


def _outcome(event: Record) -> list[str]:
    return [f"outcome {lower_term(event, 'AEOUT')}"] if "AEOUT" in event else []


def _when(subject: Subject, event: Record) -> str:
    unknown = "from an unknown date" if subject.asked("AE", "AESTDTC") else ""
    start = f"from {event['AESTDTC']}" if "AESTDTC" in event else unknown
    day = f" (day {number(event['ASTDY'])})" if "ASTDY" in event else ""
    end = f" to {event['AEENDTC']}" if "AEENDTC" in event else ""
    return f"{start}{day}{end}".strip()


def _kind(subject: Subject, event: Record) -> list[str]:
    """Treatment-emergent, serious with its criteria, of special interest; nothing of what the study does not ask."""
    ticked = [word for name, word in CRITERIA.items() if event.get(name) == "Y"]
    why = f" ({', '.join(ticked)})" if ticked else ""
    unknown = "seriousness unknown" if subject.asked("AE", "AESER") else ""
    serious = {"Y": f"serious{why}", "N": "not serious"}.get(event.get("AESER", ""), unknown)
    special = [
        f"of special interest: {lower_term(event, n)}"
        for n in event
        if n.startswith(INTEREST) and n.endswith("NAM")
    ]
    return [*_emergent(subject, event), serious, *special]


def _emergent(subject: Subject, event: Record) -> list[str]:
    if not subject.asked("ADAE", "TRTEMFL"):
        return []
    if "ASTDT" not in event:
        return ["treatment-emergence unknown"]
    return ["treatment-emergent" if event.get("TRTEMFL") == "Y" else "not treatment-emergent"]


def found(subject: Subject) -> list[str]:
    """Findings on the subject, with the place in the raw files."""
    return [_finding(record) for record in subject.findings]


def _finding(record: Record) -> str:
    place = ":".join(str(record[name]) for name in ("file", "line", "column") if name in record)
    told = sentence(f"{record.get('severity', 'finding')}: {record.get('message', '')}")
    return f"{told} [{', '.join(filter(None, (record.get('rule', ''), place)))}]"
