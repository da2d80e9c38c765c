"""Rules of specs/rules on finished datasets: what they need, and which records break them."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from inspect import signature
from typing import Any

import pandas as pd

from ..conditions import columns_of, fits
from ..errors import Problem
from ..metadata import DatasetSpec, Match, Rule, Study
from ..text import as_text, suggest
from .checks import CHECKS
from .conformance import ALL_MET, collect, failing
from .wording import placeholders

IF_THERE = "?"  # at the end of a name in a list: that column, where the dataset has it
MATCHED = "*"  # stands for "every join that drops unmatched records found its match"


def joined(rule: Rule, name: str) -> str:
    """The column of the widened frame that holds what a rule joins under this name.

    A rule's joins stay apart from the dataset's variables and from other rules' joins.
    """
    return f"{rule.id}/{name}"


def without_joins(frame: pd.DataFrame) -> pd.DataFrame:
    """A widened frame without what rules joined."""
    is_joined = frame.columns.str.contains("/", regex=False)
    return frame.loc[:, ~is_joined]


# ---------------------------------------------------------------- what a rule needs
def problems(study: Study) -> list[Problem]:
    """Rules that cannot be run: of an unknown check, wired wrongly, or never applying or fitting.

    The rules for every study say nothing of a dataset or variable that this one does not have.

    Args:
        study: the specs and rules.

    Returns:
        The problems, with the file and line of each rule.
    """
    datasets = {spec.name: spec for spec in study.datasets}
    found = []
    for rule in study.rules:
        for reason in _miswired(rule):
            found.append(_problem(rule, reason))
        if rule.dataset in datasets:
            for reason in datasets[rule.dataset].misfits(rule.where):
                found.append(_problem(rule, reason))
    for rule, reason in _never_applying(study):
        found.append(_problem(rule, reason))
    return found


def _problem(rule: Rule, reason: str) -> Problem:
    return Problem(rule.place.file, rule.place.line, f"{rule.id} ({rule.dataset})", reason)


def _never_applying(study: Study) -> Iterator[tuple[Rule, str]]:
    """The rules of the study that apply to none of the datasets that they name, and why."""
    frames = without_records(spec for spec in study.datasets if not spec.parent)
    own_rules = [rule for rule in study.rules if rule.place.file.is_relative_to(study.folder)]
    reasons = {}
    for rule in own_rules:
        if {rule.dataset, *(join.with_ for join in rule.join)} & study.unread:
            continue
        reasons[rule.id, rule.dataset] = not_applicable_reason(rule, frames).rstrip(".")
    applying = {rule_id for (rule_id, _), reason in reasons.items() if not reason}
    for rule in own_rules:
        if rule.id not in applying and (rule.id, rule.dataset) in reasons:
            yield rule, reasons[rule.id, rule.dataset]


def without_records(specs: Iterable[DatasetSpec]) -> dict[str, pd.DataFrame]:
    """Datasets with their variables, supplemental ones too, and no record."""
    frames = {}
    for spec in specs:
        frames[spec.name] = pd.DataFrame(columns=[variable.name for variable in spec.variables])
    return frames


def _miswired(rule: Rule) -> Iterator[str]:
    if rule.check not in CHECKS:
        yield f"there is no check {rule.check}{suggest(rule.check, CHECKS)}"
        return
    wanted, given = signature(CHECKS[rule.check]).parameters, {*rule.columns, *rule.constants}
    for name in sorted(given - set(wanted)):
        yield f"{rule.check} has no parameter {name}{suggest(name, wanted)}"
    for name in wanted:
        if name not in given:
            yield f"{rule.check} needs {name}"


def needs(rule: Rule) -> set[str]:
    """The columns that a rule must have, from its dataset or from its joins."""
    wanted = {*columns_of(rule.where), rule.variable, *placeholders(rule.message)}
    for wired in rule.columns.values():
        if isinstance(wired, str):
            wanted.add(wired)
        else:
            wanted.update(name for name in wired if not name.endswith(IF_THERE))
    return wanted


def listed(names: Iterable[str], known: Container[str]) -> list[str]:
    """Those columns of a list that must be there, and those that are."""
    columns = []
    for name in names:
        column = name.removesuffix(IF_THERE)
        if column == name or column in known:
            columns.append(column)
    return columns


def not_applicable_reason(rule: Rule, frames: Mapping[str, pd.DataFrame]) -> str:
    """Why a rule does not apply to these datasets; empty if it does."""
    if rule.dataset not in frames:
        return f"There is not a dataset {rule.dataset}."
    known = set(frames[rule.dataset].columns)
    for join in rule.join:
        if join.with_ not in frames:
            return f"There is not a dataset {join.with_}."
        of_joined = {*join.matched.values(), *join.taken.values()}
        if missing := of_joined - set(frames[join.with_].columns):
            return _has_not(join.with_, missing)
        if missing := set(join.matched) - known:
            return _has_not(rule.dataset, missing)
        known |= set(join.taken)
    if missing := needs(rule) - known:
        return _has_not(rule.dataset, missing)
    return ""


def _has_not(dataset: str, missing: set[str]) -> str:
    return f"{dataset} has no variable {', '.join(sorted(missing))}."


# ---------------------------------------------------------------- joins
def joined_columns(rule: Rule, frames: Mapping[str, pd.DataFrame]) -> dict[str, pd.Series]:
    """The columns that a rule's joins bring to its dataset, for the widened frame."""
    view = frames[rule.dataset]
    columns: dict[str, pd.Series] = {}
    found = pd.Series(True, index=view.index)
    for join in rule.join:
        taken, hit = _look_up(view, join, frames[join.with_])
        view = view.assign(**taken)
        found &= hit | (join.unmatched == "keep")
        for name, values in taken.items():
            columns[joined(rule, name)] = values
    if columns:
        columns[joined(rule, MATCHED)] = found
    return columns


