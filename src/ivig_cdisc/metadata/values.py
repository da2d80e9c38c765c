"""Where the values of a variable come from: what the YAML says of it, as a wiring."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..expressions import names, parse, retold
from .document import Document, Path_
from .frozen import Place, Where
from .model import NOT_THERE
from .source import CaseSource, ValueSource, VariableSource
from .terminology import Terminology
from .wiring import CASES, COMPUTE, CONSTANT, COPY, ORDER, Choice, Wiring

WAYS = ("value", "compute", "cases", "derive")


@dataclass(frozen=True)
class Values:
    """Reads the wiring of variables; what does not fit becomes a problem of the document."""

    document: Document
    terminology: Terminology

    def of(self, path: Path_, name: str, given: VariableSource, place: Place) -> Wiring:
        """The wiring of one variable.

        Args:
            path: of its entry in the document.
            name: of the variable.
            given: what the YAML says.
            place: where that stands.

        Returns:
            The wiring; without any word for it, a copy of the column of the same name.
        """
        self._check_one_way(path, given)
        wiring = self._way(path, name, given, place)
        if given.where:
            return wiring.model_copy(update={"where": given.where})
        return wiring

    def _check_one_way(self, path: Path_, given: VariableSource) -> None:
        """Values come from one place."""
        said = [word for word in WAYS if getattr(given, word) not in (None, "", ())]
        if given.from_ is not None and said != ["derive"]:
            said.append("from")
        if len(said) > 1:
            reason = f"has {' and '.join(said)}: only one of them says where values come from"
            self.document.complain(path, reason)

    def _way(self, path: Path_, name: str, given: VariableSource, place: Place) -> Wiring:
        if given.derive:
            return self._derivation(path, given, place)
        if isinstance(given.from_, dict) or given.with_:
            reason = "a derivation is missing: from {parameter: column} and with need derive"
            self.document.complain(path, reason)
            return unknown(place)
        if given.cases:
            return self._cases((*path, "cases"), given.cases, place)
        if given.compute:
            return _computed(given.compute, place)
        if given.value is not None or _is_empty(path, given):
            return self._constant(path, given.value, place)
        column = name
        if isinstance(given.from_, str):
            column = given.from_
        return _copy(column, place)

    def _derivation(self, path: Path_, given: VariableSource, place: Place) -> Wiring:
        columns: dict[str, str | tuple[str, ...]] = {}
        if isinstance(given.from_, dict):
            columns = dict(given.from_)
        if isinstance(given.from_, str):
            reason = "names a column; a derivation wants {parameter: column}"
            self.document.complain((*path, "from"), reason)
            return unknown(place)
        descending: tuple[str, ...] = ()
        if ORDER in columns:
            columns[ORDER], descending = _directed(columns[ORDER])
        return Wiring(
            function=given.derive,
            columns=columns,
            descending=descending,
            constants=self._constants((*path, "with"), given.with_),
            facts=_facts(given.with_),
            place=place,
        )

    def _constant(self, path: Path_, given: Any, place: Place) -> Wiring:
        constants = self._constants(path, {"value": given})
        value = constants["value"]
        if not isinstance(value, str | int | float | None) and value is not NOT_THERE:
            reason = "is text, a number or a fact that is one of these"
            self.document.complain((*path, "value"), reason)
        return Wiring(function=CONSTANT, constants=constants, place=place)

    def _constants(self, path: Path_, given: Mapping[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for parameter, constant in given.items():
            try:
                found[parameter] = self.terminology.refer(constant)
            except (KeyError, TypeError):
                reason = self.terminology.missing(constant)
                self.document.complain((*path, parameter), reason)
                found[parameter] = NOT_THERE
        return found

    # ------------------------------------------------------------ cases
    def _cases(self, path: Path_, given: tuple[CaseSource, ...], place: Place) -> Wiring:
        choices = []
        for i, case in enumerate(given):
            if case.when is None and i < len(given) - 1:
                reason = "otherwise is the last case: those below it never hold"
                self.document.complain((*path, i), reason)
            here = Place(file=place.file, line=self._line((*path, i), place))
            choices.append(self._choice((*path, i), case, here))
        return Wiring(function=CASES, cases=tuple(choices), place=place)

    def _line(self, path: Path_, place: Place) -> int:
        """The line of a case; that of the variable where it stands in another file."""
        if place.file != self.document.file:
            return place.line
        return self.document.line(path)

    def _choice(self, path: Path_, case: CaseSource, place: Place) -> Choice:
        if case.when is not None:
            return Choice(when=case.when, wiring=self._value(path, case, place))
        otherwise = case.otherwise
        if not isinstance(otherwise, ValueSource):
            otherwise = ValueSource(value=otherwise)
        return Choice(wiring=self._value((*path, "otherwise"), otherwise, place))

    def _value(self, path: Path_, given: ValueSource, place: Place) -> Wiring:
        if given.compute:
            return _computed(given.compute, place)
        if given.from_ is not None:
            return _copy(given.from_, place)
        return self._constant(path, given.value, place)


def unknown(place: Place) -> Wiring:
    """How a column gets its values where that is not said as it should be."""
    return Wiring(function=CONSTANT, constants={"value": NOT_THERE}, place=place)


def _computed(text: str, place: Place) -> Wiring:
    return Wiring(
        function=COMPUTE,
        columns={"of": names(parse(text))},
        constants={"expression": text},
        place=place,
    )


def _copy(column: str, place: Place) -> Wiring:
    return Wiring(function=COPY, columns={"value": column}, place=place)


def _directed(columns: str | tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The columns of an order without their signs, and those of them that descend."""
    if isinstance(columns, str):
        columns = (columns,)
    names, descending = [], []
    for column in columns:
        name = column.removeprefix("-")
        names.append(name)
        if name != column:
            descending.append(name)
    return tuple(names), tuple(descending)


