"""Which numbers are dates is asked in one place, and every room that asks gets the same answer."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from ivig_cdisc.formats.table import Attributes
from ivig_cdisc.formats.xpt import layout
from ivig_cdisc.metadata import DatasetSpec, Kind, Place, Study, Variable, Wiring, number_kind
from ivig_cdisc.validation.conformance import REQUIREMENTS
from ivig_cdisc.validation.expectations import requirements

PLACE = Place(file=Path("adxx.yaml"), line=1)
FORMATS: list[tuple[str, Kind]] = [
    *(
        (form, "date")
        for form in (
            "DATE9.",
            "DATE.",
            "DATE11.",
            "YYMMDD10.",
            "YYMMDDN8.",
            "YYMMDDS10.",
            "MMDDYY10.",
        )
    ),
    *(
        (form, "date")
        for form in ("DDMMYYP10.", "E8601DA.", "E8601DA10.", "B8601DA8.", "IS8601DA10.", "MONYY7.")
    ),
    *(
        (form, "datetime")
        for form in ("DATETIME.", "DATETIME20.", "DATETIME22.3", "E8601DT.", "E8601DT19.")
    ),
    *(
        (form, "datetime")
        for form in ("E8601DN10.", "B8601DT15.", "IS8601DT.", "DATEAMPM.", "DTDATE9.")
    ),
    *(
        (form, "time")
        for form in ("TIME8.", "TIME5.", "HHMM5.", "TOD8.", "E8601TM8.", "E8601TM.", "TIMEAMPM.")
    ),
    *(
        (form, "number")
        for form in ("", "8.2", "BEST12.", "Z5.", "COMMA9.", "DOLLAR8.", "F5.1", "PERCENT8.")
    ),
]


def variable(form: str) -> Variable:
    wiring = Wiring(function="copy", place=PLACE)
    return Variable(name="ADT", label="Date", type="Num", length=8, format=form, wiring=wiring)


@pytest.mark.parametrize(("form", "kind"), FORMATS)
def test_what_the_numbers_are(form: str, kind: Kind) -> None:
    assert number_kind(form) == kind
    assert number_kind(form.lower()) == kind
    assert number_kind(form.removesuffix(".")) == kind


@pytest.mark.parametrize(("form", "kind"), FORMATS)
def test_every_room_gives_the_same_answer(form: str, kind: Kind) -> None:
    spec = DatasetSpec(
        name="ADXX",
        label="Dates",
        standard="ADaM",
        structure="BDS",
        keys=("ADT",),
        rows=(),
        variables=(variable(form),),
        place=PLACE,
    )
    assert variable(form).kind == kind
    assert next(iter(layout.fields(spec))).kind == kind
    assert Attributes.of("Num", 8, "Date", form).date == kind
    dates = pd.DataFrame({"ADT": pd.to_datetime(["2020-01-02"])})
    wanted = requirements(spec, Study.model_construct())["SPEC-TYPE"]
    assert REQUIREMENTS["SPEC-TYPE"](dates, wanted).empty == (kind in {"date", "datetime"})


def test_text_is_no_number() -> None:
    wiring = Wiring(function="copy", place=PLACE)
    text = Variable(name="X", label="X", type="Char", length=8, format="$DATE9.", wiring=wiring)
    assert text.kind == "number"
