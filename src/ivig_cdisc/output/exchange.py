"""A finished folder takes the place of another.

At one stroke where the system can, else in two that can be undone.
"""

from __future__ import annotations

import ctypes
import errno
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from types import FrameType
from typing import Any

from ..errors import ExportError

RENAME_EXCHANGE = 2  # linux/fs.h
HERE = -100  # AT_FDCWD: paths are as they are
UNABLE = {errno.ENOSYS, errno.EINVAL, errno.EXDEV, errno.EPERM, errno.EOPNOTSUPP}
STOPPING = (signal.SIGINT, signal.SIGTERM)
Handler = Callable[[int, FrameType | None], Any] | int | None


@contextmanager
def uninterrupted() -> Iterator[Callable[[], AbstractContextManager[None]]]:
    """A block that Ctrl-C and SIGTERM do not cut short: they are dealt with when it has ended.

    It gives `heeding`, a block within in which they do, at once.
    """
    if threading.current_thread() is not threading.main_thread():  # which alone is told of signals
        yield nullcontext
        return
    came: list[int] = []
    before = {number: signal.getsignal(number) for number in STOPPING}

    def later(number: int, _frame: object) -> None:
        came.append(number)

    def answer() -> None:
        _handle(before)
        if came:
            signal.raise_signal(came.pop())

    @contextmanager
    def heeding() -> Iterator[None]:
        try:
            answer()
            yield
        finally:
            _handle(dict.fromkeys(STOPPING, later))

    _handle(dict.fromkeys(STOPPING, later))
    try:
        yield heeding
    finally:
        answer()


def _handle(handlers: Mapping[signal.Signals, Handler]) -> None:
    for number, handler in handlers.items():
        signal.signal(number, handler)


def put_in_place(new: Path, target: Path, aside: Path) -> None:
    """The new folder is at `target` afterwards, and what stood there at `new` or `aside`.

    Or all is as it was.

    All three are in one file system. Raises OSError where it cannot be done, and ExportError that
    says where everything is where the old folder could not be put back either.
    """
    with uninterrupted():
        if not os.path.lexists(target):
            new.rename(target)
        elif not swap(new, target):
            _in_two_steps(new, target, aside)


def swap(one: Path, other: Path) -> bool:
    """Let two folders change places at one stroke; False where system or file system cannot.

    OSError if it fails.
    """
    if sys.platform != "linux":
        return False
    call = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if call is None:
        return False
    if call(HERE, os.fsencode(one), HERE, os.fsencode(other), RENAME_EXCHANGE) == 0:
        return True
    number = ctypes.get_errno()
    if number in UNABLE:
        return False
    raise OSError(number, os.strerror(number), str(other))


def _in_two_steps(new: Path, target: Path, aside: Path) -> None:
    target.rename(aside)
    try:
        new.rename(target)
    except OSError as error:
        _put_back(new, target, aside, error)
        raise


def _put_back(new: Path, target: Path, aside: Path, reason: OSError) -> None:
    try:
        aside.rename(target)
    except OSError as error:
        raise ExportError(
            f"{target} could not be replaced ({reason.strerror}), "
            f"and what stood there could not be put back ({error.strerror}): "
            f"it is whole in {aside}, and the new folder is whole in {new}; "
            f"rename one of them to {target}, or run again, which puts the old one back first"
        ) from error
