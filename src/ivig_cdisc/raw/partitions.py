"""Cutting an export into parts that can be converted one by one."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from ..metadata import Study
from .exports import Raw


def partition(raw: Raw, n: int, study: Study) -> Iterator[dict[str, pd.DataFrame]]:
    """The forms in parts, each with all records of its subjects, subjects in sorted order.

    Args:
        raw: the export; subjects are those of any of its forms.
        n: how many parts there may be at most; a part without subjects is skipped.
        study: says which column names the subject.

    Returns:
        Of each part the frame of each form with its records; one part for an export without any
        subject.
    """
    name = study.intake.subject
    known: set[str] = set()
    for frame in raw.forms.values():
        known.update(frame[name].unique())
    subjects = sorted(known)
    bounds = _bounds(len(subjects), n)
    cuts = {form: _cuts(frame[name], subjects, bounds) for form, frame in raw.forms.items()}
    for part in range(len(bounds) - 1):
        forms: dict[str, pd.DataFrame] = {}
        for form, frame in raw.forms.items():
            begin, end = cuts[form][part : part + 2]
            forms[form] = frame.iloc[begin:end]
        yield forms


def _bounds(subjects: int, n: int) -> np.ndarray:
    """Numbers of the subjects with which parts begin and end."""
    if not subjects:
        return np.array([0, 0])
    sizes = [len(part) for part in np.array_split(np.arange(subjects), n)]
    return np.unique([0, *np.cumsum(sizes)])


def _cuts(subject: pd.Series, subjects: list[str], bounds: np.ndarray) -> np.ndarray:
    """Positions in a frame sorted by subject where each part begins."""
    return np.searchsorted(pd.Categorical(subject, categories=subjects).codes, bounds)
