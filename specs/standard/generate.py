"""Write the generated files of this folder from reference tables of the CDISC standards.

Usage: python generate.py --reference DIR [--out DIR]

DIR holds sdtmig34_datasets.csv, sdtmig34_variables.csv, sdtm20_model_variables.csv, sdtm_ct.csv.gz,
adam_ct.csv and ct_packages.csv. The same input gives the same bytes. Standard library only.
adam_variables.csv, adam_datasets.csv and subsets.csv are kept by hand and are not touched.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

Row = dict[str, str]

STANDARDS = {
    "SDTM": "2.0",
    "SDTMIG": "3.4",
    "SDTM CT": "2022-09-30",
    "ADaM": "2.1",
    "ADaMIG": "1.3",
    "OCCDS": "1.1",
    "BDS-TTE": "1.0",
    "ADaM CT": "2026-03-27",
}
CT_PACKAGES = {"SDTM CT": "sdtmct", "ADaM CT": "adamct"}

# Codelists that no variable links but a value selects: TSVAL by TSPARMCD, and the tests of a
# questionnaire by QSCAT.
BY_VALUE = {
    "C66735": "TSVAL where TSPARMCD is TBLIND",
    "C66736": "TSVAL where TSPARMCD is TINDTP",
    "C66737": "TSVAL where TSPARMCD is TPHASE",
    "C66739": "TSVAL where TSPARMCD is TTYPE",
    "C66785": "TSVAL where TSPARMCD is TCNTRL",
    "C99076": "TSVAL where TSPARMCD is INTMODEL",
    "C99077": "TSVAL where TSPARMCD is STYPE",
    "C99078": "TSVAL where TSPARMCD is INTTYPE",
    "C160923": "TSVAL where TSPARMCD is SDTMVER",
    "C160924": "TSVAL where TSPARMCD is SDTIGVER",
    "C106666": "QSTEST of HAQ-DI with pain VAS",
    "C106667": "QSTESTCD of HAQ-DI with pain VAS",
    "C132522": "QSTEST of HAQ-DI without pain VAS",
    "C132523": "QSTESTCD of HAQ-DI without pain VAS",
}

# Keys as the guide prints them name variables that their dataset does not have (COOTC, ISSCMBDL,
# ISSTOPO, RSPTPNUM, SVTERM), read here as the nearest variable that it has; SUPPQUAL's are not in
# the table.
KEYS = {
    "CO": "STUDYID, USUBJID, IDVAR, COREF, CODTC",
    "IS": "STUDYID, USUBJID, ISTESTCD, ISBDAGNT, ISMSCBCE, ISTSTOPO, VISITNUM",
    "RS": "STUDYID, USUBJID, RSTESTCD, VISITNUM, RSTPTREF, RSEVAL, RSTPTNUM, RSEVALID",
    "SUPPQUAL": "STUDYID, RDOMAIN, USUBJID, IDVAR, IDVARVAL, QNAM",
    "SV": "STUDYID, USUBJID, VISITNUM",
}

# Lengths. SDTMIG gives almost none, so these are conventions, in bytes; the first that fits counts:
# 1. the name of the variable, 2. codelist NY, 3. the name without its dataset prefix, 4. the ISO
# 8601 format, 5. the codelist: its longest term, where extensible at least EXTENSIBLE, 6. OTHER.
# Num is always 8.
NUMERIC, OTHER, EXTENSIBLE, LONGEST = 8, 200, 40, 200
BY_NAME = {
    "STUDYID": 20,
    "DOMAIN": 2,
    "RDOMAIN": 2,
    "USUBJID": 40,
    "RSUBJID": 40,
    "SUBJID": 20,
    "SITEID": 20,
    "INVID": 20,
    "POOLID": 20,
    "SPDEVID": 40,
    "NHOID": 40,
    "ARMCD": 20,
    "ACTARMCD": 20,
    "ETCD": 8,
    "COUNTRY": 3,  # ISO 3166 alpha-3
    "EPOCH": 40,
    "VISIT": 40,
    "IDVAR": 8,
    "IDVARVAL": 40,
    "RELID": 40,
    "QNAM": 8,
    "QLABEL": 40,
    "IETEST": 200,  # the one test name that may pass 40
    "TSVALNF": 4,  # ISO 21090 null flavor
}
NO_YES, FLAG = "C66742", 1  # Y, N and U; NA of the same codelist is not used
# Flags of which the guide says "Y or null", by variable or fragment; their codelist is in
# subsets.csv.
YES = "C66742Y"
YES_OR_NULL = ("DTHFL", "BLFL", "DRVFL", "LOBXFL", "PRESP")
BY_FRAGMENT = {
    "TESTCD": 8,
    "TEST": 40,
    "PARMCD": 8,
    "PARM": 40,
    "ORRES": 200,  # the codelist of a result does not hold its numbers
    "STRESC": 200,
    "GRPID": 40,
    "REFID": 40,
    "SPID": 40,
    "LNKID": 40,
    "LNKGRP": 40,
    "LOINC": 10,
}
BY_FORMAT = {
    "ISO 8601 datetime or interval": 19,
    "ISO 8601 duration": 20,
    "ISO 8601 duration or interval": 40,
}

# the classes whose domains may take variables of the model
OBSERVATIONS = ("Interventions", "Events", "Findings")
DATASET_COLUMNS = ("dataset", "label", "class", "structure", "keys")
VARIABLE_COLUMNS = (
    "dataset",
    "order",
    "variable",
    "label",
    "type",
    "length",
    "format",
    "codelist",
    "role",
    "core",
)
MODEL_COLUMNS = ("class", "order", "variable", "label", "type", "length", "role")
TERM_COLUMNS = ("release", "codelist", "codelist_name", "name", "extensible", "term_code", "term")
FILES = {
    "sdtm_datasets.csv": ("SDTM", "SDTMIG"),
    "sdtm_variables.csv": ("SDTM", "SDTMIG"),
    "sdtm_model.csv": ("SDTM",),
    "terminology.csv": ("SDTM CT", "ADaM CT"),
    "adam_datasets.csv": ("ADaM", "ADaMIG", "OCCDS", "BDS-TTE"),
    "adam_variables.csv": ("ADaM", "ADaMIG", "OCCDS", "BDS-TTE"),
    "subsets.csv": ("SDTM CT",),
}


@dataclass(frozen=True)
class CodelistSize:
    """What the length of a coded variable depends on."""

    longest: int
    extensible: bool


# ---------------------------------------------------------------- reading
def read(folder: Path, name: str) -> list[Row]:
    """Records of a reference table, gzipped or not."""
    data = (folder / name).read_bytes()
    if name.endswith(".gz"):
        data = gzip.decompress(data)
    return list(csv.DictReader(io.StringIO(data.decode("utf-8"), newline="")))


def split(cell: str, separator: str = ";") -> list[str]:
    return [part.strip() for part in cell.split(separator) if part.strip()]


def check_releases(packages: Sequence[Row]) -> None:
    """The terminology releases must be ones that CDISC published."""
    published = {row["package"] for row in packages}
    missing = {f"{CT_PACKAGES[ct]}-{STANDARDS[ct]}" for ct in CT_PACKAGES} - published
    if missing:
        message = f"not published: {', '.join(sorted(missing))}"
        raise SystemExit(message)


# ---------------------------------------------------------------- datasets and variables
def dataset(row: Row) -> tuple[str, ...]:
    keys = split(KEYS.get(row["domain"], row["keys"]), ",")
    return row["domain"], row["label"], row["class"], row["structure"], "; ".join(keys)


def sizes(terms: Sequence[Row]) -> dict[str, CodelistSize]:
    """The longest term of each codelist and whether a study may add to it."""
    found: dict[str, CodelistSize] = {}
    for term in terms:
        longest = len(term["submission_value"].encode())
        before = found.get(term["codelist_code"], CodelistSize(0, extensible=False))
        found[term["codelist_code"]] = CodelistSize(
            max(before.longest, longest), term["extensible"] == "Yes"
        )
    return found


def coded_length(codelists: Sequence[CodelistSize]) -> int:
    """The bytes of the longest term, and some more where a study may add terms."""
    if not codelists:
        return OTHER
    longest = max(codelist.longest for codelist in codelists)
    if any(codelist.extensible for codelist in codelists):
        longest = max(longest, EXTENSIBLE)
    return min(max(longest, 1), LONGEST)


def length(row: Row, codelists: dict[str, CodelistSize]) -> int:
    """Bytes of a variable by the conventions above."""
    if row["type"] == "Num":
        return NUMERIC
    codes = split(row["codelist_codes"])
    fragment = row["variable"].removeprefix(row["domain"])
    if row["variable"] in BY_NAME:
        return BY_NAME[row["variable"]]
    if codes == [NO_YES]:
        return FLAG
    if fragment in BY_FRAGMENT:
        return BY_FRAGMENT[fragment]
    if row["format_or_dictionary"] in BY_FORMAT:
        return BY_FORMAT[row["format_or_dictionary"]]
    return coded_length([codelists[code] for code in codes])


def codelists_of(row: Row) -> list[str]:
    """The codelists of a variable; of one that is Y or null the one of Y alone."""
    codes = split(row["codelist_codes"])
    names = {row["variable"], row["variable"].removeprefix(row["domain"])}
    if codes == [NO_YES] and names & set(YES_OR_NULL):
        return [YES]
    return codes


def variable(row: Row, codelists: dict[str, CodelistSize]) -> tuple[str, ...]:
    return (
        row["domain"],
        row["order"],
        row["variable"],
        row["label"],
        row["type"],
        str(length(row, codelists)),
        row["format_or_dictionary"],
        "; ".join(codelists_of(row)),
        row["role"],
        row["core"],
    )


def model(rows: Sequence[Row]) -> Iterator[tuple[str, ...]]:
    """Variables of each general observation class: identifiers, those of the class, timing."""
    general = [row for row in rows if row["class"] == "General Observations"]
    identifiers = [row for row in general if row["role"] == "Identifier"]
    timing = [row for row in general if row["role"] == "Timing"]
    for name in OBSERVATIONS:
        own = [row for row in rows if row["class"] == name]
        for order, row in enumerate([*identifiers, *own, *timing], start=1):
            yield (
                name,
                str(order),
                row["variable"],
                row["label"],
                row["type"],
                str(model_length(row)),
                row["role"],
            )


def model_length(row: Row) -> int:
    """Bytes of a variable of the model, which names neither codelists nor formats."""
    if row["type"] == "Num":
        return NUMERIC
    fragment = row["variable"].removeprefix("--")
    if row["variable"] in BY_NAME:
        return BY_NAME[row["variable"]]
    if fragment in BY_FRAGMENT:
        return BY_FRAGMENT[fragment]
    if row["variable"].endswith("DTC"):
        return BY_FORMAT["ISO 8601 datetime or interval"]
    return OTHER


# ---------------------------------------------------------------- terminology
def linked_codelists(variables: Iterable[Row]) -> set[str]:
    """Codelists of which a variable takes its terms."""
    linked = set(BY_VALUE)
    for row in variables:
        linked.update(split(row["codelist_codes"]))
    return linked


def term(row: Row, release: str) -> tuple[str, ...]:
    return (
        f"{release} {STANDARDS[release]}",
        row["codelist_code"],
        row["codelist_submission_value"],
        row["codelist_name"],
        row["extensible"],
        row["term_code"],
        row["submission_value"],
    )


def terminology(
    sdtm: Iterable[Row], adam: Iterable[Row], codelists: set[str]
) -> list[tuple[str, ...]]:
    """All of ADaM CT and the linked codelists of SDTM CT, sorted by release, codelist and term."""
    rows = [term(row, "ADaM CT") for row in adam]
    rows += [term(row, "SDTM CT") for row in sdtm if row["codelist_code"] in codelists]
    return sorted(rows, key=lambda row: (row[0], row[1], row[-1], row[-2]))


# ---------------------------------------------------------------- writing
def write_csv(path: Path, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    path.write_bytes(text.getvalue().encode("utf-8"))


def write_releases(path: Path) -> None:
    lines = ["# Generated by generate.py; do not edit.", "standards:"]
    lines += [f'  {name}: "{version}"' for name, version in STANDARDS.items()]
    lines += ["files:"]
    lines += [f"  {name}: [{', '.join(standards)}]" for name, standards in FILES.items()]
    path.write_bytes(("\n".join(lines) + "\n").encode("utf-8"))


def generate(reference: Path, out: Path) -> None:
    """Write the generated files to `out`."""
    check_releases(read(reference, "ct_packages.csv"))
    datasets = read(reference, "sdtmig34_datasets.csv")
    variables = read(reference, "sdtmig34_variables.csv")
    of_model = read(reference, "sdtm20_model_variables.csv")
    sdtm_ct, adam_ct = read(reference, "sdtm_ct.csv.gz"), read(reference, "adam_ct.csv")
    lengths = sizes(sdtm_ct)
    terms = terminology(sdtm_ct, adam_ct, linked_codelists(variables))
    out.mkdir(parents=True, exist_ok=True)
    write_csv(out / "sdtm_datasets.csv", DATASET_COLUMNS, map(dataset, datasets))
    rows = [variable(row, lengths) for row in variables]
    write_csv(out / "sdtm_variables.csv", VARIABLE_COLUMNS, rows)
    write_csv(out / "sdtm_model.csv", MODEL_COLUMNS, model(of_model))
    write_csv(out / "terminology.csv", TERM_COLUMNS, terms)
    write_releases(out / "releases.yaml")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument(
        "--reference", type=Path, required=True, help="folder with the reference tables"
    )
    parser.add_argument(
        "--out", type=Path, default=Path(__file__).parent, help="folder to write to"
    )
    arguments = parser.parse_args()
    generate(arguments.reference, arguments.out)


if __name__ == "__main__":
    main()
