"""Rules of specs/rules on finished datasets: what they need, which records they look at, which of them break them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from inspect import signature
from typing import Any

import pandas as pd

from ..conditions import fits
from ..errors import Problem
from ..metadata import Join, Rule, Study, suggest
from .checks import CHECKS
from .conformance import NOTHING, collect, failing
from .wording import placeholders, text

IF_THERE = "?"  # at the end of a name in a list of columns: that column, where the dataset has it
MATCHED = "*"  # stands for "every join that drops unmatched records found its match"


def joined(rule: Rule, name: str) -> str:
    """The column of the widened frame that holds what a rule joins under this name.

    A rule's joins stay apart from the dataset's variables and from other rules' joins.
    """
    return f"{rule.id}/{name}"


def own(frame: pd.DataFrame) -> pd.DataFrame:
    """A widened frame without what rules joined."""
    return frame[[name for name in frame.columns if "/" not in name]]


# ---------------------------------------------------------------- what a rule needs
def problems(study: Study) -> list[Problem]:
    """Rules that name no check or do not wire it as its signature wants; rules of the study that never apply.

    The rules for every study say nothing of a dataset or variable that this one does not have.
    """
    found = [(rule, reason) for rule in study.rules for reason in _miswired(rule)]
    found += _never_applying(study)
    return [
        Problem(rule.place.file, rule.place.line, f"{rule.id} ({rule.dataset})", reason)
        for rule, reason in found
    ]


def _never_applying(study: Study) -> Iterator[tuple[Rule, str]]:
    """The rules of the study that apply to none of the datasets that they name, and why."""
    frames = {
        d.name: pd.DataFrame(columns=[v.name for v in d.variables])
        for d in study.datasets
        if not d.parent
    }
    own_rules = [rule for rule in study.rules if rule.place.file.is_relative_to(study.folder)]
    reasons = {(rule.id, rule.dataset): lacking(rule, frames).rstrip(".") for rule in own_rules}
    applying = {rule_id for (rule_id, _), reason in reasons.items() if not reason}
    for rule in own_rules:
        if rule.id not in applying:
            yield rule, reasons[rule.id, rule.dataset]


def _miswired(rule: Rule) -> Iterator[str]:
    if rule.check not in CHECKS:
        yield f"there is no check {rule.check}{suggest(rule.check, CHECKS)}"
        return
    wanted, given = signature(CHECKS[rule.check]).parameters, {*rule.columns, *rule.constants}
    yield from (
        f"{rule.check} has no parameter {name}{suggest(name, wanted)}"
        for name in sorted(given - set(wanted))
    )
    yield from (f"{rule.check} needs {name}" for name in wanted if name not in given)


def needs(rule: Rule) -> set[str]:
    """The columns that a rule must have, from its dataset or from its joins."""
    wired = [c for v in rule.columns.values() for c in ((v,) if isinstance(v, str) else v)]
    named = [c for c in wired if not c.endswith(IF_THERE)]
    return {*named, *rule.where, rule.variable, *placeholders(rule.message)}


def _listed(names: Sequence[str], view: pd.DataFrame) -> pd.DataFrame:
    """Those columns of a list that must be there, and those that are."""
    return view[
        [
            c.removesuffix(IF_THERE)
            for c in names
            if c.removesuffix(IF_THERE) in view or c[-1] != IF_THERE
        ]
    ]


def matching(join: Join.With) -> dict[str, str]:
    """Which column of the dataset meets which of the joined one."""
    return dict(join.on) if isinstance(join.on, Mapping) else {name: name for name in join.on}


def taking(join: Join.With) -> dict[str, str]:
    """The joined columns: name in the rule, name in the joined dataset."""
    return dict(join.take) if isinstance(join.take, Mapping) else {name: name for name in join.take}


def lacking(rule: Rule, frames: Mapping[str, pd.DataFrame]) -> str:
    """Why a rule does not apply to these datasets; empty if it does."""
    if rule.dataset not in frames:
        return f"There is no dataset {rule.dataset}."
    known = set(frames[rule.dataset].columns)
    for join in rule.join:
        if join.with_ not in frames:
            return f"There is no dataset {join.with_}."
        there = {*matching(join).values(), *taking(join).values()} - set(frames[join.with_].columns)
        missing = there or set(matching(join)) - known
        if missing:
            return f"{join.with_ if there else rule.dataset} has no variable {', '.join(sorted(missing))}."
        known |= set(taking(join))
    missing = needs(rule) - known
    return f"{rule.dataset} has no variable {', '.join(sorted(missing))}." if missing else ""


# ---------------------------------------------------------------- joins
def brought(rule: Rule, frames: Mapping[str, pd.DataFrame]) -> dict[str, pd.Series]:
    """The columns that a rule's joins bring to its dataset, for the widened frame; one join after another."""
    view = frames[rule.dataset]
    columns: dict[str, pd.Series] = {}
    found = pd.Series(True, index=view.index)
    for join in rule.join:
        taken, hit = _look_up(view, join, frames[join.with_])
        view = view.assign(**taken)
        found &= hit | (join.unmatched == "keep")
        columns |= {joined(rule, name): values for name, values in taken.items()}
    return columns | {joined(rule, MATCHED): found} if columns else {}


def _look_up(
    frame: pd.DataFrame, join: Join.With, other: pd.DataFrame
) -> tuple[dict[str, pd.Series], pd.Series]:
    """The joined columns for each record, and whether the record has a match; several matches are an error."""
    on = matching(join)
    left, right = _keys(frame, list(on)), _keys(other, list(on.values()))
    twice = right.duplicated() & right.notna() & right.isin(left)
    if twice.any():
        raise ValueError(
            f"{join.with_} has several records with the same {', '.join(on.values())}."
        )
    once = right[right.notna() & ~right.duplicated()]
    place = left.map(pd.Series(once.index, index=once.to_numpy()))
    picked = other.reindex(place.to_numpy())
    return {
        new: picked[old].set_axis(frame.index) for new, old in taking(join).items()
    }, place.notna()


def _keys(frame: pd.DataFrame, names: Sequence[str]) -> pd.Series:
    """The columns as one text per record; missing where one of them is."""
    whole, *parts = (text(frame[name]).astype("str") for name in names)
    for part in parts:
        whole = whole + "\x1f" + part
    return whole


# ---------------------------------------------------------------- check
def broken(frame: pd.DataFrame, rule: Rule) -> pd.DataFrame:
    """The records of a widened frame that break a rule."""
    taken = {name: frame[joined(rule, name)] for join in rule.join for name in taking(join)}
    view = own(frame).assign(**taken)
    view = view.loc[fits(view, rule.where) & (frame[joined(rule, MATCHED)] if rule.join else True)]
    if view.empty:
        return NOTHING
    given: dict[str, Any] = {
        k: view[c] if isinstance(c, str) else _listed(c, view) for k, c in rule.columns.items()
    }
    holds = CHECKS[rule.check](**given, **rule.constants)
    return collect([failing(view, rule.variable, holds, rule.message)])
