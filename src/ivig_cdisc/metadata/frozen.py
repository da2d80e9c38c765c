"""What all specs are: read-only values."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

Name = str


class Frozen(BaseModel):
    """Specs are read-only values; an unknown key is an error."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", populate_by_name=True, coerce_numbers_to_str=True
    )
