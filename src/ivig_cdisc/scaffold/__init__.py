"""The beginning of a study: a first draft of its specs, guessed from the raw export, with every guess marked as one."""

from __future__ import annotations

import re
from pathlib import Path

from ..errors import CdiscError, ExportError
from ..output import appearing
from . import files, sample
from .guesses import guess
from .text_report import told

__all__ = ["new_study"]

_STUDYID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,19}")


def new_study(name: str, raw: Path, folder: Path) -> str:
    """Write the specs of a study into a new folder; the text for the user is returned.

    name: becomes STUDYID. raw: a folder with one CSV file per form; files that cannot be read are
        left out and told.
    folder: must not exist or be empty; it appears whole or not at all. Raises CdiscError if the
        name cannot be a STUDYID, ExportError if the folder is in use, RawError if there is nothing
        to begin from.
    """
    if not _STUDYID.fullmatch(name):
        raise CdiscError(
            f"{name!r} cannot be a STUDYID: 1 to 20 letters, digits, points, hyphens or _, no blanks"
        )
    if reason := _in_use(folder):
        raise ExportError(f"{folder} {reason}")
    guesses = guess(name, sample.read(raw))
    rendered = [(file.path, *file.rendered()) for file in files.files(guesses)]
    with appearing(folder, overwrite=True, refusing=_in_use) as beside:
        (beside / "sdtm").mkdir()
        for path, text, _ in rendered:
            (beside / path).write_text(text, encoding="utf-8")
    return told(guesses, [d for _, _, decisions in rendered for d in decisions], raw, folder)


def _in_use(folder: Path) -> str:
    """Why a folder cannot be that of a new study; nothing if it is not there or empty."""
    used = folder.exists() and not (folder.is_dir() and not any(folder.iterdir()))
    return "exists and is not empty; name another folder with --to" if used else ""
