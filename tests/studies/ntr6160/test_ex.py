"""Exposure: an interruption is told beside the dose, which it does not adjust."""

from __future__ import annotations

from pathlib import Path

from .exports import INFUSION, converted, rows


def test_interruptions_and_cycles(tmp_path: Path) -> None:
    infusions = [
        INFUSION,
        {
            **INFUSION,
            "infusion_date": "23-01-2018",
            "interrupted": "1",
            "interruption_reason": "Chills",
        },
        {**INFUSION, "cycle": "2", "infusion_date": "12-02-2018", "interrupted": "1"},
        {
            **INFUSION,
            "cycle": "3",
            "infusion_date": "05-03-2018",
            "interrupted": "1",
            "interruption_reason": "-98",
        },
        {**INFUSION, "cycle": "3", "infusion_date": "06-03-2018", "interruption_reason": "Chills"},
    ]
    made = converted(tmp_path, "EX", infusions=infusions)
    assert not {"EXADJ", "EXCAT"} & set(made.datasets["EX"])
    told = rows(made, "SUPPEX", "IDVARVAL", "QNAM", "QVAL")
    assert [row for row in told if row[1] == "CYCLE"] == [
        ("1", "CYCLE", "1"),
        ("2", "CYCLE", "1"),
        ("3", "CYCLE", "2"),
        ("4", "CYCLE", "3"),
        ("5", "CYCLE", "3"),
    ]
    assert [row for row in told if row[1] != "CYCLE"] == [
        ("1", "EXINTRFL", "N"),
        ("2", "EXINTREA", "Chills"),
        ("2", "EXINTRFL", "Y"),
        ("3", "EXINTRFL", "Y"),  # without a reason
        ("4", "EXINTREA", "ASKED BUT UNKNOWN"),
        ("4", "EXINTRFL", "Y"),
        ("5", "EXINTRFL", "N"),  # not interrupted: no reason
    ]
