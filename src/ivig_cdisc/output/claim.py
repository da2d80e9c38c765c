"""A hidden folder beside the place that is to be written.

One run at a time, and nothing is left of it.
"""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ..errors import ExportError
from .exchange import uninterrupted

try:
    import fcntl
except ImportError:  # not a Unix: as on a file system without locks
    fcntl = None  # type: ignore[assignment]

LOCK, NEW, OLD = "lock", "new", "old"  # what the hidden folder may hold
OPENING = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)
TRIES = 100
log = logging.getLogger(__name__)


def beside(target: Path) -> Path:
    """The hidden folder of a target: .NAME-ivig-cdisc."""
    return target.with_name(f".{target.name}-ivig-cdisc")


@contextmanager
def claimed(target: Path) -> Iterator[Path]:
    """The hidden folder beside the target, empty, for this process alone.

    Gone when the block ends, however it ends.

    The lock on it ends with the process, so what a killed run left is known: it is named and
    removed, and an old output that it had moved out of the way is put back. Folders above the
    target are made, and removed again if they stay empty. Raises ExportError where another run has
    the folder, or it cannot be made.
    """
    place = beside(target)
    with _parents(target), uninterrupted() as heeding:
        lock = _locked(place, target)
        try:
            _recover(place, target)
            with heeding():
                yield place
        finally:
            _remove(place, target)
            os.close(lock)


@contextmanager
def _parents(target: Path) -> Iterator[None]:
    absent = [folder for folder in target.parents if not folder.exists()]
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        yield
    finally:
        for folder in absent:
            with suppress(OSError):  # it holds something, or never came about
                folder.rmdir()


# ---------------------------------------------------------------- one run at a time
def _locked(place: Path, target: Path) -> int:
    """A lock on the hidden folder; ExportError where another run has it."""
    for _ in range(TRIES):
        made = _made(place)
        try:
            lock = os.open(place / LOCK, OPENING, 0o666)
        except FileNotFoundError:
            continue  # the run that had it has just removed it
        _lock(lock, made=made, place=place, target=target)
        if _is_at(lock, place / LOCK):
            return lock
        os.close(lock)
    raise ExportError(f"another run is writing {target}; wait until it has ended")


def _made(place: Path) -> bool:
    """Whether the folder is new; ExportError where something of that name is none of ours."""
    try:
        place.mkdir()
    except FileExistsError:
        with suppress(FileNotFoundError):
            if place.is_symlink() or _others(place):
                reason = "is in the way and not of ivig-cdisc; move it away"
                raise ExportError(f"{place} {reason}") from None
        return False
    return True


def _others(place: Path) -> set[str]:
    """What is in the hidden folder and is none of ours."""
    return {path.name for path in place.iterdir()} - {LOCK, NEW, OLD}


def _lock(lock: int, *, made: bool, place: Path, target: Path) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        raise ExportError(f"another run is writing {target}; wait until it has ended") from None
    except (OSError, AttributeError):  # this file system, or system, knows no locks
        if not made:
            os.close(lock)
            reason = f"if no other run is writing {target}, remove it"
            raise ExportError(f"{place} is there: {reason}") from None


def _is_at(lock: int, path: Path) -> bool:
    """Whether the locked file is still the one at that path.

    Another run may just have removed it.
    """
    try:
        return os.path.samestat(os.fstat(lock), path.stat())
    except FileNotFoundError:
        return False


# ---------------------------------------------------------------- nothing is left
def _recover(place: Path, target: Path) -> None:
    """Put things right after a run that was killed."""
    left = [path.name for path in place.iterdir() if path.name != LOCK]
    if OLD in left and not os.path.lexists(target):
        (place / OLD).rename(target)
        log.warning(
            "%s: a run was killed while it replaced this; what stood there is put back", target
        )
    if left:
        _clear(place)
        log.warning("%s: left by a run that was killed; removed", place)


def _clear(place: Path) -> None:
    for name in (NEW, OLD):
        path = place / name
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def _remove(place: Path, target: Path) -> None:
    """Remove the hidden folder, unless the only old output is in it."""
    if os.path.lexists(place / OLD) and not os.path.lexists(target):
        return
    try:
        _clear(place)
        (place / LOCK).unlink(missing_ok=True)
        place.rmdir()
    except OSError as error:
        if place.exists() and not (place / LOCK).exists():
            return  # another run has taken it over
        log.warning("%s could not be removed: %s; remove it by hand", place, error.strerror)
