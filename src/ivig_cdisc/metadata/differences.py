"""Differences between two outcomes that are known, and why: entries of differences.yaml."""

from __future__ import annotations

import re
from typing import Literal

from pydantic import Field, field_validator

from .frozen import Frozen

FINGERPRINT = re.compile("^[0-9a-f]{16}$")
KindOfDifference = Literal[
    "dataset_only_first",
    "dataset_only_second",
    "not_compared",
    "dataset_name",
    "dataset_label",
    "only_first",
    "only_second",
    "name",
    "order",
    "type",
    "length",
    "label",
    "format",
    "records_only_first",
    "records_only_second",
    "cells",
]


class Explanation(Frozen):
    """All differences of one kind in one variable, and what is to be said of them.

    dataset: in which they are.
    kind: attribute, records or cells.
    variable: in which they are; none for a dataset or its records.
    count: how many there are.
    fingerprint: of keys and both values, as `compare` shows it; with count it says which they are.
    what: what differs, for the reader.
    published: which rule the other side follows.
    reason: why this side is right or cannot do it.
    """

    dataset: str
    kind: KindOfDifference
    variable: str = ""
    count: int = Field(ge=1)
    fingerprint: str = Field(json_schema_extra={"pattern": FINGERPRINT.pattern})
    what: str = Field(min_length=1)
    published: str = ""
    reason: str = Field(min_length=1)

    @field_validator("fingerprint")
    @classmethod
    def _is_fingerprint(cls, fingerprint: str) -> str:
        if not FINGERPRINT.fullmatch(fingerprint):
            raise ValueError("is not a fingerprint: 16 digits 0-9 and a-f, as compare shows it")
        return fingerprint

    @property
    def group(self) -> tuple[str, str, str]:
        """What it is about."""
        return self.dataset, self.kind, self.variable
