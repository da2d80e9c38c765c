"""Which raw cells made an outcome another.

The ancestors of the old and the new value, and of them those that differ.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from ... import raw
from ...errors import CdiscError, RawError
from ...findings import findings
from ...lineage import RECORD, Lineage, walk
from ...metadata import LINE, Form, Study
from ...output import StudyOutput
from ..pairing import changes
from .changed import SIDES, Changed, Forms, Pairs, by_line, compared, paired_lines, walkable

CAUSES = {
    "outcome": "int64",
    "reach": "str",
    "change": "str",
    "file": "str",
    "old_line": "Int64",
    "new_line": "Int64",
    "column": "str",
    "old": "str",
    "new": "str",
}
Ancestors = Mapping[str, pd.DataFrame]  # FOUND by side
Selection = Callable[[Ancestors], Iterable[pd.DataFrame]]  # the causes among ancestors


@dataclass(frozen=True)
class Sources:
    """The raw exports of both outputs."""

    old: raw.Raw
    new: raw.Raw


def sources(
    old: StudyOutput, new: StudyOutput, raw_old: str | Path | None, raw_new: str | Path | None
) -> Sources | None:
    """The raw exports, if they are given.

    CdiscError where one is missing, RawError where one is not the output's.
    """
    if raw_old is None and raw_new is None:
        return None
    if raw_old is None or raw_new is None:
        raise CdiscError("give the raw exports of both outputs, or of neither")
    return Sources(_source(old, raw_old), _source(new, raw_new))


def _source(opened: StudyOutput, place: str | Path) -> raw.Raw:
    export = raw.read(Path(place), opened.study)
    known: Mapping[str, str] = opened.manifest["inputs"]
    differing = dict(export.digests.items() ^ known.items())
    if differing:
        files = ", ".join(sorted(differing))
        raise RawError(
            f"is not the raw export that {opened.out} was made from: {files}", file=str(place)
        )
    return export


def causes(
    old: StudyOutput, new: StudyOutput, outcomes: pd.DataFrame, raw_exports: Sources | None
) -> pd.DataFrame:
    """CAUSES of these outcomes.

    Only raw cells from which every cell on the way to the outcome differs, too.

    outcomes: outcome, dataset, subject, variable, old_row, new_row. Without the raw exports: the
        ancestors of either value, in files that are not the same for both outputs. Numbers that
        the order of records gives are followed where there is no other cause.
    """
    if outcomes.empty:
        return _finished([])
    study = new.study
    subject = study.intake.subject
    if raw_exports is None:
        lineages = walkable(old, {}), walkable(new, {})
        changed = compared(lineages, study.datasets, {})
        return _searched(lineages, changed, outcomes, subject, partial(_unread, (old, new)))
    forms = raw_exports.old.forms, raw_exports.new.forms
    positions, lines = _paired_forms(study, forms)
    lineages = walkable(old, forms[0]), walkable(new, forms[1])
    changed = compared(lineages, study.datasets, lines)
    differing = _all_differing(study, forms, positions)
    found = _searched(lineages, changed, outcomes, subject, partial(_that_differ, differing))
    return _typed(found, new, raw_exports)


def _paired_forms(
    study: Study, forms: tuple[Forms, Forms]
) -> tuple[dict[str, Pairs], dict[str, Pairs]]:
    """The records of each form that are the same in both exports, by position and by line."""
    old, new = forms
    positions: dict[str, Pairs] = {}
    lines: dict[str, Pairs] = {}
    for name, form in study.forms.items():
        positions[name] = paired_lines(form, old[name], new[name])
        lines[name] = by_line(positions[name], old[name], new[name])
    return positions, lines


def _searched(
    lineages: tuple[Lineage, Lineage],
    changed: tuple[Changed, Changed],
    outcomes: pd.DataFrame,
    subject: str,
    selected: Selection,
) -> pd.DataFrame:
    """CAUSES of these outcomes.

    subject: the column of raw forms that is no cause. selected: which ancestors are causes.
    """
    found = _finished([])
    for sequences in (False, True):
        rest = outcomes[~outcomes["outcome"].isin(found["outcome"])]
        ancestors = _ancestors(lineages, changed, rest, sequences=sequences)
        for side, cells in ancestors.items():
            ancestors[side] = cells[cells["column"] != subject]
        found = _finished([found, *selected(ancestors)])
    return found


def _finished(parts: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """All causes in order, each once; one that is value and selection is value."""
    columns = list(CAUSES)
    nothing = pd.DataFrame(columns=columns).astype(CAUSES)
    whole = pd.concat([nothing, *parts], ignore_index=True)
    typed = whole.reindex(columns=columns).astype(CAUSES)
    values_first = typed.sort_values("reach", ascending=False, kind="stable")
    distinct = values_first.drop_duplicates(list(typed.columns.drop("reach")))
    place = ["outcome", "file", "old_line", "new_line", "column"]
    return distinct.sort_values(place, kind="stable", ignore_index=True)


CELL = ["outcome", "dataset", "row", "variable", "is_value"]
FOUND = ["outcome", "form", "line", "column", "reach"]


def _ancestors(
    lineages: tuple[Lineage, Lineage],
    changed: tuple[Changed, Changed],
    outcomes: pd.DataFrame,
    *,
    sequences: bool,
) -> dict[str, pd.DataFrame]:
    """FOUND: the raw cells that are ancestors of each outcome, by side.

    The ancestors of a cell that differs are looked for on both sides, wherever it was found: what
    made it another may be only there.
    """
    starts = outcomes.assign(is_value=True)
    ahead: dict[str, pd.DataFrame] = {}
    found: dict[str, list[pd.DataFrame]] = {}
    for side in SIDES:
        ahead[side] = starts.rename(columns={f"{side}_row": "row"})[CELL]
        found[side] = [pd.DataFrame(columns=FOUND)]
    seen = dict(ahead)
    while len(ahead["old"]) or len(ahead["new"]):
        crossing = {side: [ahead[side].iloc[:0]] for side in SIDES}
        for side, other, lineage, known in zip(
            SIDES, reversed(SIDES), lineages, changed, strict=True
        ):
            follow = partial(known.follow, sequences=sequences)
            for _, links in walk(lineage, ahead[side], follow):
                cells = _linked(links, ahead[side])
                cells = cells[~cells["dataset"].isin(lineage.without_raw)]
                is_inside = cells["dataset"].isin(list(lineage.inputs))
                inside = cells.loc[is_inside, CELL]
                found[side].append(_arrived(cells[~is_inside]))
                seen[side] = pd.concat([seen[side], inside]).drop_duplicates()
                crossing[other].append(_on_the_other_side(inside, known))
        for side in SIDES:
            ahead[side] = _not_in(pd.concat(crossing[side]), seen[side])
            seen[side] = pd.concat([seen[side], ahead[side]])
    return {side: _distinct(parts) for side, parts in found.items()}


def _linked(links: pd.DataFrame, starts: pd.DataFrame) -> pd.DataFrame:
    """The cells that links lead to, with the outcome that they started from."""
    outcome = starts["outcome"].to_numpy()[links["start"].to_numpy("int64")]
    cells = links[["source", "source_row", "source_column", "into_value"]].assign(outcome=outcome)
    return cells.set_axis(["dataset", "row", "variable", "is_value", "outcome"], axis=1)


def _arrived(cells: pd.DataFrame) -> pd.DataFrame:
    """Cells of raw forms as FOUND."""
    reach = np.where(cells["is_value"].astype(bool), "value", "selection")
    named = cells.rename(columns={"dataset": "form", "row": "line", "variable": "column"})
    named = named.assign(reach=reach)
    found = named.loc[~named["column"].isin([RECORD, LINE]), FOUND]
    return found.assign(column=found["column"].str.removesuffix(".missing"))


def _on_the_other_side(cells: pd.DataFrame, known: Changed) -> pd.DataFrame:
    """The same cells in the rows of the other side; records that are not there are left out."""
    parts = []
    for name, part in cells.groupby("dataset", sort=False):
        if name in known.others:
            there = part["row"].map(known.others[str(name)])
            parts.append(part.assign(row=there).dropna(subset=["row"]))
    if not parts:
        return cells.iloc[:0]
    return pd.concat(parts).astype({"row": "int64"})


def _not_in(cells: pd.DataFrame, seen: pd.DataFrame) -> pd.DataFrame:
    fresh = cells.drop_duplicates()
    again = pd.concat([seen[CELL], fresh[CELL]]).duplicated().to_numpy()[len(seen) :]
    return fresh[~again].reset_index(drop=True)


def _distinct(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Each raw cell of an outcome once; one that is value and selection is value."""
    cells = pd.concat(parts, ignore_index=True)
    values_first = cells.sort_values("reach", ascending=False, kind="stable")
    place = FOUND[:-1]
    distinct = values_first.drop_duplicates(place).astype({"outcome": "int64", "line": "int64"})
    return distinct.sort_values(place, ignore_index=True)


