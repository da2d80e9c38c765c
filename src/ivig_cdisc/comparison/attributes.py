"""What two files say of a dataset and its variables, and where that is not the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ..formats.table import Attributes, Table, hexadecimal, texts

Said = tuple[
    str, str, str | None, str | None
]  # kind of difference, variable, what the first and the second says


def one_spelling(first: Table, second: Table) -> tuple[Table, list[Said]]:
    """The second table with the first one's spelling of names, and which names differ in nothing but their case."""
    known, other = (_by_capitals(table) for table in (first, second))
    pairs = ((known[capitals], name) for capitals, name in other.items() if capitals in known)
    new = {old: name for name, old in pairs if old != name and old not in first.variables}
    variables = {new.get(name, name): said for name, said in second.variables.items()}
    renamed = replace(
        second,
        variables=variables,
        frame=second.frame.rename(columns=new),
        keys=tuple(new.get(name, name) for name in second.keys),
        odd={new.get(name, name): said for name, said in second.odd.items()},
    )
    return renamed, [("name", name, name, old) for old, name in new.items()]


def have_common_variable(first: Table, second: Table) -> bool:
    """Whether the two have one, however it is spelled."""
    one, two = ({name.upper() for name in table.variables} for table in (first, second))
    return not one.isdisjoint(two)


def _by_capitals(table: Table) -> dict[str, str]:
    """The names of a table by their capitals; those that differ in nothing but their case are left out."""
    capitals = [name.upper() for name in table.variables]
    return {name.upper(): name for name in table.variables if capitals.count(name.upper()) == 1}


def attributes(first: Table, second: Table) -> Iterator[Said]:
    """All differences but those of cells and records; what one of the files cannot say is not compared."""
    if None not in (first.title, second.title) and first.title != second.title:
        yield "dataset_name", "", first.title, second.title
    if first.label is not None and second.label is not None and first.label != second.label:
        yield "dataset_label", "", first.label, second.label
    yield from (
        ("only_first", n, _summary(first, n), None)
        for n in first.variables
        if n not in second.variables
    )
    yield from (
        ("only_second", n, None, _summary(second, n))
        for n in second.variables
        if n not in first.variables
    )
    orders = [
        [n for n in one.variables if n in other.variables]
        for one, other in ((first, second), (second, first))
    ]
    if orders[0] != orders[1]:
        one, two = _moved(*orders)
        yield "order", "", " ".join(one), " ".join(two)
    for name in orders[0]:
        yield from _of_variable(name, first.variables[name], second.variables[name])


def _summary(table: Table, name: str) -> str:
    known = texts(table, name, "number")
    return f"{int(known.notna().sum())} value(s), digest {hexadecimal([known])}"


def _moved(one: list[str], two: list[str]) -> tuple[list[str], list[str]]:
    """Both orders without what they begin and end with alike."""
    start = next(i for i, (a, b) in enumerate(zip(one, two, strict=True)) if a != b)
    end = next(i for i, (a, b) in enumerate(zip(one[::-1], two[::-1], strict=True)) if a != b)
    return one[start : len(one) - end], two[start : len(two) - end]


def _of_variable(name: str, one: Attributes, two: Attributes) -> Iterator[Said]:
    if one.type is None or two.type is None:
        return
    types = (
        (one.data_type, two.data_type) if one.data_type and two.data_type else (one.type, two.type)
    )
    if types[0] != types[1]:
        yield "type", name, *types
    if one.length != two.length and _have_lengths(one, two):
        yield "length", name, _length(one), _length(two)
    if one.label != two.label:
        yield "label", name, one.label, two.label
    if one.format != two.format:
        yield "format", name, one.format, two.format


def _have_lengths(one: Attributes, two: Attributes) -> bool:
    """Whether two files could both say a length.

    Of a number, XPT always has one, in bytes; Dataset-JSON counts characters, and need not say it.
    """
    alike = bool(one.data_type) == bool(two.data_type)
    return alike or one.type == two.type == "Char" or None not in (one.length, two.length)


def _length(said: Attributes) -> str | None:
    return None if said.length is None else str(said.length)
