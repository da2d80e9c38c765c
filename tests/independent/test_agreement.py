"""Double programming: the product and the oracle must give the same analysis datasets, row by row.

Text and dates must be equal. Numbers may differ by what the format of a transport file costs: IBM
doubles keep at least 52 bits.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import dose_and_laboratory
import oracle
import pytest
from simulate import simulate

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "examples" / "ntr6160" / "raw"
SUBJECTS, SEED = 600, 6160

Rows = list[dict[str, Any]]
Difference = tuple[tuple[Any, ...], str, Any, Any]

TRANSPORT = 2.0**-50
SUMS = 1e-12
EXACT = 0.0
KEYS = {
    "adsl": ("USUBJID",),
    "adtis": ("USUBJID", "PARAMCD", "AVISIT", "ADT"),
    "adtte": ("USUBJID", "PARAMCD"),
    "adae": ("USUBJID", "AESPID"),
    "adex": ("USUBJID", "PARAMCD", "AVISIT", "ADT"),
    "adlb": ("USUBJID", "PARAMCD", "AVISIT", "ADT"),
}
DATES = {"TRTSDT", "TRTEDT", "RESCDT", "EOSDT", "ADT", "STARTDT", "ASTDT", "AENDT", "RFICDT"}
NUMBERS = {
    "AGE",
    "AGEGR1N",
    "TRTDURD",
    "ENRLFN",
    "SAFFN",
    "EFFFN",
    "COMPLFN",
    "WEIGHTBL",
    "HEIGHTBL",
    "BMIBL",
    *(f"{name}BL" for name in oracle.MEASURES),
    "A1HI",
    "R2A1HI",
    "PCHG",
    "CUMDOSE",
    "CUMDOSKG",
    "NCYCLES",
    "AVISITN",
    "ADY",
    "AVAL",
    "BASE",
    "CHG",
    "APCHG",
    "CNSR",
}
MEASURED = {"AVAL", "BASE", "CHG", "APCHG"}
ORACLE: dict[str, Callable[[Path], Rows]] = {
    "adsl": oracle.adsl,
    "adtis": oracle.adtis,
    "adtte": oracle.adtte,
    "adae": oracle.adae,
    "adex": dose_and_laboratory.adex,
    "adlb": dose_and_laboratory.adlb,
}


# --- reading and comparing
# -------------------------------------------------------------------------------------------


def read_transport(path: Path) -> Rows:
    """The rows of a transport file; empty text is '', a missing number None, a SAS date a date."""
    pyreadstat = pytest.importorskip("pyreadstat")
    frame, _ = pyreadstat.read_xport(str(path), disable_datetime_conversion=True)
    columns = {
        name: [plain(name, value) for value in frame[name].tolist()] for name in frame.columns
    }
    return [
        dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)
    ]


def plain(name: str, value: Any) -> Any:
    """One cell as the oracle would write it."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return None if name in DATES | NUMBERS else ""
    if name in DATES:
        return date(1960, 1, 1) + timedelta(days=int(value))
    return value


def tolerance(dataset: str, row: dict[str, Any], variable: str) -> float:
    """Relative tolerance: points, totals, responses and counts are exact, sums and measured values nearly."""
    if variable in ("CUMDOSE", "CUMDOSKG", "PCHG") or dataset == "adex":
        return SUMS
    if dataset == "adlb" or variable.endswith("BL"):
        return TRANSPORT
    if dataset == "adtis" and variable in MEASURED and row["PARAMCD"] in oracle.MEASURES:
        return TRANSPORT
    return EXACT


def equal(ours: Any, theirs: Any, relative: float) -> bool:
    """Equal, or two numbers within the tolerance."""
    if isinstance(ours, int | float) and isinstance(theirs, int | float):
        return abs(ours - theirs) <= relative * abs(ours)
    return bool(ours == theirs)


def grouped(dataset: str, rows: Rows) -> dict[tuple[Any, ...], Rows]:
    """Rows by key; within a key in the order of AVAL, then of everything else as text."""
    groups: dict[tuple[Any, ...], Rows] = defaultdict(list)
    for row in rows:
        groups[tuple(row[name] for name in KEYS[dataset])].append(row)
    for some in groups.values():
        some.sort(key=order)
    return groups


