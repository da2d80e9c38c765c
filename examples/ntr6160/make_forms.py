"""Write the raw export of a study in two other forms: one ODM-XML 1.3.2 file, one REDCap CSV file.

The content is that of the folder with one CSV file per form, to the last blank and quotation mark;
the same bytes on each run:

    python make_forms.py            reads raw/; writes odm/ntr6160.xml and redcap/ntr6160.csv here
    python make_forms.py RAW OUT    reads RAW; writes OUT/odm/ntr6160.xml, OUT/redcap/ntr6160.csv
"""

from __future__ import annotations

import argparse
import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, TextIO
from xml.sax.saxutils import quoteattr

NAME = "ntr6160"
SUBJECT = "subject_id"
# forms that a subject has once; in REDCap all others are repeating instruments
ONCE = ("subjects", "end_of_study")
EVENT = "study_arm_1"
OWN = ("record_id", "redcap_event_name", "redcap_repeat_instrument", "redcap_repeat_instance")
LONGEST = 200  # characters of a text item, as the metadata of the ODM file have it


class Table(NamedTuple):
    """One form as it was collected."""

    columns: Sequence[str]
    rows: Sequence[Sequence[str]]


Tables = Mapping[str, Table]


# ---------------------------------------------------------------- the folder
def read_folder(folder: Path) -> dict[str, Table]:
    """All forms of a folder, in the order of their names."""
    return {path.stem: read_form(path) for path in sorted(folder.glob("*.csv"))}


def read_form(path: Path) -> Table:
    """One form: UTF-8 or Windows-1252, any line end, semicolons."""
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252")
    lines = io.StringIO(text.replace("\r\n", "\n").replace("\r", "\n"), newline="\n")
    columns, *rows = (row for row in csv.reader(lines, delimiter=";") if row)
    return Table(columns, rows)


def by_subject(tables: Tables) -> Iterator[tuple[str, dict[str, list[dict[str, str]]]]]:
    """For each subject, those of the first form first, its records of each form in their order."""
    found: dict[str, dict[str, list[dict[str, str]]]] = {}
    for form in sorted(tables, key=lambda name: name not in ONCE):
        columns, rows = tables[form]
        for row in rows:
            record = dict(zip(columns, row, strict=True))
            found.setdefault(record.pop(SUBJECT), {}).setdefault(form, []).append(record)
    return iter(found.items())


