"""YAML to frozen specs: everything a study says, checked before any data are read."""

from .analyses import PRIMARY, Analysis, Selection
from .document import shown
from .frozen import Place, Where
from .model import (
    NOT_THERE,
    Codelist,
    Column,
    DatasetSpec,
    First,
    Form,
    Intake,
    Join,
    Melt,
    Rule,
    Stack,
    Step,
    Study,
    Summarize,
    Take,
    Variable,
    Waiver,
    Wiring,
)
from .moments import Kind, number_kind
from .shape import suggest
from .standard import specs_root
from .study import bundled, load, sources, study_folder
from .supplement import continuations
from .undecided import OPEN, is_open
from .written import written

__all__ = [
    "NOT_THERE",
    "OPEN",
    "PRIMARY",
    "Analysis",
    "Codelist",
    "Column",
    "DatasetSpec",
    "First",
    "Form",
    "Intake",
    "Join",
    "Kind",
    "Melt",
    "Place",
    "Rule",
    "Selection",
    "Stack",
    "Step",
    "Study",
    "Summarize",
    "Take",
    "Variable",
    "Waiver",
    "Where",
    "Wiring",
    "bundled",
    "continuations",
    "is_open",
    "load",
    "number_kind",
    "shown",
    "sources",
    "specs_root",
    "study_folder",
    "suggest",
    "written",
]
