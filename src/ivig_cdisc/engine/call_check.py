"""What is wrong with the calls of one dataset's wirings."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from .. import derive
from ..metadata import CASES, COMPUTE, CONSTANT, Place, Wiring
from ..text import suggest
from .calls import FROM_EDGES, call_faults
from .problems import Problems

WITHOUT_CALL = (CONSTANT, COMPUTE, CASES)


class CallCheck:
    """Checks calls against the signatures of their functions.

    wrong_facts  what stands in a fact and does not fit: wiring, parameter and entries, reason.
    faulty       the columns whose call cannot be made.
    told         what is wrong with constants, which variables of one entry share.
    """

    def __init__(self, wirings: Mapping[str, Wiring], problems: Problems) -> None:
        self.wirings = wirings
        self.problems = problems
        self.wrong_facts: list[tuple[Wiring, tuple[str, ...], str]] = []
        self.faulty: set[str] = set()
        self.told: set[tuple[Place, tuple[str, ...], str]] = set()

    def check(self, name: str, wiring: Wiring) -> None:
        """Find what is wrong with the call of one column.

        Args:
            name: of the column.
            wiring: its function, columns and constants.
        """
        function = wiring.function
        if function in WITHOUT_CALL:
            return
        known = [*derive.FUNCTIONS, *FROM_EDGES]
        if function not in known:
            self.faulty.add(name)
            near = suggest(function, known)
            self.problems.add(name, f"there is no derivation {function}{near}", wiring)
            return
        self._check_numbers(name, wiring)
        for path, reason in call_faults(wiring):
            self.faulty.add(name)
            if self._is_told(wiring, path, reason):
                continue
            if path and path[0] in wiring.facts:
                self.wrong_facts.append((wiring, path, reason))
                continue
            words = [".".join(path), reason]
            self.problems.add(name, f"{function}: {' '.join(words).lstrip()}", wiring)

    def _is_told(self, wiring: Wiring, path: tuple[str, ...], reason: str) -> bool:
        """Whether the same is said of a constant in the entry that this variable is of, too."""
        same = (wiring.place, path, reason)
        is_again = bool(path) and same in self.told
        self.told.add(same)
        return is_again

    def _check_numbers(self, name: str, wiring: Wiring) -> None:
        """A term that is to be a number and is none would be missing in every record."""
        if wiring.function != "number":
            return
        value = wiring.columns.get("value")
        source = self.wirings.get(str(value))
        if source is None or source.function != "recode":
            return
        given = source.constants.get("terms")
        if not isinstance(given, Mapping):
            return
        terms = pd.Series(list(given.values()), dtype="str")
        for term in terms[derive.FUNCTIONS["number"](terms).isna()]:
            reason = f"number: the term {term} of {value} is not a number"
            self.problems.add(name, reason, wiring)
