"""Lay one dataset's YAML over the standard: labels, types, lengths, order, codelists.

And say what does not fit.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from .document import Document, Path_
from .frozen import Place
from .model import NOT_THERE, Codelist, DatasetSpec, Variable, Wiring
from .moments import number_kind
from .shape import suggest
from .source import DatasetSource, VariableSource
from .standard import Standard, StandardVariable

NAME = re.compile(r"[A-Z_][A-Z0-9_]{0,7}")
LABEL_BYTES = 40
NO_CODELIST = "none"  # the standard's codelist does not apply, as to numeric results


@dataclass
class Terminology:
    """All that `with:` may refer to."""

    standard: Standard
    terms: Mapping[str, Mapping[str, str]]
    facts: Mapping[str, Any]
    codelists: dict[str, Codelist] = field(
        default_factory=dict
    )  # those in use, filled while resolving
    lengths: Mapping[str, int] = field(
        default_factory=dict
    )  # bytes of variables in this study; -- for any domain
    own: dict[str, VariableSource] = field(
        default_factory=dict
    )  # ADaM variables that the study itself defines

    def refer(self, constant: Any) -> Any:
        """The value behind {terms: X}, {fact: X} or {decode: [X, Y]}; anything else is itself.

        KeyError if unknown.
        """
        if not isinstance(constant, dict) or len(constant) != 1:
            return constant
        ((kind, name),) = constant.items()
        resolve: dict[str, Callable[[Any], Any]] = {
            "terms": lambda n: dict(self.terms[n]),
            "fact": lambda n: self.facts[n],
            "decode": lambda n: self.standard.decode(*n),
        }
        return resolve[kind](name) if kind in resolve else constant

    def known(self, kind: str) -> Collection[str]:
        return {"terms": self.terms, "fact": self.facts}.get(kind, self.standard.codelists)

    def use_codelist(self, key: str) -> bool:
        """Make `key` (one id, or several joined by "; ") available to the study.

        False if one is unknown.
        """
        parts = [
            self.codelists.get(part) or self.standard.codelists.get(part)
            for part in key.split("; ")
        ]
        found = [part for part in parts if part]
        if len(found) < len(parts):
            return False
        self.codelists.setdefault(key, _union(key, found))
        return True


def _union(key: str, parts: list[Codelist]) -> Codelist:
    terms = {term: code for part in parts for term, code in part.terms.items()}
    name = " / ".join(part.name for part in parts)
    return Codelist(
        id=key, name=name, extensible=any(part.extensible for part in parts), terms=terms
    )


def dataset(
    document: Document,
    source: DatasetSource,
    standard_name: str,
    shared: Mapping[str, tuple[VariableSource, Place]],
    terminology: Terminology,
) -> DatasetSpec:
    """The dataset's spec; what does not fit becomes a problem of the document."""
    return _Overlay(document, source, standard_name, shared, terminology).spec()


