"""The output folder: appears whole or not at all, and says what is in it."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

import orjson

from ..errors import ExportError
from ..spec import Study

MANIFEST = "manifest.json"


@contextmanager
def appearing(target: Path, *, overwrite: bool, sparing: Path | None = None, sign: str = MANIFEST) -> Iterator[Path]:
    """A new folder beside the target that takes its place when the block ends well, and is removed otherwise.

    Only a folder that is empty or has the file `sign` in it is replaced: that is how our own is known; and never one
    that holds `sparing`.
    """
    target = target.resolve()
    _refuse(target, sparing, sign, overwrite=overwrite)
    absent = [p for p in target.parents if not p.exists()]
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
        for parent in absent:  # what was made for a target that did not come about
            if not any(parent.iterdir()):
                parent.rmdir()


def _refuse(target: Path, sparing: Path | None, sign: str, *, overwrite: bool) -> None:
    """ExportError where the target must not be replaced."""
    if not target.exists():
        return
    if not overwrite:
        raise ExportError(f"{target} exists; say --overwrite to replace it")
    if not (target.is_dir() and _replaceable(target, sign)):
        raise ExportError(f"{target} is no output of ivig-cdisc (it has no {sign}); it is not replaced")
    if sparing and sparing.resolve().is_relative_to(target):
        raise ExportError(f"{target} holds the raw export {sparing}; it is not replaced")


def _replaceable(target: Path, sign: str) -> bool:
    return (target / sign).is_file() or not any(target.iterdir())


def _put_in_place(beside: Path, target: Path) -> None:
    """Replace in two renames, so that at every moment one whole folder, old or new, is there to be found."""
    old = beside.with_name(f"{beside.name}-old")
    if target.exists():
        target.rename(old)
    beside.rename(target)
    shutil.rmtree(old, ignore_errors=True)


def write_manifest(folder: Path, study: Study, inputs: Mapping[str, str]) -> None:
    """manifest.json: what the folder was made from and what it holds, with SHA-256 of every file.

    inputs: SHA-256 of each file of the raw export, by name.
    """
    outputs = sorted(p for p in folder.rglob("*") if p.is_file() and p.name != MANIFEST)
    content = {
        "study": study.id,
        "cutoff": study.cutoff,
        "ivig-cdisc": version("ivig-cdisc"),
        "standards": study.standards,
        "inputs": dict(sorted(inputs.items())),
        "outputs": {p.relative_to(folder).as_posix(): digest(p) for p in outputs},
    }
    (folder / MANIFEST).write_bytes(orjson.dumps(content, option=orjson.OPT_INDENT_2) + b"\n")


def read_manifest(folder: Path) -> dict[str, Any]:
    """manifest.json of an output folder; ExportError where there is none."""
    try:
        return dict(orjson.loads((folder / MANIFEST).read_bytes()))
    except (OSError, orjson.JSONDecodeError) as error:
        raise ExportError(f"{folder} is no output of ivig-cdisc: {MANIFEST} cannot be read") from error


def digest(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
