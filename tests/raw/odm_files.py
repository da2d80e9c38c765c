"""Small ODM files, the study they are of, and what is read of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import quoteattr

from ivig_cdisc.metadata import Column, Form, Intake, Place, Study
from ivig_cdisc.metadata.layout import Odm
from ivig_cdisc.raw import Raw
from ivig_cdisc.raw import read as read_export

PLACE = Place(file=Path("study.yaml"), line=1)
OPEN = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<ODM xmlns="http://www.cdisc.org/ns/odm/v1.3" xmlns:v="http://v" FileType="Snapshot">\n'
)
DM = '<ItemGroupData ItemGroupOID="dm"><ItemData ItemOID="dm.sex" Value="F"/></ItemGroupData>'


def form(name: str, *columns: str, required: bool = False) -> Form:
    fields = {column: Column() for column in ("subject_id", *columns)}
    return Form(
        name=name, file=f"{name}.csv", required=required, key=(), columns=fields, place=PLACE
    )


def a_study(**odm: object) -> Study:
    """Subjects, vital signs by visit, and events."""
    intake = Intake(subject="subject_id", subjects="dm", odm=Odm(**odm))
    forms = [
        form("dm", "site", "sex"),
        form("vs", "visit", "visit_no", "weight", "unit", "pulse"),
        form("ae", "term"),
    ]
    return Study(
        id="T",
        title="A trial",
        cutoff="2024-01-01",
        folder=Path(),
        standards={},
        intake=intake,
        forms={one.name: one for one in forms},
        terms={},
        facts={},
        codelists={},
        datasets=(),
    )


def read_lines(folder: Path, lines: Sequence[str], **odm: object) -> Raw:
    """A file with these lines from its third on, read."""
    path = folder / "study.xml"
    path.write_text(OPEN + "\n".join(lines) + "\n</ODM>\n", "utf-8")
    return read_export(path, a_study(**odm))


def clinical(*content: str, study: str = "S") -> str:
    return (
        f'<ClinicalData StudyOID="{study}" MetaDataVersionOID="1">\n'
        + "\n".join(content)
        + "\n</ClinicalData>"
    )


def subject(*content: str, key: str = "1", more: str = "") -> str:
    return f'<SubjectData SubjectKey="{key}"{more}>\n' + "\n".join(content) + "\n</SubjectData>"


def event(oid: str, *content: str, more: str = "") -> str:
    return (
        f'<StudyEventData StudyEventOID="{oid}"{more}>\n'
        + "\n".join(content)
        + "\n</StudyEventData>"
    )


def group(oid: str, items: Mapping[str, str], more: str = "") -> str:
    inside = "".join(
        f'<ItemData ItemOID="{oid}.{name}" Value={quoteattr(value)}/>'
        for name, value in items.items()
    )
    return f'<ItemGroupData ItemGroupOID="{oid}"{more}>{inside}</ItemGroupData>'


def records(raw: Raw, name: str, *columns: str) -> list[tuple[object, ...]]:
    """Cells of these columns with the line, in the order of the file, None for missing."""
    frame = raw.forms[name][list(columns)].sort_index().reset_index().astype(object)
    return list(frame.where(frame.notna(), None).itertuples(index=False, name=None))


def told(raw: Raw, *but: str) -> list[tuple[object, ...]]:
    """Severity, rule, line and message of findings other than on what is absent."""
    quiet = {"RAW-ABSENT-ITEM", "RAW-OPTIONAL-ABSENT", *but}
    found = raw.findings[["severity", "rule", "line", "message"]].astype({"line": object})
    return [row for row in found.itertuples(index=False, name=None) if row[1] not in quiet]
