"""Everything that can go wrong in a way the user has to act on.

CdiscError
+-- SpecError        broken wiring in the YAML: every problem of the study, before data are read
+-- RawError         the raw export as a whole cannot be read; a bad value in it is a finding
+-- DerivationError  a column function broke its contract; names dataset, variable and function
+-- ExportError      a format cannot hold the dataset, or the output folder cannot be written
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal


class CdiscError(Exception):
    """Base of all errors that end a run with exit code 2."""


@dataclass(frozen=True)
class Problem:
    """One reason why a spec cannot be used: its place, which entry, and what is wrong with it.

    A warning does not keep a study from being used.
    """

    file: Path
    line: int
    path: str
    reason: str
    column: int = 0  # 0: not known
    severity: Literal["error", "warning"] = "error"

    def __str__(self) -> str:
        reason = self.reason
        if self.severity == "warning":
            reason = f"warning: {reason}"
        return f"{self.file}:{self.line}: {self.path}: {reason}"


class SpecError(CdiscError):
    """All problems of a study's specs, in file and line order: `problems`."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        ordered = sorted(set(problems), key=lambda p: (str(p.file), p.line, p.path, p.reason))
        self.problems = tuple(ordered)
        super().__init__("\n".join(map(str, self.problems)))


class RawError(CdiscError):
    """The raw export cannot be read.

    `file`, `line` and `column` say where; empty or 0 where there is none.
    """

    def __init__(self, reason: str, *, file: str = "", line: int = 0, column: str = "") -> None:
        self.file, self.line, self.column = file, line, column
        shown_line = str(line or "")
        place = ":".join(part for part in (file, shown_line, column) if part)
        if place:
            reason = f"{place}: {reason}"
        super().__init__(reason)


class DerivationError(CdiscError):
    """A column function failed or did not return a column with the same index.

    `dataset`, `variable` and `function` say which.
    """

    def __init__(self, reason: str, *, dataset: str, variable: str, function: str) -> None:
        self.dataset, self.variable, self.function = dataset, variable, function
        super().__init__(f"{dataset}.{variable} ({function}): {reason}")


class ExportError(CdiscError):
    """A dataset cannot be held by the format, or the output folder cannot be written."""
