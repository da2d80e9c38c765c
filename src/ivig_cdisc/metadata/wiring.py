"""How a column gets its values, as the engine carries it out."""

from __future__ import annotations

from typing import Any

from ..conditions import columns_of
from .frozen import Frozen, Place, Where

CONSTANT, COPY, COMPUTE, CASES = "constant", "copy", "compute", "cases"  # all that is no derivation
ORDER = "order"  # the parameter of derivations in which -X descends


class Wiring(Frozen):
    """How a column gets its values.

    A constant, a copy of one column, an expression, a choice by conditions, or a function of
    columns and constants.
    """

    function: str  # name in derive, or one of the four above
    columns: dict[str, str | tuple[str, ...]] = {}  # parameter: column(s)
    descending: tuple[str, ...] = ()  # those of the columns of ORDER that descend
    constants: dict[str, Any] = {}  # parameter: value, references to terms and facts resolved
    facts: dict[str, str] = {}  # parameter: the fact of study.yaml that is its value
    cases: tuple[Choice, ...] = ()  # the first that holds gives the value
    where: Where = {}  # records that get a value; the function sees no others
    place: Place

    @property
    def reads(self) -> tuple[str, ...]:
        """Names of all columns that go in or decide; first those whose values are taken."""
        found = dict.fromkeys(self.inputs)
        for choice in self.cases:
            found |= dict.fromkeys(choice.wiring.reads)
        return tuple(found | dict.fromkeys((*self.tested, *self.deciding)))

    @property
    def inputs(self) -> tuple[str, ...]:
        """Names of the columns that the function is given, or that the expression names."""
        found: dict[str, None] = {}
        for names in self.columns.values():
            if isinstance(names, str):
                found[names] = None
            else:
                found |= dict.fromkeys(names)
        return tuple(found)

    @property
    def as_written(self) -> dict[str, str | tuple[str, ...]]:
        """The column(s) of each parameter as the YAML has them: -X where X descends."""
        columns = dict(self.columns)
        if self.descending:
            signed = []
            for name in columns[ORDER]:
                if name in self.descending:
                    signed.append(f"-{name}")
                else:
                    signed.append(name)
            columns[ORDER] = tuple(signed)
        return columns

    @property
    def tested(self) -> tuple[str, ...]:
        """Names of the columns that give the value by a condition that holds for them.

        These are the conditions of cases; and that of a constant, which nothing else gives.
        """
        found: dict[str, None] = {}
        for choice in self.cases:
            found |= dict.fromkeys(columns_of(choice.when))
        if self.function == CONSTANT:
            found |= dict.fromkeys(columns_of(self.where))
        return tuple(found)

    @property
    def deciding(self) -> tuple[str, ...]:
        """Names of the columns that decide whether there is a value."""
        if self.function == CONSTANT:
            return ()
        return columns_of(self.where)


class Choice(Frozen):
    """One of several cases: its condition, and how the value comes about."""

    when: Where = {}  # always, where nothing is said
    wiring: Wiring


Wiring.model_rebuild()
