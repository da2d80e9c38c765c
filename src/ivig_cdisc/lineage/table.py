"""One dataset prepared for walking.

Its edges by numbers, the origins of its columns, groups of its records.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from .origins import RECORD, SELF, Inputs, Origin, direct, once, only_deciding

SAME_DATASET = -1  # instead of a kind of edge: the origin is a cell of the dataset itself
NO_EDGE = -2  # the origin is of a kind that no record has
ANY_COLUMN = -2  # instead of the code of a source column: the edge may be of whichever
NO_COLUMN = -3  # the origin is of a source column that became no record
PARENTS = {"row": "int64", "kind": "int64", "source_row": "int64", "turn": "int64"}


@dataclass(frozen=True)
class DatasetTable:
    """What the walk knows of one dataset.

    inputs  origins of every column
    edges   columns of dataset.EDGES; None where the dataset is not there
    frame   its values; None where they are not known
    """

    inputs: Inputs
    edges: pd.DataFrame | None
    frame: pd.DataFrame | None

    # ------------------------------------------------------------ edges
    @cached_property
    def _numbered(self) -> tuple[dict[tuple[str, str, int], int], np.ndarray]:
        """A number for each kind of edge (source, verb and branch), and the kind of every edge."""
        if self.edges is None or self.edges.empty:
            return {}, np.array([], dtype="int64")
        source, verb = self.edges["source"].cat, self.edges["verb"].cat
        branch = self.edges["branch"].to_numpy() + 1  # -1 where there is no stack
        branches, verbs = branch.max() + 1, len(verb.categories)
        codes = source.codes.to_numpy("int64") * verbs + verb.codes.to_numpy("int64")
        kind, distinct = pd.factorize(codes * branches + branch)
        kinds: dict[tuple[str, str, int], int] = {}
        for number, code in enumerate(distinct.tolist()):
            pair, of_branch = divmod(code, branches)
            of_source, of_verb = divmod(pair, verbs)
            name = source.categories[of_source], verb.categories[of_verb], int(of_branch) - 1
            kinds[name] = number
        return kinds, kind

    @property
    def kinds(self) -> Mapping[tuple[str, str, int], int]:
        """A number for each kind of edge: source, verb and branch."""
        return self._numbered[0]

    @cached_property
    def turns(self) -> dict[str, int]:
        """The code of each source column that became records."""
        if self.edges is None:
            return {}
        names = self.edges["source_column"].cat.categories
        return dict(zip(names, range(len(names)), strict=True))

    @cached_property
    def parents(self) -> pd.DataFrame:
        """PARENTS of every record.

        Kind of the edge, row of the source, and code of the column that became the row.
        """
        if self.edges is None or self.edges.empty:
            return pd.DataFrame(columns=list(PARENTS)).astype(PARENTS)
        columns = {
            "row": self.edges["row"],
            "kind": self._numbered[1],
            "source_row": self.edges["source_row"],
            "turn": self.edges["source_column"].cat.codes,
        }
        return pd.DataFrame(columns).astype(PARENTS).drop_duplicates(ignore_index=True)

    # ------------------------------------------------------------ origins
    @cached_property
    def _origins(self) -> dict[tuple[str, bool], pd.DataFrame]:
        return {}

    def origins(self, column: str, *, inside: bool) -> pd.DataFrame:
        """Origins of a column as a table, made once.

        Args:
            column: of this dataset, or RECORD.
            inside: step by step through the columns of the dataset, else at once.

        Returns:
            The fields of Origin, with source_column and into_value for column and is_value; `kind`
            of the edges that lead to it, `needed` code of the column that became the row, the
            column, and its `rank` in the order of the wiring. Origins that no edge leads to are
            left out.
        """
        if (column, inside) not in self._origins:
            found = self._at_once(column)
            if inside:
                found = self._inside(column)
            self._origins[column, inside] = self._as_table(column, found)
        return self._origins[column, inside]

    def _inside(self, column: str) -> Iterator[Origin]:
        yield from self.inputs.get(column, ())
        if column != RECORD:
            yield Origin(SELF, RECORD, is_value=False)

    def _at_once(self, column: str) -> Iterator[Origin]:
        yield from direct(self.inputs, column)
        if column != RECORD:
            yield from only_deciding(direct(self.inputs, RECORD))

    def _as_table(self, column: str, origins: Iterable[Origin]) -> pd.DataFrame:
        each = list(once(origins))
        table = pd.DataFrame(each, columns=list(Origin._fields))
        table = table.rename(columns={"column": "source_column", "is_value": "into_value"})
        table["needed"] = [self._turn(origin) for origin in each]
        table["kind"] = [self._kind(origin) for origin in each]
        ranked = table.assign(column=column, rank=np.arange(len(table)))
        return ranked[ranked["kind"] != NO_EDGE]

    def _kind(self, origin: Origin) -> int:
        if origin.source == SELF:
            return SAME_DATASET
        return self.kinds.get((origin.source, origin.verb, origin.branch), NO_EDGE)

    def _turn(self, origin: Origin) -> int:
        if not origin.turn:
            return ANY_COLUMN
        return self.turns.get(origin.turn, NO_COLUMN)

    # ------------------------------------------------------------ groups
    @cached_property
    def _groups(self) -> dict[tuple[str, ...], pd.Series]:
        return {}

    def group(self, names: Sequence[str]) -> pd.Series:
        """A number for each record, the same where the columns are; one for all without columns.

        Args:
            names: of columns; those that are not known do not count.
        """
        known = tuple(name for name in names if self._knows(name))
        if known not in self._groups:
            self._groups[known] = self._grouped(known)
        return self._groups[known]

    def _knows(self, name: str) -> bool:
        return self.frame is not None and name in self.frame

    def _grouped(self, names: tuple[str, ...]) -> pd.Series:
        if self.frame is None:
            return pd.Series(0, index=pd.Index(self.parents["row"].unique()))
        if not names:
            return pd.Series(0, index=self.frame.index)
        return self.frame.groupby(list(names), dropna=False, observed=True, sort=False).ngroup()

    def flagged(self, flag: str) -> pd.Index:
        """The rows of the records that have Y in the column; all where it is not known."""
        if self.frame is None or flag not in self.frame:
            return self.group(()).index
        return self.frame.index[self.frame[flag].eq("Y").fillna(value=False).to_numpy(bool)]
