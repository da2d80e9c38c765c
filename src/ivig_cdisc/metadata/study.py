"""A study's folder of YAML, or a bundled study's name, to one frozen Study.

And to all that is wrong with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any

from ..errors import Problem, SpecError
from ..text import suggest
from . import document as yaml_file
from .analyses import read_analyses
from .columns import sources
from .document import Document
from .entries import entries
from .events import expanded
from .forms import collected
from .frozen import Place
from .keeping import ADSL, KeptSet, Known, check_core
from .model import Codelist, DatasetSpec, Form, Rule, Waiver
from .passages import read_narrative
from .resolve import dataset
from .shape import shape
from .source import DatasetSource, RuleSource, StudySource, VariableSource
from .standard import releases, specs_root, standard
from .supplement import with_supplements
from .tables import TableReader
from .terminology import Terminology
from .undecided import undecided
from .units import unit_problems, with_units
from .unknown_files import strangers
from .values import in_condition
from .whole import Study

LAYERS = {"sdtm": "SDTM", "adam": "ADaM"}


def study_folder(study: str | Path) -> Path:
    """The folder itself, or that of a bundled study.

    Args:
        study: a folder with study.yaml, or the name of a bundled study in any capitals.

    Returns:
        The folder that holds study.yaml.

    Raises:
        SpecError: there is neither.
    """
    bundled = specs_root() / "study"
    for folder in (Path(study), bundled / str(study).lower()):
        if (folder / "study.yaml").is_file():
            return folder
    names = sorted(p.name for p in bundled.iterdir() if p.is_dir())
    hint, bundled_names = suggest(str(study), names), ", ".join(names)
    reason = f"no folder with a study.yaml, and no bundled study{hint}; bundled: {bundled_names}"
    raise SpecError([Problem(Path(study), 1, "study", reason)])


def bundled() -> dict[str, Study]:
    """The bundled studies: what they collect and how, without what is made of it.

    Returns:
        Studies without datasets, by the names of their folders in alphabetical order.
    """
    found = {}
    for folder in sorted(file.parent for file in (specs_root() / "study").glob("*/study.yaml")):
        head = yaml_file.read(folder / "study.yaml")
        source = shape(head, StudySource)
        if source is not None:
            found[folder.name] = _study(folder, source, collected(head, source))
    return found


def _study(folder: Path, source: StudySource, forms: dict[str, Form], **made: Any) -> Study:
    made = {"codelists": {}, "datasets": ()} | made
    return Study(
        id=source.id,
        title=source.title,
        cutoff=source.cutoff,
        folder=folder,
        standards=releases(),
        intake=source.intake,
        forms=forms,
        terms=source.terms,
        facts=source.facts,
        **made,
    )


def load(study: str | Path) -> tuple[Study, list[Problem]]:
    """The study and all problems of its YAML.

    Args:
        study: a folder with study.yaml, or the name of a bundled study.

    Returns:
        The study, to be used only where there are no problems; and these, file by file.

    Raises:
        SpecError: there is no such study, or its study.yaml itself cannot be used.
    """
    folder = study_folder(study)
    head = yaml_file.read(folder / "study.yaml")
    source = shape(head, StudySource)
    if source is None:
        raise SpecError(head.problems)
    return _loaded(folder, head, source)


def _loaded(folder: Path, head: Document, source: StudySource) -> tuple[Study, list[Problem]]:
    forms = collected(head, source)
    facts = {"study": source.id, "cutoff": source.cutoff, **source.facts}
    terminology = Terminology(standard(), source.terms, facts, lengths=source.lengths)
    _extend_codelists(head, source, terminology)
    known = _known(head, source, forms)
    circles: list[Problem] = []
    datasets, documents = _datasets(folder, terminology, known, circles)
    check_core(head, known)
    rules, rule_documents = _rules(folder, terminology)
    waivers, waiver_document = entries(folder / "waivers.yaml", Waiver, "waivers")
    results, result_documents = read_analyses(folder)
    narrative, narrative_document = read_narrative(folder, terminology, known)
    _check_table_names(head, known, forms)
    documents = [
        head,
        *known.tables.documents,
        *documents,
        *rule_documents,
        waiver_document,
        *result_documents,
    ]
    documents.append(narrative_document)
    files = [document.file.name for document in known.tables.documents]
    problems = list(strangers(folder, files))
    still_open: list[Problem] = []
    for document in documents:
        problems += document.problems
        still_open += undecided(document)
    problems += circles
    loaded = _study(
        folder,
        source,
        forms,
        tables=known.tables.tables,
        codelists=terminology.codelists,
        datasets=tuple(with_supplements(datasets, terminology)),
        rules=tuple(rules),
        waivers=tuple(waivers.values()),
        results=results,
        narrative=narrative,
        lines=head.lines,
        undecided=tuple(still_open),
    )
    return loaded, problems


# ---------------------------------------------------------------- study.yaml
def _known(head: Document, source: StudySource, forms: Mapping[str, Form]) -> Known:
    """What study.yaml says that datasets may keep or read: forms, tables and core variables."""
    tables = TableReader(head)
    for name, given in source.tables.items():
        tables.read(name, given)
    known = Known(tables, core=source.adsl_core)
    for name, form in forms.items():
        known.columns[name] = list(form.columns)
    return known


def _check_table_names(head: Document, known: Known, forms: Mapping[str, Form]) -> None:
    """A table does not have the name of a form or dataset, since steps read all by their names."""
    for name in known.tables.tables:
        if name in forms:
            head.complain(("tables", name), "is a form, too: take another name")
        elif name in known.columns:
            head.complain(("tables", name), "is a dataset, too: take another name")


def _extend_codelists(head: Document, source: StudySource, terminology: Terminology) -> None:
    for name, given in source.codelists.items():
        own = Codelist(
            id=name,
            name=given.name,
            extensible=given.extensible,
            terms=dict.fromkeys(given.terms, ""),
        )
        known = terminology.standard.codelists.get(name)
        if known:
            if not known.extensible:
                head.complain(("codelists", name), f"{known.name} is not extensible")
            own = known.model_copy(update={"terms": {**known.terms, **own.terms}})
        terminology.codelists[name] = own


# ---------------------------------------------------------------- sdtm/ and adam/
@dataclass(frozen=True)
class _Given:
    """A dataset's file as it was read, with what is wired for all of its layer."""

    document: Document
    source: DatasetSource
    layer: str
    shared: Mapping[str, tuple[VariableSource, Place]]


