"""The draft specs of a new study, guessed from its raw export; every guess is marked as one."""

from __future__ import annotations

import re
from pathlib import Path

from ..errors import CdiscError, ExportError
from ..output import atomic_folder
from ..reference import SCHEMA_FILE, schema_text
from . import files, sample
from .annotated_yaml import Decision
from .guesses import guess
from .text_report import report_text

__all__ = ["new_study"]

_STUDYID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,19}")


def new_study(name: str, raw: Path, folder: Path) -> str:
    """Write the specs of a study into a new folder.

    Args:
        name: becomes STUDYID.
        raw: a folder with one CSV file per form; one that cannot be read is left out, which
            the text says.
        folder: must not exist or be empty; it appears whole or not at all.

    Returns:
        The text for the user: what was found and guessed, and what is left to decide.

    Raises:
        CdiscError: where the name cannot be a STUDYID.
        ExportError: where the folder is in use.
        RawError: where there is nothing to begin from.
    """
    if not _STUDYID.fullmatch(name):
        allowed = "1 to 20 letters, digits, points, hyphens or _, no blanks"
        raise CdiscError(f"{name!r} cannot be a STUDYID: {allowed}")
    if reason := _in_use(folder):
        raise ExportError(f"{folder} {reason}")
    guesses = guess(name, sample.read(raw))
    texts: dict[str, str] = {}
    decisions: list[Decision] = []
    for file in files.study_files(guesses):
        texts[file.path], open_ = file.rendered()
        decisions += open_
    with atomic_folder(folder, overwrite=True, reason_against=_in_use) as beside:
        (beside / "sdtm").mkdir()
        texts[SCHEMA_FILE] = schema_text()
        for path, text in texts.items():
            (beside / path).write_text(text, encoding="utf-8")
    return report_text(guesses, decisions, raw, folder)


def _in_use(folder: Path) -> str:
    """Why a folder cannot be that of a new study; nothing if it is not there or empty."""
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return ""
    return "exists and is not empty; name another folder with --to"
