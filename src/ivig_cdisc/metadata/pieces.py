"""COVAL and TSVAL: a long text goes on in variables of its own, COVAL1, COVAL2, ...

The dataset lists as many as it has: `COVAL1: {from: COVAL}`. In the house the text is whole, and
these are empty.

Source: SDTMIG 3.4, 4.5.3.2, and the assumptions of CO and TS.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace

from ..text import LONGEST_TEXT
from .document import Document
from .frozen import Place
from .lengths import Lengths
from .model import DatasetSpec, Variable
from .source import VariableSource
from .standard import StandardVariable
from .wiring import COPY, Wiring

BASES = ("COVAL", "TSVAL")
TOO_SHORT = f"a text goes on where {LONGEST_TEXT} bytes are full, and its pieces have as many"
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


def mistakes(given: VariableSource) -> Iterator[tuple[str, str]]:
    """What a study says of a piece that cannot be said of one, as its text is that of another.

    Args:
        given: the piece, as COVAL1.

    Yields:
        Pairs of the entry and what is wrong with it.
    """
    if given.supplemental:
        yield "supplemental", "a text goes on in variables or in SUPP--, not in both"
    if given.where:
        yield "where", "a text goes on wherever it is long; say it of the text itself"
    if 0 < given.length < LONGEST_TEXT:
        yield "length", TOO_SHORT


def check_lengths(head: Document, lengths: Lengths, datasets: Iterable[DatasetSpec]) -> None:
    """Say which lengths in study.yaml the pieces of a text cannot have.

    Args:
        head: study.yaml.
        lengths: that it says.
        datasets: of the study.
    """
    shorter: set[str] = set()
    for spec in datasets:
        if spec.standard == "SDTM" and not spec.internal:
            shorter.update(_shorter(spec, lengths))
    for entry in sorted(shorter):
        head.complain(("lengths", entry), TOO_SHORT)


def _shorter(spec: DatasetSpec, lengths: Lengths) -> Iterator[str]:
    """The entries of `lengths` by which a piece is shorter than a text that goes on."""
    for variable in spec.variables:
        base = begun_by(variable.name)
        is_said = lengths.in_bytes(variable.name, spec.name) == variable.length
        if base and is_said and variable.length < LONGEST_TEXT and _is_piece(variable, base):
            yield lengths.entry(variable.name, spec.name)


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
