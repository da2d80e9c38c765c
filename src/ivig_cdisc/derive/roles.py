"""What a column is to a derivation, said in its signature.

A parameter without a role gives its value to its own record. One that is ACROSS gives it to other
records of the group too. The others decide: a Condition whether a record has a value or which of
several it is, a Group which records belong together, a Flag which record of a group gives the value
to all of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import pandas as pd

CONDITION = "condition"
GROUP = "group"
FLAG = "flag"
ACROSS = "across"

Condition = Annotated[pd.Series, CONDITION]
Conditions = Annotated[Sequence[pd.Series], CONDITION]
Flag = Annotated[pd.Series, FLAG]
Group = Annotated[pd.Series, GROUP]
Groups = Annotated[Sequence[pd.Series], GROUP]
