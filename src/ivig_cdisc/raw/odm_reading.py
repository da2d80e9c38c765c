"""The events of the parser on one pass over an ODM file: item groups become records, and all else is counted."""

from __future__ import annotations

from collections.abc import Mapping

from ..metadata import Study
from ..metadata.layout import UNIT, OdmForm
from .odm_beside import ODM, Attributes, Beside, Kind, Removed
from .odm_document import Document
from .odm_metadata import Metadata
from .odm_pile import KEY, OWNER, Pile, Row, form_of_group
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
from .readers import shown
from .sheet import Remark

_ITEM, _GROUP = ODM + "ItemData", ODM + "ItemGroupData"


class Reading(Document):
    """One pass over the file.

    lines: keep the records of these lines, or of this number, only.
    """

    def __init__(self, file: str, study: Study, lines: frozenset[int] | None) -> None:
        said = study.intake.odm
        fields = [
            said.subject,
            *(field for form in said.forms.values() for field in form.fields.values()),
        ]
        super().__init__(file, Beside(frozenset(field.rpartition("/")[2] for field in fields)))
        self.study, self.only = study, lines
        self.piles: dict[str, Pile] = {}
        self.metadata = Metadata(self._pile_of, self.required)
        self.removals: dict[str, Removal] = {}  # by the keys of what is removed; the last of each
        self.number = self.line = self.shared = (
            0  # item groups so far, line of the last, how many share a line
        )
        self._keep: set[str] = set()  # keys of the records of `lines`
        # where the parser is
        self.inside = False  # clinical data that are read
        self.said: dict[str, Attributes] = {}  # by element: what it says of the records within
        self.subject: str | None = None
        self.places: tuple[str, ...] = ()  # PLACES of the form at hand
        self.place = ""  # the same and the subject, as one text; nothing if it is to be asked for
        self.ordinals: dict[str, int] = {}  # of its item groups without repeat key
        self.around: str | None = None  # transaction of the form at hand
        self.transaction: str | None = None  # of the item group at hand
        self.own: dict[str, str] = {}  # of its items that have their own, by column
        self.pile: Pile | None = None
        self.row: Row | None = None
        self.columns: Mapping[str, str] = {}  # of the pile at hand, by ItemOID
        self.item = ""  # column of the item at hand
        self.element = ""  # of an item whose text is its content
        self.broken = False  # whether it has elements within
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
        self.starts = {ODM + name: start for name, start in starts.items()}
        self.ends = {ODM + name: end for name, end in ends.items()}

    @property
    def study_read(self) -> str:
        """StudyOID whose clinical data are read: the one that is meant, otherwise the first."""
        return self.study.intake.odm.study_oid or next(iter(self.beside.studies), "")

    def _start(self, name: str, attributes: Attributes) -> None:
        if name == _ITEM:
            row = self.row
            if row is None:
                return
            column = self.columns.get(attributes.get("ItemOID", ""), "")
            if column and column not in row and len(attributes) == 2 and "Value" in attributes:
                row[column] = attributes["Value"]  # nearly all, so without further calls
                self.item = column
            else:
                self._item(attributes)
        elif name in self.starts:
            self.starts[name](attributes)
        elif self.inside:
            self._other(name, attributes)

    def _end(self, name: str) -> None:
        if name in self.ends:
            self.ends[name]()
        elif self.typed is not None and name.startswith(_ITEM):
            self._end_content()

    def _other(self, name: str, attributes: Attributes) -> None:
        """An element of clinical data that has no event of its own: a typed item, or one that is not read."""
        if not name.startswith(_ITEM):
            self.beside.unread(self.beside.name(name), self.at)
            self.pass_over(self.comments)
        elif self.row is not None:
            oid = self.required(attributes, "ItemOID", "ItemData")
            if self._beside_value(oid, attributes):
                self._content(oid, name)

    def _goes(self, element: str, said: Attributes) -> bool:
        """Whether the file says that this element is removed; it is passed over then, and its records are told."""
        if said.get(TRANSACTION) != REMOVE:
            return False
        line, before = self.at, len(self.beside.removed)
        self.removals[self._keys_of(element, said)] = Removal(element, line, self.number)
        if element == "ItemGroupData":
            self._removed(_GROUP, said)
        if len(self.beside.removed) == before:
            self.beside.removed.append(Removed(element, line, self.number, self.subject or ""))
        self._leave(element)
        self.pass_over(self._removed)
        return True

    def _keys_of(self, element: str, said: Attributes) -> str:
        """All keys of an element; of an item group without repeat key those of all that have none."""
        keys = [
            self.subject or "",
            *(self._says(name, said) or "" for name in PLACES[: AROUND[element]]),
        ]
        if element == "ItemGroupData":
            keys += [said.get("ItemGroupRepeatKey", ORDINAL), said["ItemGroupOID"]]
        return APART.join(keys)

    def _removed(self, name: str, attributes: Attributes) -> None:
        """An item group that is removed, or is within an element that is."""
        if name != _GROUP:
            return
        line = self._count_group()
        pile = self._pile_of(self.required(attributes, "ItemGroupOID", "ItemGroupData"))
        if pile.form:
            removed = Removed(
                "ItemGroupData", line, self.number, self.subject or "", pile.form.name
            )
            self.beside.removed.append(removed)

    # ---------------------------------------------------------------- clinical data
    def _level(self, element: str, attributes: Attributes) -> Attributes:
        """What an element says of all records within it."""
        said = self.beside.attributes(element, attributes, self.at)
        self.said[element] = said
        self.place, self.ordinals = "", {}
        return said

    def _leave(self, element: str) -> None:
        self.said.pop(element, None)
        self.place, self.ordinals = "", {}

    def _start_clinical(self, attributes: Attributes) -> None:
        said = self._level("ClinicalData", attributes)
        study, line = said.get("StudyOID", ""), self.at
        known = self.beside.studies.setdefault(study, Kind(line))
        if study == self.study_read:
            self.inside = True
        else:
            self.pass_over(lambda name, _attributes: self._elsewhere(known, name))

    def _elsewhere(self, known: Kind, name: str) -> None:
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
            self.beside.forget(subject, self.study.intake.odm.subject)
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
            self._tell_subject(self.subject, self.beside.attributes(element, attributes, self.at))

    def _tell_subject(self, subject: str, said: Attributes) -> None:
        updates = self.said["SubjectData"].get(TRANSACTION) in REPLACING
        self.beside.of_subject(subject, said, self.at, updates=updates)

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
        if self.subject is None or self.pile is not None:
            raise self.refused(
                f"ItemGroupData stands {'within another' if self.pile else 'outside SubjectData'}"
            )
        group = self.required(attributes, "ItemGroupOID", "ItemGroupData")
        said = self.beside.attributes("ItemGroupData", attributes, self.at)
        if self._goes("ItemGroupData", said):
            return
        self.pile = self._pile_of(group)
        self.pile.count += 1
        line = self._count_group()
        if self.pile.form:
            self._record(self.pile, said, line)

    def _record(self, pile: Pile, said: Attributes, line: int) -> None:
        """Begin a record, unless it is not among those that are wanted."""
        key = self._key(pile, said)
        if self.only is not None:
            record = key.rpartition(APART)[0] if pile.merges else key
            if line in self.only or self.number in self.only:
                self._keep.add(record)
            if record not in self._keep:
                return
        self.row, self.columns = {KEY: key, OWNER: self.subject}, pile.names
        self.transaction, self.own = said.get(TRANSACTION, self.around), {}
        for column, name in pile.keyed.items():
            self.row[column] = self._says(name, said)

    def _key(self, pile: Pile, said: Attributes) -> str:
        """All keys of an item group; without a repeat key its number among those of its form that have none."""
        if not self.place:
            self.places = tuple(self._says(name, said) or "" for name in PLACES)
            self.place = APART.join((self.subject or "", *self.places))
            self.around = self._says(TRANSACTION, {})
        pile.places.add(self.places)
        group, repeat = said["ItemGroupOID"], said.get("ItemGroupRepeatKey")
        if repeat is None:
            pile.numbered = False
            repeat = f"{ORDINAL}{self._ordinal(group, said.get(TRANSACTION, 'Insert'))}"
        return APART.join((self.place, repeat, group))

    def _ordinal(self, group: str, transaction: str) -> int:
        """The number of an item group without repeat key; one that is updated is the one before it."""
        before = self.ordinals.get(group, 0)
        self.ordinals[group] = before + 1 if transaction == "Insert" else max(before, 1)
        return self.ordinals[group]

    def _says(self, name: str, said: Attributes) -> str | None:
        """What the nearest element around a record says."""
        levels = (said, *reversed(self.said.values()))
        return next((level[name] for level in levels if name in level), None)

    def _end_group(self) -> None:
        if self.pile and self.row is not None:
            if self.own or self.transaction in REPLACING:
                self._turn(self.pile, self.row)
            self.pile.add(self.row, self.line, self.number)
        self.pile = self.row = None

    def _turn(self, pile: Pile, row: Row) -> None:
        """Say which values of the item group at hand take the place of those before them."""
        removed = {column for column, transaction in self.own.items() if transaction == REMOVE}
        removed |= {name for name in pile.beside if name.rpartition("/")[0] in removed}
        for column in sorted({*row, *removed} - {KEY, OWNER}):
            item = column if column in self.own else column.rpartition("/")[0]
            if column in removed or self.own.get(item, self.transaction) in REPLACING:
                pile.turns.setdefault(column, {})[len(pile.lines)] = column in removed

    def _pile_of(self, name: str) -> Pile:
        if name not in self.piles:
            form = form_of_group(name, self.study)
            same = next((pile for pile in self.piles.values() if form and pile.form == form), None)
            said = self.study.intake.odm.forms.get(form.name if form else "", OdmForm())
            self.piles[name] = same or Pile(name, form, said, self.at)
        return self.piles[name]

    # ---------------------------------------------------------------- items
    def _item(self, attributes: Attributes) -> None:
        """An item that is new, stands twice, or says more than its value."""
        oid = self.required(attributes, "ItemOID", "ItemData")
        if not self._beside_value(oid, attributes):
            return
        if attributes.get("IsNull") == "Yes":
            self._null(oid, attributes.get("Value", ""))
        elif "Value" in attributes:
            self._value(oid, attributes["Value"])
        else:
            self._content(oid, _ITEM)

    def _null(self, oid: str, value: str) -> None:
        """An item that is said to have no value; a value beside that is not taken, and told."""
        self._value(oid, None)
        if value.strip():
            message = f"{oid} is said to be null (IsNull) and has a value; left out: {shown(value)}"
            self._remark("RAW-ODM-NULL", "error", message)

    def _beside_value(self, oid: str, attributes: Attributes) -> bool:
        """Take what an item says beside its value; whether the value counts."""
        pile, row = self.pile, self.row
        if pile is None or row is None:
            return False
        said = self.beside.attributes("ItemData", attributes, self.at)
        self.item = pile.column(oid)
        if TRANSACTION in said:
            self.own[self.item] = said[TRANSACTION]
        if said.get(TRANSACTION) == REMOVE:
            value = shown(attributes.get("Value", row.pop(self.item, "") or ""))
            self._remark(
                "RAW-ODM-REMOVED-ITEM",
                "warning",
                f"the file says that {oid} is removed; left out: {value}",
            )
            self.pass_over(self.comments)
            return False
        for name in said:
            if name == UNIT or ":" in name:
                self._attach(name, said[name])
        return True

    def _start_unit(self, attributes: Attributes) -> None:
        if self.row is not None:
            self._attach(UNIT, self.required(attributes, UNIT, "MeasurementUnitRef"))

    def _attach(self, name: str, value: str) -> None:
        """Keep what the item at hand says beside its value."""
        if self.pile is not None and self.row is not None:
            column = f"{self.item}/{name}"
            self.pile.beside[column] = None
            self.row[column] = value

    def _value(self, oid: str, value: str | None) -> None:
        pile, row = self.pile, self.row
        if pile is None or row is None:
            return
        self.item = column = pile.column(oid)
        if column not in row:
            row[column] = value
            return
        again, first = (value or "").strip(), (row[column] or "").strip()
        if again != first:
            message = f"{oid} stands in this record twice; left out: {shown(again)}"
            self._remark("RAW-REPEATED-ITEM", "error", message)

    def _remark(self, rule: str, severity: str, message: str) -> None:
        """Say something of the item at hand."""
        if self.pile is not None:
            self.pile.remarks.append(
                Remark(rule, severity, message, len(self.pile.lines), self.item)
            )

    # ---------------------------------------------------------------- items whose text is their
    # content
    def _content(self, oid: str, element: str) -> None:
        self.typed, self.element, self.broken, self.text = oid, element, False, []
        self.parser.StartElementHandler = self._start_in_content
        self.parser.CharacterDataHandler = self.text.append

    def _start_in_content(self, name: str, _attributes: Attributes) -> None:
        self.broken = True
        self.beside.unread(self.beside.name(name), self.at)
        self.pass_over(self.comments)

    def _end_content(self) -> None:
        oid, text = self.typed or "", "".join(self.text)
        refused = self.broken and (self.element != _ITEM or bool(text.strip()))
        self.typed = None
        self.resume()
        self._value(oid, None if refused else text)
        if refused:
            message = f"{oid} has elements within its text, so the value is not known; left out: {shown(text.strip())}"
            self._remark("RAW-ODM-CONTENT", "error", message)

    # ---------------------------------------------------------------- how a unit is written
    def _start_words(self, _attributes: Attributes) -> None:
        if self.metadata.unit:
            self.text = []
            self.parser.CharacterDataHandler = self.text.append

    def _end_words(self) -> None:
        if self.metadata.unit:
            self.metadata.symbol("".join(self.text))
            self.parser.CharacterDataHandler = None
