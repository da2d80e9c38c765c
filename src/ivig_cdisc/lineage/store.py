"""Row parents beside the data: one Parquet file per dataset, columns as dataset.EDGES."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from ..dataset import EDGES
from ..errors import ExportError

GROUP = (
    1 << 18
)  # edges per row group: fixed, so that the file does not depend on how the study was cut
SCHEMA = pa.schema(
    [(name, pa.int64() if kind == "int64" else pa.string()) for name, kind in EDGES.items()]
)


class EdgeFile:
    """A file of edges that takes them part by part; the same bytes however they are cut."""

    def __init__(self, path: Path) -> None:
        self._writer = pq.ParquetWriter(path, SCHEMA)
        self._waiting: list[pa.Table] = []

    def append(self, edges: pd.DataFrame) -> None:
        plain = edges.astype({name: "str" for name, kind in EDGES.items() if kind == "category"})
        self._waiting.append(pa.Table.from_pandas(plain, SCHEMA, preserve_index=False))
        if sum(len(table) for table in self._waiting) >= GROUP:
            self._flush(whole=True)

    def close(self) -> None:
        self._flush(whole=False)
        self._writer.close()

    def _flush(self, *, whole: bool) -> None:
        """Write what fills row groups; the rest waits, or is written too at the end."""
        table = pa.concat_tables(self._waiting) if self._waiting else SCHEMA.empty_table()
        ready = len(table) - len(table) % GROUP if whole else len(table)
        for start in range(0, ready, GROUP):
            self._writer.write_table(
                table.slice(start, min(GROUP, ready - start)), row_group_size=GROUP
            )
        self._waiting = [table.slice(ready)]


def read_edges(path: Path) -> pd.DataFrame:
    """The edges of one dataset as Dataset.lineage has them; ExportError where the file cannot be read."""
    try:
        frame = pq.read_table(path).to_pandas()
        return pd.DataFrame({name: frame[name].astype(kind) for name, kind in EDGES.items()})
    except (OSError, KeyError, ValueError) as error:  # pyarrow's own are ValueErrors
        raise ExportError(
            f"{path} cannot be read as lineage ({error}); convert the study again"
        ) from error


def no_edges() -> pd.DataFrame:
    """Edges of no row."""
    return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in EDGES.items()})
