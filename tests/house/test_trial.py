"""Code knows CDISC and no study: none of the names that a bundled study gives to anything of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path, PurePath

import pytest

from ivig_cdisc.metadata import DatasetSpec, Study, load
from ivig_cdisc.metadata.standard import standard

STUDIES = ("ntr6160", "cdiscpilot01")
WORDS = ("ivig", "immunoglobulin", "privigen", "xanomeline", "myositis", "rescue", "cycle", "tis")
INSTRUMENTS = PurePath("derive/instruments")
PACKAGE = re.compile(r"ivig[-_]cdisc")
NAME = re.compile(r"[A-Z][A-Z0-9]{2,}")
GUIDES = ("ADSL", "ADAE", "ADCM", "ADEX", "ADLB", "ADTTE", "ADVS")  # that ADaM's guides name
PLAIN = {  # what is called so in code for reasons of its own
    "COMPLETE",  # a constant: text of a complete date; a result format of Great Expectations
    "EXPOSURE",  # the internal dataset of every study that `new-study` begins
    "PARTS",  # a constant: parts of a date
    "PATNUM",  # of a list of names that exports use for the subject
    "RELATED",  # a constant: how the relation of an event is told
    "UNSCHEDULED",  # what the SDTM guide calls such a visit
}


def own_names(study: Study) -> Iterator[str]:
    """Datasets, variables, parameters and terms that CDISC does not know."""
    for spec in study.datasets:
        if not spec.parent and spec.name not in GUIDES:
            yield spec.name
        for variable in spec.variables:
            if not _is_standard(spec, variable.name):
                yield variable.name
    for terms in study.terms.values():
        yield from terms.values()
    if "params" in study.tables:
        yield from map(str, study.tables["params"].columns["PARAMCD"])
    for analysis in study.results:
        yield analysis.id
    yield study.id


def _is_standard(spec: DatasetSpec, name: str) -> bool:
    known = standard()
    structures = (spec.structure, "ADSL", "BDS", "OCCDS", "TTE")
    in_adam = any(known.adam_variable(structure, name) for structure in structures)
    return bool(in_adam or known.sdtm_variable(name))


def of_cdisc() -> set[str]:
    """All names and terms of the standard."""
    known = standard()
    names = {*known.datasets}
    for variables in (*known.sdtm.values(), *known.adam.values()):
        names |= set(variables)
    for codelist in known.codelists.values():
        names |= set(codelist.terms)
    return names


def foreign(name: str) -> set[str]:
    study, _ = load(name)
    known = of_cdisc()
    return {one for one in own_names(study) if NAME.fullmatch(one) and one not in known}


def names_of(package: Path, words: set[str], *, whatever_case: bool = False) -> list[str]:
    """Where code, templates or styles say one of these words."""
    either = "|".join(sorted(words))
    flags = re.IGNORECASE if whatever_case else re.NOFLAG
    asked = re.compile(rf"(?<![A-Za-z0-9_])({either})(?![A-Za-z0-9_])", flags)
    told = []
    for path in sorted(package.rglob("*")):
        inside = path.relative_to(package)
        if path.suffix not in (".py", ".html", ".css", ".js") or INSTRUMENTS in inside.parents:
            continue
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            found = asked.findall(PACKAGE.sub("", line))
            told += [f"{inside}:{number}: {word}" for word in found]
    return told


@pytest.mark.parametrize("name", STUDIES)
def test_code_names_nothing_of_a_study(package: Path, name: str) -> None:
    assert names_of(package, foreign(name) - PLAIN) == []


def test_code_does_not_speak_of_a_treatment_or_a_disease(package: Path) -> None:
    assert names_of(package, set(WORDS), whatever_case=True) == []


def test_the_names_are_there_to_be_found(tmp_path: Path) -> None:
    """A test of this test: it would find the names that once stood in code."""
    once = {"RESP40", "ADTIS", "TIS", "ENZ", "PSTRESFL", "RESCDT", "NTR6160", "CYCLE", "CUMDOSKG"}
    assert once <= foreign("ntr6160")
    (tmp_path / "a.py").write_text('x = ("RESP40",)  # Rescue\n', "utf-8")
    assert names_of(tmp_path, {"RESP40"}) == ["a.py:1: RESP40"]
    assert names_of(tmp_path, {"rescue"}, whatever_case=True) == ["a.py:1: Rescue"]
