"""What columns and forms are called: the words of specs/standard/cdash.yaml, and names brought to one spelling."""

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
    """The words of a name in small letters: AdverseEvent, ADVERSE_EVENT and adverse-event have the same two."""
    return tuple(part.lower() for part in _PARTS.findall(name))


def plain(name: str | Iterable[str]) -> str:
    """The words of a name as one, with the usual spelling of date, time and number at its end."""
    joined = "".join(parts(name) if isinstance(name, str) else name)
    for pattern, spelling in _SPELLINGS:
        joined = re.sub(pattern, spelling, joined)
    return joined


def is_one_of(name: str, group: str) -> bool:
    """Whether the name is one of the words of a group, such as `subject` or `site`."""
    return plain(name) in _group(group)


def rank(name: str, group: str) -> int:
    """Place of the name among the words of a group; after all of them where it is none."""
    words = _group(group)
    return words.index(plain(name)) if plain(name) in words else len(words)


@cache
def _group(group: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(map(plain, knowledge()[group])))


def readings(name: str, leading: Iterable[str] = ()) -> tuple[tuple[str, ...], ...]:
    """The words of a name, as they are and without what only says where it belongs (`IT.`, the form, the domain)."""
    words = parts(name)
    found = [words]
    for lead in sorted({*knowledge()["prefixes"], *leading}):
        again = parts(lead)
        found += [
            w[len(again) :]
            for w in list(found)
            if again and len(w) > len(again) and w[: len(again)] == again
        ]
    return tuple(dict.fromkeys(filter(None, found)))
