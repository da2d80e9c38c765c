"""Datasets as Apache Parquet: labels and formats as metadata of the fields, dates as dates.

Row groups have a fixed number of records and each is one piece of memory when it is written, so
that the bytes do not depend on how the records were cut.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from ..dataset import Dataset
from ..errors import ExportError
from ..metadata import DatasetSpec, Kind, Variable
from .fitting import fit_numbers
from .frames import (
    DAY_SECONDS,
    EPOCH,
    as_written,
    column_of,
    file_variables,
    microseconds,
    of_subject,
    with_lengths,
)
from .part_file import PartFile
from .protocol import Facts, Writer
from .table import Attributes, Table, as_text, repeated
from .values import numbers
from .xpt.cells import longest
from .xpt.cells import numbers as sas_numbers

GROUP = 1 << 17  # records of a row group
SCHEMA = "ARROW:schema"  # the name under which Arrow looks for what is said of the fields
TYPES: dict[Kind, pa.DataType] = {
    "date": pa.date32(),
    "datetime": pa.timestamp("us"),
    "time": pa.float64(),
    "number": pa.float64(),
}
KINDS: tuple[tuple[Callable[[pa.DataType], bool], Kind], ...] = (
    (pa.types.is_date, "date"),
    (pa.types.is_timestamp, "datetime"),
    (pa.types.is_time, "time"),
)  # what the numbers of a column are, by its type
TEXTS = (pa.types.is_string, pa.types.is_large_string, pa.types.is_boolean, pa.types.is_null)
_PER_SECOND = {"us": 10**6, "ns": 10**9}
_DAY_ZERO = int(EPOCH.astype("int64"))  # of SAS, in days since 1970


# ---------------------------------------------------------------- written
class Parquet:
    """Datasets as Apache Parquet files."""

    name = "parquet"
    suffix = ".parquet"
    keeps_text = True
    rules = "PARQUET-"

    def fit(self, dataset: Dataset) -> tuple[Dataset, pd.DataFrame]:
        """Text stays as it is.

        A number that is no finite double becomes missing (PARQUET-RANGE).
        """
        return fit_numbers(dataset, "PARQUET-RANGE")

    def as_held(self, texts: pd.Series) -> pd.Series:
        """The same texts."""
        return texts

    def write(self, path: Path, spec: DatasetSpec, _facts: Facts, /) -> Writer:
        """A new file; it says nothing of the study."""
        return ParquetFile(path, spec)

    def read(self, path: Path, spec: DatasetSpec, subject: str = "") -> pd.DataFrame:
        """The records of a file, or of one subject in it."""
        return of_subject(as_written(read_parquet(path).frame, spec, path), subject)


class ParquetFile(PartFile):
    """A Parquet file, written inside a `with` block."""

    def __init__(self, path: Path, spec: DatasetSpec) -> None:
        super().__init__(path)
        self._spec, self._variables = spec, file_variables(spec)
        self._schema = _schema(spec)
        self._waiting = self._schema.empty_table()
        texts = [v.name for v in self._variables if v.type == "Char"]
        self._longest = dict.fromkeys(texts, 0)

    @property
    def longest(self) -> Mapping[str, int]:
        """Bytes of the longest text of each Char variable so far."""
        return self._longest

    def shorten(self, lengths: Mapping[str, int]) -> None:
        """Say these lengths of the fields."""
        self._spec = with_lengths(self._spec, lengths)

    def begin(self) -> None:
        """What the fields are, without what is only known at the end."""
        with self.writing():
            self._writer = pq.ParquetWriter(self._stream, self._schema, store_schema=False)

    def finish(self) -> None:
        """The last records, and what is said of the fields."""
        schema = _schema(self._spec)
        said = {**schema.metadata, SCHEMA: base64.b64encode(schema.serialize())}
        with self.writing():
            self._write(len(self._waiting))
            self._writer.add_key_value_metadata(said)
            self._writer.close()

    def close(self) -> None:
        """The writer is closed before its stream, however the block ends."""
        try:
            with self.writing():
                self._writer.close()
        finally:
            super().close()

    def append(self, frame: pd.DataFrame) -> None:
        """Write records in their order; missing is null."""
        cells = [self._cells(frame, variable) for variable in self._variables]
        new = pa.Table.from_arrays(cells, schema=self._schema)
        self._waiting = pa.concat_tables([self._waiting, new])
        whole_groups = len(self._waiting) // GROUP * GROUP
        with self.writing():
            self._write(whole_groups)

    def _write(self, records: int) -> None:
        """Write the first of the records that wait, as many as these, in groups."""
        for start in range(0, records, GROUP):
            group = self._waiting.slice(start, min(GROUP, records - start))
            self._writer.write_table(group.combine_chunks(), row_group_size=GROUP)
        self._waiting = self._waiting.slice(records)

    def _cells(self, frame: pd.DataFrame, variable: Variable) -> pa.Array:
        column = column_of(frame, variable, self._spec.name)
        if variable.type == "Char":
            texts = pa.array(column.astype("str"), pa.string(), from_pandas=True)
            self._longest[variable.name] = max(self._longest[variable.name], longest(texts))
            return texts
        counts = pd.Series(sas_numbers(column, variable.kind))
        if variable.kind == "date":
            return _dates(counts)
        if variable.kind == "datetime":
            return _moments(counts)
        return pa.array(counts, pa.float64(), from_pandas=True)


def _schema(spec: DatasetSpec) -> pa.Schema:
    fields = []
    for variable in file_variables(spec):
        kind = TYPES[variable.kind]
        said = {"label": variable.label, "format": variable.format}
        if variable.type == "Char":
            kind = pa.string()
            said["length"] = str(variable.length)
        fields.append(pa.field(variable.name, kind, metadata=said))
    return pa.schema(fields, metadata={"name": spec.name, "label": spec.label})


def _dates(days: pd.Series) -> pa.Array:
    """Days since 1960 as dates."""
    since_1970 = days + _DAY_ZERO
    return pa.array(since_1970.astype("Int32"), pa.int32(), from_pandas=True).cast(pa.date32())


def _moments(seconds: pd.Series) -> pa.Array:
    """Seconds since 1960 as moments, to the microsecond."""
    since_1970 = microseconds(seconds) + _DAY_ZERO * DAY_SECONDS * _PER_SECOND["us"]
    return pa.array(since_1970, pa.int64(), from_pandas=True).cast(pa.timestamp("us"))


# ---------------------------------------------------------------- read
def _nothing() -> pd.Series:
    return pd.Series(dtype="str", index=pd.Index([], dtype="int64"))


@dataclass(frozen=True)
class _Column:
    """The cells of a column, what is said of it, and what it holds beside doubles, by row."""

    cells: pd.Series
    said: Attributes
    odd: pd.Series = field(default_factory=_nothing)


def read_parquet(path: Path) -> Table:
    """The dataset of a Parquet file, of this program or of another.

    Text is text; numbers are float64; dates, moments and times become the numbers that SAS counts.
    ExportError where the file cannot be read, or a column is none of these.
    """
    try:
        found = pq.read_table(path)
    except (OSError, pa.ArrowException) as error:
        reason = str(error).splitlines()[0]
        raise ExportError(f"{path}: cannot be read as Parquet: {reason}") from error
    variables, cells, odd = {}, {}, {}
    for name in _names(path, found.schema):
        column = _column(path, found, name)
        variables[name], cells[name] = column.said, column.cells
        if len(column.odd):
            odd[name] = column.odd
    said = _metadata(found.schema)
    return Table(
        path.name,
        path.stem.upper(),
        said.get("label"),
        variables,
        pd.DataFrame(cells),
        title=said.get("name"),
        odd=odd,
    )


def _names(path: Path, schema: pa.Schema) -> list[str]:
    """The columns of a file; an index of pandas is none."""
    names = [name for name in schema.names if not name.startswith("__index_level_")]
    if not names:
        raise ExportError(f"{path}: has no columns")
    if twice := repeated(names):
        raise ExportError(f"{path}: has {', '.join(twice)} more than once")
    return names


def _metadata(holder: pa.Schema | pa.Field) -> dict[str, str]:
    """What is said of a file or a column, as text."""
    return {key.decode(): value.decode() for key, value in (holder.metadata or {}).items()}


def _column(path: Path, table: pa.Table, name: str) -> _Column:
    known, values = table.schema.field(name), table[name]
    if pa.types.is_dictionary(known.type):
        values = values.cast(known.type.value_type)
    said = _said(known, values.type)
    if said.type == "Char":
        return _Column(_as_text(values), said)
    if pa.types.is_decimal(values.type):
        return _of_digits(_as_text(values), said)
    if pa.types.is_integer(values.type):
        return _of_digits(_as_text(values), said)
    cells = _as_counts(values)
    if cells is None:
        raise ExportError(f"{path}: {name} is of type {values.type}, which no dataset has")
    return _Column(cells, said)


def _said(column: pa.Field, kind: pa.DataType) -> Attributes:
    """The attributes of a column.

    Label, format and length as this program writes them, and what its type says.
    """
    known = _metadata(column)
    data_type = "Num"
    if any(is_text(kind) for is_text in TEXTS):
        data_type = "Char"
    length = None
    if known.get("length", "").isdecimal():
        length = int(known["length"])
    said = Attributes.of(data_type, length, known.get("label", ""), known.get("format", ""))
    for is_kind, date in KINDS:
        if is_kind(kind):
            return replace(said, date=date)
    return said


def _as_text(values: pa.ChunkedArray) -> pd.Series:
    return as_text(values.cast(pa.string()).to_pandas().astype("str"))


def _of_digits(texts: pd.Series, said: Attributes) -> _Column:
    """Numbers that are exact in the file.

    Those that no double is are kept as text beside the column.
    """
    found = numbers(texts, "number")
    return _Column(found, said, texts[texts.notna() & found.isna()])


def _as_counts(values: pa.ChunkedArray) -> pd.Series | None:
    """Floats, and dates and times as SAS counts them; nothing for another type."""
    kind = values.type
    if pa.types.is_floating(kind):
        return pd.Series(values.cast(pa.float64()).to_pandas())
    if pa.types.is_date(kind):
        days = values.cast(pa.date32()).cast(pa.int32()).to_pandas()
        return pd.Series(days, dtype="float64") - _DAY_ZERO
    if pa.types.is_timestamp(kind) and kind.tz is None:
        return _seconds(values, pa.timestamp, since=_DAY_ZERO * DAY_SECONDS)
    if pa.types.is_time(kind):
        return _seconds(values, pa.time64, since=0)
    return None


def _seconds(
    values: pa.ChunkedArray, type_of: Callable[[str], pa.DataType], since: int
) -> pd.Series:
    """Moments or times as seconds since a second of 1970; as exact as a double is."""
    unit = "us"  # also of what is counted in seconds or milliseconds
    if values.type.unit == "ns":
        unit = "ns"
    whole = values.cast(type_of(unit)).cast(pa.int64()).to_pandas(integer_object_nulls=True)
    counts = pd.Series(whole, dtype="Int64")
    per_second = _PER_SECOND[unit]
    return ((counts - since * per_second) / per_second).astype("float64")
