"""What every format of datasets can do.

Say what it cannot hold, write part by part, and read again.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

import pandas as pd

from ..dataset import Dataset
from ..errors import ExportError
from ..metadata import DatasetSpec


@dataclass(frozen=True)
class Facts:
    """What a file says of the study that its dataset belongs to.

    study   its id
    cutoff  data cut-off as ISO 8601 date, the moment in the file
    """

    study: str
    cutoff: str


class Writer(Protocol):
    """A file that takes its records part by part, inside a `with` block.

    The same records make the same bytes however they are cut. Nothing is at its path until the
    block ends well.
    """

    @property
    def longest(self) -> Mapping[str, int]:
        """How long the longest text of each text variable is so far, as the format counts it.

        0 where there is none; nothing at all where the format says no lengths.
        """

    def shorten(self, lengths: Mapping[str, int]) -> None:
        """Say these lengths of text variables when the block ends, in place of those of the spec.

        Args:
            lengths: by variable; none is shorter than its longest text, or longer than in the spec.
        """

    def __enter__(self) -> Self:
        """Open the file.

        Raises:
            ExportError: it cannot be written.
        """

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Put the file in its place, or remove what there is of it."""

    def append(self, frame: pd.DataFrame) -> None:
        """Write records in their order.

        Args:
            frame: with a column for each variable of the file; columns that are not the spec's stay
                out, and missing is what the format has for it.

        Raises:
            ExportError: a variable has no column, a cell does not fit, or the system cannot write.
        """


class Format(Protocol):
    """One format of datasets.

    name        as `--format` has it
    suffix      of its files, with the point
    keeps_text  any text comes back from it as it was
    rules       how the names of the rules begin that say what it cannot hold
    """

    @property
    def name(self) -> str: ...
    @property
    def suffix(self) -> str: ...
    @property
    def keeps_text(self) -> bool: ...
    @property
    def rules(self) -> str: ...

    def fit(self, dataset: Dataset) -> tuple[Dataset, pd.DataFrame]:
        """The dataset as the format can hold it.

        Args:
            dataset: it is not changed.

        Returns:
            The dataset, itself where nothing had to be changed, with the same index; and one
            finding for each cell and rule that changed it. Missing stays missing.
        """

    def as_held(self, texts: pd.Series) -> pd.Series:
        """Texts in the letters that the format holds, whatever their length.

        Args:
            texts: a column of text.

        Returns:
            The column with the same index; missing stays missing.
        """

    def write(self, path: Path, spec: DatasetSpec, facts: Facts, /) -> Writer:
        """A new file for datasets of this spec.

        Args:
            path: of the file.
            spec: of the dataset.
            facts: what the file says of the study, where the format has a place for it.

        Returns:
            The file, to be opened by `with`.

        Raises:
            ExportError: the format cannot hold the spec.
        """

    def read(self, path: Path, spec: DatasetSpec, subject: str = "") -> pd.DataFrame:
        """The records of a file as the frame that they were written from.

        Args:
            path: of the file.
            spec: of the dataset.
            subject: a USUBJID, whose records alone are given; empty: all.

        Returns:
            A column for each variable of the file, in the order of the spec; the index is the
            number of the record in the file. Char is str, and text without a character is missing.
            Num is float64; dates and datetimes by the format of the spec are datetime64[us].

        Raises:
            ExportError: the file cannot be read, or has not just the spec's columns.
            RawError: a CSV file cannot be read.
        """


def moment(cutoff: str) -> datetime:
    """The moment that files say they were made at.

    Args:
        cutoff: the data cut-off as ISO 8601 date.

    Returns:
        Its midnight, or SOURCE_DATE_EPOCH (seconds, UTC) where that is set.

    Raises:
        ExportError: the cut-off is not a date, or SOURCE_DATE_EPOCH not a number of seconds.
    """
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    try:
        if epoch:
            return datetime.fromtimestamp(int(epoch), UTC)
        return datetime.combine(date.fromisoformat(cutoff), datetime.min.time())
    except (ValueError, OverflowError, OSError) as error:
        if epoch:
            reason = f'SOURCE_DATE_EPOCH "{epoch}" is not a number of seconds'
        else:
            reason = f'data cut-off "{cutoff}" is not a date as 2024-12-31'
        raise ExportError(reason) from error
