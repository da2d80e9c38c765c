"""Random expressions give what other evaluators give: SQLite for three values, fractions for numbers."""

from __future__ import annotations

import math
import random
import sqlite3
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pandas as pd
import pytest

from ivig_cdisc.expressions import ExpressionError, compute, kind_of, parse, select
from ivig_cdisc.expressions.kinds import Kind
from tests.sampled import EVERYTHING

KNOWN: dict[str, Kind] = {"A": "number", "B": "number", "C": "number", "S": "text", "T": "text"}
NUMBERS = ["A", "B", "C"]
TEXTS = ["S", "T"]
MANY = 10_000 if EVERYTHING else 800  # expressions
VALUES = [None, 0.0, 1.0, -1.0, 2.0, 0.5, -2.5, 3.0, 12.0]
WORDS = [None, "", "Y", "N", "it's"]


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    chance = random.Random(9)
    numbers = {name: [chance.choice(VALUES) for _ in range(60)] for name in NUMBERS}
    texts = {name: pd.array([chance.choice(WORDS) for _ in range(60)], "str") for name in TEXTS}
    return pd.DataFrame({**numbers, **texts}).astype(dict.fromkeys(NUMBERS, "float64"))


# ---------------------------------------------------------------- conditions, as SQLite has them
class Conditions:
    """Random conditions, each in the words of this language and of SQL."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)

    def value(self, depth: int) -> tuple[str, str]:
        """A number; -, + and * of halves and small whole numbers are exact in both."""
        if depth == 0 or self.chance.random() < 0.5:
            name = self.chance.choice([*NUMBERS, "1", "2.5", "0"])
            return name, f"{name}.0" if name in ("1", "0") else name
        if self.chance.random() < 0.2:
            (own, sql) = self.value(depth - 1)
            return f"-({own})", f"-({sql})"
        (a, x), (b, y) = self.value(depth - 1), self.value(depth - 1)
        sign = self.chance.choice(["+", "-", "*", "/"])
        return f"({a} {sign} {b})", f"({x} {sign} {y})"

    def text(self) -> tuple[str, str]:
        if self.chance.random() < 0.3:
            word = self.chance.choice(["'Y'", "'N'", "'it''s'"])
            return word, word
        name = self.chance.choice(TEXTS)
        return name, f"nullif({name}, '')"

    def leaf(self) -> tuple[str, str]:
        kind = self.chance.randrange(6)
        if kind <= 1:
            (a, x), (b, y) = self.value(2), self.value(1)
            sign = self.chance.choice(["=", "!=", "<", "<=", ">", ">="])
            return f"{a} {sign} {b}", f"{x} {sign} {y}"
        if kind == 2:
            (a, x), (b, y) = self.text(), self.text()
            sign = self.chance.choice(["=", "!="])
            return f"{a} {sign} {b}", f"{x} {sign} {y}"
        if kind == 3:
            (a, x), word = self.text(), self.chance.choice(["in", "not in"])
            return f"{a} {word} ('Y', 'it''s')", f"{x} {word} ('Y', 'it''s')"
        if kind == 4:
            (a, x), word = self.value(1), self.chance.choice(["in", "not in"])
            return f"{a} {word} (1, -2.5, 0)", f"{x} {word} (1, -2.5, 0)"
        (a, x) = self.chance.choice([self.text, lambda: self.value(1)])()
        if self.chance.random() < 0.5:
            return f"{a} is missing", f"{x} is null"
        return f"{a} is present", f"{x} is not null"

    def condition(self, depth: int) -> tuple[str, str]:
        if depth == 0 or self.chance.random() < 0.3:
            return self.leaf()
        if self.chance.random() < 0.25:
            (own, sql) = self.condition(depth - 1)
            return f"not ({own})", f"not ({sql})"
        (a, x), (b, y) = self.condition(depth - 1), self.condition(depth - 1)
        word = self.chance.choice(["and", "or"])
        if self.chance.random() < 0.5:
            return f"({a}) {word} ({b})", f"({x}) {word} ({y})"
        return f"{a} {word} {b}", f"{x} {word} {y}"  # both bind in the same order


@pytest.fixture(scope="module")
def ask(frame: pd.DataFrame) -> Callable[[str], list[bool]]:
    """Which records of the same table SQLite selects."""
    connection = sqlite3.connect(":memory:")
    connection.execute("create table t (A real, B real, C real, S text, T text)")
    rows = frame.astype("object").where(frame.notna(), None).itertuples(index=False)
    connection.executemany("insert into t values (?, ?, ?, ?, ?)", list(rows))

    def chosen(condition: str) -> list[bool]:
        query = f"select ({condition}) is true from t order by rowid"  # noqa: S608 # made here
        return [bool(answer) for (answer,) in connection.execute(query)]

    return chosen


def test_conditions_select_what_sqlite_selects(
    frame: pd.DataFrame, ask: Callable[[str], list[bool]]
) -> None:
    conditions = Conditions(2018)
    for _ in range(MANY):
        own, sql = conditions.condition(3)
        expression = parse(own)
        assert kind_of(expression, KNOWN) == ("truth", ()), own
        assert select(expression, frame)[0].tolist() == ask(sql), own


# ---------------------------------------------------------------- numbers, as fractions have them
class Numbers:
    """Random arithmetic, each with its exact value by record; None is missing."""

    def __init__(self, seed: int, rows: list[dict[str, Fraction | None]]) -> None:
        self.chance = random.Random(seed)
        self.rows = rows

    def value(self, depth: int) -> tuple[str, list[Fraction | None]]:
        if depth == 0 or self.chance.random() < 0.3:
            return self.leaf()
        kind = self.chance.choice(
            ["+", "-", "*", "halved", "minus", "abs", "floor", "ceil", "max", "min"]
        )
        text, values = self.value(depth - 1)
        if kind == "halved":
            return f"({text} / 2)", [None if v is None else v / 2 for v in values]
        if kind in ONE:
            written = f"(-{text})" if kind == "minus" else f"{kind}({text})"
            return written, [None if v is None else ONE[kind](v) for v in values]
        other, others = self.value(depth - 1)
        pairs = list(zip(values, others))
        if kind in ("max", "min"):
            pick = {"max": max, "min": min}[kind]
            known = [[v for v in pair if v is not None] for pair in pairs]
            return f"{kind}({text}, {other})", [pick(k) if k else None for k in known]
        given = [None if None in pair else TWO[kind](*pair) for pair in pairs]  # type: ignore[arg-type]
        return f"({text} {kind} {other})", given

    def leaf(self) -> tuple[str, list[Fraction | None]]:
        if self.chance.random() < 0.25:
            number = self.chance.choice(["0.5", "2", "3", "10", "0"])
            return number, [Fraction(number)] * len(self.rows)
        name = self.chance.choice(NUMBERS)
        return name, [row[name] for row in self.rows]

    def rounded(self) -> tuple[str, list[Fraction | None]]:
        """A value, perhaps rounded at last: what is rounded to decimals is no exact double."""
        text, values = self.value(4)
        if self.chance.random() < 0.5:
            return text, values
        digits = self.chance.randrange(-2, 4)
        place = Decimal(1).scaleb(-digits)
        exact = [
            None if v is None else Decimal(v.numerator) / Decimal(v.denominator) for v in values
        ]
        given = [None if e is None else Fraction(e.quantize(place, ROUND_HALF_UP)) for e in exact]
        return f"round({text}, {digits})", given


ONE: dict[str, Callable[[Fraction], Fraction]] = {
    "minus": lambda v: -v,
    "abs": abs,
    "floor": lambda v: Fraction(math.floor(v)),
    "ceil": lambda v: Fraction(math.ceil(v)),
}
TWO: dict[str, Callable[[Fraction, Fraction], Fraction]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
}


def test_numbers_are_what_exact_fractions_give(frame: pd.DataFrame) -> None:
    records = frame[NUMBERS].astype("object").where(frame[NUMBERS].notna(), None).to_dict("records")
    rows = [{n: None if v is None else Fraction(v) for n, v in row.items()} for row in records]
    numbers = Numbers(6160, rows)  # type: ignore[arg-type]
    for _ in range(MANY):
        text, exact = numbers.rounded()
        column, faults = compute(parse(text), frame)
        expected = [None if value is None else float(value) for value in exact]
        found = [None if math.isnan(value) else value for value in column.tolist()]
        assert (found, faults) == (expected, []), text


# ---------------------------------------------------------------- broken ones
def test_broken_expressions_say_where() -> None:
    conditions, chance = Conditions(7), random.Random(8)
    for _ in range(MANY):
        text, _ = conditions.condition(2)
        at = chance.randrange(len(text))
        damage = chance.choice(["", *"()'\"`=<!&|{},;.~éx9 ", " and ", " in "])
        broken = text[:at] + damage + text[at + chance.randrange(3) :]
        try:
            _, misfits = kind_of(parse(broken), KNOWN)
        except ExpressionError as error:
            misfits = (error,)
        for misfit in misfits:
            assert 1 <= misfit.at <= len(broken) + 1, broken
            assert misfit.reason, broken
