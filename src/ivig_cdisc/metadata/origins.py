"""What Define-XML says of a study.

Where each variable comes from, by which method, with which values.

All of it is read off the specs; `in_use` adds what only the records know.

Source: Define-XML 2.1, 5.3 (ItemGroupDef, ItemDef, Origin, ValueListDef, WhereClauseDef, CodeList,
MethodDef).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from ..conditions import in_words
from ..text import value_text
from .collection import LINE
from .columns import EVERY, read_by
from .model import (
    Codelist,
    DatasetSpec,
    Variable,
)
from .terminology import SEVERAL
from .whole import Study
from .wiring import CASES, COMPUTE, CONSTANT, COPY, Choice, Wiring

OriginType = Literal["", "Assigned", "Collected", "Derived", "Predecessor"]
SPONSOR, SITE = "Sponsor", "Investigator"  # who values come from
OFF_THE_LINEAGE = "Read off the lineage."  # the method of what is told by row parents
QUALIFIER, VALUE = "QNAM", "QVAL"  # of SUPP--


@dataclass(frozen=True)
class Origin:
    """Where the values of a variable come from.

    type         as Define-XML has it; empty where the variable is not filled
    source       who they come from: Investigator for what is collected, else Sponsor
    predecessor  of a copy: the column, after its dataset or form where it has only one
    """

    type: OriginType
    source: str = ""
    predecessor: str = ""


@dataclass(frozen=True)
class Method:
    """How a variable is derived.

    text: the first sentence of the function, and what its parameters are.
    """

    id: str
    text: str
    function: str
    columns: Mapping[str, str | tuple[str, ...]]
    constants: Mapping[str, Any]


@dataclass(frozen=True)
class VariableMetadata:
    """One variable of a dataset as Define-XML has it."""

    dataset: str
    name: str
    label: str
    type: str  # Char or Num
    length: int  # as planned, bytes
    format: str
    codelists: tuple[str, ...]
    dictionary: str  # that an ExternalCodeList names; its version is Study.dictionaries'
    key_sequence: int  # its place among the keys; 0 for none
    mandatory: bool
    role: str
    origin: Origin
    method: Method | None
    comment: str


@dataclass(frozen=True)
class WhereClause:
    """The condition under which values are meant: `variable` is `value`."""

    id: str
    dataset: str
    variable: str
    comparator: str
    value: str


@dataclass(frozen=True)
class ValueLevel:
    """The values of one variable under a condition, as if they were a variable of their own."""

    dataset: str
    variable: str
    where: WhereClause
    metadata: VariableMetadata


@dataclass(frozen=True)
class CodeListInUse:
    """A codelist that variables of the study have.

    extended: terms that the study has added to those of CDISC; all of them in a list of its own.
    variables: DATASET.VARIABLE, in the order of the study.
    """

    codelist: Codelist
    extended: tuple[str, ...]
    variables: tuple[str, ...]


# ---------------------------------------------------------------- variables
def variables(
    spec: DatasetSpec, study: Study, functions: Mapping[str, Callable[..., Any]]
) -> tuple[VariableMetadata, ...]:
    """The variables of a dataset's file, in order.

    Args:
        spec: of the dataset.
        study: it is of.
        functions: the derivations, by name; their docstrings are the methods.

    Returns:
        One entry a variable; supplemental ones are left out, see `value_level`.
    """
    found = []
    for variable in spec.variables:
        if not variable.supplemental:
            found.append(_variable(variable, spec, spec.name, study, functions))
    return tuple(found)


def _variable(
    variable: Variable,
    spec: DatasetSpec,
    dataset: str,
    study: Study,
    functions: Mapping[str, Callable[..., Any]],
) -> VariableMetadata:
    key_sequence = 0
    if variable.name in spec.keys:
        key_sequence = spec.keys.index(variable.name) + 1
    origin, derived = _origin(variable.wiring, spec, study)
    its_method = None
    if derived:
        its_method = method(method_id(dataset, variable.name), derived, functions)
    return VariableMetadata(
        dataset=dataset,
        name=variable.name,
        label=variable.label,
        type=variable.type,
        length=variable.length,
        format=variable.format,
        codelists=tuple(part for part in variable.codelist.split(SEVERAL) if part),
        dictionary=variable.dictionary,
        key_sequence=key_sequence,
        mandatory=variable.core == "Req",
        role=variable.role,
        origin=origin,
        method=its_method,
        comment="",
    )


# ---------------------------------------------------------------- origin and method
def origin_type(function: str, *, has_value: bool) -> OriginType:
    """What a wiring says of the origin.

    Args:
        function: of the wiring: a constant, a copy or a derivation.
        has_value: whether the constant is one.

    Returns:
        Assigned, Predecessor or Derived; empty for a constant without a value.
    """
    if function == COPY:
        return "Predecessor"
    if function != CONSTANT:
        return "Derived"
    if has_value:
        return "Assigned"
    return ""


def _origin(wiring: Wiring, spec: DatasetSpec, study: Study) -> tuple[Origin, Wiring | None]:
    """The origin as Define-XML has it, and the wiring of the derivation if there is one.

    A copy of a raw form is collected, one of a dataset has a predecessor. A step on the way is not
    submitted: what is copied from it has the origin that it has there.
    """
    kind = origin_type(wiring.function, has_value=wiring.constants.get("value") is not None)
    if kind == "Derived":
        return Origin(kind, SPONSOR), wiring
    if kind == "Predecessor":
        return _origin_of_copy(wiring, spec, study)
    if kind == "Assigned":
        return Origin(kind, SPONSOR), None
    return Origin(kind), None


def _origin_of_copy(
    wiring: Wiring, spec: DatasetSpec, study: Study
) -> tuple[Origin, Wiring | None]:
    column = next(iter(wiring.reads), "")
    places = predecessors(column, spec, study)
    if places and all(original == LINE for _, original in places):
        return Origin("Assigned", SPONSOR), None  # the file has it, nobody wrote it down
    if len(places) != 1:
        return _origin_of_several(column, places, study), None
    ((source, original),) = places
    if source in study.forms:
        return Origin("Collected", SITE, original), None
    if source in study.tables:
        return Origin("Assigned", SPONSOR), None
    step = study.dataset(source)
    if step.internal and original in _names(step):
        return _origin(step.variable(original).wiring, step, study)
    return Origin("Predecessor", SPONSOR, f"{source}.{original}"), None


def _origin_of_several(column: str, places: list[tuple[str, str]], study: Study) -> Origin:
    """The origin of a copy of several columns, or of none: collected where all are of raw forms."""
    if places and all(source in study.forms for source, _ in places):
        return Origin("Collected", SITE, column)
    return Origin("Predecessor", SPONSOR, column)


def predecessors(column: str, spec: DatasetSpec, study: Study) -> list[tuple[str, str]]:
    """The columns that a column of a dataset's rows may be a copy of.

    Args:
        column: as the rows have it.
        spec: of the dataset.
        study: it is of.

    Returns:
        Form or dataset, and name there: of what the rows are taken from and joined with; several
        where rows are stacked.
    """
    found = []
    for source, names in read_by(spec.steps):
        original = names.get(column, "")
        if names is EVERY:
            original = column
        if original and _has(source, original, study):
            found.append((source, original))
    return list(dict.fromkeys(found))


def _has(source: str, column: str, study: Study) -> bool:
    if source in study.forms:
        return column in study.forms[source].columns or column == LINE
    if source in study.tables:
        return column in study.tables[source].columns
    return any(spec.name == source and column in _names(spec) for spec in study.datasets)


def _names(spec: DatasetSpec) -> set[str]:
    return {variable.name for variable in spec.variables}


def method_id(dataset: str, variable: str) -> str:
    """The OID of a variable's method."""
    return f"MT.{dataset}.{variable}"


