"""What the constants of a wiring may refer to: terms, facts and codelists."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..text import nearest, suggest
from .lengths import Lengths
from .model import Codelist
from .source import VariableSource
from .standard import Standard

REFERENCES = ("terms", "fact", "decode")  # words that refer
SEVERAL = "; "  # between the codelists of a variable
SLIP = 0.8  # how near a word must be to one of them


@dataclass
class Terminology:
    """All that `with:` may refer to.

    codelists: those in use, filled while resolving.
    dictionaries: that the study is coded with, and their versions.
    lengths: what the study says of how long its variables are.
    own: ADaM variables that the study itself defines.
    is_blind: whether a dataset cannot be read that may define others.
    """

    standard: Standard
    terms: Mapping[str, Mapping[str, str]]
    facts: Mapping[str, Any]
    codelists: dict[str, Codelist] = field(default_factory=dict)
    lengths: Lengths = field(default_factory=Lengths)
    dictionaries: Mapping[str, str] = field(default_factory=dict)
    own: dict[str, VariableSource] = field(default_factory=dict)
    is_blind: bool = False

    def refer(self, constant: Any) -> Any:
        """The value of {terms: X}, {fact: X} or {decode: [X, Y]}; anything else is itself.

        KeyError if there is none.
        """
        if not isinstance(constant, dict) or len(constant) != 1:
            return constant
        ((kind, name),) = constant.items()
        if kind == "terms":
            return dict(self.terms[name])
        if kind == "fact":
            return self.facts[name]
        if kind == "decode":
            return self._decode(*name)
        if self._is_meant_to_refer(kind, name):
            raise KeyError(name)
        return constant

    def _decode(self, codes: Any, names: Any) -> dict[str, str]:
        """Pairs of terms of two codelists, each of which may be several (C1; C2).

        KeyError if there is none.
        """
        found = {}
        for one in str(codes).split(SEVERAL):
            for other in str(names).split(SEVERAL):
                found.update(self.standard.decode(one, other))
        return found

    def _is_meant_to_refer(self, kind: str, name: Any) -> bool:
        """Whether {term: SEX} is a slip of the pen, and no list of its own."""
        is_slip = bool(nearest(str(kind), REFERENCES, SLIP))
        return is_slip and (str(name) in self.terms or str(name) in self.facts)

    def missing(self, constant: Mapping[str, Any]) -> str:
        """Why a constant that refers does not find what it refers to.

        Args:
            constant: for which `refer` raised an error.

        Returns:
            The reason, with the nearest name.
        """
        ((kind, name),) = constant.items()
        if kind not in REFERENCES:
            return f"{kind} refers to nothing{suggest(kind, REFERENCES)}"
        if kind == "decode":
            return self._not_decoded(name)
        known: Collection[str] = self.facts
        there_is = "there is no fact"
        if kind == "terms":
            known, there_is = self.terms, "there are no terms"
        if not isinstance(name, str | int | float):
            return f"{kind} should be one name"
        return f"{there_is} {name}{suggest(str(name), known)}"

    def _not_decoded(self, names: Any) -> str:
        if not isinstance(names, list) or len(names) != 2:
            return "decode should be two codelists, as [C66741, C67153]"
        for name in names:
            if not isinstance(name, str):
                return "decode should be the names of two codelists"
            for part in name.split(SEVERAL):
                if part not in self.standard.codelists:
                    return f"there is no codelist {part}{suggest(part, self.standard.codelists)}"
        return f"{names[0]} and {names[1]} have no terms in common"

    def use_codelist(self, key: str) -> bool:
        """Make `key` (one id, or several joined by "; ") available to the study.

        False if there is no codelist for one of them.
        """
        parts = []
        for part in key.split(SEVERAL):
            codelist = self.codelists.get(part) or self.standard.codelists.get(part)
            if codelist is None:
                return False
            parts.append(codelist)
        self.codelists.setdefault(key, _union(key, parts))
        return True


def _union(key: str, parts: list[Codelist]) -> Codelist:
    terms: dict[str, str] = {}
    for part in parts:
        terms |= part.terms
    name = " / ".join(part.name for part in parts)
    extensible = any(part.extensible for part in parts)
    return Codelist(id=key, name=name, extensible=extensible, terms=terms)
