"""Findings that were looked at and are left as they are: marked, told, and out of account for the exit code."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from ..findings import findings, gather, with_fingerprints
from ..spec import Waiver

EXPIRED = "WAIVER-EXPIRED"
NAMED = ("rule", "dataset", "subject", "key", "variable")


def waive(found: pd.DataFrame, waivers: Sequence[Waiver], *, complete: bool = True) -> pd.DataFrame:
    """All findings of a study with fingerprints, and with `waived` where a waiver names them.

    A waiver that names no finding has expired, since the data behind it changed: that is a note. complete: all that the
    study asks for was examined; if not, nothing is said to have expired, as the finding may be out of sight.
    """
    fresh = with_fingerprints(found.assign(waived=None).reset_index(drop=True))
    places = _Places(fresh)
    told: dict[int, str] = {}
    expired = []
    for waiver in waivers:
        named = places.of(waiver)
        told = dict.fromkeys(named, _told(waiver)) | told  # the first waiver has the word
        expired += [] if named else [_expired(waiver)]
    marked = fresh.assign(waived=pd.Series(told, index=fresh.index, dtype="str"))
    return with_fingerprints(gather([marked, *(expired if complete else [])]))


class _Places:
    """Where findings stand in a frame, by their fingerprint and by their names."""

    def __init__(self, found: pd.DataFrame) -> None:
        self._names = [found[name].fillna("").tolist() for name in NAMED]
        self._prints: dict[str, list[int]] = {}
        self._named: dict[tuple[str, ...], list[int]] = {}
        for place, (print_, *names) in enumerate(zip(found["fingerprint"], *self._names)):
            self._prints.setdefault(print_, []).append(place)
            self._named.setdefault(tuple(names), []).append(place)

    def of(self, waiver: Waiver) -> list[int]:
        """The findings that a waiver names."""
        given = tuple(str(getattr(waiver, name)) for name in NAMED)
        if not waiver.fingerprint:
            return self._named.get(given, [])
        found = self._prints.get(waiver.fingerprint, [])
        return [i for i in found if all(want in {"", names[i]} for want, names in zip(given, self._names))]


def _told(waiver: Waiver) -> str:
    return f"{waiver.reason.rstrip('.')} ({waiver.who}, {waiver.date})"


def _expired(waiver: Waiver) -> pd.DataFrame:
    """A note on a waiver that names no finding, with the file and line where it stands."""
    named = {name: str(getattr(waiver, name)) or None for name in NAMED}
    about = ", ".join(filter(None, (*named.values(), waiver.fingerprint)))
    file, line = waiver.place.file.name, waiver.place.line
    message = (
        f"The waiver in {file}, line {line}, names no finding any more, as its data or rule changed: {about}. "
        f"It said: {_told(waiver)}."
    )
    return findings(**{**named, "rule": EXPIRED}, severity="note", message=message, file=file, line=line)
