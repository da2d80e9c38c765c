"""Text to an expression."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from ..text import suggest
from .functions import FUNCTIONS
from .syntax import (
    Among,
    And,
    Arithmetic,
    Call,
    Column,
    Comparison,
    Expression,
    Negative,
    Not,
    Number,
    Or,
    Presence,
    Text,
    parts,
)

if TYPE_CHECKING:
    from lark import Lark, Token

LONGEST = 4_000  # characters
DEEPEST = 120  # one within another
CURES = {  # what other languages write, and what is written here
    "==": "equal is written =",
    "<>": "not equal is written !=",
    "^=": "not equal is written !=",
    "~=": "not equal is written !=",
    "&": "write and",
    "|": "write or",
    "!": "write not; not equal is written !=",
    "~": "write not",
    "^": "a power is written **",
    "%": "there is no remainder and no percent sign",
    '"': "text stands in single quotes",
    "{": "columns are named without braces",
    ";": "there is one expression only",
    "‘": "text stands in straight single quotes",
    "’": "text stands in straight single quotes",
    "“": "text stands in straight single quotes",
    "”": "text stands in straight single quotes",
    "≤": "write <=",
    "≥": "write >=",
    "≠": "write !=",
}
UNFINISHED = {
    "'": "the text does not end: a quote is missing, or one within the text is not doubled",
    "`": "the name does not end: a ` is missing",
}
WORDS = {  # of other languages, at a place where only a sign or a word of this one can stand
    "eq": "equal is written =",
    "ne": "not equal is written !=",
    "lt": "write <",
    "le": "write <=",
    "gt": "write >",
    "ge": "write >=",
    "null": "write is missing or is present",
    "na": "write is missing or is present",
    "none": "write is missing or is present",
    "not": "write is present",
    "absent": "write is missing",
    "between": "write two comparisons joined by and",
    "like": "text is compared as a whole, by = or in",
    "contains": "text is compared as a whole, by = or in",
    "mod": "there is no remainder",
}
PLAIN_NAME = re.compile(r"[^\W\d]\w*")
OWN_WORDS = ("and", "or", "not", "in", "is", "missing", "present")


class ExpressionError(ValueError):
    """Why a text is not an expression: `reason`, and the character of the text, counted from 1."""

    def __init__(self, reason: str, at: int) -> None:
        self.reason, self.at = reason, at
        super().__init__(f"character {at}: {reason}")


@cache
def parse(text: str) -> Expression:
    """The expression that a text says.

    Args:
        text: as in the YAML, of at most 4,000 characters.

    Returns:
        The expression. Whether its columns are there and its parts fit is for `names`, `kind_of`.

    Raises:
        ExpressionError: the text is not an expression of the language.
    """
    from lark.exceptions import UnexpectedInput

    if len(text) > LONGEST:
        raise ExpressionError(f"an expression has at most {LONGEST:,} characters", LONGEST + 1)
    if not text.strip():
        raise ExpressionError("there is nothing in it", 1)
    try:
        tree: Any = _parser().parse(text)
    except UnexpectedInput as error:
        raise _readable(text, error) from None
    return _Builder(tree).built


def retold(text: str, new_name: Callable[[str], str]) -> str:
    """The text of an expression in which columns have other names.

    Args:
        text: an expression.
        new_name: gives the new name for one.

    Returns:
        The text; new names stand in backticks where they need them.

    >>> retold("SAFFL = 'Y' and AGE > 7", "DM.{}".format)
    "`DM.SAFFL` = 'Y' and `DM.AGE` > 7"
    >>> retold("--STAT = '--STAT'", lambda name: name.replace("--", "VS"))
    "VSSTAT = '--STAT'"
    """
    told, end = "", 0
    for part in parts(parse(text)):
        if isinstance(part, Column):
            begin = part.at - 1
            told += text[end:begin] + _as_column(new_name(part.name))
            end = begin + len(part.name)
            if text[begin] == "`":
                end += 2
    return told + text[end:]


def _as_column(name: str) -> str:
    """A name as it stands in an expression."""
    if PLAIN_NAME.fullmatch(name) and name not in OWN_WORDS:
        return name
    return f"`{name}`"


@cache
def _parser() -> Lark:
    from lark import Lark

    grammar = files(__package__).joinpath("grammar.lark").read_text("utf-8")
    return Lark(grammar, parser="lalr", propagate_positions=True, maybe_placeholders=False)


# ---------------------------------------------------------------- tree to expression
class _Builder:
    """Turns the parser's tree into an expression; `built` is the whole."""

    def __init__(self, tree: Any) -> None:
        self.depth = 0
        self.built = self._expression(tree)

    def _expression(self, tree: Any) -> Expression:
        self.depth += 1
        if self.depth > DEEPEST:
            reason = f"more than {DEEPEST} parts stand one within another"
            raise ExpressionError(reason, _start(tree))
        built: Expression = getattr(self, f"_{tree.data}")(_start(tree), *tree.children)
        self.depth -= 1
        return built

    def _several(self, trees: tuple[Any, ...]) -> tuple[Expression, ...]:
        return tuple(self._expression(tree) for tree in trees)

    def _number(self, at: int, token: Token) -> Expression:
        value = float(token)
        if not math.isfinite(value):
            raise ExpressionError(f"{token} is beyond the numbers", at)
        return Number(at, value)

    def _text(self, at: int, token: Token) -> Expression:
        return Text(at, token[1:-1].replace("''", "'"))

    def _column(self, at: int, token: Token) -> Expression:
        return Column(at, str(token))

    def _quoted(self, at: int, token: Token) -> Expression:
        return Column(at, token[1:-1])

    def _call(self, at: int, name: Token, *operands: Any) -> Expression:
        if name not in FUNCTIONS:
            hint = suggest(name, list(FUNCTIONS)) or f"; there are {', '.join(FUNCTIONS)}"
            raise ExpressionError(f"there is no function {name}{hint}", at)
        least, most = FUNCTIONS[name].least, FUNCTIONS[name].most
        if not least <= len(operands) <= most:
            wanted = str(least) if least == most else f"{least} to {most}"
            reason = f"{name} takes {wanted} value(s), and here are {len(operands)}"
            raise ExpressionError(reason, at)
        return Call(at, str(name), self._several(operands))

    def _negative(self, at: int, _sign: Token, operand: Any) -> Expression:
        return Negative(at, self._expression(operand))

    def _arithmetic(self, _at: int, left: Any, sign: Token, right: Any) -> Expression:
        parts = self._expression(left), self._expression(right)
        return Arithmetic(_place(sign), str(sign), *parts)

    def _compared(self, _at: int, left: Any, sign: Token, right: Any) -> Expression:
        parts = self._expression(left), self._expression(right)
        return Comparison(_place(sign), str(sign), *parts)

    def _among(self, at: int, operand: Any, *values: Any) -> Expression:
        literals = self._several(values)
        for each in literals:
            if not _is_literal(each):
                reason = "the list after in holds numbers or text in quotes, nothing else"
                raise ExpressionError(reason, each.at)
        return Among(at, self._expression(operand), literals)

    def _not_among(self, at: int, operand: Any, *values: Any) -> Expression:
        return Not(at, self._among(at, operand, *values))

    def _missing(self, at: int, operand: Any) -> Expression:
        return Presence(at, self._expression(operand), present=False)

    def _present(self, at: int, operand: Any) -> Expression:
        return Presence(at, self._expression(operand), present=True)

    def _negated(self, at: int, operand: Any) -> Expression:
        return Not(at, self._expression(operand))

    def _conjunction(self, at: int, *operands: Any) -> Expression:
        return And(at, self._several(operands))

    def _disjunction(self, at: int, *operands: Any) -> Expression:
        return Or(at, self._several(operands))


