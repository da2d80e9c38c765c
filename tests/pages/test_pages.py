"""Any text stays text, and a page fits its window without a word broken."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

import jinja2
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivig_cdisc import comparison, narrative
from ivig_cdisc.findings import findings, gather, with_fingerprints
from ivig_cdisc.lineage.entries import COLUMNS as LEDGER
from ivig_cdisc.lineage.tree import Node
from ivig_cdisc.pages import render
from ivig_cdisc.report import Summary, write_report
from ivig_cdisc.tracing import as_html
from ivig_cdisc.validation.execution import RUN
from tests.validation.small import study

from .chromium import visited

HARMLESS = "zx"  # as those below, it comes last in any order
HOSTILE = [
    "</script><script>document.title='owned'</script>",
    "<img src=x onerror=\"document.title='owned'\">",
    "\" onmouseover=\"document.title='owned'",
    "' onmouseover='document.title=1",
    "<!-- a comment",
    "</style></title></textarea>",
    "&lt;b&gt; &amp; &#60;",
    "{{ 7 * 7 }}{% raw %}{# ",
]


def report(text: str, path: Path) -> str:
    """A page of findings in which everything that comes from a study or its data is the text."""
    found = findings(
        severity=["error", "warning"],
        message="m",
        row=[1, 2],
        line=[2, 3],
        **dict.fromkeys(
            (
                "rule",
                "dataset",
                "subject",
                "site",
                "key",
                "variable",
                "value",
                "column",
                "verbatim",
            ),
            text,
        ),
        file=[text, "other.csv"],
    )
    unknown = findings(
        severity="note",
        rule=["RAW-UNKNOWN-COLUMN", "RAW-UNKNOWN-FILE"],
        message="m",
        file=text,
        column=text,
    )
    where = pd.DataFrame(
        [
            [text, "row", "", "mapped", text, text, 3],
            [text, "column", text, "unknown", text, text, 0],
        ],
        columns=list(LEDGER),
    ).astype(LEDGER)
    rules = pd.DataFrame(
        [[text, text, "error", "failed", text, text, text, 1, 0.5]], columns=list(RUN)
    )
    earlier = pd.DataFrame({"query": ["", text], "wrong": text, "answer": text})
    said = Summary({text: 3}, ((text, text),), ((text, text),), rules, where, earlier)
    named = study(id=text, title=text, cutoff=text)
    write_report(path, gather([with_fingerprints(gather([found])), unknown]), named, said)
    return path.read_text("utf-8")


def page_of_narrative(text: str, path: Path) -> str:
    table = narrative.Table((text, text), ((text, text),), (text,))
    section = narrative.Section(text, (text,), table, (text,))
    path.write_text(
        narrative.as_html(
            narrative.PatientNarrative(text, text, text, text, text, text, (section,))
        ),
        "utf-8",
    )
    return path.read_text("utf-8")


def differences(text: str, path: Path) -> str:
    for name, value in (("one", text), ("two", "other")):
        frame = pd.DataFrame({"USUBJID": ["S1", "S2"], "X": [value, "same"]})
        (path.parent / name).mkdir(exist_ok=True)
        frame.to_csv(path.parent / name / "vs.csv", index=False)
    found = comparison.compare(path.parent / "one" / "vs.csv", path.parent / "two" / "vs.csv")
    path.write_text(comparison.as_html(found), "utf-8")
    return path.read_text("utf-8")


def derivation(text: str, path: Path) -> str:
    typed = Node(text, 2, text, text, text, raw=True)
    again = Node("VS", 3, text, text, text, again=True)
    missing = Node("VS", 3, "X", None, text, (typed, again))
    path.write_text(as_html(Node("VS", 3, "Y", text, text, (missing,), decided=(typed,))), "utf-8")
    return path.read_text("utf-8")


PAGES = {
    "report": report,
    "narrative": page_of_narrative,
    "differences": differences,
    "derivation": derivation,
}


class Elements(HTMLParser):
    """The elements of a page and the names of their attributes, in order; and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.made: list[tuple[str, ...]] = []
        self.said = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.made.append((tag, *(name for name, _ in attrs)))

    def handle_endtag(self, tag: str) -> None:
        self.made.append((f"/{tag}",))

    def handle_comment(self, data: str) -> None:
        self.made.append(("comment", data))

    def handle_data(self, data: str) -> None:
        self.said += data


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("page", PAGES)
def test_any_text_stays_text(tmp_path: Path, page: str, text: str) -> None:
    """The same elements with the same attributes as around a harmless text."""
    plain, hostile = (
        Elements(PAGES[page](value, tmp_path / "page.html")) for value in (HARMLESS, f"z{text}")
    )
    assert hostile.made == plain.made
    assert text in hostile.said


