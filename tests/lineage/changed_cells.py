"""One raw cell of each subject changed at a time, and which cells of the datasets change with it.

Subjects do not meet in any dataset, so that what differs of a subject is due to its cell.
`python -m tests.lineage.changed_cells N` does so N times with the example and says what it found.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from ivig_cdisc import engine, lineage, load_study, raw
from ivig_cdisc.comparison.pairing import Identity, changes, pair
from ivig_cdisc.dataset import Dataset
from ivig_cdisc.engine import Plan
from ivig_cdisc.lineage import Lineage
from ivig_cdisc.metadata import Study

RAW = Path(__file__).parents[2] / "examples" / "ntr6160" / "raw"
SAMPLE = 8000
WHENCE = "whence"  # a column: where a record was taken from
Forms = Mapping[str, pd.DataFrame]
Datasets = dict[str, Dataset]
Place = tuple[str, int, str | None]  # dataset, row, variable; without it the record as a whole
Difference = tuple[str, str | None, int | None, int | None]  # dataset, variable, old row, new row


class Cell(NamedTuple):
    """A cell of the raw export."""

    form: str
    line: int
    column: str


@dataclass
class Counts:
    """Cells of datasets that changed, those of them that do not have the raw cell among their ancestors, and more."""

    tried: int = 0
    changed: int = 0
    missed: list[tuple[Cell, str, str]] = field(default_factory=list)
    given: int = 0  # cells of a sample into which the raw cell's value went
    idle: int = 0  # of these, those that stayed the same


@dataclass(frozen=True)
class Example:
    """The example as it is."""

    study: Study
    plans: Mapping[str, Plan]
    forms: Forms

    @cached_property
    def datasets(self) -> Datasets:
        return self.built(self.forms)

    def built(self, forms: Forms) -> Datasets:
        made: Datasets = {}
        for name, plan in self.plans.items():
            made[name] = engine.run(plan, forms, made)
        return made

    @cached_property
    def given(self) -> pd.DataFrame:
        """The raw cells whose values went into some thousand cells."""
        some = every(self.datasets).sample(SAMPLE, random_state=6160).reset_index(drop=True)
        found = ancestors(self, self.datasets, some)
        return found[found["is_value"]]

    @cached_property
    def cells(self) -> dict[str, list[Cell]]:
        """By subject the raw cells that are filled, but for those that say whose they are."""
        found: dict[str, list[Cell]] = {}
        for name, form in self.study.forms.items():
            frame = self.forms[name]
            for column in (one for one in form.columns if one != self.study.intake.subject):
                whose = frame.loc[frame[column].notna(), self.study.intake.subject]
                for line, subject in whose.items():
                    found.setdefault(str(subject), []).append(Cell(name, int(line), column))
        return found

    def with_others(self, cells: Iterable[Cell]) -> Forms:
        """The forms with another value in each of these cells."""
        forms = {name: frame.astype("object") for name, frame in self.forms.items()}
        for form, line, column in cells:
            known = self.study.forms[form].columns[column]
            codes = list(self.study.terms.get(known.terms, {}))
            forms[form].loc[line, column] = other(
                str(forms[form].loc[line, column]), known.type, codes
            )
        return {
            name: frame.astype(self.forms[name].dtypes.map(str).to_dict())
            for name, frame in forms.items()
        }


def other(text: str, kind: str, codes: list[str]) -> str:
    """Another value of the same kind."""
    if kind == "date" and len(text) == 10:
        return str((pd.Timestamp(text) + pd.Timedelta(days=9)).date())
    if kind == "date":
        return f"{int(text[:4]) + 1}{text[4:]}"
    if kind == "time":
        return f"{(int(text[:2]) + 5) % 24:02}{text[2:]}"
    if kind in {"number", "result"}:
        digits = text.lstrip("<>")
        return f"{text[: len(text) - len(digits)]}{round(float(digits) * 1.5 + 1, 6):g}"
    return next((code for code in codes if code != text), f"{text} X")


def every(datasets: Datasets) -> pd.DataFrame:
    """All cells."""
    parts = [
        pd.DataFrame({"dataset": name, "row": made.frame.index.to_numpy(), "variable": variable})
        for name, made in datasets.items()
        for variable in made.frame
    ]
    return pd.concat(parts, ignore_index=True)


def ancestors(example: Example, datasets: Datasets, cells: pd.DataFrame) -> pd.DataFrame:
    known = Lineage.of(lineage.inputs(example.study, example.plans), datasets)
    found = lineage.ancestors(known, cells)
    return cells.join(found.set_index("cell"), how="inner")


def example() -> Example:
    prepared = load_study("ntr6160")
    study, plans = prepared.study, prepared.plans
    return Example(study, plans, raw.read(RAW, study).forms)


def whence(datasets: Datasets) -> dict[str, pd.Series]:
    """For each record the one record that it was taken from, down to the line; missing where there are several."""
    known: dict[str, pd.Series] = {}
    for name, made in datasets.items():
        taken = made.lineage[made.lineage["verb"] == "take"]
        single = taken[~taken["row"].duplicated(keep=False)].astype(
            {"source": "str", "source_column": "object"}
        )
        below = [
            known[source].reindex(part["source_row"]).set_axis(part.index)
            if source in known
            else part["source"] + " " + part["source_row"].astype("str")
            for source, part in single.groupby("source", sort=False)
        ]
        way = (
            single["source_column"].fillna("").astype("str") + " " + single["branch"].astype("str")
        )
        told = (
            pd.concat(below).reindex(single.index) + " " + way if below else pd.Series(dtype="str")
        )
        known[name] = told.set_axis(single["row"]).reindex(made.frame.index)
    return known


def same_records(
    name: str, old: Datasets, new: Datasets, ids: tuple[dict[str, pd.Series], ...]
) -> pd.DataFrame:
    """Records that are the same: by where they were taken from, the rest by their key."""
    keys = tuple(key for key in old[name].spec.keys if not key.endswith("SEQ"))
    timeless = tuple(key for key in keys if not key.endswith(("DT", "DTC")))
    frames = []
    for made, known in zip((old, new), ids, strict=True):
        frame = made[name].frame
        key = frame[list(keys)].astype("str").fillna("").agg("|".join, axis=1) if len(frame) else ""
        frames.append(frame.assign(**{WHENCE: known[name].fillna(key)}))
    return pair(
        frames[0],
        frames[1],
        [Identity((*keys, WHENCE)), Identity((WHENCE,)), Identity(keys), Identity(timeless)],
    )


def differing(old: Datasets, new: Datasets) -> Iterator[Difference]:
    """dataset, variable, old row and new row of what differs; the variable is missing for a record on one side only."""
    ids = whence(old), whence(new)
    for name, made in old.items():
        before, after = made.frame, new[name].frame
        pairs = same_records(name, old, new, ids)
        cells = changes(before, after, pairs, list(before))
        yield from (
            (name, v, a, b)
            for a, b, v in cells[["old_row", "new_row", "variable"]].itertuples(index=False)
        )
        yield from ((name, None, row, None) for row in pairs.loc[pairs["new"] < 0, "old"])
        yield from ((name, None, None, row) for row in pairs.loc[pairs["old"] < 0, "new"])


def whose(datasets: Datasets) -> dict[str, list[str]]:
    """The subject of each record, as collected; records of the trial design have none."""
    told = {}
    for name, made in datasets.items():
        if made.spec.per_study:
            continue
        ids = made.frame["USUBJID" if "USUBJID" in made.frame else "subject_id"].astype("str")
        told[name] = ids.str.removeprefix("NTR6160-").tolist()
    return told


def count(example: Example, cells: Mapping[str, Cell], counts: Counts, *, idle: bool) -> None:
    """Change a cell of each subject and compare. idle: count also what was given the value and stayed the same."""
    new = example.built(example.with_others(cells.values()))
    found = list(differing(example.datasets, new))
    before, after = whose(example.datasets), whose(new)
    asked = of_one(found, example.datasets, 2)
    behind = ancestors(example, example.datasets, asked)
    changed = ancestors(example, new, of_one(found, new, 3))
    for subject, cell in cells.items():
        mine = [
            f
            for f in found
            if (before[f[0]][f[2]] if f[2] is not None else after[f[0]][f[3]]) == subject
        ]
        known, later = (led_by(part, cell) for part in (behind, changed))
        counts.changed += len(mine)
        missed = [one for one in mine if is_missed(one, set(known), set(later))]
        differs = set(mine) - set(missed)
        counts.missed += [
            (cell, one[0], str(one[1]))
            for one in missed
            if not is_of_what_differs(one, differs, (example.datasets, new))
        ]
        if idle:
            given = set(led_by(example.given, cell))
            counts.given += len(given)
            counts.idle += len(given - {(d, a, v) for d, v, a, _ in mine})


def of_one(found: list[Difference], datasets: Datasets, side: int) -> pd.DataFrame:
    """The cells that differ, on the old (2) or the new side (3); of a record on that side only, itself and its keys."""
    asked: list[Place] = []
    for one in found:
        dataset, variable, row = one[0], one[1], one[side]
        if row is not None:
            made = datasets[dataset]
            keys = [key for key in made.spec.keys if key in made.frame] if variable is None else []
            asked += [(dataset, row, name) for name in (variable, *keys)]
    return pd.DataFrame(list(dict.fromkeys(asked)), columns=["dataset", "row", "variable"])


def led_by(behind: pd.DataFrame, cell: Cell) -> dict[Place, bool]:
    """The places that have the raw cell among their ancestors, and whether its value went in."""
    mine = behind.merge(pd.DataFrame([cell]), on=["form", "line", "column"])
    return dict(zip(plain(mine), mine["is_value"], strict=True))


def is_missed(one: Difference, before: set[Place], after: set[Place]) -> bool:
    """The raw cell is among the ancestors neither before nor after the change.

    A record on one side only is there or not by what decides about it, or is another one by its
    key.
    """
    dataset, variable, old, new = one
    if variable is None:
        known = {place[:2] for place in before if old is not None} | {
            place[:2] for place in after if new is not None
        }
        return (dataset, old if old is not None else new) not in known
    return (dataset, old, variable) not in before and (dataset, new, variable) not in after


def is_of_what_differs(
    one: Difference, differs: set[Difference], sides: tuple[Datasets, Datasets]
) -> bool:
    """A record on one side only was taken from one that differs.

    What left a group is behind the group's value as it was, and not as it is without it: a record
    that appears by that value is decided by it all the same.
    """
    dataset, variable, old, new = one
    if variable is not None:
        return False
    made, row, side = (sides[0], old, 2) if old is not None else (sides[1], new, 3)
    edges = made[dataset].lineage
    taken = edges[edges["row"] == row]
    sources = set(zip(taken["source"], taken["source_row"], strict=True))
    return any((other[0], other[side]) in sources for other in differs)


def plain(found: pd.DataFrame) -> Iterator[Place]:
    named = found["variable"].astype("object")
    yield from zip(found["dataset"], found["row"], named.where(named.notna(), None), strict=True)


def tried(times: int, *, idle: bool = False) -> Counts:
    """The counts for one raw cell of each subject, so many times; the same in every run."""
    counts, chance, known = Counts(), random.Random(6160), example()
    for _ in range(times):
        cells = {subject: chance.choice(known.cells[subject]) for subject in sorted(known.cells)}
        counts.tried += len(cells)
        count(known, cells, counts, idle=idle)
    return counts


def told(counts: Counts) -> Iterator[str]:
    yield f"{counts.tried} raw cells tried"
    yield f"{counts.changed} cells changed, {len(counts.missed)} without the raw cell among their ancestors"
    yield f"{counts.given} cells of a sample were given a value, {counts.idle} of them stayed the same"
    yield from map(str, counts.missed)


if __name__ == "__main__":
    sys.stdout.writelines(f"{line}\n" for line in told(tried(int(sys.argv[1]), idle=True)))