def _look_up(
    frame: pd.DataFrame, join: Match, other: pd.DataFrame
) -> tuple[dict[str, pd.Series], pd.Series]:
    """The joined columns for each record, and whether it has a match; several are an error."""
    on = join.matched
    left, right = _keys(frame, list(on)), _keys(other, list(on.values()))
    again = right.duplicated() & right.notna() & right.isin(left)
    if again.any():
        keys = ", ".join(on.values())
        raise ValueError(f"{join.with_} has several records with the same {keys}.")
    distinct = right[right.notna() & ~right.duplicated()]
    place = left.map(pd.Series(distinct.index, index=distinct.to_numpy()))
    picked = other.reindex(place.to_numpy()).set_axis(frame.index)
    taken = {new: picked[old] for new, old in join.taken.items()}
    return taken, place.notna()


def _keys(frame: pd.DataFrame, names: Sequence[str]) -> pd.Series:
    """The columns as one text per record; missing where one of them is."""
    first, *others = names
    whole: pd.Series = as_text(frame[first]).astype("str")
    for name in others:
        whole = whole + "\x1f" + as_text(frame[name]).astype("str")
    return whole


# ---------------------------------------------------------------- check
def broken(frame: pd.DataFrame, rule: Rule) -> pd.DataFrame:
    """The records of a widened frame that break a rule."""
    view = without_joins(frame)
    for join in rule.join:
        taken = {name: frame[joined(rule, name)] for name in join.taken}
        view = view.assign(**taken)
    chosen = fits(view, rule.where)
    if rule.join:
        chosen &= frame[joined(rule, MATCHED)]
    view = view.loc[chosen]
    if view.empty:
        return ALL_MET
    given: dict[str, Any] = {}
    for parameter, wired in rule.columns.items():
        if isinstance(wired, str):
            given[parameter] = view[wired]
        else:
            given[parameter] = view[listed(wired, view)]
    holds = CHECKS[rule.check](**given, **rule.constants)
    return collect([failing(view, rule.variable, holds, rule.message)])
