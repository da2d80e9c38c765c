"""Findings that were looked at and are left as they are: marked, told, and out of account for the exit code."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from difflib import get_close_matches

import pandas as pd

from ..findings import findings, gather, with_fingerprints
from ..metadata import Waiver

EXPIRED = "WAIVER-EXPIRED"
NAMED = ("rule", "dataset", "subject", "key", "variable")
SLIP = 0.8  # how alike two fingerprints or names are where one is taken for the other mistyped; by chance they are not


def waive(found: pd.DataFrame, waivers: Sequence[Waiver], *, complete: bool = True) -> pd.DataFrame:
    """All findings of a study with fingerprints, and with `waived` where a waiver names them.

    A waiver that names no finding is a note: it is mistyped, which the finding that comes near it
    shows, or the data behind it changed. complete: all that the study asks for was examined; if
    not, nothing is said of it, as the finding may be out of sight.
    """
    fresh = with_fingerprints(found.assign(waived=None).reset_index(drop=True))
    places = _Places(fresh)
    told: dict[int, str] = {}
    expired = []
    for waiver in waivers:
        named = places.of(waiver)
        told = dict.fromkeys(named, _told(waiver)) | told  # the first waiver has the word
        expired += [] if named else [_expired(waiver, places.why_none(waiver))]
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
        given = _given(waiver)
        if not waiver.fingerprint:
            return self._named.get(given, [])
        found = self._prints.get(waiver.fingerprint, [])
        return [i for i in found if self._fits(given, i)]

    def why_none(self, waiver: Waiver) -> str:
        """Why a waiver names no finding, with the finding that may be meant."""
        given, print_ = _given(waiver), waiver.fingerprint
        if print_ in self._prints:
            return f"its fingerprint is that of another finding: {self._shown(self._prints[print_][0])}"
        if near := _near(print_, self._prints):
            return f"there is no fingerprint {print_}; did you mean {near} ({self._shown(self._prints[near][0])})?"
        if print_ and (place := self._same_place(given)) is not None:
            return f"its data changed, and the finding on {self._shown(place)} is now {self._print_of(place)}"
        near = "" if print_ else _near(_said(given), {_said(names) for names in self._named})
        nearest = f"; the finding nearest to it is {near}" if near else ""
        return f"its data or rule changed, or it is mistyped: {_said((*given, print_))}{nearest}"

    def _fits(self, given: Sequence[str], place: int) -> bool:
        """Whether all that a waiver says beside its fingerprint is so of a finding."""
        return all(want in {"", names[place]} for want, names in zip(given, self._names))

    def _same_place(self, given: Sequence[str]) -> int | None:
        """The first finding of the rule and subject that a waiver says beside its fingerprint."""
        rule, _, subject, *_ = given
        if not (rule and subject):
            return None
        return next(
            (place for place in range(len(self._names[0])) if self._fits(given, place)), None
        )

    def _print_of(self, place: int) -> str:
        return next(print_ for print_, places in self._prints.items() if place in places)

    def _shown(self, place: int) -> str:
        return _said([names[place] for names in self._names])


def _given(waiver: Waiver) -> tuple[str, ...]:
    """What a waiver says of the finding beside its fingerprint."""
    return tuple(str(getattr(waiver, name)) for name in NAMED)


def _said(names: Sequence[str]) -> str:
    return ", ".join(filter(None, names))


def _near(given: str, known: Collection[str]) -> str:
    """What is known and so like the given that this is it mistyped; empty if there is none."""
    return next(iter(get_close_matches(given, known, n=1, cutoff=SLIP)), "") if given else ""


def _told(waiver: Waiver) -> str:
    return f"{waiver.reason.rstrip('.')} ({waiver.who}, {waiver.date})"


def _expired(waiver: Waiver, why: str) -> pd.DataFrame:
    """A note on a waiver that names no finding, with the file and line where it stands, and why it does not."""
    named = {name: str(getattr(waiver, name)) or None for name in NAMED}
    file, line = waiver.place.file.name, waiver.place.line
    said = why if why.endswith("?") else f"{why}."
    message = (
        f"The waiver in {file}, line {line}, names no finding: {said} It said: {_told(waiver)}."
    )
    return findings(
        **{**named, "rule": EXPIRED}, severity="note", message=message, file=file, line=line
    )
