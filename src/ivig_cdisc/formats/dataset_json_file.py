"""Datasets as Dataset-JSON 1.1, one document or NDJSON.

What a file says of its records (how many there are, whether all numbers of a column are whole, how
long its text is) stands before them. So records are written to a file beside it, and follow when
all are known.

Source: CDISC Dataset-JSON 1.1, Top-level Metadata Attributes, Column Metadata and NDJSON
Representation.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

import numpy as np
import orjson
import pandas as pd

from ..dataset import Dataset
from ..errors import ExportError
from ..metadata import DatasetSpec, Variable
from .dataset_json import read_json, read_ndjson
from .fitting import fit_numbers
from .frames import as_written, column_of, file_variables, of_subject
from .part_file import PartFile
from .protocol import Facts, Writer, moment
from .values import EXACT, digits, written
from .xpt.cells import numbers

PROGRAM = "ivig-cdisc"
VERSION = "1.1.0"
AT_ONCE = 1 << 16  # records that are encoded together: bounds memory


# ---------------------------------------------------------------- formats
class DatasetJson:
    """Datasets as Dataset-JSON 1.1: one JSON document each."""

    name = "dataset-json"
    suffix = ".json"
    keeps_text = True
    rules = "JSON-"

    def fit(self, dataset: Dataset) -> tuple[Dataset, pd.DataFrame]:
        """Text stays as it is; a number that is no finite double becomes missing (JSON-RANGE)."""
        return fit_numbers(dataset, "JSON-RANGE")

    def as_held(self, texts: pd.Series) -> pd.Series:
        """The same texts."""
        return texts

    def write(self, path: Path, spec: DatasetSpec, facts: Facts, /) -> Writer:
        """A new file."""
        return JsonFile(path, spec, facts)

    def read(self, path: Path, spec: DatasetSpec, subject: str = "") -> pd.DataFrame:
        """The records of a file, or of one subject in it."""
        return of_subject(as_written(read_json(path).frame, spec, path), subject)


class Ndjson(DatasetJson):
    """Datasets as NDJSON, one line for the metadata and one for each record."""

    name = "ndjson"
    suffix = ".ndjson"

    def write(self, path: Path, spec: DatasetSpec, facts: Facts, /) -> Writer:
        """A new file."""
        return NdjsonFile(path, spec, facts)

    def read(self, path: Path, spec: DatasetSpec, subject: str = "") -> pd.DataFrame:
        """The records of a file, or of one subject in it."""
        return of_subject(as_written(read_ndjson(path).frame, spec, path), subject)


# ---------------------------------------------------------------- files
class JsonFile(PartFile):
    """One JSON document, written inside a `with` block."""

    between = b",\n"
    behind = b"\n]}\n"

    def __init__(self, path: Path, spec: DatasetSpec, facts: Facts) -> None:
        super().__init__(path)
        self._spec, self._facts = spec, facts
        self._made = moment(facts.cutoff).isoformat()
        self._columns = [_Column(variable, spec) for variable in file_variables(spec)]
        self._records = 0

    @property
    def longest(self) -> Mapping[str, int]:
        """Characters of the longest text of each Char variable so far."""
        return {column.name: column.longest for column in self._columns if column.is_text}

    def shorten(self, lengths: Mapping[str, int]) -> None:
        """Say these lengths of the columns."""
        for column in self._columns:
            if column.name in lengths:
                column.length = lengths[column.name]

    def begin(self) -> None:
        """A place for the records, which come behind what is said of them."""
        self._rows: IO[bytes] = TemporaryFile(dir=self.path.parent)  # noqa: SIM115  see `close`

    def close(self) -> None:
        """The place for the records is gone."""
        super().close()
        self._rows.close()

    def append(self, frame: pd.DataFrame) -> None:
        """Write records in their order; missing is null."""
        for start in range(0, len(frame), AT_ONCE):
            part = frame.iloc[start : start + AT_ONCE]
            lines = self.between.join(self._lines(part))
            with self.writing():
                if self._records:
                    self._rows.write(self.between)
                self._rows.write(lines)
            self._records += len(part)

    def finish(self) -> None:
        """What is said of the records, and then all of them."""
        self.write(self.head(orjson.dumps(self._metadata())))
        with self.writing():
            self._rows.seek(0)
            shutil.copyfileobj(self._rows, self._stream)
        self.write(self.behind)

    def head(self, metadata: bytes) -> bytes:
        """What stands before the records: the metadata, without the bracket that closes them."""
        return metadata.removesuffix(b"}") + b',"rows":[\n'

    def _metadata(self) -> dict[str, Any]:
        """The attributes of the dataset, in the order that the standard recommends."""
        return {
            "datasetJSONCreationDateTime": self._made,
            "datasetJSONVersion": VERSION,
            "sourceSystem": {"name": PROGRAM, "version": version(PROGRAM)},
            "studyOID": self._facts.study,
            "itemGroupOID": f"IG.{self._spec.name}",
            "records": self._records,
            "name": self._spec.name,
            "label": self._spec.label,
            "columns": [column.attributes() for column in self._columns],
        }

    def _lines(self, frame: pd.DataFrame) -> Iterator[bytes]:
        """Each record as a JSON array."""
        cells = [column.cells(frame) for column in self._columns]
        try:
            yield from map(orjson.dumps, zip(*cells, strict=True))
        except orjson.JSONEncodeError as error:
            raise ExportError(f"{self._spec.name}: a text is not valid Unicode: {error}") from error


class NdjsonFile(JsonFile):
    """NDJSON, written inside a `with` block."""

    between = b"\n"
    behind = b"\n"

    def head(self, metadata: bytes) -> bytes:
        """The first line."""
        return metadata + b"\n"


# ---------------------------------------------------------------- columns
class _Column:
    """One column of a file, and what is known of the values that it was given so far."""

    def __init__(self, variable: Variable, spec: DatasetSpec) -> None:
        self._variable, self._dataset = variable, spec.name
        self._place = 0  # among the keys, counted from 1
        if variable.name in spec.keys:
            self._place = spec.keys.index(variable.name) + 1
        self.name, self.length = variable.name, variable.length
        self.is_text = variable.type == "Char"
        self.longest = 0  # characters
        self._whole = True

    def cells(self, frame: pd.DataFrame) -> list[Any]:
        """The values as they stand in JSON."""
        column = column_of(frame, self._variable, self._dataset)
        if self._variable.type == "Char":
            return self._texts(column.astype("str"))
        counts = pd.Series(numbers(column, self._variable.kind))
        if self._variable.kind == "number":
            return self._numbers(counts)
        return _objects(written(counts, self._variable.kind))

    def _texts(self, values: pd.Series) -> list[Any]:
        lengths = values.str.len().fillna(0)
        self.longest = max(self.longest, int(lengths.max()))
        return _objects(values)

    def _numbers(self, values: pd.Series) -> list[Any]:
        """Each distinct number is put into digits once.

        The shortest that read back as the same double.
        """
        codes, distinct = pd.factorize(values)
        whole = (distinct % 1 == 0) & (np.abs(distinct) <= EXACT)
        self._whole &= bool(whole.all())
        table = np.empty(len(distinct) + 1, object)  # missing has code -1: None, the last
        table[:-1] = [orjson.Fragment(digits(number)) for number in distinct]
        return list(table[codes])

    def attributes(self) -> dict[str, Any]:
        """What the file says of the column, in the order that the standard recommends."""
        variable = self._variable
        said: dict[str, Any] = {
            "itemOID": f"IT.{self._dataset}.{variable.name}",
            "name": variable.name,
            "label": variable.label,
            "dataType": self._data_type(),
        }
        if variable.kind != "number":
            said["targetDataType"] = "integer"
        if variable.type == "Char":
            said["length"] = max(self.length, self.longest)
        if variable.format:
            said["displayFormat"] = variable.format
        if self._place:
            said["keySequence"] = self._place
        return said

    def _data_type(self) -> str:
        """Text, also of dates that may be partial; dates and times that are numbers to SAS.

        Or kinds of numbers.
        """
        if self._variable.type == "Char":
            return "string"
        if self._variable.kind != "number":
            return self._variable.kind
        if self._whole:
            return "integer"
        return "float"


def _objects(values: pd.Series) -> list[Any]:
    """Text, and None for missing."""
    return list(values.astype("object").where(values.notna(), None))
