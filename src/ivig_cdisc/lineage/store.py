"""Row parents beside the data: one Parquet file per dataset, columns as dataset.EDGES."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from ..dataset import EDGES
from ..errors import ExportError

GROUP = 1 << 16  # edges per row group: fixed, as the bytes must not tell how the study was cut
NUMBERS = [name for name, kind in EDGES.items() if kind == "int64"]
TEXTS = [name for name, kind in EDGES.items() if kind == "category"]
ARROW = {"int64": pa.int64(), "category": pa.string()}
SCHEMA = pa.schema([(name, ARROW[kind]) for name, kind in EDGES.items()])


class EdgeFile:
    """A file of edges that takes them part by part; the same bytes however they are cut.

    Every row group has `group` edges, but for the last, and is written from one piece of memory.
    Numbers are encoded by their differences and text by a dictionary, never by whichever of the two
    happens to fit: that would depend on how many edges came at once.
    """

    def __init__(self, path: Path, group: int = GROUP) -> None:
        self._group = group
        self._waiting: list[pa.Table] = []
        self._writer = pq.ParquetWriter(
            path,
            SCHEMA,
            use_dictionary=TEXTS,
            column_encoding=dict.fromkeys(NUMBERS, "DELTA_BINARY_PACKED"),
        )

    def append(self, edges: pd.DataFrame) -> None:
        """Add edges, columns as dataset.EDGES, after those before."""
        columns = [_arrow(edges[name]) for name in EDGES]
        self._waiting.append(pa.Table.from_arrays(columns, schema=SCHEMA))
        if sum(map(len, self._waiting)) >= self._group:
            self._write_groups()

    def close(self) -> None:
        """Write what waits."""
        self._write_groups()
        for rest in self._waiting:
            self._writer.write_table(rest.combine_chunks())
        self._writer.close()

    def _write_groups(self) -> None:
        """Write all that fills row groups; the rest waits."""
        table = pa.concat_tables([SCHEMA.empty_table(), *self._waiting])
        ready = len(table) - len(table) % self._group
        for start in range(0, ready, self._group):
            group = table.slice(start, self._group).combine_chunks()
            self._writer.write_table(group, row_group_size=self._group)
        rest = table.slice(ready)
        self._waiting = []
        if len(rest):
            self._waiting.append(rest)


def _arrow(column: pd.Series) -> pa.Array:
    """The column for the file; text by its codes, so that each word is converted once."""
    if not isinstance(column.dtype, pd.CategoricalDtype):
        return pa.array(column.to_numpy("int64"))
    codes = column.cat.codes.to_numpy("int32")
    words = pa.array(column.cat.categories.astype("object"), pa.string())
    missing = codes < 0
    return pa.DictionaryArray.from_arrays(pa.array(codes, mask=missing), words).cast(pa.string())


def shifted(edges: pd.DataFrame, row: int, sources: Mapping[str, int]) -> pd.DataFrame:
    """The edges with rows that count from the first subject of the study, not of the part.

    Args:
        edges: columns of dataset.EDGES.
        row: number of the first row of the part in the whole dataset.
        sources: the same of each dataset that rows come from; lines of raw forms stay.

    Returns:
        The edges in their order, columns as dataset.EDGES.
    """
    source = edges["source"].cat
    before = np.array([sources.get(str(name), 0) for name in source.categories], dtype="int64")
    source_row = edges["source_row"].to_numpy()
    if len(before):
        source_row = source_row + before[source.codes.to_numpy()]
    return edges.assign(row=edges["row"].to_numpy() + row, source_row=source_row)


def read_edges(path: Path, rows: Sequence[int] | None = None) -> pd.DataFrame:
    """The edges of one dataset as Dataset.lineage has them.

    Args:
        path: the file.
        rows: only the edges of these rows; the file is read no further than they need.

    Returns:
        Columns as dataset.EDGES, text as categories in their order.

    Raises:
        ExportError: the file cannot be read.
    """
    wanted = None
    if rows is not None:
        wanted = [("row", "in", list(rows))]
    try:
        frame = pq.read_table(path, filters=wanted, read_dictionary=TEXTS).to_pandas()
        columns = {name: frame[name] for name in EDGES}
        for name in TEXTS:
            columns[name] = _sorted(frame[name])
        return pd.DataFrame(columns)
    except (OSError, KeyError, ValueError) as error:  # pyarrow's own are ValueErrors
        message = f"{path} cannot be read as lineage ({error}); convert the study again"
        raise ExportError(message) from error


def _sorted(column: pd.Series) -> pd.Series:
    """The column with its words in order, and none that does not occur."""
    words = column.cat.remove_unused_categories()
    return words.cat.reorder_categories(sorted(words.cat.categories))


def no_edges() -> pd.DataFrame:
    """Edges of no row, columns as dataset.EDGES."""
    return pd.DataFrame(columns=list(EDGES)).astype(EDGES)
