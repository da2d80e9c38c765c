"""One file that is written piece by piece, and is in its place only when it is whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from ..errors import ExportError


class PartFile:
    """A file inside a `with` block; nothing is at `path` until the block ends well.

    What a format writes first and last goes into `begin` and `finish`. ExportError where the system
    cannot write.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._part = path.with_name(path.name + ".part")
        self._stream: IO[bytes]

    @property
    def longest(self) -> Mapping[str, int]:
        """The longest text of each text variable; nothing where the format says no lengths."""
        return {}

    def shorten(self, lengths: Mapping[str, int]) -> None:
        """Say these lengths at the end; in vain where the format says none."""

    def begin(self) -> None:
        """Write what comes before the records."""

    def finish(self) -> None:
        """Write what comes behind the records."""

    def close(self) -> None:
        """Give back what is open since `begin`, however the block ends."""
        self._close_stream()

    def _close_stream(self) -> None:
        with self.writing():
            self._stream.close()

    def write(self, octets: bytes | memoryview) -> None:
        """Write bytes behind those before."""
        with self.writing():
            self._stream.write(octets)

    def __enter__(self) -> Self:
        with self.writing():
            self._stream = self._part.open("w+b")
        try:
            self.begin()
        except BaseException:
            self._remove(self._close_stream)
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if kind is None:
                self.finish()
                with self.writing():
                    self._stream.close()
                    self._part.replace(self.path)
        finally:
            self._remove(self.close)

    def _remove(self, close: Callable[[], None]) -> None:
        """Close what is open, and remove what is not in its place."""
        try:
            close()
        finally:
            self._part.unlink(missing_ok=True)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """What the system says against writing, as an ExportError that names the file."""
        try:
            yield
        except OSError as error:
            raise ExportError(f"{self.path}: {error.strerror or error}") from error
