"""Exports in other forms, written as the example writes them."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

EXAMPLE = Path(__file__).parents[2] / "examples" / "ntr6160"
SOURCES = {
    "csv": EXAMPLE / "raw",
    "odm": EXAMPLE / "odm" / "ntr6160.xml",
    "redcap": EXAMPLE / "redcap" / "ntr6160.csv",
}
NAMESPACE = "http://www.cdisc.org/ns/odm/v1.3"


def maker() -> ModuleType:
    """The script that writes the example in its other forms."""
    spec = importlib.util.spec_from_file_location("make_forms", EXAMPLE / "make_forms.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def odm(
    content: str, before: str = "", attributes: str = 'ODMVersion="1.3.2" FileType="Snapshot"'
) -> str:
    """An ODM file with these clinical data, from its third line on."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{before}\n<ODM xmlns="{NAMESPACE}" {attributes}><ClinicalData>\n'
        f"{content}\n</ClinicalData></ODM>\n"
    )


def subject(key: str, *groups: str) -> str:
    """All item groups of a subject, each on a line of its own; the first on the line of the subject."""
    return f'<SubjectData SubjectKey="{key}">' + "\n".join(groups) + "</SubjectData>"


def group(form: str, **items: str) -> str:
    """One item group, its items beside it."""
    inside = "".join(
        f'<ItemData ItemOID="{form}.{column}" Value="{value}"/>' for column, value in items.items()
    )
    return f'<ItemGroupData ItemGroupOID="{form}">{inside}</ItemGroupData>'
