"""A study's folder of YAML, or a bundled study's name, to one frozen Study and all that is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any

from ..errors import Problem, SpecError
from . import document as yaml_file
from .document import Document
from .exports import odm_faults, redcap_faults
from .model import Codelist, Column, DatasetSpec, Form, Join, Place, Rule, Stack, Step, Study, Take, Waiver
from .resolve import Terminology, dataset, suggest
from .source import DatasetSource, RuleSource, StudySource, VariableSource, shape
from .standard import releases, specs_root, standard
from .supplement import with_supplements
from .units import unit_problems, with_units

LAYERS = {"sdtm": "SDTM", "adam": "ADaM"}


def study_folder(study: str | Path) -> Path:
    """The folder itself, or that of a bundled study; SpecError if there is neither."""
    bundled = specs_root() / "study"
    for folder in (Path(study), bundled / str(study).lower()):
        if (folder / "study.yaml").is_file():
            return folder
    names = sorted(p.name for p in bundled.iterdir() if p.is_dir())
    reason = (
        f"no folder with a study.yaml, and no bundled study{suggest(str(study), names)}; bundled: {', '.join(names)}"
    )
    raise SpecError([Problem(Path(study), 1, "study", reason)])


def load(study: str | Path) -> tuple[Study, list[Problem]]:
    """The study and all problems of its YAML. SpecError where study.yaml itself cannot be used."""
    folder = study_folder(study)
    head = yaml_file.read(folder / "study.yaml")
    source = shape(head, StudySource)
    if source is None:
        raise SpecError(head.problems)
    forms = _forms(head, source)
    facts = {"study": source.id, "cutoff": source.cutoff, **source.facts}
    terminology = Terminology(standard(), source.terms, facts, lengths=source.lengths)
    _extend_codelists(head, source, terminology)
    datasets, documents = _datasets(folder, terminology)
    rules, rule_documents = _rules(folder, terminology)
    waivers, waiver_documents = _waivers(folder)
    documents = [head, *documents, *rule_documents, *waiver_documents]
    problems = [problem for document in documents for problem in document.problems]
    return (
        Study(
            id=source.id,
            title=source.title,
            cutoff=source.cutoff,
            folder=folder,
            standards=releases(),
            intake=source.intake,
            forms=forms,
            terms=source.terms,
            facts=source.facts,
            codelists=terminology.codelists,
            datasets=tuple(with_supplements(_in_order(datasets, problems), terminology)),
            rules=tuple(rules),
            waivers=tuple(waivers),
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
def _forms(head: Document, source: StudySource) -> dict[str, Form]:
    found = {}
    for name, given in source.forms.items():
        path = ("forms", name)
        columns = {c: _column(head, (*path, "columns", c), v or {}) for c, v in given.columns.items()}
        place = Place(file=head.file, line=head.line(path))
        file = given.file or f"{name}.csv"
        found[name] = Form(
            name=name,
            file=file,
            required=given.required,
            key=given.key,
            columns=columns,
            duplicates=given.duplicates,
            not_submitted=given.not_submitted,
            place=place,
        )
        for i, column in enumerate(given.key):
            if column not in columns:
                head.complain((*path, "key", i), f"{column} is no column of the form{suggest(column, columns)}")
        for c, column_spec in columns.items():
            if column_spec.terms and column_spec.terms not in source.terms:
                reason = f"there are no terms {column_spec.terms}{suggest(column_spec.terms, source.terms)}"
                head.complain((*path, "columns", c, "terms"), reason)
    _check_intake(head, source, found)
    return found


def _check_intake(head: Document, source: StudySource, forms: Mapping[str, Form]) -> None:
    """Every form says whose record it is; the form of subjects is there and says of which site."""
    intake = source.intake
    for name, form in forms.items():
        if intake.subject not in form.columns:
            head.complain(("forms", name), f"has no column {intake.subject}, which names the subject")
    if intake.subjects not in forms:
        head.complain(("intake", "subjects"), f"{intake.subjects} is no form{suggest(intake.subjects, forms)}")
    elif intake.site and intake.site not in (columns := forms[intake.subjects].columns):
        reason = f"{intake.site} is no column of {intake.subjects}{suggest(intake.site, columns)}"
        head.complain(("intake", "site"), reason)
    columns_of = {name: form.columns for name, form in forms.items()}
    for path, reason in redcap_faults(intake.redcap, columns_of):
        head.complain(("intake", "redcap", *path), reason)
    for path, reason in odm_faults(intake.odm, columns_of, intake.subject):
        head.complain(("intake", "odm", *path), reason)


def _column(head: Document, path: tuple[str, ...], given: Any) -> Column:
    return shape(head, Column, given, path) or Column()


def _extend_codelists(head: Document, source: StudySource, terminology: Terminology) -> None:
    for name, given in source.codelists.items():
        known = terminology.standard.codelists.get(name)
        if known and not known.extensible:
            head.complain(("codelists", name), f"{known.name} is not extensible")
        terms = {**(known.terms if known else {}), **dict.fromkeys(given.terms, "")}
        extensible = known.extensible if known else given.extensible
        title = known.name if known else given.name
        terminology.codelists[name] = Codelist(id=name, name=title, extensible=extensible, terms=terms)


# ---------------------------------------------------------------- sdtm/ and adam/
def _datasets(folder: Path, terminology: Terminology) -> tuple[dict[str, DatasetSpec], list[Document]]:
    found: dict[str, DatasetSpec] = {}
    documents: list[Document] = []
    for layer, name in LAYERS.items():
        shared, shared_document = _shared(folder / layer / "shared.yaml")
        read = [yaml_file.read(f) for f in sorted((folder / layer).glob("*.yaml")) if f.name != "shared.yaml"]
        documents += [*([shared_document] if shared_document else []), *read]
        shaped = [(d, shape(d, DatasetSource)) for d in read if not d.problems]
        terminology.own.update(_own_variables([source for _, source in shaped if source], name))
        for document, source in shaped:
            if source and source.dataset in found:
                document.complain(("dataset",), f"{source.dataset} is also made by {found[source.dataset].place.file}")
            elif source:
                spec = with_units(dataset(document, source, name, shared, terminology))
                document.problems += unit_problems(spec)
                found[source.dataset] = spec
    return found, documents


def _own_variables(sources: list[DatasetSource], layer: str) -> dict[str, VariableSource]:
    """Variables that an ADaM dataset of the study defines with label and type, by name."""
    datasets = [source for source in sources if layer == "ADaM" and not source.internal]
    return {name: v for s in datasets for name, v in s.variables.items() if v.label and v.type and not v.supplemental}


def _shared(file: Path) -> tuple[dict[str, tuple[VariableSource, Place]], Document | None]:
    if not file.is_file():
        return {}, None
    document = yaml_file.read(file)
    wired = shape(document, dict[str, VariableSource]) or {}
    places = {name: Place(file=file, line=document.line((name,))) for name in wired}
    return {name: (given, places[name]) for name, given in wired.items()}, document


def _in_order(datasets: Mapping[str, DatasetSpec], problems: list[Problem]) -> list[DatasetSpec]:
    """Datasets so that each comes after those it reads; by name where there is a choice."""
    reads = {name: sorted(set(sources(spec.rows)) & set(datasets)) for name, spec in sorted(datasets.items())}
    try:
        return [datasets[name] for name in TopologicalSorter(reads).static_order()]
    except CycleError as error:
        circle = error.args[1]
        place = datasets[circle[0]].place
        problems.append(Problem(place.file, place.line, "rows", f"datasets read each other: {' <- '.join(circle)}"))
        return list(datasets.values())


# ---------------------------------------------------------------- rules
def _rules(folder: Path, terminology: Terminology) -> tuple[list[Rule], list[Document]]:
    found: dict[str, Rule] = {}
    documents = []
    for file in [*sorted((specs_root() / "rules").glob("*.yaml")), *sorted((folder / "rules").glob("*.yaml"))]:
        document = yaml_file.read(file)
        documents.append(document)
        for i, given in enumerate(shape(document, list[RuleSource]) or []):
            for rule in _expand(document, i, given, terminology):
                if (key := f"{rule.id} {rule.dataset}") in found:
                    document.complain((i, "id"), f"rule {rule.id} stands twice for {rule.dataset}")
                found[key] = rule
    return list(found.values()), documents


def _expand(document: Document, i: int, given: RuleSource, terminology: Terminology) -> Iterator[Rule]:
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
            document, Rule, {**_fill(data, name), "dataset": name, "constants": constants, "place": place}, (i,)
        )
        if rule:
            yield rule


def _fill(entry: Any, name: str) -> Any:
    if isinstance(entry, str):
        return re.sub(r"(^|(?<=[{\s]))--(?=[A-Z])", name, entry)
    if isinstance(entry, dict):
        return {_fill(key, name): _fill(value, name) for key, value in entry.items()}
    return [_fill(item, name) for item in entry] if isinstance(entry, (list, tuple)) else entry


# ---------------------------------------------------------------- waivers
def _waivers(folder: Path) -> tuple[list[Waiver], list[Document]]:
    """What waivers.yaml leaves as it is, each with its line; no file, or nothing but comments, is no waiver."""
    file = folder / "waivers.yaml"
    document = yaml_file.read(file) if file.is_file() else Document(file)
    if document.data is not None and not isinstance(document.data, list):
        document.complain((), "should be a list of waivers")
        return [], [document]
    shaped = []
    for i, given in enumerate(document.data or []):
        place = Place(file=file, line=document.line((i,)))
        shaped.append(shape(document, Waiver, {**given, "place": place} if isinstance(given, dict) else given, (i,)))
    return [waiver for waiver in shaped if waiver], [document]
