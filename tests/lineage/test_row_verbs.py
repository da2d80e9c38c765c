"""The sources of records that verbs make: every raw cell that changes a cell is among its ancestors, with its reason."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

import pandas as pd
import pytest

from ivig_cdisc import engine, lineage, metadata
from ivig_cdisc.dataset import Dataset
from ivig_cdisc.engine import Plan
from ivig_cdisc.lineage import Lineage, ancestors
from ivig_cdisc.metadata import Study

DATED = "{derive: calendar_date, from: {date: %s}, type: Num}"
NUMBER = "{derive: number, from: {value: %s}, type: Num}"
MEASURED = "{subject: {}, visit: {}, day: {type: Num}, value: {type: Num}"
STUDY = """\
id: T
title: A trial
cutoff: 2018-12-31
intake: {subjects: subjects, subject: subject}
forms:
  subjects: {key: [subject], columns: {subject: }}
  doses:
    key: [subject, begin]
    columns: {subject: , begin: {type: date}, end: {type: date}, gram: {type: number}}
  vitals:
    key: [subject, visit, test]
    columns: {subject: , visit: , test: , date: {type: date}, value: {type: number}}
"""
DATASETS = {  # name: keys, row steps, variables
    "DOSES": (
        "subject, begin",
        "[take: doses]",
        f"{{subject: {{}}, begin: {DATED % 'begin'}, end: {DATED % 'end'}, gram: {NUMBER % 'gram'}}}",
    ),
    "VITALS": (
        "subject, visit, test",
        "[take: vitals]",
        f"{{subject: {{}}, visit: {{}}, test: {{}}, day: {DATED % 'date'}, value: {NUMBER % 'value'}}}",
    ),
    "TURNED": (
        "subject, visit",
        "[take: VITALS, transpose: {by: [subject, visit], name: test, value: value, columns: {SBP: high, DBP: low}}]",
        "{subject: {}, visit: {}, high: {type: Num}, low: {type: Num}}",
    ),
    "SUMMED": (
        "subject",
        "[take: VITALS, summarize: {by: [subject], take: {mean: {mean: value}, third: {quantile: value, share: 0.75}, visit: {last: visit, order: [day, value]}}}]",
        "{subject: {}, mean: {type: Num}, third: {type: Num}, visit: {}}",
    ),
    "LATEST": (
        "subject, test",
        "[take: VITALS, last: {by: [subject, test], order: [day, -value]}]",
        f"{MEASURED}, test: {{}}}}",
    ),
    "ONDOSE": (
        "subject, visit, test",
        "[take: VITALS, join: {with: DOSES, on: [subject], between: {day: [begin, end]}, latest: begin, take: [gram]}]",
        f"{MEASURED}, test: {{}}, gram: {{type: Num}}}}",
    ),
    "WRITTEN": (
        "subject, visit, test",
        "[take: vitals, join: {with: doses, on: [subject], during: {date: [begin, end]}, latest: begin, take: [gram]}]",
        "{subject: {}, visit: {}, test: {}, gram: {}}",
    ),
    "NEAREST": (
        "subject, visit, test",
        "[take: VITALS, join: {with: DOSES, on: [subject], nearest: {day: begin}, within: 20, take: [gram], unmatched: drop}]",
        f"{MEASURED}, test: {{}}, gram: {{type: Num}}}}",
    ),
    "EVERY": (
        "subject, visit, test, begin",
        "[take: VITALS, join: {with: DOSES, on: [subject], not_before: {day: begin}, matches: all, take: [begin, gram]}]",
        f"{MEASURED}, test: {{}}, begin: {{type: Num}}, gram: {{type: Num}}}}",
    ),
}
DOSES = """
S1 2018-05-01 2018-05-10 40
S1 2018-05-08 2018-05-20 80
S1 2018-06-01 . 90
S2 2018-05-02 2018-05-03 50
"""
VITALS = """
S1 BL SBP 2018-05-01 120
S1 BL DBP 2018-05-01 80
S1 W3 SBP 2018-05-09 131
S1 W6 SBP 2018-06-12 .
S1 W6 PULSE 2018-06-12 61
S2 BL SBP 2018-05-04 118
S2 BL DBP 2018-05-02 75
"""
Forms = Mapping[str, pd.DataFrame]
Cell = tuple[str, int, str]


def form(text: str, names: str) -> pd.DataFrame:
    lines = [[None if cell == "." else cell for cell in line.split()] for line in text.split("\n")]
    frame = pd.DataFrame([line for line in lines if line], columns=names.split(), dtype="str")
    for name in list(frame):
        frame[f"{name}.missing"] = pd.Series(None, frame.index, dtype="str")
    return frame.set_axis(range(2, len(frame) + 2))


FORMS = {
    "subjects": form("S1\nS2", "subject"),
    "doses": form(DOSES, "subject begin end gram"),
    "vitals": form(VITALS, "subject visit test date value"),
}


class Trial:
    """The study of this page."""

    def __init__(self, folder: Path) -> None:
        (folder / "sdtm").mkdir()
        (folder / "study.yaml").write_text(STUDY, "utf-8")
        for name, (keys, rows, variables) in DATASETS.items():
            text = f"dataset: {name}\ninternal: true\nkeys: [{keys}]\nrows: {rows}\nvariables: {variables}\n"
            (folder / "sdtm" / f"{name.lower()}.yaml").write_text(text, "utf-8")
        self.study: Study
        self.plans: dict[str, Plan]
        self.study, problems = metadata.load(folder)
        assert problems == []
        self.plans, problems = engine.bind(self.study)
        assert problems == []

    @cached_property
    def made(self) -> dict[str, Dataset]:
        return self.built(FORMS)

    def built(self, forms: Forms) -> dict[str, Dataset]:
        made: dict[str, Dataset] = {}
        for name, plan in self.plans.items():
            made[name] = engine.run(plan, forms, made)
        return made

    def ancestors(self, made: Mapping[str, Dataset], cells: list[Cell]) -> pd.DataFrame:
        known = Lineage.of(lineage.inputs(self.study, self.plans), made)
        return ancestors(known, pd.DataFrame(cells, columns=["dataset", "row", "variable"]))


@pytest.fixture(scope="module")
def trial(tmp_path_factory: pytest.TempPathFactory) -> Trial:
    return Trial(tmp_path_factory.mktemp("study"))


def values(made: Mapping[str, Dataset]) -> dict[tuple[str, str, str], tuple[str, int]]:
    """Each cell by dataset, keys of its record and variable: as text, and the row that it is in."""
    found = {}
    for name, dataset in made.items():
        for row, record in dataset.frame.iterrows():
            key = " ".join(str(record[key]) for key in dataset.spec.keys)
            for variable, value in record.items():
                found[name, key, str(variable)] = str(value), int(str(row))
    return found


CHANGED = {
    "doses": {"begin": "2018-05-03", "end": "2018-05-30", "gram": "7"},
    "vitals": {"date": "2018-05-05", "value": "99", "test": "OTHER"},
}


@pytest.mark.slow
@pytest.mark.parametrize("where", [(f, c) for f, columns in CHANGED.items() for c in columns])
def test_no_raw_cell_that_changes_a_cell_is_missed(trial: Trial, where: tuple[str, str]) -> None:
    """It is an ancestor before the change, or after it: what was not chosen before has no edge."""
    name, column = where
    before, old = trial.made, values(trial.made)
    changed = 0
    for line in FORMS[name].index:
        frame = FORMS[name].copy()
        frame.loc[line, column] = CHANGED[name][column]
        after = trial.built({**FORMS, name: frame})
        new = values(after)
        cells = [cell for cell in old if cell in new and old[cell][0] != new[cell][0]]
        changed += len(cells)
        missed = set(cells)
        for made, held in ((before, old), (after, new)):
            found = trial.ancestors(made, [(cell[0], held[cell][1], cell[2]) for cell in cells])
            here = found[["form", "line", "column"]].eq([name, line, column]).all(axis=1)
            missed -= {cells[position] for position in found.loc[here, "cell"]}
        assert not missed
    assert changed


def told(trial: Trial, dataset: str, variable: str, **keys: str) -> list[str]:
    """The ancestors of one cell that gave its value, or decided (in brackets)."""
    frame = trial.made[dataset].frame
    for key, value in keys.items():
        frame = frame[frame[key] == value]
    (row,) = frame.index
    found = trial.ancestors(trial.made, [(dataset, row, variable)])
    texts = []
    for line in found.itertuples(index=False):
        text = f"{line.form} {line.line} {line.column}"
        texts.append(text if line.is_value else f"({text})")
    return texts


def test_a_transposed_value_is_of_its_own_records(trial: Trial) -> None:
    assert told(trial, "TURNED", "high", subject="S1", visit="BL") == [
        "(vitals 2 subject)",
        "(vitals 2 test)",
        "vitals 2 value",
        "(vitals 2 visit)",
        "(vitals 3 subject)",  # that there is a record of the group: who and when, of all of it
        "(vitals 3 visit)",
    ]


def test_a_missing_transposed_value_has_no_value(trial: Trial) -> None:
    found = told(trial, "TURNED", "low", subject="S1", visit="W6")
    assert [text for text in found if not text.startswith("(")] == []


def test_a_joined_value_has_the_bounds_that_decided(trial: Trial) -> None:
    assert told(trial, "ONDOSE", "gram", subject="S1", visit="W3", test="SBP") == [
        "(doses 3 begin)",
        "(doses 3 end)",
        "doses 3 gram",
        "(doses 3 subject)",
        "(vitals 4 date)",
        "(vitals 4 subject)",
    ]


def test_a_joined_value_has_the_text_that_decided(trial: Trial) -> None:
    """Here an interval without an end is open: S1 has a dose at W6."""
    assert told(trial, "WRITTEN", "gram", subject="S1", visit="W6", test="SBP") == [
        "(doses 4 begin)",
        "(doses 4 end)",  # nothing is in it
        "doses 4 gram",
        "(doses 4 subject)",
        "(vitals 5 date)",
        "(vitals 5 subject)",
    ]


def test_the_last_value_has_the_order_that_decided(trial: Trial) -> None:
    found = told(trial, "SUMMED", "visit", subject="S2")
    assert found == [
        "(vitals 7 date)",
        "(vitals 7 subject)",
        "(vitals 7 value)",
        "vitals 7 visit",
        "(vitals 8 date)",
        "(vitals 8 subject)",
        "(vitals 8 value)",
        "vitals 8 visit",
    ]


def test_each_match_is_a_record_of_its_own(trial: Trial) -> None:
    made = trial.made["EVERY"]
    here = made.frame["subject"].eq("S1") & made.frame["visit"].eq("W3")
    assert made.frame.loc[here, "gram"].tolist() == [40.0, 80.0]
    edges = made.lineage[made.lineage["row"].isin(made.frame.index[here])]
    assert edges["verb"].tolist() == ["take", "join", "take", "join"]
