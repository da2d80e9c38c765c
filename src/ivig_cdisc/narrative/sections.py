"""What a narrative is made of."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Table:
    """The same facts twice: a sentence per row for text, cells for a page."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class Section:
    """Sentences under a heading, a table between them where there is one."""

    title: str
    sentences: tuple[str, ...] = ()
    table: Table | None = None
    after: tuple[str, ...] = ()

    @property
    def told(self) -> bool:
        """There is something in it."""
        return bool(self.sentences or self.table or self.after)


@dataclass(frozen=True)
class Told:
    """What one passage says: sentences, or a table."""

    sentences: tuple[str, ...] = ()
    table: Table | None = None


def section(title: str, passages: list[Told]) -> Section:
    """What several passages say under one heading; a second table is sentences after the first."""
    before: list[str] = []
    after: list[str] = []
    table: Table | None = None
    for told in passages:
        if table is None:
            before.extend(told.sentences)
            table = told.table
        else:
            after.extend(told.sentences)
            if told.table:
                after.extend(told.table.sentences)
    return Section(title, tuple(before), table, tuple(after))
