"""What each part of an expression gives, and what does not fit together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Literal

from .parsing import ExpressionError
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
)

Kind = Literal["text", "number", "date", "truth", "any"]

NOUNS = {"text": "text", "number": "a number", "date": "a date", "truth": "a condition"}
CURES = {
    "text": "; derive number before",
    "date": "; the difference of two dates is a number",
    "truth": "; a condition is not a value, see cases",
}
SUMS: dict[str, dict[tuple[Kind, Kind], Kind]] = {  # what dates give
    "+": {
        ("date", "number"): "date",
        ("date", "any"): "date",
        ("number", "date"): "date",
        ("any", "date"): "date",
        ("any", "any"): "any",
        ("any", "number"): "any",
        ("number", "any"): "any",
    },
    "-": {
        ("date", "date"): "number",
        ("date", "number"): "date",
        ("date", "any"): "any",
        ("any", "date"): "number",
        ("any", "any"): "any",
        ("any", "number"): "any",
    },
}
MOST_DIGITS = 22  # powers of ten up to here are exact in doubles


def kind_of(
    expression: Expression, known: Mapping[str, Kind]
) -> tuple[Kind, tuple[ExpressionError, ...]]:
    """What an expression gives, and all that does not fit in it.

    Args:
        expression: as parsed.
        known: by column text, number or date; `any` (as what is not there) fits everywhere.

    Returns:
        The kind of the whole, and the misfits, in the order of the text.
    """
    check = _Check(known)
    kind = check.kind(expression)
    return kind, tuple(sorted(check.misfits, key=lambda misfit: misfit.at))


def date_of(text: str) -> dt.date | None:
    """The day that text says as YYYY-MM-DD; None where it says none."""
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.isoformat() == text else None


class _Check:
    """One pass over an expression; collects what does not fit in `misfits`."""

    def __init__(self, known: Mapping[str, Kind]) -> None:
        self.known = known
        self.misfits: list[ExpressionError] = []
        self.found: dict[int, Kind] = {}  # kinds of parts, by identity

    def kind(self, expression: Expression) -> Kind:
        """What a part gives; what is below it is checked on the way, once."""
        found = self.found.get(id(expression))
        if found is None:
            found = self._kind(expression)
            self.found[id(expression)] = found
        return found

    def _kind(self, expression: Expression) -> Kind:
        match expression:
            case Number():
                return "number"
            case Text():
                return "text"
            case Column(name=name):
                return self.known.get(name, "any")
            case Negative() | Arithmetic() | Call():
                return self._calculated(expression)
        self._condition(expression)
        return "truth"

    def _calculated(self, expression: Negative | Arithmetic | Call) -> Kind:
        match expression:
            case Negative(operand=operand):
                self._numbers([operand], "-")
                return "number"
            case Arithmetic(sign="+" | "-"):
                return self._sum(expression)
            case Arithmetic(sign=sign, left=left, right=right):
                self._numbers([left, right], sign)
                return "number"
            case Call(function="min" | "max"):
                return self._extreme(expression)
            case Call():
                return self._function(expression)

    def _condition(self, expression: Expression) -> None:
        match expression:
            case Comparison():
                self._comparison(expression)
            case Among():
                self._among(expression)
            case Presence():
                self._presence(expression)
            case Not(operand=operand):
                self._conditions([operand], "not")
            case And(operands=operands):
                self._conditions(operands, "and")
            case Or(operands=operands):
                self._conditions(operands, "or")

    def _misfit(self, at: int, reason: str) -> None:
        self.misfits.append(ExpressionError(reason, at))

    # ------------------------------------------------------------ values
    def _numbers(self, operands: Sequence[Expression], sign: str) -> None:
        for operand in operands:
            kind = self.kind(operand)
            if kind not in ("number", "any"):
                reason = f"{sign} takes numbers, and {told(operand)} is {NOUNS[kind]}"
                self._misfit(operand.at, reason + CURES[kind])

    def _sum(self, expression: Arithmetic) -> Kind:
        """Numbers, but for a date plus or minus days, and the days between two dates."""
        left, right, sign = expression.left, expression.right, expression.sign
        kinds = self.kind(left), self.kind(right)
        if kinds in SUMS[sign]:
            return SUMS[sign][kinds]
        if "date" not in kinds:
            self._numbers([left, right], sign)
            return "number"
        reason = f"{_noun(kinds[0])} {sign} {_noun(kinds[1])} gives nothing"
        self._misfit(expression.at, reason)
        return "any"

    def _function(self, expression: Call) -> Kind:
        operands = expression.operands
        self._numbers(operands[:1], expression.function)
        if expression.function == "round" and len(operands) == 2:
            self._digits(operands[1])
        return "number"

    def _extreme(self, expression: Call) -> Kind:
        """All numbers, or all dates."""
        kinds = [self.kind(operand) for operand in expression.operands]
        sure = {kind for kind in kinds if kind != "any"}
        for operand, kind in zip(expression.operands, kinds):
            if kind in ("text", "truth"):
                reason = f"{expression.function} takes numbers or dates, and {told(operand)} is"
                self._misfit(operand.at, f"{reason} {NOUNS[kind]}{CURES[kind]}")
        if sure == {"number", "date"}:
            reason = f"{expression.function} takes numbers or dates, not both"
            self._misfit(expression.at, reason)
        return sure.pop() if len(sure) == 1 else "any"

    def _digits(self, operand: Expression) -> None:
        if whole_number(operand) is None:
            reason = (
                f"the decimals of round are a whole number from -{MOST_DIGITS} to {MOST_DIGITS}"
            )
            self._misfit(operand.at, reason)

    # ------------------------------------------------------------ conditions
    def _comparison(self, expression: Comparison) -> None:
        left, right, sign = expression.left, expression.right, expression.sign
        kinds = self.kind(left), self.kind(right)
        for operand, kind in zip((left, right), kinds):
            if kind == "truth":
                reason = f"{sign} compares values, and {told(operand)} is a condition"
                self._misfit(operand.at, reason)
                return
        self._literal(left, kinds[1])
        self._literal(right, kinds[0])
        if "any" in kinds or _date_and_text(left, right, kinds):
            return
        if kinds[0] != kinds[1]:
            reason = f"{told(left)} is {NOUNS[kinds[0]]} and {told(right)} is {NOUNS[kinds[1]]}"
            self._misfit(expression.at, f"{reason}: they do not compare")
        elif kinds == ("text", "text") and sign not in ("=", "!="):
            reason = f"{told(left)} {sign} {told(right)} compares text, which has no order"
            cure = "derive number, calendar_date or one of the functions of dates before"
            self._misfit(expression.at, f"{reason}; {cure}")

    def _literal(self, operand: Expression, other: Kind) -> None:
        """Text in quotes that nothing can equal: empty text, or no day where dates are compared."""
        if not isinstance(operand, Text):
            return
        if not operand.value.strip():
            self._misfit(operand.at, "empty text is missing: write is missing or is present")
        elif other == "date" and not date_of(operand.value):
            reason = f"'{operand.value}' is not a date; one is written '2018-05-03'"
            self._misfit(operand.at, reason)

    def _among(self, expression: Among) -> None:
        kind = self.kind(expression.operand)
        if kind == "truth":
            reason = f"in compares values, and {told(expression.operand)} is a condition"
            self._misfit(expression.operand.at, reason)
            return
        for value in expression.values:
            self._literal(value, kind)
            listed = self.kind(value)
            fits = kind in ("any", listed) or (kind == "date" and listed == "text")
            if not fits:
                reason = f"{told(expression.operand)} is {NOUNS[kind]} and {told(value)} is"
                self._misfit(value.at, f"{reason} {NOUNS[listed]}: they do not compare")

    def _presence(self, expression: Presence) -> None:
        if self.kind(expression.operand) == "truth":
            reason = f"{told(expression.operand)} is a condition, and only values can be missing"
            self._misfit(expression.operand.at, reason)

    def _conditions(self, operands: Sequence[Expression], word: str) -> None:
        for operand in operands:
            kind = self.kind(operand)
            if kind not in ("truth", "any"):
                reason = f"{word} takes conditions, and {told(operand)} is {NOUNS[kind]}"
                self._misfit(operand.at, f"{reason}; compare it, or write is present")
            elif isinstance(operand, Column):
                reason = f"{word} takes conditions, and {told(operand)} is a column"
                self._misfit(operand.at, f"{reason}; compare it, or write is present")


def whole_number(expression: Expression) -> int | None:
    """The decimals that round is told; None where they are not a whole number that it takes."""
    sign = 1
    if isinstance(expression, Negative):
        expression, sign = expression.operand, -1
    if not isinstance(expression, Number) or not expression.value.is_integer():
        return None
    return sign * int(expression.value) if expression.value <= MOST_DIGITS else None


def told(expression: Expression) -> str:
    """What a message calls a part of an expression."""
    match expression:
        case Column(name=name):
            return name
        case Text(value=value):
            return f"'{value}'"
        case Number(value=value):
            return f"{value:g}"
        case Call(function=function):
            return f"{function}(...)"
    return f"what stands at character {expression.at}"


def _date_and_text(left: Expression, right: Expression, kinds: tuple[Kind, Kind]) -> bool:
    """Whether a date is compared with text in quotes, which stands for a day."""
    return (kinds == ("date", "text") and isinstance(right, Text)) or (
        kinds == ("text", "date") and isinstance(left, Text)
    )


def _noun(kind: Kind) -> str:
    return NOUNS.get(kind, "a value")
