"""Which of several records in the window of a visit was analysed, and which lie in none; from any BDS dataset."""

from __future__ import annotations

from .phrases import enumerated, number, on_day, sentence
from .subject import Record, Subject


def windows(subject: Subject, records: list[Record]) -> list[str]:
    """Why one of several records of a visit was analysed, and records collected under another visit's name."""
    return [*_choices(records), *_booked(subject, records)]


def _choices(records: list[Record]) -> list[str]:
    """Why the analysed record was chosen; parameters with the same days in one sentence."""
    told: dict[str, list[str]] = {}
    parameters = dict.fromkeys(record["PARAMCD"] for record in records)
    for parameter in parameters:
        mine = [r for r in records if r["PARAMCD"] == parameter and "ADY" in r]
        chosen = [r for r in mine if r.get("ANL01FL") == "Y"]
        if chosen and len(mine) > 1:
            others = [r for r in mine if r is not chosen[0]]
            reason = _choice(chosen[0], others)
            told.setdefault(reason, []).append(_name(chosen[0]))
    return [sentence(_whose(names, len(parameters), why)) for why, names in told.items()]


def _whose(names: list[str], parameters: int, reason: str) -> str:
    if len(names) == parameters and parameters > 1:
        return f"All measures: {reason}"
    return f"{enumerated(names)}: {reason}"


def _name(record: Record) -> str:
    return str(record.get("PARAM", record["PARAMCD"]))


def _choice(chosen: Record, others: list[Record]) -> str:
    known = sorted(record["ADY"] for record in (chosen, *others))
    days = enumerated([number(day) for day in known])
    place = "the window"
    if {"AWLO", "AWHI"} <= set(chosen):
        place = f"the window (days {number(chosen['AWLO'])} to {number(chosen['AWHI'])})"
    taken = f"that of day {number(chosen['ADY'])} is analysed, {_why(chosen, others)}"
    return f"records of days {days} lie in {place}; {taken}"


def _why(chosen: Record, others: list[Record]) -> str:
    """The reason, from the distances that the dataset holds."""
    target = "target day"
    if "AWTARGET" in chosen:
        target = f"target day {number(chosen['AWTARGET'])}"
    nearest = min(record.get("AWTDIFF", float("inf")) for record in others)
    if chosen.get("AWTDIFF", 0) < nearest:
        return f"the nearest to {target}"
    if all(r["ADY"] == chosen["ADY"] for r in others if r.get("AWTDIFF") == nearest):
        return f"the last of its day, the nearest to {target}"
    return f"the later of those equally near to {target}"


def _booked(subject: Subject, records: list[Record]) -> list[str]:
    """Records that were collected under the name of another visit: study days decide, not names."""
    named = set()
    for record in records:
        if record.get("ANL01FL") == "Y":
            collected = subject.source(record).get("VISIT", "").upper()
            if collected not in ("", record.get("AVISIT", "").upper()):
                named.add(collected)
    return [
        sentence(
            f"Records collected as {visit} are among these: the study day decides, not the name of the visit"
        )
        for visit in sorted(named)
        if not visit.startswith("UNSCHEDULED")
    ]


def outside(_subject: Subject, records: list[Record]) -> list[str]:
    """Records after baseline that lie in no window."""
    days: dict[str, list[str]] = {}
    for record in records:
        if "AVISITN" not in record and record.get("ADY", 0) > 0 and "CHG" in record:
            days.setdefault(on_day(record), []).append(_name(record))
    told = []
    for day, names in days.items():
        distinct = list(dict.fromkeys(names))
        told.append(sentence(f"{day}: {enumerated(distinct)}; not analysed at any visit"))
    return told
