"""Characters that nobody sees, and how they are named and taken out of what identifies."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

LOST = "\ufffd"  # stands where a byte could not be decoded, here or before
_VARIATION_SELECTORS = map(chr, range(0xFE00, 0xFE10))
_UNSEEN = frozenset("\u034f\u115f\u1160\u2800\u3164\uffa0") | frozenset(_VARIATION_SELECTORS)
_CONTROLS = {"\t": "TAB", "\n": "LINE FEED", "\r": "CARRIAGE RETURN", "\x00": "NULL"}


def cleaned(text: str) -> str:
    """Text as it is seen: odd blanks are plain ones, letter and accent are one character.

    What is not seen is gone, and so are blanks around the text.

    >>> cleaned("01-001\u200b\u00a0"), cleaned("Zoe\u0308"), cleaned("01\u00a0001")
    ('01-001', 'Zoë', '01 001')
    """
    if _is_plain(text):
        return text.strip()
    seen = []
    for char in text:
        if _is_odd_blank(char):
            seen.append(" ")
        elif not _is_unseen(char):
            seen.append(char)
    return unicodedata.normalize("NFC", "".join(seen)).strip()


def visible(text: str) -> str:
    r"""Text without what takes no place, and without blanks around it; blanks within stay.

    >>> visible("12\u200b0"), visible("1\u00a0624\u00a0")
    ('120', '1\xa0624')
    """
    if _is_plain(text):
        return text.strip()
    return "".join(char for char in text if not _is_unseen(char)).strip()


def unseen_characters(text: str) -> str:
    """Names of the characters that `visible` takes out, each once; empty if none is there."""
    if _is_plain(text):
        return ""
    return _names(char for char in text if _is_unseen(char))


def odd_characters(text: str) -> str:
    """Names of the characters that `cleaned` changes, each once; empty where there are none.

    >>> odd_characters("a\u200bb\u200bc\u00a0"), odd_characters("plain text")
    ('U+200B ZERO WIDTH SPACE, U+00A0 NO-BREAK SPACE', '')
    """
    if _is_plain(text):
        return ""
    odd = [char for char in text if _is_unseen(char) or _is_odd_blank(char)]
    if not unicodedata.is_normalized("NFC", text):
        odd += [char for char in text if _is_recomposed(char)]
    return _names(odd)


def unusual_characters(text: str) -> str:
    """Names of what is not ASCII or not seen in a text of digits, signs and letters."""
    return _names(char for char in text if not _is_plain(char))


def has_unseen(text: str) -> bool:
    """Whether a text holds characters that take no place: zero-width ones, hyphens, controls."""
    return not _is_plain(text) and any(map(_is_unseen, text))


def named(char: str) -> str:
    r"""A character by code point and name.

    >>> named("\u00ad"), named("\x07")
    ('U+00AD SOFT HYPHEN', 'U+0007 CONTROL CHARACTER')
    """
    name = _CONTROLS.get(char) or unicodedata.name(char, "")
    if not name and unicodedata.category(char) == "Cc":
        name = "CONTROL CHARACTER"
    return f"U+{ord(char):04X} {name}".rstrip()


def _names(characters: Iterable[str]) -> str:
    """The characters by code point and name, each once, in their order."""
    return ", ".join(map(named, dict.fromkeys(characters)))


def _is_plain(text: str) -> bool:
    return text.isascii() and text.isprintable()


def _is_recomposed(char: str) -> bool:
    """Whether NFC makes another character of it, or joins it to the letter before."""
    return unicodedata.normalize("NFC", char) != char or bool(unicodedata.combining(char))


def _is_odd_blank(char: str) -> bool:
    return char.isspace() and char not in " \n"


def _is_unseen(char: str) -> bool:
    return char in _UNSEEN or (unicodedata.category(char) in ("Cc", "Cf") and not char.isspace())
