"""What is wrong with a study's results, found before any data are read."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from ..conditions import columns_of, compared
from ..errors import Problem
from ..metadata import Analysis, DatasetSpec, Lookup, Selection, Study, Where, shown
from ..text import suggest
from .methods import METHODS, WITH_VALUE
from .summary import SUBJECT

Fault = tuple[tuple[str, ...], str]  # path in the entry, reason


def problems(study: Study) -> list[Problem]:
    """Methods, datasets, variables and codes that results name and that there are not.

    Args:
        study: the specs and results.

    Returns:
        The problems, with the file and line of each result.
    """
    datasets = {spec.name: spec for spec in study.datasets if not spec.parent}
    found = []
    for analysis in study.results:
        for path, reason in _faults(analysis, datasets, study):
            told = f"{analysis.id}.{shown(path)}"
            line = analysis.line(path)
            found.append(Problem(analysis.place.file, line, told, reason))
    return found


def _faults(
    analysis: Analysis, datasets: Mapping[str, DatasetSpec], study: Study
) -> Iterator[Fault]:
    if analysis.method not in METHODS:
        hint = suggest(analysis.method, METHODS)
        yield ("method",), f"there is no method {analysis.method}{hint}"
    yield from _value_faults(analysis)
    yield from _selection_faults("set", analysis.set, datasets, study)
    if analysis.data is not None:
        yield from _selection_faults("data", analysis.data, datasets, study)
    people = datasets.get(analysis.set.take)
    if people is not None and not people.internal:
        yield from _unknown(("by",), analysis.by, people)
    records = datasets.get(analysis.records.take)
    if records is not None and not records.internal:
        yield from _where_faults(("event",), analysis.event, records, study)
        yield from _unknown(("follow",), analysis.follow, records)
        if analysis.value:
            yield from _unknown(("value",), [analysis.value], records)


def _value_faults(analysis: Analysis) -> Iterator[Fault]:
    needs_one = analysis.method in WITH_VALUE
    if needs_one and not analysis.value:
        yield ("value",), f"is missing: {analysis.method} needs the variable that is analysed"
    if analysis.value and analysis.method in METHODS and not needs_one:
        yield ("value",), f"{analysis.method} has no value"


def _selection_faults(
    word: str, selection: Selection, datasets: Mapping[str, DatasetSpec], study: Study
) -> Iterator[Fault]:
    spec = datasets.get(selection.take)
    if spec is None and selection.take in study.unread:
        return
    if spec is None:
        hint = suggest(selection.take, datasets)
        yield (word, "take"), f"there is no dataset {selection.take}{hint}"
        return
    if spec.internal:
        yield (word, "take"), f"{spec.name} is internal; a result is read off what is written"
        return
    yield from _unknown((word, "take"), [SUBJECT], spec)
    yield from _where_faults((word, "where"), selection.where, spec, study)


def _where_faults(
    path: tuple[str, ...], where: Where, spec: DatasetSpec, study: Study
) -> Iterator[Fault]:
    yield from _unknown(path, columns_of(where), spec)
    for reason in spec.misfits(where):
        yield path, reason
    for name, text in compared(where):
        known = _codes(spec, name, study)
        if known and text not in known:
            reason = f"{name} of {spec.name} is never {text}{suggest(text, known)}"
            yield (*path, name), reason


def _unknown(path: tuple[str, ...], names: Collection[str], spec: DatasetSpec) -> Iterator[Fault]:
    known = [variable.name for variable in spec.variables]
    for name in names:
        if name not in known:
            yield path, f"{spec.name} has no variable {name}{suggest(name, known)}"


def _codes(spec: DatasetSpec, name: str, study: Study) -> Collection[str]:
    """All values that a variable can have; nothing where they are not known.

    They are known by a codelist that is not extensible, or by what decodes the variable in another
    one of the dataset, as PARAM does with PARAMCD: terms, or a table.
    """
    for variable in spec.variables:
        if variable.name == name:
            codelist = study.codelists.get(variable.codelist)
            if codelist is not None and not codelist.extensible:
                return list(codelist.terms)
            return _decoded(spec, name) or _looked_up(spec, name, study)
    return ()


def _decoded(spec: DatasetSpec, name: str) -> Collection[str]:
    """The terms that decode a variable in another one; nothing where there are none."""
    for other in spec.variables:
        terms = other.wiring.constants.get("terms")
        decodes = other.wiring.function == "recode" and other.wiring.columns == {"value": name}
        if decodes and other.name != name and isinstance(terms, Mapping):
            return list(terms)
    return ()


def _looked_up(spec: DatasetSpec, name: str, study: Study) -> Collection[str]:
    """The values for which a table is asked; nothing where there is no such table."""
    for step in spec.rows:
        if isinstance(step, Lookup) and name in step.lookup.matched:
            table = study.tables[step.lookup.table]
            return [str(value) for value in table.columns[step.lookup.matched[name]]]
    return ()
