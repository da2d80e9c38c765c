"""Kinds of columns, as signatures name them: what a derivation reads, and what it gives.

A parameter or a result that is annotated plain `pd.Series` is of any kind.
"""

from __future__ import annotations

from typing import Annotated

import pandas as pd

KINDS = ("text", "number", "date", "alike")
Text = Annotated[pd.Series, "text"]  # ISO 8601 text and flags too
YES = "Y or missing"
YesOnly = Annotated[pd.Series, "text", YES]  # a flag that is Y, or missing
Number = Annotated[pd.Series, "number"]
Date = Annotated[pd.Series, "date"]  # calendar date, with or without time
Alike = Annotated[pd.Series, "alike"]  # all that are alike are of one kind, whichever it is
