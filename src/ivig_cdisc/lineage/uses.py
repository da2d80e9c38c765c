"""Which datasets took which raw records, and how many records went the same way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..dataset import Dataset
from ..metadata import Study
from .entries import Status

BITS = 64  # of one number


@dataclass(frozen=True)
class Use:
    """The records of one form that went into one dataset.

    lines   of the raw file, each once
    mapped  whether the line became a record of a dataset that is written; others were looked up, or
            became records of an internal dataset
    """

    form: str
    dataset: str
    lines: np.ndarray
    mapped: np.ndarray


def used(datasets: Mapping[str, Dataset], study: Study) -> list[Use]:
    """The raw records that went into these datasets of some subjects.

    Args:
        datasets: those that were made, by name.
        study: the specs.
    """
    found: list[Use] = []
    for dataset in datasets.values():
        found += _by_form(dataset, study)
    return found


def _by_form(dataset: Dataset, study: Study) -> Iterator[Use]:
    edges = dataset.lineage
    source = edges["source"].cat
    lines = edges["source_row"].to_numpy()
    became = (edges["verb"] == "take").to_numpy() & (not dataset.spec.internal)
    for code, form in enumerate(source.categories):
        if form in study.forms:
            here = (source.codes == code).to_numpy()
            distinct = np.unique(lines[here])
            mapped = np.isin(distinct, lines[here & became])
            yield Use(str(form), dataset.name, distinct, mapped)


def counted(lines: pd.Index, uses: Sequence[Use]) -> Iterator[tuple[Status, str, int]]:
    """How many records went which way.

    Args:
        lines: all records of one form.
        uses: what is used of that form; a record that is in none of them is not counted.

    Returns:
        Status, datasets ("AE, SUPPAE") and number of records; those that are mapped first, then in
        the order of the datasets.
    """
    names = sorted({use.dataset for use in uses})
    mapped, read = DatasetSets(len(lines), names), DatasetSets(len(lines), names)
    for use in uses:
        records = lines.get_indexer(pd.Index(use.lines))
        mapped.add(records[use.mapped], use.dataset)
        read.add(records, use.dataset)
    read.clear(mapped.is_filled())
    for status, sets in ((Status.MAPPED, mapped), (Status.DERIVATION_ONLY, read)):
        for datasets, count in sorted(sets.counts().items()):
            yield status, datasets, count


class DatasetSets:
    """A set of datasets for each of many records: one bit for each dataset.

    Records are counted from 0. Of more than 64 datasets, a record has several numbers.
    """

    def __init__(self, records: int, datasets: Sequence[str]) -> None:
        self._datasets = list(datasets)
        self._bits = np.zeros((len(datasets) // BITS + 1, records), dtype="uint64")

    def add(self, records: np.ndarray, dataset: str) -> None:
        """Add the dataset to the sets of these records, each of which is given once."""
        number, bit = divmod(self._datasets.index(dataset), BITS)
        self._bits[number, records] |= np.uint64(1 << bit)

    def clear(self, records: np.ndarray) -> None:
        """Empty the sets of these records, given by a mask."""
        self._bits[:, records] = 0

    def is_filled(self) -> np.ndarray:
        """A mask of the records whose set is not empty."""
        return np.asarray(self._bits.any(axis=0))

    def counts(self) -> dict[str, int]:
        """How many records have the same set, by its datasets: "AE, SUPPAE".

        Empty ones are left out.
        """
        filled = pd.DataFrame(self._bits[:, self.is_filled()].T)
        same = filled.value_counts()
        names = [self._named(numbers) for numbers in same.index]
        return dict(zip(names, same.tolist(), strict=True))

    def _named(self, numbers: Sequence[int]) -> str:
        found = []
        for place, dataset in enumerate(self._datasets):
            number, bit = divmod(place, BITS)
            if int(numbers[number]) >> bit & 1:
                found.append(dataset)
        return ", ".join(found)
