"""SAS XPORT version 5: the format of submissions.

fit, write, read     a dataset as the format holds it, as a file, and back
same_subjects        which subjects become one as the format holds ASCII only
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from ...dataset import Dataset
from ...metadata import DatasetSpec
from ..protocol import Facts, Writer
from . import spelling
from .dataset import read
from .fit import fit
from .identity import same_subjects
from .writer import XptFile, write

__all__ = ["Xpt", "XptFile", "fit", "read", "same_subjects", "write"]


class Xpt:
    """Datasets as SAS XPORT version 5 files."""

    name = "xpt"
    suffix = ".xpt"
    keeps_text = False
    rules = "XPT-"

    def fit(self, dataset: Dataset) -> tuple[Dataset, pd.DataFrame]:
        """Text as printable ASCII of the variable's length, and numbers that IBM doubles hold.

        See `fit`.
        """
        return fit(dataset)

    def as_held(self, texts: pd.Series) -> pd.Series:
        """Texts spelled in ASCII."""
        codes, distinct = pd.factorize(texts)
        spelled = []
        for text in distinct:
            ascii_text, _, _ = spelling.transliterate(spelling.without_control(text))
            spelled.append(ascii_text)
        held = pd.array(spelled, dtype="str").take(codes, allow_fill=True)
        return pd.Series(held, texts.index, name=texts.name)

    def write(self, path: Path, spec: DatasetSpec, facts: Facts, /) -> Writer:
        """A new file; the data cut-off is the moment in its header."""
        return XptFile(path, spec, facts.cutoff)

    def read(self, path: Path, spec: DatasetSpec, subject: str = "") -> pd.DataFrame:
        """The records of a file, or of one subject in it; see `read`."""
        return read(path, spec, subject)
