"""The one raw cell to look at behind a cell, in the small trial that uses all row verbs."""

from __future__ import annotations

import pandas as pd
import pytest

from ivig_cdisc import engine, lineage

from .conftest import Trial


def located(trial: Trial, *cells: tuple[str, int, str | None]) -> list[str]:
    """The raw cell behind each cell, as `form line column`."""
    study = trial.load()
    inputs = lineage.inputs(study, engine.bind(study)[0])
    wanted = pd.DataFrame(
        list(cells), columns=["dataset", "row", "variable"], index=range(10, 10 + len(cells))
    )
    found = lineage.locate(lineage.Lineage.of(inputs, trial.build(study)), wanted)
    assert found.index.equals(wanted.index)
    text = found.astype("object").where(found.notna(), ".")
    return [" ".join(map(str, cell)) for cell in text.itertuples(index=False)]


@pytest.mark.slow
def test_locate(trial: Trial) -> None:
    cells = {
        ("VS", 1, "VSORRES"): "vitals 4 sbp",  # melted: its own column
        ("VS", 4, "VSORRES"): "vitals 2 dbp",
        ("VS", 4, "VSSTRESN"): "vitals 2 dbp",  # by way of VSSTRESC and VSORRES
        ("VS", 4, "VSTESTCD"): "vitals 2 dbp",
        ("VS", 0, "VSREASND"): "vitals 3 dbp",
        ("VS", 1, "VSDTC"): "vitals 4 date",  # beside the melted columns
        ("VS", 1, "USUBJID"): "vitals 4 subject",
        ("VS", 1, "VSDY"): "vitals 4 date",  # of date and reference the first
        ("VS", 3, "VSORRES"): "doses 3 weight",  # the other branch of the stack, renamed there
        ("VS", 3, "VSDTC"): "doses 3 date",
        (
            "DM",
            0,
            "RFSTDTC",
        ): "doses 3 date",  # joined, summarized, of an internal dataset: one of several
        ("DM", 2, "SITEID"): "subjects 4 site",
        ("ADVS", 1, "AVAL"): "vitals 4 sbp",  # VS
        ("ADVS", 4, "AVAL"): "vitals 4 sbp",  # LOWEST, VS
        ("ADVS", 12, "AVAL"): "vitals 2 sbp",  # HIGHEST, VS
        ("ADVS", 7, "AVAL"): "doses 3 weight",
        ("ADVS", 1, "SITEID"): "subjects 3 site",
        ("ADVS", 1, "USUBJID"): "vitals 4 subject",
    }
    assert dict(zip(cells, located(trial, *cells), strict=True)) == cells


def test_locate_a_record_as_a_whole(trial: Trial) -> None:
    assert located(trial, ("DM", 0, None), ("VS", 3, None)) == ["subjects 3 .", "doses 3 ."]


def test_locate_where_there_is_nothing(trial: Trial) -> None:
    assert located(trial, ("DM", 99, "SEX"), ("vitals", 2, "sbp"), ("XX", 0, "X")) == [
        ". . .",
        ". . .",
        ". . .",
    ]


def test_locate_nothing(trial: Trial) -> None:
    cells = pd.DataFrame({"dataset": [], "row": [], "variable": []})
    assert lineage.locate(lineage.Lineage.of({}, trial.build()), cells).empty


def behind(trial: Trial, *cells: tuple[str, int, str | None]) -> dict[str, set[str]]:
    """The raw cells behind all of the cells, as `form line column`, by reason."""
    study = trial.load()
    known = lineage.Lineage.of(lineage.inputs(study, engine.bind(study)[0]), trial.build(study))
    found = lineage.ancestors(
        known, pd.DataFrame(list(cells), columns=["dataset", "row", "variable"])
    )
    places = found["form"] + " " + found["line"].astype("str") + " " + found["column"]
    return {"value": set(places[found["is_value"]]), "selection": set(places[~found["is_value"]])}


@pytest.mark.slow
def test_a_melted_cell_has_the_reason_that_it_is_there(trial: Trial) -> None:
    found = behind(trial, ("VS", 4, "VSTESTCD"))
    assert found == {
        "value": set(),
        "selection": {"vitals 2 dbp"},
    }  # the name is a constant of the column
    assert behind(trial, ("VS", 4, "VSORRES"))["value"] == {"vitals 2 dbp"}


def test_all_records_of_a_summary_are_behind_it(trial: Trial) -> None:
    found = behind(trial, ("DM", 0, "RFSTDTC"))
    assert found["value"] == {"doses 2 date", "doses 3 date"}
    assert found["selection"] == {"doses 2 subject", "doses 3 subject", "subjects 3 subject"}


def test_a_sequence_number_counts_all_records_of_the_subject(trial: Trial) -> None:
    found = behind(trial, ("VS", 3, "VSSEQ"))
    assert found["value"] == set()
    assert {"vitals 3 date", "vitals 4 date", "doses 3 date", "doses 3 weight"} <= found[
        "selection"
    ]
    assert not any(
        place.startswith("vitals 2") for place in found["selection"]
    )  # of another subject


def test_what_chose_a_record_decides_and_gives_no_value(trial: Trial) -> None:
    found = behind(trial, ("LOWEST", 0, "AVAL"))
    assert found["value"] == {"vitals 4 sbp"}
    assert "vitals 4 subject" in found["selection"]


def test_nothing_is_behind_a_constant(trial: Trial) -> None:
    assert behind(trial, ("DM", 0, "STUDYID")) == {"value": set(), "selection": set()}
