"""What `keep` of a dataset stands for: columns of its rows, and the core variables of ADSL."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag

from ..text import suggest
from .document import Document
from .frozen import Frozen, Name, Place
from .model import DatasetSpec, Variable
from .steps import Join
from .tables import TableReader
from .wiring import COPY, Wiring

ADSL, CORE = "ADSL", "adsl_core"
SUBJECT = "USUBJID"  # of a record, by which its record in ADSL is found
ALL = "all"  # instead of a name: every column of the rows that the standard knows


class KeptSet(Frozen):
    """The variables of ADSL that the analysis datasets of the study carry.

    from: the dataset that they are taken of.
    set: core, the variables of adsl_core in study.yaml.
    """

    from_: Literal["ADSL"] = Field(alias="from")
    set: Literal["core"]


def _form(kept: Any) -> str | None:
    """How it is said what is kept."""
    if isinstance(kept, list | tuple):
        return "a list"
    if isinstance(kept, KeptSet) or _is_set(kept):
        return "a set"
    if kept == ALL:
        return "a word"
    return None


def _is_set(kept: Any) -> bool:
    """Whether entries have a word of a set, so that the others are slips."""
    return isinstance(kept, dict) and bool({"from", "set"} & kept.keys())


def _form_of_entry(kept: Any) -> str:
    """How one entry of a list is said."""
    if isinstance(kept, dict | KeptSet):
        return "a set"
    return "a word"


ALL_COLUMNS = Annotated[Literal["all"], Tag("a word")]
SET = Annotated[KeptSet, Tag("a set")]
ENTRY = Annotated[Annotated[Name, Tag("a word")] | SET, Discriminator(_form_of_entry)]
LIST = Annotated[tuple[ENTRY, ...], Tag("a list")]
Keep = Annotated[
    ALL_COLUMNS | SET | LIST,
    Discriminator(
        _form,
        custom_error_type="keep",
        custom_error_message="should be a list of names, all, or {from: ADSL, set: core}",
    ),
]


@dataclass
class Known:
    """What other files of the study say, as far as it can be kept.

    columns  of raw forms, by name; those of datasets are added as they are read
    tables   the tables of the study, and those that `values` of datasets make
    core     the variables of `adsl_core`; None where study.yaml has none
    adsl     the dataset ADSL, once it is read
    """

    tables: TableReader
    columns: dict[str, Sequence[str]] = field(default_factory=dict)
    core: tuple[Name, ...] | None = None
    adsl: DatasetSpec | None = None

    @property
    def sources(self) -> dict[str, Sequence[str]]:
        """The columns of all that row steps may read, by name."""
        of_tables = {name: tuple(table.columns) for name, table in self.tables.tables.items()}
        return {**of_tables, **self.columns}

    def add(self, spec: DatasetSpec) -> None:
        """A dataset that was read: others may keep what it has."""
        self.columns[spec.name] = [variable.name for variable in spec.variables]
        if spec.name == ADSL:
            self.adsl = spec


def core_variables(known: Known, but: Collection[str], place: Place) -> list[Variable]:
    """The core variables that ADSL has and the dataset has not, as other datasets carry them.

    Args:
        known: the core variables, and ADSL; without these there are none.
        but: the variables that the dataset has in another way.
        place: at which they are kept.

    Returns:
        Copies with label, type and all else as in ADSL. USUBJID itself is of the rows.
    """
    if known.core is None or known.adsl is None:
        return []
    found = []
    for variable in known.adsl.variables:
        name = variable.name
        if name in known.core and name not in but:
            column = _joined(name)
            if name == SUBJECT:
                column = name
            wiring = Wiring(function=COPY, columns={"value": column}, place=place)
            found.append(variable.model_copy(update={"wiring": wiring}))
    order = {name: place for place, name in enumerate(known.core)}
    return sorted(found, key=lambda variable: order[variable.name])


def join_of(variables: Iterable[Variable]) -> Join | None:
    """The join that brings what these variables keep of ADSL; None where they keep nothing.

    The columns get names that no other column has, since the rows may have one of the same name.
    """
    take = {}
    for variable in variables:
        for column in variable.wiring.reads:
            if column == _joined(variable.name):
                take[column] = variable.name
    if not take:
        return None
    return Join.model_validate({"join": {"with": ADSL, "on": [SUBJECT], "take": take}})


def _joined(name: Name) -> str:
    return f"{ADSL}.{name}"


def check_core(head: Document, known: Known) -> None:
    """Say what is wrong with `adsl_core` itself, once for all datasets that keep it."""
    if known.core is None:
        return
    if known.adsl is None:
        head.complain((CORE,), f"there is no dataset {ADSL} that has these variables")
        return
    there = [variable.name for variable in known.adsl.variables]
    for i, name in enumerate(known.core):
        if name not in there:
            head.complain((CORE, i), f"{ADSL} has no variable {name}{suggest(name, there)}")
        elif name in known.core[:i]:
            head.complain((CORE, i), f"{name} is a duplicate")
