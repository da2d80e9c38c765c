"""Three values, as in SQL: what is compared with a missing value is not known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np
import numpy.typing as npt

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Truth:
    """By record: known to be true, known to be false; where neither holds it is not known."""

    true: Flags
    false: Flags

    @classmethod
    def of(cls, holds: Flags, known: Flags) -> Truth:
        """What holds, as far as it is known."""
        return cls(holds & known, ~holds & known)

    def negated(self) -> Truth:
        """Not known stays not known."""
        return Truth(self.false, self.true)


def all_of(truths: Sequence[Truth]) -> Truth:
    """False where one is false, true where all are true."""
    return reduce(lambda a, b: Truth(a.true & b.true, a.false | b.false), truths)


def any_of(truths: Sequence[Truth]) -> Truth:
    """True where one is true, false where all are false."""
    return reduce(lambda a, b: Truth(a.true | b.true, a.false & b.false), truths)
