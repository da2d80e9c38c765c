"""What is written appears whole or not at all: a folder, or one file."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from ..errors import ExportError
from .claim import NEW, OLD, claimed
from .exchange import put_in_place
from .manifest import MANIFEST, entries, is_output, why_not_replaced

KIND = 4  # bytes by which a file says what it is


@contextmanager
def atomic_folder(
    target: Path,
    *,
    overwrite: bool,
    must_not_contain: Path | None = None,
    reason_against: Callable[[Path], str] = why_not_replaced,
) -> Iterator[Path]:
    """A new folder beside the target, for a `with` block.

    It takes the place of the target when the block ends well, and is removed otherwise. A link is
    resolved first. At every moment the old folder or the new one is there, whole. Nobody may read
    the new folder who could not read the old one.

    Args:
        target: where the folder is to be.
        overwrite: a target that is there may be replaced.
        must_not_contain: a target that holds this is not replaced.
        reason_against: why a target is not replaced; nothing where it may be.

    Returns:
        The new folder, empty, to be filled inside the block.

    Raises:
        ExportError: the target cannot be written or replaced.
    """
    target = target.resolve()
    with written(target), claimed(target) as place:
        _refuse(target, must_not_contain, reason_against, overwrite=overwrite)
        new = place / NEW
        new.mkdir()
        yield new
        # the target may have become another meanwhile
        _refuse(target, must_not_contain, reason_against, overwrite=overwrite)
        if target.exists():
            narrow(new, target)
        put_in_place(new, target, place / OLD)


def _refuse(
    target: Path,
    must_not_contain: Path | None,
    reason_against: Callable[[Path], str],
    *,
    overwrite: bool,
) -> None:
    """ExportError where the target must not be replaced."""
    if not os.path.lexists(target):
        return
    if not overwrite:
        remedy = "say --overwrite to replace it (overwrite=True in Python)"
        raise ExportError(f"{target} exists; {remedy}")
    if reason := reason_against(target):
        raise ExportError(f"{target} {reason}; it is not replaced")
    if must_not_contain and must_not_contain.resolve().is_relative_to(target):
        raise ExportError(f"{target} holds the raw export {must_not_contain}; it is not replaced")


@contextmanager
def written(target: Path) -> Iterator[None]:
    """What the system says against writing, as an ExportError.

    It names the file, or else the target.
    """
    try:
        yield
    except OSError as error:
        place = error.filename or target
        reason = error.strerror or str(error)
        raise ExportError(f"{place}: {reason}; {target} is as it was") from error


def write_file(path: Path, content: bytes) -> None:
    """Write one file whole or not at all; straight into what is no plain file, as /dev/stdout.

    Only a file of the same kind is replaced (both begin alike), and none that stands in an output
    folder: so a mistyped path costs nobody a spec, a dataset or an answer.

    Args:
        path: of the file. Its folder must be there: a path that is misspelt makes none.
        content: all bytes of the file.

    Raises:
        ExportError: the file cannot be written, or must not be replaced.
    """
    if path.exists() and not path.is_file():
        with written(path):
            path.write_bytes(content)
        return
    target = path.resolve()
    if not target.parent.is_dir():
        raise ExportError(f"{path} cannot be written: there is no folder {target.parent}")
    _refuse_loss(path, target, content)
    with written(target), claimed(target) as place:
        new = place / NEW
        new.write_bytes(content)
        if target.exists():
            narrow(new, target)
        new.replace(target)


def _refuse_loss(path: Path, target: Path, content: bytes) -> None:
    """ExportError where writing would cost something that was not made by the same command."""
    if any(is_output(folder) for folder in target.parents):
        reason = f"is in an output folder (it has a {MANIFEST})"
        raise ExportError(f"{path} {reason}; write it elsewhere")
    if not target.is_file():
        return
    with written(target), target.open("rb") as stream:
        begin = stream.read(KIND)
    if begin and begin != content[:KIND]:
        raise ExportError(f"{path} exists and is a file of another kind; it is not replaced")


# ---------------------------------------------------------------- what stays
def carry(old: Path, new: Path, *, leaving: Callable[[str], bool]) -> None:
    """Everything in the old folder into the new one, by hard links where there can be.

    What is carried must not be written to: it is the same file. Links stay links.

    Args:
        old: the folder that is carried over.
        new: the folder that takes it in.
        leaving: whether a file stays behind, by its path in the folder.
    """
    for name, is_folder in sorted(entries(old)):
        if is_folder:
            (new / name).mkdir(exist_ok=True)
            narrow(new / name, old / name)
        elif not leaving(name):
            _link(old / name, new / name)


def _link(old: Path, new: Path) -> None:
    try:
        os.link(old, new, follow_symlinks=False)
    except OSError:  # another file system, or one without hard links
        shutil.copy2(old, new, follow_symlinks=False)


def narrow(new: Path, old: Path) -> None:
    """Take from the new folder or file what others may not do with the old one."""
    allowed = stat.S_IMODE(old.stat().st_mode) | stat.S_IRWXU | stat.S_ISGID
    new.chmod(stat.S_IMODE(new.stat().st_mode) & allowed)