def method(oid: str, wiring: Wiring, functions: Mapping[str, Callable[..., Any]]) -> Method:
    """The method of a derivation: its sentence, and for each parameter the columns that go in."""
    text = _said(wiring, functions)
    if wiring.where:
        text = f"{text} Where {in_words(wiring.where)}."
    return Method(oid, text, wiring.function, wiring.as_written, wiring.constants)


def _said(wiring: Wiring, functions: Mapping[str, Callable[..., Any]]) -> str:
    """How the values come about, in a sentence."""
    if wiring.function in (COMPUTE, CASES):
        return f"{value_in_words(wiring)}."
    text = method_text(wiring.function, functions)
    parameters = [f"{name}: {_listed(columns)}" for name, columns in wiring.as_written.items()]
    if parameters:
        text = f"{text} ({'; '.join(parameters)})"
    return text


def value_in_words(wiring: Wiring) -> str:
    """What a wiring without a derivation gives, as the YAML says it.

    Args:
        wiring: a constant, a copy, an expression, or a choice of these by conditions.

    Returns:
        The value, column or expression; of cases each with its condition.
    """
    if wiring.function == CASES:
        return "; ".join(_case(choice) for choice in wiring.cases)
    if wiring.function == COMPUTE:
        return str(wiring.constants["expression"])
    if wiring.function == COPY:
        return ", ".join(wiring.inputs)
    return value_text(wiring.constants.get("value"))


