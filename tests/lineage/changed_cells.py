"""One raw cell changed at a time, and which cells of the datasets change with it.

`python -m tests.lineage.changed_cells N` does so for N cells of the example and says what it found.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from ivig_cdisc import build, lineage, prepare, raw
from ivig_cdisc.build import Plan
from ivig_cdisc.comparison.pairing import Identity, changes, pair
from ivig_cdisc.dataset import Dataset
from ivig_cdisc.lineage import Lineage
from ivig_cdisc.spec import Study

RAW = Path(__file__).parents[2] / "examples" / "ntr6160" / "raw"
SUBJECTS = ("01-006", "02-001")  # one with rescue medication, one with a score by an unscheduled visit
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

    changed: int = 0
    missed: list[tuple[Cell, str, str]] = field(default_factory=list)
    given: int = 0  # cells into which the raw cell's value went
    idle: int = 0  # of these, those that stayed the same


@dataclass(frozen=True)
class Subject:
    """One subject of the example, as it is."""

    study: Study
    plans: Mapping[str, Plan]
    forms: Forms

    @cached_property
    def datasets(self) -> Datasets:
        return self.built(self.forms)

    def built(self, forms: Forms) -> Datasets:
        made: Datasets = {}
        for name, plan in self.plans.items():
            made[name] = build.run(plan, forms, made)
        return made

    def cells(self) -> list[Cell]:
        """The raw cells that are filled and wired, but for those that say whose they are."""
        return [
            Cell(name, int(line), column)
            for name, form in self.study.forms.items()
            for column in form.columns
            if column != self.study.intake.subject
            for line in self.forms[name].index[self.forms[name][column].notna()]
        ]

    def with_other(self, cell: Cell) -> Forms:
        """The forms with another value in one cell."""
        frame = self.forms[cell.form].copy()
        column = self.study.forms[cell.form].columns[cell.column]
        codes = list(self.study.terms.get(column.terms, {}))
        frame[cell.column] = frame[cell.column].astype("object")
        frame.loc[cell.line, cell.column] = other(str(frame.loc[cell.line, cell.column]), column.type, codes)
        frame[cell.column] = frame[cell.column].astype("str")
        return {**self.forms, cell.form: frame}


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
    """All cells, and with the variable missing all records."""
    parts = [
        pd.DataFrame({"dataset": name, "row": made.frame.index.to_numpy(), "variable": variable})
        for name, made in datasets.items()
        for variable in (*made.frame, None)
    ]
    return pd.concat(parts, ignore_index=True)


def ancestors(subject: Subject, datasets: Datasets, cells: pd.DataFrame) -> pd.DataFrame:
    known = Lineage.of(lineage.inputs(subject.study, subject.plans), datasets)
    found = lineage.ancestors(known, cells)
    return cells.join(found.set_index("cell"), how="inner")


def subjects() -> Iterator[Subject]:
    study, plans = prepare("ntr6160")
    taken = raw.read(RAW, study)
    for name in SUBJECTS:
        forms = {n: form[form[study.intake.subject].astype("str") == name] for n, form in taken.forms.items()}
        yield Subject(study, plans, forms)


def whence(datasets: Datasets) -> dict[str, pd.Series]:
    """For each record the one record that it was taken from, down to the line; missing where there are several."""
    known: dict[str, pd.Series] = {}
    for name, made in datasets.items():
        taken = made.lineage[made.lineage["verb"] == "take"]
        single = taken[~taken["row"].duplicated(keep=False)].astype({"source": "str", "source_column": "object"})
        below = [
            known[source].reindex(part["source_row"]).set_axis(part.index)
            if source in known
            else part["source"] + " " + part["source_row"].astype("str")
            for source, part in single.groupby("source", sort=False)
        ]
        way = single["source_column"].fillna("").astype("str") + " " + single["branch"].astype("str")
        told = pd.concat(below).reindex(single.index) + " " + way if below else pd.Series(dtype="str")
        known[name] = told.set_axis(single["row"]).reindex(made.frame.index)
    return known


def same_records(name: str, old: Datasets, new: Datasets, ids: tuple[dict[str, pd.Series], ...]) -> pd.DataFrame:
    """Records that are the same: by where they were taken from, the rest by their key."""
    keys = tuple(key for key in old[name].spec.keys if not key.endswith("SEQ"))
    frames = []
    for made, known in zip((old, new), ids, strict=True):
        frame = made[name].frame
        key = frame[list(keys)].astype("str").fillna("").agg("|".join, axis=1) if len(frame) else ""
        frames.append(frame.assign(**{WHENCE: known[name].fillna(key)}))
    return pair(frames[0], frames[1], [Identity((*keys, WHENCE)), Identity((WHENCE,)), Identity(keys)])


def differing(old: Datasets, new: Datasets) -> Iterator[Difference]:
    """dataset, variable, old row and new row of what differs; the variable is missing for a record on one side only."""
    ids = whence(old), whence(new)
    for name, made in old.items():
        before, after = made.frame, new[name].frame
        pairs = same_records(name, old, new, ids)
        cells = changes(before, after, pairs, list(before))
        yield from ((name, v, a, b) for a, b, v in cells[["old_row", "new_row", "variable"]].itertuples(index=False))
        yield from ((name, None, row, None) for row in pairs.loc[pairs["new"] < 0, "old"])
        yield from ((name, None, None, row) for row in pairs.loc[pairs["old"] < 0, "new"])


def count(subject: Subject, cells: list[Cell], counts: Counts, *, idle: bool) -> None:
    """Change each of the raw cells and compare. idle: count what stayed the same, too, which takes long."""
    made = [subject.built(subject.with_other(cell)) for cell in cells]
    differences = [list(differing(subject.datasets, new)) for new in made]
    before = sorted({(d, a, v or "") for found in differences for d, v, a, _ in found if a is not None})
    asked = pd.DataFrame(before, columns=["dataset", "row", "variable"]).replace({"variable": {"": None}})
    behind = ancestors(subject, subject.datasets, every(subject.datasets) if idle else asked)
    for cell, new, found in zip(cells, made, differences, strict=True):
        mine = behind.merge(pd.DataFrame([cell]), on=["form", "line", "column"])
        known = set(plain(mine))
        rest = [one for one in found if (one[0], one[2], one[1]) not in known]
        counts.changed += len(found)
        counts.missed += [(cell, one[0], str(one[1])) for one in still_missed(subject, cell, new, rest, known)]
        given = {(d, r, v) for d, r, v in plain(mine[mine["is_value"]]) if v is not None}
        counts.given += len(given)
        counts.idle += len(given - {(d, a, v) for d, v, a, _ in found})


def plain(found: pd.DataFrame) -> Iterator[Place]:
    named = found["variable"].astype("object")
    yield from zip(found["dataset"], found["row"], named.where(named.notna(), None), strict=True)


def still_missed(
    subject: Subject, cell: Cell, new: Datasets, rest: list[Difference], before: set[Place]
) -> list[Difference]:
    """What differs and has the raw cell among its ancestors neither before nor after the change.

    A record on one side only is there or not by what decides about it, or is another one by its key.
    """
    after: list[Place] = []
    for dataset, variable, _, row in rest:
        if row is not None:
            made = new[dataset]
            keys = [key for key in made.spec.keys if key in made.frame] if variable is None else [variable]
            after += [(dataset, row, name) for name in (*keys, None)]
    found = pd.DataFrame(list(dict.fromkeys(after)), columns=["dataset", "row", "variable"])
    mine = ancestors(subject, new, found).merge(pd.DataFrame([cell]), on=["form", "line", "column"])
    known = set(plain(mine))
    records = {(d, r) for d, r, _ in known}
    gone = {(d, r) for d, r, _ in before}
    return [
        (dataset, variable, old, row)
        for dataset, variable, old, row in rest
        if (dataset, row, variable) not in known
        and not (variable is None and ((dataset, row) in records or (dataset, old) in gone))
    ]


def tried(number: int, *, idle: bool = False) -> Counts:
    """The counts for some raw cells, the same in every run."""
    counts, chance = Counts(), random.Random(6160)  # noqa: S311  a sample, not a secret
    for subject in subjects():
        cells = subject.cells()
        count(subject, chance.sample(cells, min(number // len(SUBJECTS), len(cells))), counts, idle=idle)
    return counts


def told(counts: Counts) -> Iterator[str]:
    yield f"{counts.changed} cells changed, {len(counts.missed)} without the raw cell among their ancestors"
    yield f"{counts.given} cells were given a value, {counts.idle} of them stayed the same"
    yield from map(str, counts.missed)


if __name__ == "__main__":
    sys.stdout.writelines(f"{line}\n" for line in told(tried(int(sys.argv[1]), idle=True)))
