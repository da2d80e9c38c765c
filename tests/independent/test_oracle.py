"""Hand-computed cases that pin the oracle itself: literal inputs, literal outputs."""

from datetime import date, time
from fractions import Fraction
from pathlib import Path
from typing import Any

import dose_and_laboratory
import oracle
import pytest
from oracle import Record, Score, Subject
from rawfiles import Partial, bounded_number, clock, full_date, number, partial_date, read_form

D = date
START = D(2017, 5, 10)  # the first infusion of every case here, at 10:00

HEADERS = {
    "subjects": "subject_id;site_id;consent_date;birth_date;inclusion_date",
    "infusions": "subject_id;cycle;infusion_date;start_time;weight_kg;dose_g;stop_time",
    "core_set": "subject_id;visit;visit_date;physician_vas;patient_vas;mmt8;haq_di;extramuscular_vas",
    "laboratory": "subject_id;visit;sample_date;sample_time;test;result;unit;lower_limit;upper_limit",
    "adverse_events": "subject_id;ae_no;start_date;end_date;serious",
    "medications": "subject_id;drug;start_date;rescue",
    "vitals": "subject_id;visit;date;time;weight_kg;height_cm",
    "end_of_study": "subject_id;completed;end_date;excluded_from_efficacy",
}
ONE = {
    "subjects": ["1;01;01-05-2017;UN-UNK-1960;01-05-2017"],
    "infusions": [
        "1;1;11-05-2017;09:00;80;80;13:00",
        "1;1;10-05-2017;10:00;80,0;80;14:00",
        "1;2;31-05-2017;;64;48;12:00",
        "1;3;21-06-2017;09:00;80;82,5;14:30",
    ],
    "core_set": [
        "1;BL;09-05-2017;7,2;8.0;100;2.0;6",
        "1;W3;31-05-2017;5,7;7.5;115;1.55;4.5",  # 15, 5, 10, 15, 15 %
        "1;W9;12-07-2017;1.0;2;150;0.5;1",  # above the last edge of all
    ],
    "laboratory": [
        "1;BL;09-05-2017;08:00;CK;2000;U/L;0;200",  # 10 x ULN
        "1;W3;31-05-2017;;CK;1250;U/L;0;200",  # 25 %
        "1;W9;14-07-2017;;CK;<400;U/L;0;200",  # 2 x ULN, 53.3 %
    ],
    "vitals": [
        "1;BL;10-05-2017;09:59;79,2;160",
        "1;UNS;10-05-2017;10:01;90;",  # after the start of the infusion
    ],
    "end_of_study": ["1;1;20-07-2017;0"],
}


def folder(tmp_path: Path, **changed: list[str]) -> Path:
    """The raw folder of the one subject above, some forms replaced."""
    for form, header in HEADERS.items():
        rows = changed.get(form, ONE.get(form, []))
        (tmp_path / f"{form}.csv").write_text("\n".join([header, *rows, ""]), encoding="utf-8")
    return tmp_path


def pick(rows: list[dict[str, Any]], paramcd: str, *names: str) -> list[tuple[Any, ...]]:
    """Some variables of a parameter's rows, in the order of the output."""
    return [tuple(row[name] for name in names) for row in rows if row["PARAMCD"] == paramcd]


def record(
    value: str, day: date | None, at: time | None = None, visitnum: str | None = None
) -> Record:
    """A record from literals."""
    return Record(Fraction(value), day, at, Fraction(visitnum) if visitnum else None)


# --- reading
# ---------------------------------------------------------------------------------------------------------


def test_values_are_exact_and_unparsable_is_missing() -> None:
    """Decimal point and comma, bounds, codes, impossible dates and times."""
    assert (number("7,2"), number("7.2"), number("abc"), number("")) == (
        Fraction(36, 5),
        Fraction(36, 5),
        None,
        None,
    )
    assert (bounded_number("<5,5"), bounded_number("> 20"), bounded_number("<")) == (
        (Fraction(11, 2), True), (Fraction(20), True), (None, False),
    )  # fmt: skip
    assert (full_date("29-02-2016"), full_date("29-02-2017"), full_date("UN-05-2017")) == (
        D(2016, 2, 29),
        None,
        None,
    )
    assert (partial_date("UN-05-2017"), partial_date("UN-UNK-2017")) == (
        Partial(2017, 5),
        Partial(2017),
    )
    assert (partial_date("15-UNK-2017"), partial_date("32-UNK-2017")) == (
        Partial(2017, None, 15),
        None,
    )
    assert (partial_date(""), partial_date("2017-05-01"), partial_date("UN-13-2017")) == (
        None,
        None,
        None,
    )
    assert (clock("09:05"), clock("24:00"), clock("")) == (time(9, 5), None, None)


