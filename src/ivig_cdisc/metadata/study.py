"""A study's folder of YAML, or a bundled study's name, to one frozen Study.

And to all that is wrong with it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any

from ..errors import Problem, SpecError
from ..text import suggest
from . import document as yaml_file
from .analyses import read_analyses
from .collection import Form
from .columns import sources
from .document import Document
from .entries import entries
from .events import expanded
from .forms import collected
from .frozen import Place
from .keeping import ADSL, KeptSet, Known, check_core
from .length_names import check_length_names
from .lengths import Lengths
from .model import Codelist, DatasetSpec, Waiver
from .passages import read_narrative
from .pieces import check_lengths
from .qualifiers import with_qorig
from .resolve import dataset
from .rules import read_rules, rule_files
from .salvage import dataset_source, each, name_of, study_source
from .shape import shape
from .sharing import in_shared_file, shared_variables
from .source import DatasetSource, RuleSource, StudySource, VariableSource
from .standard import releases, specs_root, standard
from .supplement import with_supplements
from .tables import TableReader
from .terminology import Terminology
from .undecided import undecided
from .units import unit_problems, with_units
from .unknown_files import strangers
from .whole import Study

SAID_AS = {"study": "id"}  # facts that have another name in study.yaml
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
        dictionaries=source.versions,
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
    source, left_out = study_source(head)
    if source is None:
        unknown = strangers(folder, _csv_files(folder))
        raise SpecError([*head.problems, *unknown, *_by_themselves(folder)])
    return _loaded(folder, head, source, left_out)


def _csv_files(folder: Path) -> list[str]:
    """The files that may hold tables, where it is not known which of them are read."""
    return [file.name for file in folder.glob("*.csv")]


def _by_themselves(folder: Path) -> Iterator[Problem]:
    """What is wrong with datasets and rules whatever study.yaml says."""
    for document in _dataset_files(folder):
        if document.file.name == "shared.yaml":
            shared_variables(document, ())
        else:
            dataset_source(document)
        yield from document.problems
    for document in map(yaml_file.read, rule_files(folder)):
        list(each(document, RuleSource))
        yield from document.problems


def _loaded(
    folder: Path, head: Document, source: StudySource, left_out: frozenset[str]
) -> tuple[Study, list[Problem]]:
    forms = collected(head, source)
    terminology = Terminology(
        standard(),
        source.terms,
        _facts(head, source),
        lengths=Lengths.of(source.lengths),
        dictionaries=source.versions,
    )
    _extend_codelists(head, source, terminology)
    known = _known(head, source, forms)
    circles: list[Problem] = []
    datasets, documents, unread = _datasets(folder, terminology, known, circles)
    if ADSL not in unread:
        check_core(head, known)
    check_lengths(head, terminology.lengths, datasets)
    if not unread:
        check_length_names(head, terminology.lengths, terminology.standard, datasets)
    rules, rule_documents = read_rules(folder, terminology)
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
    if unread or any(document.wrong for document in documents):
        files += _csv_files(folder)
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
        unread=left_out | unread,
    )
    return with_qorig(loaded), problems


# ---------------------------------------------------------------- study.yaml
def _facts(head: Document, source: StudySource) -> dict[str, Any]:
    """The facts of the study, and what it says in other places of study.yaml."""
    facts: dict[str, Any] = {"study": source.id, "cutoff": source.cutoff}
    if source.dictionaries:
        facts["dictionaries"] = source.versions
    for name in facts:
        if name in source.facts:
            head.complain(
                ("facts", name), f"{SAID_AS.get(name, name)} says this fact: leave it out"
            )
    return {**source.facts, **facts}


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
) -> tuple[list[DatasetSpec], list[Document], frozenset[str]]:
    """The datasets in the order in which they can be built, and all files.

    And the names of datasets whose files cannot be used.
    """
    given, documents, unread = _given(folder, terminology)
    analysis = [one.source for one in given.values() if one.layer == "ADaM"]
    terminology.own.update(_own_variables(analysis))
    found: list[DatasetSpec] = []
    for one in _in_order(given, problems):
        laid = dataset(one.document, one.source, one.layer, one.shared, terminology, known)
        in_shared_file(one.document, one.source.shared, one.shared)
        spec = with_units(laid)
        one.document.problems += unit_problems(spec)
        known.add(spec)
        found.append(spec)
    return found, documents, unread


def _given(
    folder: Path, terminology: Terminology
) -> tuple[dict[str, _Given], list[Document], frozenset[str]]:
    """The datasets by name as their files say them, all files, and names of what they do not say.

    Those are of datasets whose files cannot be used.
    """
    documents: list[Document] = []
    given: dict[str, _Given] = {}
    unread: set[str] = set()
    for layer, name in LAYERS.items():
        sources: list[tuple[Document, DatasetSource]] = []
        shared_document = Document(folder / layer / "shared.yaml")
        for document in _dataset_files(folder, layer):
            documents.append(document)
            if document.file.name == "shared.yaml":
                shared_document = document
                continue
            source = dataset_source(document)
            if source:
                sources.append((document, source))
            else:
                unread.add(name_of(document))
                terminology.is_blind |= name == "ADaM"
        asked = [one for _, source in sources for one in source.shared]
        shared = shared_variables(shared_document, asked)
        for document, source in sources:
            if source.dataset in given:
                other = given[source.dataset].document.file
                document.complain(("dataset",), f"{source.dataset} is also made by {other}")
                continue
            given[source.dataset] = _Given(document, source, name, shared)
    return given, documents, frozenset(unread)


def _dataset_files(folder: Path, *layers: str) -> Iterator[Document]:
    """The files of sdtm/ and adam/, or of one of them."""
    for layer in layers or LAYERS:
        for file in sorted((folder / layer).glob("*.yaml")):
            yield yaml_file.read(file)


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
