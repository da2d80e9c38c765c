"""What TransactionType says: what is removed or updated later in a file, and in which order."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ivig_cdisc.raw import Raw, add_verbatim

from .odm_files import DM, a_study, clinical, event, group, read_lines, records, subject, told

Read = Callable[..., Raw]
REMOVE = ' TransactionType="Remove"'
UPDATE = ' TransactionType="Update"'


@pytest.fixture
def read(tmp_path: Path) -> Read:
    return lambda *lines, **odm: read_lines(tmp_path, lines, **odm)


def left_out(raw: Raw) -> list[tuple[object, ...]]:
    """Form, subject, line and message of what is removed."""
    found = raw.findings[raw.findings["rule"].eq("RAW-ODM-REMOVED")][
        ["dataset", "subject", "line", "message"]
    ]
    found = found.astype(object).where(found.notna(), None)
    return sorted(found.itertuples(index=False, name=None), key=lambda row: row[2])


def balance(raw: Raw, form: str) -> list[int]:
    """Records that were read, kept and left out."""
    counts: list[int] = (
        raw.ledger.set_index("form").loc[form, ["records", "kept", "left_out"]].tolist()
    )
    return counts


# ---------------------------------------------------------------- removed where it stands
GONE = group("ae", {"term": "x"})


@pytest.mark.parametrize(
    ("removed", "elements", "records_gone"),
    [
        (event("V", GONE, more=REMOVE), ["StudyEventData", "ItemGroupData"], 1),
        (event("V", GONE.replace(">", REMOVE + ">", 1)), ["ItemGroupData"], 1),
        (event("V", f'<FormData FormOID="F"{REMOVE}/>'), ["FormData"], 0),
        (
            event("V", f'<FormData FormOID="F"{REMOVE}>{GONE}{GONE}</FormData>'),
            ["FormData", *["ItemGroupData"] * 2],
            2,
        ),
    ],
)
def test_what_is_removed_is_left_out_and_told(
    read: Read, removed: str, elements: list[str], records_gone: int
) -> None:
    raw = read(
        clinical(
            subject(
                event("E", DM, group("ae", {"term": "kept"})), removed, event("E2", group("ae", {}))
            )
        )
    )
    assert [row[1] for row in records(raw, "ae", "term")] == ["kept", None]
    told_of = [row[3] for row in told(raw) if row[1] == "RAW-ODM-REMOVED"]
    assert sorted(told_of) == sorted(
        f"left out: the file says that this {element} is removed" for element in elements
    )
    entry = raw.ledger.set_index("form").loc["ae", ["records", "kept", "left_out"]]
    assert entry.tolist() == [2 + records_gone, 2, records_gone]


def test_a_removed_item_is_left_out_and_told(read: Read) -> None:
    item = f'<ItemData ItemOID="ae.term" Value="x"{REMOVE}/>'
    raw = read(clinical(subject(DM, f'<ItemGroupData ItemGroupOID="ae">{item}</ItemGroupData>')))
    assert [row[1] for row in records(raw, "ae", "term")] == [None]
    message = 'the file says that ae.term is removed; left out: "x"'
    assert ("warning", "RAW-ODM-REMOVED-ITEM", 6, message) in told(raw)


# ---------------------------------------------------------------- removed after it has stood
AE = ' ItemGroupRepeatKey="{}"'
FIRST = event(
    "E",
    DM,
    group("ae", {"term": "first"}, AE.format(1)),
    group("ae", {"term": "second"}, AE.format(2)),
)
EMPTY = '<ItemGroupData ItemGroupOID="ae"{}/>'


def said(element: str, line: int = 0) -> str:
    where = f" on line {line}" if line else ""
    return f"left out: the file says{where} that this {element} is removed"


def test_a_record_that_is_removed_later_is_left_out_and_told(read: Read) -> None:
    gone = event("E", EMPTY.format(AE.format(1) + REMOVE))
    raw = read(clinical(subject(FIRST)), clinical(subject(gone)))
    assert records(raw, "ae", "term") == [(8, "second")]  # another repeat key is another record
    assert left_out(raw) == [
        ("ae", "1", 7, said("ItemGroupData", 15)),
        ("ae", "1", 15, said("ItemGroupData")),
    ]
    assert balance(raw, "ae") == [3, 1, 2]


@pytest.mark.parametrize(
    ("gone", "kept"),
    [
        (event("E", more=REMOVE), []),
        (event("F", more=REMOVE), ["first", "second"]),  # another event
        (event("E", more=' StudyEventRepeatKey="1"' + REMOVE), ["first", "second"]),
        (event("E", f'<FormData FormOID="X"{REMOVE}/>'), ["first", "second"]),
        (event("E", EMPTY.format(REMOVE)), ["first", "second"]),  # no repeat key is another key
        (event("E", EMPTY.format(AE.format(2) + UPDATE)), ["first", "second"]),
    ],
)
def test_exactly_the_keys_that_are_removed_are_left_out(
    read: Read, gone: str, kept: list[str]
) -> None:
    raw = read(clinical(subject(FIRST)), clinical(subject(gone)))
    assert [row[1] for row in records(raw, "ae", "term")] == kept


def test_a_form_that_is_removed_takes_its_item_groups(read: Read) -> None:
    forms = [
        f'<FormData FormOID="F" FormRepeatKey="{n}">{group("ae", {"term": f"t{n}"})}</FormData>'
        for n in (1, 2)
    ]
    gone = f'<FormData FormOID="F" FormRepeatKey="1"{REMOVE}/>'
    raw = read(clinical(subject(event("E", DM, *forms, gone))))
    assert [row[1] for row in records(raw, "ae", "term")] == ["t2"]
    assert left_out(raw) == [("ae", "1", 7, said("FormData", 9)), (None, "1", 9, said("FormData"))]


def test_records_without_a_repeat_key_have_the_same_keys(read: Read) -> None:
    both = event("E", DM, group("ae", {"term": "one"}), group("ae", {"term": "two"}))
    raw = read(clinical(subject(both)), clinical(subject(event("E", EMPTY.format(REMOVE)))))
    assert records(raw, "ae", "term") == []
    assert balance(raw, "ae") == [3, 0, 3]


def test_a_subject_that_is_removed_is_gone_and_can_come_again(read: Read) -> None:
    site = '<SiteRef LocationOID="{}"/>'
    wired = {"subject": "v:Name", "forms": {"dm": {"fields": {"site": "LocationOID"}}}}
    name = ' v:Name="101"'
    raw = read(
        clinical(subject(site.format("A"), FIRST, more=name)),
        clinical(subject(more=REMOVE)),
        clinical(subject(site.format("B"), event("E", DM), more=name)),
        **wired,
    )
    assert records(raw, "dm", "subject_id", "site") == [(22, "101", "B")]
    assert records(raw, "ae", "term") == []
    assert {row[1] for row in left_out(raw)} == {"101"}  # the name that a person knows
    assert "RAW-ODM-SUBJECT" not in raw.findings["rule"].tolist()


def test_what_is_inserted_after_its_remove_is_a_record_again(read: Read) -> None:
    gone = event("E", EMPTY.format(AE.format(1) + REMOVE))
    again = event("E", group("ae", {"term": "again"}, AE.format(1)))
    raw = read(clinical(subject(FIRST, gone, again)))
    assert records(raw, "ae", "term") == [(8, "second"), (14, "again")]
    assert balance(raw, "ae") == [4, 2, 2]
    assert "RAW-ODM-PARTS" not in raw.findings["rule"].tolist()


def test_a_remove_before_the_record_says_nothing_of_it(read: Read) -> None:
    gone = event("E", EMPTY.format(AE.format(1) + REMOVE))
    raw = read(clinical(subject(gone, FIRST)))
    assert [row[1] for row in records(raw, "ae", "term")] == ["first", "second"]


def test_one_section_of_a_record_is_removed(read: Read) -> None:
    sections = event("E", DM, group("v1", {"weight": "80"}), group("v2", {"pulse": "60"}))
    gone = event("E", f'<ItemGroupData ItemGroupOID="v2"{REMOVE}/>')
    wired = {"vs": {"groups": ["v1", "v2"], "fields": {"weight": "v1.weight", "pulse": "v2.pulse"}}}
    raw = read(clinical(subject(sections, gone)), forms=wired)
    assert [row[1:] for row in records(raw, "vs", "weight", "pulse")] == [("80", None)]
    assert (None, "1", 8, said("ItemGroupData", 11)) in left_out(
        raw
    )  # no record, but a part of one
    assert balance(raw, "vs") == [2, 1, 1]


def test_a_remove_in_a_file_without_line_breaks(read: Read) -> None:
    gone = event("E", EMPTY.format(AE.format(1) + REMOVE))
    raw = read(clinical(subject(FIRST, gone)).replace("\n", ""))
    assert records(raw, "ae", "term") == [(3, "second")]  # the third item group of the file
    assert left_out(raw) == [
        ("ae", "1", 2, said("ItemGroupData")),
        ("ae", "1", 4, said("ItemGroupData")),
    ]


# ---------------------------------------------------------------- updated
BEFORE = event("E", DM, group("vs", {"weight": "80", "pulse": "60"}))


@pytest.mark.parametrize("transaction", ["Update", "Upsert"])
@pytest.mark.parametrize("level", ["event", "group", "item"])
def test_an_update_replaces_what_it_names(read: Read, transaction: str, level: str) -> None:
    after = event("E", group("vs", {"weight": "81"}))
    element = {"event": "StudyEventData ", "group": "ItemGroupData ", "item": "ItemData "}[level]
    after = after.replace(element, f'{element}TransactionType="{transaction}" ', 1)
    raw = read(clinical(subject(BEFORE, after)))
    assert records(raw, "vs", "weight", "pulse") == [(7, "81", "60")]
    message = 'the file updates vs.weight on line 10: "81" counts; left out: "80"'
    assert told(raw, "RAW-ODM-PARTS") == [("note", "RAW-ODM-UPDATED", 7, message)]


def test_a_null_can_be_an_update(read: Read) -> None:
    null = '<ItemData ItemOID="vs.weight" IsNull="Yes"/>'
    after = event("E", f'<ItemGroupData ItemGroupOID="vs"{UPDATE}>{null}</ItemGroupData>')
    raw = read(clinical(subject(BEFORE, after)))
    assert records(raw, "vs", "weight", "pulse") == [(7, None, "60")]
    message = 'the file updates vs.weight on line 10: nothing counts; left out: "80"'
    assert ("note", "RAW-ODM-UPDATED", 7, message) in told(raw)


def test_a_record_without_repeat_key_is_updated_within_its_form(read: Read) -> None:
    raw = read(
        clinical(
            subject(
                event("E", DM, group("vs", {"weight": "80"}), group("vs", {"weight": "81"}, UPDATE))
            )
        )
    )
    assert records(raw, "vs", "weight") == [(7, "81")]


def test_an_item_that_is_removed_later(read: Read) -> None:
    item = f'<ItemData ItemOID="vs.weight"{REMOVE}/>'
    raw = read(
        clinical(
            subject(BEFORE, event("E", f'<ItemGroupData ItemGroupOID="vs">{item}</ItemGroupData>'))
        )
    )
    assert records(raw, "vs", "weight", "pulse") == [(7, None, "60")]
    message = 'the file says on line 10 that vs.weight is removed; left out: "80"'
    assert ("warning", "RAW-ODM-REMOVED-ITEM", 7, message) in told(raw)


@pytest.mark.parametrize("transaction", ["Insert", "Context"])
def test_insert_and_context_replace_nothing(read: Read, transaction: str) -> None:
    after = event("E", group("vs", {"weight": "81"}, f' TransactionType="{transaction}"'))
    raw = read(clinical(subject(BEFORE, after)))
    assert records(raw, "vs", "weight", "pulse") == [(7, "80", "60")]
    message = 'vs.weight is "81" in the part of this record on line 10; left out'
    assert ("error", "RAW-REPEATED-ITEM", 7, message) in told(raw)


def test_a_subject_moves_to_another_site(read: Read) -> None:
    first = subject('<SiteRef LocationOID="A"/>', event("E", DM))
    then = subject('<SiteRef LocationOID="B"/>', more=UPDATE)
    raw = read(clinical(first, then), forms={"dm": {"fields": {"site": "LocationOID"}}})
    assert [row[1] for row in records(raw, "dm", "site")] == ["B"]
    assert told(raw) == []


def test_a_transaction_that_nobody_knows_is_told(read: Read) -> None:
    raw = read(clinical(subject(DM, group("ae", {"term": "x"}, ' TransactionType="Delete"'))))
    assert [row[1] for row in records(raw, "ae", "term")] == ["x"]
    message = 'the TransactionType "Delete" stands in the clinical data once; it is not read'
    assert told(raw) == [("note", "RAW-ODM-UNREAD", 6, message)]


def test_a_later_finding_leads_to_the_text_that_counts(read: Read) -> None:
    after = event("E", group("vs", {"pulse": "6o"}, UPDATE))
    raw = read(clinical(subject(BEFORE, after)))
    about = raw.findings.iloc[:1].assign(file="vs.csv", line=7, column="pulse", verbatim=None)
    found = add_verbatim(about.astype({"verbatim": "str"}), raw.files, a_study())
    assert found["verbatim"].tolist() == ["6o"]


# ---------------------------------------------------------------- any order of transactions
KEYS = st.tuples(
    st.sampled_from("12"), st.sampled_from("EF"), st.sampled_from("GH"), st.sampled_from("12")
)
STEPS = st.one_of(
    st.tuples(
        KEYS,
        st.sampled_from(["Insert", "Update", "Upsert", "Context", ""]),
        st.dictionaries(st.sampled_from(["weight", "pulse"]), st.sampled_from("123"), min_size=1),
    ),
    st.tuples(
        KEYS,
        st.sampled_from(["SubjectData", "StudyEventData", "FormData", "ItemGroupData"]),
        st.none(),
    ),
)
LEVELS = ("SubjectData", "StudyEventData", "FormData", "ItemGroupData")
Step = tuple[tuple[str, ...], str, dict[str, str] | None]


def written(step: Step) -> str:
    """A step on one line, so that the lines of records are those of steps."""
    (who, event_, form_, repeat), what, columns = step
    inside = group("vs", columns or {}, f' ItemGroupRepeatKey="{repeat}"')
    inside = f'<FormData FormOID="{form_}">{inside}</FormData>'
    text = subject(event(event_, inside), key=who).replace("\n", "")
    element, transaction = ("ItemGroupData", what) if columns else (what, "Remove")
    return (
        text.replace(f"<{element} ", f'<{element} TransactionType="{transaction}" ')
        if transaction
        else text
    )


def outcome(steps: list[Step]) -> dict[tuple[str, ...], dict[str, str]]:
    """What stands after these steps, one after another."""
    standing: dict[tuple[str, ...], dict[str, str]] = {}
    for keys, what, columns in steps:
        if columns is None:
            level = LEVELS.index(what) + 1
            standing = {
                known: held for known, held in standing.items() if known[:level] != keys[:level]
            }
        else:
            held = standing.get(keys, {})
            standing[keys] = held | columns if what in ("Update", "Upsert") else columns | held
    return standing


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=st.lists(STEPS, max_size=12))
def test_transactions_hold_in_the_order_of_the_file(steps: list[Step]) -> None:
    fields = {"visit": "StudyEventOID", "visit_no": "ItemGroupRepeatKey", "unit": "FormOID"}
    lines = clinical(*map(written, steps), *(subject(DM, key=who) for who in "12"))
    with tempfile.TemporaryDirectory() as folder:
        raw = read_lines(Path(folder), [lines], forms={"vs": {"fields": fields}})
    found = records(raw, "vs", "subject_id", "visit", "unit", "visit_no", "weight", "pulse")
    expected = [
        (*keys, held.get("weight"), held.get("pulse")) for keys, held in outcome(steps).items()
    ]
    assert sorted((row[1:] for row in found), key=str) == sorted(expected, key=str)
    if "vs" not in raw.files:
        return
    read_, kept, gone = balance(raw, "vs")
    removed = raw.findings["rule"].eq("RAW-ODM-REMOVED") & raw.findings["dataset"].eq("vs")
    assert (read_, gone) == (kept + gone, removed.sum())
