"""A small study and its export: subjects, labs and an optional form of notes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ivig_cdisc import raw
from ivig_cdisc.metadata import Column, Form, Intake, Place, Study

PLACE = Place(file=Path("study.yaml"), line=1)
SUBJECTS = "subject_id;site_id;birth_date\nS1;A;01-02-1960\nS2;B;UN-UNK-1970\n"
LABS = "subject_id;visit;sample_date;sample_time;test;result;upper_limit\n"


def _form(
    name: str, key: tuple[str, ...], *, required: bool = True, **columns: dict[str, Any]
) -> Form:
    fields = {column: Column(**said) for column, said in columns.items()}
    return Form(
        name=name, file=f"{name}.csv", required=required, key=key, columns=fields, place=PLACE
    )


@pytest.fixture(scope="session")
def study() -> Study:
    """Castor style: semicolons, decimal commas, DD-MM-YYYY."""
    intake = Intake(
        delimiter=";",
        decimal=(".", ","),
        date="DD-MM-YYYY",
        unknown={"day": "UN", "month": "UNK"},
        missing={"-98": "UNKNOWN", "-99": "NOT DONE"},
        subject="subject_id",
        subjects="subjects",
        site="site_id",
    )
    forms = [
        _form(
            "subjects",
            ("subject_id",),
            subject_id={"required": True},
            site_id={},
            birth_date={"type": "date"},
        ),
        _form(
            "labs",
            ("subject_id", "visit", "sample_date", "test"),
            subject_id={"required": True},
            visit={"type": "code", "terms": "visits", "required": True},
            sample_date={"type": "date"},
            sample_time={"type": "time"},
            test={},
            result={"type": "result"},
            upper_limit={"type": "number", "range": (0, 500)},
        ),
        _form("notes", (), required=False, subject_id={}, note={}),
    ]
    return Study(
        id="TRIAL",
        title="A trial",
        cutoff="2024-01-01",
        folder=Path(),
        standards={},
        intake=intake,
        forms={form.name: form for form in forms},
        terms={"visits": {"BL": "BASELINE", "W3": "WEEK 3"}},
        facts={},
        codelists={},
        datasets=(),
    )


@pytest.fixture
def read(study: Study, tmp_path: Path) -> Callable[..., raw.Raw]:
    """Write files as given (text is UTF-8; None: no file) and read them; subjects and labs are there unless said."""

    def write_and_read(**files: str | bytes | None) -> raw.Raw:
        folder = tmp_path / "export"
        folder.mkdir(exist_ok=True)
        for name, content in (
            {"subjects": SUBJECTS, "labs": LABS, "notes": "subject_id;note\n"} | files
        ).items():
            if content is not None:
                data = content.encode() if isinstance(content, str) else content
                (folder / f"{name}.csv").write_bytes(data)
        return raw.read(folder, study)

    return write_and_read
