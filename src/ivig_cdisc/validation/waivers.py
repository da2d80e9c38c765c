"""Findings that were looked at and are left as they are: marked, and not failing a run."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import pandas as pd

from ..findings import findings, gather, with_fingerprints
from ..metadata import Waiver
from ..text import nearest

EXPIRED = "WAIVER-EXPIRED"
NAMED = ("rule", "dataset", "subject", "key", "variable")
SLIP = 0.8  # how alike two names are where one is the other mistyped; by chance they are not


def waive(found: pd.DataFrame, waivers: Sequence[Waiver], *, complete: bool = True) -> pd.DataFrame:
    """All findings of a study, with those that are waived marked.

    Args:
        found: all findings of the study.
        waivers: in the order of the file; the first that names a finding has the word.
        complete: all that the study asks for was examined. If not, nothing is said of a waiver that
            names no finding, as this may be out of sight.

    Returns:
        The findings with fingerprints, and with `waived` where a waiver names them. A waiver that
        names no finding is a note: it is mistyped, which the finding that comes near it shows, or
        the data behind it changed.
    """
    fresh = with_fingerprints(found.assign(waived=None).reset_index(drop=True))
    places = _Places(fresh)
    reasons: dict[int, str] = {}
    expired = []
    for waiver in waivers:
        named = places.of(waiver)
        reasons = dict.fromkeys(named, _reason(waiver)) | reasons  # the first waiver has the word
        if not named and complete:
            expired.append(_expired(waiver, places.why_none(waiver)))
    marked = fresh.assign(waived=pd.Series(reasons, index=fresh.index, dtype="str"))
    return with_fingerprints(gather([marked, *expired]))


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
        if not print_:
            return self._none_so_named(given)
        if print_ in self._prints:
            shown = self._shown(self._prints[print_][0])
            return f"its fingerprint is that of another finding: {shown}"
        if near := _near(print_, self._prints):
            shown = self._shown(self._prints[near][0])
            return f"there is no fingerprint {print_}; did you mean {near} ({shown})?"
        place = self._same_place(given)
        if place is not None:
            shown, now = self._shown(place), self._print_of(place)
            return f"its data changed, and the finding on {shown} is now {now}"
        return _unknown((*given, print_))

    def _none_so_named(self, given: Sequence[str]) -> str:
        near = _near(_said(given), {_said(names) for names in self._named})
        if near:
            return f"{_unknown(given)}; the finding nearest to it is {near}"
        return _unknown(given)

    def _fits(self, given: Sequence[str], place: int) -> bool:
        """Whether all that a waiver says beside its fingerprint is so of a finding."""
        return all(want in {"", names[place]} for want, names in zip(given, self._names))

    def _same_place(self, given: Sequence[str]) -> int | None:
        """The first finding of the rule and subject that a waiver says beside its fingerprint."""
        rule, _, subject, *_ = given
        if not (rule and subject):
            return None
        for place in range(len(self._names[0])):
            if self._fits(given, place):
                return place
        return None

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
    if not given:
        return ""
    return nearest(given, known, SLIP)


def _unknown(given: Sequence[str]) -> str:
    return f"its data or rule changed, or it is mistyped: {_said(given)}"


def _reason(waiver: Waiver) -> str:
    return f"{waiver.reason.rstrip('.')} ({waiver.who}, {waiver.date})"


def _expired(waiver: Waiver, why: str) -> pd.DataFrame:
    """A note on a waiver that names no finding, with its file and line, and why it does not."""
    named = {name: str(getattr(waiver, name)) or None for name in NAMED}
    named["rule"] = EXPIRED
    file, line = waiver.place.file.name, waiver.place.line
    if not why.endswith("?"):
        why += "."
    said = f"It said: {_reason(waiver)}."
    message = f"The waiver in {file}, line {line}, names no finding: {why} {said}"
    return findings(**named, severity="note", message=message, file=file, line=line)
