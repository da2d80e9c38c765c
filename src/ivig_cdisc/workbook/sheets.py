"""The sheets of the workbook: one description of each drives writing and reading."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from ..metadata.tables import CSV_FILE
from .cells import (
    AS_IS,
    CODELIST,
    CONDITION,
    DAY,
    ENTRIES,
    FLAG,
    KEPT,
    LENGTH,
    NAMES,
    TEXT,
    WHOLE_NUMBER,
    YAML,
    Kind,
    one_of,
)

Row = dict[str, Any]  # column: value; an empty cell is absent
Rows = dict[str, list[Row]]  # by sheet


@dataclass(frozen=True)
class Column:
    """One column of a sheet.

    What its cells hold, whether they are read or only for the reader, whether each row has one.
    """

    name: str
    kind: Kind = TEXT
    is_read: bool = True
    width: int = 14
    needed: bool = False


def shown(name: str, width: int = 14) -> Column:
    """A column for the reader only."""
    return Column(name, is_read=False, width=width)


def needed(name: str, width: int = 14, kind: Kind = TEXT) -> Column:
    """A column that is filled in every row."""
    return Column(name, kind, width=width, needed=True)


PLACE = re.compile(r"(study|waivers|narrative|(sdtm|adam|rules|results)/[\w-]+)\.yaml")


def _place(cell: str) -> str:
    if not PLACE.fullmatch(cell):
        known = "study.yaml, waivers.yaml, narrative.yaml, or a file as sdtm/vs.yaml"
        raise ValueError(f"is {known} in sdtm, adam, rules or results, not '{cell}'")
    return cell


def _csv_file(cell: str) -> str:
    if not CSV_FILE.fullmatch(cell):
        raise ValueError(f"is the name of a CSV file beside study.yaml, not '{cell}'")
    return cell


FILE = needed("File", 20, Kind(str, _place))
ATTRIBUTES = (  # of a variable: column, word of the spec language
    (Column("Label", width=36), "label"),
    (Column("Data Type", one_of("Char", "Num"), width=10), "type"),
    (Column("Own Length", WHOLE_NUMBER, width=11), "length"),
    (Column("Format", width=11), "format"),
    (Column("Mandatory", one_of("Req", "Exp", "Perm", "Cond"), width=11), "core"),
    (Column("Codelist", CODELIST, width=16), "codelist"),
    (Column("Dictionary", width=12), "dictionary"),
    (Column("Range", NAMES, width=10), "range"),
)
AS_SAID = {"codelist": "codelist_said"}  # words whose attribute of a variable has another name
DESCRIBING = tuple(column for column, _ in ATTRIBUTES)
ORIGIN = (
    Column("Set Here", NAMES, width=16),
    shown("Length", 8),
    shown("Origin", 12),
    Column("Assigned Value", YAML, width=18),
    Column("Predecessor", width=20),
    Column("Method", width=22),
    Column("Where", CONDITION, width=30),
)
# columns of the sheet Methods of which one is filled, and the words of the YAML
METHOD = {"Function": "derive", "Expression": "compute", "Cases": "cases"}
QORIG = ("CRF", "eDT", "Assigned", "Derived", "Protocol", "Predecessor")
# attributes that the standard gives, too
CHANGED = ("label", "type", "format", "core", "codelist", "dictionary")
# parts whose variables follow from the sheet Datasets and the standard
FOLLOWING = ("shared", "keep", "expected")
SHEETS: dict[str, tuple[Column, ...]] = {
    "Study": (needed("Entry", 22), Column("Value", YAML, width=80)),
    "Datasets": (
        FILE,
        needed("Dataset", 12),
        Column("Label", width=34),
        shown("Class", 18),
        Column("Structure", one_of("ADSL", "BDS", "OCCDS", "TTE"), width=11),
        Column("Description", width=40),
        Column("Key Variables", NAMES, width=40),
        Column("Internal", FLAG, width=9),
        Column("Per", one_of("subject", "study"), width=8),
        Column("Transliterate", FLAG, width=13),
        Column("Shared", NAMES, width=40),
        Column("Keep", KEPT, width=30),
    ),
    "Variables": (
        FILE,
        shown("Order", 7),
        shown("Dataset", 12),
        needed("Variable", 14),
        Column("Part", one_of("variable", "working", *FOLLOWING), width=10),
        *DESCRIBING,
        *ORIGIN,
    ),
    "ValueLevel": (
        FILE,
        shown("Order", 7),
        shown("Dataset", 12),
        shown("Variable", 10),
        shown("Where Clause", 22),
        needed("QNAM", 12),
        *DESCRIBING,
        Column("Own Origin", one_of(*QORIG), width=12),
        Column("Evaluator", width=16),
        *ORIGIN,
    ),
    "WhereClauses": (
        shown("ID", 22),
        shown("Dataset", 12),
        shown("Variable", 12),
        shown("Comparator", 12),
        shown("Value"),
    ),
    "Codelists": (
        needed("ID", 16),
        Column("Name", width=34),
        Column("Extensible", FLAG, width=11),
        needed("Set by", 8, one_of("study", "CDISC")),
        Column("Term", width=44),
        shown("NCI Term Code", 14),
    ),
    "Methods": (
        needed("ID", 24),
        shown("Type", 13),
        shown("Description", 70),
        Column("Function", width=22),
        Column("From", ENTRIES, width=50),
        Column("With", ENTRIES, width=50),
        Column("Expression", width=40),
        Column("Cases", YAML, width=60),
        Column("Together", NAMES, width=24),
    ),
    "Rows": (
        FILE,
        needed("Step", 7, WHOLE_NUMBER),
        shown("Verb", 11),
        needed("Definition", 110, YAML),
    ),
    "Forms": (
        needed("Form", 20),
        Column("File", width=22),
        Column("Required", FLAG, width=10),
        Column("Key", NAMES, width=44),
        Column("Duplicates", one_of("keep", "first"), width=11),
        Column("Decimal", YAML, width=10),
        Column("Thousands", YAML, width=11),
        Column("Not Submitted", width=40),
    ),
    "Columns": (
        needed("Form", 20),
        needed("Column", 24),
        Column("Type", one_of("text", "code", "number", "result", "date", "time"), width=10),
        Column("Required", FLAG, width=10),
        Column("Terms", width=16),
        Column("Range", NAMES, width=12),
        Column("Format", width=24),
        Column("Decimal", YAML, width=10),
        Column("Thousands", YAML, width=11),
        Column("Not Submitted", width=40),
    ),
    "Terms": (
        needed("List", 18),
        Column("Collected Value", width=34),
        Column("Submission Value", width=44),
    ),
    "Lengths": (needed("Variable", 14), needed("Length", 9, LENGTH)),
    "Tables": (
        Column("Table", width=22),
        Column("File", Kind(str, _csv_file), width=22),
        Column("Row", ENTRIES, width=110),
    ),
    "Facts": (needed("Fact", 22), Column("Value", YAML, width=110)),
    "Rules": (
        FILE,
        needed("ID", 28),
        Column("Severity", one_of("error", "warning", "note"), width=10),
        needed("Dataset", 14, NAMES),
        Column("Where", CONDITION, width=30),
        Column("Join", YAML, width=40),
        Column("Check", width=16),
        Column("From", ENTRIES, width=30),
        Column("With", ENTRIES, width=24),
        Column("Variable", width=12),
        Column("Message", width=60),
    ),
    "Results": (
        FILE,
        needed("ID", 12),
        Column("Title", width=40),
        Column("Set", ENTRIES, width=40),
        Column("Data", ENTRIES, width=44),
        Column("Method", width=12),
        Column("Event", CONDITION, width=18),
        Column("Value", width=10),
        Column("By", NAMES, width=12),
        Column("Reason", width=24),
        Column("Purpose", width=28),
        Column("Order", WHOLE_NUMBER, width=8),
        Column("Follow", NAMES, width=14),
    ),
    "Narrative": (
        needed("Section", 20),
        Column("General", width=12),
        Column("Take", width=12),
        Column("Rows", YAML, width=60),
        Column("Working", ENTRIES, width=40),
        Column("Where", CONDITION, width=30),
        Column("By", width=10),
        Column("Order", NAMES, width=14),
        Column("Lists", ENTRIES, width=40),
        Column("Table", ENTRIES, width=60),
        Column("Says", YAML, width=100),
        Column("None", width=40),
        Column("Lead", FLAG, width=8),
    ),
    "Waivers": (
        Column("Fingerprint", width=20),
        Column("Rule", width=24),
        Column("Dataset", width=10),
        Column("Subject", width=14),
        Column("Key", width=40),
        Column("Variable", width=12),
        Column("Reason", width=50),
        Column("Who", width=22),
        Column("Date", DAY, width=12),
    ),
    "Comments": (
        FILE,
        Column("Entry", AS_IS, width=40),
        needed("Place", 9, one_of("above", "beside", "end")),
        Column("Comment", AS_IS, width=100),
    ),
}
SAID = {  # what a sheet holds, for the first one
    "Study": "What the study says once: identifiers, cut-off, how the export writes its files.",
    "Datasets": "One row per dataset. "
    "Label, description and keys are those of the standard unless changed here.",
    "Variables": "One row per variable. "
    "Attributes are those of the standard unless changed here; "
    "Set Here lists those that the study has changed. "
    "Length is what the standard and the sheet Lengths give, Own Length another one. "
    "Rows whose part is shared, keep or expected follow from Datasets and must stay; "
    "working are columns on the way.",
    "ValueLevel": "Supplemental qualifiers: QVAL of SUPP-- where QNAM is the variable.",
    "WhereClauses": "The conditions of ValueLevel; follows from it.",
    "Codelists": "Terms that the study adds (set by study), "
    "and the CDISC terms of its variables (not read).",
    "Methods": "How a variable is derived: a function, the columns it reads, and constants; "
    "or an expression; or cases, each with its condition. Together: all variables that it gives.",
    "Rows": "How the records of a dataset come about, step by step.",
    "Forms": "The raw forms: one file each.",
    "Columns": "The columns of the raw forms.",
    "Terms": "Collected values and what is submitted for them.",
    "Lengths": "Bytes of text variables where the study needs fewer than the standard allows, "
    "or data: as long as the longest value. Others are all variables that have no row.",
    "Tables": "Tables of the study, row by row. A row with table and file says where a table "
    "stands; one with a file alone is a row of that CSV file.",
    "Facts": "Facts that derivations use, such as visits and windows.",
    "Rules": "Rules of this study, beside those that hold for any.",
    "Results": "Results, and what the closing summary and the comparison of outputs show of them.",
    "Narrative": "What the narrative of a subject says, passage by passage, in this order.",
    "Waivers": "Findings that are left as they are.",
    "Comments": "Comments in the YAML files: above an entry, beside it, or at the end of the file.",
}
