"""ASCII spellings of text that is not ASCII, and how to find text that needs one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

UNKNOWN = "?"  # stands for a character without ASCII spelling

# What Unicode's own decomposition does not give, or gives wrongly: it makes "=" of the sign for
# "not equal".
# fmt: off
_CHARACTERS = {
    "'": "‘’‚‛′´ʹʼ",
    '"': "“”„‟″«»",
    "-": "‐‑‒–—―−",
    # nothing to see: soft hyphen, joiners, byte order mark
    "": "\u00ad\u200b\u200c\u200d\u2060\ufeff",
    " ": "\u2028\u2029\u00a8\u00af\u00b8",  # line and paragraph breaks, accents without a letter
    "ss": "ß",
    "SS": "ẞ",
    "ae": "æ",
    "AE": "Æ",
    "oe": "œ",
    "OE": "Œ",
    "o": "ø",
    "O": "Ø",
    "d": "ðđ",
    "D": "ÐĐ",
    "th": "þ",
    "Th": "Þ",
    "l": "ł",
    "L": "Ł",
    "h": "ħ",
    "H": "Ħ",
    "i": "ı",
    "n": "ŋ",
    "alpha": "α",
    "beta": "β",
    "gamma": "γ",
    "delta": "δ",
    "Delta": "Δ∆",
    "epsilon": "ε",
    "kappa": "κ",
    "lambda": "λ",
    "u": "µμ",
    "pi": "π",
    "sigma": "σ",
    "chi": "χ",
    "omega": "ω",
    "Ohm": "Ω\u2126",
    "deg": "°",
    "<=": "≤",
    ">=": "≥",
    "!=": "≠",
    "~": "≈",
    "+/-": "±",
    "x": "×",
    "/": "÷⁄∕",
    ".": "·",
    "*": "•",
    "->": "→",
    "<-": "←",
    "!": "¡",
    "?": "¿",
    "(C)": "©",
    "(R)": "®",
    "EUR": "€",
    "GBP": "£",
}
# fmt: on
SPELLINGS = {char: ascii_text for ascii_text, chars in _CHARACTERS.items() for char in chars}
_SUPERSCRIPT = re.compile(r"(?<=[0-9])(?=[⁺⁻]?[⁰¹²³⁴-⁹])")  # 10 to the 9th is 10^9, not 109
_FRACTION = re.compile(r"(?<=[0-9])(?=[¼½¾⅐-⅞])")  # one and a half is 1 1/2, not 11/2
_BLANK, _TILDE = np.uint8(0x20), np.uint8(0x7E)  # first and last printable character
_STROKE = "\u0338"  # decomposition of negated signs: without it they would say the opposite
_CONTROL = re.compile(r"\r\n|[\x00-\x1f\x7f-\x9f]")


def is_printable_ascii(text: pa.Array) -> bool:
    """Whether all text is printable ASCII, blank to tilde.

    Looks at the bytes, whatever the number of values.
    """
    return not ((octets(text) - _BLANK) > _TILDE - _BLANK).any()


def octets(text: pa.Array) -> NDArray[np.uint8]:
    """All bytes of an array of large_string one value after another, without a copy."""
    if not len(text):
        return np.empty(0, np.uint8)
    offsets = np.frombuffer(text.buffers()[1], np.int64)
    first, last = int(offsets[text.offset]), int(offsets[text.offset + len(text)])
    return np.frombuffer(text.buffers()[2] or b"", np.uint8)[first:last]


def without_control(text: str) -> str:
    """Line breaks, tabs and other control characters as blanks; CR LF is one line break."""
    return _CONTROL.sub(" ", text)


def transliterate(text: str) -> tuple[str, str, str]:
    """Text in ASCII; the characters spelled anew.

    And those without ASCII spelling, which became UNKNOWN.
    """
    marked = _FRACTION.sub(" ", _SUPERSCRIPT.sub("^", text))
    return _translated(marked, {char: _spelling(char) for char in _not_ascii(marked)})


def replace(text: str) -> tuple[str, str, str]:
    """As `transliterate`, but no character that is not ASCII has a spelling."""
    return _translated(text, dict.fromkeys(_not_ascii(text)))


def _not_ascii(text: str) -> list[str]:
    return [char for char in text if not char.isascii()]


def _translated(text: str, spellings: Mapping[str, str | None]) -> tuple[str, str, str]:
    """The text with these spellings; the characters that have one, and those that have none."""
    table: dict[int, str] = {}
    spelled, lost = "", ""
    for char, ascii_text in spellings.items():
        if ascii_text is None:
            table[ord(char)] = UNKNOWN
            lost += char
        else:
            table[ord(char)] = ascii_text
            spelled += char
    return text.translate(table), spelled, lost


def _spelling(char: str) -> str | None:
    """The ASCII spelling of one character.

    By SPELLINGS, else by its decomposition without accents, else None.
    """
    if char in SPELLINGS:
        return SPELLINGS[char]
    parts = unicodedata.normalize("NFKD", char)
    if _STROKE in parts:
        return None
    letters = [SPELLINGS.get(part, part) for part in parts if not unicodedata.combining(part)]
    spelled = "".join(letters)
    if spelled.isascii():
        return spelled
    return None
