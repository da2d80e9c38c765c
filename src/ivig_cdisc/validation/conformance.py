"""What a dataset's spec requires of its records: one function per requirement.

All have the same signature. Each takes the frame and, per variable, what is required of it; and
returns the values that do not conform as UNMET: row (missing where the whole dataset is meant),
variable, value, message.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import pandas as pd

from ..conditions import has_value
from ..text import as_text, number_text
from .checks import complete_or_reduced, in_range, is_duration
from .wording import fill, key

UNMET = {"row": "Int64", "variable": "str", "value": "str", "message": "str"}
NEXT_TERM = "\n"  # between the terms of a codelist as one text
DATE, DATE_OR_DURATION = "a calendar date", "a calendar date or a duration"
Requirement = Callable[[pd.DataFrame, Mapping[str, Any]], pd.DataFrame]


def packed(required: Any) -> Any:
    """What is required of a variable, the terms of a codelist as one text.

    Great Expectations copies lists item by item, which of codelists takes longer than all checks.
    """
    if isinstance(required, dict) and "parts" in required:
        return {"parts": [packed(part) for part in required["parts"]]}
    if isinstance(required, dict):
        return {**required, "terms": NEXT_TERM.join(required["terms"])}
    return required


ALL_MET = pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in UNMET.items()})


def collect(parts: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """All parts as one frame with the columns UNMET."""
    filled = [part for part in parts if len(part)]
    if not filled:
        return ALL_MET
    return pd.concat(filled, ignore_index=True).astype(UNMET)


def failing(frame: pd.DataFrame, variable: str, holds: pd.Series, message: str) -> pd.DataFrame:
    """The records for which `holds` is False; True and missing conform."""
    fails = holds.eq(False).fillna(False).to_numpy(bool)
    if not fails.any():
        return ALL_MET
    rows = frame.loc[fails]
    told = {
        "row": rows.index,
        "variable": variable,
        "value": as_text(rows[variable]),
        "message": fill(message, rows),
    }
    return pd.DataFrame(told).reset_index(drop=True)


def whole(variable: str, message: str, value: str | None = None) -> pd.DataFrame:
    """What is wrong with a variable of the dataset as a whole."""
    return pd.DataFrame(
        {"row": pd.NA, "variable": variable, "value": value, "message": message}, index=[0]
    )


def is_text(values: pd.Series) -> bool:
    """Whether a column can hold text: str, object, or categories of str."""
    kind = values.dtype
    if isinstance(kind, pd.CategoricalDtype):
        kind = kind.categories.dtype
    return pd.api.types.is_string_dtype(kind) or pd.api.types.is_object_dtype(kind)


def written(
    frame: pd.DataFrame, variables: Mapping[str, Any]
) -> Iterable[tuple[str, Any, pd.Series]]:
    """Each variable that is there and holds text, with its requirement and its values as str."""
    for name, required in variables.items():
        if name in frame.columns and is_text(frame[name]):
            yield name, required, as_text(frame[name])


def _there(frame: pd.DataFrame, variables: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Each variable that is there, with its requirement."""
    for name, required in variables.items():
        if name in frame.columns:
            yield name, required


# ---------------------------------------------------------------- the requirements
def column(frame: pd.DataFrame, variables: Mapping[str, str]) -> pd.DataFrame:
    """Every variable of the spec is a column of the dataset, and no other is."""
    found = []
    for name, label in variables.items():
        if name not in frame:
            found.append(whole(name, f"{name} ({label}) is not in the dataset."))
    for name in frame.columns:
        if name not in variables:
            found.append(whole(name, f"{name} is not in the spec of the dataset."))
    return collect(found)


def type_(frame: pd.DataFrame, variables: Mapping[str, str]) -> pd.DataFrame:
    """Char variables hold text, Num variables numbers, numeric dates dates."""
    found = []
    for name, wanted in _there(frame, variables):
        found.append(_type_of(frame, name, wanted))
    return collect(found)


def _type_of(frame: pd.DataFrame, name: str, wanted: str) -> pd.DataFrame:
    values = frame[name]
    if wanted == "Char":
        if not is_text(values):
            return _of_other_type(name, wanted, values.dtype)
        if not pd.api.types.is_object_dtype(values.dtype):
            return ALL_MET
        fits_text = values.map(lambda value: isinstance(value, str)).astype(bool) | values.isna()
        return failing(frame, name, fits_text, f"{name} is Char, but {{{name}}} is not text.")
    fits: Callable[[Any], bool] = is_number
    if wanted == "Date":
        fits = pd.api.types.is_datetime64_any_dtype
    if values.isna().all() or fits(values.dtype):
        return ALL_MET
    return _of_other_type(name, wanted, values.dtype)


