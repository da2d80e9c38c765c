"""The program: python -m ivig_cdisc, and the command ivig-cdisc.

Signals come first, so that a run that is stopped while it is still loading ends in one line too.
"""

import os
import signal
import sys
from io import TextIOWrapper
from threading import Event, Thread
from types import FrameType
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from sys import UnraisableHookArgs

SOON = 0.01  # seconds
SAID = {signal.SIGINT: "interrupted", signal.SIGTERM: "terminated"}
_heard = Event()  # that a signal came


class Stopped(SystemExit):
    """A signal asked the program to stop; exit code 128 and its number, as shells have it."""


def main() -> None:
    """Run the command line."""
    for number in SAID:
        # as nohup and the background of a shell want it
        is_ignored = signal.getsignal(number) is signal.SIG_IGN
        if not is_ignored:
            signal.signal(number, _stop)
    sys.unraisablehook = _again
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # where it cannot write a character
    try:
        from .cli import main as command

        command(prog_name="ivig-cdisc")
    except Stopped as stopped:
        number = signal.Signals(int(str(stopped)) - 128)
        signal.signal(number, signal.SIG_IGN)
        sys.stderr.write(f"ivig-cdisc: {SAID[number]}\n")
        raise
    except OSError as error:  # the text of --help could not be written
        sys.stderr.write(f"ivig-cdisc: stdout: {error.strerror}\n")
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what waits is not tried again
        sys.exit(2)


def _stop(number: int, _frame: FrameType | None) -> NoReturn:
    _heard.set()
    raise Stopped(128 + number)


def _again(unraisable: "UnraisableHookArgs") -> None:
    """Send a signal again that came where no exception can leave, as in a weak reference."""
    if isinstance(unraisable.exc_value, Stopped):
        _heard.clear()
        number = int(str(unraisable.exc_value)) - 128
        Thread(target=_send_until_heard, args=(number,), daemon=True).start()
    else:
        sys.__unraisablehook__(unraisable)


def _send_until_heard(number: int) -> None:
    """One signal may not be enough: just before a system call, it does not end the call."""
    while not _heard.wait(SOON):
        os.kill(os.getpid(), number)


if __name__ == "__main__":
    main()
