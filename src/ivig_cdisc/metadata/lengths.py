"""How long text variables are, by what a study says of it: so many bytes, or as its data are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Discriminator, Field, Tag

from ..text import LONGEST_TEXT
from .frozen import Name
from .standard import general_name

DATA = "data"
OTHERS = "others"  # all variables that have no entry of their own


def _is_length(length: int) -> int:
    if not 1 <= length <= LONGEST_TEXT:
        raise ValueError(f"is not a length of text: 1 to {LONGEST_TEXT} bytes")
    return length


def _is_said(length: Any) -> Any:
    if length == DATA or (type(length) is int and 1 <= length <= LONGEST_TEXT):
        return length
    raise ValueError(f"is not a length of text: 1 to {LONGEST_TEXT} bytes, or {DATA}")


def _form(lengths: Any) -> str | None:
    """How lengths are said."""
    if isinstance(lengths, dict):
        return "entries"
    if lengths == DATA:
        return "a word"
    return None


Bytes = Annotated[int, Field(json_schema_extra={"minimum": 1, "maximum": LONGEST_TEXT})]
Length = Annotated[Bytes, AfterValidator(_is_length)]  # of a text variable
Said = Annotated[Bytes | Literal["data"], BeforeValidator(_is_said)]
LengthsSource = Annotated[
    Annotated[Literal["data"], Tag("a word")] | Annotated[dict[Name, Said], Tag("entries")],
    Discriminator(
        _form,
        custom_error_type="lengths",
        custom_error_message="should be data, or entries of the form variable: bytes",
    ),
]


def checked_lengths(said: LengthsSource) -> LengthsSource:
    """What study.yaml says of lengths; ValueError where all others have one length in bytes."""
    if isinstance(said, dict) and said.get(OTHERS, DATA) != DATA:
        raise ValueError(f"{OTHERS} can only be {DATA}: what is in them decides how long they are")
    return said


@dataclass(frozen=True)
class Lengths:
    """What a study says of the lengths of text variables.

    said: bytes or `data`, by variable; -- stands for any domain, `others` for the rest.
    """

    said: Mapping[str, int | str] = field(default_factory=dict)

    @classmethod
    def of(cls, source: LengthsSource) -> Lengths:
        """As study.yaml has it: entries, or a word for all."""
        if isinstance(source, str):
            return cls({OTHERS: source})
        return cls(source)

    def in_bytes(self, name: str, dataset: str) -> int:
        """The length that the study says of a variable; 0 where it says no number.

        Args:
            name: of the variable.
            dataset: that it is in.
        """
        said = self._said(name, dataset)
        if isinstance(said, int):
            return said
        return 0

    def by_data(self, name: str, dataset: str) -> bool:
        """Whether the longest value of a variable is to decide on its length.

        Args:
            name: of the variable.
            dataset: that it is in.
        """
        return self._said(name, dataset) == DATA

    def entry(self, name: str, dataset: str) -> str:
        """The entry of `lengths` that a variable has its length from; empty where none is.

        Args:
            name: of the variable.
            dataset: that it is in.
        """
        for entry in (name, general_name(name, dataset), OTHERS):
            if entry in self.said:
                return entry
        return ""

    def _said(self, name: str, dataset: str) -> int | str | None:
        return self.said.get(self.entry(name, dataset))