def _datasets(
    folder: Path, terminology: Terminology, known: Known, problems: list[Problem]
) -> tuple[list[DatasetSpec], list[Document]]:
    """The datasets in the order in which they can be built, and all files."""
    given, documents = _given(folder)
    analysis = [one.source for one in given.values() if one.layer == "ADaM"]
    terminology.own.update(_own_variables(analysis))
    found: list[DatasetSpec] = []
    for one in _in_order(given, problems):
        laid = dataset(one.document, one.source, one.layer, one.shared, terminology, known)
        spec = with_units(laid)
        one.document.problems += unit_problems(spec)
        known.add(spec)
        found.append(spec)
    return found, documents


def _given(folder: Path) -> tuple[dict[str, _Given], list[Document]]:
    """The datasets by name as their files say them, and all files."""
    documents: list[Document] = []
    given: dict[str, _Given] = {}
    for layer, name in LAYERS.items():
        shared, shared_document = _shared(folder / layer / "shared.yaml")
        if shared_document:
            documents.append(shared_document)
        for file in sorted((folder / layer).glob("*.yaml")):
            if file.name == "shared.yaml":
                continue
            document, source = _dataset_file(file)
            documents.append(document)
            if source is None:
                continue
            if source.dataset in given:
                other = given[source.dataset].document.file
                document.complain(("dataset",), f"{source.dataset} is also made by {other}")
                continue
            given[source.dataset] = _Given(document, source, name, shared)
    return given, documents


def _dataset_file(file: Path) -> tuple[Document, DatasetSource | None]:
    """A dataset's file, and what it says if it is well-formed."""
    document = yaml_file.read(file)
    if document.problems:
        return document, None
    return document, shape(document, DatasetSource)


def _own_variables(sources: list[DatasetSource]) -> dict[str, VariableSource]:
    """Variables that datasets of the study define with label and type, by name."""
    found = {}
    for source in sources:
        if source.internal:
            continue
        for name, variable in source.variables.items():
            if variable.label and variable.type and not variable.supplemental:
                found[name] = variable
    return found


def _shared(file: Path) -> tuple[dict[str, tuple[VariableSource, Place]], Document | None]:
    if not file.is_file():
        return {}, None
    document = yaml_file.read(file)
    wired = shape(document, dict[str, VariableSource]) or {}
    found = {}
    for name, given in wired.items():
        found[name] = (given, Place(file=file, line=document.line((name,))))
    return found, document


def _in_order(given: Mapping[str, _Given], problems: list[Problem]) -> list[_Given]:
    """Datasets so that each comes after those it reads; by name where there is a choice."""
    reads = {}
    for name in sorted(given):
        reads[name] = sorted(set(_read_by(given[name].source)) & set(given))
    try:
        return [given[name] for name in TopologicalSorter(reads).static_order()]
    except CycleError as error:
        circle = error.args[1]
        document = given[circle[0]].document
        reason = f"datasets read each other: {' <- '.join(circle)}"
        problems.append(Problem(document.file, document.line(("dataset",)), "rows", reason))
        return list(given.values())


def _read_by(source: DatasetSource) -> Iterator[str]:
    """What a dataset reads: by its rows, and ADSL where it keeps variables of that."""
    yield from sources(expanded(source.rows).steps)
    if any(isinstance(entry, KeptSet) for entry in source.kept):
        yield ADSL


# ---------------------------------------------------------------- rules
def _rules(folder: Path, terminology: Terminology) -> tuple[list[Rule], list[Document]]:
    found: dict[str, Rule] = {}
    documents = []
    general = sorted((specs_root() / "rules").glob("*.yaml"))
    for file in (*general, *sorted((folder / "rules").glob("*.yaml"))):
        document = yaml_file.read(file)
        documents.append(document)
        for i, given in enumerate(shape(document, list[RuleSource]) or []):
            for rule in _expand(document, i, given, terminology):
                key = f"{rule.id} {rule.dataset}"
                if key in found:
                    reason = f"rule {rule.id} is a duplicate for {rule.dataset}"
                    document.complain((i, "id"), reason)
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
    general = {
        "id": given.id,
        "severity": given.severity,
        "join": given.join,
        "check": given.check,
        "columns": given.from_,
        "variable": given.variable,
        "message": given.message,
    }
    names = given.dataset
    if isinstance(names, str):
        names = (names,)
    for name in names:
        data = _fill(general, name)
        data |= {"where": in_condition(given.where, name)}
        data |= {"dataset": name, "constants": constants, "place": place}
        rule = shape(document, Rule, data, (i,))
        if rule:
            yield rule


def _fill(entry: Any, name: str) -> Any:
    if isinstance(entry, str):
        return re.sub(r"(^|(?<=[{\s]))--(?=[A-Z])", name, entry)
    if isinstance(entry, dict):
        return {_fill(key, name): _fill(value, name) for key, value in entry.items()}
    if isinstance(entry, list | tuple):
        return [_fill(item, name) for item in entry]
    return entry