# ---------------------------------------------------------------- without the raw exports
def _unread(opened: Sequence[StudyOutput], ancestors: Ancestors) -> Iterator[pd.DataFrame]:
    """The ancestors of each value, in files that are not the same for both outputs."""
    old, new = opened
    inputs: list[Mapping[str, str]] = [old.manifest["inputs"], new.manifest["inputs"]]
    forms = old.study.forms
    for (side, cells), mine, other in zip(ancestors.items(), inputs, reversed(inputs)):
        files = {name: _file(form, mine) for name, form in forms.items()}
        same = {file for file, digest in mine.items() if digest in other.values()}
        placed = cells.assign(file=cells["form"].map(files))
        placed = placed.rename(columns={"line": f"{side}_line"})
        yield placed[~placed["file"].isin(same)].assign(change=side).drop(columns="form")


def _file(form: Form, inputs: Mapping[str, str]) -> str:
    """The file of a form: its own, or the one that holds all forms."""
    if form.file not in inputs and len(inputs) == 1:
        return next(iter(inputs))
    return form.file


# ---------------------------------------------------------------- with them
def _all_differing(
    study: Study, forms: tuple[Forms, Forms], same: Mapping[str, Pairs]
) -> pd.DataFrame:
    """Raw cells that differ: form, subject, change, old_line, new_line, column."""
    old, new = forms
    parts = []
    for name, form in study.forms.items():
        parts.append(_differing(form, study, old[name], new[name], same[name]))
    return pd.concat(parts, ignore_index=True)


