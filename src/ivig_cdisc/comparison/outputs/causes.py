"""Which raw cells made an outcome another.

Those behind the old and the new value, and of them those that differ.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from ... import raw
from ...errors import CdiscError, RawError
from ...findings import findings
from ...lineage import RECORD, Lineage, walk
from ...metadata import Form, Study
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
    taken = raw.read(Path(place), opened.study)
    known: Mapping[str, str] = opened.manifest["inputs"]
    here = taken.digests
    other = sorted(name for name in {*here, *known} if known.get(name) != here.get(name))
    if other:
        raise RawError(
            f"is not the raw export that {opened.out} was made from: {', '.join(other)}",
            file=str(place),
        )
    return taken


def causes(
    old: StudyOutput, new: StudyOutput, outcomes: pd.DataFrame, at_hand: Sources | None
) -> pd.DataFrame:
    """CAUSES of these outcomes.

    Only raw cells from which every cell on the way to the outcome differs, too.

    outcomes: outcome, dataset, subject, variable, old_row, new_row. Without the raw exports: the
        cells behind either value, in files that are not the same for both outputs. Numbers that the
        order of records gives are followed where there is no other cause.
    """
    if outcomes.empty:
        return _finished([])
    forms: tuple[Forms, Forms] = (at_hand.old.forms, at_hand.new.forms) if at_hand else ({}, {})
    lineages = walkable(old, forms[0]), walkable(new, forms[1])
    same = {
        n: paired_lines(form, forms[0][n], forms[1][n])
        for n, form in new.study.forms.items()
        if at_hand
    }
    lines = {name: by_line(pairs, forms[0][name], forms[1][name]) for name, pairs in same.items()}
    changed = compared(lineages, new.study.datasets, lines)
    differing = _all_differing(new.study, forms, same) if at_hand else pd.DataFrame()
    found = _finished([])
    for sequences in (False, True):
        rest = outcomes[~outcomes["outcome"].isin(found["outcome"])]
        behind = _behind(lineages, changed, rest, sequences=sequences)
        subject = new.study.intake.subject
        behind = {side: cells[cells["column"] != subject] for side, cells in behind.items()}
        met = (
            [_meeting(cells, differing, side) for side, cells in behind.items()] if at_hand else []
        )
        found = _finished([found, *(met if at_hand else _unread((old, new), behind))])
    return _typed(found, new, at_hand) if at_hand else found


def _finished(parts: Iterable[pd.DataFrame]) -> pd.DataFrame:
    whole = pd.concat(
        [pd.DataFrame(columns=list(CAUSES)).astype(CAUSES), *parts], ignore_index=True
    )
    ordered = (
        whole.reindex(columns=list(CAUSES))
        .astype(CAUSES)
        .sort_values("reach", ascending=False, kind="stable")
    )
    frame = ordered.drop_duplicates(
        [name for name in CAUSES if name != "reach"]
    )  # value before selection
    return frame.sort_values(
        ["outcome", "file", "old_line", "new_line", "column"], kind="stable", ignore_index=True
    )


CELL = ["outcome", "dataset", "row", "variable", "is_value"]


def _behind(
    lineages: tuple[Lineage, Lineage],
    changed: tuple[Changed, Changed],
    outcomes: pd.DataFrame,
    *,
    sequences: bool,
) -> dict[str, pd.DataFrame]:
    """outcome, form, line, column, reach of the raw cells behind each outcome, by side.

    A cell that differs is looked behind on both sides, wherever it was met: what made it another
    may stand only there.
    """
    starts = outcomes.assign(is_value=True)
    ahead = {side: starts.rename(columns={f"{side}_row": "row"})[CELL] for side in SIDES}
    seen, found = dict(ahead), {side: [pd.DataFrame(columns=FOUND)] for side in SIDES}
    while any(map(len, ahead.values())):
        met = {side: [ahead[side].iloc[:0]] for side in SIDES}
        for side, other, lineage, known in zip(
            SIDES, reversed(SIDES), lineages, changed, strict=True
        ):
            for _, links in walk(lineage, ahead[side], partial(known.follow, sequences=sequences)):
                told = _met(links, ahead[side])
                inside = told["dataset"].isin(list(lineage.inputs))
                found[side].append(_arrived(told[~inside]))
                seen[side] = pd.concat([seen[side], told.loc[inside, CELL]]).drop_duplicates()
                met[other].append(_on_the_other_side(told.loc[inside, CELL], known))
        ahead = {side: _not_in(pd.concat(met[side]), seen[side]) for side in SIDES}
        seen = {side: pd.concat([seen[side], ahead[side]]) for side in SIDES}
    return {side: _told_once(pd.concat(parts, ignore_index=True)) for side, parts in found.items()}


FOUND = ["outcome", "form", "line", "column", "reach"]


def _met(links: pd.DataFrame, starts: pd.DataFrame) -> pd.DataFrame:
    """The cells that links lead to, with the outcome that they started from."""
    outcome = starts["outcome"].to_numpy()[links["start"].to_numpy("int64")]
    told = links[["source", "source_row", "source_column", "into_value"]].assign(outcome=outcome)
    return told.set_axis(["dataset", "row", "variable", "is_value", "outcome"], axis=1)


def _arrived(cells: pd.DataFrame) -> pd.DataFrame:
    """Cells of raw forms as FOUND."""
    reach = np.where(cells["is_value"].astype(bool), "value", "selection")
    told = cells.rename(columns={"dataset": "form", "row": "line", "variable": "column"}).assign(
        reach=reach
    )
    return told.loc[told["column"] != RECORD, FOUND].assign(
        column=lambda t: t["column"].str.removesuffix(".missing")
    )


def _on_the_other_side(cells: pd.DataFrame, known: Changed) -> pd.DataFrame:
    parts = [
        part.assign(row=part["row"].map(known.others[str(name)])).dropna(subset=["row"])
        for name, part in cells.groupby("dataset", sort=False)
        if name in known.others
    ]
    return pd.concat(parts).astype({"row": "int64"}) if parts else cells.iloc[:0]


def _not_in(cells: pd.DataFrame, seen: pd.DataFrame) -> pd.DataFrame:
    fresh = cells.drop_duplicates()
    again = pd.concat([seen[CELL], fresh[CELL]]).duplicated().to_numpy()[len(seen) :]
    return fresh[~again].reset_index(drop=True)


def _told_once(cells: pd.DataFrame) -> pd.DataFrame:
    once = cells.sort_values("reach", ascending=False, kind="stable").drop_duplicates(FOUND[:-1])
    return once.astype({"outcome": "int64", "line": "int64"}).sort_values(
        FOUND[:-1], ignore_index=True
    )


# ---------------------------------------------------------------- without the raw exports
def _unread(
    opened: Sequence[StudyOutput], behind: Mapping[str, pd.DataFrame]
) -> Iterator[pd.DataFrame]:
    """The cells behind each value, in files that are not the same for both outputs."""
    inputs: list[Mapping[str, str]] = [one.manifest["inputs"] for one in opened]
    for (side, cells), mine, other in zip(behind.items(), inputs, reversed(inputs)):
        files = {name: _file(form, mine) for name, form in opened[0].study.forms.items()}
        same = {file for file, digest in mine.items() if digest in other.values()}
        told = cells.assign(file=cells["form"].map(files)).rename(columns={"line": f"{side}_line"})
        yield told[~told["file"].isin(same)].assign(change=side).drop(columns="form")


def _file(form: Form, inputs: Mapping[str, str]) -> str:
    """The file of a form: its own, or the one that holds all forms."""
    return form.file if form.file in inputs or len(inputs) != 1 else next(iter(inputs))


# ---------------------------------------------------------------- with them
def _all_differing(
    study: Study, forms: tuple[Forms, Forms], same: Mapping[str, Pairs]
) -> pd.DataFrame:
    """Raw cells that differ: form, subject, change, old_line, new_line, column."""
    old, new = forms
    parts = [
        _differing(form, study, old[name], new[name], same[name])
        for name, form in study.forms.items()
    ]
    return pd.concat(parts, ignore_index=True)


def _differing(
    form: Form, study: Study, old: pd.DataFrame, new: pd.DataFrame, pairs: Pairs
) -> pd.DataFrame:
    """The same of one form."""
    changed = changes(old, new, pairs[pairs["way"] != 0], old.columns)
    rows = pd.DataFrame(
        {"old_row": changed["old_row"], "new_row": changed["new_row"], "change": "changed"}
    )
    rows["column"] = changed["variable"].str.removesuffix(".missing")
    single = pairs[pairs["way"] < 0].rename(columns={"old": "old_row", "new": "new_row"})
    single = single.assign(change=np.where(single["new_row"] < 0, "removed", "added")).drop(
        columns="way"
    )
    every = single.merge(pd.Series(list(form.columns), name="column"), how="cross")
    found = pd.concat([rows, every], ignore_index=True).drop_duplicates()
    for side, frame in zip(SIDES, (old, new)):
        found[f"{side}_line"] = _at(frame.index.to_series(), found[f"{side}_row"]).astype("Int64")
        found[f"{side}_subject"] = _at(frame[study.intake.subject], found[f"{side}_row"]).astype(
            "str"
        )
    subject = found["new_subject"].fillna(found["old_subject"])
    found = found.assign(form=form.name, file=form.file, subject=subject)
    return found[["form", "file", "subject", "change", "old_line", "new_line", "column"]]


def _at(values: pd.Series, rows: pd.Series) -> pd.Series:
    """Values at these positions; missing at -1."""
    return values.reset_index(drop=True).reindex(rows).set_axis(rows.index)


def _meeting(cells: pd.DataFrame, differing: pd.DataFrame, side: str) -> pd.DataFrame:
    """Cells behind a value of one side that differ."""
    asked = cells.rename(columns={"line": f"{side}_line"}).astype({f"{side}_line": "Int64"})
    return asked.merge(differing, on=["form", f"{side}_line", "column"])


def _typed(found: pd.DataFrame, new: StudyOutput, at_hand: Sources) -> pd.DataFrame:
    """The causes with the text of both sides as typed, and file and column as the export calls them.

    Cells of added and removed records that are empty are left out.
    """
    told = found
    for side, taken in zip(SIDES, (at_hand.old, at_hand.new)):
        line = found[f"{side}_line"]
        asked = findings(
            row=found.index.to_series(), file=found["file"], line=line, column=found["column"]
        )
        known = (
            raw.add_verbatim(asked, taken.files, new.study).sort_values("row").set_axis(found.index)
        )
        there = line.notna()
        told = told.assign(
            file=known["file"].where(there, told["file"]),
            column=known["column"].where(there, told["column"]),
            **{side: known["verbatim"]},
        )
    return told[told["old"].notna() | told["new"].notna()].reset_index(drop=True).astype(CAUSES)
