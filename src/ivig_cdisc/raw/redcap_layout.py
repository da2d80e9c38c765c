"""Which field of a REDCap export is which column of which form."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ..metadata import Column, Form, Study
from ..metadata.layout import RedcapForm

CHECKBOX = "___"  # between the name of a group of checkboxes and the code of one
OWN_PREFIX = "redcap_"  # of fields that REDCap itself makes
STATUS = ("_complete", "_timestamp")  # what REDCap keeps with each instrument


@dataclass(frozen=True)
class FormLayout:
    """Where the columns of one form are in the file.

    instrument  that the form is
    fields      column: field or group of checkboxes; unknown columns at the end
    boxes       group of checkboxes: its fields
    own         fields whose values make a record; checkboxes are not among them
    """

    form: Form
    instrument: str
    fields: dict[str, str]
    boxes: dict[str, list[str]]
    own: list[str]

    @property
    def all_boxes(self) -> Iterator[str]:
        """The fields of all checkboxes."""
        for boxes in self.boxes.values():
            yield from boxes


def layouts(names: Sequence[str], study: Study) -> dict[str, FormLayout]:
    """The layout of each form that has a field in the file.

    Args:
        names: of the fields of the file.
        study: says what forms there are, and how their fields are called.
    """
    wired = {name: fields_of(form, study) for name, form in study.forms.items()}
    extra = _extra(_unwired(names, wired, study), study)
    there: dict[str, FormLayout] = {}
    for name, form in study.forms.items():
        layout = _layout(form, wired[name] | extra[name], names, study)
        if any(layout.boxes.values()) or set(layout.own).intersection(names):
            there[name] = layout
    return there


def _unwired(
    names: Sequence[str], wired: Mapping[str, Mapping[str, str]], study: Study
) -> list[str]:
    """Fields that no column is wired to, those that REDCap itself makes left out."""
    used = {study.intake.redcap.record}
    for fields in wired.values():
        used.update(fields.values())
    found = []
    for name in names:
        group = name.partition(CHECKBOX)[0]
        if not name.startswith(OWN_PREFIX) and name not in used and group not in used:
            found.append(name)
    return found


@dataclass(frozen=True)
class _Called:
    """What the study says of a form: its instrument, the prefix of its fields, and others."""

    instrument: str
    prefix: str
    fields: Mapping[str, str]


def _called(form: str, study: Study) -> _Called:
    said = study.intake.redcap.forms.get(form, RedcapForm())
    prefix = said.prefix
    if prefix is None:
        prefix = f"{form}_"
    return _Called(said.instrument or form, prefix, said.fields)


def fields_of(form: Form, study: Study) -> dict[str, str]:
    """The field of each column of a form."""
    called = _called(form.name, study)
    fields = {column: f"{called.prefix}{column}" for column in form.columns}
    fields[study.intake.subject] = study.intake.redcap.record
    return fields | dict(called.fields)


def _extra(names: Sequence[str], study: Study) -> dict[str, dict[str, str]]:
    """Fields that no column is wired to, by the form whose prefix they have; column: field."""
    extra: dict[str, dict[str, str]] = defaultdict(dict)
    for name in names:
        form, prefix = _form_by_prefix(name, study)
        if form and not is_status(name, study):
            column = name.removeprefix(prefix)
            if column in study.forms[form].columns:
                column = name
            extra[form][column] = name
    return extra


def _form_by_prefix(name: str, study: Study) -> tuple[str, str]:
    """The form whose prefix the field has, and this prefix: the longest; empty if there is none."""
    found = ("", "")
    for form in study.forms:
        prefix = _called(form, study).prefix
        if name.startswith(prefix) and len(prefix) > len(found[1]):
            found = (form, prefix)
    return found


def is_status(name: str, study: Study) -> bool:
    """Whether REDCap itself keeps this field with each instrument."""
    for end in STATUS:
        instrument = name.removesuffix(end)
        if instrument != name and instrument in _instruments(study):
            return True
    return False


def _instruments(study: Study) -> set[str]:
    return {_called(form, study).instrument for form in study.forms}


def _layout(form: Form, fields: dict[str, str], names: Sequence[str], study: Study) -> FormLayout:
    ticks = [field for field in fields.values() if CHECKBOX in field]
    not_own = {study.intake.redcap.record, *ticks}
    own = []
    for field in dict.fromkeys(fields.values()):
        if field not in not_own and not field.startswith(OWN_PREFIX):
            own.append(field)
    boxes = _groups_of_boxes(form, fields, names)
    for field in ticks:
        if field in names:
            boxes[field] = [field]
    return FormLayout(form, _called(form.name, study).instrument, fields, boxes, own)


def _groups_of_boxes(
    form: Form, fields: Mapping[str, str], names: Sequence[str]
) -> dict[str, list[str]]:
    """The fields of each group of checkboxes that a column is wired to."""
    groups = {fields[column] for column in fields if column in form.columns} - set(names)
    boxes: dict[str, list[str]] = {}
    for group in sorted(groups):
        own = [name for name in names if name.startswith(f"{group}{CHECKBOX}")]
        if own:
            boxes[group] = own
    return boxes


def codes_of_boxes(column: Column, study: Study) -> dict[str, str]:
    """How field names write the codes of a checkbox: in lower case, with _ for -."""
    codes = list(study.intake.missing)
    if column.terms:
        codes += study.terms[column.terms]
    return {code.lower().replace("-", "_"): code for code in codes}
