"""Supplemental variables leave as SUPP-- records and come back as they were."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivig_cdisc import sdtm
from ivig_cdisc.dataset import EDGES, Dataset
from ivig_cdisc.metadata import DatasetSpec, Place, Variable, Wiring

PLACE = Place(file=Path("ae.yaml"), line=1)
SUPPLEMENT = (
    "STUDYID",
    "RDOMAIN",
    "USUBJID",
    "IDVAR",
    "IDVARVAL",
    "QNAM",
    "QLABEL",
    "QVAL",
    "QORIG",
    "QEVAL",
)


def variable(
    name: str, *, supplemental: bool = False, number: bool = False, length: int = 200
) -> Variable:
    return Variable(
        name=name,
        label=name.title(),
        type="Num" if number else "Char",
        length=8 if number else length,
        role="Identifier" if name in {"STUDYID", "USUBJID"} else "",
        supplemental=supplemental,
        qorig="CRF",
        wiring=Wiring(function="copy", place=PLACE),
    )


def spec(name: str, *variables: Variable, parent: str = "") -> DatasetSpec:
    entries: dict[str, Any] = {
        "label": name,
        "standard": "SDTM",
        "structure": "",
        "keys": (),
        "rows": (),
        "place": PLACE,
    }
    return DatasetSpec(name=name, variables=variables, parent=parent, **entries)


AE = spec(
    "AE",
    *(variable("STUDYID"), variable("USUBJID"), variable("AESEQ", number=True), variable("AETERM")),
    *(variable("TREATED", supplemental=True), variable("AESOURCE", supplemental=True)),
)
DM = spec(
    "DM",
    variable("STUDYID"),
    variable("USUBJID"),
    variable("AGE", number=True),
    variable("RANDDTC", supplemental=True),
)
SUPPAE = spec("SUPPAE", *map(variable, SUPPLEMENT), parent="AE")
SUPPDM = spec("SUPPDM", *map(variable, SUPPLEMENT), parent="DM")


def dataset(spec: DatasetSpec, *records: tuple[Any, ...]) -> Dataset:
    columns = [v.name for v in spec.variables]
    kinds = {v.name: "float64" if v.type == "Num" else "str" for v in spec.variables}
    frame = pd.DataFrame(list(records), columns=columns).astype(kinds)
    return Dataset(
        spec, frame, pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in EDGES.items()})
    )


def records(frame: pd.DataFrame) -> list[tuple[Any, ...]]:
    return [
        tuple(None if pd.isna(cell) else cell for cell in record)
        for record in frame.itertuples(index=False)
    ]


def test_one_record_for_each_value() -> None:
    parent = dataset(
        AE,
        ("T", "T-S1", 1, "Rash", "Y", "DIARY"),
        ("T", "T-S1", 2, "Fever", None, None),
        ("T", "T-S1", 10, "Cough", None, "VISIT"),
        ("T", "T-S2", 1, "Rash", "N", None),
    )
    supplement = sdtm.split(parent, SUPPAE)
    assert list(supplement.frame.columns) == list(SUPPLEMENT)
    assert records(supplement.frame) == [
        ("T", "AE", "T-S1", "AESEQ", "1", "AESOURCE", "Aesource", "DIARY", "CRF", None),
        ("T", "AE", "T-S1", "AESEQ", "1", "TREATED", "Treated", "Y", "CRF", None),
        (
            "T",
            "AE",
            "T-S1",
            "AESEQ",
            "10",
            "AESOURCE",
            "Aesource",
            "VISIT",
            "CRF",
            None,
        ),  # 10, and not 10.0
        ("T", "AE", "T-S2", "AESEQ", "1", "TREATED", "Treated", "N", "CRF", None),
    ]


def test_origin_and_evaluator_are_those_of_the_variable() -> None:
    """The rest of a long text has them, too."""
    judged = variable("JUDGED", supplemental=True).model_copy(
        update={"qorig": "Assigned", "qeval": "INVESTIGATOR"}
    )
    derived = variable("AETERM").model_copy(update={"qorig": "Derived"})
    own = spec("AE", *AE.variables[:3], derived, judged)
    supplement = sdtm.split(dataset(own, ("T", "S1", 1, LONG, LONG)), SUPPAE)
    assert records(supplement.frame[["QNAM", "QORIG", "QEVAL"]]) == [
        ("AETERM1", "Derived", None),
        ("AETERM2", "Derived", None),
        ("JUDGED", "Assigned", "INVESTIGATOR"),
        ("JUDGED1", "Assigned", "INVESTIGATOR"),
        ("JUDGED2", "Assigned", "INVESTIGATOR"),
    ]


def test_edges_lead_to_the_record_and_its_variable() -> None:
    parent = dataset(AE, ("T", "S", 1, "Rash", None, None), ("T", "S", 2, "Rash", "Y", "DIARY"))
    lineage = sdtm.split(parent, SUPPAE).lineage
    assert records(lineage) == [
        (0, "AE", 1, "AESOURCE", "take", -1),
        (1, "AE", 1, "TREATED", "take", -1),
    ]
    assert {name: str(kind) for name, kind in lineage.dtypes.items()} == EDGES


def test_dm_has_one_record_for_a_subject_and_no_idvar() -> None:
    parent = dataset(
        DM, ("T", "T-S1", 50, "2018-05-03"), ("T", "T-S2", 60, None), ("T", "T-S3", 70, "2018-05")
    )
    supplement = sdtm.split(parent, SUPPDM).frame
    assert supplement[["IDVAR", "IDVARVAL"]].isna().all(axis=None)
    assert supplement["USUBJID"].tolist() == ["T-S1", "T-S3"]
    pd.testing.assert_frame_equal(
        sdtm.merge(parent.frame.drop(columns="RANDDTC"), DM, supplement), parent.frame
    )


def test_numbers_are_written_as_people_do() -> None:
    with_number = spec("DM", *DM.variables[:3], variable("WEIGHT", supplemental=True, number=True))
    parent = dataset(
        with_number, ("T", "S1", 50, 70.0), ("T", "S2", 51, 70.25), ("T", "S3", 52, None)
    )
    supplement = sdtm.split(parent, SUPPDM).frame
    assert supplement["QVAL"].tolist() == ["70", "70.25"]
    without = parent.frame.drop(columns="WEIGHT")
    pd.testing.assert_frame_equal(sdtm.merge(without, with_number, supplement), parent.frame)
    assert sdtm.merge(without, with_number, None)["WEIGHT"].dtype == "float64"


def test_nothing_supplemental() -> None:
    parent = dataset(AE, ("T", "S", 1, "Rash", None, None))
    supplement = sdtm.split(parent, SUPPAE)
    assert len(supplement.frame) == len(supplement.lineage) == 0
    assert list(supplement.frame.columns) == list(SUPPLEMENT)
    without = parent.frame.drop(columns=["TREATED", "AESOURCE"])
    for none in (supplement.frame, None):  # a SUPP-- without records is not written
        merged = sdtm.merge(without, AE, none)
        assert merged[["TREATED", "AESOURCE"]].isna().all(axis=None)
        assert list(merged.columns) == list(parent.frame.columns)


def test_a_parent_without_records() -> None:
    parent = dataset(AE)
    supplement = sdtm.split(parent, SUPPAE)
    assert supplement.frame.empty
    assert sdtm.merge(
        parent.frame[["STUDYID", "USUBJID", "AESEQ", "AETERM"]], AE, supplement.frame
    ).empty


def test_keys_may_be_categories() -> None:
    parent = dataset(AE, ("T", "S1", 1, "Rash", "Y", None), ("T", "S2", 1, "Rash", None, "DIARY"))
    coded = Dataset(
        AE, parent.frame.astype({"STUDYID": "category", "USUBJID": "category"}), parent.lineage
    )
    pd.testing.assert_frame_equal(sdtm.split(coded, SUPPAE).frame, sdtm.split(parent, SUPPAE).frame)


def test_origins_for_tracing() -> None:
    assert set(sdtm.origins(AE)["QVAL"]) == {
        ("AE", "AETERM"),
        ("AE", "TREATED"),
        ("AE", "AESOURCE"),
    }
    assert sdtm.origins(AE)["USUBJID"] == (("AE", "USUBJID"),)


VALUE = st.sampled_from(["Y", "N", "10", "10.0", "é", " x ", None])


@st.composite
def parents(draw: st.DrawFn) -> Dataset:
    """Adverse events of some subjects, numbered within the subject, rows in any order."""
    counts = draw(st.lists(st.integers(1, 12), max_size=3))
    keys = [(f"S{i}", n) for i, count in enumerate(counts) for n in range(1, count + 1)]
    rows = [("T", s, n, "Rash", draw(VALUE), draw(VALUE)) for s, n in draw(st.permutations(keys))]
    return dataset(AE, *rows)


@settings(max_examples=50, deadline=None)
@given(parents())
def test_round_trip(parent: Dataset) -> None:
    supplement = sdtm.split(parent, SUPPAE)
    values = parent.frame[["TREATED", "AESOURCE"]].notna().to_numpy().sum()
    assert len(supplement.frame) == len(supplement.lineage) == values
    without = parent.frame.drop(columns=["TREATED", "AESOURCE"])
    merged = sdtm.merge(without, AE, supplement.frame)
    pd.testing.assert_frame_equal(merged, parent.frame)
    mixed = supplement.frame.iloc[np.random.default_rng(0).permutation(len(supplement.frame))]
    pd.testing.assert_frame_equal(
        sdtm.merge(without, AE, mixed), parent.frame
    )  # the order of records is no matter


@pytest.mark.parametrize("index", [[5, 3], [0, 1]])
def test_merge_keeps_the_index_of_the_parent(index: list[int]) -> None:
    parent = dataset(AE, ("T", "S1", 1, "Rash", "Y", None), ("T", "S2", 1, "Rash", None, "DIARY"))
    supplement = sdtm.split(parent, SUPPAE).frame
    moved = parent.frame.set_axis(pd.Index(index))
    merged = sdtm.merge(moved.drop(columns=["TREATED", "AESOURCE"]), AE, supplement)
    pd.testing.assert_frame_equal(merged, moved)


# ---------------------------------------------------------------- long text
WORD = "x" * 99  # two of them and a blank are 199 bytes
LONG = f"{WORD} {WORD} {WORD} {WORD} end"


def qualifiers(supplement: Dataset) -> list[tuple[Any, ...]]:
    return records(
        supplement.frame[["USUBJID", "IDVAR", "IDVARVAL", "QNAM", "QLABEL", "QVAL", "QORIG"]]
    )


def test_the_rest_of_a_long_text() -> None:
    """Both the topic and a supplemental variable go on; the variable's label stays, the parent is the record."""
    parent = dataset(AE, ("T", "S1", 1, "Rash", "Y", None), ("T", "S1", 2, LONG, None, LONG))
    supplement = sdtm.split(parent, SUPPAE)
    assert qualifiers(supplement) == [
        ("S1", "AESEQ", "1", "TREATED", "Treated", "Y", "CRF"),
        (
            "S1",
            "AESEQ",
            "2",
            "AESOURC1",
            "Aesource",
            f"{WORD} {WORD}",
            "CRF",
        ),  # of 8 characters the last gives way
        ("S1", "AESEQ", "2", "AESOURC2", "Aesource", "end", "CRF"),
        ("S1", "AESEQ", "2", "AESOURCE", "Aesource", f"{WORD} {WORD}", "CRF"),
        ("S1", "AESEQ", "2", "AETERM1", "Aeterm", f"{WORD} {WORD}", "CRF"),
        ("S1", "AESEQ", "2", "AETERM2", "Aeterm", "end", "CRF"),
    ]
    long = [
        (1, "AE", 1, "AESOURCE", "take", -1),
        (2, "AE", 1, "AESOURCE", "take", -1),
        (3, "AE", 1, "AESOURCE", "take", -1),
    ]
    long += [(4, "AE", 1, "AETERM", "take", -1), (5, "AE", 1, "AETERM", "take", -1)]
    assert records(supplement.lineage) == [(0, "AE", 0, "TREATED", "take", -1), *long]
    assert sdtm.shortened(parent).frame["AETERM"].tolist() == ["Rash", f"{WORD} {WORD}"]
    assert parent.frame["AETERM"].tolist() == ["Rash", LONG]  # as it was


