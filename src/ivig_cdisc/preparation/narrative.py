"""The passages of a narrative: their records planned like datasets, their sentences checked."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from ..conditions import columns_of
from ..engine import Plan
from ..errors import Problem
from ..metadata import (
    SOURCE,
    DatasetSpec,
    Listed,
    Passage,
    Study,
    Where,
    names,
    parsed,
    sources,
)
from ..text import suggest

Fault = tuple[str, str]  # path in the passage, reason


def with_passages(study: Study) -> Study:
    """The study with the records of its passages as internal datasets after its own."""
    datasets = list(study.datasets)
    for passage in study.narrative or ():
        if passage.spec:
            datasets.append(passage.spec)
    return study.model_copy(update={"datasets": tuple(datasets)})


def plans_of_passages(study: Study, plans: Mapping[str, Plan]) -> dict[int, Plan]:
    """How the records of each passage are made, by its number."""
    found = {}
    for number, passage in enumerate(study.narrative or ()):
        if passage.spec:
            found[number] = plans[passage.spec.name]
    return found


def problems(study: Study, plans: Mapping[int, Plan], unbound: Sequence[Problem]) -> list[Problem]:
    """Names in passages that are not variables of their records.

    unbound: what is wrong with the records themselves; nothing more is told of such a passage.
    """
    wrong = set()
    for problem in unbound:
        dataset = problem.path.partition(".")[0]
        wrong.add((problem.file, dataset))
    found = []
    for number, plan in plans.items():
        passage = (study.narrative or ())[number]
        if (passage.place.file, plan.spec.name) in wrong:
            continue
        if not study.unread.isdisjoint(sources(plan.spec.rows)):
            continue
        for path, reason in _faults(passage, plan, study):
            line = passage.line(tuple(path.split(".")))
            told = f"{plan.spec.name}.{path}"
            found.append(Problem(passage.place.file, line, told, reason))
    return found


def _faults(passage: Passage, plan: Plan, study: Study) -> Iterator[Fault]:
    columns = list(plan.origins)
    yield from _unknown("where", columns_of(passage.where), columns)
    for spec in study.datasets:
        if spec.name in sources(plan.spec.rows):
            yield from _misfits("where", passage.where, spec)
    yield from _unknown("by", filter(None, [passage.by]), columns)
    yield from _unknown("order", _plain(passage.order), columns)
    yield from _unknown("section", _named(passage.section), columns)
    for name, listed in passage.lists.items():
        yield from _list_faults(f"lists.{name}", listed, columns, study)
    spoken = [*columns, *passage.lists]
    for text in passage.says:
        yield from _unknown("says", _named(text), spoken)
    if passage.table:
        yield from _unknown("table.codes", passage.table.codes, columns)
        yield from _unknown("table.names", passage.table.names, columns)
        for text in (*passage.table.columns.values(), passage.table.missing):
            yield from _unknown("table", _named(text), spoken)
    yield from _source_faults(passage, study)
    if passage.lead and passage.table:
        yield "lead", "a passage with a table has no sentence that can lead"
    if any(_named(passage.none)):
        yield "none", "is said where there is no record, so it has no values"


def _source_faults(passage: Passage, study: Study) -> Iterator[Fault]:
    """Variables of the source record that no dataset of the study has."""
    known = {variable.name for spec in study.datasets for variable in spec.variables}
    for text in passage.says:
        for name in names(parsed(text)):
            if name.startswith(SOURCE):
                yield from _unknown("says", [name.removeprefix(SOURCE)], sorted(known))


def _list_faults(
    path: str, listed: Listed, columns: Collection[str], study: Study
) -> Iterator[Fault]:
    datasets = {spec.name: spec for spec in study.datasets if not spec.parent}
    spec = datasets.get(listed.take)
    if spec is None and listed.take in study.unread:
        return
    if spec is None:
        yield f"{path}.take", f"there is no dataset {listed.take}{suggest(listed.take, datasets)}"
        return
    there = [variable.name for variable in spec.variables]
    yield from _unknown(f"{path}.on", listed.on, columns)
    yield from _unknown(f"{path}.on", listed.on, there)
    yield from _unknown(f"{path}.where", columns_of(listed.where), there)
    yield from _misfits(f"{path}.where", listed.where, spec)
    yield from _unknown(f"{path}.order", _plain(listed.order), there)
    for text in listed.says:
        yield from _unknown(f"{path}.says", _named(text), there)


def _misfits(path: str, where: Where, spec: DatasetSpec) -> Iterator[Fault]:
    for reason in spec.misfits(where):
        yield path, reason


def _plain(order: Collection[str]) -> list[str]:
    return [name.removeprefix("-") for name in order]


def _named(text: str) -> list[str]:
    """The variables of the record that a sentence names."""
    return [name for name in names(parsed(text)) if not name.startswith(SOURCE)]


def _unknown(path: str, wanted: Iterable[str], known: Collection[str]) -> Iterator[Fault]:
    for name in wanted:
        if name not in known:
            yield path, f"there is no column {name} here{suggest(name, known)}"
