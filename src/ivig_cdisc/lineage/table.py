"""One dataset prepared for walking.

Its edges by numbers, the origins of its columns, groups of its records.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import pandas as pd

from .links import Codes, expanded
from .origins import RECORD, SELF, Inputs, Origin, direct, once, only_deciding

SAME_DATASET = -1  # instead of a kind of edge: the origin is a cell of the dataset itself
NO_EDGE = -2  # the origin is of a kind that no record has
ANY_COLUMN = -2  # instead of the code of a source column: the edge may be of whichever
NO_COLUMN = -3  # the origin is of a source column that became no record
PARENTS = {"row": "int64", "kind": "int64", "source_row": "int64", "turn": "int64"}
Group = tuple[tuple[str, ...], str]  # columns in which its records are alike, and their flag


class Steps(NamedTuple):
    """The origins of columns as numbers, one row per origin."""

    source: np.ndarray
    source_column: np.ndarray
    into_value: np.ndarray
    kind: np.ndarray  # of the edges that lead to it, or SAME_DATASET
    needed: np.ndarray  # code of the column that became the row, or ANY_COLUMN
    group: np.ndarray  # number of the group; -1 where it is of the record alone
    rank: np.ndarray  # in the order of the wiring

    def at(self, chosen: np.ndarray) -> Steps:
        """Some of the origins, by their positions."""
        return Steps(*[array[chosen] for array in self])


@dataclass(frozen=True)
class DatasetTable:
    """What the walk knows of one dataset.

    name    of the dataset
    codes   numbers of names, the same for the whole walk
    inputs  origins of every column
    edges   columns of dataset.EDGES; None where the dataset is not there
    frame   its values; None where they are not known
    """

    name: str
    codes: Codes
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
    def _parents(self) -> pd.DataFrame:
        """PARENTS of every record, in the order of rows and kinds.

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
        every = pd.DataFrame(columns).astype(PARENTS).drop_duplicates()
        return every.sort_values(["row", "kind"], kind="stable", ignore_index=True)

    @cached_property
    def _places(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Of the parents one number for row and kind, in order; rows of sources, and turns."""
        number = self._parents["row"].to_numpy() * self._spread + self._parents["kind"].to_numpy()
        return number, self._parents["source_row"].to_numpy(), self._parents["turn"].to_numpy()

    @cached_property
    def _spread(self) -> int:
        return max(len(self.kinds), 1)

    def parents(
        self, row: np.ndarray, kind: np.ndarray, needed: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """The rows of the sources to which edges of a kind lead.

        Args:
            row: of a record of this dataset.
            kind: of the edge.
            needed: code of the column that the record must have become of, or ANY_COLUMN.

        Returns:
            The positions of what was asked, once for each parent, and beside them its row.
        """
        number, source_row, turn = self._places
        asked = row * self._spread + kind
        first = np.searchsorted(number, asked, side="left")
        after = np.searchsorted(number, asked, side="right")
        entries, places = expanded(first, after - first)
        wanted = needed[entries]
        is_needed = (wanted == ANY_COLUMN) | (wanted == turn[places])
        return entries[is_needed], source_row[places[is_needed]]

    # ------------------------------------------------------------ origins
    @cached_property
    def _steps(self) -> dict[tuple[str, bool], Steps]:
        return {}

    def steps(self, column: str, *, inside: bool) -> Steps:
        """Origins of a column, made once.

        Args:
            column: of this dataset, or RECORD.
            inside: step by step through the columns of the dataset, else at once.

        Returns:
            The origins as numbers; those that no edge leads to are left out.
        """
        if (column, inside) not in self._steps:
            found = self._at_once(column)
            if inside:
                found = self._inside(column)
            self._steps[column, inside] = self._as_steps(found)
        return self._steps[column, inside]

    def _inside(self, column: str) -> Iterator[Origin]:
        yield from self.inputs.get(column, ())
        if column != RECORD:
            yield Origin(SELF, RECORD, is_value=False)

    def _at_once(self, column: str) -> Iterator[Origin]:
        yield from direct(self.inputs, column)
        if column != RECORD:
            yield from only_deciding(direct(self.inputs, RECORD))

    def _as_steps(self, origins: Iterable[Origin]) -> Steps:
        rows = []
        for rank, origin in enumerate(once(origins)):
            kind = self._kind(origin)
            if kind != NO_EDGE:
                source = self.codes.number(origin.source or self.name)
                column = self.codes.number(origin.column)
                turn, group = self._turn(origin), self._group_number(origin)
                rows.append((source, column, origin.is_value, kind, turn, group, rank))
        numbers = np.array(rows, dtype="int64").reshape(-1, len(Steps._fields))
        steps = Steps(*numbers.T)
        return steps._replace(into_value=steps.into_value.astype(bool))

    def _group_number(self, origin: Origin) -> int:
        if origin.groups is None:
            return -1
        group = (origin.groups, origin.flag)
        if group not in self._asked_groups:
            self._asked_groups.append(group)
        return self._asked_groups.index(group)

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
    def _asked_groups(self) -> list[Group]:
        return []

    @cached_property
    def _members(self) -> dict[Group, tuple[pd.Series, np.ndarray, np.ndarray]]:
        return {}

    def members(self, number: int, row: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The records of the group of each record.

        Args:
            number: of the group, in Steps.
            row: of a record.

        Returns:
            The positions of what was asked, once for each record of its group, and beside them that
            record's row. A record that is not there is in no group.
        """
        groups, flag = self._asked_groups[number]
        asked = tuple(name for name in groups if self._knows(name)), flag
        if asked not in self._members:
            self._members[asked] = self._listed(*asked)
        numbers, of_group, rows = self._members[asked]
        group = numbers.reindex(row, fill_value=-1).to_numpy("int64")
        first = np.searchsorted(of_group, group, side="left")
        after = np.searchsorted(of_group, group, side="right")
        entries, places = expanded(first, after - first)
        return entries, rows[places]

    def _listed(
        self, names: tuple[str, ...], flag: str
    ) -> tuple[pd.Series, np.ndarray, np.ndarray]:
        """The group of each record; and groups in order, with the rows of each one's members."""
        numbers = self._grouped(names)
        counted = numbers
        if flag:
            counted = numbers[numbers.index.isin(self._flagged(flag))]
        ordered = counted.sort_values(kind="stable")
        return numbers, ordered.to_numpy("int64"), ordered.index.to_numpy("int64")

    def _knows(self, name: str) -> bool:
        return self.frame is not None and name in self.frame

    def _grouped(self, names: tuple[str, ...]) -> pd.Series:
        if self.frame is None:
            return pd.Series(0, index=pd.Index(self._parents["row"].unique()))
        if not names:
            return pd.Series(0, index=self.frame.index)
        return self.frame.groupby(list(names), dropna=False, observed=True, sort=False).ngroup()

    def _flagged(self, flag: str) -> pd.Index:
        """The rows of the records that have Y in the column; all where it is not known."""
        if self.frame is None or flag not in self.frame:
            return self._grouped(()).index
        return self.frame.index[self.frame[flag].eq("Y").fillna(value=False).to_numpy(bool)]
