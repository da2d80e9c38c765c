"""Tables of a study, and the row steps that read them: what the YAML may say of each."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Discriminator, Field, Tag, model_validator

from .frozen import Frozen, Name


class TableFile(Frozen):
    """A table that stands in a CSV file beside study.yaml.

    file: the name of the file.
    """

    file: str


def _form_of_table(given: Any) -> str | None:
    """How the rows of a table are said."""
    if isinstance(given, dict | TableFile):
        return "a file"
    if isinstance(given, list | tuple):
        return "rows"
    return None


TableSource = Annotated[
    Annotated[tuple[Any, ...], Tag("rows")] | Annotated[TableFile, Tag("a file")],
    Discriminator(
        _form_of_table,
        custom_error_type="table",
        custom_error_message="should be a list of rows, or {file: X.csv}",
    ),
]


class TableOf(Frozen):
    """Where the rows of `values` stand, if not in the step: a table, a CSV file or a fact.

    table: of study.yaml.
    file: a CSV file beside study.yaml.
    fact: of study.yaml; it is a list of rows.
    """

    table: Name = ""
    file: str = ""
    fact: Name = ""

    @model_validator(mode="after")
    def _is_one(self) -> TableOf:
        if sum(map(bool, (self.table, self.file, self.fact))) != 1:
            raise ValueError("needs rows, or one of table, file and fact")
        return self


def _form(values: Any) -> str | None:
    """How the rows of `values` are said."""
    if isinstance(values, dict | TableOf):
        return "a reference"
    if isinstance(values, list | tuple):
        return "rows"
    return None


class Values(Frozen):
    """Literal rows, where a dataset begins.

    values: rows, each with its values by column; or the table, file or fact that has them.
    """

    values: Annotated[
        Annotated[tuple[Any, ...], Tag("rows")] | Annotated[TableOf, Tag("a reference")],
        Discriminator(
            _form,
            custom_error_type="values",
            custom_error_message="should be a list of rows, {table: X}, {file: X.csv} or {fact: X}",
        ),
    ]


class Lookup(Frozen):
    """Columns of the one matching row of a table. A record without a match is told.

    table: of study.yaml.
    on: the column(s) that must be the same, or here: there.
    take: the column(s) that come, or new: old.
    """

    class In(Frozen):
        table: Name
        on: Name | tuple[Name, ...] | dict[Name, Name]
        take: Name | tuple[Name, ...] | dict[Name, Name]

        @property
        def matched(self) -> dict[str, str]:
            """The columns that must be the same: name here, and name in the table."""
            return by_name(self.on)

        @property
        def taken(self) -> dict[str, str]:
            """The columns that come: name here, and name in the table."""
            return by_name(self.take)

    lookup: In


class Cross(Frozen):
    """Every record with every row of a table, or of a dataset that is not per subject.

    with: the table or dataset.
    take: the column(s) that come, or new: old.
    """

    class With(Frozen):
        with_: Name = Field(alias="with")
        take: Name | tuple[Name, ...] | dict[Name, Name]

        @property
        def taken(self) -> dict[str, str]:
            """The columns that come: name here, and name there."""
            return by_name(self.take)

    cross: With


def by_name(columns: str | tuple[str, ...] | dict[str, str]) -> dict[str, str]:
    """The one form of columns that may be a list, where the names are the same on both sides."""
    if isinstance(columns, dict):
        return columns
    if isinstance(columns, str):
        return {columns: columns}
    return dict(zip(columns, columns, strict=True))
