"""What two files say of a dataset and its variables, and where that is not the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from ..formats.table import Attributes, Table, hexadecimal, texts

T = TypeVar("T")


@dataclass(frozen=True)
class AttributeDifference:
    """One attribute that differs.

    variable is empty where it is of the dataset; first and second are None where a side has none.
    """

    kind: str
    variable: str
    first: str | None
    second: str | None


def one_spelling(first: Table, second: Table) -> tuple[Table, list[AttributeDifference]]:
    """The second table with the first one's spelling of names.

    With it come the names that differ in nothing but their case.
    """
    known, other = _by_capitals(first), _by_capitals(second)
    new: dict[str, str] = {}
    for capitals, name in other.items():
        spelled = known.get(capitals, name)
        if spelled != name and name not in first.variables:
            new[name] = spelled
    renamed = replace(
        second,
        variables=_renamed(second.variables, new),
        frame=second.frame.rename(columns=new),
        keys=tuple(new.get(name, name) for name in second.keys),
        odd=_renamed(second.odd, new),
    )
    differences = []
    for old, name in new.items():
        differences.append(AttributeDifference("name", name, name, old))
    return renamed, differences


def _renamed(by_name: Mapping[str, T], new: Mapping[str, str]) -> dict[str, T]:
    return {new.get(name, name): value for name, value in by_name.items()}


def have_common_variable(first: Table, second: Table) -> bool:
    """Whether the two have one, however it is spelled."""
    return not _capitals(first).isdisjoint(_capitals(second))


def _capitals(table: Table) -> set[str]:
    return {name.upper() for name in table.variables}


def _by_capitals(table: Table) -> dict[str, str]:
    """The names of a table by their capitals.

    Those that differ in nothing but their case are left out.
    """
    spellings: dict[str, list[str]] = {}
    for name in table.variables:
        spellings.setdefault(name.upper(), []).append(name)
    unique = {}
    for capitals, names in spellings.items():
        if len(names) == 1:
            unique[capitals] = names[0]
    return unique


def attributes(first: Table, second: Table) -> Iterator[AttributeDifference]:
    """All differences but those of cells and records.

    What one of the files cannot say is not compared.
    """
    if _differ(first.title, second.title):
        yield AttributeDifference("dataset_name", "", first.title, second.title)
    if _differ(first.label, second.label):
        yield AttributeDifference("dataset_label", "", first.label, second.label)
    for name in _only_in(first, second):
        yield AttributeDifference("only_first", name, _summary(first, name), None)
    for name in _only_in(second, first):
        yield AttributeDifference("only_second", name, None, _summary(second, name))
    one, two = _common(first, second), _common(second, first)
    if one != two:
        yield AttributeDifference("order", "", *_moved(one, two))
    for name in one:
        yield from _of_variable(name, first.variables[name], second.variables[name])


def _differ(first: str | None, second: str | None) -> bool:
    return first is not None and second is not None and first != second


def _only_in(one: Table, other: Table) -> list[str]:
    return [name for name in one.variables if name not in other.variables]


def _common(one: Table, other: Table) -> list[str]:
    """The variables that the other has too, in the order of this one."""
    return [name for name in one.variables if name in other.variables]


def _summary(table: Table, name: str) -> str:
    known = texts(table, name, "number")
    return f"{int(known.notna().sum())} value(s), digest {hexadecimal([known])}"


def _moved(one: list[str], two: list[str]) -> tuple[str, str]:
    """Both orders without what they begin and end with alike."""
    start = _alike_at_start(one, two)
    end = len(one) - _alike_at_start(one[::-1], two[::-1])
    return " ".join(one[start:end]), " ".join(two[start:end])


def _alike_at_start(one: list[str], two: list[str]) -> int:
    """How many names are the same before the first that is not; the two differ somewhere."""
    count = 0
    while one[count] == two[count]:
        count += 1
    return count


def _of_variable(name: str, one: Attributes, two: Attributes) -> Iterator[AttributeDifference]:
    if one.type is None or two.type is None:
        return
    first, second = one.type, two.type
    if one.data_type and two.data_type:
        first, second = one.data_type, two.data_type
    if first != second:
        yield AttributeDifference("type", name, first, second)
    if one.length != two.length and _have_lengths(one, two):
        yield AttributeDifference("length", name, _length(one), _length(two))
    if one.label != two.label:
        yield AttributeDifference("label", name, one.label, two.label)
    if one.format != two.format:
        yield AttributeDifference("format", name, one.format, two.format)


def _have_lengths(one: Attributes, two: Attributes) -> bool:
    """Whether two files could both say a length.

    Of a number, XPT always has one, in bytes, and Parquet none; Dataset-JSON counts characters, and
    need not say it.
    """
    if one.type == two.type == "Char":
        return True
    if one.data_type and two.data_type:
        return True
    in_bytes = not (one.data_type or two.data_type)
    return in_bytes and None not in (one.length, two.length)


def _length(said: Attributes) -> str | None:
    if said.length is None:
        return None
    return str(said.length)
