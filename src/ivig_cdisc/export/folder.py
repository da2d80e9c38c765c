"""The output folder: appears whole or not at all, and says what is in it."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson

from ..errors import ExportError


@contextmanager
def appearing(target: Path, *, overwrite: bool) -> Iterator[Path]:
    """A new folder beside the target that takes its place when the block ends well, and is removed otherwise."""
    if target.exists() and not overwrite:
        raise ExportError(f"{target} exists; say --overwrite to replace it")
    if target.exists() and not (target.is_dir() and _replaceable(target)):
        raise ExportError(f"{target} is no output of ivig-cdisc (it has no manifest.json); it is not replaced")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    except OSError as error:
        raise ExportError(f"{target.parent} cannot be written: {error.strerror}") from error
    try:
        beside.chmod(0o755)
        yield beside
        _put_in_place(beside, target)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _replaceable(target: Path) -> bool:
    return (target / "manifest.json").is_file() or not any(target.iterdir())


def _put_in_place(beside: Path, target: Path) -> None:
    """Replace in two renames, so that at every moment one whole folder, old or new, is there to be found."""
    old = beside.with_name(f"{beside.name}-old")
    if target.exists():
        target.rename(old)
    beside.rename(target)
    shutil.rmtree(old, ignore_errors=True)


def write_manifest(folder: Path, inputs: Mapping[str, Path], head: Mapping[str, Any]) -> None:
    """manifest.json: what the folder was made from and what it holds, with SHA-256 of every file."""
    outputs = sorted(p for p in folder.rglob("*") if p.is_file() and p.name != "manifest.json")
    content = {
        **head,
        "inputs": {name: _digest(path) for name, path in sorted(inputs.items())},
        "outputs": {p.relative_to(folder).as_posix(): _digest(p) for p in outputs},
    }
    (folder / "manifest.json").write_bytes(orjson.dumps(content, option=orjson.OPT_INDENT_2) + b"\n")


def read_manifest(folder: Path) -> dict[str, Any]:
    """manifest.json of an output folder; ExportError where there is none."""
    try:
        return dict(orjson.loads((folder / "manifest.json").read_bytes()))
    except (OSError, orjson.JSONDecodeError) as error:
        raise ExportError(f"{folder} is no output of ivig-cdisc: manifest.json cannot be read") from error


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
