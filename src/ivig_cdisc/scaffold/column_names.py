"""What columns and forms are called: the words of specs/standard/cdash.yaml."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

from ..metadata import specs_root
from ..metadata.document import read

_PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_SPELLINGS = ((r"(dat|dt|dtc|dte)$", "date"), (r"(tim|tm)$", "time"), (r"(number|num|nr)$", "no"))


@cache
def knowledge() -> Mapping[str, Any]:
    """All of specs/standard/cdash.yaml."""
    return MappingProxyType(dict(read(specs_root() / "standard" / "cdash.yaml").data))


def parts(name: str) -> tuple[str, ...]:
    """The words of a name in small letters.

    >>> parts("AdverseEvent"), parts("ADVERSE_EVENT"), parts("adverse-event")
    (('adverse', 'event'), ('adverse', 'event'), ('adverse', 'event'))
    """
    return tuple(map(str.lower, _PARTS.findall(name)))


def plain(name: str | Iterable[str]) -> str:
    """The words of a name as one, with the usual spelling of date, time and number at its end.

    >>> plain("Start_Dt"), plain("VISITNUM"), plain(("lab", "tim"))
    ('startdate', 'visitno', 'labtime')
    """
    words = name
    if isinstance(name, str):
        words = parts(name)
    joined = "".join(words)
    for pattern, spelling in _SPELLINGS:
        joined = re.sub(pattern, spelling, joined)
    return joined


def is_one_of(name: str, group: str) -> bool:
    """Whether the name is one of the words of a group, such as `subject` or `site`."""
    return plain(name) in _group(group)


def rank(name: str, group: str) -> int:
    """Place of the name among the words of a group; after all of them where it is none."""
    words, own = _group(group), plain(name)
    if own not in words:
        return len(words)
    return words.index(own)


@cache
def _group(group: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(map(plain, knowledge()[group])))


def readings(name: str, leading: Iterable[str] = ()) -> tuple[tuple[str, ...], ...]:
    """The words of a name, as they are and without what only says where it belongs.

    That is `IT.` and the like, and what the caller says: the form, the domain.
    """
    found = [parts(name)]
    for lead in sorted({*knowledge()["prefixes"], *leading}):
        prefix = parts(lead)
        for words in list(found):
            rest = words[len(prefix) :]
            if prefix and rest and words == prefix + rest:
                found.append(rest)
    return tuple(words for words in dict.fromkeys(found) if words)
