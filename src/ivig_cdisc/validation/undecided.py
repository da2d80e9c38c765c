"""What the specs still leave open, as findings: whatever was made of it is not what will be submitted."""

from __future__ import annotations

import pandas as pd

from ..errors import Problem
from ..findings import findings, gather
from ..metadata import OPEN, Study

RULE = "SPEC-UNDECIDED"


def undecided(study: Study) -> pd.DataFrame:
    """An error for each value of the specs that says TO DECIDE, with the file of the study's folder and its line."""
    return gather(_told(problem, study) for problem in study.undecided)


def _told(problem: Problem, study: Study) -> pd.DataFrame:
    file = problem.file.relative_to(study.folder).as_posix()
    emptied = file.startswith(("sdtm/", "adam/")) and problem.path.endswith(".value")
    until = " Until it is decided, the variable is empty." if emptied else ""
    message = f"{problem.path} in {file}, line {problem.line}, {problem.reason}.{until}"
    return findings(
        severity="error",
        rule=RULE,
        variable=problem.path,
        value=OPEN,
        message=message,
        file=file,
        line=problem.line,
    )
