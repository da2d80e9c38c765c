"""Text as files and pages hold it.

Values in full, long text in pieces that make the whole again, and names that are near another.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, time
from decimal import Decimal
from difflib import SequenceMatcher, get_close_matches
from itertools import zip_longest
from math import isfinite
from typing import Any

import pandas as pd

IN_OTHER_CAPITALS = 0.8  # how close a name must be whose capitals do not count
LONGEST_LABEL = 40  # bytes that a label of SAS XPORT version 5 holds
NUMBER = r"[+-]?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,4})?"  # as results are typed
BOUND = r"[<>]=?|[≤≥]"  # what stands before a number that is a bound
LONGEST_TEXT = 200  # bytes that a variable of SAS XPORT version 5 holds
NEAR = 3  # names that are tried
OPPOSITES = (  # words and fragments of names (AESTDTC, LBORNRLO) that turn the meaning round
    *(("st", "en"), ("start", "end"), ("lo", "hi"), ("low", "high"), ("min", "max")),
    *(("first", "last"), ("before", "after"), ("present", "absent"), ("birth", "death")),
)
_TO_WORD_END = re.compile(rf".{{0,{LONGEST_TEXT - 1}}}[^ ](?= )", re.DOTALL)


# ---------------------------------------------------------------- values
def number_text(number: float) -> str:
    """A number in digits: no exponent, no digit more or fewer than the double has, and 2 for 2.0.

    The digits are the shortest that read back as the same double.

    Args:
        number: any.

    Returns:
        The text. Minus zero is 0; what is not finite is inf, -inf or nan.

    >>> [number_text(number) for number in (2.0, 0.1 + 0.2, 1e-05, 1e16, -0.0)]
    ['2', '0.30000000000000004', '0.00001', '10000000000000000', '0']
    """
    shortest = repr(float(number))
    if not isfinite(number):
        return shortest
    return decimal_text(Decimal(shortest))


def decimal_text(exact: Decimal) -> str:
    """A finite decimal number in all its digits: no exponent, and 2 for 2.00.

    Args:
        exact: the number.

    Returns:
        The text. Minus zero is 0.

    >>> [decimal_text(Decimal(number)) for number in ("1E-7", "49.80", "-0.0", "1E+3")]
    ['0.0000001', '49.8', '0', '1000']
    """
    digits = f"{exact:f}"
    if "." in digits:
        digits = digits.rstrip("0").rstrip(".")
    if digits == "-0":
        return "0"
    return digits


def value_text(value: Any) -> str:
    """A value that is not missing, as a person writes it.

    Args:
        value: a cell of a frame, or a value of YAML.

    Returns:
        A number as `number_text` has it; a date or moment as ISO 8601, without a time at midnight;
        anything else as it is.

    >>> value_text(22.0), value_text(date(2017, 5, 12)), value_text("22.0")
    ('22', '2017-05-12', '22.0')
    """
    if isinstance(value, float):
        return number_text(value)
    if isinstance(value, date | time):
        return value.isoformat().removesuffix("T00:00:00")
    return str(value)


def as_text(column: pd.Series) -> pd.Series:
    """Each value as `value_text` gives it.

    Args:
        column: values of any kind.

    Returns:
        The texts, dtype str; index and name as given. Missing stays missing.

    >>> as_text(pd.Series([2.0, None, 1e-05])).tolist()
    ['2', nan, '0.00001']
    >>> as_text(pd.Series(pd.to_datetime(["2017-05-12", None]))).tolist()
    ['2017-05-12', nan]
    """
    codes, distinct = pd.factorize(column)
    written = pd.array([value_text(value) for value in distinct], dtype="str")
    return pd.Series(written.take(codes, allow_fill=True), index=column.index, name=column.name)


# ---------------------------------------------------------------- long text
def spans(text: str) -> list[slice]:
    """Where ASCII text is cut into pieces of at most LONGEST_TEXT bytes.

    It is cut behind words, as far as there are blanks. The blank behind a piece is in none. Only a
    piece that is one word of full length is followed directly by the next, as nobody could tell
    whether it ended there. Blanks at the end are left out.

    Args:
        text: ASCII, of any length.

    Returns:
        The slices of the pieces in order, at least one.

    Source:
        SDTMIG 3.4, 4.5.3.2.

    >>> spans("word " * 50), spans("x" * 250)
    ([slice(0, 199, None), slice(200, 249, None)], [slice(0, 200, None), slice(200, 250, None)])
    """
    found, start, end = [], 0, len(text.rstrip(" "))
    while end - start > LONGEST_TEXT:
        words = _TO_WORD_END.match(text, start, end)
        stop = start + LONGEST_TEXT
        if words:
            stop = words.end()
        piece = slice(start, stop)
        found.append(piece)
        start = stop
        if not _runs_on(text[piece]):
            start += 1  # the blank behind it
    return [*found, slice(start, end)]


def _runs_on(piece: str) -> bool:
    """Whether a piece is one word of full length, so that no blank is between it and the next."""
    return len(piece) == LONGEST_TEXT and " " not in piece.lstrip(" ")


def is_long(column: pd.Series) -> bool:
    """Whether a column has a text of more than LONGEST_TEXT bytes.

    Args:
        column: ASCII text, or categories of it.

    Returns:
        True where one text is longer; False where all are missing.
    """
    texts = column
    if isinstance(column.dtype, pd.CategoricalDtype):
        texts = column.cat.categories.to_series()
    return bool((texts.astype("str").str.len() > LONGEST_TEXT).any())


def in_pieces(column: pd.Series) -> pd.DataFrame:
    """Each text in its pieces (see `spans`).

    Args:
        column: ASCII text, or categories of it.

    Returns:
        Column 0 has the first pieces, 1 the second ones, as far as there are any; index as given. A
        piece is missing where the text is, where it has no more, or where the piece is nothing but
        blanks.
    """
    texts = column.astype("str")
    distinct = pd.Index(texts.dropna().unique(), dtype="str")
    cut = [_pieces(text) for text in distinct]
    columns: dict[int, Sequence[str | None]] = {0: []}  # there is a first one of no text, too
    for number, pieces in enumerate(zip_longest(*cut)):
        columns[number] = pieces
    frame = pd.DataFrame(columns, distinct, dtype="str").replace(" " * LONGEST_TEXT, None)
    return frame.reindex(texts).set_axis(texts.index)


def _pieces(text: str) -> list[str]:
    return [text[span] for span in spans(text)]


def joined(pieces: pd.DataFrame) -> pd.Series:
    """The whole texts of pieces.

    Args:
        pieces: side by side, as `in_pieces` gives them.

    Returns:
        The texts; index as given. A text is missing where all its pieces are.
    """
    *before, last = pieces
    whole = pieces[last]
    for name in reversed(before):
        piece = pieces[name]
        known = piece.fillna(" " * LONGEST_TEXT)
        is_full = known.str.len().eq(LONGEST_TEXT)
        has_blank = known.str.lstrip(" ").str.contains(" ", regex=False)
        runs_on = is_full & ~has_blank
        gap = pd.Series(" ", known.index, dtype="str").mask(runs_on, "")
        whole = (known + gap + whole).fillna(piece)
    return whole


# ---------------------------------------------------------------- lists and names in messages
def first_few(texts: Sequence[str], most: int) -> str:
    """A list in a sentence, cut after so many, with the number of those left out.

    Args:
        texts: all of the list.
        most: how many are named at most.

    Returns:
        The text.

    >>> first_few(["a", "b"], 2), first_few(["a", "b", "c"], 2)
    ('a, b', 'a, b and 1 more')
    """
    named = ", ".join(texts[:most])
    if len(texts) <= most:
        return named
    return f"{named} and {len(texts) - most} more"


def several(names: str | Iterable[str]) -> list[str]:
    """Names as a list; a single one may be given by itself.

    Args:
        names: one name, or several.

    Returns:
        The names in their order.

    >>> several("DM"), several(("DM", "AE"))
    (['DM'], ['DM', 'AE'])
    """
    if isinstance(names, str):
        return [names]
    return list(names)


def nearest(name: str, known: Iterable[str], closeness: float = 0.6) -> str:
    """The one of these names that may have been meant; empty where none is near.

    What is very near in whatever capitals comes first, then what is near as it is written.

    Args:
        name: as it was written.
        known: the names that there are.
        closeness: of the two spellings, from 0 to 1 (the same), as difflib's ratio has it.

    Returns:
        The name as it is among the known ones, or empty text.

    A name that says the opposite is never meant.

    >>> nearest("Weigth", ["height", "WEIGHT"]), nearest("dose", ["height", "WEIGHT"])
    ('WEIGHT', '')
    >>> nearest("AEENDTC", ["AESTDTC"]), nearest("AEENDTC", ["AESTDTC", "AEENDDTC"])
    ('', 'AEENDDTC')
    """
    names = list(known)
    letters = [other.casefold() for other in names]
    strict = max(closeness, IN_OTHER_CAPITALS)
    for found in get_close_matches(name.casefold(), letters, n=NEAR, cutoff=strict):
        alike = [other for other in names if other.casefold() == found]
        if not _reverses(name, found):
            return get_close_matches(name, alike, n=1, cutoff=0)[0]
    for found in get_close_matches(name, names, n=NEAR, cutoff=closeness):
        if not _reverses(name, found):
            return found
    return ""


def _reverses(name: str, other: str) -> bool:
    """Whether the other name says the opposite: it is nearer when a word of it is turned round."""
    written, meant = name.casefold(), other.casefold()
    for pair in OPPOSITES:
        for word, opposite in (pair, pair[::-1]):
            turned = written.replace(word, opposite)
            if word in written and _likeness(turned, meant) > _likeness(written, meant):
                return True
    return False


def _likeness(first: str, second: str) -> float:
    return SequenceMatcher(None, first, second).ratio()


def suggest(name: str, known: Iterable[str]) -> str:
    """The end of a message about a name that there is none of.

    Args:
        name: as it was written.
        known: the names that there are.

    Returns:
        ` (did you mean X?)` where a known name is near, else empty text. Of a name with a minus
        before it that there is no descending order: without it, it would say the opposite. Two of
        them stand for the domain.

    >>> suggest("USUBJD", ["USUBJID"]), suggest("AGE", ["USUBJID"])
    (' (did you mean USUBJID?)', '')
    >>> suggest("-VSDTC", ["VSDTC"])
    '; there is no descending order (-) here'
    >>> suggest("--CATT", ["--CAT"])
    ' (did you mean --CAT?)'
    """
    is_descending = name.startswith("-") and not name.startswith("--")
    if is_descending and nearest(name.lstrip("-"), known):
        return "; there is no descending order (-) here"
    meant = nearest(name, known)
    if not meant:
        return ""
    return f" (did you mean {meant}?)"
