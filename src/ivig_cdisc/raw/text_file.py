"""From the bytes of one file to its text: which encoding fits, and what that says of it.

A file in which any letter is valid UTF-8 beyond ASCII is UTF-8. Bytes in it that are not are damage
of their lines, and no reason to read the whole file in another encoding.
"""

from __future__ import annotations

import codecs
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ..errors import RawError
from .characters import LOST, named
from .form_extract import FormIssue, lines_in_words
from .spreadsheets import without_named_delimiter

_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_MARK = "\ufeff"
_BREAK = re.compile(rb"\r\n|\r|\n")
_SHOWN = 20  # letters or lines that a note names


@dataclass(frozen=True)
class TextFile:
    r"""The text of a file.

    name       of the file
    digest     SHA-256 of the bytes that were read
    text       with \n as line break; a line that only names the delimiter is empty
    encoding   the one that fits
    delimiter  what the first line names as such; empty if it does not
    damaged    line and bytes, where some are not of the encoding; U+FFFD stands in for them
    """

    name: str
    digest: str
    text: str
    encoding: str
    delimiter: str = ""
    damaged: tuple[tuple[int, bytes], ...] = ()
    marks: int = 0  # byte order marks before the text, beyond the one of the encoding

    def form_issues(self, expected: str, delimiter: str) -> list[FormIssue]:
        """What is to be said of a file for which this encoding and delimiter were expected."""
        issues: list[FormIssue] = []
        if self.damaged:
            issues.append(_damage(self))
        if self.encoding != expected and not _is_utf8(self.encoding):
            issues.append(_other_encoding(self, expected))
        if controls := _letters(self.text, "[\x80-\x9f]"):
            issues.append(_controls(controls))
        if self.marks:
            reason = f"begins with {named(_MARK)} more than once; it is left out"
            issues.append(FormIssue("RAW-INVISIBLE", "warning", reason))
        if self.delimiter and self.delimiter != delimiter:
            issues.append(_other_delimiter(self.delimiter, delimiter))
        return issues


