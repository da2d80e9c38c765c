"""The raw forms of a study, and how its export writes them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath, PureWindowsPath
from typing import Any

from ..text import suggest
from .collection import LINE, Column, Form
from .dateformat import faults, unknown_faults
from .document import Document, Path_
from .exports import odm_faults, redcap_faults
from .frozen import Place
from .shape import shape
from .signs import Signs
from .source import FormSource, StudySource

NUMBERS = ("number", "result")
ONLY = {  # what goes with which type
    "terms": ("code",),
    "range": NUMBERS,
    "format": ("date",),
    "decimal": NUMBERS,
    "thousands": NUMBERS,
}


def collected(head: Document, source: StudySource) -> dict[str, Form]:
    """The forms of study.yaml; what does not fit becomes a problem of the document."""
    forms = {}
    for name, given in source.forms.items():
        forms[name] = _form(head, name, given, source)
    _check_intake(head, source, forms)
    return forms


def _form(head: Document, name: str, given: FormSource, source: StudySource) -> Form:
    path = ("forms", name)
    signs = _signs(head, path, given, source.intake)
    columns = {}
    for column, said in given.columns.items():
        columns[column] = _column(head, (*path, "columns", column), said or {}, source, signs)
    if LINE in columns:
        reason = "is the line of each record in the file: no column has this name"
        head.complain((*path, "columns", LINE), reason)
    for i, column in enumerate(given.key):
        if column not in columns:
            reason = f"{column} is not a column of the form{suggest(column, columns)}"
            head.complain((*path, "key", i), reason)
    file = given.file or f"{name}.csv"
    if not _is_inside(file):
        reason = f"{file} is not a file of the export's folder: give its name"
        head.complain((*path, "file"), reason)
    return Form(
        name=name,
        file=file,
        required=given.required,
        key=given.key,
        columns=columns,
        duplicates=given.duplicates,
        not_submitted=given.not_submitted,
        place=Place(file=head.file, line=head.line(path)),
    )


def _is_inside(file: str) -> bool:
    """Whether a path stays in the folder that it is taken in, whatever the system."""
    for path in (PurePosixPath(file), PureWindowsPath(file)):
        if path.anchor or ".." in path.parts or not path.name:
            return False
    return file.isprintable()


def _column(head: Document, path: Path_, given: Any, source: StudySource, outer: Signs) -> Column:
    """A column; if it holds numbers, with the signs that hold for it."""
    column: Column = shape(head, Column, given, path) or Column()
    for word, types in ONLY.items():
        if getattr(column, word) and column.type not in types:
            reason = f"goes with type {' or '.join(types)}, and this is {column.type}"
            head.complain((*path, word), reason)
    if column.terms and column.terms not in source.terms:
        reason = f"there are no terms {column.terms}{suggest(column.terms, source.terms)}"
        head.complain((*path, "terms"), reason)
    if column.range and column.range[0] > column.range[1]:
        head.complain((*path, "range"), "begins with the higher bound")
    if column.format:
        _complain_of_all(head, (*path, "format"), faults(column.format))
    if column.type not in NUMBERS:
        return column
    signs = _signs(head, path, column, outer)
    return column.model_copy(update={"decimal": signs.decimal, "thousands": signs.thousands})


def _signs(head: Document, path: Path_, said: Signs, outer: Signs) -> Signs:
    """The signs of numbers that hold here."""
    signs = said.within(outer)
    if signs.decimal:
        return signs
    sign = " and ".join(outer.decimal or ())
    head.complain((*path, "thousands"), f"{sign} is the decimal sign already; set decimal, too")
    return outer


def _complain_of_all(head: Document, path: Path_, reasons: Any) -> None:
    for reason in reasons:
        head.complain(path, reason)


# ---------------------------------------------------------------- intake
def _check_intake(head: Document, source: StudySource, forms: Mapping[str, Form]) -> None:
    """Every form says whose record it is; the form of subjects is there and says of which site."""
    intake = source.intake
    for name, form in forms.items():
        if intake.subject not in form.columns:
            reason = f"has no column {intake.subject}, which names the subject"
            head.complain(("forms", name), reason)
    _check_subjects(head, source, forms)
    _complain_of_all(head, ("intake", "date"), faults(intake.date))
    for part, token in intake.unknown.items():
        _complain_of_all(head, ("intake", "unknown", part), unknown_faults(part, token))
    columns_of = {name: form.columns for name, form in forms.items()}
    for path, reason in redcap_faults(intake.redcap, columns_of):
        head.complain(("intake", "redcap", *path), reason)
    for path, reason in odm_faults(intake.odm, columns_of, intake.subject):
        head.complain(("intake", "odm", *path), reason)
    _check_writing(head, source)


def _check_subjects(head: Document, source: StudySource, forms: Mapping[str, Form]) -> None:
    """The form of subjects is there, and has the column that names the site."""
    subjects, site = source.intake.subjects, source.intake.site
    if subjects not in forms:
        reason = f"{subjects} is not a form{suggest(subjects, forms)}"
        head.complain(("intake", "subjects"), reason)
        return
    columns = forms[subjects].columns
    if site and site not in columns:
        reason = f"{site} is not a column of {subjects}{suggest(site, columns)}"
        head.complain(("intake", "site"), reason)


def _check_writing(head: Document, source: StudySource) -> None:
    intake = source.intake
    if len(intake.delimiter) != 1 or intake.delimiter in ("\n", "\r", '"'):
        head.complain(("intake", "delimiter"), "should be one character")
    if not intake.encodings:
        head.complain(("intake", "encodings"), "should name one encoding at least")
    for i, name in enumerate(intake.encodings):
        if not _is_encoding(name):
            head.complain(("intake", "encodings", i), f"there is no encoding {name}")


def _is_encoding(name: str) -> bool:
    """Whether Python knows it, and as an encoding of text."""
    try:
        b"a".decode(name)
    except UnicodeError:
        return True  # it is none in which an a is one byte
    except (LookupError, ValueError):
        return False
    return True