def _differing(
    form: Form, study: Study, old: pd.DataFrame, new: pd.DataFrame, pairs: Pairs
) -> pd.DataFrame:
    """The same of one form."""
    changed = changes(old, new, pairs[pairs["way"] != 0], old.columns)
    rows = changed[["old_row", "new_row"]].assign(change="changed")
    rows["column"] = changed["variable"].str.removesuffix(".missing")
    single = pairs[pairs["way"] < 0].rename(columns={"old": "old_row", "new": "new_row"})
    change = np.where(single["new_row"] < 0, "removed", "added")
    single = single.assign(change=change).drop(columns="way")
    every = single.merge(pd.Series(list(form.columns), name="column"), how="cross")
    found = pd.concat([rows, every], ignore_index=True).drop_duplicates()
    for side, frame in zip(SIDES, (old, new)):
        row = found[f"{side}_row"]
        found[f"{side}_line"] = _at(frame.index.to_series(), row).astype("Int64")
        found[f"{side}_subject"] = _at(frame[study.intake.subject], row).astype("str")
    subject = found["new_subject"].fillna(found["old_subject"])
    found = found.assign(form=form.name, file=form.file, subject=subject)
    return found[["form", "file", "subject", "change", "old_line", "new_line", "column"]]


def _at(values: pd.Series, rows: pd.Series) -> pd.Series:
    """Values at these positions; missing at -1."""
    return values.reset_index(drop=True).reindex(rows).set_axis(rows.index)


def _that_differ(differing: pd.DataFrame, ancestors: Ancestors) -> Iterator[pd.DataFrame]:
    """The ancestors of each value that differ."""
    for side, cells in ancestors.items():
        line = f"{side}_line"
        placed = cells.rename(columns={"line": line}).astype({line: "Int64"})
        yield placed.merge(differing, on=["form", line, "column"])


def _typed(found: pd.DataFrame, new: StudyOutput, raw_exports: Sources) -> pd.DataFrame:
    """The causes with the text of both sides as typed.

    File and column are as the export calls them. Cells of added and removed records that are empty
    are left out.
    """
    typed = found
    for side, export in zip(SIDES, (raw_exports.old, raw_exports.new)):
        line = found[f"{side}_line"]
        row, file, column = found.index.to_series(), found["file"], found["column"]
        asked = findings(row=row, file=file, line=line, column=column)
        known = raw.add_verbatim(asked, export.files, new.study)
        known = known.sort_values("row").set_axis(found.index)
        there = line.notna()
        typed = typed.assign(
            file=known["file"].where(there, typed["file"]),
            column=known["column"].where(there, typed["column"]),
            **{side: known["verbatim"]},
        )
    is_known = typed["old"].notna() | typed["new"].notna()
    return typed[is_known].reset_index(drop=True).astype(CAUSES)
