"""From a finding on a dataset back to the raw file, line and column.

And to the subject as the site knows it.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from ..dataset import Dataset
from ..metadata import Study
from .walk import Lineage, locate


def located(
    found: pd.DataFrame,
    datasets: Mapping[str, Dataset],
    lineage: Lineage,
    study: Study,
    first: Mapping[str, int],
) -> pd.DataFrame:
    """The findings at their places in the raw export.

    Args:
        found: findings on datasets of the study or of some of its subjects.
        datasets: these datasets.
        lineage: of these datasets.
        study: the specs.
        first: number of the first row of each of these datasets in the whole study.

    Returns:
        The findings with raw file, line and column, subject and site as collected, and rows that
        count from the first subject of the study; what is not known is missing.
    """
    place = locate(lineage, found[["dataset", "row", "variable"]])
    files = {name: form.file for name, form in study.forms.items()}
    return found.assign(
        row=found["row"] + found["dataset"].map(first).fillna(0).astype("Int64"),
        subject=found["subject"].astype("str").str.removeprefix(_prefix(study)),
        site=found["subject"].map(_sites(datasets)).astype("str"),
        file=place["form"].map(files).astype("str"),
        line=place["line"],
        column=place["column"].astype("str"),
    )


def _prefix(study: Study) -> str:
    """What USUBJID has before the subject as collected."""
    for spec in study.datasets:
        if spec.name == "DM":
            for variable in spec.variables:
                wiring = variable.wiring
                if variable.name == "USUBJID" and wiring.function == "subject_key":
                    return f"{wiring.constants['study']}-"
    return ""


def _sites(datasets: Mapping[str, Dataset]) -> pd.Series:
    """Site as collected, by USUBJID; empty where DM was not made."""
    columns = ["USUBJID", "SITEID"]
    frame = pd.DataFrame(columns=columns)
    if "DM" in datasets:
        frame = datasets["DM"].frame[columns]
    return frame.astype("object").drop_duplicates("USUBJID").set_index("USUBJID")["SITEID"]


def deduplicate_by_raw_cell(found: pd.DataFrame, study: Study) -> pd.DataFrame:
    """One finding where a rule finds the same raw cell in several datasets.

    Args:
        found: findings at their places in the raw export.
        study: the specs.

    Returns:
        The findings in their order; of those with the same rule, cell and value that of the dataset
        that is made first. Of findings without a raw file or column, only exact copies are dropped.
    """
    position = {spec.name: number for number, spec in enumerate(study.datasets)}
    in_order_made = found["dataset"].map(position).fillna(-1).sort_values(kind="stable").index
    cell = found.loc[in_order_made, ["rule", "file", "line", "column", "value"]]
    again = cell.duplicated() & cell["file"].notna() & cell["column"].notna()
    return found[~again.reindex(found.index)].drop_duplicates(ignore_index=True)
