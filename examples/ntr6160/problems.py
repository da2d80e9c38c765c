"""The deliberate data problems of the example, as a literal table, and how they are planted."""

from typing import NamedTuple

Row = dict[str, str]


class Problem(NamedTuple):
    """One problem: the record it is in, the wrong value, and what is wrong.

    `value` None: the story already holds it, and `mended` says what would be right, as
    column=value. `copy`: the record is added as a copy of the one found, right after it, and the
    value goes into the copy.
    """

    form: str
    where: str  # column=value pairs that find exactly one record
    column: str
    value: str | None
    kind: str
    what: str
    copy: bool = False
    mended: str = ""


class Plant(NamedTuple):
    """A problem in its place."""

    form: str
    row: Row
    column: str
    kind: str
    what: str


PROBLEMS = (
    Problem("subjects", "subject_id=03-003", "sex", "3", "unknown-code",
            "Sex 3 is not in the code list (1 male, 2 female)"),
    Problem("infusions", "subject_id=02-004|cycle=2", "dose_g", "60", "dose-off-plan",
            "60 g for 71 kg is 0.85 g/kg, 15 % below the planned 1 g/kg"),
    Problem("infusions", "subject_id=01-003|cycle=3", "infusion_date", None, "cycle-interval",
            "Cycle 3 begins 30 days after cycle 2, planned are 21 with 3 either way",
            mended="infusion_date=26-07-2017"),
    Problem("core_set", "subject_id=01-001|visit=UNS", "physician_vas", "11.5", "out-of-range",
            "A visual analogue scale of 0-10 cm; not the analysed record of its window"),
    Problem("laboratory", "subject_id=04-002|visit=W3|test=IGG", "unit", "g%", "unknown-unit",
            "Unit not in the code list"),
    Problem("laboratory", "subject_id=04-003|visit=W9|test=IGG", "subject_id", "04-099",
            "unknown-subject", "This subject is not in subjects.csv", copy=True),
    Problem("adverse_events", "subject_id=04-002|pt_name=COUGH", "severity", "7",
            "unknown-code", "Severity 7 is not in the code list (1, 2, 3)"),
    Problem("adverse_events", "subject_id=01-007|pt_name=NASOPHARYNGITIS", "end_date",
            "09-03-2018", "end-before-start", "The event ends before it starts (16-03-2018)"),
    Problem("adverse_events", "subject_id=03-005|pt_name=PNEUMONIA ASPIRATION", "serious", None,
            "serious-without-criterion", "Serious, and no criterion is ticked",
            mended="ser_hosp=1"),
    Problem("adverse_events", "subject_id=03-004|pt_name=MIGRAINE", "ser_hosp", "1",
            "criterion-without-serious", "Hospitalisation is ticked, the event is not serious"),
    Problem("adverse_events", "subject_id=03-001|pt_name=HEADACHE", "description", "",
            "required-empty", "The verbatim description is empty"),
    Problem("medications", "subject_id=01-007|drug=Paracetamol", "start_date", "31-02-2018",
            "impossible-date", "No such day"),
    Problem("medications", "subject_id=02-003|drug=Diclofenac", "stop_date", "20-10-2017",
            "end-before-start", "The medication stops before it starts (27-10-2017)"),
    Problem("medical_history", "subject_id=02-003", "mh_no", None, "duplicate-record",
            "The whole line occurs twice", copy=True),
    Problem("medical_history", "subject_id=02-005", "start_date", "maart 2018",
            "unparsable-date", "A month in words"),
    Problem("vitals", "subject_id=01-004|visit=W6", "sbp", "12o", "not-a-number",
            "The letter o instead of a zero"),
    Problem("end_of_study", "subject_id=03-003", "reason", "1", "completed-reason-mismatch",
            "Not completed, with the reason 1 (completed); a screen failure",
            mended="reason=9"),
)  # fmt: skip


def find(rows: list[Row], where: str) -> Row:
    """Find the one row in which all column=value pairs hold."""
    wanted = dict(pair.split("=", 1) for pair in where.split("|"))
    found = [row for row in rows if wanted.items() <= row.items()]
    if len(found) != 1:
        message = f"{where}: {len(found)} records, not 1"
        raise ValueError(message)
    return found[0]


def plant_all(forms: dict[str, list[Row]]) -> list[Plant]:
    """Put all problems into the forms and say where they are."""
    plants = []
    for problem in PROBLEMS:
        rows = forms[problem.form]
        row = find(rows, problem.where)
        if problem.copy:
            original, row = row, dict(row)
            place = next(n for n, known in enumerate(rows) if known is original)
            rows.insert(place + 1, row)
        if problem.value is not None:
            row[problem.column] = problem.value
        plants.append(Plant(problem.form, row, problem.column, problem.kind, problem.what))
    return plants


def mend_all(forms: dict[str, list[Row]]) -> None:
    """Put what is right into the forms, where the story itself holds a problem."""
    for problem in PROBLEMS:
        if problem.mended:
            column, value = problem.mended.split("=")
            find(forms[problem.form], problem.where)[column] = value
