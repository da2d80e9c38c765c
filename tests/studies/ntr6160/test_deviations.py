"""IE holds exceptions only; DV what the records show: dose, interval of cycles, inclusion despite a criterion."""

from __future__ import annotations

import pandas as pd
import pytest

from ivig_cdisc.testing import records

from .small_export import datasets

FORMS = {
    "subjects": """
        subject_id site_id country consent_date sex inclusion_date
        ELIGIBLE   S1      NLD     01-03-2018   1   08-03-2018
        FAILED     S1      NLD     01-03-2018   1   .
        INCLUDED   S1      NLD     01-03-2018   1   08-03-2018
        UNANSWERED S1      NLD     01-03-2018   1   08-03-2018
        ON-PLAN    S1      NLD     01-03-2018   1   08-03-2018
        OFF-PLAN   S1      NLD     01-03-2018   1   08-03-2018
        UNWEIGHED  S1      NLD     01-03-2018   1   08-03-2018
    """,
    "eligibility": """
        subject_id criterion answer assessed_date
        ELIGIBLE   I01       1      08-03-2018
        ELIGIBLE   E01       0      08-03-2018
        FAILED     I03       0      05-03-2018
        FAILED     E01       1      05-03-2018
        FAILED     E02       0      05-03-2018
        INCLUDED   I04       0      12-03-2018
        UNANSWERED I01       -97    08-03-2018
        UNANSWERED E02       .      08-03-2018
    """,
    "infusions": """
        subject_id cycle infusion_date start_time stop_time weight_kg dose_g
        INCLUDED   1     12-03-2018    10:00      12:30     50        100
        ON-PLAN    1     12-03-2018    10:00      12:30     50        45
        ON-PLAN    1     13-03-2018    10:00      12:30     50        45
        ON-PLAN    2     05-04-2018    10:00      12:30     50        55
        ON-PLAN    3     23-04-2018    10:00      12:30     50        50
        OFF-PLAN   1     12-03-2018    10:00      12:30     50        44
        OFF-PLAN   1     13-03-2018    10:00      12:30     50        45
        OFF-PLAN   2     06-04-2018    10:00      12:30     50        56
        OFF-PLAN   3     23-04-2018    10:00      12:30     50        50
        UNWEIGHED  1     12-03-2018    10:00      12:30     .         10
    """,
    "end_of_study": """
        subject_id completed end_date
        FAILED     0         05-03-2018
        ON-PLAN    1         14-05-2018
        OFF-PLAN   1         14-05-2018
    """,
}
OFF_DOSE = "Dose more than 10 % off the planned one in cycle"
OFF_START = "More than 3 days off the planned start of cycle"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, pd.DataFrame]:
    return datasets(tmp_path_factory.mktemp("deviations"), ["IE", "DV", "TI"], **FORMS)


def test_exceptions_only(made: dict[str, pd.DataFrame]) -> None:
    """A criterion that was not answered is no exception."""
    names = [
        "USUBJID",
        "IESEQ",
        "IETESTCD",
        "IECAT",
        "IEORRES",
        "IESTRESC",
        "EPOCH",
        "IEDTC",
        "IEDY",
    ]
    assert records(made["IE"], *names) == [
        ("NTR6160-FAILED", 1, "E01", "EXCLUSION", "Y", "Y", "SCREENING", "2018-03-05", None),
        ("NTR6160-FAILED", 2, "I03", "INCLUSION", "N", "N", "SCREENING", "2018-03-05", None),
        # on the day of the first infusion, without a time: taken as before it
        ("NTR6160-INCLUDED", 1, "I04", "INCLUSION", "N", "N", "SCREENING", "2018-03-12", 1),
    ]


def test_criteria(made: dict[str, pd.DataFrame]) -> None:
    """Six are published; the text of the others says that they are not."""
    synthetic = "criterion {} of the synthetic data; the publication states none"
    assert records(made["TI"], "IETESTCD", "IECAT", "IETEST") == [
        ("E01", "EXCLUSION", "Inclusion body myositis"),
        ("E02", "EXCLUSION", "Prior use of immunosuppressants"),
        ("E03", "EXCLUSION", "Exclusion " + synthetic.format("E03")),
        ("E04", "EXCLUSION", "Exclusion " + synthetic.format("E04")),
        ("E05", "EXCLUSION", "Exclusion " + synthetic.format("E05")),
        ("E06", "EXCLUSION", "Exclusion " + synthetic.format("E06")),
        ("I01", "INCLUSION", "Adult"),
        ("I02", "INCLUSION", "Newly diagnosed idiopathic inflammatory myopathy"),
        ("I03", "INCLUSION", "Idiopathic inflammatory myopathy proven by biopsy"),
        ("I04", "INCLUSION", "Disease duration of less than 9 months"),
        ("I05", "INCLUSION", "Inclusion " + synthetic.format("I05")),
    ]


def test_the_text_of_an_exception_is_that_of_its_criterion(made: dict[str, pd.DataFrame]) -> None:
    texts = dict(records(made["TI"], "IETESTCD", "IETEST"))
    for code, text in records(made["IE"], "IETESTCD", "IETEST"):
        assert text == texts[code]


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        ("ELIGIBLE", []),
        ("FAILED", []),  # a screen failure was not included
        (
            "INCLUDED",
            [
                (
                    "ELIGIBILITY",
                    "INCLUDED DESPITE CRITERION",
                    "Included despite criterion I04",
                    "SCREENING",
                    "2018-03-08",
                )
            ],
        ),
        ("UNANSWERED", []),
        ("ON-PLAN", []),  # exactly 10 % below and above, 24 and 18 days
        (
            "OFF-PLAN",
            [
                (
                    "STUDY TREATMENT",
                    "DOSE OUTSIDE PLAN",
                    f"{OFF_DOSE} 1",
                    "TREATMENT",
                    "2018-03-12T10:00",
                ),
                (
                    "STUDY TREATMENT",
                    "DOSE OUTSIDE PLAN",
                    f"{OFF_DOSE} 2",
                    "TREATMENT",
                    "2018-04-06T10:00",
                ),
                (
                    "STUDY TREATMENT",
                    "CYCLE INTERVAL OUTSIDE WINDOW",
                    f"{OFF_START} 2",
                    "TREATMENT",
                    "2018-04-06T10:00",
                ),
                (
                    "STUDY TREATMENT",
                    "CYCLE INTERVAL OUTSIDE WINDOW",
                    f"{OFF_START} 3",
                    "TREATMENT",
                    "2018-04-23T10:00",
                ),
            ],
        ),
        ("UNWEIGHED", []),  # the dose per kg is not known
    ],
)
def test_deviations(
    made: dict[str, pd.DataFrame], subject: str, expected: list[tuple[str, ...]]
) -> None:
    deviations = made["DV"]
    of_subject = deviations[deviations["USUBJID"] == f"NTR6160-{subject}"]
    assert records(of_subject, "DVCAT", "DVDECOD", "DVTERM", "EPOCH", "DVSTDTC") == expected
