"""The Total Improvement Score by visit with its parts, and what was imputed on the way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pandas as pd

from ..iso8601 import complete_date, completed_years
from .phrases import date, joined, low, number, on_day, sentence
from .sections import Section, Table
from .subject import Person, Record

HEAD = ("Measure", "Value", "Day", "Baseline", "Improvement, % of range", "Points")
MISSING = "–"
CATEGORIES = {
    "NONE": "less than minimal improvement",
    "MINIMAL": "minimal improvement",
    "MODERATE": "moderate improvement",
    "MAJOR": "major improvement",
}
UNKNOWN = {"D": "the day was unknown", "M": "the month was unknown", "Y": "the date was unknown"}


# ---------------------------------------------------------------- scores
def scores(person: Person) -> Iterator[Section]:
    """A section for baseline and for each visit; none where ADTIS is not in the output or holds nothing."""
    measures: dict[str, str] = person.opened.study.terms.get("POINTS", {})
    mine = person.improvement
    if not mine:
        return
    names = _names(person, measures)
    yield _baseline(person, [r for r in mine if r["PARAMCD"] in measures], measures, names)
    for visit in sorted(
        {
            r["AVISITN"]
            for r in mine
            if r.get("AVISITN", 0) > 0 and r["PARAMCD"] in {*measures, "TIS"}
        }
    ):
        yield _visit(person, [r for r in mine if r.get("AVISITN") == visit], measures, names)
    yield Section(
        "Outside every window", tuple(_outside([r for r in mine if r["PARAMCD"] in measures]))
    )


def _names(person: Person, parameters: Iterable[str]) -> dict[str, str]:
    """What parameters are called, also those of which this subject has no record."""
    terms = person.opened.study.terms.get("PARAM", {})
    told = {str(r["PARAMCD"]): str(r["PARAM"]) for r in person.improvement if "PARAM" in r}
    return {name: told.get(name) or terms.get(name, name) for name in parameters}


def _baseline(
    person: Person, records: list[Record], measures: Iterable[str], names: dict[str, str]
) -> Section:
    found = {r["PARAMCD"]: r for r in records if r.get("ABLFL") == "Y"}
    lacking = [names[name] for name in measures if name not in found]
    told = [
        f"{names[name]}: {_value(found[name])} on {on_day(found[name])}"
        for name in measures
        if name in found
    ]
    rows = [
        (names[name], _value(found[name]), _on(found[name]))
        if name in found
        else (names[name], MISSING, "")
        for name in measures
    ]
    table = Table(("Measure", "Value", "Day"), tuple(rows), tuple(map(sentence, told)))
    lack = [sentence(f"There is no baseline value of {joined(lacking)}")] if lacking else []
    return Section(
        "Baseline", after=(*lack, *_enzyme(person, found.get("ENZ"))), table=table if told else None
    )


def _enzyme(person: Person, record: Record | None) -> Iterator[str]:
    test = person.source(record).get("LBTESTCD") if record else None
    if test:
        yield sentence(
            f"The muscle enzyme is {test}, at baseline the highest in multiples of its upper limit"
        )


def _value(record: Record) -> str:
    """The value, and what was collected where that is not its number."""
    told = number(record["AVAL"]) if "AVAL" in record else MISSING
    return f"{told} (collected as {record['AVALC']})" if "AVALC" in record else told


def _on(record: Record) -> str:
    return number(record["ADY"]) if "ADY" in record else MISSING


def _visit(
    person: Person, records: list[Record], measures: dict[str, str], names: dict[str, str]
) -> Section:
    name = next(
        (str(r["AVISIT"]) for r in records if "AVISIT" in r),
        f"Visit {number(records[0]['AVISITN'])}",
    )
    by_name = {r["PARAMCD"]: r for r in records if r.get("ANL01FL") == "Y"}
    table = Table(
        HEAD,
        tuple(
            _cells(by_name.get(m), by_name.get(points), names[m]) for m, points in measures.items()
        ),
        tuple(
            sentence(_part(by_name.get(m), by_name.get(p), names[m])) for m, p in measures.items()
        ),
    )
    headline = _headline(by_name, measures, names)
    booked = _booked(person, [by_name[m] for m in measures if m in by_name], name)
    return Section(name, (headline,), table, (*_choices(records, measures, names), *booked))


def _headline(found: dict[str, Record], measures: dict[str, str], names: dict[str, str]) -> str:
    total = found.get("TIS")
    if total is None:
        valueless = [names[m] for m in measures if m not in found]
        baseless = [
            names[m] for m, points in measures.items() if m in found and points not in found
        ]
        reasons = [
            f"{joined(part)} {verb}"
            for part, verb in ((valueless, "without a value"), (baseless, "without baseline"))
            if part
        ]
        return sentence(
            "There is no score: " + " and ".join(reasons) if reasons else "There is no score"
        )
    category = (
        f" ({CATEGORIES.get(total['AVALCAT1'], low(total, 'AVALCAT1'))})"
        if "AVALCAT1" in total
        else ""
    )
    late = (
        "; that is after the start of rescue medication, so it is no response"
        if total.get("POSTRESC") == "Y"
        else ""
    )
    return sentence(f"The score is {number(total['AVAL'])}{category}, dated {on_day(total)}{late}")


def _cells(measure: Record | None, points: Record | None, name: str) -> tuple[str, ...]:
    if measure is None:
        return (name, MISSING, "", "", "", MISSING)
    base = number(measure["BASE"]) if "BASE" in measure else MISSING
    change = number(measure["APCHG"]) if "APCHG" in measure else MISSING
    return (
        name,
        _value(measure),
        _on(measure),
        base,
        change,
        number(points["AVAL"]) if points else MISSING,
    )


def _part(measure: Record | None, points: Record | None, name: str) -> str:
    if measure is None:
        return f"{name}: no value"
    base = (
        f", from {number(measure['BASE'])} at baseline"
        if "BASE" in measure
        else ", without baseline"
    )
    given = f", {count_points(points['AVAL'])}" if points else ""
    return f"{name}: {_value(measure)} on {on_day(measure)}{base}{_changed(measure)}{given}"


def count_points(points: float) -> str:
    """7.5 points, 1 point."""
    return f"{number(points)} {'point' if points == 1 else 'points'}"


def _changed(measure: Record) -> str:
    change = measure.get("APCHG")
    if change is None:
        return ""
    if change == 0:
        return ", no change"
    return f", {'better' if change > 0 else 'worse'} by {number(abs(change))} % of the range"


# ---------------------------------------------------------------- which record of several
def _choices(
    records: list[Record], measures: dict[str, str], names: dict[str, str]
) -> Iterator[str]:
    """Why one of several records in the window was analysed; measures with the same days in one sentence."""
    told: dict[str, list[str]] = {}
    for measure in measures:
        mine = [r for r in records if r["PARAMCD"] == measure and "ADY" in r]
        chosen = next((r for r in mine if r.get("ANL01FL") == "Y"), None)
        if chosen is not None and len(mine) > 1:
            told.setdefault(_choice(chosen, [r for r in mine if r is not chosen]), []).append(
                names[measure]
            )
    for reason, whose in told.items():
        yield sentence(
            f"{'All measures' if len(whose) == len(measures) else joined(whose)}: {reason}"
        )


def _choice(chosen: Record, others: list[Record]) -> str:
    days = joined([number(day) for day in sorted(r["ADY"] for r in (chosen, *others))])
    window = (
        f"{number(chosen['AWLO'])} to {number(chosen['AWHI'])}"
        if {"AWLO", "AWHI"} <= set(chosen)
        else ""
    )
    place = f"the window (days {window})" if window else "the window"
    taken = f"that of day {number(chosen['ADY'])} is analysed, {_why(chosen, others)}"
    return f"records of days {days} lie in {place}; {taken}"


def _why(chosen: Record, others: list[Record]) -> str:
    """The reason, from the distances that ADTIS holds."""
    target = f"target day {number(chosen['AWTARGET'])}" if "AWTARGET" in chosen else "target day"
    nearest = min(r.get("AWTDIFF", float("inf")) for r in others)
    if chosen.get("AWTDIFF", 0) < nearest:
        return f"the nearest to {target}"
    if all(r["ADY"] == chosen["ADY"] for r in others if r.get("AWTDIFF") == nearest):
        return f"the last of its day, the nearest to {target}"
    return f"the later of those equally near to {target}"


def _booked(person: Person, analysed: list[Record], visit: str) -> Iterator[str]:
    """Records that were collected under the name of another visit: study days decide, not names."""
    named = {person.source(r).get("VISIT", "").upper() for r in analysed} - {"", visit.upper()}
    for other in sorted(name for name in named if not name.startswith("UNSCHEDULED")):
        yield sentence(
            f"Records collected as {other} are among these: the study day decides, not the name of the visit"
        )


def _outside(records: list[Record]) -> Iterator[str]:
    """Records after the first infusion that lie in no window."""
    lost = [r for r in records if "AVISITN" not in r and r.get("ADY", 0) > 0 and "CHG" in r]
    days: dict[str, list[str]] = {}
    for record in lost:
        days.setdefault(on_day(record), []).append(str(record.get("PARAM", record["PARAMCD"])))
    for day, whose in days.items():
        yield sentence(f"{day}: {joined(list(dict.fromkeys(whose)))}; not analysed at any visit")


# ---------------------------------------------------------------- imputations
def imputed(person: Person) -> Section:
    """Dates that were completed, results that stand for a limit, responses that were assumed."""
    told = (
        *_age(person),
        *_event_dates(person),
        *_rescue_date(person),
        *_limits(person),
        *_responses(person),
    )
    return Section("Imputations", told)


def _age(person: Person) -> Iterator[str]:
    born, consent = person.facts.get("BRTHDTC"), person.facts.get("RFICDTC")
    if not (born and consent and "AGE" in person.facts):
        return
    birth, asked = pd.Series([born], dtype="str"), pd.Series([consent], dtype="str")
    years = completed_years(birth, asked)
    if (years["least"] < years["most"]).any():
        which, known = (
            ("date of consent", consent)
            if complete_date(birth).notna().all()
            else ("birth date", born)
        )
        yield sentence(f"The {which} is known as {known}: the age is the difference of the years")


def _event_dates(person: Person) -> Iterator[str]:
    for event in person.records("ADAE"):
        name = event.get("AETERM") or event.get("AEDECOD", "an event")
        for side, collected, flag, imputed_date in (
            ("start", "AESTDTC", "ASTDTF", "ASTDT"),
            ("end", "AEENDTC", "AENDTF", "AENDT"),
        ):
            if flag in event and imputed_date in event:
                known = event.get(collected, "unknown")
                reason = UNKNOWN.get(event[flag], "it was incomplete")
                taken = date(event[imputed_date])
                yield sentence(
                    f'The {side} of "{name}", collected as {known}, is taken as {taken}, since {reason}'
                )


def _rescue_date(person: Person) -> Iterator[str]:
    start = person.facts.get("RESCDT")
    if start is not None and "RESCDTF" in person.facts:
        known = person.record("RESCUE").get("CMSTDTC", "an incomplete date")
        yield sentence(
            f"The start of rescue medication, collected as {known}, is taken as {date(start)}"
        )


def _limits(person: Person) -> Iterator[str]:
    """Results such as <5, whose number was used."""
    for record in person.improvement:
        if "AVALC" in record and str(record["AVALC"])[:1] in "<>":
            visit = f" at {record['AVISIT']}" if "AVISIT" in record else ""
            name = record.get("PARAM", record["PARAMCD"])
            sign = str(record["AVALC"])
            yield sentence(
                f"{name}{visit}: {sign} is taken as {sign[1:].strip()}, which gives {number(record['AVAL'])}"
            )


def _responses(person: Person) -> Iterator[str]:
    for record in person.improvement:
        if record.get("DTYPE") == "NRI":
            yield sentence(
                f"{record.get('PARAM', record['PARAMCD'])}: no by non-responder imputation"
            )
