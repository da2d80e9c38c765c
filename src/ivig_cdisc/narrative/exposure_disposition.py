"""How the study went for a subject: consent, treatment, end, doses; from DM, DS and EX."""

from __future__ import annotations

from .filling import part
from .phrases import date, enumerated, lower_term, on_day, sentence
from .subject import Record, Subject


def consent(subject: Subject) -> list[str]:
    """When informed consent was given."""
    return _dated(subject, "RFICDTC", "Informed consent was given on")


def treatment(subject: Subject) -> list[str]:
    """When treatment began and ended, or that there was none."""
    if subject.untreated:
        return ["There was no treatment."]
    began = _dated(subject, "RFXSTDTC", "Treatment began on")
    return [*began, *_dated(subject, "RFXENDTC", "Treatment ended on")]


def _dated(subject: Subject, variable: str, text: str) -> list[str]:
    if variable not in subject.facts:
        return []
    return [sentence(f"{text} {date(subject.facts[variable])}")]


def end(subject: Subject) -> list[str]:
    """How and when the study ended, as DS says, or its date alone; and death."""
    records = subject.records("DS")
    ends = []
    for record in records:
        if record.get("DSCAT") == "DISPOSITION EVENT":
            ends.append(_disposition(record))
    if not ends:
        ends = _dated(subject, "RFPENDTC", "The study ended on")
    return [*ends, *_dated(subject, "DTHDTC", "The subject died on")]


def _disposition(record: Record) -> str:
    when = ""
    if "DSSTDTC" in record:
        when = f" on {on_day(record, 'DSSTDTC', 'DSSTDY')}"
    reason = ""
    if record.get("DSTERM") != record.get("DSDECOD"):
        reason = part(' ("{DSTERM}")', record)
    return sentence(f"The study ended{when}: {lower_term(record, 'DSDECOD')}{reason}")


# ---------------------------------------------------------------- doses
DOSE = (
    "{EXDOSE}[ {EXDOSU}] on day {EXSTDY}",
    "{EXDOSE}[ {EXDOSU}] on {EXSTDTC}",
    "{EXDOSE}[ {EXDOSU}] on an unknown date",
    "an unknown dose on day {EXSTDY}",
    "an unknown dose on {EXSTDTC}",
)
UNKNOWN_DOSE = "an unknown dose on an unknown date"


def doses(subject: Subject) -> list[str]:
    """All doses in one sentence."""
    given = [_dose(record) for record in subject.records("EX")]
    if not given:
        return []
    return [sentence(f"Given were {enumerated(given)}")]


def _dose(record: Record) -> str:
    known = {**record}
    if "EXSTDTC" in known:
        known["EXSTDTC"] = date(known["EXSTDTC"])
    for text in DOSE:
        told = part(text, known)
        if told:
            return told
    return UNKNOWN_DOSE
