"""SV: each visit once, from its earliest to its latest date; planned ones that were missed, but none after the end."""

from __future__ import annotations

import pandas as pd
import pytest

from ivig_cdisc.testing import records

from .small_export import datasets

FORMS = {
    "subjects": """
        subject_id site_id country consent_date sex inclusion_date
        WHOLE      S1      NLD     01-03-2018   1   08-03-2018
        MISSED     S1      NLD     01-03-2018   1   08-03-2018
        STOPPED    S1      NLD     01-03-2018   1   08-03-2018
        ON-THE-DAY S1      NLD     01-03-2018   1   08-03-2018
        OPEN       S1      NLD     01-12-2020   1   08-12-2020
        UNPLANNED  S1      NLD     01-03-2018   1   08-03-2018
        FAILED     S1      NLD     01-03-2018   1   .
    """,
    "infusions": """
        subject_id cycle infusion_date start_time stop_time weight_kg dose_g
        WHOLE      1     12-03-2018    10:00      12:30     70        70
        WHOLE      1     13-03-2018    10:00      12:30     70        70
        MISSED     1     12-03-2018    10:00      12:30     .         70
        STOPPED    1     12-03-2018    10:00      12:30     .         70
        ON-THE-DAY 1     12-03-2018    10:00      12:30     .         70
        OPEN       1     14-12-2020    10:00      12:30     .         70
        UNPLANNED  1     12-03-2018    10:00      12:30     .         70
    """,
    "core_set": """
        subject_id visit visit_date physician_vas
        WHOLE      BL    11-03-2018 5
        WHOLE      W3    02-04-2018 5
        WHOLE      W6    23-04-2018 5
        WHOLE      W9    14-05-2018 5
        MISSED     BL    12-03-2018 5
        MISSED     W6    23-04-2018 5
        STOPPED    BL    12-03-2018 5
        ON-THE-DAY BL    12-03-2018 5
        OPEN       BL    14-12-2020 5
        UNPLANNED  BL    12-03-2018 5
        UNPLANNED  UNS   20-03-2018 5
        UNPLANNED  UNS   UN-04-2018 5
        FAILED     BL    02-03-2018 5
    """,
    "laboratory": """
        subject_id visit sample_date sample_time test result unit
        WHOLE      BL    09-03-2018  08:00       CK   900    U/L
        WHOLE      W3    02-04-2018  08:00       CK   800    U/L
        WHOLE      W6    24-04-2018  .           CK   -99    U/L
        UNPLANNED  UNS   20-03-2018  .           CK   900    U/L
    """,
    "end_of_study": """
        subject_id completed end_date
        WHOLE      1         14-05-2018
        MISSED     1         14-05-2018
        STOPPED    0         01-04-2018
        ON-THE-DAY 0         02-04-2018
        UNPLANNED  0         01-04-2018
        FAILED     0         05-03-2018
    """,
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, pd.DataFrame]:
    return datasets(tmp_path_factory.mktemp("visits"), ["SV", "TV"], **FORMS)


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        (
            "WHOLE",  # weights of a cycle belong to its visit; a sample that failed has its date, too
            [
                ("BASELINE", "Y", "Y", "2018-03-09", "2018-03-13"),
                ("WEEK 3", "Y", "Y", "2018-04-02", "2018-04-02"),
                ("WEEK 6", "Y", "Y", "2018-04-23", "2018-04-24"),
                ("WEEK 9", "Y", "Y", "2018-05-14", "2018-05-14"),
            ],
        ),
        (
            "MISSED",  # WEEK 9 was planned for the day on which participation ended
            [
                ("BASELINE", "Y", "Y", "2018-03-12", "2018-03-12"),
                ("WEEK 3", "Y", "N", None, None),
                ("WEEK 6", "Y", "Y", "2018-04-23", "2018-04-23"),
                ("WEEK 9", "Y", "N", None, None),
            ],
        ),
        (
            "STOPPED",  # the day before WEEK 3 was planned
            [("BASELINE", "Y", "Y", "2018-03-12", "2018-03-12")],
        ),
        (
            "ON-THE-DAY",
            [
                ("BASELINE", "Y", "Y", "2018-03-12", "2018-03-12"),
                ("WEEK 3", "Y", "N", None, None),
            ],
        ),
        (
            "OPEN",  # no end of study: what was planned after the data cut-off is not missed
            [("BASELINE", "Y", "Y", "2020-12-14", "2020-12-14")],
        ),
        (
            "UNPLANNED",  # two forms of one day are one visit; a day that is not known makes none
            [
                ("BASELINE", "Y", "Y", "2018-03-12", "2018-03-12"),
                ("UNSCHEDULED 1.009", None, None, "2018-03-20", "2018-03-20"),
            ],
        ),
        (
            "FAILED",  # was never treated, so that no further visit has a planned day
            [("BASELINE", "Y", "Y", "2018-03-02", "2018-03-02")],
        ),
    ],
)
def test_visits(
    made: dict[str, pd.DataFrame], subject: str, expected: list[tuple[str | None, ...]]
) -> None:
    visits = made["SV"]
    of_subject = visits[visits["USUBJID"] == f"NTR6160-{subject}"]
    got = records(of_subject, "VISIT", "SVPRESP", "SVOCCUR", "SVSTDTC", "SVENDTC")
    assert got == expected


def test_planned_day_of_planned_visits_only(made: dict[str, pd.DataFrame]) -> None:
    visits = made["SV"]
    of_subject = visits[visits["USUBJID"] == "NTR6160-UNPLANNED"]
    got = records(of_subject, "VISITNUM", "VISITDY", "SVSTDY", "SVENDY")
    assert got == [(1.0, 1.0, 1.0, 1.0), (1.009, None, 9.0, 9.0)]


def test_planned_visits(made: dict[str, pd.DataFrame]) -> None:
    assert records(made["TV"], "VISITNUM", "VISIT", "VISITDY", "TVSTRL") == [
        (1.0, "BASELINE", 1.0, "Before the start of the first infusion"),
        (2.0, "WEEK 3", 22.0, "3 weeks after the start of the first infusion"),
        (3.0, "WEEK 6", 43.0, "6 weeks after the start of the first infusion"),
        (4.0, "WEEK 9", 64.0, "9 weeks after the start of the first infusion"),
    ]
