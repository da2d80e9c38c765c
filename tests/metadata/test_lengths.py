"""Names in `lengths` of study.yaml: those that nothing can have are slips."""

from __future__ import annotations

import pytest

from .conftest import StudyFolder

NOWHERE = "no dataset of the study, and of no standard, has a variable"


def says(study: StudyFolder, name: str) -> list[str]:
    study.change("study.yaml", "facts:", f"lengths: {{{name}: 20, others: data}}\nfacts:")
    return study.problems()


@pytest.mark.parametrize(
    "name",
    [
        "USUBJID",
        "ARM",  # of a dataset that the study has
        "AETERM",  # of one that it has not
        "--TERM",
        "--CAT",
        "VISIT",
        "QVAL",
        "IDVARVAL",
        "COVAL7",
        "TSVAL1",
        "--VAL1",
        "TRT02P",  # of ADaM, numbered
        "AGEGR1",
        "CRIT1FL",
        "VISITDY",  # of the model
        "FATESTCD",
        "HEAVYFL",  # the study's own
    ],
)
def test_what_some_dataset_could_have(study: StudyFolder, name: str) -> None:
    assert says(study, name) == []


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("USUBJD", " (did you mean USUBJID?)"),
        ("--CATT", " (did you mean --CAT?)"),
        ("AETERMM", " (did you mean AETERM?)"),
        ("HEAVYF", " (did you mean HEAVYFL?)"),
        ("TRT2P", ""),
        ("Others", ""),
        ("subject_id", ""),  # a column of a form
        ("ZZZZZZZ", ""),
    ],
)
def test_what_nothing_can_have(study: StudyFolder, name: str, near: str) -> None:
    (told,) = says(study, name)
    start = f"study.yaml:26: lengths.{name}: {NOWHERE} {name}"
    assert told.startswith(start)
    assert not near or told == f"{start}{near}"


def test_nothing_is_said_where_a_dataset_cannot_be_read(study: StudyFolder) -> None:
    study.write("sdtm/ae.yaml", "dataset: [\n")
    assert not any(NOWHERE in told for told in says(study, "AEFREE"))
