"""The items of an ODM file, within one item group: here nearly all the time goes."""

from __future__ import annotations

from collections.abc import Mapping

from ..metadata.layout import UNIT
from .form_extract import RecordIssue
from .odm_context import ODM, Attributes
from .odm_document import Document, Pairs, attributes_of
from .odm_item_group import KEY, OWNER, ItemGroup, Row
from .odm_transactions import REMOVE, REPLACING, TRANSACTION
from .readers import shown

ITEM = ODM + "ItemData"


class ItemReader(Document):
    """The record at hand, and its items.

    item_group, row  where the record goes, and what it holds so far; None outside of one
    columns          of the item group, by ItemOID
    item             column of the item at hand
    transaction      of the item group; own: of its items that have their own, by column
    element, broken  of an item whose text is its content; whether it has elements within
    """

    item_group: ItemGroup | None = None
    row: Row | None = None
    transaction: str | None = None
    item = ""
    element = ""
    broken = False
    columns: Mapping[str, str]
    own: dict[str, str]

    def start_item(self, pairs: Pairs) -> None:
        """An item: nearly all are new and say nothing but their value, in this order."""
        row = self.row
        if row is None:
            return
        if len(pairs) == 4:
            column = self.columns.get(pairs[1])
            usual = pairs[0] == "ItemOID" and pairs[2] == "Value"
            if usual and column is not None and column not in row:
                row[column] = pairs[3]
                self.item = column
                return
        self._item(attributes_of(pairs))

    def _item(self, attributes: Attributes) -> None:
        """An item that is new, a duplicate, or says more than its value."""
        oid = self.required(attributes, "ItemOID", "ItemData")
        if not self._beside_value(oid, attributes):
            return
        if attributes.get("IsNull") == "Yes":
            self._null(oid, attributes.get("Value", ""))
        elif "Value" in attributes:
            self._value(oid, attributes["Value"])
        else:
            self._content(oid, ITEM)

    def _null(self, oid: str, value: str) -> None:
        """An item that is said to have no value; a value beside that is not taken, and reported."""
        self._value(oid, None)
        if value.strip():
            is_null = f"{oid} is said to be null (IsNull) and has a value"
            self._issue("RAW-ODM-NULL", "error", f"{is_null}; left out: {shown(value)}")

    def _beside_value(self, oid: str, attributes: Attributes) -> bool:
        """Take what an item says beside its value; whether the value counts."""
        item_group, row = self.item_group, self.row
        if item_group is None or row is None:
            return False
        said = self.context.attributes("ItemData", attributes, self.at)
        self.item = item_group.column(oid)
        if TRANSACTION in said:
            self.own[self.item] = said[TRANSACTION]
        if said.get(TRANSACTION) == REMOVE:
            value = shown(attributes.get("Value", row.pop(self.item, "") or ""))
            message = f"the file says that {oid} is removed; left out: {value}"
            self._issue("RAW-ODM-REMOVED-ITEM", "warning", message)
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
        if self.item_group is not None and self.row is not None:
            column = f"{self.item}/{name}"
            self.item_group.item_attributes[column] = None
            self.row[column] = value

    def _value(self, oid: str, value: str | None) -> None:
        item_group, row = self.item_group, self.row
        if item_group is None or row is None:
            return
        self.item = column = item_group.column(oid)
        if column not in row:
            row[column] = value
            return
        again, first = (value or "").strip(), (row[column] or "").strip()
        if again != first:
            message = f"{oid} is a duplicate in this record; left out: {shown(again)}"
            self._issue("RAW-REPEATED-ITEM", "error", message)

    def _issue(self, rule: str, severity: str, message: str) -> None:
        """Say something of the item at hand."""
        if self.item_group is not None:
            at = len(self.item_group.lines)
            self.item_group.issues.append(RecordIssue(rule, severity, message, at, self.item))

    # ---------------------------------------------------------------- values that are replaced
    def _note_replacements(self, item_group: ItemGroup, row: Row) -> None:
        """Say which values of the item group at hand take the place of those before them."""
        removed = {column for column, transaction in self.own.items() if transaction == REMOVE}
        for name in item_group.item_attributes:
            if name.rpartition("/")[0] in removed:
                removed.add(name)
        part = len(item_group.lines)
        for column in sorted({*row, *removed} - {KEY, OWNER}):
            if column in removed or self._replaces(column):
                parts = item_group.replacements.setdefault(column, {})
                parts[part] = column in removed

    def _replaces(self, column: str) -> bool:
        """Whether the item of a column, or the item group, takes the place of what was before."""
        item = column
        if column not in self.own:
            item = column.rpartition("/")[0]
        return self.own.get(item, self.transaction) in REPLACING

    # ---------------------------------------------------------------- text that is content
    def _content(self, oid: str, element: str) -> None:
        self.typed, self.element, self.broken, self.text = oid, element, False, []
        self.parser.StartElementHandler = self._start_in_content
        self.parser.CharacterDataHandler = self.text.append

    def _start_in_content(self, name: str, _pairs: Pairs) -> None:
        self.broken = True
        self.context.unread(self.context.name(name), self.at)
        self.pass_over(self.comments)

    def _end_content(self) -> None:
        oid, text = self.typed or "", "".join(self.text)
        refused = self.broken and (self.element != ITEM or bool(text.strip()))
        self.typed = None
        self.resume()
        if not refused:
            self._value(oid, text)
            return
        self._value(oid, None)
        unknown = f"{oid} has elements within its text, so the value is not known"
        self._issue("RAW-ODM-CONTENT", "error", f"{unknown}; left out: {shown(text.strip())}")