def test_byte_order_mark_and_windows_1252_are_read(tmp_path: Path) -> None:
    """The first column keeps its name; a code is emptied, a quoted delimiter kept."""
    path = tmp_path / "form.csv"
    path.write_bytes("subject_id;b\n1;-97\n".encode("utf-8-sig"))
    assert read_form(path) == [{"subject_id": "1", "b": ""}]
    path.write_bytes('subject_id;b\n1;"caf\xe9; 1"\n'.encode("cp1252"))
    assert read_form(path) == [{"subject_id": "1", "b": "caf\xe9; 1"}]


# --- rules 1 to 3
# ----------------------------------------------------------------------------------------------------


def test_rule1_there_is_no_day_zero() -> None:
    """The first infusion is day 1 and the day before it day -1."""
    days = [D(2017, 5, 9), D(2017, 5, 10), D(2017, 5, 31), None]
    assert [oracle.rule1_study_day(day, START) for day in days] == [-1, 1, 22, None]
    assert oracle.rule1_study_day(START, None) is None


def test_rule1_start_is_the_earliest_row_wherever_it_stands() -> None:
    """The second row is the first infusion."""
    rows = [
        {"infusion_date": "11-05-2017", "start_time": "08:00"},
        {"infusion_date": "10-05-2017", "start_time": "10:00"},
    ]
    assert oracle.rule1_treatment_start(rows) == (START, time(10))
    assert oracle.rule1_treatment_start([]) == (None, None)


@pytest.mark.parametrize(
    ("at", "start_time", "after"),
    [
        (time(9, 59), time(10), False),
        (time(10), time(10), False),  # at the start is not after it
        (time(10, 1), time(10), True),
        (None, time(10), False),  # without a time it is not known to be after
        (time(10, 1), None, False),
    ],
)
def test_rule2_on_the_infusion_date_the_time_decides(
    at: time | None, start_time: time | None, after: bool
) -> None:
    """Before, at, after, and without either time."""
    assert oracle.rule2_is_after_start(record("1", START, at), START, start_time) is after


def test_rule2_baseline_is_the_last_value() -> None:
    """A time is later than none; an undated record is never baseline."""
    records = [
        record("1", D(2017, 5, 9), time(23)),
        record("2", START),
        record("3", START, time(8)),
        record("4", START, time(12)),
        record("5", None),
    ]
    assert oracle.rule2_baseline(records, START, time(10)) == records[2]
    assert oracle.rule2_baseline(records, START, None) == records[3]
    assert oracle.rule2_baseline(records, None, None) is None


def test_rule2_equal_times_go_by_visitnum_then_value() -> None:
    """UNS on day 1 is 1.001 and so later than BL; of one visit the greater value is later."""
    assert oracle.visitnum("UNS", 1) == Fraction(1001, 1000)
    unscheduled, planned = record("2", START, None, "1.001"), record("9", START, None, "1")
    assert oracle.rule2_baseline([unscheduled, planned], START, None) == unscheduled
    assert oracle.rule2_baseline([record("8", START, None, "1"), planned], START, None) == planned


def test_unscheduled_visits_are_numbered_by_study_day() -> None:
    """Decision 3, by hand: the day after the planned Week 3 day is 2 + 2 / 1000."""
    assert [oracle.visitnum("UNS", day) for day in (-3, 21, 22, 23, 80)] == [
        Fraction(997, 1000), Fraction(1021, 1000), Fraction(2001, 1000), Fraction(2002, 1000), Fraction(4017, 1000),
    ]  # fmt: skip
    assert [oracle.visitnum(visit, None) for visit in ("BL", "W9", "UNS", "")] == [1, 4, None, None]


def test_rule3_windows_are_closed_and_there_is_a_gap_before_the_first() -> None:
    """11 | 12-32 | 33-53 | 54-78 | 79."""
    days = (1, 11, 12, 32, 33, 53, 54, 78, 79, None)
    assert [oracle.rule3_week(day) for day in days] == [None, None, 3, 3, 6, 6, 9, 9, None, None]


def test_rule3_of_a_tie_the_later_is_analysed() -> None:
    """Days 19 and 25 are both three days from 22."""
    early, late = record("1", D(2017, 5, 28)), record("2", D(2017, 6, 3))
    assert oracle.rule3_analysed([late, early], START, None) == {3: late}
    nearer = record("3", D(2017, 5, 29))
    assert oracle.rule3_analysed([late, nearer, early], START, None) == {3: nearer}


