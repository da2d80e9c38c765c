"""Responder or not and why, and what decided each time to event."""

from __future__ import annotations

from .phrases import date, joined, low, number, on_day, sentence
from .sections import Section
from .subject import Person, Record


def lead(person: Person) -> str:
    """The story in one sentence: response, or why there is none to speak of."""
    told = response(person).sentences
    if told:
        return told[0]
    if person.untreated:
        reason = f": {low(person.facts, 'ARMNRS')}" if "ARMNRS" in person.facts else ""
        return sentence(f"{person.subjid} was not treated{reason}")
    return sentence(f"{person.subjid} of study {person.opened.study.id}")


# ---------------------------------------------------------------- response
def response(person: Person) -> Section:
    """Response at and by Week 9, each with its reason; whether it enters the efficacy analysis."""
    found = {record["PARAMCD"]: record for record in person.improvement}
    totals = [record for record in person.improvement if record["PARAMCD"] == "TIS"]
    told = []
    if "RESP40" in found:
        told.append(_at(person, found["RESP40"], totals))
    if "RESPBY40" in found:
        told.append(_by(person, found["RESPBY40"], totals))
    if told and person.facts.get("EFFFL") == "N":
        told.append(
            "This does not enter the efficacy analysis: the subject is not in the efficacy set."
        )
    return Section("Response", tuple(told))


def _threshold(person: Person) -> str:
    given = person.opened.study.facts.get("moderate")
    return number(given) if given is not None else "the threshold"


def _at(person: Person, record: Record, totals: list[Record]) -> str:
    visit = record.get("AVISIT", "the last visit")
    total = next((r for r in totals if r.get("AVISITN") == record.get("AVISITN")), None)
    if record.get("DTYPE") == "NRI" or total is None:
        return sentence(
            f"Not a responder at {visit}, by non-responder imputation: {_lacking(person, visit, total)}"
        )
    is_not, reaches = (
        ("Responder", "is at least") if record["AVAL"] == 1 else ("Not a responder", "is below")
    )
    return sentence(
        f"{is_not} at {visit}: the score of {_score(total)} {reaches} {_threshold(person)}"
    )


def _lacking(person: Person, visit: str, total: Record | None) -> str:
    start = person.facts.get("RESCDT")
    if total is not None:
        since = f" on {date(start)}" if start is not None else ""
        return f"the score of {_score(total)} is dated after the start of rescue medication{since}"
    rescued = f"; rescue medication began on {date(start)}" if start is not None else ""
    return f"there is no score at {visit}{rescued}"


def _score(total: Record) -> str:
    return f"{number(total['AVAL'])} on {on_day(total)}"


def _by(person: Person, record: Record, totals: list[Record]) -> str:
    visit = str(record.get("AVISIT", "by the last visit"))
    visit = visit[:1].lower() + visit[1:]
    if record.get("DTYPE") == "NRI":
        return sentence(
            f"Not a responder {visit}, by non-responder imputation: there is no score that counts"
        )
    total = next(
        (r for r in totals if r.get("ADT") == record.get("ADT") and "POSTRESC" not in r), None
    )
    here = (
        f"{_score(total)} at {total.get('AVISIT', 'an unknown visit')}"
        if total
        else f"that of {on_day(record)}"
    )
    if record["AVAL"] == 1:
        return sentence(
            f"Responder {visit}: the first score of at least {_threshold(person)} that counts is {here}"
        )
    later = [r for r in totals if r.get("POSTRESC") == "Y"]
    after = (
        f"; {_those(later)} after the start of rescue medication and {_does(later)} not count"
        if later
        else ""
    )
    return sentence(
        f"Not a responder {visit}: no score that counts is at least {_threshold(person)}, the last being {here}{after}"
    )


def _those(later: list[Record]) -> str:
    return f"{joined([_score(r) for r in later])} {'is' if len(later) == 1 else 'are'}"


def _does(later: list[Record]) -> str:
    return "does" if len(later) == 1 else "do"


# ---------------------------------------------------------------- times to event
def times(person: Person) -> Section:
    """For each time to event: what decided it and when."""
    return Section(
        "Times to event", tuple(_time(person, record) for record in person.records("ADTTE"))
    )


def _time(person: Person, record: Record) -> str:
    name = record.get("PARAM", record["PARAMCD"])
    day = f"day {number(record['AVAL'])}" if "AVAL" in record else "an unknown day"
    when = f"{day} ({date(record['ADT'])})" if "ADT" in record else day
    source = ".".join(str(record[part]) for part in ("SRCDOM", "SRCVAR") if part in record)
    of = f", from {source}" if source else ""
    event, reason = low(record, "EVNTDESC"), low(record, "CNSDTDSC")
    if record.get("CNSR") == 0:
        term = person.source(record).get("AETERM")
        which = f' ("{term}")' if term else ""
        return sentence(f"{name}: event on {when}, {event}{which}{of}")
    why = joined(list(filter(None, [reason, event if event not in reason else ""])))
    return sentence(f"{name}: censored on {when}, {why}{of}")
