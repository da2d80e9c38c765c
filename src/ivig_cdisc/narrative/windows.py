"""Which of several records of a visit was analysed, and which lie in no window.

Of any BDS dataset.
"""

from __future__ import annotations

from .filling import part
from .phrases import enumerated, number, on_day, sentence
from .subject import Record, Subject

BOOKED = "are among these: the study day decides, not the name of the visit."


def windows(subject: Subject, records: list[Record]) -> list[str]:
    """Why one of several records of a visit was analysed, and what bears another visit's name."""
    return [*_choices(records), *_booked(subject, records)]


def _choices(records: list[Record]) -> list[str]:
    """Why the analysed record was chosen; parameters with the same days in one sentence."""
    told: dict[str, list[str]] = {}
    parameters = _by_parameter(records)
    for mine in parameters.values():
        chosen = _analysed(mine)
        if chosen is not None and len(mine) > 1:
            others = [record for record in mine if record is not chosen]
            told.setdefault(_choice(chosen, others), []).append(_name(chosen))
    sentences = []
    for reason, names in told.items():
        sentences.append(sentence(_whose(names, len(parameters), reason)))
    return sentences


def _by_parameter(records: list[Record]) -> dict[str, list[Record]]:
    """The records of each parameter that have a day."""
    found: dict[str, list[Record]] = {}
    for record in records:
        mine = found.setdefault(record["PARAMCD"], [])
        if "ADY" in record:
            mine.append(record)
    return found


def _analysed(records: list[Record]) -> Record | None:
    for record in records:
        if record.get("ANL01FL") == "Y":
            return record
    return None


def _whose(names: list[str], parameters: int, reason: str) -> str:
    if len(names) == parameters and parameters > 1:
        return f"All measures: {reason}"
    return f"{enumerated(names)}: {reason}"


def _name(record: Record) -> str:
    return str(record.get("PARAM", record["PARAMCD"]))


def _choice(chosen: Record, others: list[Record]) -> str:
    known = sorted(record["ADY"] for record in (chosen, *others))
    days = enumerated([number(day) for day in known])
    days_of_window = part(" (days {AWLO} to {AWHI})", chosen)
    taken = f"that of day {number(chosen['ADY'])} is analysed, {_why(chosen, others)}"
    return f"records of days {days} lie in the window{days_of_window}; {taken}"


def _why(chosen: Record, others: list[Record]) -> str:
    """The reason, from the distances that the dataset holds."""
    target = part("target day[ {AWTARGET}]", chosen)
    nearest = min(record.get("AWTDIFF", float("inf")) for record in others)
    if chosen.get("AWTDIFF", 0) < nearest:
        return f"the nearest to {target}"
    days = {record["ADY"] for record in others if record.get("AWTDIFF") == nearest}
    if days <= {chosen["ADY"]}:
        return f"the last of its day, the nearest to {target}"
    return f"the later of those equally near to {target}"


def _booked(subject: Subject, records: list[Record]) -> list[str]:
    """Records that were collected under the name of another visit: study days decide, not names."""
    named = set()
    for record in records:
        if record.get("ANL01FL") == "Y":
            collected = subject.source(record).get("VISIT", "").upper()
            here = record.get("AVISIT", "").upper()
            if collected and collected != here and not collected.startswith("UNSCHEDULED"):
                named.add(collected)
    return [f"Records collected as {visit} {BOOKED}" for visit in sorted(named)]


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
