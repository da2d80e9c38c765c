"""What was distinct and is the same once it is spelled in ASCII.

Two subjects, or two records by their keys.

Rules: XPT-SAME-SUBJECT and XPT-SAME-KEY (errors). The cells themselves are reported by `fit`;
    these say what it means.
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
    """The collected subject ids that are written as another one is too.

    Args:
        forms: raw forms by name, with the line as index; a missing id is none.
        files: the file of each form.
        study: says in which column the id is, and how DM spells it.

    Returns:
        One finding (an error) for each such id, where it first stands. The form that lists the
        subjects comes first, then the others by name.
    """
    column = study.intake.subject
    names = sorted(files, key=lambda name: (name != study.intake.subjects, name))
    ids = []
    for name in names:
        of_form = forms[name][column].sort_index().drop_duplicates()
        ids.append(of_form.reset_index().assign(form=name))
    first = pd.concat(ids, ignore_index=True).drop_duplicates(column).dropna(subset=[column])
    written = first[column].map(_spelled(first[column], study))
    found: list[pd.DataFrame] = []
    for text, group in first.groupby(written):
        if len(group) > 1:
            records = group.itertuples(index=False, name=None)
            for one in records:
                found.append(_same_subject(one, group, str(text), files, column))
    return gather(found)


def _spelled(ids: pd.Series, study: Study) -> dict[str, str]:
    """How each id is written in DM."""
    in_ascii = spelling.transliterate
    for dataset in study.datasets:
        if dataset.name == "DM" and not dataset.transliterate:
            in_ascii = spelling.replace
    return {text: in_ascii(text)[0] for text in ids}


def _same_subject(
    one: tuple[int, str, str],
    group: pd.DataFrame,
    text: str,
    files: Mapping[str, Path],
    column: str,
) -> pd.DataFrame:
    line, subject, form = one
    others = []
    for at, other, name in group.itertuples(index=False, name=None):
        if other != subject:
            others.append(f'"{other}" ({files[name].name}, line {at})')
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
    """The records with a key that was another record's only after both were made to fit.

    One finding each.

    fitted: the frame as the file holds it. Records of different subjects are reported by
        `same_subjects`.
    """
    frame = dataset.frame
    keys = [name for name in dataset.spec.keys if name in frame and name != SUBJECT]
    changed = [name for name in keys if not fitted[name].equals(frame[name])]
    if not changed:
        return
    identifying = list(keys)
    if SUBJECT in frame:
        identifying = [SUBJECT, *keys]
    before = _numbered(frame[identifying])
    after = _numbered(fitted[identifying])
    groups = pd.DataFrame({"before": before, "after": after}, index=frame.index)
    several = groups.groupby("after")["before"].transform("nunique").gt(1)
    for _, group in groups[several].drop_duplicates().groupby("after"):
        for row in group.index:
            others = group.index.drop(row).tolist()
            yield _same_key(dataset, fitted, row, others, changed)


def _numbered(columns: pd.DataFrame) -> pd.Series:
    """Equal numbers for records that are equal in all columns."""
    texts = columns.astype("object")
    return texts.groupby(list(texts), dropna=False, sort=False).ngroup()


def _same_key(
    dataset: Dataset, fitted: pd.DataFrame, row: int, others: list[int], changed: list[str]
) -> pd.DataFrame:
    frame = dataset.frame
    distinct = frame.loc[[row, *others], changed].nunique(dropna=False)
    name = str(distinct.index[distinct > 1][0])
    said = frame[name].loc[[row, *others]].astype("str").fillna("nothing")
    value = str(said[row])
    text = fitted[name].astype("str").fillna("nothing")[row]
    also = ", ".join(f'"{other}"' for other in said.unique() if other != value)
    keys = ", ".join(dataset.spec.keys)
    written = f'"{value}" and {also} are both written as "{text}"'
    subject = None
    if SUBJECT in frame:
        subject = str(frame.at[row, SUBJECT])
    return findings(
        severity="error",
        rule="XPT-SAME-KEY",
        dataset=dataset.name,
        row=row,
        subject=subject,
        variable=name,
        value=value,
        message=f"{written}, so that two records have the same {keys}",
    )
