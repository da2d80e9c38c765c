"""Lay one dataset's YAML over the standard: labels, types, lengths, order, codelists.

And say what does not fit.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..text import LONGEST_LABEL, suggest
from .columns import columns_after
from .document import Document, Path_
from .events import Expanded, expanded
from .frozen import Place
from .keeping import ALL, CORE, KeptSet, Known, core_variables, join_of
from .known_variables import known_variable
from .model import DatasetSpec, Variable
from .moments import number_kind
from .pieces import begun_by, missing_before, mistakes, of_piece
from .salvage import without_values
from .source import DatasetSource, VariableSource
from .standard import Standard, StandardDataset, StandardVariable, general_name
from .supplement import why_no_supplement
from .terminology import Terminology
from .together import each_alone
from .values import Values, of_domain, unknown
from .vocabularies import Vocabularies
from .wiring import COPY, Wiring

NAME = re.compile(r"[A-Z_][A-Z0-9_]{0,7}")
NUMBER = 8  # bytes of a Num
# what the standard says of a dataset and a variable that it does not have
NO_DATASET = StandardDataset(label="", structure="", description="", keys=())
NOTHING = without_values(VariableSource())  # a variable that is there, and no more is known
NO_VARIABLE = StandardVariable("", 0, "", "Char", 200, "", "", "", "")


def dataset(
    document: Document,
    source: DatasetSource,
    standard_name: str,
    shared: Mapping[str, tuple[VariableSource, Place]],
    terminology: Terminology,
    known: Known,
) -> DatasetSpec:
    """The dataset's spec; what does not fit becomes a problem of the document."""
    tables = known.tables
    alone = {
        "rows": tables.with_takes(source.rows, document, source.dataset),
        "variables": each_alone(document, ("variables",), source.variables),
        "working": each_alone(document, ("working",), source.working),
    }
    source = source.model_copy(update=alone)
    rows = expanded(source.rows)
    return _Overlay(document, source, rows, standard_name, shared, terminology, known).spec()