# --- rules 4 to 6
# ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("measure", "at_edges", "just_above"),
    [
        ("PGA", (0, 7.5, 15, 17.5), (7.5, 15, 17.5, 20)),
        ("PTGA", (0, 2.5, 5, 7.5), (2.5, 5, 7.5, 10)),
        ("MMT8", (0, 10, 20, 27.5), (10, 20, 27.5, 32.5)),
        ("HAQDI", (0, 5, 7.5, 7.5), (5, 7.5, 7.5, 10)),
        ("ENZ", (0, 2.5, 5, 7.5), (2.5, 5, 7.5, 7.5)),
        ("EXTRA", (0, 7.5, 12.5, 15), (7.5, 12.5, 15, 20)),
    ],
)
def test_rule4_bands_are_closed_above(
    measure: str, at_edges: tuple[float, ...], just_above: tuple[float, ...]
) -> None:
    """The published table, read at each edge and a hair above it."""
    edges = (2, 10, 20, 30) if measure == "MMT8" else (5, 15, 25, 40)
    hair = Fraction(1, 10**30)
    assert tuple(oracle.rule4_points(measure, Fraction(edge)) for edge in edges) == at_edges
    assert tuple(oracle.rule4_points(measure, edge + hair) for edge in edges) == just_above
    assert oracle.rule4_points(measure, Fraction(-50)) == 0


def test_rule4_percent_is_exact_where_binary_is_not() -> None:
    """8.3 to 6.8 cm is 15 % and worth 7.5; in doubles it is 15.000000000000009 and would be worth 15."""
    percent = oracle.rule4_improvement("PGA", Fraction("8.3"), Fraction("6.8"), 10)
    assert (percent, oracle.rule4_points("PGA", percent)) == (15, 7.5)
    assert 100 * (8.3 - 6.8) / 10 > 15
    assert oracle.rule4_improvement("MMT8", Fraction(100), Fraction(115), 150) == 10
    assert oracle.rule4_improvement("HAQDI", Fraction(1), Fraction("1.3"), 3) == -10


def test_rule4_enzyme_is_the_highest_multiple_and_ties_follow_the_order() -> None:
    """1/3 three ways is equal; ALDOLASE stands before AST and ALT."""
    equal = {
        "ALT": record("1/3", START),
        "AST": record("2/6", START),
        "ALDOLASE": record("3/9", START),
    }
    assert oracle.rule4_enzyme(equal) == "ALDOLASE"
    assert oracle.rule4_enzyme(equal | {"LDH": record("0.34", START)}) == "LDH"
    assert oracle.rule4_enzyme({}) is None


@pytest.mark.parametrize(
    ("result", "upper", "multiple"),
    [
        ("340", "170", 2),
        ("5,7", "2,85", 2),  # ukat/L: the limit is in the same unit
        ("<340", "170", 2),
        (">0,5", "0.25", 2),
        ("340", "0", None),
        ("340", "", None),
        ("", "170", None),
        ("haemolytic", "170", None),
    ],
)
def test_rule4_multiple_of_the_limit(result: str, upper: str, multiple: int | None) -> None:
    """Bounds count as their number; without a limit above 0 there is no multiple."""
    assert oracle.rule4_multiple({"result": result, "upper_limit": upper}) == multiple


def test_rule5_no_partial_sum() -> None:
    """Five of six give no total."""
    points = {name: Fraction(5, 2) for name in oracle.MEASURES}
    assert oracle.rule5_total(points) == 15
    del points["ENZ"]
    assert oracle.rule5_total(points) is None


def test_rule6_thresholds_belong_to_the_category_above() -> None:
    """19.5, 20, 37.5, 40, 57.5, 60."""
    totals = (
        Fraction(39, 2),
        Fraction(20),
        Fraction(75, 2),
        Fraction(40),
        Fraction(115, 2),
        Fraction(60),
    )
    expected = ["NONE", "MINIMAL", "MINIMAL", "MODERATE", "MODERATE", "MAJOR"]
    assert [oracle.rule6_category(total) for total in totals] == expected


# --- rules 7 to 10
# ---------------------------------------------------------------------------------------------------


def test_rule7_earliest_dated_rescue() -> None:
    """The undated one cannot count; the one in May 2017 is imputed to the first infusion."""
    rows = [
        {"rescue": "1", "start_date": ""},
        {"rescue": "1", "start_date": "12-06-2017"},
        {"rescue": "0", "start_date": "01-01-2017"},
    ]
    assert oracle.rule7_rescue(rows, START, None) == (D(2017, 6, 12), "")
    assert oracle.rule7_rescue(
        [*rows, {"rescue": "1", "start_date": "UN-05-2017"}], START, None
    ) == (START, "D")
    assert oracle.rule7_rescue(rows[:1], START, None) == (None, "")


