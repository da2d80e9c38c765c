"""The specs of a made-up study as files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path


def write_study(folder: Path, files: Mapping[str, str]) -> Path:
    """Write each text to its file below the folder, which is given back."""
    for name, text in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    return folder