def order(row: dict[str, Any]) -> tuple[Any, ...]:
    """A sort key that both sides share: numbers by a value rounded well above the tolerance, the rest as text."""
    return tuple(
        f"{value:+024.9f}" if isinstance(value, int | float) else str(value)
        for _, value in sorted(row.items(), key=lambda item: (item[0] != "AVAL", item[0]))
    )


def differences(dataset: str, ours: Rows, theirs: Rows) -> list[Difference]:
    """Every cell that differs, and every row that only one side has."""
    variables = list(ours[0])
    theirs = [{name: row[name] for name in variables} for row in theirs]
    mine, yours = grouped(dataset, ours), grouped(dataset, theirs)
    found: list[Difference] = []
    for key in sorted(mine.keys() | yours.keys(), key=str):
        left, right = mine.get(key, []), yours.get(key, [])
        if len(left) != len(right):
            found.append((key, "(rows)", len(left), len(right)))
            continue
        for one, other in zip(left, right, strict=True):
            found += [
                (key, name, one[name], other[name])
                for name in variables
                if not equal(one[name], other[name], tolerance(dataset, one, name))
            ]
    return found


def report(dataset: str, found: list[Difference]) -> str:
    """How many differences by variable, and the first ten."""
    counts = Counter(variable for _, variable, _, _ in found)
    lines = [f"{dataset}: {len(found)} differences {dict(counts)}"]
    lines += [
        f"  {key} {variable}: ours {ours!r}, theirs {theirs!r}"
        for key, variable, ours, theirs in found[:10]
    ]
    return "\n".join(lines)


def assert_agreement(raw: Path, out: Path, dataset: str) -> None:
    """The oracle's rows of the raw folder are those of the transport file."""
    theirs = read_transport(out / "adam" / f"{dataset}.xpt")
    ours = ORACLE[dataset](raw)
    absent = set(ours[0]) - set(theirs[0])
    assert not absent, f"{dataset}.xpt has no variable {sorted(absent)}"
    found = differences(dataset, ours, theirs)
    assert not found, report(dataset, found)


def converted(raw: Path, out: Path) -> Path:
    """The product's output for a raw folder."""
    product = pytest.importorskip("ivig_cdisc")
    product.convert(raw, out, validate=False)
    return out


# --- a simulated study
# -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def simulated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The raw folder of a study with many boundary situations."""
    folder = tmp_path_factory.mktemp("simulated") / "raw"
    simulate(folder, SUBJECTS, SEED)
    return folder


@pytest.fixture(scope="session")
def simulated_out(simulated: Path) -> Path:
    """The product's output for the simulated study."""
    return converted(simulated, simulated.parent / "out")


@pytest.mark.parametrize("dataset", KEYS)
def test_simulated_study(simulated: Path, simulated_out: Path, dataset: str) -> None:
    """Every row and variable of the simulated study."""
    assert_agreement(simulated, simulated_out, dataset)


def test_simulation_is_deterministic(tmp_path: Path) -> None:
    """The same seed gives the same bytes, and a larger study starts with the smaller one."""
    for name, subjects in (("a", 30), ("b", 30), ("c", 40)):
        simulate(tmp_path / name, subjects, 5)
    for path in (tmp_path / "a").iterdir():
        text = path.read_bytes()
        assert text == (tmp_path / "b" / path.name).read_bytes()
        assert (tmp_path / "c" / path.name).read_bytes().startswith(text)


def test_simulated_study_is_rich(simulated: Path) -> None:
    """Each boundary situation occurs, or agreement on it would prove nothing."""
    absent = [situation for situation, count in situations(simulated).items() if count == 0]
    assert not absent, f"the simulation has no {absent}"


def situations(raw: Path) -> dict[str, int]:
    """How often each boundary situation occurs."""
    tables = oracle.read_folder(raw)
    people = oracle.subjects(tables)
    adtis = oracle.adtis(raw)
    parts = (edge_situations(adtis), score_situations(adtis), record_situations(people))
    more = (baseline_situations(people), rescue_situations(people), date_situations(people))
    other = (response_situations(raw, adtis), set_situations(raw, people))
    other = (*other, exposure_situations(raw), result_situations(raw))
    return {name: count for part in (*parts, *more, *other) for name, count in part.items()}


