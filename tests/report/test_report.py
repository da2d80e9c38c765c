"""The page and the JSON file: what they say, that they are always the same, and that a browser likes them."""

from __future__ import annotations

import dataclasses
import json
import re
from pathlib import Path

import orjson
import pandas as pd
import pytest

from ivig_cdisc.findings import COLUMNS, findings, gather, with_fingerprints
from ivig_cdisc.lineage.entries import COLUMNS as LEDGER
from ivig_cdisc.report import Summary, write_findings, write_report
from ivig_cdisc.validation.execution import RUN
from tests.pages.chromium import opened, visited
from tests.validation.small import rule, study

EVIL = "</script><script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">\u2028<b>&amp;"
FOUND = gather(
    [
        findings(
            severity=["error", "warning", "note"],
            rule=["R-END", "R-DOSE", EVIL],
            dataset=["AE", "CYCLE", EVIL],
            row=[3, 1, None],
            subject=["NTR6160-1001", "NTR6160-1002", None],
            site=["AMC", "UMC", None],
            key=["AESEQ=2", "CYCLE=2", None],
            variable=["AEENDTC", "DOSEKG", "x"],
            value=["2018-03-01", "1.24", EVIL],
            message=["The end is before the start.", "Dose 1.24 g/kg; planned is 1.", EVIL],
            file=["adverse_events.csv", "infusions.csv", EVIL],
            line=[12, 7, None],
            column=["end_date", "dose_g", None],
            verbatim=["01-03-2018", "95,5", EVIL],
        )
    ]
)
CELL = {
    "file": "adverse_events.csv",
    "line": 38,
    "column": "severity",
    "site": "AMC",
    "subject": "1003",
}
MORE = with_fingerprints(
    gather(
        [
            FOUND,
            findings(
                severity="error",
                rule="RAW-CODE",
                dataset="adverse_events",
                message="Not a code.",
                **CELL,
            ),
            findings(
                severity="warning",
                rule="SPEC-CODELIST",
                dataset="AE",
                row=1,
                message="Not a term.",
                **CELL,
            ),
            findings(
                severity="reject",
                rule="RAW-NO-SUBJECT",
                file="vitals.csv",
                line=9,
                message="Left out.",
            ),
            findings(
                severity="error",
                rule="R-SEEN",
                dataset="CM",
                message="Seen.",
                waived="As it is (me, 2021-01-12)",
            ),
            findings(
                severity="note",
                rule="RAW-UNKNOWN-COLUMN",
                file="vitals.csv",
                line=1,
                column="<device>",
            ),
            findings(severity="note", rule="RAW-UNKNOWN-FILE", file="<more>.csv"),
        ]
    )
)
LEDGER_OF = pd.DataFrame(
    [
        ["vitals.csv", "row", "", "mapped", "VS", "", 1200],
        ["vitals.csv", "row", "", "left out", "", "RAW-NO-SUBJECT", 4],
        ["vitals.csv", "column", "sbp", "mapped", "VS", "", 1190],
        ["vitals.csv", "column", "<device>", "unknown", "", "the study does not <name> it", 0],
        ["labs.csv", "row", "", "derivation only", "ADSL", "", 7],
        ["labs.csv", "column", "lab", "supplemental", "SUPPLB", "", 7],
    ],
    columns=list(LEDGER),
).astype(LEDGER)
RUNS = pd.DataFrame(
    [
        [
            "R-END",
            "AE",
            "error",
            "executed",
            "",
            "The end is before the start.",
            "The end is not before.",
            1,
            0.5,
        ],
        [
            "R-END",
            "SV",
            "error",
            "not applicable",
            "There is not a dataset SV.",
            "The end is before the start.",
            "",
            0,
            0,
        ],
        [
            "R-END",
            "SE",
            "error",
            "not applicable",
            "There is not a dataset SE.",
            "The end is before the start.",
            "",
            0,
            0,
        ],
        ["R-OLD", "AE", "warning", "failed", "<i>why</i>", EVIL, "", 0, 0],
    ],
    columns=list(RUN),
)
SUMMARY = Summary(
    rows={"AE": 1204},
    facts=[("Subjects", "23 <all>")],
    primary=[("Response", "8/19")],
    rules=RUNS,
    ledger=LEDGER_OF,
)


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "report.html"
    write_report(path, FOUND, study(), SUMMARY)
    return path


@pytest.fixture
def fuller(tmp_path: Path) -> Path:
    path = tmp_path / "fuller.html"
    write_report(path, MORE, study(), SUMMARY)
    return path


def plain(page: Path) -> str:
    """The page as text, cells apart by a bar."""
    body = page.read_text("utf-8").split("<main>")[1].split("<noscript>")
    text = re.sub(r"</t[hd]>", " | ", body[0] + body[1])
    return " ".join(re.sub("<[^>]*>", " ", text).split())


