"""The derivation of a cell as indented lines, whole or its first page; and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass

from .tree import Node

Places = dict[tuple[str, str], list[int]]  # lines of raw cells, by file and column
PAGE = 60  # lines of a tree, about a screen or two
RAW = 20  # lines of the raw cells that gave a value, or decided, on a first page


def as_json(node: Node) -> str:
    """The tree as JSON."""
    return json.dumps(asdict(node), ensure_ascii=False, indent=1)


def as_text(node: Node) -> str:
    """The whole tree as indented lines, below a line that says which record it is of."""
    tree = _tree(node, len(cells_by_depth(node)))
    return "\n".join([*_heading(node), *tree, *deciding_lines(node)])


def first_page(node: Node, depth: int | None = None) -> str:
    """The upper part of the tree, and how much more there is.

    Args:
        node: the cell.
        depth: how far down to show; 0 is the cell alone. Without it, as far as PAGE lines reach.

    Returns:
        Lines of text; where something was left out, the last says how to see it.
    """
    cells = cells_by_depth(node)
    if depth is None:
        depth = fitting_depth(node)
    lines = list(_tree(node, depth))
    left_out = sum(cells) - len(lines)
    if left_out:
        deeper = sum(cells[: depth + 2])
        lines.append(
            f"... {len(lines)} of {sum(cells)} cells. --depth {depth + 1} shows {deeper}, "
            "--depth all shows all, --html FILE writes a page that folds."
        )
        lines += _at_most(RAW, list(_giving_lines(node)))
    decided = list(deciding_lines(node))
    if depth < len(cells):  # not all was asked for
        decided = _at_most(RAW, decided)
    return "\n".join([*_heading(node), *lines, *decided])


def _at_most(most: int, lines: list[str]) -> list[str]:
    """A heading with so many lines, and how many more there are."""
    more = len(lines) - most - 1
    if more <= 0:
        return lines
    return [*lines[: most + 1], f"  ... and {more} more lines with --depth all"]


def fitting_depth(node: Node) -> int:
    """How far down the tree can be shown on a page.

    The cells that a cell is made of are always shown.
    """
    cells = cells_by_depth(node)
    depth = 1
    while depth + 1 < len(cells) and sum(cells[: depth + 2]) <= PAGE:
        depth += 1
    return depth


def cells_by_depth(node: Node) -> list[int]:
    """How many cells there are at each depth; the cell itself is alone at depth 0."""
    counts = []
    level = [node]
    while level:
        counts.append(len(level))
        below: list[Node] = []
        for cell in level:
            below += cell.inputs
        level = below
    return counts


# ---------------------------------------------------------------- lines
def _heading(node: Node) -> Iterator[str]:
    """Which record the cell is of."""
    if node.record:
        yield f"{node.dataset}, {node.record}"


@dataclass(frozen=True)
class _Lead:
    """What stands before a cell: its branch, and the lines of the branches beside it."""

    own: str = ""
    below: str = ""

    def child(self, *, last: bool) -> _Lead:
        if last:
            return _Lead(f"{self.below}└─ ", f"{self.below}   ")
        return _Lead(f"{self.below}├─ ", f"{self.below}│  ")


def _tree(node: Node, depth: int, lead: _Lead | None = None) -> Iterator[str]:
    """A line for each cell, down to a depth."""
    lead = lead or _Lead()
    more = ""
    if depth == 0 and node.inputs:
        more = f"   (+{sum(cells_by_depth(node)) - 1} below)"
    yield f"{lead.own}{node.place}{_value(node)}{_rule(node)}{more}"
    if depth == 0:
        return
    for number, child in enumerate(node.inputs, 1):
        yield from _tree(child, depth - 1, lead.child(last=number == len(node.inputs)))


def _value(node: Node) -> str:
    if node.value is None:
        return ""
    return f" = {node.value!r}"


def _rule(node: Node) -> str:
    if node.raw:
        return ""
    if node.again:
        return "   (see above)"
    return f"   {node.rule}"


def deciding_lines(node: Node) -> Iterator[str]:
    """The raw cells that decided, by file and column, below a heading.

    Nothing where there are none.
    """
    if node.decided:
        yield "Decided whether or which, and gave no value:"
    yield from _lines(raw_places(node.decided))


def _giving_lines(node: Node) -> Iterator[str]:
    """The raw cells whose values went in, by file and column, below a heading."""
    yield "Made of the raw cells:"
    yield from _lines(raw_places(giving(node)))


def giving(node: Node) -> list[Node]:
    """The raw cells whose values went into a cell; one may come more than once."""
    found: list[Node] = []
    for child in node.inputs:
        found += child.leaves()
    return found


def raw_places(cells: Iterable[Node]) -> Places:
    """The lines of raw cells, by file and column."""
    found: dict[tuple[str, str], set[int]] = {}
    for cell in cells:
        found.setdefault((cell.dataset, cell.column), set()).add(cell.row)
    return {place: sorted(lines) for place, lines in found.items()}


def _lines(places: Places) -> Iterator[str]:
    for (file, column), lines in places.items():
        yield f"  {file}:{','.join(map(str, lines))}:{column}"
