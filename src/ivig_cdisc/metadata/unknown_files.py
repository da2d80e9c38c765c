"""Which files a study's folder holds.

One that nothing reads is a mistake, since its writer thinks that it counts.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

from ..errors import Problem
from ..text import suggest

FILES = ("study.yaml", "waivers.yaml", "differences.yaml", "narrative.yaml", "schema.json")
FOLDERS = ("sdtm", "adam", "rules", "results")


def strangers(folder: Path, tables: Collection[str]) -> Iterator[Problem]:
    """A problem for each file or folder that is not read.

    tables: names of the files that hold tables of the study.

    Text for people (.md, .txt) and hidden files may be there.
    """
    for path in sorted(folder.iterdir()):
        if path.name in FOLDERS and path.is_dir():
            yield from _in_part(path)
        elif not (path.name in (*FILES, *tables) and path.is_file()) and not _is_no_spec(path):
            reason = f"is not read: a study holds {', '.join((*FILES, *FOLDERS))}"
            if path.is_dir():
                yield _stranger(path, reason, FOLDERS)
            else:
                yield _stranger(path, reason, FILES)


def _in_part(part: Path) -> Iterator[Problem]:
    for path in sorted(part.iterdir()):
        if not (path.suffix == ".yaml" and path.is_file()) and not _is_no_spec(path):
            yield _stranger(path, f"is not read: {part.name} holds .yaml files", ())


def _is_no_spec(path: Path) -> bool:
    return path.name.startswith(".") or (path.suffix in (".md", ".txt") and path.is_file())


def _stranger(path: Path, reason: str, known: Collection[str]) -> Problem:
    if path.suffix.lower() in (".yml", ".yaml") and path.suffix != ".yaml":
        reason = "is not read: rename it to .yaml"
    return Problem(path, 1, "(file)", f"{reason}{suggest(path.name, known)}")
