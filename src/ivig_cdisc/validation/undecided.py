"""What the specs still leave open, as findings: what is made of it will not be submitted."""

from __future__ import annotations

import pandas as pd

from ..errors import Problem
from ..findings import findings, gather
from ..metadata import OPEN, Study

RULE = "SPEC-UNDECIDED"


def undecided(study: Study) -> pd.DataFrame:
    """An error for each value of the specs that says TO DECIDE.

    Args:
        study: the specs.

    Returns:
        Findings with file and line of the specs.
    """
    return gather(_told(problem, study) for problem in study.undecided)


def _told(problem: Problem, study: Study) -> pd.DataFrame:
    file = problem.file.relative_to(study.folder).as_posix()
    emptied = file.startswith(("sdtm/", "adam/")) and problem.path.endswith(".value")
    message = f"{problem.path} in {file}, line {problem.line}, {problem.reason}."
    if emptied:
        message += " Until it is decided, the variable is empty."
    return findings(
        severity="error",
        rule=RULE,
        variable=problem.path,
        value=OPEN,
        message=message,
        file=file,
        line=problem.line,
    )
