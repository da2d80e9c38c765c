"""What the metadata of an ODM file say: the items of a form, and how units are written."""

from __future__ import annotations

from collections.abc import Callable

from .odm_context import Attributes
from .odm_item_group import ItemGroup

Required = Callable[[Attributes, str, str], str]  # attributes, name, element


class Metadata:
    """Forms that are declared, and units; filled by the events of the parser."""

    def __init__(self, item_group_of: Callable[[str], ItemGroup], required: Required) -> None:
        self.item_group_of, self.required = item_group_of, required
        self.units: dict[tuple[str, str], str] = {}  # study and OID: how the unit is written
        self.study = ""  # whose metadata these are
        self.unit = ""  # which is being defined
        self.written: set[tuple[str, str]] = set()  # units whose symbol is known
        self.declaring: ItemGroup | None = None  # form whose items are being declared

    # ---- units
    def start_study(self, attributes: Attributes) -> None:
        self.study = attributes.get("OID", "")

    def start_unit(self, attributes: Attributes) -> None:
        self.unit = self.required(attributes, "OID", "MeasurementUnit")
        self.units[self.study, self.unit] = attributes.get("Name", self.unit)

    def end_unit(self) -> None:
        self.unit = ""

    def symbol(self, text: str) -> None:
        """The text of a unit's symbol; in several languages the first."""
        unit = (self.study, self.unit)
        if text.strip() and unit not in self.written:
            self.written.add(unit)
            self.units[unit] = text.strip()

    # ---- forms
    def start_group(self, attributes: Attributes) -> None:
        self.declaring = self.item_group_of(self.required(attributes, "OID", "ItemGroupDef"))
        self.declaring.declared = True

    def start_item(self, attributes: Attributes) -> None:
        if self.declaring:
            self.declaring.column(self.required(attributes, "ItemOID", "ItemRef"))

    def end_group(self) -> None:
        self.declaring = None
