"""What `spec functions` shows is what the docstrings, signatures and models say."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from ivig_cdisc import derive, results
from ivig_cdisc.cli import main
from ivig_cdisc.engine.calls import FROM_EDGES
from ivig_cdisc.metadata.source import VariableSource
from ivig_cdisc.metadata.steps import VERBS
from ivig_cdisc.reference import entries, page
from ivig_cdisc.reference.documentation import documentation
from ivig_cdisc.validation import CHECKS

STUDY_DAY = """\
study_day (Dates and times: ISO 8601 text of reduced precision in SDTM, calendar dates in ADaM)
Date minus reference date, plus 1 on or after the reference date; there is no day 0.
from (columns)  type  meaning
date            text  ISO 8601 text, with or without a time.
reference       text  ISO 8601 text.
"""


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["spec", "functions", *arguments])
    return result.exit_code, result.output


def names(family: str) -> list[str]:
    return [entry.name for entry in entries() if entry.family == family]


def test_all_are_there() -> None:
    known = {entry.name for entry in entries()}
    assert {*derive.FUNCTIONS, *FROM_EDGES, *CHECKS, *results.METHODS} <= known
    assert names("Row steps") == list(VERBS)
    words = [field.alias or name for name, field in VariableSource.model_fields.items()]
    assert names("Words of a variable") == words


def test_each_has_a_sentence() -> None:
    assert [entry.name for entry in entries() if not entry.documentation.says] == []


def test_the_list_has_one_line_each() -> None:
    code, text = run()
    assert code == 0
    assert "\nRow steps\n  take: Records of one source: " in text
    assert "\n  recode: The submission value of the collected value; " in text
    lines = [line for line in text.splitlines() if line.startswith("  ")]
    assert len(lines) == len(entries())


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        (
            "recode",
            [
                "recode (Text and coded values)",
                "The submission value of the collected value; a value without one stays as it is.",
                "terms             {text: text}  submission value by collected value.",
                "gives text: Text. Missing stays missing.",
                "source: SDTMIG 3.4, 4.3 (coding and controlled terminology).",
                '  >>> recode(pd.Series(["1", "7", None]), {"1": "MILD"}).tolist()',
            ],
        ),
        (
            "join",
            [
                "join (Row steps)",
                "Columns of the matching record of another source, or of each one.",
                "join.take         [text] or {text: text}                                 The columns that come, as a list, or as new: old.",
            ],
        ),
        ("length", ["length (Words of a variable)", "Of a Char, in bytes.", "is: whole number"]),
        ("in_range", ["in_range (Checks)", "value           a column"]),
        ("survival", ["survival (Methods of results)"]),
        (
            "source_sequence",
            ["missing: Missing where it was taken from several, or from none."],
        ),
    ],
)
def test_all_of_one(name: str, lines: list[str]) -> None:
    code, text = run(name)
    assert code == 0
    assert [line for line in lines if line not in text.splitlines()] == []


def test_an_example_is_one_that_a_study_has() -> None:
    _, text = run("melt")
    place = text.partition("as in: ")[2].partition("\n")[0]
    assert place.startswith("specs/study/")
    assert "\n  {melt: {columns: {" in text


def test_one_that_is_not_there() -> None:
    code, text = run("recod")
    what = "word, row step, derivation, check or method"
    assert (code, text) == (
        2,
        f"ivig-cdisc: there is no {what} recod (did you mean recode?)\n",
    )


def test_for_programs() -> None:
    code, text = run("quotient", "--format", "json")
    assert code == 0
    (entry,) = json.loads(text)["entries"]
    assert (entry["name"], entry["gives"]) == ("quotient", "number")
    assert entry["arguments"][0] == {
        "word": "from",
        "name": "dividend",
        "type": "number",
        "required": True,
        "meaning": "numbers.",
    }
    assert "Missing where the divisor is 0 or missing." in entry["missing"]
    assert len(json.loads(run("--format", "json")[1])["entries"]) == len(entries())


def test_the_page_has_each() -> None:
    text = page()
    assert [entry.name for entry in entries() if f"- **{entry.name}**" not in text] == []


def explained(value: int, *, most: int) -> int:
    """The first sentence. Another one; missing where it is.

    Args:
        value: one,
            over two lines.
        most: another.

    Returns:
        Their sum. Missing stays missing.

    Source:
        Guide 1,
        page 2.

    >>> explained(1, most=1)
    2
    """
    return value + most


def test_the_parts_of_a_docstring() -> None:
    found = documentation(explained)
    assert (found.says, found.more) == ("The first sentence.", "Another one; missing where it is.")
    assert found.words == {"value": "one, over two lines.", "most": "another."}
    assert (found.gives, found.source) == (
        "Their sum. Missing stays missing.",
        "Guide 1, page 2.",
    )
    assert found.example == ">>> explained(1, most=1)\n2"
    assert found.missing == "Missing where it is. Missing stays missing."


def test_words_of_a_model() -> None:
    found = documentation(VariableSource)
    assert found.words["length"] == "Of a Char, in bytes."
    assert "length:" not in found.more