@dataclass
class _Overlay:
    document: Document
    source: DatasetSource
    rows: Expanded
    standard_name: str
    shared: Mapping[str, tuple[VariableSource, Place]]
    terminology: Terminology
    around: Known

    @property
    def _wiring(self) -> Values:
        return Values(self.document, self.terminology)

    @property
    def _vocabularies(self) -> Vocabularies:
        return Vocabularies(self.document, self.terminology)

    @property
    def standard(self) -> Standard:
        return self.terminology.standard

    def spec(self) -> DatasetSpec:
        source = self.source
        known = self.standard.datasets.get(source.dataset, NO_DATASET)
        self._check_head()
        variables = [*self._shared(), *self._kept(), *self._own()]
        variables += self._uncollected({variable.name for variable in variables})
        variables = self._ordered(variables)
        for path, reason in self.rows.faults:
            self.document.complain(path, reason)
        return DatasetSpec(
            name=source.dataset,
            label=source.label or known.label,
            standard=self.standard_name,  # type: ignore[arg-type]
            structure=source.structure or known.structure,
            description=source.description or known.description,
            keys=source.keys or known.keys,
            internal=source.internal,
            per_study=source.per == "study",
            transliterate=source.transliterate,
            rows=self.rows.steps,
            kept=join_of(variables),
            working=self._working({**source.working, **self.rows.working}),
            variables=tuple(variables),
            place=self._place("dataset"),
            lines=self._lines(),
            said_at=self.rows.said_at,
        )

    def _lines(self) -> dict[Path_, int]:
        """The lines of keys and row steps, and of what is in them."""
        found = {}
        for path, line in self.document.lines.items():
            if path[:1] in (("rows",), ("keys",), ("keep",)):
                found[path] = line
        return found

    def _place(self, *path: str | int) -> Place:
        return Place(file=self.document.file, line=self.document.line(path))

    def _check_head(self) -> None:
        source = self.source
        if source.internal:
            return
        if not NAME.fullmatch(source.dataset):
            reason = f"{source.dataset}: a dataset name has 1 to 8 capitals and digits"
            self.document.complain(("dataset",), reason)
        if self.standard_name == "SDTM" and source.dataset not in self.standard.datasets:
            near = suggest(source.dataset, self.standard.datasets)
            reason = f"{source.dataset} is not a dataset of SDTMIG 3.4{near}"
            self.document.complain(("dataset",), reason)
        if self.standard_name == "ADaM" and not (source.structure and source.label and source.keys):
            self.document.complain(("dataset",), "an ADaM dataset needs structure, label and keys")
        if len(source.label.encode()) > LONGEST_LABEL:
            self.document.complain(("label",), f"the label has more than {LONGEST_LABEL} bytes")

    # ------------------------------------------------------------ where variables come from
    def _own(self) -> list[Variable]:
        found = []
        for name, given in self.source.variables.items():
            found.append(self._variable(("variables", name), name, given))
        return found

    def _kept(self) -> list[Variable]:
        """What is copied: columns of the same name, and core variables of ADSL.

        A set leaves out what the dataset has in another way.
        """
        here = self._named_here()
        found: list[Variable] = []
        for path, entry in self._keep_entries():
            if isinstance(entry, KeptSet):
                kept = self._core(path, here)
            elif entry == ALL:
                kept = self._all_columns(path, here)
            else:
                kept = [self._copied(path, entry)]
            found += kept
            here.update(variable.name for variable in kept)
        return found

    def _keep_entries(self) -> Iterator[tuple[Path_, str | KeptSet]]:
        if not isinstance(self.source.keep, tuple):
            yield ("keep",), self.source.keep
            return
        for i, entry in enumerate(self.source.keep):
            yield ("keep", i), entry

    def _named_here(self) -> set[str]:
        """The variables that the dataset names itself."""
        named = [entry for entry in self.source.kept if isinstance(entry, str)]
        return {*self.source.variables, *self.source.shared, *named}

    def _copied(self, path: Path_, name: str) -> Variable:
        return self._variable(path, name, VariableSource.model_validate({"from": name}))

    def _all_columns(self, path: Path_, but: Collection[str]) -> list[Variable]:
        """The columns after the last row step that can be variables here as they are."""
        found = []
        for name in columns_after(self.rows.steps, self.around.sources):
            if self._may_be_variable(name) and name not in but:
                found.append(self._copied(path, name))
        return found

    def _may_be_variable(self, name: str) -> bool:
        """Whether the standard knows the name; in an internal dataset any will do that can be said.

        A point is in names that row steps make for themselves.
        """
        if self.source.internal:
            return "." not in name
        return self._standard_variable(name) is not None

    def _core(self, path: Path_, but: Collection[str]) -> list[Variable]:
        if self.standard_name != "ADaM":
            self.document.complain(path, "core variables of ADSL are kept in adam/ only")
        elif self.around.core is None:
            reason = f"there is no {CORE} in study.yaml, which lists the variables to keep"
            self.document.complain(path, reason)
        return core_variables(self.around, but, self._place(*path))

    def _shared(self) -> list[Variable]:
        found = []
        for i, name in enumerate(self.source.shared):
            general = general_name(name, self.source.dataset)
            entry = self.shared.get(name) or self.shared.get(general)
            if not entry:
                reason = f"{name} is not wired in shared.yaml{suggest(name, self.shared)}"
                self.document.complain(("shared", i), reason)
                if self._standard_variable(name):
                    found.append(self._variable(("shared", i), name, NOTHING))
                continue
            given, place = entry
            own = of_domain(given, self.source.dataset)
            found.append(self._variable(("shared", i), name, own, place))
        return found

    def _uncollected(self, given: Collection[str]) -> list[Variable]:
        """Expected variables that nothing is wired to are in the dataset, empty (SDTMIG 4.1.5)."""
        if self.standard_name != "SDTM" or self.source.internal:
            return []
        domain = self.standard.sdtm.get(self.source.dataset, {})
        path, place = ("variables",), self._place("variables")
        found = []
        for name, known in domain.items():
            if name in given:
                continue
            if known.core == "Req":
                reason = f"{name} is required in {self.source.dataset} and not wired"
                self.document.complain(path, reason)
                found.append(self._variable(path, name, NOTHING, place))
            elif known.core == "Exp":
                found.append(self._variable(path, name, VariableSource(), place))
        return found

    def _ordered(self, variables: list[Variable]) -> list[Variable]:
        """The variables as the guide has them, those that it does not have at the end."""
        names = [v.name for v in variables]
        for name in sorted(set(names)):
            if names.count(name) > 1:
                reason = "is given more than once (shared, keep or variables)"
                self.document.complain(("variables", name), reason)
        if self.standard_name == "ADaM" or self.source.internal:
            return variables
        order: dict[str, float] = {}
        for variable in variables:
            if not variable.supplemental:
                known = self._standard_variable(variable.name)
                if known:
                    order[variable.name] = known.order
        return sorted(variables, key=lambda v: order.get(v.name, math.inf))

    # ------------------------------------------------------------ one variable
    def _variable(
        self, path: Path_, name: str, given: VariableSource, place: Place | None = None
    ) -> Variable:
        known = None
        if not given.supplemental:
            known = self._standard_variable(name)
        self._check_variable(path, name, given, known)
        base = known or NO_VARIABLE
        kind = given.type or base.type
        length, by_data = self._length(name, given, base)
        if kind == "Num":
            length, by_data = NUMBER, False
        display = given.format
        if not display and number_kind(base.format) != "number":
            display = base.format
        return Variable(
            name=name,
            label=_own_label(given) or base.label,
            type=kind,  # type: ignore[arg-type]
            length=length,
            by_data=by_data,
            format=display,
            codelist=self._vocabularies.codelist(path, given, base),
            codelists_by=self._vocabularies.codelists_by(path, given, self._all_names()),
            codelist_usual=self._vocabularies.usual_codelist(path, given, base),
            dictionary=self._vocabularies.dictionary(path, given, base),
            core=given.core or base.core,
            role=base.role,
            iso8601="ISO 8601" in base.format,
            range=given.range,
            **_as_qualifier(given),
            wiring=self._wiring_of(path, name, given, known, place or self._place(*path)),
        )

    def _wiring_of(
        self,
        path: Path_,
        name: str,
        given: VariableSource,
        known: StandardVariable | None,
        place: Place,
    ) -> Wiring:
        """The wiring; unknown where the type may be given by a dataset that cannot be read."""
        wiring = self._wiring.of(path, name, given, place)
        if self._goes_on(name, wiring):
            return self._of_piece(path, name, given, place)
        if self.standard_name != "ADaM" or self.source.internal or known or given.type:
            return wiring
        if self.terminology.is_blind:
            return unknown(place)
        return wiring

    def _goes_on(self, name: str, wiring: Wiring) -> bool:
        """Whether a variable is wired as a piece of a long text: `COVAL1: {from: COVAL}`."""
        if self.standard_name != "SDTM" or self.source.internal:
            return False
        return wiring.function == COPY and wiring.inputs == (begun_by(name),)

    def _of_piece(self, path: Path_, name: str, given: VariableSource, place: Place) -> Wiring:
        for entry, reason in mistakes(given):
            self.document.complain((*path, entry), reason)
        before = missing_before(name, self.source.variables)
        if before:
            self.document.complain(path, f"{before} comes before it, and is not here")
        return of_piece(begun_by(name), place)

    def _all_names(self) -> set[str]:
        """The variables that the dataset names, and those that are there without being named."""
        expected = self.standard.sdtm.get(self.source.dataset, {})
        return self._named_here() | {name for name, one in expected.items() if one.core == "Exp"}

    def _length(self, name: str, given: VariableSource, base: StandardVariable) -> tuple[int, bool]:
        """The bytes that text has at most, and whether its longest value decides on them."""
        lengths = self.terminology.lengths
        if given.length:
            return given.length, False
        length = lengths.in_bytes(name, self.source.dataset) or base.length
        return length, lengths.by_data(name, self.source.dataset)

    def _standard_variable(self, name: str) -> StandardVariable | None:
        return known_variable(name, self.source, self.standard_name, self.terminology)

    def _check_variable(
        self, path: Path_, name: str, given: VariableSource, known: StandardVariable | None
    ) -> None:
        complain = self.document.complain
        if given.range and given.range[0] > given.range[1]:
            complain((*path, "range"), "begins with the higher bound")
        if given.supplemental:
            self._check_leaving(path)
        if self.source.internal:
            return
        if not NAME.fullmatch(name):
            complain(path, f"{name}: a variable name has 1 to 8 capitals, digits or _")
        label = _own_label(given)
        if len(label.encode()) > LONGEST_LABEL:
            complain(path, f"the label has {len(label.encode())} bytes, more than {LONGEST_LABEL}")
        self._vocabularies.check_evaluator(path, given)
        if known or given.supplemental:
            return
        if self.standard_name == "SDTM":
            domain = self.source.dataset
            known_here = self.standard.sdtm.get(domain, {})
            if known_here:  # else it is the dataset that the guide does not have
                near = suggest(name, known_here)
                complain(path, f"{name} is not a variable of {domain} in SDTMIG 3.4{near}")
        elif not ((given.label and given.type) or self.terminology.is_blind):
            near = suggest(name, self.standard.adam.get(self.source.structure, {}))
            absent = " and ".join(w for w in ("label", "type") if not getattr(given, w))
            complain(path, f"{name} is not in ADaMIG 1.3: give {absent}{near}")

    def _check_leaving(self, path: Path_) -> None:
        reason = why_no_supplement(self.source, self.standard_name)
        if reason:
            self.document.complain((*path, "supplemental"), reason)

    def _working(self, working: Mapping[str, VariableSource]) -> dict[str, Wiring]:
        found = {}
        for name, given in working.items():
            path = ("working", name)
            place = self._place(*self.rows.said_at.get(path, path))
            found[name] = self._wiring.of(path, name, given, place)
        return found


def _own_label(given: VariableSource) -> str:
    """The label that a study says, as a qualifier or as a variable."""
    if given.qualifier:
        return given.qualifier.label
    return given.label


def _as_qualifier(given: VariableSource) -> dict[str, Any]:
    """What a variable is that leaves as records of SUPP--; nothing of any other."""
    qualifier = given.qualifier
    if qualifier is None:
        return {}
    return {"supplemental": True, "qorig": qualifier.origin, "qeval": qualifier.evaluator}