def tally(pairs: Iterable[tuple[str, bool]], names: Iterable[str] = ()) -> dict[str, int]:
    """Count the true ones by name; names that never occur count 0."""
    counts = dict.fromkeys(names, 0)
    for name, holds in pairs:
        counts[name] = counts.get(name, 0) + holds
    return counts


def edge_situations(adtis: Rows) -> dict[str, int]:
    """Analysed changes exactly on each band edge of each measure, and just beside."""
    analysed = [
        row
        for row in adtis
        if row["PARAMCD"] in oracle.MEASURES and row["APCHG"] is not None and row["ANL01FL"]
    ]
    places = {
        "on": lambda gap: gap == 0,
        "above": lambda gap: 0 < gap <= 1,
        "below": lambda gap: -1 <= gap < 0,
    }
    return {
        f"{measure} {place} {edge} %": sum(
            row["PARAMCD"] == measure and holds(row["APCHG"] - edge) for row in analysed
        )
        for measure in oracle.MEASURES
        for edge in oracle.EDGES[measure]
        for place, holds in places.items()
    }


def score_situations(adtis: Rows) -> dict[str, int]:
    """Totals on and beside the thresholds; totals missing for one component; post-rescue; mixed dates."""
    totals = [row for row in adtis if row["PARAMCD"] == "TIS"]
    points = Counter(
        (row["USUBJID"], row["AVISIT"]) for row in adtis if row["PARAMCD"].endswith("SC")
    )
    dates: dict[tuple[str, str], set[date]] = defaultdict(set)
    for row in adtis:
        if row["PARAMCD"].endswith("SC"):
            dates[row["USUBJID"], row["AVISIT"]].add(row["ADT"])
    near = {
        f"TIS {value}": sum(row["AVAL"] == value for row in totals)
        for value in (20, 40, 60, 37.5, 42.5)
    }
    return near | {
        "TIS missing for one component": sum(count == 5 for count in points.values()),
        "TIS missing for several components": sum(count < 5 for count in points.values()),
        "TIS post rescue": sum(row["PSTRESFL"] == "Y" for row in totals),
        "TIS of several dates": sum(
            len(dates[row["USUBJID"], row["AVISIT"]]) > 1 for row in totals
        ),
        **{
            f"TIS {name}": sum(row["AVALCAT1"] == name for row in totals)
            for name in ("NONE", "MAJOR")
        },
    }


def all_records(one: oracle.Subject) -> list[list[oracle.Record]]:
    """The records of each core set measure and each enzyme."""
    return [oracle.core_records(one, column) for column in oracle.COLUMN.values()] + [
        *oracle.enzyme_records(one).values()
    ]


def record_situations(people: list[oracle.Subject]) -> dict[str, int]:
    """Window edges, ties at equal distance, several records of one day, undated records."""
    edges = (11, 12, 32, 33, 53, 54, 78, 79)
    pairs: list[tuple[str, bool]] = []
    for one in people:
        for records in all_records(one):
            days = [oracle.rule1_study_day(record.day, one.trtsdt) for record in records]
            pairs += [(f"record on day {edge}", edge in days) for edge in edges]
            pairs.append(("undated record", None in [record.day for record in records]))
            for target, first, last in oracle.WINDOWS.values():
                inside = [day for day in days if day is not None and first <= day <= last]
                nearest = [
                    day
                    for day in inside
                    if abs(day - target) == min(abs(one - target) for one in inside)
                ]
                pairs.append(("tie at equal distance", len(set(nearest)) == 2))
                pairs.append(("tie on the same day", len(nearest) > len(set(nearest))))
                pairs.append(("several records in a window", len(inside) > 1))
    return tally(pairs)


