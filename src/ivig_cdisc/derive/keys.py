"""Keys and sequence numbers."""

from __future__ import annotations

from .kinds import Number, Text
from .roles import Group

__all__ = ["sequence", "subject_key"]


def subject_key(subject: Text, study: str) -> Text:
    """Study identifier and subject identifier, joined by a hyphen.

    Args:
        subject: the identifier within the study.
        study: the study's identifier.

    Returns:
        USUBJID, as categories. Missing where the subject is.

    Source: SDTMIG 3.4, 4.2.3.

    >>> import pandas as pd
    >>> subject_key(pd.Series(["01-001"]), "ABC123").tolist()
    ['ABC123-01-001']
    """
    text = subject.astype("category")
    return text.cat.rename_categories([f"{study}-{name}" for name in text.cat.categories])


def sequence(subject: Group) -> Number:
    """Number of the record within the subject, in key order.

    Args:
        subject: the subject of each record, in key order.

    Returns:
        Whole numbers from 1. Records without a subject are counted together.

    Source: SDTM 2.0, --SEQ.

    >>> import pandas as pd
    >>> sequence(pd.Series(["a", "a", "b"])).tolist()
    [1.0, 2.0, 1.0]
    """
    return subject.groupby(subject, observed=True, dropna=False).cumcount().add(1).astype("float64")


sequence.reads_order = True  # type: ignore[attr-defined]
