"""Which terms a variable may have: those of a codelist, of a dictionary, of who evaluates."""

from __future__ import annotations

from dataclasses import dataclass

from ..text import suggest
from .document import Document, Path_
from .source import NO_CODELIST, VariableSource
from .standard import StandardVariable
from .terminology import Terminology

EVALUATORS = "C78735"  # the codelist of QEVAL
NOTHING_OWN = ("", NO_CODELIST)


@dataclass(frozen=True)
class Vocabularies:
    """Reads the vocabularies of variables; what does not fit becomes a problem of the document."""

    document: Document
    terminology: Terminology

    def codelist(self, path: Path_, given: VariableSource, base: StandardVariable) -> str:
        """The codelist of a variable, or several.

        Args:
            path: of its entry in the document.
            given: what the YAML says.
            base: what the standard says.

        Returns:
            That of the study, or else of the standard; empty for none, and where the study says a
            dictionary.
        """
        if given.codelist == NO_CODELIST or given.dictionary not in NOTHING_OWN:
            return ""
        codelist = given.codelist or base.codelist
        if not codelist or self.terminology.use_codelist(codelist):
            return codelist
        if given.codelist:
            near = suggest(codelist, self.terminology.standard.codelists)
            self.document.complain((*path, "codelist"), f"there is no codelist {codelist}{near}")
        return ""

    def dictionary(self, path: Path_, given: VariableSource, base: StandardVariable) -> str:
        """The dictionary whose terms a variable holds.

        Args:
            path: of its entry in the document.
            given: what the YAML says.
            base: what the standard says.

        Returns:
            That of the study; or else that of the standard, as MedDRA, where the study is coded
            with it and says no codelist; empty for none.

        Source: Define-XML 2.1, 5.3 (ExternalCodeList: Dictionary and Version).
        """
        known = self.terminology.dictionaries
        has_list = given.codelist not in NOTHING_OWN
        if given.dictionary in NOTHING_OWN:
            if given.dictionary or has_list or base.format not in known:
                return ""
            return base.format
        if given.dictionary not in known:
            near = suggest(given.dictionary, known)
            reason = f"there is no dictionary {given.dictionary} in study.yaml{near}"
            self.document.complain((*path, "dictionary"), reason)
        if has_list:
            self.document.complain(path, "has codelist and dictionary: its terms are of one")
        return given.dictionary

    def check_evaluator(self, path: Path_, given: VariableSource) -> None:
        """QEVAL is a term of its codelist, to which a study may add.

        Args:
            path: of the variable's entry in the document.
            given: what the YAML says.
        """
        evaluator = ""
        if given.qualifier:
            evaluator = given.qualifier.evaluator
        if not evaluator or not self.terminology.use_codelist(EVALUATORS):
            return
        known = self.terminology.codelists[EVALUATORS].terms
        if evaluator not in known:
            near = suggest(evaluator, known)
            reason = f"{evaluator} is not a term of {EVALUATORS}{near}; codelists may add it"
            self.document.complain((*path, "supplemental", "evaluator"), reason)