def is_number(dtype: Any) -> bool:
    """Whether a column holds numbers; true and false are none."""
    return pd.api.types.is_numeric_dtype(dtype) and not pd.api.types.is_bool_dtype(dtype)


def _of_other_type(name: str, wanted: str, dtype: Any) -> pd.DataFrame:
    return whole(name, f"{name} is {wanted} in the spec, but holds {dtype}.", str(dtype))


def length(frame: pd.DataFrame, variables: Mapping[str, int]) -> pd.DataFrame:
    """Text is not longer, in bytes of UTF-8, than the spec allows."""
    found = []
    for name, limit, values in written(frame, variables):
        message = f"{name} has more than {limit} bytes."
        found.append(failing(frame, name, _bytes(values).le(limit), message))
    return collect(found)


def _bytes(values: pd.Series) -> pd.Series:
    """Bytes of UTF-8: as many as characters where all are ASCII."""
    size = values.str.len().fillna(0)
    longer = values[values.str.contains(r"[^\x00-\x7f]", regex=True, na=False)]
    return size.mask(size.index.isin(longer.index), longer.map(lambda value: len(value.encode())))


def required(frame: pd.DataFrame, variables: Mapping[str, str]) -> pd.DataFrame:
    """Required variables have a value in every record."""
    found = []
    for name, label in _there(frame, variables):
        message = f"{name} ({label}) is required, but empty."
        found.append(failing(frame, name, has_value(frame[name]), message))
    return collect(found)


def codelist(frame: pd.DataFrame, variables: Mapping[str, Mapping[str, Any]]) -> pd.DataFrame:
    """Values are terms of the variable's codelist."""
    found = []
    for name, required_of_it in _there(frame, variables):
        for listed in required_of_it.get("parts", [required_of_it]):
            found.append(_outside(frame, name, listed))
    return collect(found)


def _outside(frame: pd.DataFrame, name: str, listed: Mapping[str, Any]) -> pd.DataFrame:
    """The values that are no terms of a codelist; of one `by` a variable, those that it is for."""
    is_term = as_text(frame[name]).isin(listed["terms"].split(NEXT_TERM))
    codelist_name = f"{listed['name']} ({listed['codelist']})"
    message = f"{{{name}}} is not a term of the codelist {codelist_name}"
    if "by" not in listed:
        return failing(frame, name, is_term | ~has_value(frame[name]), f"{message}.")
    by = listed["by"]
    is_meant = as_text(frame[by]).isin(listed.get("values", listed.get("but", [])))
    told = f"{message}, which goes with {by} {{{by}}}."
    if "but" in listed:
        is_meant, told = ~is_meant, f"{message}."
    return failing(frame, name, is_term | ~has_value(frame[name]) | ~is_meant, told)


def key_(frame: pd.DataFrame, variables: Mapping[str, int]) -> pd.DataFrame:
    """No two records have the same key."""
    keys = list(variables)
    if not set(keys) <= set(frame.columns):
        return ALL_MET
    twice = frame.loc[frame.duplicated(keys, keep=False)]
    message = f"Another record has the same key ({', '.join(keys)})."
    found = {
        "row": twice.index,
        "variable": keys[-1],
        "value": key(twice, keys),
        "message": message,
    }
    return collect([pd.DataFrame(found)])


def iso8601(frame: pd.DataFrame, variables: Mapping[str, str]) -> pd.DataFrame:
    """Dates are ISO 8601 and in the calendar, of any precision; durations where they belong."""
    found = []
    for name, wanted, values in written(frame, variables):
        holds = complete_or_reduced(values) | (is_duration(values) & (wanted != DATE))
        found.append(failing(frame, name, holds, f"{{{name}}} is not {wanted} of ISO 8601."))
    return collect(found)


def range_(frame: pd.DataFrame, variables: Mapping[str, tuple[float, float]]) -> pd.DataFrame:
    """Numbers lie in the range that is plausible for the variable."""
    found = []
    for name, (low, high) in _there(frame, variables):
        plausible = f"{number_text(low)} to {number_text(high)}"
        message = f"{name} is {{{name}}}; plausible is {plausible}."
        found.append(failing(frame, name, in_range(frame[name], low=low, high=high), message))
    return collect(found)


REQUIREMENTS: dict[str, Requirement] = {
    "SPEC-COLUMN": column,
    "SPEC-TYPE": type_,
    "SPEC-LENGTH": length,
    "SPEC-REQUIRED": required,
    "SPEC-CODELIST": codelist,
    "SPEC-EXTENSIBLE": codelist,
    "SPEC-KEY": key_,
    "SPEC-ISO8601": iso8601,
    "SPEC-RANGE": range_,
}
SEVERITY = {"SPEC-EXTENSIBLE": "warning", "SPEC-RANGE": "warning"}  # every other is an error