def test_rule7_of_two_rescues_on_a_day_the_one_that_was_not_imputed() -> None:
    """Both on 1 June; and the imputed start is not after its own end."""
    imputed = {"rescue": "1", "start_date": "UN-06-2017"}
    assert (
        oracle.rule7_rescue([imputed, {"rescue": "1", "start_date": "01-06-2017"}], START, None)[1]
        == ""
    )
    ended = {"rescue": "1", "start_date": "UN-05-2017", "stop_date": "08-05-2017"}
    assert oracle.rule7_rescue([ended], START, None) == (D(2017, 5, 8), "D")


def test_rule7_on_the_rescue_date_is_before_rescue() -> None:
    """Only a later date is after it."""
    days = (D(2017, 6, 11), D(2017, 6, 12), D(2017, 6, 13), None)
    assert [oracle.rule7_is_post_rescue(day, D(2017, 6, 12)) for day in days] == [
        False,
        False,
        True,
        False,
    ]


def test_rule8_sets() -> None:
    """Screen failures and untreated subjects are in no set."""
    assert [oracle.rule8_safety(False, START), oracle.rule8_safety(True, START), oracle.rule8_safety(False, None)] == [
        True, False, False,
    ]  # fmt: skip
    assert oracle.rule8_efficacy(True, []) is True
    assert oracle.rule8_efficacy(True, [{"excluded_from_efficacy": "1"}]) is False
    assert oracle.rule8_efficacy(False, []) is False


W3, W6, W9 = D(2017, 5, 31), D(2017, 6, 21), D(2017, 7, 12)


@pytest.mark.parametrize(
    ("scores", "resp40", "respby40"),
    [
        ([], (0, None, True), (0, None, True)),
        ([Score(3, Fraction(40), W3, False)], (0, None, True), (1, W3, False)),
        ([Score(9, Fraction(40), W9, True)], (0, None, True), (0, None, True)),
        (
            [
                Score(3, Fraction("37.5"), W3, False),
                Score(6, Fraction(20), W6, False),
                Score(9, Fraction(90), W9, True),
            ],
            (0, None, True),
            (0, W6, False),
        ),
        (
            [Score(6, Fraction(60), W6, False), Score(9, Fraction("37.5"), W9, False)],
            (0, W9, False),
            (1, W6, False),
        ),
        ([Score(9, Fraction(40), W9, False)], (1, W9, False), (1, W9, False)),
    ],
)
def test_rule9_responses(
    scores: list[Score], resp40: tuple[Any, ...], respby40: tuple[Any, ...]
) -> None:
    """Imputation where there is no score that counts; otherwise the score's own date."""
    assert oracle.rule9_resp40(scores) == resp40
    assert oracle.rule9_respby40(scores) == respby40


def test_rule10_events_and_censoring() -> None:
    """Event; censored at rescue; at the last score; at the start."""
    scores = [Score(3, Fraction(20), W3, False), Score(6, Fraction(40), W6, True)]
    assert oracle.rule10_improvement(scores, 20, D(2017, 6, 1), START) == (W3, 0)
    assert oracle.rule10_improvement(scores, 40, D(2017, 6, 1), START) == (D(2017, 6, 1), 1)
    assert oracle.rule10_improvement(scores[:1], 40, None, START) == (W3, 1)
    assert oracle.rule10_improvement([], 40, None, START) == (START, 1)
    assert oracle.rule10_rescue(None, W9) == (W9, 1)
    assert oracle.rule10_rescue(W6, W9) == (W6, 0)
    assert (oracle.rule10_days(START, START), oracle.rule10_days(W9, START)) == (1, 64)


# --- rules 11 to 14
# --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "imputed"),
    [
        ("09-05-2017", (D(2017, 5, 9), "")),  # complete: before treatment and left alone
        ("UN-05-2017", (START, "D")),
        ("UN-04-2017", (D(2017, 4, 1), "D")),
        ("UN-06-2017", (D(2017, 6, 1), "D")),
        ("UN-05-2016", (D(2016, 5, 1), "D")),  # the same month of another year
        ("UN-UNK-2017", (START, "M")),
        ("UN-UNK-2018", (D(2018, 1, 1), "M")),
        (
            "15-UNK-2017",
            (D(2017, 5, 15), "M"),
        ),  # only the month is unknown: a 15th, from the first infusion on
        ("03-UNK-2017", (D(2017, 6, 3), "M")),
        ("31-UNK-2018", (D(2018, 1, 31), "M")),
        ("", (None, "")),
    ],
)
def test_rule11_starts(text: str, imputed: tuple[date | None, str]) -> None:
    """The first day of the known part, or the first infusion where that part is its own."""
    assert oracle.rule11_start(partial_date(text), START) == imputed


