"""What the YAML of a study may say: its shape, before it is laid over the standard."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, field_validator, model_validator

from ..text import LONGEST_TEXT
from .frozen import Expression, Frozen, Name, Scalar, Where
from .keeping import Keep, KeptSet
from .model import Intake, existing_day
from .signs import Signs
from .steps import Step
from .table_steps import TableSource


def _is_length(length: int) -> int:
    if not 1 <= length <= LONGEST_TEXT:
        raise ValueError(f"is not a length of text: 1 to {LONGEST_TEXT} bytes")
    return length


Length = Annotated[int, AfterValidator(_is_length)]  # bytes of a text variable


class ValueSource(Frozen):
    """A value without conditions: a constant, a copy of a column, or an expression."""

    value: Scalar | dict[str, str] | None = None
    from_: str | None = Field(default=None, alias="from")
    compute: Expression = ""


class CaseSource(ValueSource):
    """One case of a variable: when it holds, and the value there; or the value otherwise."""

    when: Where | None = None
    otherwise: Scalar | ValueSource | None = None

    @model_validator(mode="after")
    def _is_whole(self) -> CaseSource:
        ways = [self.value is not None, self.from_ is not None, bool(self.compute)]
        if self.when is not None and self.otherwise is None and sum(ways) == 1:
            return self
        if self.when is None and self.otherwise is not None and not any(ways):
            return self
        raise ValueError(
            "a case is {when: condition, value: X}, with from or compute in place of value; "
            "the last may be {otherwise: X}"
        )


class VariableSource(Frozen):
    """Wiring of a variable and what differs from the standard.

    One of `value`, `from`, `compute`, `cases` or `derive` says where its values come from.
    """

    value: Scalar | dict[str, str] | None = None
    from_: str | dict[str, str | tuple[str, ...]] | None = Field(default=None, alias="from")
    compute: Expression = ""
    cases: tuple[CaseSource, ...] = ()
    derive: str = ""
    with_: dict[str, Any] = Field(default={}, alias="with")
    where: Where = {}  # records that have a value
    label: str = ""
    type: Literal["Char", "Num", ""] = ""
    length: Length = 0
    format: str = ""
    codelist: str = ""
    core: Literal["Req", "Exp", "Perm", "Cond", ""] = ""
    range: tuple[float, float] | None = None
    supplemental: str = ""


class DatasetSource(Frozen):
    """One file of sdtm/ or adam/."""

    dataset: Name
    label: str = ""
    structure: Literal["ADSL", "BDS", "OCCDS", "TTE", ""] = ""
    description: str = ""
    keys: tuple[Name, ...] = ()
    internal: bool = False
    per: Literal["subject", "study"] = "subject"
    transliterate: bool = True
    shared: tuple[Name, ...] = ()
    keep: Keep = ()
    rows: tuple[Step, ...]
    working: dict[Name, VariableSource] = {}
    variables: dict[Name, VariableSource]

    @property
    def kept(self) -> tuple[Name | KeptSet, ...]:
        """What is kept, entry by entry."""
        if isinstance(self.keep, tuple):
            return self.keep
        return (self.keep,)


class FormSource(Signs):
    """One raw form; everything but the columns has a usual value."""

    file: str = ""
    required: bool = True
    key: tuple[Name, ...]
    columns: dict[Name, dict[str, Any] | None]
    duplicates: Literal["", "keep", "first"] = ""
    not_submitted: str = ""


class CodelistSource(Frozen):
    """A codelist of the study's own, or terms that it adds to an extensible one."""

    name: str = ""
    extensible: bool = False
    terms: tuple[str, ...]


class StudySource(Frozen):
    """study.yaml."""

    id: str
    title: str
    cutoff: str
    intake: Intake
    forms: dict[Name, FormSource]
    terms: dict[str, dict[str, str]] = {}
    codelists: dict[str, CodelistSource] = {}
    lengths: dict[Name, Length] = {}
    facts: dict[str, Any] = {}
    tables: dict[Name, TableSource] = {}
    adsl_core: tuple[Name, ...] | None = None

    @field_validator("cutoff")
    @classmethod
    def _is_date(cls, cutoff: str) -> str:
        return existing_day(cutoff)


class RuleSource(Frozen):
    """One entry of specs/rules; `dataset` may list several, `--` in a name then stands for each."""

    id: str
    severity: Literal["error", "warning", "note"]
    dataset: Name | tuple[Name, ...]
    where: Where = {}
    join: tuple[dict[str, Any], ...] = ()
    check: str
    from_: dict[str, str | tuple[str, ...]] = Field(default={}, alias="from")
    with_: dict[str, Any] = Field(default={}, alias="with")
    variable: Name
    message: str
