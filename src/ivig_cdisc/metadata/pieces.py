"""COVAL and TSVAL: a long text goes on in variables of its own, COVAL1, COVAL2, ...

The dataset lists as many as it has: `COVAL1: {from: COVAL}`. In the house the text is whole, and
these are empty.

Source: SDTMIG 3.4, 4.5.3.2, and the assumptions of CO and TS.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import replace

from ..text import LONGEST_TEXT
from .frozen import Place
from .model import DatasetSpec, Variable
from .standard import StandardVariable
from .wiring import COPY, Wiring

BASES = ("COVAL", "TSVAL")
_PIECE = re.compile(rf"({'|'.join(BASES)})([1-9][0-9]?)")


def begun_by(name: str) -> str:
    """The variable whose text may go on in that of this name; empty for any other name.

    >>> begun_by("COVAL2"), begun_by("COVAL"), begun_by("AETERM1")
    ('COVAL', '', '')
    """
    found = _PIECE.fullmatch(name)
    if found is None:
        return ""
    return found[1]


def as_piece(name: str, known: Mapping[str, StandardVariable]) -> StandardVariable | None:
    """A variable in which a text goes on, by the one that it begins in.

    Args:
        name: as COVAL1.
        known: the variables of the domain.

    Returns:
        As the guide has that one, with the number in the label, and permissible; None for any other
        name, and where the domain does not have the one that it begins in.
    """
    base = known.get(begun_by(name))
    if base is None:
        return None
    number = int(name.removeprefix(base.name))
    label = f"{base.label} {number}"
    return replace(base, name=name, label=label, order=base.order + number / 100, core="Perm")


def of_piece(base: str, place: Place) -> Wiring:
    """The wiring of a piece: it is of the text, and empty as long as that is whole."""
    return Wiring(function=COPY, columns={"value": base}, where=f"{base} is missing", place=place)


def missing_before(name: str, given: Collection[str]) -> str:
    """The piece that comes before one and that a dataset does not list; empty where none does."""
    base = begun_by(name)
    number = int(name.removeprefix(base)) - 1
    before = f"{base}{number}"
    if number and before not in given:
        return before
    return ""


def pieces(spec: DatasetSpec) -> Mapping[str, tuple[str, ...]]:
    """Where a text goes on that does so in variables of the dataset.

    Args:
        spec: of the dataset.

    Returns:
        For each variable that goes on: those of its second piece, of its third, ... in order. None
        where it is shorter than a variable can be: then a text that is too long is cut.
    """
    found: dict[str, list[str]] = {}
    for variable in spec.variables:
        if variable.name in BASES and variable.length == LONGEST_TEXT:
            found[variable.name] = []
    for variable in sorted(spec.variables, key=_number):
        base = begun_by(variable.name)
        if base in found and _is_piece(variable, base):
            found[base].append(variable.name)
    return {name: tuple(further) for name, further in found.items() if further}


def _number(variable: Variable) -> int:
    """The number of a piece; 0 of any other variable."""
    base = begun_by(variable.name)
    if not base:
        return 0
    return int(variable.name.removeprefix(base))


def _is_piece(variable: Variable, base: str) -> bool:
    wiring = variable.wiring
    return wiring.function == COPY and wiring.inputs == (base,)
