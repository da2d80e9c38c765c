"""The 2016 ACR/EULAR Total Improvement Score for adult dermatomyositis and polymyositis.

Aggarwal et al., Ann Rheum Dis 2017;76:792-801 (criteria); Rider et al., Rheumatology
2017;56:1884-1893 (method).

Values come from decimal data and bands are closed above, so everything is decided on exact
integers: 8.3 to 6.8 cm is 15 % of the range and not 15.000000000000009. A value is given as `value
/ reference`; the reference is 1 for scales and the upper limit of normal for enzymes. What is
returned as a number is the double nearest to the exact result.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import pandas as pd

from ..kinds import Number, Text
from ..roles import Group

__all__ = [
    "change",
    "improvement_category",
    "improvement_percent",
    "improvement_points",
    "leading_enzyme",
    "multiple",
]


@dataclass(frozen=True)
class Measure:
    """How a core set measure is scored."""

    range: int
    direction: int  # of improvement: -1 a decrease, 1 an increase
    edges: tuple[int, int, int, int]  # upper edges of the bands, in percent of the range
    points: tuple[float, float, float, float, float]  # of each band, and above the last


USUAL = (5, 15, 25, 40)
ENZYME_POINTS = (0, 2.5, 5, 7.5, 7.5)
ENZYMES = {
    "CK": 15,
    "ALDOLASE": 6,
    "LDH": 3,
    "AST": 3,
    "ALT": 3,
}  # range in multiples of the upper limit of normal
MEASURES = {
    "PGA": Measure(10, -1, USUAL, (0, 7.5, 15, 17.5, 20)),
    "PTGA": Measure(10, -1, USUAL, (0, 2.5, 5, 7.5, 10)),
    "MMT8": Measure(150, 1, (2, 10, 20, 30), (0, 10, 20, 27.5, 32.5)),
    "HAQDI": Measure(3, -1, USUAL, (0, 5, 7.5, 7.5, 10)),
    "EXTRA": Measure(10, -1, USUAL, (0, 7.5, 12.5, 15, 20)),
    **{enzyme: Measure(k, -1, USUAL, ENZYME_POINTS) for enzyme, k in ENZYMES.items()},
}
AS_INTEGER = np.frompyfunc(int, 1, 1)  # to Python integers, which have no largest one
CATEGORIES = ((60, "MAJOR"), (40, "MODERATE"), (20, "MINIMAL"))


def multiple(value: Number, reference: Number) -> Number:
    """The value divided by its reference, which is 1 for a scale.

    Args:
        value: numbers.
        reference: 1 for scales, for enzymes the upper limit of normal in the unit of the value.

    Returns:
        A scale's value, an enzyme's multiple of its limit. Missing where one of the two is missing
        or the reference is not positive.

    Source: Rider et al., Rheumatology 2017;56:1884-1893.

    >>> multiple(pd.Series([7.2, 900.0, 5.0]), pd.Series([1.0, 170.0, 0.0])).tolist()
    [7.2, 5.294117647058823, nan]
    """
    value, reference = _usable(value, reference)
    (v, r), _ = _integers(value, reference)
    return _quotient(v, r, value.notna())


def change(value: Number, reference: Number, base: Number, base_reference: Number) -> Number:
    """Value minus baseline value, each over its own reference.

    Args:
        value: numbers.
        reference: 1 for scales, for enzymes the upper limit of normal.
        base: value at baseline.
        base_reference: reference at baseline.

    Returns:
        The double nearest to the difference of the decimal numbers, however many digits they have.
        Missing where one of the four is missing or a reference is not positive.

    Source: Rider et al., Rheumatology 2017;56:1884-1893.

    >>> one = pd.Series([1.0, 1.0])
    >>> change(pd.Series([5.7, 1e-11]), one, pd.Series([7.2, 0.0]), one).tolist()
    [-1.5, 1e-11]
    """
    worse, scale, known = _difference(value, reference, base, base_reference)
    return _quotient(worse, scale, known)


def improvement_percent(
    measure: Text, value: Number, reference: Number, base: Number, base_reference: Number
) -> Number:
    """Absolute percentage change: 100 x improvement / range of the measure.

    Args:
        measure: code of the core set measure, or of the enzyme.
        value: numbers.
        reference: 1 for scales, for enzymes the upper limit of normal.
        base: value at baseline.
        base_reference: reference at baseline.

    Returns:
        Percent, improvement positive. Missing where `change` is, and for any other measure.

    Source: Aggarwal et al., Ann Rheum Dis 2017;76:792-801; Rider et al., Rheumatology
        2017;56:1884-1893.

    >>> one, measure = pd.Series([1.0, 1.0]), pd.Series(["PGA", "MMT8"])
    >>> value, base = pd.Series([6.8, 141.0]), pd.Series([8.3, 120.0])
    >>> improvement_percent(measure, value, one, base, one).tolist()
    [15.0, 14.0]
    """
    percent, scale, known = _percent(measure, value, reference, base, base_reference)
    return _quotient(percent, scale, known)


def improvement_points(
    measure: Text, value: Number, reference: Number, base: Number, base_reference: Number
) -> Number:
    """Points for the band of absolute percentage change; a band includes its upper edge.

    Args:
        measure: code of the core set measure, or of the enzyme.
        value: numbers.
        reference: 1 for scales, for enzymes the upper limit of normal.
        base: value at baseline.
        base_reference: reference at baseline.

    Returns:
        Points of the Total Improvement Score. Missing where `change` is, and for any other measure.

    Source: Aggarwal et al., Ann Rheum Dis 2017;76:792-801.

    >>> one, measure = pd.Series([1.0, 1.0]), pd.Series(["PGA", "PGA"])
    >>> improvement_points(measure, pd.Series([6.8, 6.7]), one, pd.Series([8.3, 8.3]), one).tolist()
    [7.5, 15.0]
    """
    percent, scale, known = _percent(measure, value, reference, base, base_reference)
    points = np.full(len(measure), np.nan)
    for name, m in MEASURES.items():
        here = (measure == name).to_numpy(bool)
        above = [percent[here] > edge * scale[here] for edge in m.edges]
        points[here] = np.asarray(m.points)[np.sum(above, axis=0, dtype="int64")]
    return pd.Series(points, index=measure.index).where(known)


def leading_enzyme(subject: Group, measure: Text, base: Number) -> Text:
    """Y on records of the enzyme with the highest baseline multiple, and of other measures.

    Args:
        subject: the subject of each record.
        measure: code of the core set measure, or of the enzyme.
        base: baseline multiple of the upper limit of normal.

    Returns:
        Y on records of the subject's leading enzyme and of every measure that is no enzyme, else
        missing. Ties go to the first of CK, ALDOLASE, LDH, AST, ALT. Equal ratios of decimals are
        equal doubles here, since each is the double nearest to the exact ratio.

    Source: Rider et al., Rheumatology 2017;56:1884-1893.

    >>> measure, base = pd.Series(["AST", "CK", "PGA"]), pd.Series([4.0, 4.0, 7.2])
    >>> leading_enzyme(pd.Series(["s"] * 3), measure, base).tolist()
    [nan, 'Y', 'Y']
    """
    place = {name: i for i, name in enumerate(ENZYMES)}
    rank = measure.astype("object").map(place).astype("float64")
    candidates = pd.DataFrame({"subject": subject, "measure": measure, "base": -base, "rank": rank})
    candidates = candidates[rank.notna() & base.notna()]
    candidates = candidates.sort_values(["base", "rank"], kind="stable")
    chosen = candidates.drop_duplicates("subject").set_index("subject")["measure"]
    mine = subject.astype("object").map(chosen.astype("object").to_dict())
    keep = rank.isna() | (measure.astype("object") == mine)
    return pd.Series("Y", index=measure.index).where(keep).astype("str")


def improvement_category(score: Number) -> Text:
    """NONE below 20, MINIMAL from 20, MODERATE from 40, MAJOR from 60.

    Args:
        score: the Total Improvement Score, 0 to 100.

    Returns:
        The category. Missing where the score is.

    Source: Aggarwal et al., Ann Rheum Dis 2017;76:792-801.

    >>> improvement_category(pd.Series([17.5, 20.0, 40.0, 60.0, None])).tolist()
    ['NONE', 'MINIMAL', 'MODERATE', 'MAJOR', nan]
    """
    conditions = [(score >= threshold).to_numpy() for threshold, _ in CATEGORIES]
    named = np.select(conditions, [name for _, name in CATEGORIES], "NONE")
    return pd.Series(named, index=score.index).where(score.notna()).astype("str")


# ---------------------------------------------------------------- exact arithmetic
def _usable(value: pd.Series, reference: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Both missing where one is missing or the reference is not positive."""
    known = np.isfinite(value) & np.isfinite(reference) & (reference > 0)
    return value.where(known), reference.where(known)


