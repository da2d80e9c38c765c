"""What an ODM file says around its records: of subjects, and what is removed or not read."""

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
# attributes of each element of clinical data that are read wherever they occur, and nearly all have
_USUAL: Mapping[str, frozenset[str]] = {
    "ClinicalData": frozenset({"StudyOID", "MetaDataVersionOID"}),
    "SubjectData": frozenset({SUBJECT_KEY}),
    "StudyEventData": frozenset({"StudyEventOID", "StudyEventRepeatKey"}),
    "FormData": frozenset({"FormOID", "FormRepeatKey"}),
    "ItemGroupData": frozenset({"ItemGroupOID", "ItemGroupRepeatKey"}),
    "ItemData": frozenset({"ItemOID", "Value", "IsNull", UNIT}),
}
_WITHOUT_TRANSACTION = ("ClinicalData",)
_NONE: frozenset[str] = frozenset()
Attributes = dict[str, str]


@dataclass
class Occurrence:
    """Something that is not read: where it stands first, and how often."""

    line: int
    count: int = 0


@dataclass(frozen=True)
class Removed:
    """What the file says is removed: an element, or a record that stands before it.

    form: whose record it would be. said: of a record that stands before, the line that says so.
    """

    element: str
    line: int
    number: int
    subject: str
    form: str = ""
    said: int = 0


@dataclass
class OdmContext:
    """Everything of a file but its records.

    wired           keys and attributes that a column of the study holds
    studies         StudyOIDs of clinical data, and their item groups
    unread_kinds    what is not read, by its kind
    removed         what the file says is removed
    subjects        what is said of each as a whole
    contradictions  subject, line, what
    prefixes        of namespaces
    """

    wired: frozenset[str]
    studies: dict[str, Occurrence] = field(default_factory=dict)
    unread_kinds: dict[str, Occurrence] = field(default_factory=dict)
    removed: list[Removed] = field(default_factory=list)
    subjects: dict[str, dict[str, str]] = field(default_factory=dict)
    contradictions: list[tuple[str, int, str]] = field(default_factory=list)
    prefixes: dict[str, str] = field(default_factory=lambda: {XML: "xml"})

    def name(self, expanded: str) -> str:
        """The name of an element or attribute as the file writes it.

        It has its prefix unless it is ODM's own.
        """
        space, _, local = expanded.rpartition("}")
        if space in ("", NAMESPACE):
            return local
        return f"{self.prefixes.get(space, space)}:{local}"

    def unread(self, kind: str, line: int) -> None:
        """Count something that is not read."""
        self.unread_kinds.setdefault(kind, Occurrence(line)).count += 1

    def attributes(self, element: str, given: Attributes, line: int) -> Attributes:
        """What an element says, by names as the file writes them.

        What is neither read nor wired is counted.
        """
        usual = _USUAL.get(element, _NONE)
        if usual.issuperset(given):  # nearly all
            return given
        said = {self.name(expanded): value for expanded, value in given.items()}
        for name in said:
            if name not in usual and name not in self.wired and not _is_read(name, element):
                self.unread(f"the attribute {name} of {element}", line)
        transaction = said.get(TRANSACTION, REMOVE)
        if transaction not in TRANSACTIONS:
            self.unread(f'the {TRANSACTION} "{transaction}"', line)
        return said

    def of_subject(self, subject: str, said: Attributes, line: int, *, updates: bool) -> None:
        """Remember what is said of a subject.

        What contradicts an earlier word and does not update it is reported.
        """
        known = self.subjects.setdefault(subject, {})
        for name, value in said.items():
            if name not in self.wired:
                continue
            first = known.setdefault(name, value)
            if updates:
                known[name] = value
            elif value != first:
                before = f"{shown(first)} before, which counts"
                text = f"{name} of this subject is {shown(value)} here and {before}"
                self.contradictions.append((subject, line, text))

    def forget(self, subject: str, name: str) -> None:
        """Of a subject that is removed only its name is known, for the reports on it."""
        known = self.subjects.get(subject, {})
        self.subjects[subject] = {key: value for key, value in known.items() if key == name}


def _is_read(name: str, element: str) -> bool:
    """Whether this is the transaction of an element that may have one."""
    return name == TRANSACTION and element in _USUAL and element not in _WITHOUT_TRANSACTION
