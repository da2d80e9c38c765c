"""What was distinct and is the same once it is spelled in ASCII: two subjects, or two records by their keys.

Rules: XPT-SAME-SUBJECT and XPT-SAME-KEY (errors). The cells themselves are told by `fit`; these say
    what it means.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pandas as pd

from ...dataset import Dataset
from ...findings import findings, gather
from ...metadata import Study
from . import spelling

SUBJECT = "USUBJID"


# ---------------------------------------------------------------- subjects
def same_subjects(
    forms: Mapping[str, pd.DataFrame], files: Mapping[str, Path], study: Study
) -> pd.DataFrame:
    """One finding for each collected subject id that is written as another one is too, where it first stands.

    forms: raw forms with the line as index. The form that lists the subjects comes first, then the
        others by name.
    """
    column = study.intake.subject
    names = sorted(files, key=lambda name: (name != study.intake.subjects, name))
    ids = [
        forms[name][column].sort_index().drop_duplicates().reset_index().assign(form=name)
        for name in names
    ]
    first = pd.concat(ids, ignore_index=True).drop_duplicates(column).dropna(subset=[column])
    written = first[column].map(_spelled(first[column], study))
    return gather(
        _told(one, group, text, files, column)
        for text, group in first.groupby(written)
        if len(group) > 1
        for one in group.itertuples(index=False, name=None)
    )


def _spelled(ids: pd.Series, study: Study) -> dict[str, str]:
    """How each id is written in DM."""
    demographics = [dataset for dataset in study.datasets if dataset.name == "DM"]
    spell = (
        spelling.spell if all(dataset.transliterate for dataset in demographics) else spelling.mask
    )
    return {text: spell(text)[0] for text in ids}


def _told(
    one: tuple[int, str, str],
    group: pd.DataFrame,
    text: str,
    files: Mapping[str, Path],
    column: str,
) -> pd.DataFrame:
    line, subject, form = one
    others = [
        f'"{other}" ({files[name].name}, line {at})'
        for at, other, name in group.itertuples(index=False, name=None)
        if other != subject
    ]
    reason = f'are both written as "{text}", as the file holds ASCII only; two subjects become one'
    return findings(
        severity="error",
        rule="XPT-SAME-SUBJECT",
        dataset=form,
        subject=subject,
        variable=column,
        value=subject,
        message=f'"{subject}" and {", ".join(others)} {reason}',
        file=files[form].name,
        line=line,
        column=column,
        verbatim=subject,
    )


# ---------------------------------------------------------------- records
def same_keys(dataset: Dataset, fitted: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """One finding for each record with a key that was another record's only after both were made to fit.

    fitted: the frame as the file holds it. Records of different subjects are told by
        `same_subjects`.
    """
    frame = dataset.frame
    keys = [name for name in dataset.spec.keys if name in frame and name != SUBJECT]
    changed = [name for name in keys if not fitted[name].equals(frame[name])]
    if not changed:
        return
    owner = [frame[SUBJECT]] if SUBJECT in frame else []
    before = _numbered([*owner, *(frame[name] for name in keys)])
    after = _numbered([*owner, *(fitted[name] for name in keys)])
    groups = pd.DataFrame({"before": before, "after": after}, index=frame.index)
    several = groups.groupby("after")["before"].transform("nunique").gt(1)
    for _, group in groups[several].drop_duplicates().groupby("after"):
        for row in group.index:
            yield _told_key(
                dataset, fitted, row, [other for other in group.index if other != row], changed
            )


def _numbered(columns: list[pd.Series]) -> pd.Series:
    """Equal numbers for records that are equal in all columns."""
    texts = pd.concat([column.astype("object") for column in columns], axis=1)
    return texts.groupby(list(texts), dropna=False, sort=False).ngroup()


def _told_key(
    dataset: Dataset, fitted: pd.DataFrame, row: int, others: list[int], changed: list[str]
) -> pd.DataFrame:
    frame = dataset.frame
    name = next(
        name for name in changed if frame[name].loc[[row, *others]].nunique(dropna=False) > 1
    )
    said = frame[name].loc[[row, *others]].astype("str").fillna("nothing")
    value, text = str(said[row]), fitted[name].astype("str").fillna("nothing")[row]
    also = ", ".join(f'"{other}"' for other in said.unique() if other != value)
    keys = ", ".join(dataset.spec.keys)
    return findings(
        severity="error",
        rule="XPT-SAME-KEY",
        dataset=dataset.name,
        row=row,
        subject=str(frame.at[row, SUBJECT]) if SUBJECT in frame else None,
        variable=name,
        value=value,
        message=f'"{value}" and {also} are both written as "{text}", so that two records have the same {keys}',
    )
