"""What an ODM file says beside its records: of subjects as a whole, of what is removed, and what nobody reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..metadata.layout import SUBJECT_KEY, UNIT
from .odm_transactions import REMOVE, TRANSACTION, TRANSACTIONS
from .readers import shown

NAMESPACE = "http://www.cdisc.org/ns/odm/v1.3"
ODM = NAMESPACE + "}"
XML = "http://www.w3.org/XML/1998/namespace"
COMMENT = "Comment"  # of an annotation: words that a site has written
READ: Mapping[
    str, frozenset[str]
] = {  # attributes of each element of clinical data that are read wherever they occur
    "ClinicalData": frozenset({"StudyOID", "MetaDataVersionOID"}),
    "SubjectData": frozenset({SUBJECT_KEY, TRANSACTION}),
    "StudyEventData": frozenset({"StudyEventOID", "StudyEventRepeatKey", TRANSACTION}),
    "FormData": frozenset({"FormOID", "FormRepeatKey", TRANSACTION}),
    "ItemGroupData": frozenset({"ItemGroupOID", "ItemGroupRepeatKey", TRANSACTION}),
    "ItemData": frozenset({"ItemOID", "Value", "IsNull", TRANSACTION, UNIT}),
}
Attributes = dict[str, str]


@dataclass
class Kind:
    """Something that is not read: where it stands first, and how often."""

    line: int
    count: int = 0


@dataclass(frozen=True)
class Removed:
    """An element that the file says is removed, or a record that stands before it and is left out because of it.

    form: whose record it would be. said: of a record that stands before, the line that says so.
    """

    element: str
    line: int
    number: int
    subject: str
    form: str = ""
    said: int = 0


@dataclass
class Beside:
    """Everything of a file but its records.

    wired: keys and attributes that a column of the study holds.
    """

    wired: frozenset[str]
    studies: dict[str, Kind] = field(
        default_factory=dict
    )  # StudyOIDs of clinical data, and their item groups
    kinds: dict[str, Kind] = field(default_factory=dict)
    removed: list[Removed] = field(default_factory=list)
    subjects: dict[str, dict[str, str]] = field(
        default_factory=dict
    )  # what is said of each as a whole
    contradictions: list[tuple[str, int, str]] = field(default_factory=list)  # subject, line, what
    prefixes: dict[str, str] = field(default_factory=lambda: {XML: "xml"})  # of namespaces

    def name(self, expanded: str) -> str:
        """A name as the file writes it: that of an element or attribute, with its prefix unless it is ODM's own."""
        space, _, local = expanded.rpartition("}")
        return local if space in ("", NAMESPACE) else f"{self.prefixes.get(space, space)}:{local}"

    def unread(self, kind: str, line: int) -> None:
        """Count something that is not read."""
        self.kinds.setdefault(kind, Kind(line)).count += 1

    def attributes(self, element: str, given: Attributes, line: int) -> Attributes:
        """What an element says, by names as the file writes them; what is neither read nor wired is counted."""
        if given.keys() <= READ.get(element, frozenset()) - {TRANSACTION}:  # nearly all
            return given
        said = {self.name(expanded): value for expanded, value in given.items()}
        known = READ.get(element, frozenset())
        for name in said:
            if name not in known and name not in self.wired:
                self.unread(f"the attribute {name} of {element}", line)
        transaction = said.get(TRANSACTION, REMOVE)
        if transaction not in TRANSACTIONS:
            self.unread(f'the {TRANSACTION} "{transaction}"', line)
        return said

    def of_subject(self, subject: str, said: Attributes, line: int, *, updates: bool) -> None:
        """Remember what is said of a subject; what contradicts an earlier word and does not update it is told."""
        known = self.subjects.setdefault(subject, {})
        for name, value in said.items():
            if name not in self.wired:
                continue
            first = known.setdefault(name, value)
            if updates:
                known[name] = value
            elif value != first:
                text = f"{name} of this subject is {shown(value)} here and {shown(first)} before, which counts"
                self.contradictions.append((subject, line, text))

    def forget(self, subject: str, name: str) -> None:
        """Of a subject that is removed only its name is known, for what is told."""
        known = self.subjects.get(subject, {})
        self.subjects[subject] = {name: known[name]} if name in known else {}
