"""Which raw cells made an outcome another: those behind the old and the new value, and of them those that differ."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from .. import raw
from ..comparison.pairing import changes, identities, pair
from ..errors import CdiscError, RawError
from ..findings import findings
from ..reopen import Opened
from ..spec import Form, Study
from .behind import columns_read, raw_cells

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
SIDES = ("old", "new")
Variables = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Sources:
    """The raw exports of both outputs."""

    old: raw.Raw
    new: raw.Raw


def sources(old: Opened, new: Opened, raw_old: Path | None, raw_new: Path | None) -> Sources | None:
    """The raw exports, if they are given. CdiscError where one is missing, RawError where one is not the output's."""
    if raw_old is None and raw_new is None:
        return None
    if raw_old is None or raw_new is None:
        raise CdiscError("give the raw exports of both outputs, or of neither")
    return Sources(_source(old, raw_old), _source(new, raw_new))


def _source(opened: Opened, place: Path) -> raw.Raw:
    taken = raw.read(Path(place), opened.study)
    known: Mapping[str, str] = opened.manifest["inputs"]
    here = taken.digests
    other = sorted(name for name in {*here, *known} if known.get(name) != here.get(name))
    if other:
        raise RawError(f"is not the raw export that {opened.out} was made from: {', '.join(other)}", file=str(place))
    return taken


def causes(
    old: Opened, new: Opened, outcomes: pd.DataFrame, variables: Variables, at_hand: Sources | None
) -> pd.DataFrame:
    """CAUSES of these outcomes.

    outcomes: outcome, dataset, subject, variable, old_row, new_row. variables: by dataset, all that are decided
    together. Without the raw exports: the cells behind either value, in files that are not the same for both outputs.
    Where none of the cells behind a value differ, those of the subject that could have been chosen instead.
    """
    behind = {side: _behind(one, outcomes, variables, f"{side}_row") for side, one in zip(SIDES, (old, new))}
    if at_hand is None:
        return _finished(_unread((old, new), behind))
    differing = _all_differing(new.study, at_hand)
    found = _finished([_meeting(cells, differing, side) for side, cells in behind.items()])
    rest = outcomes[~outcomes["outcome"].isin(found["outcome"])]
    return _typed(_finished([found, *_nearby(new, rest, variables, differing)]), new, at_hand)


def _finished(parts: Iterable[pd.DataFrame]) -> pd.DataFrame:
    whole = pd.concat([pd.DataFrame(columns=list(CAUSES)).astype(CAUSES), *parts], ignore_index=True)
    frame: pd.DataFrame = whole.reindex(columns=list(CAUSES)).astype(CAUSES).drop_duplicates()
    return frame.sort_values(["outcome", "file", "old_line", "new_line", "column"], kind="stable", ignore_index=True)


def _behind(opened: Opened, outcomes: pd.DataFrame, variables: Variables, row: str) -> pd.DataFrame:
    """outcome, form, line, column of the raw cells behind each outcome in one output."""
    parts = [pd.DataFrame({"outcome": [], "form": [], "line": [], "column": []}, dtype="str")]
    for (dataset, variable), part in outcomes.groupby(["dataset", "variable"], sort=False):
        rows = part[row].astype("int64")
        cells = raw_cells(opened, str(dataset), rows.unique().tolist(), _together(variables, dataset, variable))
        parts.append(part[["outcome"]].assign(row=rows).merge(cells, on="row").drop(columns="row"))
    return pd.concat(parts, ignore_index=True).astype({"outcome": "int64", "line": "int64"})


def _together(variables: Variables, dataset: object, variable: object) -> Sequence[str]:
    """The variables that one decision gives: date and censoring of an event; a flag on its own."""
    return [str(variable)] if str(variable).endswith("FL") else variables[str(dataset)]


# ---------------------------------------------------------------- without the raw exports
def _unread(opened: Sequence[Opened], behind: Mapping[str, pd.DataFrame]) -> Iterator[pd.DataFrame]:
    """The cells behind each value, in files that are not the same for both outputs."""
    inputs: list[Mapping[str, str]] = [one.manifest["inputs"] for one in opened]
    for (side, cells), mine, other in zip(behind.items(), inputs, reversed(inputs)):
        files = {name: _file(form, mine) for name, form in opened[0].study.forms.items()}
        same = {file for file, digest in mine.items() if digest in other.values()}
        told = cells.assign(file=cells["form"].map(files)).rename(columns={"line": f"{side}_line"})
        yield told[~told["file"].isin(same)].assign(change=side, reach="value").drop(columns="form")


