"""The kernel as a whole: order of work, types, what it refuses, and what must not matter."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from ivig_cdisc import derive, engine, metadata, raw
from ivig_cdisc.dataset import EDGES, Dataset
from ivig_cdisc.engine.plan import Column, RowStep, Sort
from ivig_cdisc.errors import DerivationError
from ivig_cdisc.metadata import Study

from .conftest import RAW, Trial, built
from .small import same, table


# ---------------------------------------------------------------- what comes out
def test_one_row_each_in_key_order(trial: Trial) -> None:
    vs = trial.build()["VS"].frame[
        ["USUBJID", "VSSEQ", "VSTESTCD", "VSORRES", "VSSTRESN", "VSDTC", "VSDY"]
    ]
    expected = table(
        """
           USUBJID VSSEQ VSTESTCD VSORRES VSSTRESN VSDTC            VSDY
         0 T-S1    1     DIABP    .       .        2018-05-03T08:30 1
         1 T-S1    2     SYSBP    118     118      2018-05-02       -1
         2 T-S1    3     SYSBP    121     121      2018-05-03T08:30 1
         3 T-S1    4     WEIGHT   78.5    78.5     2018-05-03       1
         4 T-S2    1     DIABP    90      90       2018-05-04T09:00 1
         5 T-S2    2     SYSBP    140     140      2018-05-04T09:00 1
         6 T-S9    1     SYSBP    111     111      2018-05-02       .
        """,  # row 0 was not done; S9 is no subject, so there is no first dose to count from
        numbers=["VSSEQ", "VSSTRESN", "VSDY"],
    )
    same(vs, expected)


def test_frame_and_edges_are_as_promised(trial: Trial) -> None:
    for name, dataset in trial.build().items():
        assert list(dataset.frame.columns) == [v.name for v in dataset.spec.variables], name
        assert dataset.frame.index.equals(pd.RangeIndex(len(dataset.frame)))
        assert {column: str(kind) for column, kind in dataset.lineage.dtypes.items()} == EDGES
        assert dataset.lineage["row"].is_monotonic_increasing
        assert set(dataset.lineage["row"]) == set(dataset.frame.index)
        for variable in dataset.spec.variables:
            number = pd.api.types.is_numeric_dtype(dataset.frame[variable.name])
            assert number == (variable.type == "Num"), f"{name}.{variable.name}"


def test_edges_lead_to_records_that_are_there(trial: Trial) -> None:
    study = trial.load()
    sources = dict(raw.read(trial.folder.parent / "raw", study).forms)
    for name, dataset in built(study, sources).items():
        for source, edges in dataset.lineage.groupby("source", observed=True):
            assert set(edges["source_row"]) <= set(sources[str(source)].index), name
        sources[name] = dataset.frame


def test_every_collected_result_is_accounted_for(trial: Trial) -> None:
    study = trial.load()
    forms = raw.read(trial.folder.parent / "raw", study).forms
    vs = built(study, forms)["VS"].lineage
    taken = vs[vs["verb"] == "take"]
    cells = [
        ("vitals", line, column)
        for column in ("sbp", "dbp")
        for line in forms["vitals"].index
        if not pd.isna(forms["vitals"].at[line, column])
        or not pd.isna(forms["vitals"].at[line, f"{column}.missing"])
    ]
    cells += [
        ("doses", line, None) for line in forms["doses"].index[forms["doses"]["weight"].notna()]
    ]
    found = taken[["source", "source_row", "source_column"]].astype(object).itertuples(index=False)
    assert sorted(cells, key=str) == sorted(
        ((s, r, None if pd.isna(c) else c) for s, r, c in found), key=str
    )


def test_an_export_without_records(trial: Trial) -> None:
    for name, text in RAW.items():
        trial.write(f"../raw/{name}.csv", text.splitlines()[0] + "\n")
    for dataset in trial.build().values():
        assert len(dataset.frame) == len(dataset.lineage) == 0
        assert list(dataset.frame.columns) == [v.name for v in dataset.spec.variables]


def test_expected_variables_are_there_and_empty(trial: Trial) -> None:
    dm = trial.build()["DM"].frame
    assert dm[["RACE", "AGE"]].isna().all(axis=None)
    assert pd.api.types.is_numeric_dtype(dm["AGE"])
    assert not pd.api.types.is_numeric_dtype(dm["RACE"])


@pytest.mark.parametrize("wiring", ['{value: ""}', "{derive: paste, from: {values: [none, none]}}"])
def test_empty_text_is_missing(trial: Trial, wiring: str) -> None:
    """Formats do not tell it from a missing value, so nothing before them does."""
    dm = (trial.folder / "sdtm/dm.yaml").read_text("utf-8")
    working = 'working: {none: {value: ""}}\nvariables:'
    changed = dm.replace("SEX: {from: sex}", f"SEX: {wiring}").replace("variables:", working, 1)
    trial.write("sdtm/dm.yaml", changed)
    assert trial.build()["DM"].frame["SEX"].isna().all()


# ---------------------------------------------------------------- order of the work
def work(trial: Trial, name: str) -> list[str]:
    plan = engine.bind(trial.load())[0][name]
    words = {
        RowStep: lambda w: w.step.__class__.__name__,
        Column: lambda w: w.name,
        Sort: lambda w: f"by {w.keys}",
    }
    return [words[type(w)](w) for w in plan.work]


def test_a_variable_is_derived_before_the_step_that_reads_it(trial: Trial) -> None:
    order = work(trial, "VS")
    assert order[:3] == [
        "Stack",
        "USUBJID",
        "Join",
    ]  # the join is on USUBJID; all others come after it
    sort = order.index("by ('USUBJID', 'VSTESTCD', 'VSDTC')")  # STUDYID is the same everywhere
    assert order[sort + 1 :] == ["VSSEQ"]  # counts rows in their final order
    assert order.index("VSSTRESC") < order.index("VSSTRESN")


def test_what_reads_a_number_of_rows_comes_after_it(trial: Trial) -> None:
    vs = (trial.folder / "sdtm/vs.yaml").read_text("utf-8")
    trial.write(
        "sdtm/vs.yaml",
        vs + "  VSSPID: {derive: paste, from: {values: [VSSEQ]}, with: {prefix: N}}\n",
    )
    assert work(trial, "VS")[-2:] == ["VSSEQ", "VSSPID"]


def test_a_derived_column_may_take_the_place_of_a_collected_one(trial: Trial) -> None:
    dm = (trial.folder / "sdtm/dm.yaml").read_text("utf-8")
    trial.write(
        "sdtm/dm.yaml",
        dm + "working:\n  site: {derive: paste, from: {values: site}, with: {prefix: NL-}}\n",
    )
    assert trial.build()["DM"].frame["SITEID"].tolist() == ["NL-01", "NL-02", "NL-01"]


# ---------------------------------------------------------------- what must not matter
def shuffled(study: Study, seed: int) -> Study:
    """The study with the variables and working columns of each dataset in another order."""
    chance = np.random.default_rng(seed)

    def mixed(items: Iterable[Any]) -> list[Any]:
        listed = list(items)
        return [listed[i] for i in chance.permutation(len(listed))]

    datasets = [
        dataset.model_copy(
            update={
                "variables": tuple(mixed(dataset.variables)),
                "working": dict(mixed(dataset.working.items())),
            }
        )
        for dataset in study.datasets
    ]
    return study.model_copy(update={"datasets": tuple(datasets)})


def alike(one: dict[str, Dataset], two: dict[str, Dataset]) -> None:
    assert one.keys() == two.keys()
    for name, dataset in one.items():
        pd.testing.assert_frame_equal(
            dataset.frame, two[name].frame[dataset.frame.columns], obj=name
        )
        pd.testing.assert_frame_equal(dataset.lineage, two[name].lineage, obj=name)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_order_of_variables_is_irrelevant(trial: Trial, seed: int) -> None:
    study = trial.load()
    alike(trial.build(study), trial.build(shuffled(study, seed)))


@pytest.mark.slow
def test_order_of_variables_of_the_bundled_study_is_irrelevant(
    subjects: tuple[Study, dict[str, pd.DataFrame]],
) -> None:
    study, forms = subjects
    alike(built(study, forms), built(shuffled(study, 1), forms))


@pytest.fixture(scope="module")
def subjects() -> tuple[Study, dict[str, pd.DataFrame]]:
    """A few subjects of the example."""
    example = Path(__file__).parents[2] / "examples" / "ntr6160" / "raw"
    study = metadata.load("ntr6160")[0]
    return study, next(raw.partition(raw.read(example, study), 5, study))


@pytest.mark.parametrize("seed", range(3))
def test_order_of_raw_records_is_irrelevant(trial: Trial, seed: int) -> None:
    before = trial.build()
    chance = np.random.default_rng(seed)
    for name, text in RAW.items():
        head, *lines = text.splitlines()
        lines = chance.permutation(lines).tolist()
        trial.write(f"../raw/{name}.csv", "\n".join([head, *lines]) + "\n")
    after = trial.build()
    for name, dataset in before.items():
        pd.testing.assert_frame_equal(dataset.frame, after[name].frame, obj=name)


# ---------------------------------------------------------------- contract of column functions
def wrong_index(value: pd.Series) -> pd.Series:
    return value.set_axis(range(100, 100 + len(value)))


def fewer_rows(value: pd.Series) -> pd.Series:
    return value.iloc[1:]


def another_order(value: pd.Series) -> pd.Series:
    return value.iloc[::-1]


def no_column(value: pd.Series) -> list[str]:
    return value.tolist()


def raises(value: pd.Series) -> pd.Series:
    raise ValueError(f"{len(value)} are too many")


CHANGED = "does not return a column with the index of its inputs"


@pytest.mark.parametrize(
    ("function", "reason"),
    [
        (wrong_index, CHANGED),
        (fewer_rows, CHANGED),
        (another_order, CHANGED),
        (no_column, CHANGED),
        (raises, "ValueError: 3 are too many"),
    ],
)
def test_a_function_that_breaks_its_contract(
    trial: Trial, monkeypatch: pytest.MonkeyPatch, function: Callable[..., object], reason: str
) -> None:
    name = function.__name__
    monkeypatch.setattr(derive, "FUNCTIONS", {**derive.FUNCTIONS, name: function})
    dm = (trial.folder / "sdtm/dm.yaml").read_text("utf-8")
    trial.write(
        "sdtm/dm.yaml",
        dm.replace("SEX: {from: sex}", f"SEX: {{derive: {name}, from: {{value: sex}}}}"),
    )
    with pytest.raises(DerivationError) as error:
        trial.build()
    assert str(error.value) == f"DM.SEX ({name}): {reason}"
    assert (error.value.dataset, error.value.variable, error.value.function) == ("DM", "SEX", name)


def test_text_in_a_numeric_variable(trial: Trial) -> None:
    dm = (trial.folder / "sdtm/dm.yaml").read_text("utf-8")
    trial.write("sdtm/dm.yaml", dm + "  AGE: {from: sex}\n")
    _, problems = engine.bind(trial.load())
    assert [(one.path, one.reason) for one in problems] == [
        ("DM.AGE", "is Num and sex is text: derive number")
    ]
