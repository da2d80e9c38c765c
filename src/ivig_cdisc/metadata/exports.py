"""What is wrong with how a study says that exports of all forms are laid out."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from ..text import nearest, suggest
from .layout import ODM_KEYS, SUBJECT_KEY, SYMBOL, UNIT, Odm, Redcap

NEARLY = 0.85  # how alike a name and a key of ODM are if it is a slip rather than an ItemOID
Path = tuple[str | int, ...]


def redcap_faults(
    redcap: Redcap, forms: Mapping[str, Collection[str]]
) -> Iterator[tuple[Path, str]]:
    """Forms and columns that the study does not have, by their path under `intake: redcap:`."""
    for name, said in redcap.forms.items():
        yield from _strangers(name, said.fields, forms)


def odm_faults(
    odm: Odm, forms: Mapping[str, Collection[str]], subject: str
) -> Iterator[tuple[Path, str]]:
    """Forms, columns, item groups and names that cannot be, by their path under `intake: odm:`.

    subject: the column that names the subject.
    """
    if odm.subject != SUBJECT_KEY and ":" not in odm.subject:
        known = f"{SUBJECT_KEY} nor a vendor's attribute, as in mdsol:SubjectName"
        yield ("subject",), f"{odm.subject} is neither {known}"
    for name, said in odm.forms.items():
        yield from _strangers(name, said.fields, forms)
    taken: dict[str, str] = {}
    for name, said in odm.forms.items():
        for i, group in enumerate(said.groups):
            if taken.setdefault(group, name) != name:
                reason = f"the item group {group} is of the form {taken[group]} already"
                yield ("forms", name, "groups", i), reason
        for column, field in said.fields.items():
            reason = _field_fault(field, forms.get(name, ()))
            if column == subject:
                reason = "what names the subject is said once, under intake.odm.subject"
            if reason:
                yield ("forms", name, "fields", column), reason


def _strangers(
    name: str, fields: Collection[str], forms: Mapping[str, Collection[str]]
) -> Iterator[tuple[Path, str]]:
    """A form that the study does not have, or columns that the form does not have."""
    if name not in forms:
        yield ("forms", name), f"the study has no form {name}{suggest(name, forms)}"
        return
    for column in fields:
        if column not in forms[name]:
            reason = f"the form has no column {column}{suggest(column, forms[name])}"
            yield ("forms", name, "fields", column), reason


def _field_fault(field: str, columns: Collection[str]) -> str:
    """Why a column cannot be wired to this; nothing if it can."""
    item, slash, attribute = field.rpartition("/")
    if slash and item not in columns:
        near = suggest(item, columns)
        return f"{item} is not a column of the form{near}; before / stands the column of an item"
    if slash and attribute not in (UNIT, SYMBOL) and ":" not in attribute:
        near = suggest(attribute, (UNIT, SYMBOL))
        known = f"{UNIT}, {SYMBOL} or a vendor's attribute prefix:name"
        return f"{attribute} is not read of an item{near}; expected {known}"
    if not slash and field not in ODM_KEYS and (meant := _slip(field)):
        return f"ODM has no {field} (did you mean {meant}?)"
    return ""


def _slip(field: str) -> str:
    """The key of ODM that a name is nearly; nothing if it may be an ItemOID."""
    return nearest(field, ODM_KEYS, NEARLY)
