"""A study's folder of YAML, or a bundled study's name, to one frozen Study and all that is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any

from ..errors import Problem, SpecError
from . import document as yaml_file
from .analyses import read_analyses
from .document import Document
from .entries import entries
from .forms import collected
from .frozen import Place
from .model import Codelist, DatasetSpec, Form, Join, Rule, Stack, Step, Take, Waiver
from .passages import read_narrative
from .resolve import Terminology, dataset
from .shape import shape, suggest
from .source import DatasetSource, RuleSource, StudySource, VariableSource
from .standard import releases, specs_root, standard
from .supplement import with_supplements
from .undecided import undecided
from .units import unit_problems, with_units
from .unknown_files import strangers
from .whole import Study

LAYERS = {"sdtm": "SDTM", "adam": "ADaM"}


def study_folder(study: str | Path) -> Path:
    """The folder itself, or that of a bundled study; SpecError if there is neither."""
    bundled = specs_root() / "study"
    for folder in (Path(study), bundled / str(study).lower()):
        if (folder / "study.yaml").is_file():
            return folder
    names = sorted(p.name for p in bundled.iterdir() if p.is_dir())
    hint, bundled_names = suggest(str(study), names), ", ".join(names)
    reason = f"no folder with a study.yaml, and no bundled study{hint}; bundled: {bundled_names}"
    raise SpecError([Problem(Path(study), 1, "study", reason)])


def bundled() -> dict[str, Study]:
    """The bundled studies by name, with what they collect and how, and without what is made of it."""
    found = {}
    for folder in sorted(file.parent for file in (specs_root() / "study").glob("*/study.yaml")):
        head = yaml_file.read(folder / "study.yaml")
        source = shape(head, StudySource)
        if source is not None:
            found[folder.name] = _study(folder, source, collected(head, source))
    return found


def _study(folder: Path, source: StudySource, forms: dict[str, Form], **made: Any) -> Study:
    said = {
        name: getattr(source, name)
        for name in ("id", "title", "cutoff", "intake", "terms", "facts")
    }
    return Study(
        folder=folder,
        standards=releases(),
        forms=forms,
        **said,
        **({"codelists": {}, "datasets": ()} | made),
    )


def load(study: str | Path) -> tuple[Study, list[Problem]]:
    """The study and all problems of its YAML. SpecError where study.yaml itself cannot be used."""
    folder = study_folder(study)
    head = yaml_file.read(folder / "study.yaml")
    source = shape(head, StudySource)
    if source is None:
        raise SpecError(head.problems)
    forms = collected(head, source)
    facts = {"study": source.id, "cutoff": source.cutoff, **source.facts}
    terminology = Terminology(standard(), source.terms, facts, lengths=source.lengths)
    _extend_codelists(head, source, terminology)
    datasets, documents = _datasets(folder, terminology)
    rules, rule_documents = _rules(folder, terminology)
    waivers, waiver_document = entries(folder / "waivers.yaml", Waiver, "waivers")
    results, result_documents = read_analyses(folder)
    narrative, narrative_document = read_narrative(folder, terminology)
    documents = [head, *documents, *rule_documents, waiver_document, *result_documents]
    documents.append(narrative_document)
    problems = [
        *strangers(folder),
        *(problem for document in documents for problem in document.problems),
    ]
    return (
        _study(
            folder,
            source,
            forms,
            codelists=terminology.codelists,
            datasets=tuple(with_supplements(_in_order(datasets, problems), terminology)),
            rules=tuple(rules),
            waivers=tuple(waivers.values()),
            results=results,
            narrative=narrative,
            lines=head.lines,
            undecided=tuple(problem for document in documents for problem in undecided(document)),
        ),
        problems,
    )


def sources(steps: tuple[Step, ...]) -> Iterator[str]:
    """Names of all forms and datasets that row steps read."""
    for step in steps:
        if isinstance(step, Take):
            yield step.take
        elif isinstance(step, Join):
            yield step.join.with_
        elif isinstance(step, Stack):
            for branch in step.stack:
                yield from sources(branch)


# ---------------------------------------------------------------- study.yaml
def _extend_codelists(head: Document, source: StudySource, terminology: Terminology) -> None:
    for name, given in source.codelists.items():
        known = terminology.standard.codelists.get(name)
        if known and not known.extensible:
            head.complain(("codelists", name), f"{known.name} is not extensible")
        terms = {**(known.terms if known else {}), **dict.fromkeys(given.terms, "")}
        extensible = known.extensible if known else given.extensible
        title = known.name if known else given.name
        terminology.codelists[name] = Codelist(
            id=name, name=title, extensible=extensible, terms=terms
        )


# ---------------------------------------------------------------- sdtm/ and adam/
def _datasets(
    folder: Path, terminology: Terminology
) -> tuple[dict[str, DatasetSpec], list[Document]]:
    found: dict[str, DatasetSpec] = {}
    documents: list[Document] = []
    for layer, name in LAYERS.items():
        shared, shared_document = _shared(folder / layer / "shared.yaml")
        read = [
            yaml_file.read(f)
            for f in sorted((folder / layer).glob("*.yaml"))
            if f.name != "shared.yaml"
        ]
        documents += [*([shared_document] if shared_document else []), *read]
        shaped = [(d, shape(d, DatasetSource)) for d in read if not d.problems]
        terminology.own.update(_own_variables([source for _, source in shaped if source], name))
        for document, source in shaped:
            if source and source.dataset in found:
                document.complain(
                    ("dataset",),
                    f"{source.dataset} is also made by {found[source.dataset].place.file}",
                )
            elif source:
                spec = with_units(dataset(document, source, name, shared, terminology))
                document.problems += unit_problems(spec)
                found[source.dataset] = spec
    return found, documents


def _own_variables(sources: list[DatasetSource], layer: str) -> dict[str, VariableSource]:
    """Variables that an ADaM dataset of the study defines with label and type, by name."""
    datasets = [source for source in sources if layer == "ADaM" and not source.internal]
    return {
        name: v
        for s in datasets
        for name, v in s.variables.items()
        if v.label and v.type and not v.supplemental
    }


def _shared(file: Path) -> tuple[dict[str, tuple[VariableSource, Place]], Document | None]:
    if not file.is_file():
        return {}, None
    document = yaml_file.read(file)
    wired = shape(document, dict[str, VariableSource]) or {}
    places = {name: Place(file=file, line=document.line((name,))) for name in wired}
    return {name: (given, places[name]) for name, given in wired.items()}, document


def _in_order(datasets: Mapping[str, DatasetSpec], problems: list[Problem]) -> list[DatasetSpec]:
    """Datasets so that each comes after those it reads; by name where there is a choice."""
    reads = {
        name: sorted(set(sources(spec.rows)) & set(datasets))
        for name, spec in sorted(datasets.items())
    }
    try:
        return [datasets[name] for name in TopologicalSorter(reads).static_order()]
    except CycleError as error:
        circle = error.args[1]
        place = datasets[circle[0]].place
        problems.append(
            Problem(
                place.file, place.line, "rows", f"datasets read each other: {' <- '.join(circle)}"
            )
        )
        return list(datasets.values())


# ---------------------------------------------------------------- rules
def _rules(folder: Path, terminology: Terminology) -> tuple[list[Rule], list[Document]]:
    found: dict[str, Rule] = {}
    documents = []
    for file in [
        *sorted((specs_root() / "rules").glob("*.yaml")),
        *sorted((folder / "rules").glob("*.yaml")),
    ]:
        document = yaml_file.read(file)
        documents.append(document)
        for i, given in enumerate(shape(document, list[RuleSource]) or []):
            for rule in _expand(document, i, given, terminology):
                if (key := f"{rule.id} {rule.dataset}") in found:
                    document.complain(
                        (i, "id"), f"rule {rule.id} is a duplicate for {rule.dataset}"
                    )
                found[key] = rule
    return list(found.values()), documents


def _expand(
    document: Document, i: int, given: RuleSource, terminology: Terminology
) -> Iterator[Rule]:
    """One rule for each dataset that it names, `--` replaced by the dataset's name."""
    place = Place(file=document.file, line=document.line((i,)))
    try:
        constants = {p: terminology.refer(c) for p, c in given.with_.items()}
    except (KeyError, TypeError) as error:
        document.complain((i, "with"), f"there is no {error.args[0]}")
        return
    for name in (given.dataset,) if isinstance(given.dataset, str) else given.dataset:
        data = {
            "id": given.id,
            "severity": given.severity,
            "where": given.where,
            "join": given.join,
            "check": given.check,
            "columns": given.from_,
            "variable": given.variable,
            "message": given.message,
        }
        rule = shape(
            document,
            Rule,
            {**_fill(data, name), "dataset": name, "constants": constants, "place": place},
            (i,),
        )
        if rule:
            yield rule


def _fill(entry: Any, name: str) -> Any:
    if isinstance(entry, str):
        return re.sub(r"(^|(?<=[{\s]))--(?=[A-Z])", name, entry)
    if isinstance(entry, dict):
        return {_fill(key, name): _fill(value, name) for key, value in entry.items()}
    return [_fill(item, name) for item in entry] if isinstance(entry, (list, tuple)) else entry
