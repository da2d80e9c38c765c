"""YAML to frozen specs: everything a study says, checked before any data are read."""

from .analyses import PRIMARY, Analysis, Selection
from .collection import LINE, Column, Form, Intake, reason_columns
from .columns import melted_columns, sources, taken_columns
from .document import shown
from .frozen import Place, Where
from .model import (
    NOT_THERE,
    Codelist,
    CodelistsBy,
    DatasetSpec,
    Rule,
    Variable,
    Waiver,
)
from .moments import Kind, number_kind
from .passages import GENERAL, Listed, Passage, Table
from .pieces import pieces
from .sentences import SOURCE, Fill, Optional, Piece, names, parsed
from .standard import specs_root
from .steps import (
    COUNTS,
    OF_NUMBERS,
    Candidate,
    Filter,
    First,
    Join,
    Last,
    Match,
    Melt,
    Stack,
    Statistic,
    Step,
    Summarize,
    Take,
    Transpose,
)
from .study import bundled, load, study_folder
from .supplement import continuations
from .table_steps import Cross, Lookup
from .tables import StudyTable
from .undecided import OPEN, is_open
from .whole import Study
from .wiring import CASES, COMPUTE, CONSTANT, COPY, ORDER, Choice, Wiring
from .written import on_one_line, written

__all__ = [
    "CASES",
    "COMPUTE",
    "CONSTANT",
    "COPY",
    "COUNTS",
    "GENERAL",
    "LINE",
    "NOT_THERE",
    "OF_NUMBERS",
    "OPEN",
    "ORDER",
    "PRIMARY",
    "SOURCE",
    "Analysis",
    "Candidate",
    "Choice",
    "Codelist",
    "CodelistsBy",
    "Column",
    "Cross",
    "DatasetSpec",
    "Fill",
    "Filter",
    "First",
    "Form",
    "Intake",
    "Join",
    "Kind",
    "Last",
    "Listed",
    "Lookup",
    "Match",
    "Melt",
    "Optional",
    "Passage",
    "Piece",
    "Place",
    "Rule",
    "Selection",
    "Stack",
    "Statistic",
    "Step",
    "Study",
    "StudyTable",
    "Summarize",
    "Table",
    "Take",
    "Transpose",
    "Variable",
    "Waiver",
    "Where",
    "Wiring",
    "bundled",
    "continuations",
    "is_open",
    "load",
    "melted_columns",
    "names",
    "number_kind",
    "on_one_line",
    "parsed",
    "pieces",
    "reason_columns",
    "shown",
    "sources",
    "specs_root",
    "study_folder",
    "taken_columns",
    "written",
]
