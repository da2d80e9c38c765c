"""How a command ends: what it says and what it raises become an exit code and a plain message."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import wraps
from typing import NoReturn, ParamSpec

import click

from ..errors import CdiscError, SpecError

P = ParamSpec("P")
PACKAGE = "ivig_cdisc"


def exits(command: Callable[P, bool]) -> Callable[P, None]:
    """Give a command its exit code.

    0 where it says that all is clean, 1 otherwise, 2 if it raises.
    """

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            with _warnings():
                clean = command(*args, **kwargs)
            _flush()
        except SpecError as error:
            _end(f"{error}\n{len(error.problems)} problem(s) in the specs; nothing was read")
        except CdiscError as error:
            _end(f"ivig-cdisc: {error}")
        except OSError as error:
            _end(f"ivig-cdisc: {error.filename or 'stdout'}: {error.strerror or error}")
        except KeyboardInterrupt:
            _end("ivig-cdisc: interrupted", 130)
        sys.exit(int(not clean))

    return run


class _Warning(logging.Handler):
    """What is logged goes to stderr as it is."""

    def emit(self, record: logging.LogRecord) -> None:
        click.echo(_in_lines(f"ivig-cdisc: {record.getMessage()}"), err=True)


@contextmanager
def _warnings() -> Iterator[None]:
    log, handler = logging.getLogger(PACKAGE), _Warning()
    log.addHandler(handler)
    try:
        yield
    finally:
        log.removeHandler(handler)


def _flush() -> None:
    """What was written must have reached its reader; OSError where it cannot."""
    if sys.stdout is None:
        raise CdiscError("stdout is closed: the result cannot be written")
    sys.stdout.flush()


def _in_lines(message: str) -> str:
    """A message, in which no value moves the cursor or hides what comes after it."""
    from ..terminal import printable

    return "\n".join(printable(line) for line in message.split("\n"))


def _end(message: str, code: int = 2) -> NoReturn:
    with suppress(OSError):
        click.echo(_in_lines(message), err=True)
    with suppress(OSError, AttributeError):
        sys.stdout.flush()
        sys.exit(code)
    # What waits for a full or closed stdout is not tried again
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    sys.exit(code)