def baseline_situations(people: list[oracle.Subject]) -> dict[str, int]:
    """Samples on the infusion date around its start, no baseline, equal enzymes, bounds, limits, units."""
    pairs: list[tuple[str, bool]] = []
    for one in people:
        enzymes = oracle.enzyme_records(one)
        baselines = {
            name: oracle.rule2_baseline(some, one.trtsdt, one.start_time)
            for name, some in enzymes.items()
        }
        multiples = sorted((record.value for record in baselines.values() if record), reverse=True)
        chosen = oracle.rule4_enzyme({name: record for name, record in baselines.items() if record})
        pairs += [(f"enzyme {name}", chosen == name) for name in oracle.ENZYME_RANGE]
        pairs.append(("equal highest enzymes", len(multiples) > 1 and multiples[0] == multiples[1]))
        pairs.append(("treated without enzyme at baseline", one.safety and not multiples))
        pairs.append(("treated without start time", one.safety and one.start_time is None))
        pairs.append(("treated without core set", one.safety and not one.core_set))
        values = [
            oracle.rule2_baseline(oracle.core_records(one, c), one.trtsdt, None)
            for c in oracle.COLUMN.values()
        ]
        pairs.append(
            ("core set without baseline", bool(one.core_set) and one.safety and not any(values))
        )
        today = [
            record
            for some in enzymes.values()
            for record in some
            if record.day and record.day == one.trtsdt
        ]
        pairs += [("sample without time", record.at is None) for record in today]
        timed = [record.at for record in today if record.at and one.start_time]
        pairs += [("sample before start", at < one.start_time) for at in timed if one.start_time]
        pairs += [("sample at start", at == one.start_time) for at in timed]
        pairs += [("sample after start", at > one.start_time) for at in timed if one.start_time]
        pairs += laboratory_pairs(one)
    return tally(pairs)


def laboratory_pairs(one: oracle.Subject) -> list[tuple[str, bool]]:
    """Bounds, units and limits of a subject's samples."""
    rows = [row for row in one.laboratory if row["test"] in oracle.ENZYME_RANGE]
    limits = {row["upper_limit"] for row in rows if row["test"] == "CK" and row["unit"] == "U/L"}
    return [
        ("result <n", any(row["result"].startswith("<") for row in rows)),
        ("result >n", any(row["result"].startswith(">") for row in rows)),
        ("result with comma", any("," in row["result"] for row in rows)),
        ("missing result", any(not row["result"] for row in rows)),
        ("unit ukat/L", any(row["unit"] == "ukat/L" for row in rows)),
        ("upper limit 0", any(row["upper_limit"] == "0" for row in rows)),
        ("upper limit missing", any(not row["upper_limit"] for row in rows)),
        ("changing upper limit", len(limits - {"", "0"}) > 1),
    ]


def rescue_situations(people: list[oracle.Subject]) -> dict[str, int]:
    """Rescue on, one day before and one day after an assessment; several; partial; undated."""
    pairs: list[tuple[str, bool]] = []
    for one in people:
        rescues = [row["start_date"] for row in one.medications if row["rescue"] == "1"]
        visits = {record.day for record in oracle.core_records(one, "mmt8")}
        for name, shift in (("on", 0), ("after", -1), ("before", 1)):
            pairs.append(
                (f"rescue {name} an assessment", shifted(one.rescue, shift) in visits - {None})
            )
        pairs.append(("several rescues", len(rescues) > 1))
        pairs.append(
            (
                "rescue without day",
                any(text.startswith("UN-") and text[3:5] != "UN" for text in rescues),
            )
        )
        pairs.append(("rescue without month", any(text.startswith("UN-UNK") for text in rescues)))
        pairs.append(("rescue only without date", bool(rescues) and not any(rescues)))
    return tally(pairs)


def shifted(day: date | None, days: int) -> date | None:
    """A date some days later."""
    return day + timedelta(days=days) if day else None


def date_situations(people: list[oracle.Subject]) -> dict[str, int]:
    """Adverse events around the treatment period; imputed starts and ends."""
    pairs: list[tuple[str, bool]] = []
    for one in people:
        for row in one.adverse_events:
            event = oracle.event_row(one, row)
            start, end = event["ASTDT"], event["AENDT"]
            pairs += [(f"start imputed {flag}", event["ASTDTF"] == flag) for flag in "DM"]
            pairs += [(f"end imputed {flag}", event["AENDTF"] == flag) for flag in "DM"]
            pairs.append(("event without start", start is None))
            pairs.append(
                ("start imputed to treatment start", bool(event["ASTDTF"]) and start == one.trtsdt)
            )
            pairs.append(("start imputed elsewhere", bool(event["ASTDTF"]) and start != one.trtsdt))
            pairs.append(
                (
                    "start imputed to the end",
                    bool(event["ASTDTF"]) and start == end and end < (one.eos or end),
                )
            )
            early = bool(end and one.trtsdt and end < one.trtsdt)
            pairs.append(("start imputed, ended before treatment", bool(event["ASTDTF"]) and early))
            pairs.append(("end cut at end of study", bool(event["AENDTF"]) and end == one.eos))
            if one.trtsdt and one.trtedt and start:
                pairs.append(("event the day before treatment", start == shifted(one.trtsdt, -1)))
                pairs.append(("event on the first day", start == one.trtsdt))
                pairs.append(("event on the last day", start == shifted(one.trtedt, 30)))
                pairs.append(("event a day too late", start == shifted(one.trtedt, 31)))
                pairs.append(
                    ("serious, not emergent", row["serious"] == "1" and not event["TRTEMFL"])
                )
                pairs.append(
                    ("serious, emergent", row["serious"] == "1" and event["TRTEMFL"] == "Y")
                )
    return tally(pairs)


