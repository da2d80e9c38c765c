"""One cell that goes into another, and how such cells follow one another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

SELF = ""  # as a source: the dataset itself
RECORD = ""  # as a column: that the record is there


class Origin(NamedTuple):
    """One cell that goes into another, or decides about it."""

    source: str  # form or dataset, or SELF
    column: str  # or RECORD
    is_value: bool  # its value goes in; else it decides whether or which
    verb: str = ""  # take or join: the edges that lead to it; none in the dataset itself
    branch: int = -1  # of the stack; -1 for what all rows have
    turn: str = ""  # only of rows that this source column became
    groups: tuple[str, ...] | None = None  # of all records that are alike in these columns
    flag: str = ""  # and of these only where this column is Y

    @property
    def deciding(self) -> Origin:
        return self._replace(is_value=False)


Inputs = Mapping[str, tuple[Origin, ...]]  # of a column, or RECORD, in the order of the wiring


def once(origins: Iterable[Origin]) -> tuple[Origin, ...]:
    """The origins in their order, each once."""
    return tuple(dict.fromkeys(origins))


def only_deciding(origins: Iterable[Origin]) -> tuple[Origin, ...]:
    """The same cells, where none of them gives a value."""
    return tuple(origin.deciding for origin in origins)


def among(origin: Origin, groups: tuple[str, ...], flag: str = "") -> Origin:
    """The same of all records of the group.

    Of the records of wider groups where it is of a group already.
    """
    if origin.groups is None:
        return origin._replace(groups=groups, flag=flag)
    wider = tuple(name for name in groups if name in origin.groups)
    return origin._replace(groups=wider, flag="")


# ---------------------------------------------------------------- without steps inside a dataset
def direct(columns: Inputs, name: str) -> tuple[Origin, ...]:
    """Origins of a column in sources only, each once, in the order of the wiring.

    Args:
        columns: of one dataset.
        name: of the column, or RECORD.

    Returns:
        The origins; none for a column that is not there.
    """
    return once(_direct(columns, columns.get(name, ())))


def _direct(columns: Inputs, origins: Iterable[Origin]) -> Iterator[Origin]:
    for origin in origins:
        if origin.source != SELF:
            yield origin
            continue
        for ancestor in _direct(columns, columns.get(origin.column, ())):
            yield _through(origin, ancestor)


def _through(origin: Origin, ancestor: Origin) -> Origin:
    """An ancestor of an origin, as it is one of the cell that the origin goes into.

    It decides where the origin does, and is of all records of the origin's group.
    """
    if not origin.is_value:
        ancestor = ancestor.deciding
    if origin.groups is None:
        return ancestor
    return among(ancestor, origin.groups, origin.flag)
