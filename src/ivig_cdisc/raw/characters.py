"""Characters that nobody sees, and how they are named and taken out of what identifies."""

from __future__ import annotations

import unicodedata

LOST = "\ufffd"  # stands where a byte could not be decoded, here or before
_UNSEEN = frozenset("\u034f\u115f\u1160\u2800\u3164\uffa0") | frozenset(
    map(chr, range(0xFE00, 0xFE10))
)
_CONTROLS = {"\t": "TAB", "\n": "LINE FEED", "\r": "CARRIAGE RETURN", "\x00": "NULL"}


def cleaned(text: str) -> str:
    """Text as it is seen: odd blanks are plain ones, what is not seen is gone, letter and accent are one character.

    >>> cleaned("01-001\u200b\u00a0"), cleaned("Zoe\u0308"), cleaned("01\u00a0001")
    ('01-001', 'Zoë', '01 001')
    """
    if text.isascii() and text.isprintable():
        return text.strip()
    seen = "".join(" " if _is_odd_blank(char) else char for char in text if not _is_unseen(char))
    return unicodedata.normalize("NFC", seen).strip()


def visible(text: str) -> str:
    r"""Text without what takes no place, and without blanks around it; blanks within stay as they are.

    >>> visible("12\u200b0"), visible("1\u00a0624\u00a0")
    ('120', '1\xa0624')
    """
    if text.isascii() and text.isprintable():
        return text.strip()
    return "".join(char for char in text if not _is_unseen(char)).strip()


def unseen_characters(text: str) -> str:
    """Names of the characters that `visible` takes out, each once, with their code points; empty if none is there."""
    return (
        ", ".join(map(named, dict.fromkeys(filter(_is_unseen, text)))) if has_unseen(text) else ""
    )


def odd_characters(text: str) -> str:
    """Names of the characters that `cleaned` changes, each once, with their code points; empty where there are none.

    >>> odd_characters("a\u200bb\u200bc\u00a0"), odd_characters("plain text")
    ('U+200B ZERO WIDTH SPACE, U+00A0 NO-BREAK SPACE', '')
    """
    if text.isascii() and text.isprintable():
        return ""
    odd = [char for char in text if _is_unseen(char) or _is_odd_blank(char)]
    if not unicodedata.is_normalized("NFC", text):
        odd += [
            char
            for char in text
            if unicodedata.normalize("NFC", char) != char or unicodedata.combining(char)
        ]
    return ", ".join(map(named, dict.fromkeys(odd)))


def unusual_characters(text: str) -> str:
    """Names of what is not ASCII or not seen in a text that should be digits, signs and letters; empty if none is."""
    odd = [char for char in text if not char.isascii() or not char.isprintable()]
    return ", ".join(map(named, dict.fromkeys(odd)))


def has_unseen(text: str) -> bool:
    """Whether a text holds characters that take no place: zero-width ones, soft hyphens, controls."""
    return not (text.isascii() and text.isprintable()) and any(map(_is_unseen, text))


def named(char: str) -> str:
    r"""A character by code point and name.

    >>> named("\u00ad"), named("\x07")
    ('U+00AD SOFT HYPHEN', 'U+0007 CONTROL CHARACTER')
    """
    name = _CONTROLS.get(char) or unicodedata.name(char, "")
    return f"U+{ord(char):04X} {name or ('CONTROL CHARACTER' if unicodedata.category(char) == 'Cc' else '')}".rstrip()


def _is_odd_blank(char: str) -> bool:
    return char.isspace() and char not in " \n"


def _is_unseen(char: str) -> bool:
    return char in _UNSEEN or (unicodedata.category(char) in ("Cc", "Cf") and not char.isspace())