def _file(form: Form, inputs: Mapping[str, str]) -> str:
    """The file of a form: its own, or the one that holds all forms."""
    return form.file if form.file in inputs or len(inputs) != 1 else next(iter(inputs))


# ---------------------------------------------------------------- with them
def _all_differing(study: Study, at_hand: Sources) -> pd.DataFrame:
    """Raw cells that differ: form, subject, change, old_line, new_line, column."""
    old, new = at_hand.old.forms, at_hand.new.forms
    parts = [_differing(form, study, old[name], new[name]) for name, form in study.forms.items()]
    return pd.concat(parts, ignore_index=True)


def _differing(form: Form, study: Study, old: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    """The same of one form; records are known by the form's key, whatever their line."""
    dates = [name for name, column in form.columns.items() if column.type in {"date", "time"}]
    pairs = pair(old, new, identities(old.columns, form.key, dates))
    changed = changes(old, new, pairs[pairs["way"] != 0], old.columns)
    rows = pd.DataFrame({"old_row": changed["old_row"], "new_row": changed["new_row"], "change": "changed"})
    rows["column"] = changed["variable"].str.removesuffix(".missing")
    single = pairs[pairs["way"] < 0].rename(columns={"old": "old_row", "new": "new_row"})
    single = single.assign(change=np.where(single["new_row"] < 0, "removed", "added")).drop(columns="way")
    every = single.merge(pd.Series(list(form.columns), name="column"), how="cross")
    found = pd.concat([rows, every], ignore_index=True).drop_duplicates()
    for side, frame in zip(SIDES, (old, new)):
        found[f"{side}_line"] = _at(frame.index.to_series(), found[f"{side}_row"]).astype("Int64")
        found[f"{side}_subject"] = _at(frame[study.intake.subject], found[f"{side}_row"]).astype("str")
    subject = found["new_subject"].fillna(found["old_subject"])
    found = found.assign(form=form.name, file=form.file, subject=subject)
    return found[["form", "file", "subject", "change", "old_line", "new_line", "column"]]


def _at(values: pd.Series, rows: pd.Series) -> pd.Series:
    """Values at these positions; missing at -1."""
    return values.reset_index(drop=True).reindex(rows).set_axis(rows.index)


def _meeting(cells: pd.DataFrame, differing: pd.DataFrame, side: str) -> pd.DataFrame:
    """Cells behind a value of one side that differ."""
    asked = cells.rename(columns={"line": f"{side}_line"}).astype({f"{side}_line": "Int64"})
    return asked.merge(differing, on=["form", f"{side}_line", "column"]).assign(reach="value")


def _nearby(
    new: Opened, outcomes: pd.DataFrame, variables: Variables, differing: pd.DataFrame
) -> Iterator[pd.DataFrame]:
    """Cells of the subject that differ, in the columns that the outcome is made of or chosen by."""
    for (dataset, variable), part in outcomes.groupby(["dataset", "variable"], sort=False):
        read = columns_read(new, str(dataset), _together(variables, dataset, variable))
        asked = part[["outcome"]].assign(subject=_collected(new, part["subject"]))
        yield asked.merge(differing.merge(read, on=["form", "column"]), on="subject").assign(reach="subject")


def _collected(opened: Opened, subject: pd.Series) -> pd.Series:
    """The ids of subjects as collected."""
    bare = subject.str.removeprefix(f"{opened.study.id}-")
    if "DM" not in opened.datasets:
        return bare
    people = opened.datasets["DM"].frame[["USUBJID", "SUBJID"]].astype("str").drop_duplicates("USUBJID")
    return subject.map(people.set_index("USUBJID")["SUBJID"]).fillna(bare)


def _typed(found: pd.DataFrame, new: Opened, at_hand: Sources) -> pd.DataFrame:
    """The causes with the text of both sides as typed, and file and column as the export calls them.

    Cells of added and removed records that are empty are left out.
    """
    told = found
    for side, taken in zip(SIDES, (at_hand.old, at_hand.new)):
        line = found[f"{side}_line"]
        asked = findings(row=found.index.to_series(), file=found["file"], line=line, column=found["column"])
        known = raw.with_verbatim(asked, taken.files, new.study).sort_values("row").set_axis(found.index)
        there = line.notna()
        told = told.assign(
            file=known["file"].where(there, told["file"]),
            column=known["column"].where(there, told["column"]),
            **{side: known["verbatim"]},
        )
    return told[told["old"].notna() | told["new"].notna()].reset_index(drop=True).astype(CAUSES)
