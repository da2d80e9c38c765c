"""What the YAML of a study may say: its shape, before it is laid over the standard."""

from __future__ import annotations

import re
from datetime import date
from typing import Any, Literal

from pydantic import Field, TypeAdapter, ValidationError, field_validator

from .document import Document, Path_
from .frozen import Frozen, Name
from .model import Intake, Scalar, Step, Where

DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


class VariableSource(Frozen):
    """Wiring of a variable (`value`, `from` or `derive`) and what differs from the standard."""

    value: Scalar | dict[str, str] | None = None
    from_: str | dict[str, str | tuple[str, ...]] | None = Field(default=None, alias="from")
    derive: str = ""
    with_: dict[str, Any] = Field(default={}, alias="with")
    label: str = ""
    type: Literal["Char", "Num", ""] = ""
    length: int = 0
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
    transliterate: bool = True
    shared: tuple[Name, ...] = ()
    keep: tuple[Name, ...] = ()
    rows: tuple[Step, ...]
    working: dict[Name, VariableSource] = {}
    variables: dict[Name, VariableSource]


class FormSource(Frozen):
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
    lengths: dict[Name, int] = {}
    facts: dict[str, Any] = {}

    @field_validator("cutoff")
    @classmethod
    def _is_date(cls, cutoff: str) -> str:
        if not DATE.fullmatch(cutoff):
            raise ValueError("is not a date YYYY-MM-DD")
        date.fromisoformat(cutoff)
        return cutoff


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


def shape(document: Document, kind: Any, data: Any = None, at: Path_ = ()) -> Any:
    """The document's data as a `kind`; None where it does not fit, with all reasons as problems of the document."""
    if data is None and document.data is None and document.problems:  # is no YAML: said already
        return None
    try:
        return TypeAdapter(kind).validate_python(document.data if data is None else data)
    except ValidationError as error:
        for fault in error.errors(include_url=False):
            document.complain(_path(document, at, fault), _reason(fault))
        return None


def _path(document: Document, at: Path_, fault: Any) -> Path_:
    """The fault's location without the steps that name a type instead of an entry (a verb is both)."""
    path, location, lines = at, fault["loc"], document.lines
    for i, part in enumerate(location):
        following = location[i + 1 : i + 2]
        names_type = following and (*path, *following) in lines and (*path, part, *following) not in lines
        is_absent = fault["type"] == "missing" and not following
        if is_absent or ((*path, part) in lines and not names_type):
            path = (*path, part)
    return path


def _reason(fault: Any) -> str:
    if fault["type"] == "missing":
        return "is missing"
    if fault["type"] == "extra_forbidden":
        return "is not a word of the spec language"
    if fault["type"] in ("model_type", "dict_type"):
        return "should be entries of the form key: value"
    return str(fault["msg"]).removeprefix("Value error, ")
