"""What a spreadsheet leaves in a CSV file: a line naming the delimiter, errors, formulas."""

from __future__ import annotations

import re

_NAMED_DELIMITER = re.compile(r'\A"?sep=(?P<delimiter>[^\n"])"?[;,\t|]*(?=\n|\Z)', re.IGNORECASE)
_ERRORS = re.compile(
    r"#(?:N/[AB]!?|NV|REF!|VERW!|BEZUG!|DIV/0!|DEEL/0!|VALUE!|WAARDE!|WERT!|VALEUR!|NAME\?|NAAM\?"
    r"|NOM\?|NUM!|GETAL!|ZAHL!|NOMBRE!|NULL!|LEEG!|NUL!|SPILL!|CALC!|FIELD!|BLOCKED!|CONNECT!|BUSY!"
    r"|UNKNOWN!|GETTING_DATA)",
    re.IGNORECASE,
)
_LIBRE_OFFICE_ERROR = re.compile(r"Err:5[0-9]{2}")
_TOO_NARROW = re.compile("#{4,}")
_FORMULA = re.compile(r"=.*|[+@][A-Za-z].*|-[A-Za-z][\w.]*[(|!].*", re.DOTALL)


def without_named_delimiter(text: str) -> tuple[str, str]:
    r"""The text with an empty first line in place of `sep=;`, and the delimiter that it names.

    The delimiter is empty if the text names none.

    >>> without_named_delimiter("sep=;\na;b\n"), without_named_delimiter("a;b\n")
    (('\na;b\n', ';'), ('a;b\n', ''))
    """
    found = _NAMED_DELIMITER.match(text)
    if not found:
        return text, ""
    return text[found.end() :], found["delimiter"]


def error_value(typed: str) -> str:
    """What a text that stands for no value says of itself; empty for any other text.

    >>> error_value("#REF!"), error_value("######"), error_value("#1")
    ("is a spreadsheet's error value", 'is what a spreadsheet shows where a column is too narrow',
    '')
    """
    if _ERRORS.fullmatch(typed) or _LIBRE_OFFICE_ERROR.fullmatch(typed):
        return "is a spreadsheet's error value"
    if _TOO_NARROW.fullmatch(typed):
        return "is what a spreadsheet shows where a column is too narrow"
    return ""


def is_formula(typed: str) -> bool:
    """Whether the text begins as a formula of a spreadsheet does; a signed number does not.

    >>> [is_formula(text) for text in ("=1+1", "+cmd|x", "@SUM(A1)", "-2+3", "+5", "- pain")]
    [True, True, True, False, False, False]
    """
    return bool(_FORMULA.fullmatch(typed))