@pytest.mark.parametrize(
    ("text", "end", "imputed"),
    [
        ("UN-05-2017", D(2017, 5, 4), (D(2017, 5, 4), "D")),  # not TRTSDT, which is after the end
        ("UN-05-2017", START, (START, "D")),
        ("UN-05-2017", D(2017, 5, 31), (START, "D")),
        ("UN-UNK-2017", D(2017, 2, 28), (D(2017, 2, 28), "M")),
        ("UN-06-2017", D(2017, 5, 31), (D(2017, 5, 31), "D")),  # the two contradict each other
        ("09-05-2017", D(2017, 5, 1), (D(2017, 5, 9), "")),  # complete: left alone
    ],
)
def test_rule11_an_imputed_start_is_not_after_the_end(
    text: str, end: date, imputed: tuple[date, str]
) -> None:
    """Then it is the end."""
    assert oracle.rule11_start(partial_date(text), START, end) == imputed


@pytest.mark.parametrize(
    ("text", "imputed"),
    [
        ("UN-02-2016", (D(2016, 2, 29), "D")),
        ("UN-06-2017", (D(2017, 6, 30), "D")),
        ("UN-07-2017", (D(2017, 7, 20), "D")),
        ("UN-UNK-2017", (D(2017, 7, 20), "M")),
        ("UN-UNK-2016", (D(2016, 12, 31), "M")),
        (
            "31-UNK-2017",
            (D(2017, 5, 31), "M"),
        ),  # June has no 31st, and that of July is after the end of study
        ("15-UNK-2016", (D(2016, 12, 15), "M")),
        ("31-07-2017", (D(2017, 7, 31), "")),  # complete: not imputed, so not cut
        ("", (None, "")),
    ],
)
def test_rule11_ends(text: str, imputed: tuple[date | None, str]) -> None:
    """The last day of the known part, not after the end of study on 20 July."""
    assert oracle.rule11_end(partial_date(text), D(2017, 7, 20)) == imputed


def test_rule12_both_ends_belong_to_treatment() -> None:
    """Last infusion 21 June, so the last emergent day is 21 July."""
    one = Subject({}, trtsdt=START, trtedt=D(2017, 6, 21))
    days = (D(2017, 5, 9), START, D(2017, 7, 21), D(2017, 7, 22), None)
    assert [oracle.rule12_is_emergent(day, one) for day in days] == [
        False,
        True,
        True,
        False,
        False,
    ]


def test_rule12_what_ended_before_treatment_is_not_emergent() -> None:
    """The end at its latest possible moment; one in the month of the first infusion may be after it."""
    one = Subject({}, trtsdt=START, trtedt=D(2017, 6, 21))
    ends = (
        "09-05-2017",
        "UN-04-2017",
        "UN-UNK-2016",
        "10-05-2017",
        "UN-05-2017",
        "UN-UNK-2017",
        "",
    )
    emergent = [oracle.rule12_is_emergent(START, one, partial_date(end)) for end in ends]
    assert emergent == [False, False, False, True, True, True, True]


def test_rule13_dose_uses_the_weight_of_the_day() -> None:
    """80/80 + 60/64 g/kg over two cycles."""
    rows = [
        {"infusion_date": "10-05-2017", "dose_g": "80", "weight_kg": "80", "cycle": "1"},
        {"infusion_date": "11-05-2017", "dose_g": "60", "weight_kg": "64", "cycle": "2"},
    ]
    assert oracle.rule13_dose(rows) == (140, Fraction(31, 16), 2)


def test_rule14_groups() -> None:
    """By preferred term, whatever the case."""
    terms = ("Pulmonary embolism", "HAEMOLYSIS", "HEADACHE", "RASH")
    assert [oracle.rule14_special_interest(term) for term in terms] == [
        "THROMBOEMBOLIC", "HAEMOLYSIS", "HEADACHE", "",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("birth", "consent", "years"),
    [
        ("01-05-1960", "01-05-2017", 57),
        ("02-05-1960", "01-05-2017", 56),
        ("29-02-1960", "28-02-2017", 56),
        ("29-02-1960", "01-03-2017", 57),
        ("UN-UNK-1960", "01-01-2017", 57),  # 56 or 57: the difference of the years
        ("UN-UNK-1960", "31-12-2017", 57),
        ("UN-06-1960", "31-05-2017", 56),  # the month decides
        ("UN-06-1960", "01-07-2017", 57),
        ("UN-06-1960", "15-06-2017", 57),
        ("UN-06-1960", "UN-07-2017", 57),
        ("02-05-2017", "01-05-2017", None),
        ("UN-UNK-2018", "01-05-2017", None),
        ("UN-UNK-2017", "01-05-2017", 0),
        ("", "01-01-2017", None),
    ],
)
def test_age_in_completed_years(birth: str, consent: str, years: int | None) -> None:
    """Decision 20, birthdays on the day and beside it."""
    assert oracle.age(partial_date(birth), partial_date(consent)) == years


# --- one subject, from raw files to datasets
# -------------------------------------------------------------------------


