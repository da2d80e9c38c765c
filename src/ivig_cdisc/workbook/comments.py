"""Comments of YAML files, by the entry that they stand above or beside; data are not touched."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from ..metadata.document import Document, Path_, read
from .sheets import Row

COMMENT = re.compile(r"""^((?:[^"'#]|"[^"]*"|'[^']*'|(?<=\S)['#])*?)(?:^|(?<=\s))#\s?(.*)$""")


def comments(file: Path, name: str) -> Iterator[Row]:
    """All comments of one YAML file, in the order of their lines."""
    entries = _entries(read(file))
    waiting: list[str] = []
    for number, line in enumerate(file.read_text("utf-8").splitlines(), 1):
        found = COMMENT.match(line)
        if found and not found[1].strip():
            waiting.append(found[2])
            continue
        if line.strip() and waiting:
            yield _row(name, entries.get(number, ""), "above", "\n".join(waiting))
            waiting = []
        if found:
            yield _row(name, entries.get(number, ""), "beside", found[2])
    if waiting:
        yield _row(name, "", "end", "\n".join(waiting))


def _row(name: str, entry: str, place: str, text: str) -> Row:
    row: Row = {"File": name, "Entry": entry, "Place": place, "Comment": text}
    if not entry:
        del row["Entry"]
    return row


def _entries(document: Document) -> dict[int, str]:
    """The outermost entry that begins on each line."""
    found: dict[int, Path_] = {}
    for path, line in document.lines.items():
        if path and (line not in found or len(path) < len(found[line])):
            found[line] = path
    names = {}
    for line, path in found.items():
        names[line] = _named(path)
    return names


def _named(path: Path_) -> str:
    return "/".join(str(part).replace("/", "\\") for part in path)


def commented(text: str, file: Path, rows: list[Row]) -> str:
    """The text of a YAML file with its comments; a comment whose entry is gone stands at the end.

    file: where the text may be written to be read for its lines.
    """
    file.write_text(text, "utf-8")
    lines = text.splitlines()
    places = {}
    for path, line in read(file).lines.items():
        if path:
            places[_named(path)] = line
    above: dict[int, list[str]] = {}
    beside: dict[int, list[str]] = {}
    end: list[str] = []
    for row in rows:
        said = str(row.get("Comment", "")).splitlines() or [""]
        number = places.get(str(row.get("Entry", "")))
        if row.get("Place") == "beside" and number:
            beside.setdefault(number, []).extend(said)
        elif row.get("Place") != "end" and (number or not row.get("Entry")):
            above.setdefault(number or 1, []).extend(said)
        else:
            end.extend(said)
    return _put(lines, above, beside, end)


def _put(
    lines: list[str], above: dict[int, list[str]], beside: dict[int, list[str]], end: list[str]
) -> str:
    written: list[str] = []
    for number, line in enumerate(lines, 1):
        indent = line[: len(line) - len(line.lstrip())]
        written += _as_comments(above.get(number, []), indent)
        if number in beside:
            written.append(f"{line}   # {'; '.join(beside[number])}")
        else:
            written.append(line)
    written += _as_comments(end, "")
    return "".join(f"{line}\n" for line in written)


def _as_comments(texts: list[str], indent: str) -> list[str]:
    return [f"{indent}# {text}".rstrip() for text in texts]
