"""Adverse events in brief, and what was found wrong in the subject's records."""

from __future__ import annotations

from .phrases import count, low, number, sentence
from .sections import Section
from .subject import Person, Record

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


def events(person: Person) -> Section:
    """How many events, and each in one sentence; ADAE where it was made, else AE."""
    found = person.records("ADAE") or person.records("AE")
    if not found:
        return Section("Adverse events")
    serious = sum(event.get("AESER") == "Y" for event in found)
    emergent = sum(event.get("TRTEMFL") == "Y" for event in found)
    counted = [count(len(found), "adverse event")]
    counted += (
        [f"{emergent or 'none'} treatment-emergent"] if person.asked("ADAE", "TRTEMFL") else []
    )
    counted += [f"{serious or 'none'} serious"] if person.asked("AE", "AESER") else []
    return Section(
        "Adverse events",
        (sentence(", ".join(counted)), *(_event(person, event) for event in found)),
    )


def _event(person: Person, event: Record) -> str:
    name = event.get("AETERM") or event.get("AEDECOD", "unnamed")
    term = f" ({event['AEDECOD']})" if "AEDECOD" in event else ""
    parts = [
        low(event, "AESEV"),
        _when(person, event),
        *_kind(person, event),
        _relation(event),
        *_outcome(event),
    ]
    return sentence(f"{name}{term}: {', '.join(filter(None, parts))}")


def _relation(event: Record) -> str:
    """What the investigator says of the causality: where that is asked as yes or no, in words."""
    return RELATED.get(event.get("AEREL", "")) or low(event, "AEREL")


def _outcome(event: Record) -> list[str]:
    return [f"outcome {low(event, 'AEOUT')}"] if "AEOUT" in event else []


def _when(person: Person, event: Record) -> str:
    unknown = "from an unknown date" if person.asked("AE", "AESTDTC") else ""
    start = f"from {event['AESTDTC']}" if "AESTDTC" in event else unknown
    day = f" (day {number(event['ASTDY'])})" if "ASTDY" in event else ""
    end = f" to {event['AEENDTC']}" if "AEENDTC" in event else ""
    return f"{start}{day}{end}".strip()


def _kind(person: Person, event: Record) -> list[str]:
    """Treatment-emergent, serious with its criteria, of special interest; nothing of what the study does not ask."""
    ticked = [word for name, word in CRITERIA.items() if event.get(name) == "Y"]
    why = f" ({', '.join(ticked)})" if ticked else ""
    unknown = "seriousness unknown" if person.asked("AE", "AESER") else ""
    serious = {"Y": f"serious{why}", "N": "not serious"}.get(event.get("AESER", ""), unknown)
    special = [
        f"of special interest: {low(event, n)}"
        for n in event
        if n.startswith(INTEREST) and n.endswith("NAM")
    ]
    return [*_emergent(person, event), serious, *special]


def _emergent(person: Person, event: Record) -> list[str]:
    if not person.asked("ADAE", "TRTEMFL"):
        return []
    if "ASTDT" not in event:
        return ["treatment-emergence unknown"]
    return ["treatment-emergent" if event.get("TRTEMFL") == "Y" else "not treatment-emergent"]


def found(person: Person) -> Section:
    """Findings on the subject, with the place in the raw files."""
    return Section("Findings", tuple(_finding(record) for record in person.findings))


def _finding(record: Record) -> str:
    place = ":".join(str(record[name]) for name in ("file", "line", "column") if name in record)
    told = sentence(f"{record.get('severity', 'finding')}: {record.get('message', '')}")
    return f"{told} [{', '.join(filter(None, (record.get('rule', ''), place)))}]"
