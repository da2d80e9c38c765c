"""The signs in which numbers are written."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import field_validator, model_validator

from .frozen import Frozen

DecimalSign = Literal[".", ","]
ThousandsSign = Literal[".", ",", " ", "'"]


class Signs(Frozen):
    """How numbers are written: said for an export, a form or a column.

    The nearest that says something counts.
    """

    decimal: tuple[DecimalSign, ...] | None = None  # signs that may stand before decimals
    # signs that may stand between thousands; a blank is any blank
    thousands: tuple[ThousandsSign, ...] | None = None

    @field_validator("decimal", "thousands", mode="before")
    @classmethod
    def _one_or_several(cls, given: Any) -> Any:
        if isinstance(given, str):
            return (given,)
        return given

    @model_validator(mode="after")
    def _tells_them_apart(self) -> Signs:
        if self.decimal == ():
            raise ValueError("decimal names no sign; leave it out, or name . or ,")
        both = sorted(set(self.decimal or ()) & set(self.thousands or ()))
        if both:
            cure = "say both decimal and thousands"
            raise ValueError(f"{both[0]} cannot be decimal and thousands at once; {cure}")
        return self

    def within(self, outer: Signs) -> Signs:
        """What is said here, and what is said farther out as far as the two do not contradict.

        No decimal sign is left where all of them are said to stand between thousands.
        """
        decimal, thousands = outer.decimal, outer.thousands
        if self.decimal is not None:
            decimal = self.decimal
            if thousands:
                thousands = tuple(sign for sign in thousands if sign not in decimal) or None
        if self.thousands is not None:
            thousands = self.thousands
            if decimal:
                decimal = tuple(sign for sign in decimal if sign not in thousands)
        return Signs.model_construct(decimal=decimal, thousands=thousands)
