"""Which terms a variable may have: those of a codelist, of a dictionary, of who evaluates."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from ..text import suggest
from .document import Document, Path_
from .model import CodelistsBy
from .source import NO_CODELIST, VariableSource
from .standard import StandardVariable
from .terminology import SEVERAL, Terminology

EVALUATORS = "C78735"  # the codelist of QEVAL
NOTHING_OWN = ("", NO_CODELIST)


@dataclass(frozen=True)
class Vocabularies:
    """Reads the vocabularies of variables; what does not fit becomes a problem of the document."""

    document: Document
    terminology: Terminology

    def codelist(self, path: Path_, given: VariableSource, base: StandardVariable) -> str:
        """The codelist of a variable, or several; of a choice by another variable all of them.

        Args:
            path: of its entry in the document.
            given: what the YAML says.
            base: what the standard says.

        Returns:
            That of the study, or else of the standard; empty for none, and where the study says a
            dictionary.
        """
        if given.dictionary not in NOTHING_OWN:
            return ""
        path = (*path, "codelist")
        if not isinstance(given.codelist, CodelistsBy):
            return self._one(path, given.codelist, base.codelist)
        parts: list[str] = []
        for value, codelist in given.codelist.of.items():
            parts += self._one((*path, "of", value), codelist, "").split(SEVERAL)
        parts += self.usual_codelist(path, given, base).split(SEVERAL)
        whole = SEVERAL.join(filter(None, dict.fromkeys(parts)))
        self.terminology.use_codelist(whole)
        return whole

    def usual_codelist(self, path: Path_, given: VariableSource, base: StandardVariable) -> str:
        """The codelist of the standard, for values that a choice by another variable does not name.

        Args:
            path: of its entry in the document.
            given: what the YAML says.
            base: what the standard says.

        Returns:
            Its key; empty for none, and where the codelist does not depend on a variable.
        """
        if not isinstance(given.codelist, CodelistsBy):
            return ""
        return self._one(path, "", base.codelist)

    def codelists_by(
        self, path: Path_, given: VariableSource, named: Collection[str]
    ) -> CodelistsBy | None:
        """On what the codelist depends.

        Args:
            path: of its entry in the document.
            given: what the YAML says.
            named: the variables of the dataset.

        Returns:
            The other variable and the codelists of its values; None where it depends on nothing.
        """
        said = given.codelist
        if not isinstance(said, CodelistsBy):
            return None
        if said.by not in named:
            near = suggest(said.by, named)
            reason = f"{said.by} is not a variable of the dataset{near}"
            self.document.complain((*path, "codelist", "by"), reason)
        return said

    def _one(self, path: Path_, said: str, usual: str) -> str:
        """A codelist by what is said; without that the usual one."""
        if said == NO_CODELIST:
            return ""
        codelist = said or usual
        if not codelist or self.terminology.use_codelist(codelist):
            return codelist
        if said:
            near = suggest(codelist, self.terminology.standard.codelists)
            self.document.complain(path, f"there is no codelist {codelist}{near}")
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