# ---------------------------------------------------------------- ODM
def write_odm(path: Path, tables: Tables) -> None:
    """Write ODM-XML 1.3.2: an item group for each record, an item for each cell with content."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write('<?xml version="1.0" encoding="UTF-8"?>\n')
        file.write(
            '<ODM xmlns="http://www.cdisc.org/ns/odm/v1.3" ODMVersion="1.3.2" FileType="Snapshot"'
        )
        file.write(f' FileOID="{NAME}" CreationDateTime="2020-12-31T00:00:00+00:00">\n')
        write_metadata(file, tables)
        file.write(f'  <ClinicalData StudyOID="{NAME}" MetaDataVersionOID="1">\n')
        for subject, forms in by_subject(tables):
            write_subject(file, subject, forms)
        file.write("  </ClinicalData>\n</ODM>\n")


def write_metadata(file: TextIO, tables: Tables) -> None:
    """Write which forms and items there are; all are text, as collected."""
    name = NAME.upper()
    file.write(
        f'  <Study OID="{NAME}">\n    <GlobalVariables>\n      <StudyName>{name}</StudyName>\n'
    )
    file.write("      <StudyDescription>Synthetic data</StudyDescription>\n")
    file.write(f"      <ProtocolName>{name}</ProtocolName>\n    </GlobalVariables>\n")
    file.write('    <MetaDataVersion OID="1" Name="As collected">\n')
    file.write('      <StudyEventDef OID="study" Name="Study" Repeating="No" Type="Common">\n')
    file.writelines(f'        <FormRef FormOID="{form}" Mandatory="No"/>\n' for form in tables)
    file.write("      </StudyEventDef>\n")
    for form in tables:
        file.write(f'      <FormDef OID="{form}" Name="{form}" Repeating="No">\n')
        file.write(f'        <ItemGroupRef ItemGroupOID="{form}" Mandatory="No"/>\n')
        file.write("      </FormDef>\n")
    for form, table in tables.items():
        file.write(f'      <ItemGroupDef OID="{form}" Name="{form}" Repeating="Yes">\n')
        file.writelines(
            f'        <ItemRef ItemOID="{form}.{column}" Mandatory="No"/>\n'
            for column in items(table)
        )
        file.write("      </ItemGroupDef>\n")
    for form, table in tables.items():
        for column in items(table):
            file.write(f'      <ItemDef OID="{form}.{column}" Name="{column}"')
            file.write(f' DataType="text" Length="{LONGEST}"/>\n')
    file.write("    </MetaDataVersion>\n  </Study>\n")


def items(table: Table) -> list[str]:
    """The columns but that of the subject, which is the SubjectKey."""
    return [column for column in table.columns if column != SUBJECT]


def write_subject(file: TextIO, subject: str, forms: Mapping[str, list[dict[str, str]]]) -> None:
    """Write all records of one subject."""
    file.write(f"    <SubjectData SubjectKey={quoteattr(subject)}>\n")
    file.write('      <StudyEventData StudyEventOID="study">\n')
    for form, records in forms.items():
        file.write(f'        <FormData FormOID="{form}">\n')
        for number, record in enumerate(records, 1):
            write_record(file, form, number, record)
        file.write("        </FormData>\n")
    file.write("      </StudyEventData>\n    </SubjectData>\n")


def write_record(file: TextIO, form: str, number: int, record: Mapping[str, str]) -> None:
    """Write one item group."""
    keys = f'ItemGroupOID="{form}" ItemGroupRepeatKey="{number}"'
    file.write(f"          <ItemGroupData {keys}>\n")
    for column, value in record.items():
        if value:
            item = f'ItemOID="{form}.{column}" Value={quoteattr(value)}'
            file.write(f"            <ItemData {item}/>\n")
    file.write("          </ItemGroupData>\n")


# ---------------------------------------------------------------- REDCap
def write_redcap(path: Path, tables: Tables) -> None:
    """Write a REDCap export: what a subject has once in one row, then a row for each instance."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fields: list[str] = []
    for form, table in tables.items():
        fields += [f"{form}_{column}" for column in items(table)]
    with path.open("w", encoding="utf-8", newline="\n") as file:
        writer = csv.DictWriter(file, [*OWN, *fields], restval="", lineterminator="\n")
        writer.writeheader()
        for subject, forms in by_subject(tables):
            writer.writerows(redcap_rows(subject, forms))


def redcap_rows(
    subject: str, forms: Mapping[str, list[dict[str, str]]]
) -> Iterator[dict[str, str]]:
    """The rows of one subject."""
    own = {"record_id": subject, "redcap_event_name": EVENT}
    single: dict[str, str] = {}
    for form in ONCE:
        records = forms.get(form, [])
        if len(records) == 1 and any(records[0].values()):
            single |= prefixed(form, records[0])
            forms = {name: forms[name] for name in forms if name != form}
    if single:
        yield own | single
    for form, records in forms.items():
        for number, record in enumerate(records, 1):
            repeat = {"redcap_repeat_instrument": form, "redcap_repeat_instance": str(number)}
            yield own | repeat | prefixed(form, record)


def prefixed(form: str, record: Mapping[str, str]) -> dict[str, str]:
    """The fields of one record; their names are unique in the project."""
    return {f"{form}_{column}": value for column, value in record.items()}


def main() -> None:
    """The command line."""
    here = Path(__file__).resolve().parent
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("raw", type=Path, nargs="?", default=here / "raw")
    parser.add_argument("out", type=Path, nargs="?", default=here)
    given = parser.parse_args()
    tables = read_folder(given.raw)
    write_odm(given.out / "odm" / f"{NAME}.xml", tables)
    write_redcap(given.out / "redcap" / f"{NAME}.csv", tables)


if __name__ == "__main__":
    main()