def response_situations(raw: Path, adtis: Rows) -> dict[str, int]:
    """Imputed and observed responses, and every kind of censoring."""
    kinds = Counter(
        (row["PARAMCD"], row["AVALC"], row["DTYPE"])
        for row in adtis
        if row["PARAMCD"].startswith("RESP")
    )
    cases = [
        (name, *case)
        for name in ("RESP40", "RESPBY40")
        for case in (("Y", ""), ("N", ""), ("N", "NRI"))
    ]
    times = oracle.adtte(raw)
    censoring = Counter((row["PARAMCD"], row["CNSR"]) for row in times)
    flagged = Counter((row["PARAMCD"], row["CNSR"], row["ADTF"]) for row in times)
    at_start = Counter(
        row["PARAMCD"] for row in times if row["CNSR"] == 1 and row["ADT"] == row["STARTDT"]
    )
    names = ("TTMOD", "TTMIN", "TTRESC", "TTSAE")
    late = {
        row["USUBJID"]
        for row in adtis
        if row["PARAMCD"] == "TIS" and row["AVISITN"] == 9 and row["PSTRESFL"]
    }
    return {
        **{" ".join(case): kinds[case] for case in cases},
        **{f"{name} CNSR {code}": censoring[name, code] for name in names for code in (0, 1)},
        **{f"{name} censored at the start": at_start[name] for name in ("TTMOD", "TTMIN")},
        **{f"TTMOD censored, date imputed {flag}": flagged["TTMOD", 1, flag] for flag in "DM"},
        **{
            f"{name} event, date imputed {flag}": flagged[name, 0, flag]
            for name in names[2:]
            for flag in "DM"
        },
        "Week 9 TIS after rescue": len(late),
    }


def set_situations(raw: Path, people: list[oracle.Subject]) -> dict[str, int]:
    """Screen failures, untreated, excluded, and how subjects ended."""
    rows = oracle.adsl(raw)
    return {
        "screen failures": sum(oracle.is_screen_failure(one) for one in people),
        "screen failures with a core set": sum(
            oracle.is_screen_failure(one) and bool(one.core_set) for one in people
        ),
        "untreated": sum(not oracle.is_screen_failure(one) and not one.safety for one in people),
        "excluded from efficacy": sum(row["SAFFL"] == "Y" and row["EFFFL"] == "N" for row in rows),
        "completed": sum(row["EOSSTT"] == "COMPLETED" for row in rows),
        "discontinued": sum(row["EOSSTT"] == "DISCONTINUED" for row in rows),
        "fewer than three cycles": sum(row["NCYCLES"] in (1, 2) for row in rows),
        "birth year only": sum(one.row["birth_date"].startswith("UN-UNK") for one in people),
        **{
            f"birth month, age {kind}": count for kind, count in Counter(month_ages(people)).items()
        },
        "birthday on the day of consent": sum(
            one.row["birth_date"][:5] == one.row["consent_date"][:5] for one in people
        ),
    }


def exposure_situations(raw: Path) -> dict[str, int]:
    """Infusions, cycles and treatments with and without a duration; doses beside the plan."""
    rows = dose_and_laboratory.adex(raw)
    counts = Counter(row["PARAMCD"] for row in rows)
    return {
        "infusions without a duration": counts["INFDOSE"] - counts["INFDUR"],
        "cycles without a duration": counts["CYCDOSE"] - counts["CYCDUR"],
        "cycles with a duration": counts["CYCDUR"],
        "treatments without a duration": counts["TOTDOSE"] - counts["TOTDUR"],
        "treatments with a duration": counts["TOTDUR"],
        "less than the whole plan": sum(
            row["AVAL"] < 90 for row in rows if row["PARAMCD"] == "TOTRATIO"
        ),
    }