def _start(tree: Any) -> int:
    return int(tree.meta.start_pos) + 1


def _place(token: Token) -> int:
    return (token.start_pos or 0) + 1


def _is_literal(expression: Expression) -> bool:
    if isinstance(expression, Negative):
        return isinstance(expression.operand, Number)
    return isinstance(expression, Number | Text)


# ---------------------------------------------------------------- what is wrong with a text
def _readable(text: str, error: Any) -> ExpressionError:
    """The parser's complaint in the words of the language."""
    from lark.exceptions import UnexpectedToken

    if not isinstance(error, UnexpectedToken):
        return _strange(text, error.pos_in_stream)
    token = error.token
    if token.type == "$END":
        return ExpressionError("the expression is not complete", len(text.rstrip()) + 1)
    double = text[_place(token) - 2 : _place(token)]
    if double in CURES:
        return _foreign(double, _place(token) - 1)
    return ExpressionError(_unexpected(text, token, error), _place(token))


def _strange(text: str, position: int) -> ExpressionError:
    """A character that no word of the language begins with."""
    for sign in (text[position : position + 2], text[position]):
        if sign in CURES or sign in UNFINISHED:
            return _foreign(sign, position + 1)
    return ExpressionError(f"{text[position]!r} is not of the language", position + 1)


def _foreign(sign: str, at: int) -> ExpressionError:
    """A sign of other languages."""
    if sign in UNFINISHED:
        return ExpressionError(UNFINISHED[sign], at)
    return ExpressionError(f"{sign} is not of the language: {CURES[sign]}", at)


def _unexpected(text: str, token: Token, error: Any) -> str:
    """What is wrong with a word of the language at a place where it cannot stand."""
    if _words_to(text, token) == "is not":
        return f"is not is not of the language: {WORDS['not']}"
    if token.type == "COMPARE" and "COMPARE" not in error.accepts and _ends_value(error):
        return f"{token} follows a comparison: write two comparisons joined by and"
    if token.type == "NAME" and "NAME" not in error.accepts:
        return _unexpected_word(token)
    if _ends_value(error):
        return f"{token} cannot follow here"
    return f"a value is missing before {token}"


def _words_to(text: str, token: Token) -> str:
    """The word before a word, and itself, with one blank between."""
    words = text[: _place(token) - 1].split()[-1:]
    return " ".join([*words, token])


def _ends_value(error: Any) -> bool:
    """Whether what stands before the place could be the end: a value is complete."""
    return "$END" in error.accepts or "RPAR" in error.accepts


def _unexpected_word(token: Token) -> str:
    word = str(token)
    if word.lower() in OWN_WORDS:
        return f"{word} is written in small letters: {word.lower()}"
    if word.lower() in WORDS:
        return f"{word} is not of the language: {WORDS[word.lower()]}"
    return f"{word} cannot follow here{suggest(word, OWN_WORDS)}"