@dataclass
class _Overlay:
    document: Document
    source: DatasetSource
    standard_name: str
    shared: Mapping[str, tuple[VariableSource, Place]]
    terminology: Terminology

    @property
    def standard(self) -> Standard:
        return self.terminology.standard

    def spec(self) -> DatasetSpec:
        source, known = self.source, self.standard.datasets.get(self.source.dataset)
        self._check_head()
        variables = self._ordered(
            [*self._shared(), *self._kept(), *self._own(), *self._uncollected()]
        )
        return DatasetSpec(
            name=source.dataset,
            label=source.label or (known.label if known else ""),
            standard=self.standard_name,  # type: ignore[arg-type]
            structure=source.structure or (known.structure if known else ""),
            description=source.description or (known.description if known else ""),
            keys=source.keys or (known.keys if known else ()),
            internal=source.internal,
            transliterate=source.transliterate,
            rows=source.rows,
            working={name: self._working(name, given) for name, given in source.working.items()},
            variables=tuple(variables),
            place=self._place("dataset"),
            lines={
                path: line
                for path, line in self.document.lines.items()
                if path[:1] in (("rows",), ("keys",))
            },
        )

    def _place(self, *path: str | int) -> Place:
        return Place(file=self.document.file, line=self.document.line(path))

    def _check_head(self) -> None:
        source = self.source
        if source.internal:
            return
        if not NAME.fullmatch(source.dataset):
            self.document.complain(
                ("dataset",), f"{source.dataset}: a dataset name has 1 to 8 capitals and digits"
            )
        if self.standard_name == "SDTM" and source.dataset not in self.standard.datasets:
            reason = f"{source.dataset} is not a dataset of SDTMIG 3.4{suggest(source.dataset, self.standard.datasets)}"
            self.document.complain(("dataset",), reason)
        if self.standard_name == "ADaM" and not (source.structure and source.label and source.keys):
            self.document.complain(("dataset",), "an ADaM dataset needs structure, label and keys")
        if len(source.label.encode()) > LABEL_BYTES:
            self.document.complain(("label",), f"the label has more than {LABEL_BYTES} bytes")

    # ------------------------------------------------------------ where variables come from
    def _own(self) -> list[Variable]:
        return [
            self._variable(("variables", name), name, given)
            for name, given in self.source.variables.items()
        ]

    def _kept(self) -> list[Variable]:
        keep = enumerate(self.source.keep)
        return [
            self._variable(("keep", i), name, VariableSource.model_validate({"from": name}))
            for i, name in keep
        ]

    def _shared(self) -> list[Variable]:
        found = []
        for i, name in enumerate(self.source.shared):
            general = re.sub(f"^{self.source.dataset}", "--", name)
            entry = self.shared.get(name) or self.shared.get(general)
            if not entry:
                self.document.complain(
                    ("shared", i), f"{name} is not wired in shared.yaml{suggest(name, self.shared)}"
                )
                continue
            found.append(self._variable(("shared", i), name, self._specific(entry[0]), entry[1]))
        return found

    def _specific(self, general: VariableSource) -> VariableSource:
        """`--` in the wiring of a shared variable stands for the domain."""
        if general.value == "--":
            return general.model_copy(update={"value": self.source.dataset})
        fill = _replace_dashes(general.from_, self.source.dataset)
        return general.model_copy(update={"from_": fill})

    def _uncollected(self) -> list[Variable]:
        """Expected variables that nothing is wired to are in the dataset, empty (SDTMIG 4.1.5)."""
        if self.standard_name != "SDTM" or self.source.internal:
            return []
        given = {*self.source.variables, *self.source.shared, *self.source.keep}
        domain = self.standard.sdtm.get(self.source.dataset, {})
        for name, known in domain.items():
            if known.core == "Req" and name not in given:
                self.document.complain(
                    ("variables",), f"{name} is required in {self.source.dataset} and not wired"
                )
        expected = [v for v in domain.values() if v.core == "Exp" and v.name not in given]
        return [
            self._variable(("variables",), v.name, VariableSource(), self._place("variables"))
            for v in expected
        ]

    def _ordered(self, variables: list[Variable]) -> list[Variable]:
        names = [v.name for v in variables]
        for name in sorted({n for n in names if names.count(n) > 1}):
            self.document.complain(
                ("variables", name), "is given more than once (shared, keep or variables)"
            )
        if self.standard_name == "ADaM" or self.source.internal:
            return variables
        known = {v.name: self._standard_variable(v.name) for v in variables if not v.supplemental}
        return sorted(
            variables, key=lambda v: at.order if (at := known.get(v.name)) else float("inf")
        )

    # ------------------------------------------------------------ one variable
    def _variable(
        self, path: Path_, name: str, given: VariableSource, place: Place | None = None
    ) -> Variable:
        known = None if given.supplemental else self._standard_variable(name)
        self._check_variable(path, name, given, known)
        base = known or StandardVariable(name, 0, "", "Char", 200, "", "", "", "")
        codelist = "" if given.codelist == NO_CODELIST else given.codelist or base.codelist
        if codelist and not self.terminology.use_codelist(codelist):
            if given.codelist:
                near = suggest(codelist, self.standard.codelists)
                self.document.complain(
                    (*path, "codelist"), f"there is no codelist {codelist}{near}"
                )
            codelist = ""
        kind = given.type or base.type
        form = given.format or (base.format if number_kind(base.format) != "number" else "")
        return Variable(
            name=name,
            label=given.supplemental or given.label or base.label,
            type=kind,  # type: ignore[arg-type]
            length=8 if kind == "Num" else given.length or self._study_length(name) or base.length,
            format=form,
            codelist=codelist,
            core=given.core or base.core,
            role=base.role,
            iso8601="ISO 8601" in base.format,
            range=given.range,
            supplemental=bool(given.supplemental),
            wiring=self._wiring(path, name, given, place or self._place(*path)),
        )

    def _study_length(self, name: str) -> int:
        lengths = self.terminology.lengths
        return lengths.get(name) or lengths.get(re.sub(f"^{self.source.dataset}", "--", name), 0)

    def _standard_variable(self, name: str) -> StandardVariable | None:
        if self.source.internal:
            return self.standard.sdtm_variable(name)
        if self.standard_name == "SDTM":
            return self.standard.domain_variable(self.source.dataset, name)
        known = self.standard.adam_variable(self.source.structure, name)
        own = self.terminology.own.get(name)
        return known or (
            _as_standard(name, own) if own else _taken_over(self.standard.sdtm_variable(name))
        )

    def _check_variable(
        self, path: Path_, name: str, given: VariableSource, known: StandardVariable | None
    ) -> None:
        complain = self.document.complain
        if self.source.internal:
            return
        if not NAME.fullmatch(name):
            complain(path, f"{name}: a variable name has 1 to 8 capitals, digits or _")
        label = given.supplemental or given.label
        if len(label.encode()) > LABEL_BYTES:
            complain(path, f"the label has {len(label.encode())} bytes, more than {LABEL_BYTES}")
        if known or given.supplemental:
            return
        if self.standard_name == "SDTM":
            domain = self.standard.sdtm.get(self.source.dataset, {})
            complain(
                path,
                f"{name} is not a variable of {self.source.dataset} in SDTMIG 3.4{suggest(name, domain)}",
            )
        elif not (given.label and given.type):
            structure = self.standard.adam.get(self.source.structure, {})
            complain(
                path, f"{name} is not in ADaMIG 1.3: give label and type{suggest(name, structure)}"
            )

    # ------------------------------------------------------------ wiring
    def _wiring(self, path: Path_, name: str, given: VariableSource, place: Place) -> Wiring:
        if sum((given.value is not None, bool(given.derive) or given.from_ is not None)) > 1:
            self.document.complain(path, "has a value, and from or derive as well")
        if given.derive:
            columns = given.from_ if isinstance(given.from_, dict) else {}
            if isinstance(given.from_, str):
                self.document.complain(
                    (*path, "from"), "names a column; a derivation wants {parameter: column}"
                )
            return Wiring(
                function=given.derive,
                columns=columns,
                constants=self._constants((*path, "with"), given.with_),
                facts={
                    name: str(said["fact"]) for name, said in given.with_.items() if _is_fact(said)
                },
                place=place,
            )
        if given.value is not None or self._is_empty(path, given):
            constants = self._constants(path, {"value": given.value})
            if (
                not isinstance(constants["value"], str | int | float | None)
                and constants["value"] is not NOT_THERE
            ):
                self.document.complain(
                    (*path, "value"), "is text, a number or a fact that is one of these"
                )
            return Wiring(function="constant", constants=constants, place=place)
        if isinstance(given.from_, dict) or given.with_:
            self.document.complain(
                path, "a derivation is missing: from {parameter: column} and with need derive"
            )
        column = given.from_ if isinstance(given.from_, str) else name
        return Wiring(function="copy", columns={"value": column}, place=place)

    def _is_empty(self, path: Path_, given: VariableSource) -> bool:
        """An expected variable without any wiring.

        `X: {}` in the YAML is a copy of the column of that name.
        """
        return given.from_ is None and len(path) == 1

    def _working(self, name: str, given: VariableSource) -> Wiring:
        return self._wiring(("working", name), name, given, self._place("working", name))

    def _constants(self, path: Path_, given: Mapping[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for parameter, constant in given.items():
            try:
                found[parameter] = self.terminology.refer(constant)
            except (KeyError, TypeError):
                ((kind, name),) = constant.items()
                near = suggest(str(name), self.terminology.known(kind))
                self.document.complain((*path, parameter), f"there is no {kind} {name}{near}")
                found[parameter] = NOT_THERE
        return found


def _is_fact(constant: Any) -> bool:
    return isinstance(constant, dict) and list(constant) == ["fact"]


def _as_standard(name: str, own: VariableSource) -> StandardVariable:
    """A variable that one dataset of the study defines, for the others that have it."""
    return StandardVariable(
        name, 0, own.label, own.type, own.length or 200, own.format, own.codelist, "", own.core
    )


def _taken_over(known: StandardVariable | None) -> StandardVariable | None:
    """A variable of SDTM in an analysis dataset, where no guide requires it."""
    return replace(known, core="Perm") if known else None


def _replace_dashes(columns: Any, domain: str) -> Any:
    if isinstance(columns, str):
        return re.sub("^--", domain, columns)
    if isinstance(columns, dict):
        return {parameter: _replace_dashes(column, domain) for parameter, column in columns.items()}
    return tuple(_replace_dashes(c, domain) for c in columns) if columns is not None else None