def _case(choice: Choice) -> str:
    value = value_in_words(choice.wiring)
    if not choice.when:
        return f"otherwise {value}"
    return f"{value} if {in_words(choice.when)}"


def method_text(name: str, functions: Mapping[str, Callable[..., Any]]) -> str:
    """The first sentence of a derivation; of what is read off row parents, that it is."""
    if name not in functions:
        return OFF_THE_LINEAGE
    docstring = functions[name].__doc__ or ""
    sentence = docstring.partition("\n\n")[0]
    return " ".join(sentence.split())


def _listed(columns: str | tuple[str, ...]) -> str:
    if isinstance(columns, str):
        return columns
    return ", ".join(columns)


# ---------------------------------------------------------------- value level
def value_level(
    spec: DatasetSpec, study: Study, functions: Mapping[str, Callable[..., Any]]
) -> tuple[ValueLevel, ...]:
    """The supplemental variables of a dataset: QVAL of its SUPP-- where QNAM is the variable.

    Args:
        spec: of the dataset that the SUPP-- belongs to.
        study: it is of.
        functions: the derivations, by name.

    Returns:
        One entry a variable, in order; none for a dataset without supplemental variables.
    """
    supplement = f"SUPP{spec.name}"
    found = []
    for variable in spec.variables:
        if variable.supplemental:
            where = where_clause(supplement, variable.name)
            metadata = _variable(variable, spec, supplement, study, functions)
            found.append(ValueLevel(supplement, VALUE, where, metadata))
    return tuple(found)


def where_clause(supplement: str, qualifier: str) -> WhereClause:
    """The condition of one supplemental variable.

    >>> clause = where_clause("SUPPAE", "AETRTEM")
    >>> clause.id
    'WC.SUPPAE.AETRTEM'
    >>> (clause.dataset, clause.variable, clause.comparator, clause.value)
    ('SUPPAE', 'QNAM', 'EQ', 'AETRTEM')
    """
    return WhereClause(f"WC.{supplement}.{qualifier}", supplement, QUALIFIER, "EQ", qualifier)


# ---------------------------------------------------------------- codelists
def codelists(study: Study) -> tuple[CodeListInUse, ...]:
    """The codelists that variables of the study's datasets have.

    Args:
        study: the study.

    Returns:
        In the order of their ids; one that is made of several beside its parts.
    """
    used: dict[str, list[str]] = {}
    for spec in study.datasets:
        for variable in spec.variables:
            for name in _lists(variable, study):
                used.setdefault(name, []).append(f"{spec.name}.{variable.name}")
    found = []
    for name in sorted(used):
        found.append(_in_use(study.codelists[name], used[name]))
    return tuple(found)


def _lists(variable: Variable, study: Study) -> list[str]:
    """The codelists of a variable; where it has several, the one that is made of them too."""
    names = dict.fromkeys([variable.codelist, *variable.codelist.split(SEVERAL)])
    return [name for name in names if name in study.codelists]


def _in_use(codelist: Codelist, places: list[str]) -> CodeListInUse:
    extended = tuple(term for term, code in codelist.terms.items() if not code)
    return CodeListInUse(codelist, extended, tuple(places))
