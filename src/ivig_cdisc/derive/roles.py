"""What a column is to a derivation, said in its signature.

A parameter that is a plain pd.Series gives its value. The others decide: a Condition whether a record has a value or
which of several it is, a Group which records belong together. What decides gives no part of the value.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import pandas as pd

CONDITION = "condition"
GROUP = "group"

Condition = Annotated[pd.Series, CONDITION]
Conditions = Annotated[Sequence[pd.Series], CONDITION]
Group = Annotated[pd.Series, GROUP]
Groups = Annotated[Sequence[pd.Series], GROUP]
