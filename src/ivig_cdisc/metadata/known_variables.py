"""What a standard, or the study itself, says of a variable of a dataset."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from .pieces import as_piece
from .source import DatasetSource, VariableSource
from .standard import StandardVariable
from .terminology import Terminology


def known_variable(
    name: str, source: DatasetSource, standard_name: str, terminology: Terminology
) -> StandardVariable | None:
    """The variable as a dataset may have it.

    Args:
        name: of the variable.
        source: the dataset.
        standard_name: SDTM or ADaM.
        terminology: the standards, and the variables that the study defines.

    Returns:
        In SDTM the variable of the domain or of the model's class, or one in which COVAL or TSVAL
        goes on; in ADaM that of the structure, of ADSL, of another dataset of the study, or of
        SDTM, which is not required there. None where none of these has it.
    """
    standard = terminology.standard
    if source.internal:
        return standard.sdtm_variable(name)
    if standard_name == "SDTM":
        known_here = standard.sdtm.get(source.dataset, {})
        return standard.domain_variable(source.dataset, name) or as_piece(name, known_here)
    structures: Iterable[str] = [source.structure]
    if not source.structure:  # which is said at the head
        structures = standard.adam
    for structure in structures:
        known = standard.adam_variable(structure, name)
        if known:
            return known
    own = terminology.own.get(name)
    if own:
        return _as_standard(name, own)
    return _taken_over(standard.sdtm_variable(name))


def _as_standard(name: str, own: VariableSource) -> StandardVariable:
    """A variable that one dataset of the study defines, for the others that have it."""
    codelist = ""
    if isinstance(own.codelist, str):  # else it depends on a variable that others may not have
        codelist = own.codelist
    return StandardVariable(
        name, 0, own.label, own.type, own.length or 200, own.format, codelist, "", own.core
    )


def _taken_over(known: StandardVariable | None) -> StandardVariable | None:
    """A variable of SDTM in an analysis dataset, where no guide requires it."""
    if known is None:
        return None
    return replace(known, core="Perm")
