"""What all specs are made of: read-only values, conditions on records, the place of an entry."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    ValidationInfo,
    field_validator,
)

from ..conditions import checked
from .document import Path_, nearest_line
from .mistaken import alternatives, mistaken
from .shape import OF_YAML

Name = str
Scalar = str | int | float
Condition = Annotated[str, AfterValidator(checked)]  # an expression that is true or not
Expression = Annotated[str, AfterValidator(checked)]  # one that gives a value
Listed = dict[Name, tuple[Scalar, ...] | Literal["present", "absent"]]


def _form_of(where: Any) -> str | None:
    if isinstance(where, dict):
        return "listed"
    if where is None or isinstance(where, list | tuple):
        return None
    return "expression"


# see conditions.fits
Where = Annotated[
    Annotated[Listed, Tag("listed")] | Annotated[Condition, Tag("expression")],
    Discriminator(
        _form_of,
        custom_error_type="where",
        custom_error_message="should be a condition, or entries of the form column: values",
    ),
]


class Frozen(BaseModel):
    """Specs are read-only values; an unknown key is an error."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", populate_by_name=True, coerce_numbers_to_str=True
    )

    @field_validator("*", mode="before")
    @classmethod
    def _is_of_its_kind(cls, value: Any, field: ValidationInfo) -> Any:
        """The value, which is not taken for one of another kind: yes is not true, "8" not 8."""
        reason = mistaken(_kinds(cls, str(field.field_name)), value)
        if reason:
            raise ValueError(reason)
        if value == "" and field.context == OF_YAML and _is_word(cls, str(field.field_name)):
            raise ValueError("should not be empty")
        return value


@cache
def _kinds(model: type[Frozen], field: str) -> frozenset[Any]:
    """The types that a field of a model may have."""
    return frozenset(alternatives(model.model_fields[field].annotation))


@cache
def _is_word(model: type[Frozen], field: str) -> bool:
    """Whether a field is a name or another word, which an expression or a value is not."""
    if any(isinstance(check, AfterValidator) for check in model.model_fields[field].metadata):
        return False
    for kind in _kinds(model, field):
        is_model = isinstance(kind, type) and issubclass(kind, BaseModel)
        if kind is not str and not is_model:
            return False
    return True


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