@settings(deadline=None, max_examples=50)
@given(text=st.text(st.characters(codec="utf-8"), min_size=1, max_size=30))
def test_any_text_of_a_narrative_stays_text(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    path = tmp_path_factory.mktemp("narrative") / "page.html"
    assert (
        Elements(page_of_narrative(text, path)).made
        == Elements(page_of_narrative(HARMLESS, path)).made
    )


@pytest.mark.parametrize("page", PAGES)
def test_same_data_same_text(tmp_path: Path, page: str) -> None:
    assert PAGES[page]("a", tmp_path / "page.html") == PAGES[page]("a", tmp_path / "page.html")


@pytest.mark.parametrize("page", PAGES)
def test_nothing_comes_from_elsewhere(tmp_path: Path, page: str) -> None:
    text = PAGES[page](HARMLESS, tmp_path / "page.html").replace("http-equiv", "")
    assert "default-src 'none'" in text
    assert not {"http:", "https:", "url(", "@import"} & {
        part for part in ("http:", "https:", "url(", "@import") if part in text
    }


def test_what_a_template_names_must_be_there() -> None:
    with pytest.raises(jinja2.UndefinedError, match="'numbers' is undefined"):
        render(
            "narrative.html",
            narrative=narrative.PatientNarrative("S", "t", "c", "1", "S-1", "lead", ()),
        )


# ---------------------------------------------------------------- in a browser
LONG = "NASOPHARYNGITIS 2018-03-16 hypogammaglobulinaemia AESTDTC"
USUAL = {
    "severity": "warning",
    "message": "A criterion of seriousness is ticked for hypogammaglobulinaemia, but it is not marked as serious.",
    "rule": "CRITERION-WITHOUT-SERIOUSNESS",
    "dataset": "adverse_events",
    "subject": "NTR-03-004",
    "site": "03",
    "key": "AEDECOD=NASOPHARYNGITIS, AESTDTC=2018-03-16T08:55, AESPID=2",
    "variable": "description",
    "value": "0.8474576271186441",
    "file": "adverse_events.csv",
    "column": "description",
    "verbatim": "0,8474576271",
}
BROKEN_WORDS = r"""
  for (const fold of document.querySelectorAll("details")) fold.open = true;
  const {scrollWidth, clientWidth} = document.documentElement, told = [scrollWidth - clientWidth];
  const walker = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode())
    for (const word of node.textContent.matchAll(/[\p{L}\p{N}.]+/gu)) {
      const range = document.createRange();
      range.setStart(node, word.index);
      range.setEnd(node, word.index + word[0].length);
      if (new Set([...range.getClientRects()].map((box) => Math.round(box.top))).size > 1) told.push(word[0]);
    }
  document.title = told.join(" | ");
"""


@pytest.mark.parametrize("page", ["narrative", "differences", "derivation"])
def test_no_word_breaks(browser: str, tmp_path: Path, page: str) -> None:
    """In a window of 1100 pixels, which the page does not leave."""
    PAGES[page](LONG, tmp_path / "page.html")
    assert visited(browser, tmp_path / "page.html", BROKEN_WORDS) == ["0"]


@pytest.mark.parametrize("width", [1100, 1400])
def test_no_word_breaks_among_findings(browser: str, tmp_path: Path, width: int) -> None:
    path = tmp_path / "page.html"
    write_report(
        path, with_fingerprints(gather([findings(row=[1], line=[1234], **USUAL)])), study()
    )
    assert visited(browser, path, BROKEN_WORDS, width) == ["0"]


def test_a_word_without_end_breaks(browser: str, tmp_path: Path) -> None:
    endless = "x" * 500
    differences(endless, tmp_path / "differences.html")
    write_report(
        tmp_path / "report.html", gather([findings(**USUAL | {"verbatim": endless})]), study()
    )
    for page in ("differences.html", "report.html"):
        assert visited(browser, tmp_path / page, BROKEN_WORDS) == ["0", endless]