def result_situations(raw: Path) -> dict[str, int]:
    """Results in any place, with bounds, and without what the change or the multiple needs."""
    rows = dose_and_laboratory.adlb(raw)
    pairs: list[tuple[str, bool]] = []
    for row in rows:
        pairs += [(f"result {kind}", row["DTYPE"] == kind) for kind in ("LLOQ", "ULOQ")]
        pairs.append(("result without a limit above 0", row["R2A1HI"] is None))
        pairs.append(("result of no day", row["ADT"] is None))
        pairs.append(
            ("result in a window, not analysed", bool(row["AVISIT"] and not row["ANL01FL"]))
        )
        pairs.append(
            ("result after baseline, in no window", row["CHG"] is not None and not row["AVISIT"])
        )
        pairs.append(("result at baseline by a bound", bool(row["ABLFL"] and row["DTYPE"])))
    return tally(pairs)


def month_ages(people: list[oracle.Subject]) -> Iterable[str]:
    """Whether the month of birth decides the age of those whose day of birth is not known."""
    for one in people:
        born, consent = (
            oracle.partial_date(one.row[name]) for name in ("birth_date", "consent_date")
        )
        if born and born.month and born.day is None and consent:
            yield "open" if consent.month == born.month else "decided"


# --- the example study
# -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def example_out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The product's output for the example study."""
    if not EXAMPLE.exists():
        pytest.skip("there is no example study")
    return converted(EXAMPLE, tmp_path_factory.mktemp("example") / "out")


@pytest.mark.parametrize("dataset", KEYS)
def test_example_study(example_out: Path, dataset: str) -> None:
    """Every row and variable of the example, bad values included."""
    assert_agreement(EXAMPLE, example_out, dataset)


def test_example_has_the_published_subjects(example_out: Path) -> None:
    """20 treated: diagnoses 9, 6, 4, 1; 19 in the efficacy set; 7 rescued."""
    adsl = [row for row in read_transport(example_out / "adam" / "adsl.xpt") if row["SAFFL"] == "Y"]
    diagnoses = sorted(Counter(row["DIAG"] for row in adsl).values(), reverse=True)
    assert diagnoses == [9, 6, 4, 1]
    assert sum(row["EFFFL"] == "Y" for row in adsl) == 19
    assert sum(row["RESCFL"] == "Y" for row in adsl) == 7


def test_example_has_the_published_response(example_out: Path) -> None:
    """8 of 19 by both definitions, 6 of them first at Week 3."""
    adsl = read_transport(example_out / "adam" / "adsl.xpt")
    efficacy = {row["USUBJID"] for row in adsl if row["EFFFL"] == "Y"}
    adtis = [
        row
        for row in read_transport(example_out / "adam" / "adtis.xpt")
        if row["USUBJID"] in efficacy
    ]
    for paramcd in ("RESP40", "RESPBY40"):
        assert Counter(row["AVAL"] for row in adtis if row["PARAMCD"] == paramcd) == {
            1: 8,
            0: 11,
        }, paramcd
    responders = {
        row["USUBJID"] for row in adtis if row["PARAMCD"] == "RESPBY40" and row["AVAL"] == 1
    }
    reached = [
        row
        for row in adtis
        if row["PARAMCD"] == "TIS" and row["AVAL"] >= 40 and row["PSTRESFL"] != "Y"
    ]
    at_week_3 = {row["USUBJID"] for row in reached if row["AVISIT"] == "Week 3"}
    assert len(at_week_3 & responders) == 6


def test_example_has_the_published_safety(example_out: Path) -> None:
    """3 serious adverse events, one of them a pulmonary embolism."""
    serious = [
        row for row in read_transport(example_out / "adam" / "adae.xpt") if row["AESER"] == "Y"
    ]
    assert len(serious) == 3
    assert sum(row["AEDECOD"] == "PULMONARY EMBOLISM" for row in serious) == 1