def test_long_text_of_dm() -> None:
    race = spec("DM", *DM.variables[:3], variable("RACE"))
    parent = dataset(race, ("T", "S1", 50, LONG), ("T", "S2", 60, "ASIAN"))
    supplement = sdtm.split(parent, SUPPDM)
    assert qualifiers(supplement) == [
        ("S1", None, None, "RACE1", "Race", f"{WORD} {WORD}", "CRF"),
        ("S1", None, None, "RACE2", "Race", "end", "CRF"),
    ]
    short = sdtm.shortened(parent).frame
    pd.testing.assert_frame_equal(sdtm.merge(short, race, supplement.frame), parent.frame)


def test_a_name_that_the_study_has_is_passed_over() -> None:
    own = spec("AE", *AE.variables[:4], variable("AETERM1", supplemental=True))
    parent = dataset(own, ("T", "S1", 1, LONG, LONG), ("T", "S1", 2, "Rash", "own"))
    supplement = sdtm.split(parent, SUPPAE)
    names = ["AETERM1", "AETERM11", "AETERM12", "AETERM2", "AETERM3", "AETERM1"]
    assert supplement.frame["QNAM"].tolist() == names
    short = sdtm.shortened(parent).frame[list(own.columns)]
    pd.testing.assert_frame_equal(sdtm.merge(short, own, supplement.frame), parent.frame)


