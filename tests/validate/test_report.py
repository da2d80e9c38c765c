"""The page and the JSON file: what they say, that they are always the same, and that a browser likes them."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import orjson
import pandas as pd
import pytest

from ivig_cdisc.findings import COLUMNS, findings, gather
from ivig_cdisc.validate import Summary, write_findings, write_report
from ivig_cdisc.validate.examine import RUN
from ivig_cdisc.validate.report import data

from .small import study

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
RUNS = pd.DataFrame(
    [
        ["R-END", "AE", "error", "executed", "", "The end is before the start.", "The end is not before.", 1],
        ["R-END", "SV", "error", "not applicable", "There is no dataset SV.", "The end is before the start.", "", 0],
        ["R-OLD", "AE", "warning", "failed", "<i>why</i>", EVIL, "", 0],
    ],
    columns=list(RUN),
)
SUMMARY = Summary(rows={"AE": 1204}, facts={"Subjects": "23 <all>"}, primary=("Response", "8/19"), rules=RUNS)


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "report.html"
    write_report(path, FOUND, study(), SUMMARY)
    return path


def test_the_page_says_what_was_found(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert "1 error, 1 warning and 1 note in the records of 2 subjects." in text
    assert "A &lt;small&gt; study &amp; its findings" in text
    assert "<dt>AE</dt><dd>1,204</dd>" in text
    assert "<dt>Subjects</dt><dd>23 &lt;all&gt;</dd>" in text
    assert "<dt>Response</dt><dd>8/19</dd>" in text
    assert "What was checked: 1 executed, 1 not applicable, 1 failed" in text
    assert "<small>Not applicable: There is no dataset SV.</small>" in text
    assert "Data cut-off 2020-12-31" in text


def test_the_page_holds_all_findings(page: Path) -> None:
    (written,) = re.findall(
        r'<script type="application/json" id="data">(.*?)</script>', page.read_text("utf-8"), re.DOTALL
    )
    held = json.loads(written)
    columns = {
        name: [held["columns"][name]["values"][code] if code >= 0 else None for code in held["columns"][name]["codes"]]
        for name in COLUMNS
    }
    pd.testing.assert_frame_equal(pd.DataFrame(columns).astype(COLUMNS), FOUND)


def test_nothing_in_the_data_can_end_its_element() -> None:
    assert not set(data(FOUND)) & set("<>&\u2028\u2029")


def test_nothing_comes_from_elsewhere(page: Path) -> None:
    text = page.read_text("utf-8")
    assert set(re.findall(r"""(?:src|href)=["']([^"']*)""", text)) == {"#findings", "data:,"}
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
        "counts": {"error": 1, "warning": 1, "note": 1},
    }
    assert list(written["findings"][0]) == list(COLUMNS)
    assert written["findings"][0]["line"] == 12
    assert written["findings"][2]["line"] is None


# ---------------------------------------------------------------- in a browser
@pytest.fixture(scope="session")
def browser() -> str:
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), None)
    if not found:
        pytest.skip("there is no Chromium to open the page in")
    return found


def opened(browser: str, page: Path, address: str = "") -> str:
    """The page after its scripts have run; nothing may have been written to the console."""
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr", "--virtual-time-budget=5000"]
    profile = f"--user-data-dir={page.parent / 'profile'}"
    ran = subprocess.run(
        [browser, *options, profile, "--dump-dom", page.as_uri() + address],
        capture_output=True,
        timeout=120,
        check=True,
    )
    console = [line for line in ran.stderr.decode(errors="replace").splitlines() if "CONSOLE" in line]
    assert not console
    return ran.stdout.decode()


def shown(dom: str) -> list[str]:
    """The severity of each row of the table, from top to bottom."""
    return re.findall(r'<td class="severity (\w+)"', dom)


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
def test_filters_and_order_in_the_address(browser: str, page: Path, address: str, rows: list[str]) -> None:
    dom = opened(browser, page, address)
    assert 'data-ready="yes"' in dom
    assert shown(dom) == rows


def test_planted_scripts_do_not_run(browser: str, page: Path) -> None:
    dom = opened(browser, page)
    assert "<title>NTR6160 – findings</title>" in dom
    assert "<img" not in dom.split('id="data"')[0]
    assert "&lt;/script&gt;&lt;script&gt;document.title" in dom  # it is text in a cell


def test_controls(browser: str, page: Path) -> None:
    """A copy of the page, without its policy and with a visitor who clicks."""
    visitor = """
      const told = [];
      const rows = () => [...document.querySelectorAll("#body tr")].map((tr) => tr.cells[0].textContent).join();
      const press = (selector) => { document.querySelector(selector).click(); told.push(rows()); };
      press("[data-severity=note]");
      press("[data-column=dataset][data-value=AE]");
      press("#reset");
      press("[data-name=severity] button");
      press("[data-name=severity] button");
      told.push(document.querySelector("[data-name=severity]").getAttribute("aria-sort"));
      told.push(document.querySelector("#status").textContent);
      dispatchEvent(new Event("beforeprint"));
      document.title = told.join(" | ");
    """
    text = re.sub(r"<meta http-equiv=.*?>", "", page.read_text("utf-8"))
    page.write_text(text.replace("</body>", f"<script>{visitor}</script></body>"), "utf-8")
    (title,) = re.findall(r"<title>(.*?)</title>", opened(browser, page))
    assert title.split(" | ") == [
        "error,warning",
        "error",
        "error,warning,note",
        "error,warning,note",
        "note,warning,error",
        "descending",
        "3 findings",
    ]


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
    assert re.findall(r'<td class="source"[^>]*><code>(\d+)', dom)[0] == "49799"