def test_subject_level(tmp_path: Path) -> None:
    """80 + 80 + 48 + 82.5 g; 1 + 1 + 0.75 + 1.03125 g/kg."""
    (row,) = oracle.adsl(folder(tmp_path))
    assert row == {
        "USUBJID": "NTR6160-1",
        "SAFFL": "Y",
        "SAFFN": 1,
        "EFFFL": "Y",
        "EFFFN": 1,
        "ENRLFL": "Y",
        "ENRLFN": 1,
        "COMPLFL": "Y",
        "COMPLFN": 1,
        "SCRNFL": "N",
        "TRTSDT": START,
        "TRTEDT": D(2017, 6, 21),
        "TRTDURD": 43,
        "AGE": 57,
        "AGEGR1": "18-64",
        "AGEGR1N": 1,
        "RFICDT": D(2017, 5, 1),
        "RESCFL": "N",
        "RESCDT": None,
        "RESCDTF": "",
        "CUMDOSE": 290.5,
        "CUMDOSKG": 3.78125,
        "NCYCLES": 3,
        "EOSDT": D(2017, 7, 20),
        "EOSSTT": "COMPLETED",
        "EOTSTT": "COMPLETED",
        "WEIGHTBL": 79.2,
        "HEIGHTBL": 160.0,
        "BMIBL": 30.9,  # 30.9375
        "PGABL": 7.2,
        "PTGABL": 8.0,
        "MMT8BL": 100.0,
        "HAQDIBL": 2.0,
        "ENZBL": 10.0,
        "EXTRABL": 6.0,
    }


def test_status_of_treatment(tmp_path: Path) -> None:
    """Fewer than three cycles: stopped with the study, or going on with it."""
    two = ["1;1;10-05-2017;10:00;80;80;14:00", "1;2;31-05-2017;;64;48;"]
    for ends, status in (
        (["1;0;20-06-2017;0"], ("DISCONTINUED", "DISCONTINUED")),
        (["1;1;20-06-2017;0"], ("COMPLETED", "DISCONTINUED")),
        ([], ("ONGOING", "ONGOING")),
    ):
        (row,) = oracle.adsl(folder(tmp_path, infusions=two, end_of_study=ends))
        assert (row["EOSSTT"], row["EOTSTT"]) == status


def test_body_mass_index_rounds_half_up(tmp_path: Path) -> None:
    """86.4 kg and 160 cm are 33.75 exactly."""
    raw = folder(tmp_path, vitals=["1;BL;10-05-2017;09:00;86,4;160"])
    assert oracle.adsl(raw)[0]["BMIBL"] == 33.8


def test_exposure_of_a_subject(tmp_path: Path) -> None:
    """Cycle 2 has no start time, so neither it nor the whole has a duration."""
    rows = dose_and_laboratory.adex(folder(tmp_path))
    assert pick(rows, "INFDUR", "AVISIT", "ADT", "AVAL") == [
        ("Cycle 1", D(2017, 5, 11), 240.0),
        ("Cycle 1", START, 240.0),
        ("Cycle 3", D(2017, 6, 21), 330.0),
    ]
    assert pick(rows, "INFRATE", "AVAL") == [(20.0,), (20.0,), (15.0,)]
    cycles = [pick(rows, f"CYC{name}", "AVAL") for name in ("DOSE", "DSKG", "RATIO", "DUR", "RATE")]
    assert cycles == [
        [(160.0,), (48.0,), (82.5,)],
        [(2.0,), (0.75,), (1.03125,)],
        [(100.0,), (75.0,), (103.125,)],
        [(480.0,), (330.0,)],
        [(20.0,), (15.0,)],
    ]
    whole = {row["PARAMCD"]: row["AVAL"] for row in rows if row["PARAMCD"].startswith("TOT")}
    assert whole == {
        "TOTDOSE": 290.5,
        "TOTPLAN": 4.0,
        "TOTDSKG": 3.78125,
        "TOTRATIO": 94.53125,
        "TOTCYC": 3.0,
    }


def test_laboratory_of_a_subject(tmp_path: Path) -> None:
    """In U/L, also where ukat/L was collected; what cannot be is left out."""
    laboratory = [
        "1;BL;09-05-2017;08:00;CK;20;ukat/L;0;2",
        "1;W3;31-05-2017;;CK;<600;U/L;0;200",
        "1;W6;21-06-2017;;CK;500;g/L;0;200",
        "1;W9;12-07-2017;;HB;8,1;mmol/L;7,5;",
    ]
    rows = dose_and_laboratory.adlb(folder(tmp_path, laboratory=laboratory))
    names = ("AVISIT", "AVAL", "DTYPE", "A1HI", "R2A1HI", "CHG", "PCHG", "ABLFL", "ANL01FL")
    assert pick(rows, "CK", *names) == [
        ("Baseline", 1200.0, "", 120.0, 10.0, None, None, "Y", "Y"),
        ("Week 3", 600.0, "LLOQ", 200.0, 3.0, -600.0, -50.0, "", "Y"),
    ]
    assert pick(rows, "HGB", "AVISIT", "AVAL", "BASE", "R2A1HI") == [("Week 9", 8.1, None, None)]


