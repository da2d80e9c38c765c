"""Records on their way through the row steps of a dataset."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

Sources = Mapping[str, pd.DataFrame]


@dataclass(frozen=True)
class Rows:
    """Records on their way: a frame with a unique index, and the edges of that index.

    renamed  columns that their source calls otherwise: name here, and name there.
    left_out  records of sources whose condition has no value, frames with the columns LEFT_OUT.
    """

    frame: pd.DataFrame
    edges: pd.DataFrame
    renamed: Mapping[str, str] = field(default_factory=dict)
    left_out: tuple[pd.DataFrame, ...] = ()