def test_categories_may_be_long() -> None:
    parent = dataset(AE, ("T", "S1", 1, LONG, "Y", None), ("T", "S2", 1, "Rash", None, LONG))
    coded = Dataset(
        AE, parent.frame.astype({"AETERM": "category", "AESOURCE": "category"}), parent.lineage
    )
    pd.testing.assert_frame_equal(sdtm.split(coded, SUPPAE).frame, sdtm.split(parent, SUPPAE).frame)
    assert sdtm.shortened(coded).frame["AETERM"].tolist() == [f"{WORD} {WORD}", "Rash"]


LONG_VALUE = st.sampled_from(
    ["Rash", LONG, "x" * 200, "x" * 201, "x" * 401, f"{'x' * 200} end", f"{WORD} {WORD}  end", None]
)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(LONG_VALUE, LONG_VALUE, LONG_VALUE), max_size=5))
def test_long_text_comes_back_whole(
    values: list[tuple[str | None, str | None, str | None]],
) -> None:
    parent = dataset(AE, *(("T", "S1", n, *texts) for n, texts in enumerate(values, 1)))
    supplement = sdtm.split(parent, SUPPAE).frame
    assert supplement["QVAL"].str.len().le(200).all()
    assert not supplement.duplicated(["IDVARVAL", "QNAM"]).any()
    short = sdtm.shortened(parent).frame[list(AE.columns)]
    assert not short["AETERM"].str.len().gt(200).any()
    pd.testing.assert_frame_equal(sdtm.merge(short, AE, supplement), parent.frame)
