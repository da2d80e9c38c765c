"""The names in `lengths` of study.yaml: of variables that the study has, or a standard knows."""

from __future__ import annotations

from collections.abc import Iterable

from ..text import suggest
from .document import Document
from .lengths import OTHERS, Lengths
from .model import DatasetSpec
from .pieces import begun_by
from .standard import Standard, general_name


def check_length_names(
    head: Document, lengths: Lengths, standard: Standard, datasets: Iterable[DatasetSpec]
) -> None:
    """Say which entries of `lengths` are of no variable, as a length that nothing has is a slip.

    Args:
        head: study.yaml.
        lengths: that it says.
        standard: what the guides know; a variable that no dataset has yet is no mistake.
        datasets: of the study.
    """
    strange = [name for name in lengths.said if name != OTHERS and not _in_guides(name, standard)]
    if not strange:
        return
    own = _names(datasets)
    guides = _names_in_guides(standard)
    for name in strange:
        if name not in own:
            near = suggest(name, [*own, *guides])
            reason = f"no dataset of the study, and of no standard, has a variable {name}{near}"
            head.complain(("lengths", name), reason)


def _in_guides(name: str, standard: Standard) -> bool:
    """Whether some dataset by SDTM or ADaM could have the variable."""
    if name in _names_in_guides(standard):
        return True
    pieces = [name.replace("--", domain) for domain in standard.datasets]
    if any(begun_by(piece) for piece in pieces) or standard.sdtm_variable(name):
        return True
    return any(standard.adam_variable(structure, name) for structure in standard.adam)


def _names_in_guides(standard: Standard) -> dict[str, None]:
    """Names of variables, and the same with -- for the domain, in the order of the guides."""
    found: dict[str, None] = {}
    for domain, variables in standard.sdtm.items():
        for name in variables:
            found |= {name: None, general_name(name, domain): None}
    for variables in (*standard.model.values(), *standard.adam.values()):
        found |= dict.fromkeys(variables)
    return found


def _names(datasets: Iterable[DatasetSpec]) -> dict[str, None]:
    """The names of the variables of the study, and the same with -- for the domain."""
    found: dict[str, None] = {}
    for spec in datasets:
        for variable in spec.variables:
            found |= {variable.name: None, general_name(variable.name, spec.name): None}
    return found
