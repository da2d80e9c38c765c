"""Datasets as files: a module for each format, and a line in FORMATS.

None knows the folder that its files are in.

Format       what each can do: fit (make every cell fit and report what it changed), write, read
reading      any dataset file or folder, of whatever origin, as tables that can be compared
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ..errors import ExportError
from ..text import several, suggest
from .csv_file import Csv
from .dataset_json_file import DatasetJson, Ndjson
from .frames import no_records
from .parquet_file import Parquet
from .protocol import Facts, Format, Writer
from .xpt import Xpt, same_subjects

FORMATS: Mapping[str, Format] = {
    "xpt": Xpt(),
    "dataset-json": DatasetJson(),
    "ndjson": Ndjson(),
    "csv": Csv(),
    "parquet": Parquet(),
}


def known_formats(names: str | Iterable[str]) -> tuple[str, ...]:
    """The formats of these names.

    Args:
        names: as `--format` has them; blanks around one and capitals do not matter.

    Returns:
        Each once, in the order of FORMATS.

    Raises:
        ExportError: there is no format of a name, or no name.
    """
    given = [name.strip().lower() for name in several(names)]
    known = ", ".join(FORMATS)
    for name in given:
        if name not in FORMATS:
            reason = f"there is no format {name}{suggest(name, FORMATS)}"
            raise ExportError(f"{reason}; known are {known}")
    if not given:
        raise ExportError(f"no format is named; known are {known}")
    return tuple(name for name in FORMATS if name in given)


__all__ = ["FORMATS", "Facts", "Format", "Writer", "known_formats", "no_records", "same_subjects"]
