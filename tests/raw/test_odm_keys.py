"""What an ODM file says of its records besides their items: keys, units, sites and studies."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ivig_cdisc.errors import RawError
from ivig_cdisc.raw import Raw, add_verbatim

from .odm_files import DM, a_study, clinical, event, group, read_lines, records, subject, told

Read = Callable[..., Raw]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    return lambda *lines, **odm: read_lines(tmp_path, lines, **odm)


# ---------------------------------------------------------------- a snapshot as vendors write it
UNITS = """<Study OID="S"><BasicDefinitions>
<MeasurementUnit OID="MU.KG" Name="kilogram"><Symbol><TranslatedText>kg</TranslatedText></Symbol></MeasurementUnit>
<MeasurementUnit OID="MU.LB" Name="lb"/></BasicDefinitions></Study>"""


def weight(value: str, unit: str) -> str:
    unit_ref = f'<MeasurementUnitRef MeasurementUnitOID="{unit}"/>'
    return f'<ItemData ItemOID="IT.WT" Value="{value}">{unit_ref}</ItemData>'


def vital(sections: str, repeat: str = "") -> str:
    return f'<FormData FormOID="VS"{repeat} v:Page="p">\n{sections}\n</FormData>'


def sections(value: str, unit: str, pulse: str, repeat: str = "") -> str:
    first = f'<ItemGroupData ItemGroupOID="VS.1"{repeat}>{weight(value, unit)}</ItemGroupData>'
    second = f'<ItemGroupData ItemGroupOID="VS.2"{repeat}><ItemData ItemOID="IT.HR" Value="{pulse}"/></ItemGroupData>'
    return f"{first}\n{second}"


SNAPSHOT = (
    UNITS,  # lines 3 to 5
    clinical(
        subject(
            '<SiteRef LocationOID="101"/>',
            event(
                "SE.SCR",
                f'<FormData FormOID="DM">{DM}</FormData>',
                vital(sections("80", "MU.KG", "60")),
            ),
            event("SE.BL", vital(sections("81", "MU.KG", "61")), more=' StudyEventRepeatKey="1"'),
            event(
                "SE.UNS",
                vital(sections("178", "MU.LB", "62", ' ItemGroupRepeatKey="1"')),
                vital(
                    sections("178", "MU.LB", "62", ' ItemGroupRepeatKey="2"'), ' FormRepeatKey="2"'
                ),
                more=' StudyEventRepeatKey="1"',
            ),
            event("SE.UNS", vital(sections("82", "MU.XX", "63")), more=' StudyEventRepeatKey="2"'),
            event("SE.W9", vital(sections("83", "MU.KG", "64"))),
            key="a1-uuid",
            more=' v:Name="101-001"',
        )
    ),
)
WIRING = {
    "subject": "v:Name",
    "events": {"SE.SCR": "SCREENING", "SE.BL": "BASELINE", "SE.W9": "WEEK 9"},
    "forms": {
        "dm": {"fields": {"site": "LocationOID"}},
        "vs": {
            "groups": ["VS.1", "VS.2"],
            "fields": {
                "visit": "StudyEventOID",
                "visit_no": "StudyEventRepeatKey",
                "weight": "IT.WT",
                "pulse": "IT.HR",
                "unit": "weight/Symbol",
            },
        },
    },
}


def test_a_snapshot_with_four_events(read: Read) -> None:
    raw = read(*SNAPSHOT, **WIRING)
    assert records(raw, "dm", "subject_id", "site", "sex") == [(10, "101-001", "101", "F")]
    vs = records(raw, "vs", "subject_id", "visit", "visit_no", "weight", "unit", "pulse")
    assert [row[1:] for row in vs] == [
        ("101-001", "SCREENING", None, "80", "kg", "60"),
        ("101-001", "BASELINE", "1", "81", "kg", "61"),
        ("101-001", "SE.UNS", "1", "178", "lb", "62"),  # a unit without symbol goes by its name
        (
            "101-001",
            "SE.UNS",
            "1",
            "178",
            "lb",
            "62",
        ),  # all values alike: another form and item group
        ("101-001", "SE.UNS", "2", "82", "MU.XX", "63"),  # a unit that is not defined stays an OID
        ("101-001", "WEEK 9", None, "83", "kg", "64"),
    ]
    assert told(raw) == [
        (
            "warning",
            "RAW-ODM-UNIT",
            34,
            'the file does not define MeasurementUnitOID "MU.XX"; the OID stands for the unit',
        ),
        (
            "note",
            "RAW-ODM-UNREAD",
            11,
            "the attribute v:Page of FormData stands in the clinical data 6 times, here first; it is not read",
        ),
        (
            "note",
            "RAW-ODM-PARTS",
            12,
            "6 item groups have the keys of a record that stands before them; they are parts of it",
        ),
        (
            "note",
            "RAW-ODM-UNREAD",
            12,
            "FormRepeatKey differs between records of vs, and no column holds it; wire one under intake.odm",
        ),
    ]
    assert [(one.name, one.count) for one in raw.aside] == [
        ("the attribute v:Page of FormData", 6),
        ("FormRepeatKey", 12),
    ]


def test_the_same_snapshot_without_a_word_in_study_yaml(read: Read) -> None:
    raw = read(*SNAPSHOT)
    assert records(raw, "dm", "subject_id", "site", "sex") == [(10, "a1-uuid", None, "F")]
    kinds = {row[3].partition(" stands ")[0] for row in told(raw) if row[1] == "RAW-ODM-UNREAD"}
    assert kinds == {
        "the attribute LocationOID of SiteRef",
        "the attribute v:Name of SubjectData",
        "the attribute v:Page of FormData",
    }
    strange = [(row[1], row[3]) for row in told(raw) if row[1] == "RAW-UNKNOWN-FORM"]
    assert strange == [
        ("RAW-UNKNOWN-FORM", f"no form of the study is named VS.{n}; its 6 records are not read")
        for n in (1, 2)
    ]


# ---------------------------------------------------------------- identity
def test_records_with_other_repeat_keys_are_other_records(read: Read) -> None:
    same = {"term": "Headache"}
    groups = [group("ae", same, f' ItemGroupRepeatKey="{n}"') for n in (1, 2)]
    raw = read(clinical(subject(event("E", DM, *groups))))
    assert records(raw, "ae", "term") == [(7, "Headache"), (8, "Headache")]
    assert told(raw) == []


@pytest.mark.parametrize("split", [True, False])
def test_parts_with_the_same_keys_are_one_record(read: Read, split: bool) -> None:
    first, second = group("vs", {"weight": "80"}), group("vs", {"pulse": "60"})
    one, two = subject(event("E", DM, first)), subject(event("E", second))
    raw = read(clinical(one), clinical(two)) if split else read(clinical(one, two))
    assert [row[1:] for row in records(raw, "vs", "weight", "pulse")] == [("80", "60")]
    assert [row[1] for row in told(raw)] == ["RAW-ODM-PARTS"]


def test_parts_that_contradict_each_other(read: Read) -> None:
    parts = [
        event("E", group("vs", items))
        for items in ({"weight": "80"}, {"weight": "81", "pulse": "60"})
    ]
    raw = read(clinical(subject(DM, *parts)))
    assert records(raw, "vs", "weight", "pulse") == [(7, "80", "60")]
    message = 'vs.weight is "81" in the part of this record on line 10; left out'
    assert ("error", "RAW-REPEATED-ITEM", 7, message) in told(raw)


def test_a_finding_on_a_later_part_leads_to_its_text(read: Read) -> None:
    parts = [event("E", group("vs", items)) for items in ({"weight": "80"}, {"pulse": "6o"})]
    raw = read(clinical(subject(DM, *parts)))
    about = raw.findings.iloc[:1].assign(file="vs.csv", line=7, column="pulse", verbatim=None)
    found = add_verbatim(about.astype({"verbatim": "str"}), raw.files, a_study())
    assert found["verbatim"].tolist() == ["6o"]


# ---------------------------------------------------------------- studies
def test_two_studies_are_refused(read: Read) -> None:
    content = clinical(subject(DM), study="P"), clinical(subject(DM), study="UAT")
    with pytest.raises(RawError) as caught:
        read(*content)
    both = 'StudyOID "P" (line 3) and StudyOID "UAT" (line 8)'
    assert (
        str(caught.value)
        == f"study.xml: has clinical data of {both}; say under intake.odm.study_oid which is meant"
    )


def test_of_two_studies_the_one_that_is_meant(read: Read) -> None:
    uat = clinical(subject(event("E", DM, group("ae", {"term": "TEST"}))), study="UAT")
    raw = read(uat, clinical(subject(DM), study="P"), study_oid="P")
    assert records(raw, "dm", "sex") == [(13, "F")]
    assert len(raw.forms["ae"]) == 0
    message = 'the 2 item groups of StudyOID "UAT" are of another study; they are not read'
    assert told(raw) == [("warning", "RAW-ODM-STUDY", 3, message)]
    assert [(one.kind, one.name, one.count) for one in raw.aside] == [("row", "UAT", 2)]


def test_a_study_that_is_not_there(read: Read) -> None:
    with pytest.raises(RawError) as caught:
        read(clinical(subject(DM)), study_oid="X")
    reason = 'of StudyOID "X", which study.yaml names, but of StudyOID "S" (line 3)'
    assert str(caught.value) == f"study.xml: has no clinical data {reason}"


# ---------------------------------------------------------------- units
def test_units_that_no_column_holds(read: Read) -> None:
    def item(value: str, unit: str) -> str:
        ref = f'<MeasurementUnitRef MeasurementUnitOID="{unit}"/>'
        inside = f'<ItemData ItemOID="vs.weight" Value="{value}">{ref}</ItemData>'
        return f'<ItemGroupData ItemGroupOID="vs">{inside}</ItemGroupData>'

    hint = "that no column holds; wire one to weight/MeasurementUnitOID or weight/Symbol under intake.odm"
    raw = read(clinical(subject(DM, item("80", "KG"), item("176", "LB"))))
    assert told(raw) == [
        ("error", "RAW-ODM-UNIT", 6, f"vs.weight has several units (KG 1, LB 1) {hint}")
    ]
    raw = read(clinical(subject(DM, item("80", "KG"))))
    assert told(raw) == [("warning", "RAW-ODM-UNIT", 6, f"vs.weight has a unit (KG 1) {hint}")]


# ---------------------------------------------------------------- items with more in them
def items(*content: str) -> str:
    return clinical(
        subject(DM, f'<ItemGroupData ItemGroupOID="vs">{"".join(content)}</ItemGroupData>')
    )


def test_text_of_elements_within_an_item_is_not_glued_on(read: Read) -> None:
    typed = '<ItemDataString ItemOID="vs.weight">8<b>9</b>0</ItemDataString>'
    raw = read(items(typed, '<ItemDataString ItemOID="vs.pulse">60</ItemDataString>'))
    assert records(raw, "vs", "weight", "pulse") == [(6, None, "60")]
    message = 'vs.weight has elements within its text, so the value is not known; left out: "80"'
    assert ("error", "RAW-ODM-CONTENT", 6, message) in told(raw)


@pytest.mark.parametrize(
    "beside",
    [
        '<AuditRecord><UserRef UserOID="u"/><DateTimeStamp>2024-01-01</DateTimeStamp></AuditRecord>',
        "<Signature/>",
        '<Annotation SeqNum="1"><Flag><FlagValue CodeListOID="c">1</FlagValue></Flag></Annotation>',
        '<v:thing xmlns:v="http://v"><ItemData ItemOID="vs.weight" Value="99"/></v:thing>',
    ],
)
def test_what_stands_beside_a_value_leaves_it_alone(read: Read, beside: str) -> None:
    item = f'<ItemData ItemOID="vs.weight" Value="80">{beside}</ItemData>'
    raw = read(items(item, beside, '<ItemData ItemOID="vs.pulse" Value="60"/>'))
    assert records(raw, "vs", "weight", "pulse") == [(6, "80", "60")]
    assert [row[1] for row in told(raw)] == ["RAW-ODM-UNREAD"]
    assert "2 times, here first; it is not read" in str(told(raw)[0][3])


def test_a_comment_of_a_site_is_told(read: Read) -> None:
    note = '<Annotation SeqNum="1"><Comment>scales were broken</Comment></Annotation>'
    raw = read(items(f'<ItemData ItemOID="vs.weight" Value="80">{note}</ItemData>'))
    assert (
        "warning",
        "RAW-ODM-UNREAD",
        6,
        "Comment stands in the clinical data once; it is not read",
    ) in told(raw)


def test_a_subject_of_two_sites(read: Read) -> None:
    sites = [subject(f'<SiteRef LocationOID="{site}"/>', event("E", DM)) for site in ("101", "102")]
    raw = read(clinical(*sites), forms={"dm": {"fields": {"site": "LocationOID"}}})
    assert [row[1] for row in records(raw, "dm", "site")] == ["101"]
    message = 'LocationOID of this subject is "102" here and "101" before, which counts'
    assert ("error", "RAW-ODM-SUBJECT", 11, message) in told(raw)


# ---------------------------------------------------------------- any document
KEYS = st.tuples(
    st.sampled_from("12"),  # subject
    st.sampled_from(["A", "B"]),  # event, and its repeat key
    st.sampled_from(["", "1", "2"]),
    st.sampled_from(["F", "G"]),  # form, and its repeat key
    st.sampled_from(["", "1"]),
    st.sampled_from(["1", "2", ""]),  # repeat key of the item group
)
ITEMS = st.dictionaries(
    st.sampled_from(["weight", "pulse", "visit_no"]), st.sampled_from(["1", "2", "x y"]), min_size=1
)


def key(name: str, value: str) -> str:
    return f' {name}="{value}"' if value else ""


def part(keys: tuple[str, ...], columns: Mapping[str, str]) -> str:
    """One part of a record, in clinical data of its own."""
    who, event_, event_key, form_, form_key, group_key = keys
    inside = group("vs", columns, key("ItemGroupRepeatKey", group_key))
    inside = f'<FormData FormOID="{form_}"{key("FormRepeatKey", form_key)}>{inside}</FormData>'
    return clinical(
        subject(event(event_, inside, more=key("StudyEventRepeatKey", event_key)), key=who)
    )


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(wanted=st.dictionaries(KEYS, ITEMS, min_size=1, max_size=8), data=st.data())
def test_any_split_in_any_order_is_the_same_records(
    wanted: dict[tuple[str, ...], dict[str, str]], data: st.DataObject
) -> None:
    parts = []
    for keys, columns in wanted.items():
        first = {name for name in columns if data.draw(st.booleans())}
        halves = [
            {n: v for n, v in columns.items() if (n in first) == inside} for inside in (True, False)
        ]
        parts += [part(keys, half) for half in halves if half]
    lines = [clinical(subject(DM, key=who)) for who in "12"] + data.draw(st.permutations(parts))
    fields = {"visit": "StudyEventOID", "unit": "FormRepeatKey"}
    with tempfile.TemporaryDirectory() as folder:
        raw = read_lines(Path(folder), lines, forms={"vs": {"fields": fields}})
    columns = ("subject_id", "visit", "unit", "weight", "pulse", "visit_no")
    expected = [
        (keys[0], keys[1], keys[4] or None, *(held.get(name) for name in columns[3:]))
        for keys, held in wanted.items()
    ]
    assert sorted(map(str, (row[1:] for row in records(raw, "vs", *columns)))) == sorted(
        map(str, expected)
    )
    assert not raw.findings["severity"].isin(["error", "reject"]).any()
