"""Cutting an export into parts that can be converted one by one."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from ..metadata import Study
from .exports import Raw


def partition(raw: Raw, n: int, study: Study) -> Iterator[dict[str, pd.DataFrame]]:
    """The forms in at most n parts, each with all records of its subjects, subjects in sorted order.

    Subjects are those of any form. A part without subjects is skipped; an export without any
    subject is one part.
    """
    name = study.intake.subject
    subjects = sorted(set().union(*(frame[name].unique() for frame in raw.forms.values())))
    sizes = [len(part) for part in np.array_split(np.arange(len(subjects)), n)]
    bounds = np.unique([0, *np.cumsum(sizes)]) if subjects else np.array([0, 0])
    cuts = {form: _cuts(frame[name], subjects, bounds) for form, frame in raw.forms.items()}
    for part in range(len(bounds) - 1):
        yield {
            form: frame.iloc[cuts[form][part] : cuts[form][part + 1]]
            for form, frame in raw.forms.items()
        }


def _cuts(subject: pd.Series, subjects: list[str], bounds: np.ndarray) -> np.ndarray:
    """Positions in a frame sorted by subject where each part begins."""
    return np.searchsorted(pd.Categorical(subject, categories=subjects).codes, bounds)
