"""One cell of an output folder, and all that it was made of."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from .errors import CdiscError
from .lineage.record import find, known_variable
from .lineage.tree import DerivationTrees, Node
from .lineage.tree_text import cells_by_depth, fitting_depth, giving, raw_places
from .output import StudyOutput, open_output
from .pages import render
from .text import suggest


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
        where: what singles out one record, as
            "USUBJID=ABC123-01-003 PARAMCD=WEIGHT AVISIT='Week 9'".
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
    export = None
    if raw is not None:
        export = Path(raw)
    name = dataset.upper()
    opened = open_output(Path(out), study)
    row = _row(opened, name, where)
    column = known_variable(variable, name, opened.datasets[name].frame.columns)
    return DerivationTrees(opened, export).tree(name, row, column)


def _row(opened: StudyOutput, name: str, where: str) -> int:
    if name not in opened.datasets:
        raise CdiscError(f"{opened.out} has no dataset {name}{suggest(name, opened.datasets)}")
    known = opened.datasets[name]
    return find(known.frame, name, known.spec.keys, where)


def as_html(cell: Node) -> str:
    """The tree as a page that folds, usable without a network; what fits a screen is unfolded.

    Args:
        cell: the root of the tree, as `trace` gives it.

    Returns:
        The text of one HTML file.
    """
    return render(
        "trace.html",
        cell=cell,
        cells=sum(cells_by_depth(cell)),
        open=fitting_depth(cell),
        giving=_table(giving(cell)),
        decided=_table(cell.decided),
    )


def _table(cells: Sequence[Node]) -> list[tuple[str, str, str]]:
    """File, column and lines of raw cells."""
    rows = []
    for (file, column), lines in raw_places(cells).items():
        rows.append((file, column, ", ".join(map(str, lines))))
    return rows