def test_scores_of_a_subject(tmp_path: Path) -> None:
    """Week 3: 7.5 + 0 + 10 + 5 + 5 + 7.5 = 35. Week 9: 20 + 10 + 32.5 + 10 + 7.5 + 20 = 100."""
    rows = oracle.adtis(folder(tmp_path))
    assert pick(
        rows, "PGA", "AVISIT", "ADY", "AVAL", "BASE", "CHG", "APCHG", "ABLFL", "ANL01FL"
    ) == [
        ("Baseline", -1, 7.2, 7.2, None, None, "Y", "Y"),
        ("Week 3", 22, 5.7, 7.2, -1.5, 15.0, "", "Y"),
        ("Week 9", 64, 1.0, 7.2, -6.2, 62.0, "", "Y"),
    ]
    assert pick(rows, "ENZ", "AVISITN", "AVAL", "APCHG", "ENZYME", "LBORRES", "DTYPE") == [
        (0, 10.0, None, "CK", "2000", ""),
        (3, 6.25, 25.0, "CK", "1250", ""),
        (9, 2.0, float(Fraction(160, 3)), "CK", "<400", "LLOQ"),
    ]
    assert pick(rows, "ENZSC", "AVISITN", "ENZYME") == [(3, "CK"), (9, "CK")]
    points = {
        name: [value for (value,) in pick(rows, f"{name}SC", "AVAL")] for name in oracle.MEASURES
    }
    assert points == {
        "PGA": [7.5, 20], "PTGA": [0, 10], "MMT8": [10, 32.5], "HAQDI": [5, 10], "ENZ": [5, 7.5], "EXTRA": [7.5, 20],
    }  # fmt: skip
    assert pick(
        rows, "TIS", "AVISIT", "ADT", "AVAL", "AVALCAT1", "CRIT1FL", "CRIT2FL", "CRIT3FL"
    ) == [
        ("Week 3", D(2017, 5, 31), 35.0, "MINIMAL", "Y", "N", "N"),
        (
            "Week 9",
            D(2017, 7, 14),
            100.0,
            "MAJOR",
            "Y",
            "Y",
            "Y",
        ),  # the laboratory's date, the latest of six
    ]
    assert pick(rows, "RESP40", "AVISIT", "AVISITN", "ADT", "AVAL", "AVALC", "DTYPE") == [
        ("Week 9", 9, D(2017, 7, 14), 1.0, "Y", "")
    ]


def test_rescue_between_core_set_and_laboratory_makes_the_score_post_rescue(tmp_path: Path) -> None:
    """Rescue on 13 July: the core set of the 12th is before it, the enzyme of the 14th and so the score after it."""
    raw = folder(tmp_path, medications=["1;Prednisolone;13-07-2017;1"])
    rows = oracle.adtis(raw)
    assert pick(rows, "PGASC", "AVISIT", "PSTRESFL") == [("Week 3", ""), ("Week 9", "")]
    assert pick(rows, "TIS", "AVISIT", "PSTRESFL") == [("Week 3", ""), ("Week 9", "Y")]
    assert pick(rows, "RESP40", "AVAL", "DTYPE", "ADT") == [(0.0, "NRI", None)]
    assert pick(rows, "RESPBY40", "AVAL", "DTYPE", "ADT") == [(0.0, "", D(2017, 5, 31))]
    assert pick(oracle.adtte(raw), "TTMOD", "AVAL", "CNSR", "ADT") == [(65, 1, D(2017, 7, 13))]
    assert pick(oracle.adtte(raw), "TTMIN", "AVAL", "CNSR", "ADT") == [(22, 0, D(2017, 5, 31))]


def test_rescue_on_the_day_of_the_score_counts(tmp_path: Path) -> None:
    """Rescue on 14 July itself."""
    raw = folder(tmp_path, medications=["1;Prednisolone;14-07-2017;1"])
    assert pick(oracle.adtis(raw), "RESP40", "AVAL", "DTYPE") == [(1.0, "")]
    assert pick(oracle.adtte(raw), "TTMOD", "AVAL", "CNSR") == [(66, 0)]