def read_file(path: Path, encodings: Sequence[str]) -> TextFile:
    """The text of a file in the first encoding that fits.

    Args:
        path: of the file.
        encodings: tried in this order; a file with a byte order mark is UTF-8.

    Returns:
        The text, and what is to be known of it; lines of an UTF-8 file that are not UTF-8 are
        named, and U+FFFD stands for their bytes.

    Raises:
        RawError: where no encoding fits, or the file holds no text.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise RawError(f"cannot be opened: {error.strerror}", file=path.name) from error
    _refuse_other_than_text(data, path.name)
    if data.startswith(codecs.BOM_UTF8):
        encodings = ("utf-8-sig",)
    text, encoding, damaged = _decode(data, encodings, path.name)
    marks = len(text) - len(text.lstrip(_MARK))
    lines = text[marks:].replace("\r\n", "\n").replace("\r", "\n")
    plain, delimiter = without_named_delimiter(lines)
    digest = hashlib.sha256(data).hexdigest()
    return TextFile(path.name, digest, plain, encoding, delimiter, damaged, marks)


def _refuse_other_than_text(data: bytes, file: str) -> None:
    if not data.removeprefix(codecs.BOM_UTF8).strip():
        raise RawError("the file is empty; a header line was expected", file=file)
    nothing = data.count(b"\0")
    if data.startswith(_UTF16) or nothing > len(data) // 4:
        raise RawError("looks like UTF-16; save it as UTF-8", file=file)
    if nothing:
        line = _line(data[: data.index(b"\0")])
        raise RawError("holds a NUL byte; the file is damaged", file=file, line=line)


def read_text(path: Path, encodings: Sequence[str]) -> tuple[str, str]:
    """Text and encoding of a file, see `read_file`.

    Raises:
        RawError: where a line is damaged as well.
    """
    file = read_file(path, encodings)
    if file.damaged:
        raise RawError(_damage(file).message, file=path.name, line=file.damaged[0][0])
    return file.text, file.encoding


# ---------------------------------------------------------------- decoding
def _decode(
    data: bytes, encodings: Sequence[str], file: str
) -> tuple[str, str, tuple[tuple[int, bytes], ...]]:
    """Text, encoding, and the lines with bytes that are not of it."""
    failures: list[UnicodeDecodeError] = []
    for encoding in encodings:
        try:
            return data.decode(encoding), encoding, ()
        except UnicodeDecodeError as error:
            failures.append(error)
        if _is_utf8(encoding) and not data.decode(encoding, "ignore").isascii():
            return data.decode(encoding, "replace"), encoding, tuple(_undecodable(data))
    farthest = max(failures, key=lambda error: error.start)
    tried = []
    for encoding, failure in zip(encodings, failures, strict=True):
        tried.append(f"{encoding} (byte 0x{failure.object[failure.start]:02X})")
    listed = ", ".join(tried)
    reason = f"has bytes that no expected encoding knows: {listed}; save it as UTF-8"
    before = farthest.object[: farthest.start]
    raise RawError(reason, file=file, line=_line(before))


def _is_utf8(encoding: str) -> bool:
    return codecs.lookup(encoding).name in ("utf-8", "utf-8-sig")


def _line(before: bytes) -> int:
    """The line on which the next byte stands."""
    return len(_BREAK.findall(before)) + 1


def _undecodable(data: bytes) -> list[tuple[int, bytes]]:
    """Line and bytes of each line that is not UTF-8."""
    found = []
    for number, line in enumerate(_BREAK.split(data), 1):
        try:
            line.decode("utf-8")
        except UnicodeDecodeError as error:
            found.append((number, line[error.start : error.end]))
    return found


# ---------------------------------------------------------------- what is said
def _damage(file: TextFile) -> FormIssue:
    lines, damages = zip(*file.damaged, strict=True)
    found = [f"0x{damage.hex().upper()}" for damage in damages[:_SHOWN]]
    message = (
        f"has bytes that are not {file.encoding} on {lines_in_words(lines)}: "
        f"{', '.join(dict.fromkeys(found))}; "
        "the cells that hold them are not read; save the whole file in one encoding, UTF-8"
    )
    return FormIssue("RAW-ENCODING", "error", message, line=lines[0])


def _other_encoding(file: TextFile, expected: str) -> FormIssue:
    """The letters that another encoding might have made others."""
    letters = _letters(file.text, "[^\x00-\x9f]")
    message = (
        f"was read as {file.encoding}, not as {expected}; look at these letters: {letters}. "
        "If they are not what was typed, say in study.yaml which `encodings` the export has"
    )
    return FormIssue("RAW-ENCODING", "warning", message)


def _controls(controls: str) -> FormIssue:
    what = f"has control characters that no text has: {controls}"
    return FormIssue("RAW-ENCODING", "warning", f"{what}; its encoding may be another one")


def _other_delimiter(named_so: str, expected: str) -> FormIssue:
    what = f"its first line names {named_so!r} as delimiter, and so it was read"
    return FormIssue("RAW-DELIMITER", "note", f"{what}, not with {expected!r}")


def _letters(text: str, pattern: str) -> str:
    """The characters of a text that fit a pattern, each with the lines on which it stands."""
    if text.isascii():
        return ""
    found: dict[str, list[int]] = {}
    for number, line in enumerate(text.split("\n"), 1):
        if not line.isascii():
            for letter in dict.fromkeys(re.findall(pattern, line)):
                found.setdefault(letter, []).append(number)
    shown = []
    for letter, lines in sorted(found.items())[:_SHOWN]:
        if letter != LOST:
            written = letter if letter.isprintable() else named(letter)
            shown.append(f"{written} ({lines_in_words(lines)})")
    listed = ", ".join(shown)
    if len(found) <= _SHOWN:
        return listed
    return f"{listed} and {len(found) - _SHOWN} more"
