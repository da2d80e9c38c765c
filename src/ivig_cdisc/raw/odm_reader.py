"""One pass over an ODM file: item groups become records, and all else is counted."""

from __future__ import annotations

from ..metadata import Study
from ..metadata.layout import OdmForm
from .odm_context import ODM, Attributes, Occurrence, OdmContext, Removed
from .odm_document import Pairs, attributes_of
from .odm_item_group import KEY, OWNER, ItemGroup, form_of_group
from .odm_items import ITEM, ItemReader
from .odm_metadata import Metadata
from .odm_transactions import (
    APART,
    AROUND,
    ORDINAL,
    PLACES,
    REMOVE,
    REPLACING,
    TRANSACTION,
    Removal,
)

_GROUP = ODM + "ItemGroupData"


class OdmReader(ItemReader):
    """One pass over the file.

    number, line, shared  item groups so far, the line of the last, how many share a line
    removals              by the keys of what is removed; the last of each
    inside                whether clinical data that are read are at hand
    said                  by element, what it says of the records within
    places, place         PLACES of the form at hand; the same and the subject, as one text: empty
                          if it is to be asked for
    around                transaction of the form at hand
    ordinals              of its item groups without repeat key
    """

    def __init__(self, file: str, study: Study, lines: frozenset[int] | None) -> None:
        """lines: keep the records of these lines, or of this number, only."""
        super().__init__(file, OdmContext(_wired(study)))
        self.study, self.only = study, lines
        self.item_groups: dict[str, ItemGroup] = {}
        self.metadata = Metadata(self._item_group_of, self.required)
        self.removals: dict[str, Removal] = {}
        self.number, self.line, self.shared = 0, 0, 0
        self.columns, self.own = {}, {}
        self.inside = False
        self.said: dict[str, Attributes] = {}
        self.subject: str | None = None
        self.places: tuple[str, ...] = ()
        self.place = ""
        self.around: str | None = None
        self.ordinals: dict[str, int] = {}
        self._keep: set[str] = set()  # keys of the records of `lines`
        self._listen()

    def _listen(self) -> None:
        """Say what is done where elements begin and end."""
        starts = {
            "Study": self.metadata.start_study,
            "MeasurementUnit": self.metadata.start_unit,
            "TranslatedText": self._start_words,
            "ItemGroupDef": self.metadata.start_group,
            "ItemRef": self.metadata.start_item,
            "ClinicalData": self._start_clinical,
            "SubjectData": self._start_subject,
            "StudyEventData": lambda said: self._start_around("StudyEventData", said),
            "FormData": lambda said: self._start_around("FormData", said),
            "ItemGroupData": self._start_group,
            "SiteRef": lambda said: self._of_subject("SiteRef", said),
            "InvestigatorRef": lambda said: self._of_subject("InvestigatorRef", said),
            "MeasurementUnitRef": self._start_unit,
        }
        ends = {
            "MeasurementUnit": self.metadata.end_unit,
            "TranslatedText": self._end_words,
            "ItemGroupDef": self.metadata.end_group,
            "ClinicalData": self._end_clinical,
            "SubjectData": self._end_subject,
            "StudyEventData": lambda: self._leave("StudyEventData"),
            "FormData": lambda: self._leave("FormData"),
            "ItemGroupData": self._end_group,
        }
        for name, start in starts.items():
            self.starts[ODM + name] = start
        for name, end in ends.items():
            self.ends[ODM + name] = end

    @property
    def study_read(self) -> str:
        """StudyOID whose clinical data are read: the one that is meant, otherwise the first."""
        return self.study.intake.odm.study_oid or next(iter(self.context.studies), "")

    # ---------------------------------------------------------------- elements
    def _start(self, name: str, pairs: Pairs) -> None:
        if name == ITEM:
            self.start_item(pairs)
        elif name in self.starts:
            self.starts[name](attributes_of(pairs))
        elif self.inside:
            self._other(name, pairs)

    def _end(self, name: str) -> None:
        if name in self.ends:
            self.ends[name]()
        elif self.typed is not None and name.startswith(ITEM):
            self._end_content()

    def _other(self, name: str, pairs: Pairs) -> None:
        """An element of clinical data without an event of its own: a typed item, or not read."""
        if not name.startswith(ITEM):
            self.context.unread(self.context.name(name), self.at)
            self.pass_over(self.comments)
        elif self.row is not None:
            attributes = attributes_of(pairs)
            oid = self.required(attributes, "ItemOID", "ItemData")
            if self._beside_value(oid, attributes):
                self._content(oid, name)

    # ---------------------------------------------------------------- what is removed
    def _goes(self, element: str, said: Attributes) -> bool:
        """Whether the file says that this element is removed.

        It is passed over then, and its records are reported.
        """
        if said.get(TRANSACTION) != REMOVE:
            return False
        line, before = self.at, len(self.context.removed)
        self.removals[self._keys_of(element, said)] = Removal(element, line, self.number)
        if element == "ItemGroupData":
            self._remove_group(said)
        if len(self.context.removed) == before:
            removed = Removed(element, line, self.number, self.subject or "")
            self.context.removed.append(removed)
        self._leave(element)
        self.pass_over(self._removed)
        return True

    def _keys_of(self, element: str, said: Attributes) -> str:
        """All keys of an element; of an item group without repeat key those of all such."""
        keys = [self.subject or ""]
        for name in PLACES[: AROUND[element]]:
            keys.append(self._says(name, said) or "")
        if element == "ItemGroupData":
            keys += [said.get("ItemGroupRepeatKey", ORDINAL), said["ItemGroupOID"]]
        return APART.join(keys)

    def _removed(self, name: str, pairs: Pairs) -> None:
        """An element within one that is removed."""
        if name == _GROUP:
            self._remove_group(attributes_of(pairs))

    def _remove_group(self, attributes: Attributes) -> None:
        line = self._count_group()
        oid = self.required(attributes, "ItemGroupOID", "ItemGroupData")
        form = self._item_group_of(oid).form
        if form:
            subject = self.subject or ""
            removed = Removed("ItemGroupData", line, self.number, subject, form.name)
            self.context.removed.append(removed)

    # ---------------------------------------------------------------- clinical data
    def _level(self, element: str, attributes: Attributes) -> Attributes:
        """What an element says of all records within it."""
        said = self.context.attributes(element, attributes, self.at)
        self.said[element] = said
        self.place, self.ordinals = "", {}
        return said

    def _leave(self, element: str) -> None:
        self.said.pop(element, None)
        self.place, self.ordinals = "", {}

    def _start_clinical(self, attributes: Attributes) -> None:
        said = self._level("ClinicalData", attributes)
        study, line = said.get("StudyOID", ""), self.at
        known = self.context.studies.setdefault(study, Occurrence(line))
        if study == self.study_read:
            self.inside = True
        else:
            self.pass_over(lambda name, _pairs: self._elsewhere(known, name))

    def _elsewhere(self, known: Occurrence, name: str) -> None:
        if name == _GROUP:
            known.count += 1
            self._count_group()

    def _end_clinical(self) -> None:
        self.inside = False

    def _start_subject(self, attributes: Attributes) -> None:
        if not self.inside:
            return
        said = self._level("SubjectData", attributes)
        subject = self.required(said, "SubjectKey", "SubjectData")
        self.subject = subject
        if self._goes("SubjectData", said):
            self.context.forget(subject, self.study.intake.odm.subject)
            self.subject = None
        else:
            self._tell_subject(subject, said)

    def _end_subject(self) -> None:
        self.subject = None
        self._leave("SubjectData")

    def _start_around(self, element: str, attributes: Attributes) -> None:
        """An event or a form."""
        if self.inside:
            self._goes(element, self._level(element, attributes))

    def _of_subject(self, element: str, attributes: Attributes) -> None:
        """An element that says one thing of the subject as a whole."""
        if self.subject is not None:
            said = self.context.attributes(element, attributes, self.at)
            self._tell_subject(self.subject, said)

    def _tell_subject(self, subject: str, said: Attributes) -> None:
        updates = self.said["SubjectData"].get(TRANSACTION) in REPLACING
        self.context.of_subject(subject, said, self.at, updates=updates)

    # ---------------------------------------------------------------- item groups
    def _count_group(self) -> int:
        """One item group more; its line."""
        self.number += 1
        line = self.at
        self.shared += line == self.line
        self.line = line
        return line

    def _start_group(self, attributes: Attributes) -> None:
        if not self.inside:  # reference data have item groups too, but no subjects
            return
        if self.item_group is not None:
            raise self.refused("ItemGroupData stands within another")
        if self.subject is None:
            raise self.refused("ItemGroupData stands outside SubjectData")
        oid = self.required(attributes, "ItemGroupOID", "ItemGroupData")
        said = self.context.attributes("ItemGroupData", attributes, self.at)
        if self._goes("ItemGroupData", said):
            return
        self.item_group = self._item_group_of(oid)
        self.item_group.count += 1
        line = self._count_group()
        if self.item_group.form:
            self._record(self.item_group, said, line)

    def _record(self, item_group: ItemGroup, said: Attributes, line: int) -> None:
        """Begin a record, unless it is not among those that are wanted."""
        key = self._key(item_group, said)
        if self.only is not None and not self._is_wanted(self.only, item_group, key, line):
            return
        self.row, self.columns = {KEY: key, OWNER: self.subject}, item_group.names
        self.transaction, self.own = said.get(TRANSACTION, self.around), {}
        for column, name in item_group.keyed.items():
            self.row[column] = self._says(name, said)

    def _is_wanted(self, lines: frozenset[int], item_group: ItemGroup, key: str, line: int) -> bool:
        """Whether the record is one of `lines`, or a part of one."""
        record = key
        if item_group.merges:
            record = key.rpartition(APART)[0]
        if line in lines or self.number in lines:
            self._keep.add(record)
        return record in self._keep

    def _key(self, item_group: ItemGroup, said: Attributes) -> str:
        """All keys of an item group.

        Without a repeat key it has its number among those of its form that have none.
        """
        if not self.place:
            self.places = tuple(self._says(name, said) or "" for name in PLACES)
            self.place = APART.join((self.subject or "", *self.places))
            self.around = self._says(TRANSACTION, {})
        item_group.places.add(self.places)
        oid, repeat = said["ItemGroupOID"], said.get("ItemGroupRepeatKey")
        if repeat is None:
            item_group.numbered = False
            repeat = f"{ORDINAL}{self._ordinal(oid, said.get(TRANSACTION, 'Insert'))}"
        return f"{self.place}{APART}{repeat}{APART}{oid}"

    def _ordinal(self, oid: str, transaction: str) -> int:
        """The number of an item group without repeat key; an update is of the one before it."""
        before = self.ordinals.get(oid, 0)
        number = max(before, 1)
        if transaction == "Insert":
            number = before + 1
        self.ordinals[oid] = number
        return number

    def _says(self, name: str, said: Attributes) -> str | None:
        """What the nearest element around a record says."""
        if name in said:
            return said[name]
        for level in reversed(self.said.values()):
            if name in level:
                return level[name]
        return None

    def _end_group(self) -> None:
        if self.item_group and self.row is not None:
            if self.own or self.transaction in REPLACING:
                self._note_replacements(self.item_group, self.row)
            self.item_group.add(self.row, self.line, self.number)
        self.item_group, self.row = None, None

    def _item_group_of(self, oid: str) -> ItemGroup:
        """Where the records of an item group go; several may be one form."""
        if oid not in self.item_groups:
            self.item_groups[oid] = self._known_form(oid) or self._new_group(oid)
        return self.item_groups[oid]

    def _known_form(self, oid: str) -> ItemGroup | None:
        form = form_of_group(oid, self.study)
        for item_group in self.item_groups.values():
            if form and item_group.form == form:
                return item_group
        return None

    def _new_group(self, oid: str) -> ItemGroup:
        form, said = form_of_group(oid, self.study), OdmForm()
        if form:
            said = self.study.intake.odm.forms.get(form.name, said)
        return ItemGroup(oid, form, said, self.at)

    # ---------------------------------------------------------------- how a unit is written
    def _start_words(self, _attributes: Attributes) -> None:
        if self.metadata.unit:
            self.text = []
            self.parser.CharacterDataHandler = self.text.append

    def _end_words(self) -> None:
        if self.metadata.unit:
            self.metadata.symbol("".join(self.text))
            self.parser.CharacterDataHandler = None


def _wired(study: Study) -> frozenset[str]:
    """Keys and attributes that a column of the study holds."""
    said = study.intake.odm
    fields = [said.subject]
    for form in said.forms.values():
        fields += form.fields.values()
    return frozenset(field.rpartition("/")[2] for field in fields)