def test_the_page_says_what_was_found(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert "1 error, 1 warning and 1 note in the records of 2 subjects." in text
    assert "A &lt;small&gt; study &amp; its findings" in text
    assert "<dt>AE</dt><dd>1,204</dd>" in text
    assert "<dt>Subjects</dt><dd>23 &lt;all&gt;</dd>" in text
    assert "<dt>Response</dt><dd>8/19</dd>" in text
    assert "Data cut-off 2020-12-31" in text


def test_the_page_holds_all_findings(page: Path) -> None:
    (written,) = re.findall(
        r'<script type="application/json" id="data">(.*?)</script>',
        page.read_text("utf-8"),
        re.DOTALL,
    )
    held = json.loads(written)
    columns = {
        name: [
            held["columns"][name]["values"][code] if code >= 0 else None
            for code in held["columns"][name]["codes"]
        ]
        for name in COLUMNS
    }
    pd.testing.assert_frame_equal(pd.DataFrame(columns).astype(COLUMNS), FOUND)


def test_nothing_in_the_data_can_end_its_element(page: Path) -> None:
    (held,) = re.findall(r'id="data">(.*?)</script>', page.read_text("utf-8"), re.DOTALL)
    assert "title='owned'" in json.loads(held)["columns"]["message"]["values"][2]
    assert not set(held) & set("<>&\u2028\u2029")


def test_nothing_comes_from_elsewhere(page: Path) -> None:
    text = page.read_text("utf-8")
    assert set(re.findall(r"""(?:src|href)=["']([^"']*)""", text)) == {
        "#findings",
        "#ledger",
        "data:,",
    }
    assert not re.findall(r"url\(|@import|https?:", text)
    assert "{{" not in text


def test_same_findings_same_bytes(page: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.html"
    write_report(again, FOUND.sample(frac=1, random_state=1), study(), SUMMARY)
    assert again.read_bytes() == page.read_bytes()


def test_nothing_found(tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    write_report(path, gather([]), study())
    assert "Nothing was found." in path.read_text("utf-8")


def test_findings_as_json(tmp_path: Path) -> None:
    path, again = tmp_path / "findings.json", tmp_path / "again.json"
    write_findings(path, FOUND, study())
    write_findings(again, FOUND.iloc[::-1], study())
    written = orjson.loads(path.read_bytes())
    assert path.read_bytes() == again.read_bytes()
    assert {k: v for k, v in written.items() if k != "findings"} == {
        "study": "NTR6160",
        "cutoff": "2020-12-31",
        "counts": {"reject": 0, "error": 1, "warning": 1, "note": 1, "waived": 0, "answered": 0},
    }
    assert list(written["findings"][0]) == list(COLUMNS)
    assert written["findings"][0]["line"] == 12
    assert written["findings"][2]["line"] is None


# ---------------------------------------------------------------- the parts above and below the
# table
def test_waived_findings_are_counted_apart(fuller: Path, tmp_path: Path) -> None:
    verdict = "1 reject, 2 errors, 2 warnings and 3 notes in the records of 3 subjects. 1 finding is waived."
    assert verdict in fuller.read_text("utf-8")
    path = tmp_path / "findings.json"
    write_findings(path, MORE, study())
    written = orjson.loads(path.read_bytes())
    assert written["counts"] == {
        "reject": 1,
        "error": 2,
        "warning": 2,
        "note": 3,
        "waived": 1,
        "answered": 0,
    }
    assert len(written["findings"]) == 9  # those of one cause, and the waived one, are all there


def test_all_waived(tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    write_report(path, MORE[MORE["waived"].notna()], study())
    assert "No open finding. 1 finding is waived." in path.read_text("utf-8")
    assert "by site and form" not in path.read_text("utf-8")


def test_the_heat_map_counts_what_calls_for_action(fuller: Path) -> None:
    (heat,) = re.findall('class="panel heat"(.*?)</table>', fuller.read_text("utf-8"), re.DOTALL)
    lines = re.findall(r"<tr><th scope=\"row\">(.*?)</tr>", heat, re.DOTALL)
    told = [" ".join(re.sub("<[^>]*>", " ", line).split()) for line in lines]
    assert told == ["AMC 3 0 0 3", "UMC 0 1 0 1", "(none) 0 0 1 1"]
    assert 'aria-label="Site AMC, adverse_events.csv: 2 errors, 1 warning"' in fuller.read_text(
        "utf-8"
    )


def test_rules_say_where_they_were_executed(fuller: Path) -> None:
    text = plain(fuller)
    assert "10 rules; counted on each dataset: 1 executed, 2 not applicable, 1 failed." in text
    assert (
        "R-END | The end is before the start. The end is not before. | error | AE | "
        "Not applicable: There is not a dataset SV. There is not a dataset SE. | 1 |" in text
    )
    assert "Failed: &lt;i&gt;why&lt;/i&gt; | 0 |" in text
    assert "RAW-CODE | | error | reading the raw export | | 1 |" in text


def test_rules_that_nobody_ran_are_listed(tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    unrun = rule("R-UNRUN", "AE", "present", "AETERM", message="{AETERM} is bad.")
    write_report(path, gather([]), study(rules=(unrun,)))
    assert (
        "R-UNRUN | AETERM is bad. | error | | Not applicable: Nothing was examined. | 0 |"
        in plain(path)
    )


def test_seconds_are_not_in_the_page(page: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.html"
    slower = dataclasses.replace(SUMMARY, rules=RUNS.assign(seconds=99.25))
    write_report(again, FOUND, study(), slower)
    assert again.read_bytes() == page.read_bytes()


def test_the_ledger_adds_up(fuller: Path) -> None:
    text = plain(fuller)
    assert "1,211 rows read 1,200 mapped, 7 derivation only, 4 left out" in text
    assert "3 columns 1 mapped, 1 supplemental, 1 unknown" in text
    assert "Unknown columns vitals.&lt;device&gt; Unknown files &lt;more&gt;.csv" in text
    heads = (
        "read | mapped | derivation only | left out | in all | mapped | supplemental | unknown |"
    )
    assert heads in text
    assert "labs.csv | 7 | 0 | 7 | 0 | 1 | 0 | 1 | 0 | |" in text
    assert "vitals.csv | 1,204 | 1,200 | 0 | 4 | 2 | 1 | 0 | 1 | &lt;device&gt; |" in text
    assert "&lt;more&gt;.csv | not read, as no form of the study names it |" in text
    assert "All files | 1,211 | 1,200 | 7 | 4 | 3 | 1 | 1 | 1 | |" in text
    assert "&lt;device&gt; | unknown | | the study does not &lt;name&gt; it | 0 |" in text
    assert "rows | left out | | RAW-NO-SUBJECT | 4 |" in text


def test_nothing_to_say_leaves_no_empty_parts(tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    write_report(path, gather([]), study())
    text = path.read_text("utf-8")
    assert re.findall(r'<section[^>]*id="(\w+)"', text) == ["findings"]
    assert not {name for name in ("facts", "panels", "panel", "heat") if f'class="{name}' in text}


def test_no_outcome_leaves_no_band(page: Path, tmp_path: Path) -> None:
    without = tmp_path / "without.html"
    write_report(without, FOUND, study(), dataclasses.replace(SUMMARY, facts=[], primary=[]))
    assert '<dl class="facts">' in page.read_text("utf-8")
    assert '<dl class="facts">' not in without.read_text("utf-8")


def test_most_findings_come_first(tmp_path: Path) -> None:
    """The bars are as long as their totals; of two with the same, that with the worse findings is first."""
    path = tmp_path / "report.html"
    severities = {
        "A": ["error"],
        "B": ["note"] * 3,
        "C": ["error", "note", "note"],
        "D": ["note", "warning"],
    }
    found = [findings(severity=those, rule="R", site=site) for site, those in severities.items()]
    write_report(path, gather(found), study())
    told = re.findall(
        r'data-column="site" data-value="(\w)" title="(.*?)"', path.read_text("utf-8")
    )
    assert told == [
        ("C", "1 error, 2 notes"),
        ("B", "3 notes"),
        ("D", "1 warning, 1 note"),
        ("A", "1 error"),
    ]


# ---------------------------------------------------------------- in a browser
def shown(dom: str) -> list[str]:
    """The severity of each row of the table, from top to bottom, and whether it is waived."""
    return re.findall(r'<tr class="([\w ]+)"', dom)


@pytest.mark.parametrize(
    ("address", "rows"),
    [
        ("", ["error", "warning", "note"]),
        ("#without=error", ["warning", "note"]),
        ("#dataset=CYCLE", ["warning"]),
        ("#site=AMC", ["error"]),
        ("#site=%E2%88%85", ["note"]),  # without a site
        ("#subject=1002", ["warning"]),
        ("#text=START%20end_date", ["error"]),
        ("#text=nowhere", []),
        ("#sort=-severity", ["note", "warning", "error"]),
        ("#sort=source", ["note", "error", "warning"]),
        ("#sort=subject", ["error", "warning", "note"]),  # missing last
    ],
)
def test_filters_and_order_in_the_address(
    browser: str, page: Path, address: str, rows: list[str]
) -> None:
    dom = opened(browser, page, address)
    assert 'data-ready="yes"' in dom
    assert shown(dom) == rows


@pytest.mark.parametrize(
    ("address", "rows"),
    [
        (
            "",
            ["reject", "error", "error", "error waived", "warning", "note", "note", "note"],
        ),  # two of one cell
        ("#waived=no&without=note", ["reject", "error", "error", "warning"]),
        ("#waived=yes", ["error waived"]),
        ("#file=vitals.csv", ["reject", "note"]),
        ("#subject=1003&without=error", ["warning"]),  # of its cell only what fits the filter
        ("#subject=100", ["error", "error", "warning"]),
        ("#text=" + MORE.loc[MORE["rule"].eq("R-SEEN"), "fingerprint"].iloc[0], ["error waived"]),
        (
            "#ledger",
            ["reject", "error", "error", "error waived", "warning", "note", "note", "note"],
        ),
    ],
)
def test_one_line_per_cause(browser: str, fuller: Path, address: str, rows: list[str]) -> None:
    assert shown(opened(browser, fuller, address)) == rows


def test_findings_of_one_cell_are_folded(browser: str, fuller: Path) -> None:
    dom = opened(browser, fuller)
    assert "8 causes, 9 findings" in dom
    folds = re.findall(r"<details><summary>1 more on this cell</summary><ul>(.*?)</ul>", dom)
    (text,) = (" ".join(re.sub("<[^>]*>", "", fold).split()) for fold in folds)
    assert text.startswith("warning Not a term.AE · SPEC-CODELIST · ")
    assert "Waived: As it is (me, 2021-01-12)" in dom
    parts = re.search(r'<nav id="parts"[^>]*>(.*?)</nav>', dom)
    assert parts
    assert re.findall(">(.*?)</a>", parts[1]) == ["Findings", "Rules", "Ledger"]


def test_planted_scripts_do_not_run(browser: str, page: Path) -> None:
    dom = opened(browser, page)
    assert "<title>NTR6160 – findings</title>" in dom
    assert "<img" not in dom.split('id="data"')[0]
    assert "&lt;/script&gt;&lt;script&gt;document.title" in dom  # it is text in a cell


def test_controls(browser: str, page: Path) -> None:
    visitor = """
      const told = [];
      const rows = () => [...document.querySelectorAll("#body tr")].map((tr) => tr.cells[0].textContent).join();
      const press = (selector) => { document.querySelector(selector).click(); told.push(rows()); };
      press("[data-severity=note]");
      press("[data-column=site][data-value=AMC]");
      press("#reset");
      press("[data-name=severity] button");
      press("[data-name=severity] button");
      told.push(document.querySelector("[data-name=severity]").getAttribute("aria-sort"));
      told.push(document.querySelector("#status").textContent);
      dispatchEvent(new Event("beforeprint"));
      document.title = told.join(" | ");
    """
    assert visited(browser, page, visitor) == [
        "error,warning",
        "error",
        "error,warning,note",
        "error,warning,note",
        "note,warning,error",
        "descending",
        "3 causes, 3 findings",
    ]


def test_switches_outside_the_table(browser: str, fuller: Path) -> None:
    visitor = """
      const told = [];
      const rows = () => [...document.querySelectorAll("#body tr")].map((tr) => tr.className).join();
      const press = (selector) => { document.querySelector(selector).click(); told.push(rows()); };
      press(".cell[data-site=UMC]");
      told.push(document.querySelector(".cell[data-site=UMC]").getAttribute("aria-pressed"));
      press(".cell[data-site='']");
      press("[data-rule=RAW-CODE]");
      press(".bar[data-column=subject][data-value='1003']");
      press("#reset");
      document.querySelector("#parts a:last-child").click();
      dispatchEvent(new Event("beforeprint"));
      told.push(document.querySelectorAll(".part details:not([open])").length);
      dispatchEvent(new Event("afterprint"));
      told.push(document.querySelectorAll(".part details[open]").length);
      document.title = told.join(" | ");
    """
    everything = "reject,error,error,error waived,warning,note,note,note"
    assert visited(browser, fuller, visitor) == [
        "warning", "true", "reject", "error", "error", everything, "0", "0",
    ]  # fmt: skip


def test_fifty_thousand_findings(browser: str, tmp_path: Path) -> None:
    many, path = 50_000, tmp_path / "report.html"
    numbers = pd.Series(range(many))
    found = findings(
        severity="warning",
        rule="R",
        dataset="LB",
        row=numbers,
        subject="S" + (numbers % 900).astype("str"),
        line=numbers,
    )
    write_report(path, found, study())
    dom = opened(browser, path, "#sort=-source&page=3")
    assert len(shown(dom)) == 100
    assert "Page 3 of 500" in dom
    assert re.findall(r'<td class="of-source"[^>]*><code><span[^>]*>(\d+)', dom)[0] == "49799"