def _integers(*columns: pd.Series) -> tuple[list[np.ndarray], int]:
    """The columns as Python integers times 10**-power, missing as 1, and that power.

    Nothing is rounded.
    """
    filled = [column.fillna(1).to_numpy("float64") for column in columns]
    for power in range(10):
        if all(_whole(column, power) for column in filled):
            return [AS_INTEGER(np.rint(column * 10**power)) for column in filled], power
    return _integers_of_any(filled)


def _integers_of_any(columns: list[np.ndarray]) -> tuple[list[np.ndarray], int]:
    """The same for any doubles: each distinct one is read off its shortest decimal text."""
    distinct, place = np.unique(np.concatenate(columns), return_inverse=True)
    decimals = [Decimal(repr(float(number))) for number in distinct]
    power = max(0, *(-int(number.as_tuple().exponent) for number in decimals))
    integers = np.array([int(number.scaleb(power)) for number in decimals], dtype="object")
    return np.split(integers[place], len(columns)), power


def _whole(column: np.ndarray, power: int) -> bool:
    """Whether every value has at most `power` decimals, and so few digits that one integer fits."""
    with np.errstate(over="ignore", invalid="ignore"):  # beyond the doubles is not below 10**15
        integers = np.rint(column * 10**power)
    return bool(np.all((np.abs(integers) < 10**15) & (integers / 10**power == column)))