def _is_empty(path: Path_, given: VariableSource) -> bool:
    """An expected variable without any wiring.

    `X: {}` in the YAML is a copy of the column of that name.
    """
    return given.from_ is None and len(path) == 1


def _facts(constants: Mapping[str, Any]) -> dict[str, str]:
    """The constants that are facts of study.yaml: parameter, and name of the fact."""
    found = {}
    for parameter, constant in constants.items():
        if isinstance(constant, dict) and list(constant) == ["fact"]:
            found[parameter] = str(constant["fact"])
    return found


# ---------------------------------------------------------------- shared by several domains
def of_domain(general: VariableSource, domain: str) -> VariableSource:
    """A variable of shared.yaml as one domain has it: `--` in columns stands for the domain.

    Args:
        general: as shared.yaml has it.
        domain: the dataset, as VS.

    Returns:
        The same with the names of the domain; `value: "--"` is the domain itself.
    """
    if general.value == "--":
        return general.model_copy(update={"value": domain})
    filled: dict[str, Any] = _value_of(general, domain)
    filled["cases"] = tuple(_case_of(case, domain) for case in general.cases)
    filled["where"] = in_condition(general.where, domain)
    return general.model_copy(update=filled)


def _case_of(case: CaseSource, domain: str) -> CaseSource:
    filled: dict[str, Any] = _value_of(case, domain)
    if case.when is not None:
        filled["when"] = in_condition(case.when, domain)
    if isinstance(case.otherwise, ValueSource):
        other = _value_of(case.otherwise, domain)
        filled["otherwise"] = case.otherwise.model_copy(update=other)
    return case.model_copy(update=filled)


def _value_of(given: ValueSource | VariableSource, domain: str) -> dict[str, Any]:
    """The columns that a value is made of."""
    filled: dict[str, Any] = {"from_": _in_columns(given.from_, domain)}
    if given.compute:
        filled["compute"] = _in_expression(given.compute, domain)
    return filled


def in_condition(where: Where, domain: str) -> Where:
    """A condition with `--` in the names of its columns filled in.

    >>> in_condition("--TESTCD = 'A --B' and --STRESN > 0", "VS")
    "VSTESTCD = 'A --B' and VSSTRESN > 0"
    """
    if isinstance(where, str):
        return _in_expression(where, domain)
    return {_in_columns(name, domain): wanted for name, wanted in where.items()}


def _in_expression(text: str, domain: str) -> str:
    def filled(name: str) -> str:
        return str(_in_columns(name, domain))

    return retold(text, filled)


def _in_columns(columns: Any, domain: str) -> Any:
    if isinstance(columns, str):
        return re.sub("^(-?)--(?=[A-Z])", rf"\1{domain}", columns)
    if columns is None:
        return None
    if isinstance(columns, dict):
        return {parameter: _in_columns(column, domain) for parameter, column in columns.items()}
    return tuple(_in_columns(column, domain) for column in columns)
