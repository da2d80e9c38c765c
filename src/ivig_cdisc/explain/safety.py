"""Adverse events in brief, and what was found wrong in the subject's records."""

from __future__ import annotations

from .parts import Section
from .person import Person, Record
from .words import count, low, number, sentence

CRITERIA = {
    "AESDTH": "death",
    "AESLIFE": "life-threatening",
    "AESHOSP": "hospitalisation",
    "AESDISAB": "disability",
    "AESCONG": "congenital anomaly",
    "AESMIE": "medically important",
}
INTEREST = "CQ"


def events(person: Person) -> Section:
    """How many events, and each in one sentence; ADAE where it was made, else AE."""
    found = person.records("ADAE") or person.records("AE")
    if not found:
        return Section("Adverse events")
    serious = sum(event.get("AESER") == "Y" for event in found)
    emergent = sum(event.get("TRTEMFL") == "Y" for event in found)
    told = f"{count(len(found), 'adverse event')}, {emergent or 'none'} treatment-emergent, {serious or 'none'} serious"
    return Section("Adverse events", (sentence(told), *map(_event, found)))


def _event(event: Record) -> str:
    name = event.get("AETERM") or event.get("AEDECOD", "unnamed")
    term = f" ({event['AEDECOD']})" if "AEDECOD" in event else ""
    parts = [low(event, "AESEV"), _when(event), *_kind(event), low(event, "AEREL"), *_outcome(event)]
    return sentence(f"{name}{term}: {', '.join(filter(None, parts))}")


def _outcome(event: Record) -> list[str]:
    return [f"outcome {low(event, 'AEOUT')}"] if "AEOUT" in event else []


def _when(event: Record) -> str:
    start = f"from {event.get('AESTDTC', 'an unknown date')}"
    day = f" (day {number(event['ASTDY'])})" if "ASTDY" in event else ""
    end = f" to {event['AEENDTC']}" if "AEENDTC" in event else ""
    return f"{start}{day}{end}"


def _kind(event: Record) -> list[str]:
    """Treatment-emergent, serious with its criteria, of special interest."""
    emergent = {"Y": "treatment-emergent"}.get(event.get("TRTEMFL", ""), "not treatment-emergent")
    undated = "treatment-emergence unknown" if "ASTDT" not in event else emergent
    ticked = [word for name, word in CRITERIA.items() if event.get(name) == "Y"]
    why = f" ({', '.join(ticked)})" if ticked else ""
    serious = {"Y": f"serious{why}", "N": "not serious"}.get(event.get("AESER", ""), "seriousness unknown")
    special = [f"of special interest: {low(event, n)}" for n in event if n.startswith(INTEREST) and n.endswith("NAM")]
    return [undated, serious, *special]


def found(person: Person) -> Section:
    """Findings on the subject, with the place in the raw files."""
    return Section("Findings", tuple(_finding(record) for record in person.findings))


def _finding(record: Record) -> str:
    place = ":".join(str(record[name]) for name in ("file", "line", "column") if name in record)
    told = sentence(f"{record.get('severity', 'finding')}: {record.get('message', '')}")
    return f"{told} [{', '.join(filter(None, (record.get('rule', ''), place)))}]"
