"""SE: the elements that a subject passed through, each up to the start of the next; TA and TE say which there are."""

from __future__ import annotations

import pandas as pd
import pytest

from ivig_cdisc.testing import records

from .small_export import datasets

FORMS = {
    "subjects": """
        subject_id site_id country consent_date sex inclusion_date
        ALL        S1      NLD     01-03-2018   1   08-03-2018
        STOPPED    S1      NLD     01-03-2018   1   08-03-2018
        GOING-ON   S1      NLD     01-03-2018   1   08-03-2018
        AFTER-ALL  S1      NLD     01-03-2018   1   08-03-2018
        UNTREATED  S1      NLD     01-03-2018   1   08-03-2018
        SCREENED   S1      NLD     01-03-2018   1   08-03-2018
        FAILED     S1      NLD     01-03-2018   1   .
        TWICE      S1      NLD     01-03-2018   1   08-03-2018
        NO-CONSENT S1      NLD     .            1   08-03-2018
    """,
    "infusions": """
        subject_id cycle infusion_date start_time stop_time dose_g
        ALL        1     12-03-2018    10:00      12:30     70
        ALL        1     13-03-2018    10:00      12:45     70
        ALL        2     02-04-2018    09:00      12:00     70
        ALL        3     23-04-2018    09:00      12:15     70
        STOPPED    1     12-03-2018    10:00      12:30     70
        STOPPED    1     13-03-2018    10:00      12:45     70
        GOING-ON   1     12-03-2018    10:00      12:30     70
        AFTER-ALL  1     12-03-2018    .          .         70
        AFTER-ALL  3     23-04-2018    09:00      .         70
        TWICE      1     12-03-2018    14:00      16:00     70
        TWICE      1     12-03-2018    09:00      12:00     70
        NO-CONSENT 1     12-03-2018    10:00      12:30     70
    """,
    "end_of_study": """
        subject_id completed end_date
        ALL        1         14-05-2018
        STOPPED    0         20-03-2018
        UNTREATED  0         20-03-2018
        FAILED     0         05-03-2018
        TWICE      0         12-03-2018
    """,
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, pd.DataFrame]:
    return datasets(tmp_path_factory.mktemp("elements"), ["SE", "TA", "TE"], **FORMS)


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        (
            "ALL",
            [
                ("SCREENING", "2018-03-01", "2018-03-12T10:00"),
                ("TREATMENT", "2018-03-12T10:00", "2018-04-23T12:15"),
                ("FOLLOW-UP", "2018-04-23T12:15", "2018-05-14"),
            ],
        ),
        (
            "STOPPED",
            [
                ("SCREENING", "2018-03-01", "2018-03-12T10:00"),
                ("TREATMENT", "2018-03-12T10:00", "2018-03-13T12:45"),
                ("FOLLOW-UP", "2018-03-13T12:45", "2018-03-20"),
            ],
        ),
        (
            "GOING-ON",  # the last infusion so far need not be the last
            [
                ("SCREENING", "2018-03-01", "2018-03-12T10:00"),
                ("TREATMENT", "2018-03-12T10:00", None),
            ],
        ),
        (
            "AFTER-ALL",  # that of cycle 3 is, end of study or not
            [
                ("SCREENING", "2018-03-01", "2018-03-12"),
                ("TREATMENT", "2018-03-12", "2018-04-23"),
                ("FOLLOW-UP", "2018-04-23", None),
            ],
        ),
        ("UNTREATED", [("SCREENING", "2018-03-01", "2018-03-20")]),
        ("SCREENED", [("SCREENING", "2018-03-01", None)]),
        ("FAILED", [("SCREENING", "2018-03-01", "2018-03-05")]),
        (
            "TWICE",
            [
                ("SCREENING", "2018-03-01", "2018-03-12T09:00"),
                ("TREATMENT", "2018-03-12T09:00", "2018-03-12T16:00"),
                ("FOLLOW-UP", "2018-03-12T16:00", "2018-03-12"),
            ],
        ),
        (
            "NO-CONSENT",  # SESTDTC is required; the missing date is an error of the raw form
            [("TREATMENT", "2018-03-12T10:00", None)],
        ),
    ],
)
def test_elements(
    made: dict[str, pd.DataFrame], subject: str, expected: list[tuple[str, str, str | None]]
) -> None:
    elements = made["SE"]
    of_subject = elements[elements["USUBJID"] == f"NTR6160-{subject}"]
    assert records(of_subject, "EPOCH", "SESTDTC", "SEENDTC") == expected


def test_elements_are_those_of_the_arm(made: dict[str, pd.DataFrame]) -> None:
    names = ["ETCD", "ELEMENT", "TAETORD", "EPOCH"]
    assert records(made["TA"], "ARMCD", "ARM", *names) == [
        ("IVIG", "IVIg monotherapy", "SCRN", "Screening", 1.0, "SCREENING"),
        ("IVIG", "IVIg monotherapy", "IVIG", "IVIg Treatment", 2.0, "TREATMENT"),
        ("IVIG", "IVIg monotherapy", "FU", "Follow-up", 3.0, "FOLLOW-UP"),
    ]
    elements = made["SE"]
    whole = elements[elements["USUBJID"] == "NTR6160-ALL"]
    assert records(whole, *names) == records(made["TA"], *names)
    assert records(whole, "SESEQ", "SESTDY", "SEENDY") == [(1, -11, 1), (2, 1, 43), (3, 43, 64)]


def test_each_element_has_its_rules(made: dict[str, pd.DataFrame]) -> None:
    assert records(made["TE"], "ETCD", "TESTRL", "TEENRL") == [
        ("FU", "End of the last infusion", "End of participation, planned at week 9"),
        ("IVIG", "Start of the first infusion", "End of the last infusion"),
        (
            "SCRN",
            "Informed consent",
            "Start of the first infusion, or end of participation without any",
        ),
    ]
