"""The SUPP-- datasets of a study: their specs follow from its supplemental variables (SDTMIG 8.4)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from .model import DatasetSpec, Variable, Wiring
from .resolve import Terminology
from .standard import StandardVariable

KEYS = ("STUDYID", "RDOMAIN", "USUBJID", "IDVAR", "IDVARVAL", "QNAM")


def with_supplements(datasets: Iterable[DatasetSpec], terminology: Terminology) -> Iterator[DatasetSpec]:
    """Each dataset, followed by the SUPP-- that its supplemental variables make."""
    for spec in datasets:
        yield spec
        if any(v.supplemental for v in spec.variables):
            yield _supplement(spec, terminology)


def _supplement(parent: DatasetSpec, terminology: Terminology) -> DatasetSpec:
    known = terminology.standard.sdtm["SUPPQUAL"].values()
    return DatasetSpec(
        name=f"SUPP{parent.name}",
        label=f"Supplemental Qualifiers for {parent.name}",
        standard="SDTM",
        structure=terminology.standard.datasets["SUPPQUAL"].structure,
        description="One record per supplemental qualifier per related parent domain record(s)",
        keys=KEYS,
        parent=parent.name,
        transliterate=parent.transliterate,
        rows=(),
        variables=tuple(_variable(v, parent, terminology) for v in known),
        place=parent.place,
    )


def _variable(known: StandardVariable, parent: DatasetSpec, terminology: Terminology) -> Variable:
    codelist = known.codelist if known.codelist and terminology.use_codelist(known.codelist) else ""
    return Variable(
        name=known.name,
        label=known.label,
        type=known.type,  # type: ignore[arg-type]
        length=terminology.lengths.get(known.name, known.length),
        codelist=codelist,
        core=known.core,
        role=known.role,
        wiring=Wiring(function="supplement", place=parent.place),
    )
