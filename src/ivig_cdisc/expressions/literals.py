"""The values in quotes that columns are compared with.

One that a column never has is a mistake.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from .syntax import Among, Column, Comparison, Expression, Not, Text, operands


@dataclass(frozen=True)
class Literal:
    """A column and one text that it is compared with."""

    column: str
    text: str
    at: int  # character of the expression at which the text stands
    excluded: bool  # records that have it are left out: X != 'Y', not (X = 'Y')


def literals(expression: Expression) -> tuple[Literal, ...]:
    """Every comparison of a column with text in quotes, by = or != or in.

    Args:
        expression: as parsed.

    Returns:
        The comparisons, in the order of the text.

    >>> from ivig_cdisc.expressions import parse
    >>> found = literals(parse("A = 'x' and not B in ('y')"))
    >>> [(one.column, one.text, one.excluded) for one in found]
    [('A', 'x', False), ('B', 'y', True)]
    """
    return tuple(_literals(expression, excluded=False))


def _literals(expression: Expression, *, excluded: bool) -> Iterator[Literal]:
    match expression:
        case Not(operand=operand):
            yield from _literals(operand, excluded=not excluded)
        case Comparison(sign="=" | "!=" as sign, left=Column(name=name), right=Text() as text):
            yield Literal(name, text.value, text.at, excluded != (sign == "!="))
        case Comparison(sign="=" | "!=" as sign, left=Text() as text, right=Column(name=name)):
            yield Literal(name, text.value, text.at, excluded != (sign == "!="))
        case Among(operand=Column(name=name), values=values):
            for each in values:
                if isinstance(each, Text):
                    yield Literal(name, each.value, each.at, excluded)
        case _:
            for below in operands(expression):
                yield from _literals(below, excluded=excluded)
