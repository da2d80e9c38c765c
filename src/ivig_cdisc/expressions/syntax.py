"""What an expression is made of. Each part knows the character at which it stands in its text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import TypeAlias


@dataclass(frozen=True)
class Number:
    """A number as typed."""

    at: int
    value: float


@dataclass(frozen=True)
class Text:
    """Text between single quotes."""

    at: int
    value: str


@dataclass(frozen=True)
class Column:
    """The column of this name."""

    at: int
    name: str


@dataclass(frozen=True)
class Negative:
    """The number with the other sign."""

    at: int
    operand: Expression


@dataclass(frozen=True)
class Arithmetic:
    """X + Y, and so on for - * / **; `at` is where the sign stands."""

    at: int
    sign: str
    left: Expression
    right: Expression


@dataclass(frozen=True)
class Call:
    """A function of values."""

    at: int
    function: str
    operands: tuple[Expression, ...]


@dataclass(frozen=True)
class Comparison:
    """X = Y, and so on for != < <= > >=; `at` is where the sign stands."""

    at: int
    sign: str
    left: Expression
    right: Expression


@dataclass(frozen=True)
class Among:
    """X in (1, 2): X is one of the values."""

    at: int
    operand: Expression
    values: tuple[Expression, ...]


@dataclass(frozen=True)
class Presence:
    """X is present, or missing."""

    at: int
    operand: Expression
    present: bool


@dataclass(frozen=True)
class Not:
    """The condition does not hold."""

    at: int
    operand: Expression


@dataclass(frozen=True)
class And:
    """All conditions hold."""

    at: int
    operands: tuple[Expression, ...]


@dataclass(frozen=True)
class Or:
    """One of the conditions holds."""

    at: int
    operands: tuple[Expression, ...]


Expression: TypeAlias = (
    Number
    | Text
    | Column
    | Negative
    | Arithmetic
    | Call
    | Comparison
    | Among
    | Presence
    | Not
    | And
    | Or
)


def names(expression: Expression) -> tuple[str, ...]:
    """The columns that an expression reads.

    Args:
        expression: as parsed.

    Returns:
        Their names, each once, in the order in which they stand in it.
    """
    return tuple(dict.fromkeys(part.name for part in parts(expression) if isinstance(part, Column)))


def parts(expression: Expression) -> Iterator[Expression]:
    """The expression and all that it is made of, from left to right."""
    yield expression
    for below in operands(expression):
        yield from parts(below)


def operands(expression: Expression) -> Iterator[Expression]:
    """What an expression is made of directly, from left to right."""
    for field in fields(expression):
        value = getattr(expression, field.name)
        if isinstance(value, tuple):
            yield from value
        elif isinstance(value, Expression):
            yield value
