"""Rules: scope, joins, messages, and what becomes of those that cannot be run."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from ivig_cdisc.dataset import Dataset
from ivig_cdisc.metadata import Place, Rule, load
from ivig_cdisc.testing import records
from ivig_cdisc.validation import merge, problems, run

from .small import char, dataset, num, rule, spec, study, table

DM = spec("DM", char("USUBJID"), char("RFSTDTC"))
AE = spec(
    "AE", char("USUBJID"), num("AESEQ"), char("AETERM"), char("AESTDTC"), keys=("USUBJID", "AESEQ")
)
DATASETS = {
    "DM": dataset(DM, table(USUBJID=["S1", "S2"], RFSTDTC=["2017-05-12T10:00", None])),
    "AE": dataset(
        AE,
        table(
            USUBJID=["S1", "S1", "S2", "S3"],  # S3 is not in DM
            AESEQ=[1.0, 2.0, 1.0, 1.0],
            AETERM=["rash", "fever", "fall", "cough"],
            AESTDTC=["2017-05-01", "2017-05", "2017-05-01", None],
        ),
    ),
}
WITH_DM = {"with": "DM", "on": ["USUBJID"], "take": {"START": "RFSTDTC", "FOUND": "USUBJID"}}
EARLY = rule(
    "EARLY",
    "AE",
    "not_before",
    "AESTDTC",
    join=(WITH_DM,),
    columns={"end": "AESTDTC", "start": "START"},
    message="{AETERM} on {AESTDTC} is before {START}.",
)


def ran(*rules: Rule, datasets: dict[str, Dataset] = DATASETS) -> list[tuple[object, ...]]:
    made = run(datasets, study(DM, AE, rules=rules))
    return records(
        made.rules[~made.rules["rule"].str.startswith("SPEC")],
        "rule",
        "status",
        "reason",
        "findings",
    )


def found(*rules: Rule, datasets: dict[str, Dataset] = DATASETS) -> list[tuple[object, ...]]:
    findings = run(datasets, study(DM, AE, rules=rules)).findings
    return records(
        findings[~findings["rule"].str.startswith("SPEC")],
        "rule",
        "row",
        "subject",
        "key",
        "value",
        "message",
    )


def test_a_joined_column_meets_each_record() -> None:
    message = "rash on 2017-05-01 is before 2017-05-12T10:00."  # fever in 2017-05 may be after it
    assert found(EARLY) == [("EARLY", 0, "S1", "AESEQ=1", "2017-05-01", message)]


def test_unmatched_records_are_kept_or_dropped() -> None:
    there = rule("THERE", "AE", "present", "USUBJID", columns={"value": "START"}, join=(WITH_DM,))
    dropping = there.model_copy(
        update={"join": (there.join[0].model_copy(update={"unmatched": "drop"}),)}
    )
    assert [line[1] for line in found(there)] == [2, 3]
    assert [line[1] for line in found(dropping)] == [2]


def test_joins_of_several_rules_stay_apart() -> None:
    other = rule("OTHER", "AE", "matched", "USUBJID", columns={"value": "FOUND"}, join=(WITH_DM,))
    assert [line[:2] for line in found(EARLY, other)] == [("EARLY", 0), ("OTHER", 3)]


@pytest.mark.parametrize(
    ("where", "rows"),
    [
        ({"AETERM": ["rash", "cough"]}, [0, 3]),
        ({"AESEQ": [2]}, [1]),
        ({"AESEQ": ["2"]}, [1]),
        ({"AESTDTC": "absent"}, [3]),
        ({"AESTDTC": "present", "AESEQ": [1]}, [0, 2]),
    ],
)
def test_where_says_which_records(where: dict[str, object], rows: list[int]) -> None:
    never = rule("NEVER", "AE", "absent", "AETERM", columns={"value": "AETERM"}, where=where)
    assert [line[1] for line in found(never)] == rows


def test_what_a_rule_needs_and_does_not_find() -> None:
    named = {"columns": {"value": "AETERM"}}
    rules = (
        rule("A-DATASET", "MH", "present", "MHTERM", columns={"value": "MHTERM"}),
        rule("B-VARIABLE", "AE", "present", "AETERM", columns={"value": "AEBODSYS"}),
        rule(
            "C-JOINED",
            "AE",
            "present",
            "AETERM",
            **named,
            join=({"with": "DM", "on": ["USUBJID"], "take": ["AGE"]},),
        ),
        rule(
            "D-OTHER",
            "AE",
            "present",
            "AETERM",
            **named,
            join=({"with": "EX", "on": ["USUBJID"], "take": ["EXDOSE"]},),
        ),
        rule("E-MESSAGE", "AE", "present", "AETERM", **named, message="{AESEV}"),
    )
    assert ran(*rules) == [
        ("B-VARIABLE", "not applicable", "AE has no variable AEBODSYS.", 0),
        ("C-JOINED", "not applicable", "DM has no variable AGE.", 0),
        ("D-OTHER", "not applicable", "There is not a dataset EX.", 0),
        ("E-MESSAGE", "not applicable", "AE has no variable AESEV.", 0),
        ("A-DATASET", "not applicable", "There is not a dataset MH.", 0),
    ]
    assert found(*rules) == []


def test_one_rule_that_fails_does_not_spoil_the_others() -> None:
    broken = rule(
        "BROKEN",
        "AE",
        "in_range",
        "AESEQ",
        columns={"value": "AESEQ"},
        constants={"low": "a", "high": 1},
    )
    assert [line[0::3] for line in ran(broken, EARLY)] == [("BROKEN", 0), ("EARLY", 1)]
    early, finding = found(broken, EARLY)
    assert early[0] == "EARLY"
    assert finding[0] == "BROKEN"
    assert str(finding[-1]).startswith("The rule could not be run: ")


def test_an_ambiguous_join_is_said_and_not_guessed() -> None:
    twice = dataset(DM, table(USUBJID=["S1", "S1"], RFSTDTC=["2017", "2018"]))
    reason = "DM has several records with the same USUBJID."
    assert ran(EARLY, datasets={**DATASETS, "DM": twice}) == [("EARLY", "failed", reason, 0)]


def test_runs_of_partitions_add_up() -> None:
    made = study(DM, AE, rules=(EARLY,))
    whole = run(DATASETS, made).rules
    parts = []
    for subject in ("S1", "S2", "S3"):
        own = {
            name: dataset(
                d.spec, d.frame.loc[d.frame["USUBJID"].eq(subject)].reset_index(drop=True)
            )
            for name, d in DATASETS.items()
        }
        parts.append(run(own, made).rules)
    merged = merge(parts)
    pd.testing.assert_frame_equal(merged.drop(columns="seconds"), whole.drop(columns="seconds"))
    assert merged["seconds"].sum() == pytest.approx(sum(part["seconds"].sum() for part in parts))


def test_every_executed_rule_says_how_long_it_took() -> None:
    slow = rule("SLOW", "AE", "present", "USUBJID", columns={"value": "START"}, join=(WITH_DM,))
    absent = rule("ABSENT", "SV", "present", "USUBJID", columns={"value": "USUBJID"})
    made = run(DATASETS, study(DM, AE, rules=(slow, absent))).rules
    assert made.loc[made["status"].eq("executed"), "seconds"].gt(0).all()
    assert made.loc[made["status"].ne("executed"), "seconds"].eq(0).all()


def test_wiring_is_checked_before_any_data() -> None:
    rules = [
        rule("UNKNOWN", "AE", "presents", "AETERM", columns={"value": "AETERM"}),
        rule(
            "PARAMETER",
            "AE",
            "in_range",
            "AESEQ",
            columns={"valu": "AESEQ"},
            constants={"low": 1, "high": 2},
        ),
        rule(
            "NUMBER",
            "AE",
            "present",
            "AETERM",
            columns={"value": "AETERM"},
            where={"AESEQ": ("1", "first")},
        ),
        EARLY,
    ]
    assert [(p.path, p.reason) for p in problems(study(DM, AE, rules=tuple(rules)))] == [
        ("UNKNOWN (AE)", "there is no check presents (did you mean present?)"),
        ("PARAMETER (AE)", "in_range has no parameter valu (did you mean value?)"),
        ("PARAMETER (AE)", "in_range needs value"),
        ("NUMBER (AE)", "AESEQ is a number and first is not"),
    ]


def test_a_rule_of_the_study_must_apply_to_it() -> None:
    """It would never run, and nobody would miss it; a rule for every study passes over what is not there."""
    column = rule("COLUMN", "AE", "present", "AETERM", columns={"value": "AETREM"})
    words = rule(
        "WORDS", "AE", "present", "AETERM", columns={"value": "AETERM"}, message="not {AETREM}"
    )
    nowhere = rule("NOWHERE", "SV", "present", "USUBJID", columns={"value": "USUBJID"})
    optional = rule(
        "OPTIONAL", "AE", "any_present", "AETERM", columns={"values": ("AETERM", "AETREM?")}
    )
    everywhere = nowhere.model_copy(
        update={"place": Place(file=Path("/specs/rules/general.yaml"), line=1)}
    )
    both = [
        rule("BOTH", name, "present", "USUBJID", columns={"value": "AETERM"})
        for name in ("DM", "AE")
    ]
    made = study(DM, AE, rules=(column, words, nowhere, optional, everywhere, *both))
    assert [(p.path, p.reason) for p in problems(made) if "no check" not in p.reason] == [
        ("COLUMN (AE)", "AE has no variable AETREM"),
        ("WORDS (AE)", "AE has no variable AETREM"),
        ("NOWHERE (SV)", "There is not a dataset SV"),
    ]


def test_an_age_that_is_in_no_group_is_told() -> None:
    (one,) = (each for each in load("ntr6160")[0].rules if each.id == "AGE-WITHOUT-GROUP")
    adsl = spec("ADSL", char("USUBJID"), num("AGE"), char("AGEGR1"))
    ages = table(USUBJID=["S1", "S2", "S3"], AGE=[64.0, 64.5, None], AGEGR1=["18-64", None, None])
    made = run({"ADSL": dataset(adsl, ages)}, study(adsl, rules=(one,))).findings
    assert records(made[made["rule"].eq(one.id)], "severity", "row", "message") == [
        (
            "warning",
            1,
            "AGE, 64.5, is in none of the age groups.",
        )  # S3 has no age that could be in one
    ]


def test_two_passes_find_what_one_complete_pass_finds() -> None:
    from ivig_cdisc.validation import expectations

    broken = rule(
        "BROKEN",
        "AE",
        "in_range",
        "AESEQ",
        columns={"value": "AESEQ"},
        constants={"low": "a", "high": 1},
    )
    made = spec(
        "AE", *(v.model_copy(update={"length": 4}) for v in AE.variables), keys=("USUBJID",)
    )
    there = rule("THERE", "AE", "present", "AESTDTC", columns={"value": "AESTDTC"})
    suite = expectations.suite(made, study(made), (there, broken))
    batch = expectations.batches({"AE": DATASETS["AE"].frame})["AE"]
    one, two = (
        {name: outcome.found for name, outcome in expectations.run(batch, suite, passes).items()}
        for passes in (1, 2)
    )
    assert list(one) == list(two)
    assert (
        sum(len(f) for f in two.values() if not isinstance(f, str)) == 8
    )  # 2 of one key, 5 too long, 1 without a start
    for name, outcome in one.items():
        if isinstance(outcome, str):
            assert outcome == two[name]
        else:
            pd.testing.assert_frame_equal(outcome, two[name])


def test_a_column_that_a_list_names_with_a_question_mark_need_not_be_there() -> None:
    """Of --LOBXFL there is one for each test and, where the dataset has these, time point and position."""
    by = ("USUBJID", "VSTESTCD", "VSTPT?", "VSPOS?")
    once = rule("ONCE", "VS", "at_most_one", "VSLOBXFL", columns={"flag": "VSLOBXFL", "by": by})
    plain = table(USUBJID=["S1"] * 3, VSTESTCD=["PULSE"] * 3, VSLOBXFL=["Y", "Y", None])
    timed = plain.assign(VSTPT=pd.Series(["LYING", "STANDING", "STANDING"], dtype="str"))
    for frame, rows in ((plain, [0, 1]), (timed, [])):
        vs = spec("VS", *map(char, frame.columns), keys=("USUBJID",))
        found = run({"VS": dataset(vs, frame)}, study(vs, rules=(once,))).findings
        assert found.loc[found["rule"] == "ONCE", "row"].tolist() == rows
