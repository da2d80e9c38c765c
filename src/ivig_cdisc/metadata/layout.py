"""How one file that holds all forms lays them out.

The fields of REDCap, the keys and items of ODM.
"""

from __future__ import annotations

from .frozen import Frozen, Name

SUBJECT_KEY = "SubjectKey"
EVENT = "StudyEventOID"
SITE = "LocationOID"
ODM_KEYS = (  # what an ODM file says of every record
    "StudyOID",
    "MetaDataVersionOID",
    SUBJECT_KEY,
    SITE,  # of the SiteRef of the subject
    "UserOID",  # of its InvestigatorRef
    EVENT,
    "StudyEventRepeatKey",
    "FormOID",
    "FormRepeatKey",
    "ItemGroupOID",
    "ItemGroupRepeatKey",
)
UNIT, SYMBOL = "MeasurementUnitOID", "Symbol"  # of one item, written as COLUMN/Symbol


class RedcapForm(Frozen):
    """Where a form deviates from the naming of its REDCap project.

    instrument: the form in redcap_repeat_instrument; its own name unless said.
    prefix: a field is prefix and column; the form's name and _ unless said.
    fields: by column the field, where it is not prefix and column.
    """

    instrument: Name = ""
    prefix: str | None = None
    fields: dict[Name, Name] = {}


class Redcap(Frozen):
    """How the fields of a REDCap project, which are unique in it, become columns of forms.

    The column `result` of the form `laboratory` is the field `laboratory_result`, unless `forms`
    says otherwise. A field can be redcap_event_name, redcap_repeat_instance or another field of
    REDCap's own, and a group of checkboxes (`race___1`, `race___2`) by its name (`race`): the
    column holds the codes that are ticked.

    record: the field of the record id, which is the subject of each form.
    events: by redcap_event_name what a column that is wired to it holds instead.
    separator: between the codes of a group of checkboxes.
    forms: where a form deviates from this.
    """

    record: Name = "record_id"
    events: dict[str, str] = {}
    separator: str = " "
    forms: dict[Name, RedcapForm] = {}


class OdmForm(Frozen):
    """Where a form deviates from one item group that is called like it, with items FORM.column.

    groups: ItemGroupOIDs of its records; records with the same keys are put together.
    fields: by column what it holds: one of the keys of ODM; prefix:name, an attribute of a
        vendor's as the file writes it; for the item of a column COLUMN/MeasurementUnitOID,
        COLUMN/Symbol (how the file writes that unit) or COLUMN/prefix:name; all else is an ItemOID.
    """

    groups: tuple[Name, ...] = ()
    fields: dict[Name, Name] = {}


class Odm(Frozen):
    """How the keys and items of an ODM file become columns of forms.

    The column `result` of the form `laboratory` is the item `laboratory.result` (or `result`) of
    the item group `laboratory`, and the subject is the SubjectKey, unless `forms` and `subject` say
    otherwise.

    study_oid: whose clinical data are read; needed where a file holds those of several studies.
    subject: what names the subject; a vendor's attribute prefix:name, where it is not SubjectKey.
    events: by StudyEventOID what a column that is wired to it holds instead.
    forms: where a form deviates from this.
    """

    study_oid: str = ""
    subject: Name = SUBJECT_KEY
    events: dict[str, str] = {}
    forms: dict[Name, OdmForm] = {}
