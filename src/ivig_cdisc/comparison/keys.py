"""What makes a record unique: as told, as a file says it, or found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..errors import ExportError
from ..spec import suggest
from .pairing import codes
from .table import Table

SUPPLEMENTAL = ("USUBJID", "IDVAR", "IDVARVAL", "QNAM")
SAME_EVERYWHERE = ("STUDYID", "DOMAIN", "RDOMAIN")


@dataclass(frozen=True)
class Keys:
    """The variables by which records are paired, how they came about, and how many records share theirs."""

    names: tuple[str, ...]
    how: str
    duplicates: tuple[int, int] = (0, 0)  # records beyond the first of each key: in the first, in the second


def keys(first: Table, second: Table, told: Sequence[str], *, strict: bool) -> Keys:
    """The keys of two datasets.

    told: these; strict: each must be in both, otherwise one of them is enough. ExportError where that fails, or the two
    have no variable in common. Records that agree in the keys are paired in their order.
    """
    common = [str(name) for name in first.frame if name in second.frame]
    if not common:
        raise ExportError(f"{first.file} and {second.file} have no variable in common")
    absent = [name for name in told if name not in common]
    if absent and (strict or len(absent) == len(told)):
        hints = ", ".join(f"{name}{suggest(name, common)}" for name in absent)
        raise ExportError(f"{first.name}: not in both datasets: {hints}")
    if told:
        return _counted(first, second, tuple(name for name in told if name in common), "as told")
    return _found(first, second, common)


def _found(first: Table, second: Table, common: Sequence[str]) -> Keys:
    """The first of the usual keys that is unique in both; if none is, the one that leaves fewest duplicates."""
    tried = []
    for names in _candidates(first, second, common):
        made = _counted(first, second, names, "found: unique in both")
        if made.duplicates == (0, 0):
            return made
        tried.append(Keys(names, "found, but not unique", made.duplicates))
    return min(tried, key=lambda made: sum(made.duplicates))


def _candidates(first: Table, second: Table, common: Sequence[str]) -> Iterator[tuple[str, ...]]:
    sequences = [name for name in (f"{first.name[:2]}SEQ", "ASEQ") if name in common]
    usual = (first.keys, second.keys, SUPPLEMENTAL, *(("USUBJID", name) for name in sequences), ("USUBJID",))
    yield from (names for names in usual if names and set(names) <= set(common))
    yield _prefix(first, second, common)


def _prefix(first: Table, second: Table, common: Sequence[str]) -> tuple[str, ...]:
    """The first variables that together are unique in both, without those that add nothing."""
    telling = [name for name in common if name not in SAME_EVERYWHERE] or list(common)
    size = next((n for n in range(1, len(telling) + 1) if _unique(first, second, telling[:n])), len(telling))
    chosen = telling[:size]
    for name in telling[:size]:
        rest = [other for other in chosen if other != name]
        if rest and _unique(first, second, rest):
            chosen = rest
    return tuple(chosen)


def _unique(first: Table, second: Table, names: Sequence[str]) -> bool:
    return not any(_duplicates(table, names) for table in (first, second))


def _counted(first: Table, second: Table, names: tuple[str, ...], how: str) -> Keys:
    return Keys(names, how, (_duplicates(first, names), _duplicates(second, names)))


def _duplicates(table: Table, names: Sequence[str]) -> int:
    found = codes(table.frame[list(names)])
    return len(found) - len(set(found.tolist()))
