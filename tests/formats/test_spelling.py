"""ASCII spellings, character by character."""

from __future__ import annotations

import pyarrow as pa
import pytest

from ivig_cdisc.formats.xpt import spelling


@pytest.mark.parametrize(
    ("text", "ascii_text"),
    [
        ("Müller", "Muller"),
        ("Crohn’s", "Crohn's"),
        ("“quoted”", '"quoted"'),
        ("Straße", "Strasse"),
        ("naïve café", "naive cafe"),
        ("cafe\u0301", "cafe"),  # the accent as a character of its own
        ("Ångström Øre Æsir Łódź", "Angstrom Ore AEsir Lodz"),
        ("300 \u212a", "300 K"),  # Kelvin sign
        ("5 µg/mL", "5 ug/mL"),  # micro sign
        ("5 μg/mL", "5 ug/mL"),  # Greek mu, looks the same
        ("12–14 — a", "12-14 - a"),
        ("a\u00a0b\u2009c", "a b c"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("37 °C", "37 degC"),
        ("≤5 ≥3 ±2", "<=5 >=3 +/-2"),
        ("≠", "!="),  # decomposes to "=" and a stroke: must not become "="
        ("m²", "m2"),
        ("10⁹/L", "10^9/L"),  # not 109/L
        ("10⁻³", "10^-3"),
        ("½ 1½", "1/2 1 1/2"),  # not 11/2
        ("H₂O", "H2O"),
        ("β2-microglobulin, γGT", "beta2-microglobulin, gammaGT"),
        ("wait…", "wait..."),
        ("Privigen®", "Privigen(R)"),
    ],
)
def test_spelled(text: str, ascii_text: str) -> None:
    found, spelled, lost = spelling.transliterate(text)
    assert (found, lost) == (ascii_text, "")
    assert spelled


@pytest.mark.parametrize(
    ("text", "ascii_text", "lost"),
    [
        ("日本 é", "?? e", "日本"),
        ("≮5", "?5", "≮"),
        ("☃☃", "??", "☃"),
        ("\U0001f642", "?", "\U0001f642"),
    ],
)
def test_without_spelling(text: str, ascii_text: str, lost: str) -> None:
    found, _, missing = spelling.transliterate(text)
    assert (found, missing) == (ascii_text, lost)


def test_mask_spells_nothing() -> None:
    assert spelling.replace("Müller ☃") == ("M?ller ?", "", "ü☃")


def test_ascii_text_is_left_alone() -> None:
    every = "".join(map(chr, range(0x20, 0x7F)))
    assert spelling.transliterate(every) == (every, "", "")


def test_all_spellings_are_ascii() -> None:
    assert all(text.isascii() for text in spelling.SPELLINGS.values())


def test_control_characters_are_blanks_and_a_line_break_is_one() -> None:
    assert spelling.without_control("a\r\nb\tc\nd\x00e\x85f") == "a b c d e f"


@pytest.mark.parametrize(
    ("values", "plain"),
    [
        (["a ~"], True),
        ([None, ""], True),
        ([], True),
        (["a\n"], False),
        (["\x7f"], False),
        (["é"], False),
    ],
)
def test_plain_is_printable_ascii(values: list[str | None], plain: bool) -> None:
    assert spelling.is_printable_ascii(pa.array(values, pa.large_string())) is plain


def test_plain_sees_only_the_slice() -> None:
    assert spelling.is_printable_ascii(pa.array(["é", "a", "é"], pa.large_string())[1:2])
