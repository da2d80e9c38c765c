"""One cell of an output folder, and all that it was made of."""

from __future__ import annotations

from pathlib import Path

from .lineage.tree import Node, Tracer, find, known_variable
from .output import open_output


def trace(
    out: str | Path,
    dataset: str,
    where: str,
    variable: str,
    raw: str | Path | None = None,
    *,
    study: str | Path | None = None,
) -> Node:
    """Show how one cell was derived, down to file, line and column of the raw export.

    Args:
        out: an output folder.
        dataset: its name, as ADVS.
        where: what singles out one record, as "USUBJID=ABC123-01-003 PARAMCD=WEIGHT AVISIT='Week 9'".
        variable: its name, as AVAL.
        raw: the raw export that the folder was made from, to show what was typed.
        study: bundled study or folder, if not the one that the output names.

    Returns:
        The cell with its value and rule; `inputs` are the cells that gave it its value, down to raw
        cells, and `decided` the raw cells that only decided whether or which. `print` shows it as a
        tree.

    Raises:
        CdiscError: there is no such dataset or variable, or not exactly one such record.
        ExportError: the folder is no output, or a file in it cannot be read.
        RawError: the raw export cannot be read.
        SpecError: the study cannot be used.
    """
    opened = open_output(Path(out), study)
    name = dataset.upper()
    row = find(opened, name, where)
    column = known_variable(opened, name, variable)
    tracer = Tracer(opened, None if raw is None else Path(raw))
    return tracer.tree(name, row, column)
