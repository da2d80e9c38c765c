"""Expressions of the spec language: small, closed, known before data are read.

syntax    what an expression is made of
functions what each function takes and gives
parsing   text to an expression, by grammar.lark; ExpressionError says where it goes wrong
kinds     what each part gives (text, number, date, truth), and what does not fit together
logic     three values: true, not true, not known
literals  the text in quotes that columns are compared with
columns   an expression over the columns of a frame
rounding  half away from zero, on the decimal that a number shows
"""

from .columns import Fault, compute, select
from .functions import FUNCTIONS, Function
from .kinds import Kind, kind_of
from .literals import Literal, literals
from .parsing import ExpressionError, parse, retold
from .rounding import round_half_away
from .syntax import Expression, names

__all__ = [
    "FUNCTIONS",
    "Expression",
    "ExpressionError",
    "Fault",
    "Function",
    "Kind",
    "Literal",
    "compute",
    "kind_of",
    "literals",
    "names",
    "parse",
    "retold",
    "round_half_away",
    "select",
]
