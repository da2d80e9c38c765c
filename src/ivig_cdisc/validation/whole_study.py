"""What can be said only of all subjects together: units of a test, results without a number.

Each part of the study is looked at (`candidates`); what was seen in all parts is then put together
(`across_subjects`).

Rules: RESULT-UNITS (error: the standard units of a test differ, as SDTMIG 3.4, 4.5.1 does not
    allow), RESULT-CONVERSION (error: mass became amount of substance by one factor for several
    tests), RESULT-TEXT (note: text that is not a number, once for each test and text),
    RESULT-LIMIT (warning: the same of a limit of the reference range, which is lost as a number),
    PAIR-DISAGREES (error: variables that say one thing in words, as a code and as a number do not
    agree throughout the study).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pandas as pd

from ..dataset import Dataset
from ..findings import COLUMNS, findings, gather
from ..text import BOUND, NUMBER, as_text
from .execution import RUN, ValidationRun, merge, run_line
from .paired import one_valued
from .wording import key

SERIES = ("CAT", "SCAT", "SPEC", "METHOD")  # what may tell records of one --TESTCD apart
WHAT = {
    "RESULT-UNITS": ("error", "STRESU", "All results of a test are in one standard unit."),
    "RESULT-CONVERSION": (
        "error",
        "STRESU",
        "A factor from mass to amount of substance serves one test.",
    ),
    "RESULT-TEXT": ("note", "STRESC", "Results are numbers, or bounds of numbers."),
    "RESULT-LIMIT": ("warning", "", "Limits of reference ranges are numbers."),
    "PAIR-DISAGREES": ("error", "", "What is said in words, as a code and as a number is one."),
}
NO_CANDIDATES = findings(rule=[]).assign(test="", has="", records=0)
RESULT = rf"\s*(?:{BOUND}|)\s*({NUMBER})\s*"
LIMITS = {"ORNRLO": "STNRLO", "ORNRHI": "STNRHI"}  # as collected, and as a number


def candidates(datasets: Mapping[str, Dataset]) -> pd.DataFrame:
    """What may become a finding when all parts of the study are known.

    Args:
        datasets: those of some subjects.

    Returns:
        Findings, with `test`, what it `has` and in how many `records`: one for each subject, test
        and unit, one for each test and text, and one for each value of a pair; at the first record
        of it.
    """
    known = []
    for name, dataset in datasets.items():
        for part in (*_results(name, dataset), *_pairs(dataset)):
            if len(part):
                known.append(part)
    if not known:
        return NO_CANDIDATES
    return pd.concat(known, ignore_index=True)


def across_subjects(parts: Iterable[pd.DataFrame]) -> ValidationRun:
    """The findings of the whole study, of the candidates of all parts.

    Args:
        parts: what `candidates` gave of each part; none where nothing was examined.

    Returns:
        The findings, and the rules that were looked at. There is none of no parts.
    """
    seen = pd.concat([NO_CANDIDATES, *parts], ignore_index=True)
    seen = seen.sort_values(["dataset", "row"], kind="stable")
    ran = seen[["rule", "dataset"]].drop_duplicates()
    found = gather(TELL[str(rule)](part) for rule, part in seen.groupby("rule"))
    counts = found.groupby(["rule", "dataset"]).size()
    runs = []
    for rule, name in zip(ran["rule"], ran["dataset"], strict=True):
        line = _line(rule, name)
        line["findings"] = int(counts.get((rule, name), 0))
        runs.append(line)
    return ValidationRun(found, merge([pd.DataFrame(runs, columns=list(RUN))]))


def _line(rule: str, name: str) -> dict[str, Any]:
    severity, _, what = WHAT[rule]
    return run_line(rule=rule, severity=severity, what=what, check="", dataset=name)


# ---------------------------------------------------------------- what one part has
def _results(name: str, dataset: Dataset) -> Iterator[pd.DataFrame]:
    wanted = {f"{name}{end}" for end in ("TESTCD", "STRESC", "STRESN")}
    is_of_subjects = not (dataset.spec.internal or dataset.spec.per_study)
    if is_of_subjects and wanted <= set(dataset.frame.columns):
        yield from _seen(dataset)


def _pairs(dataset: Dataset) -> Iterator[pd.DataFrame]:
    """Each value of a variable that has one among records that agree in others."""
    spec, frame = dataset.spec, dataset.frame
    if spec.standard != "ADaM" or spec.internal or spec.per_study:
        return
    for given, variable in one_valued(spec):
        names = [*given, variable]
        among = frame[names].notna().all(axis=1)
        told: dict[str, pd.Series] = {}
        for name in names:
            told[name] = as_text(frame.loc[among, name]).reindex(frame.index)
        key = given[0] + " " + told[given[0]]
        for name in given[1:]:
            key = key + ", " + name + " " + told[name]
        value = told[variable]
        yield _first(dataset, "PAIR-DISAGREES", among, [key, value], key, value, variable)


def _seen(dataset: Dataset) -> Iterator[pd.DataFrame]:
    name, frame = dataset.name, dataset.frame
    result = frame[f"{name}STRESC"].astype("str")
    number = _is_number(result)
    tests = frame[f"{name}TESTCD"].astype("str")
    yield _first(dataset, "RESULT-TEXT", result.notna() & ~number, [tests, result], tests, result)
    yield from _limits(dataset, tests)
    if f"{name}STRESU" in frame:
        subject, unit = frame["USUBJID"].astype("str"), frame[f"{name}STRESU"].astype("str")
        series = _series(dataset, tests)
        among, groups = number & unit.notna(), [subject, series, unit]
        yield _first(dataset, "RESULT-UNITS", among, groups, series, unit)
        yield from _converted(dataset, number, tests)


def _is_number(result: pd.Series) -> pd.Series:
    """Whether a text is a number or a bound of one, and not larger than any number that is kept."""
    digits = result.str.extract(f"^{RESULT}$", expand=False)
    return pd.to_numeric(digits, errors="coerce").abs().lt(float("inf"))


def _limits(dataset: Dataset, tests: pd.Series) -> Iterator[pd.DataFrame]:
    """Limits of reference ranges that are text, and so missing where they should be numbers."""
    for collected, number in LIMITS.items():
        typed, variable = f"{dataset.name}{collected}", f"{dataset.name}{number}"
        if {typed, variable} <= set(dataset.frame.columns):
            limit = dataset.frame[typed].astype("str")
            is_text = limit.notna() & ~limit.str.fullmatch(NUMBER)
            lost = is_text & dataset.frame[variable].isna()
            yield _first(dataset, "RESULT-LIMIT", lost, [tests, limit], tests, limit, variable)


def _series(dataset: Dataset, tests: pd.Series) -> pd.Series:
    """The test, with category, specimen and method where the dataset has these."""
    series = tests
    for end in SERIES:
        if f"{dataset.name}{end}" in dataset.frame:
            part = dataset.frame[f"{dataset.name}{end}"].astype("str")
            series = series + (", " + part).fillna("")
    return series


def _converted(dataset: Dataset, number: pd.Series, tests: pd.Series) -> Iterator[pd.DataFrame]:
    """Tests whose mass became an amount of substance by a factor that goes by unit alone."""
    wiring = dataset.spec.variable(f"{dataset.name}STRESC").wiring
    collected = dataset.frame.get(f"{dataset.name}ORRESU")
    if collected is None or "test" in wiring.columns:
        return
    conversions = wiring.constants.get("conversions") or {}
    molar = {}
    for unit, conversion in conversions.items():
        if ("mol" in unit) != ("mol" in conversion["to"]):
            molar[unit] = f"{unit} to {conversion['to']}"
    change = collected.astype("object").map(molar).astype("str")
    among, groups = number & change.notna(), [tests, change]
    yield _first(dataset, "RESULT-CONVERSION", among, groups, change, tests)


def _first(
    dataset: Dataset,
    rule: str,
    among: pd.Series,
    groups: list[pd.Series],
    test: pd.Series,
    has: pd.Series,
    variable: str = "",
) -> pd.DataFrame:
    """The first record of each group, with the number of its records.

    A record that says nothing of one of the groups is in none.
    """
    severity, end, _ = WHAT[rule]
    variable = variable or f"{dataset.name}{end}"
    for group in groups:
        among = among & group.notna()
    by = [group[among] for group in groups]
    records = pd.Series(dtype="int64")
    if among.any():
        records = among[among].groupby(by).transform("size")
    again = pd.concat(by, axis=1).duplicated()
    first = again.index[~again]
    frame = dataset.frame.loc[first]
    found = findings(
        severity=severity,
        rule=rule,
        dataset=dataset.name,
        row=first.to_series(),
        subject=frame["USUBJID"].astype("str"),
        key=key(frame, dataset.spec.keys),
        variable=variable,
        value=frame[variable].astype("str"),
    )
    return found.assign(
        test=test.loc[first].to_numpy(),
        has=has.loc[first].to_numpy(),
        records=records.loc[first].to_numpy(),
    )


# ---------------------------------------------------------------- all parts together
def _several_units(seen: pd.DataFrame) -> pd.DataFrame:
    """Records in another unit than most of their test.

    Where as many have each, the first in the alphabet is usual.
    """
    counts = seen.groupby(["dataset", "test", "has"])["records"].sum().reset_index()
    counts = counts.sort_values(["records", "has"], ascending=[False, True], kind="stable")
    usual = counts.drop_duplicates(["dataset", "test"])[["dataset", "test", "has", "records"]]
    known = seen.merge(usual, on=["dataset", "test"], suffixes=("", "_usual")).set_axis(seen.index)
    odd = known[known["has"] != known["has_usual"]]
    here = odd["has"] + " in " + _count(odd["records"]) + " of this subject"
    elsewhere = odd["has_usual"] + " in " + _count(odd["records_usual"]) + " of the study"
    message = odd["test"] + " is in " + here + ", but in " + elsewhere + "."
    return _as_findings(odd, message)


def _shared_factors(seen: pd.DataFrame) -> pd.DataFrame:
    """Of each conversion that several tests share, the first record of each test."""
    tests = seen.groupby(["dataset", "test"])["has"].transform("nunique")
    shared = seen[tests > 1].drop_duplicates(["dataset", "test", "has"])
    names = shared.groupby(["dataset", "test"])["has"].transform(_enumerated)
    shared_by = "One factor from " + shared["test"] + " for " + names
    message = shared_by + ": mass has another one for each test; say it by test."
    return _as_findings(shared, message)


def _enumerated(names: pd.Series) -> str:
    return ", ".join(sorted(set(names)))


def _texts(seen: pd.DataFrame) -> pd.DataFrame:
    total = seen.groupby(["dataset", "test", "has"])["records"].transform("sum")
    texts = seen.assign(records=total).drop_duplicates(["dataset", "test", "has"])
    without_number = texts["test"] + " has no numeric result in " + _count(texts["records"])
    message = '"' + texts["has"] + '" is not a number, so ' + without_number + "."
    return _as_findings(texts, message)


def _limits_in_text(seen: pd.DataFrame) -> pd.DataFrame:
    one = ["dataset", "variable", "test", "has"]
    total = seen.groupby(one)["records"].transform("sum")
    texts = seen.assign(records=total).drop_duplicates(one)
    lost = texts["variable"] + " of " + texts["test"] + " is missing in " + _count(texts["records"])
    return _as_findings(texts, '"' + texts["has"] + '" is not a number, so ' + lost + ".")


def _disagreeing(seen: pd.DataFrame) -> pd.DataFrame:
    """Values that fewer records have than another one of theirs.

    Where as many have each, the first in the alphabet is usual.
    """
    one = ["dataset", "variable", "test"]
    total = seen.groupby([*one, "has"])["records"].transform("sum")
    values = seen.assign(records=total).drop_duplicates([*one, "has"])
    ranked = values.sort_values(["records", "has"], ascending=[False, True], kind="stable")
    usual = ranked.drop_duplicates(one)[[*one, "has", "records"]]
    known = values.merge(usual, on=one, suffixes=("", "_usual")).set_axis(values.index)
    odd = known[known["has"] != known["has_usual"]]
    here = odd["variable"] + " is " + odd["has"] + " in " + _count(odd["records"])
    elsewhere = odd["has_usual"] + " in " + _count(odd["records_usual"])
    message = here + " with " + odd["test"] + ", but " + elsewhere + " of the study."
    return _as_findings(odd, message)


def _count(records: pd.Series) -> pd.Series:
    number = records.astype("int64").astype("str")
    return (number + " records").mask(records == 1, "1 record")


def _as_findings(seen: pd.DataFrame, message: pd.Series) -> pd.DataFrame:
    return seen.assign(message=message.astype("str"))[list(COLUMNS)].astype(COLUMNS)


TELL = {
    "RESULT-UNITS": _several_units,
    "RESULT-CONVERSION": _shared_factors,
    "RESULT-TEXT": _texts,
    "RESULT-LIMIT": _limits_in_text,
    "PAIR-DISAGREES": _disagreeing,
}