def test_a_missing_component_makes_the_score_missing(tmp_path: Path) -> None:
    """-99 is no number; its record is absent, the other points stay."""
    core = [*ONE["core_set"][:2], "1;W9;12-07-2017;-99;2;150;0.5;1"]
    rows = oracle.adtis(folder(tmp_path, core_set=core))
    assert pick(rows, "PGA", "AVISIT") == [("Baseline",), ("Week 3",)]
    assert pick(rows, "TIS", "AVISIT") == [("Week 3",)]
    assert pick(rows, "RESP40", "DTYPE") == [("NRI",)]
    assert pick(rows, "PTGASC", "AVISIT") == [("Week 3",), ("Week 9",)]


def test_records_outside_windows_and_without_date(tmp_path: Path) -> None:
    """Day 11 has changes but no visit; a partial date has neither; an earlier value is no baseline."""
    core = [
        "1;UNS;01-05-2017;8;;;;",
        "1;BL;10-05-2017;7;;;;",
        "1;UNS;20-05-2017;6;;;;",
        "1;UNS;UN-05-2017;5;;;;",
    ]
    rows = oracle.adtis(folder(tmp_path, core_set=core, laboratory=[]))
    assert pick(rows, "PGA", "AVAL", "AVISIT", "ADY", "BASE", "APCHG", "ANL01FL") == [
        (8.0, "", -9, None, None, ""),
        (7.0, "Baseline", 1, 7.0, None, "Y"),
        (6.0, "", 11, 7.0, 10.0, ""),
        (5.0, "", None, None, None, ""),
    ]
    assert pick(rows, "ENZ", "AVAL") == []


def test_the_enzyme_is_chosen_at_baseline_and_kept(tmp_path: Path) -> None:
    """LDH and CK are both 4 x ULN at baseline: CK. A later higher LDH changes nothing; each value has its own limit."""
    laboratory = [
        "1;BL;10-05-2017;10:00;LDH;1000;U/L;0;250",
        "1;BL;10-05-2017;09:00;CK;10;ukat/L;0;2,5",
        "1;BL;10-05-2017;10:01;CK;9999;U/L;0;100",  # after the start of the infusion
        "1;W3;31-05-2017;;CK;300;U/L;0;100",
        "1;W3;31-05-2017;;LDH;9000;U/L;0;250",
    ]
    rows = oracle.adtis(folder(tmp_path, laboratory=laboratory))
    assert pick(rows, "ENZ", "AVAL", "AVISIT", "ABLFL", "APCHG") == [
        (4.0, "Baseline", "Y", None),
        (99.99, "", "", float(Fraction(-9599, 15))),
        (3.0, "Week 3", "", float(Fraction(20, 3))),
    ]


def test_adverse_events_and_their_time(tmp_path: Path) -> None:
    """The serious event of May is imputed to the first infusion; the first of all starts before it."""
    events = [
        "1;before;09-05-2017;UN-05-2017;1",
        "1;imputed;UN-05-2017;UN-07-2017;1",
        "1;undated;;;1",
        "1;too late;22-07-2017;;1",
    ]
    raw = folder(tmp_path, adverse_events=events)
    assert [tuple(row.values())[1:] for row in oracle.adae(raw)] == [
        ("before", D(2017, 5, 9), "", D(2017, 5, 31), "D", ""),
        ("imputed", START, "D", D(2017, 7, 20), "D", "Y"),
        ("undated", None, "", None, "", ""),
        ("too late", D(2017, 7, 22), "", None, "", ""),
    ]
    assert pick(oracle.adtte(raw), "TTSAE", "AVAL", "CNSR", "STARTDT", "ADT") == [
        (1, 0, START, START)
    ]
    assert pick(oracle.adtte(raw), "TTRESC", "AVAL", "CNSR") == [(72, 1)]


def test_screen_failures_and_untreated_subjects(tmp_path: Path) -> None:
    """They have an ADSL row, and neither response nor time to event."""
    raw = folder(tmp_path, subjects=["1;01;01-05-2017;01-01-1960;"], infusions=[], end_of_study=[])
    row = oracle.adsl(raw)[0]
    assert (row["SAFFL"], row["EFFFL"], row["TRTSDT"], row["EOSSTT"], row["CUMDOSE"]) == (
        "N",
        "N",
        None,
        "SCREEN FAILURE",
        None,
    )
    assert oracle.adtte(raw) == []
    assert {row["PARAMCD"] for row in oracle.adtis(raw)} == {
        "PGA",
        "PTGA",
        "MMT8",
        "HAQDI",
        "EXTRA",
    }


def test_a_subject_not_in_subjects_is_nowhere(tmp_path: Path) -> None:
    """Rows of subject 2 belong to nobody."""
    raw = folder(
        tmp_path, adverse_events=["2;lost;10-05-2017;;1"], core_set=["2;BL;09-05-2017;7;7;100;2;6"]
    )
    assert oracle.adae(raw) == []
    assert {row["USUBJID"] for row in oracle.adtis(raw)} == {"NTR6160-1"}
