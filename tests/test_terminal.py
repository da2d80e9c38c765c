"""What a terminal shows, and what a file has of the same."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ivig_cdisc.terminal import Block, Fact, Heading, Item, Table, as_text, printable, show

PROGRAM = Path(sys.executable).with_name("ivig-cdisc")
DATASETS = Table(
    ("dataset", "records", "holds"),
    [
        ("DM", "22", "Demographics"),
        ("ADTTE", "1480", "Time-to-Event Analysis Dataset of all subjects who were treated"),
    ],
    numbers=frozenset({"records"}),
    indent=2,
)
BLOCKS = [Heading("Made"), DATASETS, "", Item("one of a list"), Fact("Report", "out/report.html")]
PLAIN = """\
Made
  dataset  records  holds
  DM            22  Demographics
  ADTTE       1480  Time-to-Event Analysis Dataset of all subjects who were treated

  one of a list
Report: out/report.html
"""


BOLD, NORMAL = "\x1b[1m", "\x1b[0m"


class Terminal(io.StringIO):
    """What is written to a terminal."""

    def isatty(self) -> bool:
        return True


def sent(monkeypatch: pytest.MonkeyPatch, blocks: list[Block], width: int) -> str:
    """What a terminal of so many columns gets."""
    terminal = Terminal()
    for name, value in {"COLUMNS": str(width), "TERM": "xterm", "NO_COLOR": "1"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "stdout", terminal)
    show(blocks)
    monkeypatch.undo()
    return terminal.getvalue()


def shown(monkeypatch: pytest.MonkeyPatch, blocks: list[Block], width: int) -> str:
    """What is to be read there, without blanks at the ends of lines."""
    text = sent(monkeypatch, blocks, width).replace(BOLD, "").replace(NORMAL, "")
    return "".join(f"{line.rstrip(' ')}\n" for line in text.splitlines())


def test_as_text() -> None:
    assert as_text(BLOCKS) == PLAIN


@pytest.mark.parametrize("name", ["FORCE_COLOR", "TTY_COMPATIBLE", "COLUMNS"])
def test_a_pipe_is_plain_whatever_the_environment_says(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, "1")
    show(BLOCKS)
    assert capsys.readouterr().out == PLAIN


def test_at_120_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    assert shown(monkeypatch, BLOCKS, 120) == PLAIN


def test_headings_and_values_stand_out(monkeypatch: pytest.MonkeyPatch) -> None:
    text = sent(monkeypatch, BLOCKS, 120)
    assert f"{BOLD}Made{NORMAL}\n" in text
    assert f"\nReport: {BOLD}out/report.html{NORMAL}\n" in text


def test_at_50_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    """Text goes on under its beginning; numbers stay whole."""
    assert shown(monkeypatch, [DATASETS], 50) == (
        "  dataset  records  holds\n"
        "  DM            22  Demographics\n"
        "  ADTTE       1480  Time-to-Event Analysis Dataset\n"
        "                    of all subjects who were\n"
        "                    treated\n"
    )


def test_a_list_goes_on_under_its_beginning(monkeypatch: pytest.MonkeyPatch) -> None:
    text = shown(monkeypatch, [Item("fourteen words " * 3)], 33)
    assert text == "  fourteen words fourteen words\n  fourteen words\n"


def test_a_terminal_too_narrow_for_the_longest_word(monkeypatch: pytest.MonkeyPatch) -> None:
    """The terminal breaks the lines where it must; nothing is cut."""
    text = shown(monkeypatch, [Table(("file",), [("a/path/without/blanks.csv",)])], 10)
    assert text == "file\na/path/without/blanks.csv\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[bold]x[/bold] [/x] :smile:", "[bold]x[/bold] [/x] :smile:"),  # no markup
        ("\x1b[31mred\x1b[0m", "\\x1b[31mred\\x1b[0m"),
        ("two\nlines\ttab\r", "two\\nlines\\ttab\\r"),
        ("right\u202eto left", "right\\u202eto left"),
        ("Überleben ≥ 9 Wochen, 中文", "Überleben ≥ 9 Wochen, 中文"),
    ],
)
def test_values_are_shown_as_they_are(
    monkeypatch: pytest.MonkeyPatch, text: str, said: str
) -> None:
    blocks = [text, Heading(text), Item(text), Fact(text, text), Table((text,), [(text,)])]
    expected = f"{said}\n{said}\n  {said}\n{said}: {said}\n{said}\n{said}\n"
    assert as_text(blocks) == expected
    assert shown(monkeypatch, blocks, 200) == expected


def test_wide_characters_keep_columns_in_line() -> None:
    """A Chinese character is as wide as two others."""
    rows = [("中文", "1"), ("DM", "2")]
    assert as_text([Table(("name", "n"), rows)]) == "name  n\n中文  1\nDM    2\n"


CELLS = st.text(st.characters(blacklist_categories=("Cs",)), max_size=60)
ROWS = st.lists(st.tuples(CELLS, CELLS, CELLS), max_size=4)


@example(rows=[("", "00000000 ", "")], width=16)  # a number with a blank at its end
@given(rows=ROWS, width=st.integers(10, 120))
def test_nothing_is_lost_at_any_width(rows: list[tuple[str, str, str]], width: int) -> None:
    block = Table(("a", "b", "c"), rows, numbers=frozenset({"b"}), indent=2)
    with pytest.MonkeyPatch.context() as monkeypatch:
        text = shown(monkeypatch, [block], width)
    cells = "".join("".join(row) for row in rows)
    expected = letters("abc" + printable(cells))
    assert letters(as_text([block])) == expected
    assert letters(text) == expected


def letters(text: str) -> Counter[str]:
    """How often each character is there, blanks left out."""
    return Counter("".join(text.split()))


def test_a_terminal_without_the_character(tmp_path: Path) -> None:
    """It is written out; the program does not fail."""
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    missing = tmp_path / "gr\u00f6\u00dfe.csv"
    missing.write_text("a\n1\n", "utf-8")
    run = subprocess.run(
        [PROGRAM, "compare", missing, missing], capture_output=True, env=environment, check=False
    )
    assert run.returncode == 0, run.stderr
    assert b"gr\\xf6\\xdfe.csv" in run.stdout
