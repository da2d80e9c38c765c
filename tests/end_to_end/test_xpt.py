"""The transport files, read by a program that is not ours, are what the specs say."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pyreadstat
import pytest

from ivig_cdisc import Summary

Tables = dict[str, tuple[pd.DataFrame, Any]]
ORPHAN = "NTR6160-04-099"  # is in the laboratory file, and nowhere else


@pytest.fixture(scope="module")
def plain(converted: Summary) -> dict[str, pd.DataFrame]:
    """Dates as numbers, so that columns without any date compare too."""
    files = sorted(converted.out.glob("*/*.xpt"))
    return {
        p.stem.upper(): pyreadstat.read_xport(str(p), disable_datetime_conversion=True)[0]
        for p in files
    }


def test_all_datasets_are_there(converted: Summary, tables: Tables) -> None:
    """Each dataset of the study is a file in the folder of its standard, unless it has no records."""
    written = {
        dataset.name: dataset for dataset in converted.study.datasets if not dataset.internal
    }
    assert tables.keys() == converted.rows.keys() <= written.keys()
    folders = {"SDTM": "sdtm", "ADaM": "adam"}
    paths = {path.relative_to(converted.out).as_posix() for path in converted.out.glob("*/*.xpt")}
    assert paths == {f"{folders[written[name].standard]}/{name.lower()}.xpt" for name in tables}
    assert {name: len(frame) for name, (frame, _) in tables.items()} == converted.rows


def test_columns_are_those_of_the_specs(converted: Summary, tables: Tables) -> None:
    """Order, label, type and length of each variable, as its data want it; name and label of each dataset."""
    for name, (_, said) in tables.items():
        spec = converted.study.dataset(name)
        variables = [spec.variable(column) for column in spec.columns]
        assert (said.table_name, said.file_label) == (name, spec.label)
        assert said.column_names == [v.name for v in variables], name
        assert said.column_labels == [v.label for v in variables], name
        kinds = {"Char": "string", "Num": "double"}
        assert {v.name: kinds[v.type] for v in variables} == said.readstat_variable_types, name
        for variable in variables:
            width = 8
            if variable.type == "Char":
                width = longest(variable.name, name, tables)
            assert said.variable_storage_width[variable.name] == width, (name, variable.name)


def longest(variable: str, name: str, tables: Tables) -> int:
    """Bytes of the longest value in all datasets that have the variable.

    What a SUPP-- does not share with its parent has the length of its own values.
    """
    parent = tables.get(name.removeprefix("SUPP"), tables[name])[0]
    having = [frame for frame, _ in tables.values() if variable in frame]
    if variable not in parent:
        having = [tables[name][0]]
    lengths = [1, *(frame[variable].map(len).max() for frame in having if len(frame))]
    return max(lengths)


def test_names_and_labels_fit_version_5(tables: Tables) -> None:
    for name, (_, said) in tables.items():
        assert len(said.file_label) <= 40, name
        for column, label in zip(said.column_names, said.column_labels, strict=True):
            assert len(column) <= 8, column
            assert column.isascii(), column
            assert 0 < len(label) <= 40, column
            assert label.isascii(), column
            assert said.variable_storage_width[column] <= 200, column


def test_all_is_ascii(tables: Tables) -> None:
    for name, (frame, said) in tables.items():
        for column in (c for c, kind in said.readstat_variable_types.items() if kind == "string"):
            text = "".join(frame[column])
            assert text.isascii(), f"{name}.{column}"
            assert text.isprintable(), f"{name}.{column}"
            assert frame[column].str.len().max() <= said.variable_storage_width[column], (
                f"{name}.{column}"
            )


def test_no_text_begins_with_a_blank(tables: Tables) -> None:
    for name, (frame, said) in tables.items():
        for column in (c for c, kind in said.readstat_variable_types.items() if kind == "string"):
            assert not frame[column].str.startswith(" ").any(), f"{name}.{column}"


def test_sorted_by_keys(converted: Summary, plain: dict[str, pd.DataFrame]) -> None:
    """Missing comes first, as SAS sorts; upper case before lower case."""
    for name, frame in plain.items():
        keys = list(converted.study.dataset(name).keys)
        assert set(keys) <= set(frame), name
        ordered = frame.sort_values(keys, kind="stable", na_position="first")
        assert list(ordered.index) == list(frame.index), name


def test_keys_are_unique(converted: Summary, plain: dict[str, pd.DataFrame]) -> None:
    for name, frame in plain.items():
        keys = list(converted.study.dataset(name).keys)
        twice = frame[frame.duplicated(keys, keep=False)]
        assert twice.empty, f"{name}:\n{twice[keys].to_string()}"


def test_sequence_numbers(plain: dict[str, pd.DataFrame]) -> None:
    """1, 2, 3 ... within each subject, in the order of the records."""
    found = set()
    for name, frame in plain.items():
        if "USUBJID" not in frame:
            continue
        for column in {f"{name}SEQ", "ASEQ"} & set(frame):
            expected = frame.groupby("USUBJID").cumcount() + 1
            assert frame[column].tolist() == expected.tolist(), f"{name}.{column}"
            found.add(name)
    assert found >= {"AE", "CM", "DS", "EX", "LB", "MH", "MK", "QS", "RS", "VS", "ADTIS"}


def test_one_study_and_one_domain(plain: dict[str, pd.DataFrame]) -> None:
    for name, frame in plain.items():
        assert set(frame["STUDYID"]) == {"NTR6160"}, name
        if "DOMAIN" in frame:
            assert set(frame["DOMAIN"]) == {name}


def test_subjects_are_in_dm(plain: dict[str, pd.DataFrame]) -> None:
    known = set(plain["DM"]["USUBJID"])
    strange = {
        (name, subject)
        for name, f in plain.items()
        if "USUBJID" in f
        for subject in set(f["USUBJID"]) - known
    }
    assert strange == {("LB", ORPHAN)}
    assert plain["DM"]["USUBJID"].is_unique
    assert list(plain["ADSL"]["USUBJID"]) == list(plain["DM"]["USUBJID"])


def test_supplements_belong_to_records(plain: dict[str, pd.DataFrame]) -> None:
    supplements = [name for name in plain if name.startswith("SUPP")]
    assert supplements
    for name in supplements:
        frame = plain[name]
        (parent,) = set(frame["RDOMAIN"])
        assert name == f"SUPP{parent}"
        assert frame["QVAL"].ne("").all(), name
        if parent == "DM":
            assert frame["IDVAR"].eq("").all()
            continue
        assert set(frame["IDVAR"]) == {f"{parent}SEQ"}
        records = plain[parent]
        known = set(zip(records["USUBJID"], records[f"{parent}SEQ"].astype(int).astype(str)))
        assert set(zip(frame["USUBJID"], frame["IDVARVAL"])) <= known, name


def test_sources_of_analysis_records(plain: dict[str, pd.DataFrame]) -> None:
    """SRCDOM, SRCVAR and SRCSEQ of ADTIS lead to one record, which has the value."""
    analysis = plain["ADTIS"]
    collected = analysis[analysis["PARAMCD"].isin(["PGA", "PTGA", "MMT8", "HAQDI", "EXTRA"])]
    assert len(collected)
    for record in collected.itertuples():
        source = plain[record.SRCDOM]
        row = source[
            (source["USUBJID"] == record.USUBJID) & (source[f"{record.SRCDOM}SEQ"] == record.SRCSEQ)
        ]
        assert len(row) == 1
        assert float(row[record.SRCVAR].iloc[0]) == record.AVAL