def _difference(
    value: pd.Series, reference: pd.Series, base: pd.Series, base_reference: pd.Series
) -> tuple[np.ndarray, np.ndarray, pd.Series]:
    """Numerator and denominator of value/reference - base/base_reference; where there is one."""
    value, reference = _usable(value, reference)
    base, base_reference = _usable(base, base_reference)
    (v, r, b, s), _ = _integers(value, reference, base, base_reference)
    return v * s - b * r, r * s, value.notna() & base.notna()


def _percent(
    measure: pd.Series,
    value: pd.Series,
    reference: pd.Series,
    base: pd.Series,
    base_reference: pd.Series,
) -> tuple[np.ndarray, np.ndarray, pd.Series]:
    worse, scale, known = _difference(value, reference, base, base_reference)
    names = measure.astype("object")
    span = names.map({name: m.range for name, m in MEASURES.items()})
    sign = names.map({name: 100 * m.direction for name, m in MEASURES.items()})
    known = known & span.notna()
    return worse * sign.fillna(1).to_numpy(object), scale * span.fillna(1).to_numpy(object), known


def _quotient(numerator: np.ndarray, denominator: np.ndarray, known: pd.Series) -> pd.Series:
    """Integer division to the nearest double, as Python's true division of integers has it."""
    divided = DIVIDED(numerator, denominator).astype("float64")
    return pd.Series(divided, index=known.index).where(known)


def _divided(numerator: int, denominator: int) -> float:
    try:
        return numerator / denominator
    except OverflowError:  # beyond the doubles
        return np.inf if numerator > 0 else -np.inf


DIVIDED = np.frompyfunc(_divided, 2, 1)
