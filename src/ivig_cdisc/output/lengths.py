"""How long the text variables of a study are in its files, where their longest values decide."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ..metadata import DatasetSpec, Variable

SHORTEST = 1  # byte, also of a variable without any value
SHARED = ""  # the datasets that have a variable of one name in common


def common_lengths(
    specs: Iterable[DatasetSpec], longest: Mapping[str, Mapping[str, int]]
) -> Mapping[str, Mapping[str, int]]:
    """The length of each text variable that is as long as its longest value in the study.

    A variable has the same length in all datasets, so that they can be put together and nothing is
    cut. Only what SUPP-- does not share with the dataset that it belongs to (QVAL and the like) is
    as long as it has to be there.

    Args:
        specs: of the datasets that are written.
        longest: by dataset and variable, how long the longest text is; datasets without records are
            left out.

    Returns:
        By dataset and variable, 1 or more and no more than the spec says. A variable whose length
        the study says is left out, and the others of its name are not shorter.

    Source:
        FDA Study Data Technical Conformance Guide, 3.3.3 (Dataset Column Length): the longest value
        of the variable in all datasets of the study, and in SUPP-- of this one.
    """
    written = {spec.name: spec for spec in specs if spec.name in longest}
    needed: dict[tuple[str, str], int] = {}
    for spec in written.values():
        for variable in _texts(spec):
            key = (_owner(spec, written, variable.name), variable.name)
            size = variable.length
            if variable.by_data:
                size = longest[spec.name].get(variable.name, 0)
            needed[key] = max(needed.get(key, SHORTEST), size)
    return {name: _lengths(spec, written, needed) for name, spec in written.items()}


def _lengths(
    spec: DatasetSpec, written: Mapping[str, DatasetSpec], needed: Mapping[tuple[str, str], int]
) -> Mapping[str, int]:
    """Of one dataset, by variable."""
    found = {}
    for variable in _texts(spec):
        if variable.by_data:
            size = needed[_owner(spec, written, variable.name), variable.name]
            found[variable.name] = min(size, variable.length)
    return found


def _texts(spec: DatasetSpec) -> Iterable[Variable]:
    return [v for v in spec.variables if v.type == "Char" and not v.supplemental]


def _owner(spec: DatasetSpec, written: Mapping[str, DatasetSpec], name: str) -> str:
    """The dataset that has a variable by itself, or SHARED."""
    if spec.parent and name not in written[spec.parent].columns:
        return spec.name
    return SHARED
