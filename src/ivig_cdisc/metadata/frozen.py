"""What all specs are made of: read-only values, conditions on records, the place of an entry."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Discriminator, Field, Tag

from ..conditions import checked
from .document import Path_, nearest_line

Name = str
Scalar = str | int | float
Condition = Annotated[str, AfterValidator(checked)]  # an expression that is true or not
Expression = Annotated[str, AfterValidator(checked)]  # one that gives a value
Listed = dict[Name, tuple[Scalar, ...] | Literal["present", "absent"]]


def _form_of(where: Any) -> str:
    if isinstance(where, dict):
        return "listed"
    return "expression"


# see conditions.fits
Where = Annotated[
    Annotated[Listed, Tag("listed")] | Annotated[Condition, Tag("expression")],
    Discriminator(_form_of),
]


class Frozen(BaseModel):
    """Specs are read-only values; an unknown key is an error."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", populate_by_name=True, coerce_numbers_to_str=True
    )


class Place(Frozen):
    """Where an entry stands in the specs."""

    file: Path
    line: int


class Entry(Frozen):
    """One entry of a list in a file, and the lines of all that is in it."""

    place: Place
    lines: dict[Path_, int] = Field(default={}, repr=False, exclude=True)

    def line(self, path: Path_) -> int:
        """Line of something in the entry, or of the nearest around it."""
        return nearest_line(self.lines, path, self.place.line)
