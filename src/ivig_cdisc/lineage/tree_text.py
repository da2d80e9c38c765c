"""The derivation of a cell as indented lines, whole or its first page; and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass

from .tree import Node

PAGE = 60  # lines of a tree, about a screen or two
DECIDING = 20  # lines of what decided, on a first page


def as_json(node: Node) -> str:
    """The tree as JSON."""
    return json.dumps(asdict(node), ensure_ascii=False, indent=1)


def as_text(node: Node) -> str:
    """The whole tree as indented lines."""
    return "\n".join([*_tree(node, len(cells_by_depth(node))), *deciding_lines(node)])


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
    decided = list(deciding_lines(node))
    if depth < len(cells):  # not all was asked for
        more = decided[DECIDING + 1 :]
        decided = decided[: DECIDING + 1]
        if more:
            decided.append(f"  ... and {len(more)} more lines with --depth all")
    return "\n".join([*lines, *decided])


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
    for (file, column), lines in deciding_places(node).items():
        yield f"  {file}:{','.join(map(str, lines))}:{column}"


def deciding_places(node: Node) -> dict[tuple[str, str], list[int]]:
    """The lines of the raw cells that decided, by file and column."""
    found: dict[tuple[str, str], set[int]] = {}
    for one in node.decided:
        found.setdefault((one.dataset, one.column), set()).add(one.row)
    return {place: sorted(lines) for place, lines in found.items()}
