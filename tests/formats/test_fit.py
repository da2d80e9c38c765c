"""What happens to cells that the format cannot hold, and what is said of it."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from ivig_cdisc.errors import ExportError
from ivig_cdisc.findings import COLUMNS
from ivig_cdisc.formats.xpt import fit, read, write

from .small import CUTOFF, char, dataset, num, spec, text

LB = spec(
    char("USUBJID", 8), char("LBTESTCD", 8), char("LBCOM", 10), num("LBSTRESN"), num("VISITNUM")
)
FRAME = pd.DataFrame(
    {
        "USUBJID": pd.Categorical(["N-1", "N-1", "N-2", "N-2", "N-3"]),
        "LBTESTCD": pd.Categorical(
            ["CK", "IGGü", "IGGu", "IGGü", None]
        ),  # two terms that become one
        "LBCOM": text(
            "naïve\nx", "日本 ok", "twelve bytes", "Straßenbau", None
        ),  # ß is two letters: one too many
        "LBSTRESN": [1.5, math.inf, 1e76, 1e-80, math.nan],
        "VISITNUM": pd.array([1, None, 2, 2**60, -5], "Int64"),
    }
).set_axis([10, 11, 12, 13, 14])
RANGE = "Became missing: the file holds numbers from 5.4e-79 to 7.2e+75 in size, and whole numbers to 15 digits."
CONTROL = "A line break, tab or other control character became a blank."


def test_cells(tmp_path: Path) -> None:
    fitted, _ = fit(dataset(LB, FRAME))
    expected = pd.DataFrame(
        {
            "USUBJID": FRAME["USUBJID"],
            "LBTESTCD": pd.Categorical(["CK", "IGGu", "IGGu", "IGGu", None]),
            "LBCOM": pd.Series(
                ["naive x", "?? ok", "twelve byt", "Strassenba", None], FRAME.index, "str"
            ),
            "LBSTRESN": [1.5, math.nan, math.nan, math.nan, math.nan],
            "VISITNUM": [1, math.nan, 2, math.nan, -5],
        },
        FRAME.index,
    )
    pd.testing.assert_frame_equal(fitted.frame, expected)
    write(fitted, tmp_path / "lb.xpt", cutoff=CUTOFF)
    assert read(tmp_path / "lb.xpt", LB)["LBCOM"].tolist()[:4] == expected["LBCOM"].tolist()[:4]


def test_findings() -> None:
    _, found = fit(dataset(LB, FRAME))
    assert found.dtypes.astype(str).to_dict() == COLUMNS
    shown = ["severity", "rule", "dataset", "row", "subject", "variable", "value", "message"]
    assert found[shown].to_numpy().tolist() == [
        [
            "error",
            "XPT-NON-ASCII",
            "LB",
            11,
            "N-1",
            "LBCOM",
            "日本 ok",
            'Written as "?? ok": no ASCII spelling of 日 本.',
        ],
        ["error", "XPT-RANGE", "LB", 11, "N-1", "LBSTRESN", "inf", RANGE],
        [
            "error",
            "XPT-LENGTH",
            "LB",
            12,
            "N-2",
            "LBCOM",
            "twelve bytes",
            'Cut from 12 to 10 bytes: "twelve byt".',
        ],
        ["error", "XPT-RANGE", "LB", 12, "N-2", "LBSTRESN", "1e+76", RANGE],
        [
            "error",
            "XPT-LENGTH",
            "LB",
            13,
            "N-2",
            "LBCOM",
            "Straßenbau",
            'Cut from 11 to 10 bytes: "Strassenba".',
        ],
        ["error", "XPT-RANGE", "LB", 13, "N-2", "LBSTRESN", "1e-80", RANGE],
        ["error", "XPT-RANGE", "LB", 13, "N-2", "VISITNUM", str(2**60), RANGE],
        ["note", "XPT-CONTROL", "LB", 10, "N-1", "LBCOM", "naïve\nx", CONTROL],
        ["note", "XPT-TRANSLITERATED", "LB", 10, "N-1", "LBCOM", "naïve\nx", spelled("naive x")],
        ["note", "XPT-TRANSLITERATED", "LB", 11, "N-1", "LBTESTCD", "IGGü", spelled("IGGu")],
        [
            "note",
            "XPT-TRANSLITERATED",
            "LB",
            13,
            "N-2",
            "LBCOM",
            "Straßenbau",
            spelled("Strassenbau"),
        ],
        ["note", "XPT-TRANSLITERATED", "LB", 13, "N-2", "LBTESTCD", "IGGü", spelled("IGGu")],
    ]
    assert found[["site", "key", "file", "line", "column", "verbatim"]].isna().all(axis=None)


def spelled(ascii_text: str) -> str:
    return f'Written as "{ascii_text}": the file holds ASCII only.'


def test_the_given_dataset_is_not_changed() -> None:
    before = FRAME.copy(deep=True)
    fit(dataset(LB, FRAME))
    pd.testing.assert_frame_equal(FRAME, before)


def test_without_transliteration_every_such_letter_is_an_error() -> None:
    fitted, found = fit(dataset(LB.model_copy(update={"transliterate": False}), FRAME.iloc[[1, 2]]))
    assert fitted.frame["LBTESTCD"].tolist() == ["IGG?", "IGGu"]
    testcd = found[found["variable"] == "LBTESTCD"]
    assert testcd[["rule", "message"]].to_numpy().tolist() == [
        ["XPT-NON-ASCII", 'Written as "IGG?": no ASCII spelling of ü.']
    ]


def test_a_dataset_that_fits_stays_as_it_is() -> None:
    good = FRAME.assign(
        LBTESTCD=pd.Categorical(["CK"] * 5), LBCOM="fine", LBSTRESN=1.0, VISITNUM=np.arange(5)
    )
    fitted, found = fit(dataset(LB, good))
    pd.testing.assert_frame_equal(fitted.frame, good)
    assert found.empty
    assert list(found) == list(COLUMNS)


def test_a_term_no_row_has_does_not_stand_in_the_way(tmp_path: Path) -> None:
    term = spec(char("USUBJID", 4))
    frame = pd.DataFrame({"USUBJID": pd.Categorical(["A"], ["A", "Müller and more"])})
    fitted, found = fit(dataset(term, frame))
    write(fitted, tmp_path / "dm.xpt", cutoff=CUTOFF)
    assert found.empty


def test_the_order_of_a_category_is_kept() -> None:
    ordered = pd.CategoricalDtype(["groß", "klein"], ordered=True)
    fitted, _ = fit(
        dataset(
            spec(char("SIZE", 8)),
            pd.DataFrame({"SIZE": pd.Series(["klein", "groß"], dtype=ordered)}),
        )
    )
    assert fitted.frame["SIZE"].dtype == pd.CategoricalDtype(["gross", "klein"], ordered=True)


def test_findings_of_a_dataset_without_subjects() -> None:
    _, found = fit(
        dataset(spec(char("TSVAL", 20), name="TS"), pd.DataFrame({"TSVAL": text("Ärzte")}))
    )
    assert found[["dataset", "row", "value"]].to_numpy().tolist() == [["TS", 0, "Ärzte"]]
    assert found["subject"].isna().all()


def test_wrong_wiring_raises() -> None:
    with pytest.raises(ExportError) as refused:
        fit(dataset(LB, FRAME.drop(columns="LBCOM").assign(LBSTRESN="x")))
    assert str(refused.value).splitlines() == [
        "LB.LBCOM: the variable has no column",
        "LB.LBSTRESN: the variable is Num, its values are str",
    ]


# ---------------------------------------------------------------- long text
WORD = "x" * 99  # two of them and a blank are 199 bytes
AE = {"name": "AE", "label": "Adverse Events"}
TERM = (num("AESEQ"), char("AETERM", 200))


def told(found: pd.DataFrame) -> list[tuple[str, str, str]]:
    return [(one.severity, one.rule, one.message) for one in found.itertuples()]


@pytest.mark.parametrize(
    ("term", "names"),
    [
        ("x" * 200, ""),
        ("x" * 201, "AETERM1"),
        ("x" * 400, "AETERM1"),
        ("x" * 401, "AETERM1, AETERM2"),
        (f"{WORD} {WORD} end", "AETERM1"),
        ("x" * 200 + "  ", ""),
    ],
)
def test_long_text_stays_whole_and_is_told(term: str, names: str) -> None:
    fitted, found = fit(
        dataset(spec(*TERM, **AE), pd.DataFrame({"AESEQ": [1.0], "AETERM": text(term)}))
    )
    assert fitted.frame["AETERM"].tolist() == [term.rstrip(" ")]
    message = f"Goes on in SUPPAE as {names}: a variable holds 200 bytes."
    assert told(found) == ([("note", "XPT-SPLIT", message)] if names else [])


def test_text_is_measured_as_it_is_written() -> None:
    """200 characters, of which one is two letters in ASCII."""
    term = "ß" + "x" * 199
    fitted, found = fit(
        dataset(spec(*TERM, **AE), pd.DataFrame({"AESEQ": [1.0], "AETERM": text(term)}))
    )
    assert fitted.frame["AETERM"].tolist() == ["ss" + "x" * 199]
    assert found["rule"].tolist() == ["XPT-SPLIT", "XPT-TRANSLITERATED"]


def test_supplemental_text_goes_on_too() -> None:
    variables = (
        num("AESEQ"),
        char("AECAUSE", 200, supplemental=True),
        char("CODE", 5, supplemental=True),
    )
    frame = pd.DataFrame({"AESEQ": [1.0], "AECAUSE": text("é" * 300), "CODE": text("c" * 250)})
    fitted, found = fit(dataset(spec(*variables, **AE), frame))
    assert fitted.frame["AECAUSE"].tolist() == ["e" * 300]
    assert fitted.frame["CODE"].tolist() == [
        "c" * 200
    ]  # its length is the study's, so it does not go on
    assert found[["severity", "rule", "variable"]].to_numpy().tolist() == [
        ["error", "XPT-LENGTH", "CODE"],
        ["note", "XPT-SPLIT", "AECAUSE"],
        ["note", "XPT-TRANSLITERATED", "AECAUSE"],
    ]


NO_SUPPLEMENT: dict[str, tuple[Any, dict[str, Any]]] = {
    "the study says that it is shorter": ((num("AESEQ"), char("AETERM", 100)), AE),
    "an identifier": ((num("AESEQ"), char("AETERM", 200, role="Identifier")), AE),
    "records without a number": ((char("AETERM", 200),), AE),
    "an analysis dataset": ((num("AESEQ"), char("AETERM", 200)), AE | {"standard": "ADaM"}),
    "a name that leaves no room": ((num("ADVERSEQ"), char("AETERM", 200)), AE | {"name": "ADVER"}),
    "comments go on in a variable of their own": (
        (num("COSEQ"), char("COVAL", 200)),
        AE | {"name": "CO"},
    ),
}


@pytest.mark.parametrize("why", NO_SUPPLEMENT)
def test_text_that_cannot_go_on_is_cut_and_told(why: str) -> None:
    variables, more = NO_SUPPLEMENT[why]
    frame = pd.DataFrame({v.name: [1.0] if v.type == "Num" else text("x" * 201) for v in variables})
    fitted, found = fit(dataset(spec(*variables, **more), frame))
    last = variables[-1]
    assert fitted.frame[last.name].tolist() == ["x" * last.length]
    assert found[["severity", "rule", "variable"]].to_numpy().tolist() == [
        ["error", "XPT-LENGTH", last.name]
    ]


def test_text_of_more_pieces_than_there_are_names_is_cut_and_told() -> None:
    frame = pd.DataFrame({"AESEQ": [1.0], "AETERM": text("x" * 20_001)})
    fitted, found = fit(dataset(spec(*TERM, **AE), frame))
    assert fitted.frame["AETERM"].str.len().tolist() == [20_000]
    assert found["rule"].tolist() == ["XPT-LENGTH", "XPT-SPLIT"]
