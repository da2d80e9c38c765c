"""Adverse events: reported in the site's language, and emergent in SUPPAE as in ADAE."""

from __future__ import annotations

from pathlib import Path

from .exports import END, INFUSION, SUBJECT, converted, rows

HEAD = (
    "subject_id;ae_no;description;pt_name;soc_name;start_date;end_date;ongoing;severity;serious;ser_death;"
    "ser_life;ser_hosp;ser_disab;ser_cong;ser_med;related;action;outcome\n"
)
NERVOUS = "NERVOUS SYSTEM DISORDERS"


def event(number: int, start: str, end: str = "", subject: str = "01-001") -> str:
    return f"{subject};{number};Hoofdpijn {number};HEADACHE;{NERVOUS};{start};{end};0;1;0;;;;;;;0;0;1\n"


def test_verbatim_and_dictionary(tmp_path: Path) -> None:
    made = converted(tmp_path, "AE", adverse_events=HEAD + event(1, "23-01-2018"))
    assert rows(made, "AE", "AETERM", "AEDECOD", "AESOC") == [("Hoofdpijn 1", "HEADACHE", NERVOUS)]


def test_emergent_as_in_adae(tmp_path: Path) -> None:
    """Treated on 22 January and 12 February: from the first dose to 30 days after the last."""
    form = HEAD + "".join(
        [
            event(1, "21-01-2018"),
            event(2, "22-01-2018"),
            event(3, "14-03-2018"),
            event(4, "15-03-2018"),
            event(5, "UN-01-2018"),
            event(6, "UN-01-2018", "20-01-2018"),
            event(7, "UN-12-2017"),
            event(8, ""),
            event(9, "12-02-2018", subject="01-002"),  # never treated
        ]
    )
    made = converted(
        tmp_path,
        "AE",
        "ADAE",
        subjects=[SUBJECT, {**SUBJECT, "subject_id": "01-002"}],
        infusions=[INFUSION, {**INFUSION, "cycle": "2", "infusion_date": "12-02-2018"}],
        end_of_study=[END, {**END, "subject_id": "01-002", "completed": "0", "reason": "4"}],
        adverse_events=form,
    )
    number_of = dict(rows(made, "AE", "AESEQ", "AESPID")[:8])
    told = rows(made, "SUPPAE", "USUBJID", "IDVARVAL", "QNAM", "QLABEL", "QVAL")
    assert {row[2:4] for row in told} == {("AETRTEM", "Treatment Emergent Flag")}
    assert set(rows(made, "SUPPAE", "QORIG", "QEVAL")) == {("Derived", None)}
    first, second = "NTR6160-01-001", "NTR6160-01-002"
    flags = {number_of[float(row[1])]: row[4] for row in told if row[0] == first}
    assert flags == {"1": "N", "2": "Y", "3": "Y", "4": "N", "5": "Y", "6": "N", "7": "N"}
    assert [row[4] for row in told if row[0] == second] == ["N"]

    analysed = dict(rows(made, "ADAE", "AESPID", "TRTEMFL")[:8])
    assert {number for number, flag in analysed.items() if flag == "Y"} == {"2", "3", "5"}
