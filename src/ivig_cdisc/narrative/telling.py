"""The narrative of a subject as sections of sentences, and as text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ..metadata import Passage, Place
from ..output import open_output
from .passages import lead, sections
from .people import untreated
from .phrases import number, sentence
from .sections import Section, Table
from .subject import Subject, find

__all__ = ["PatientNarrative", "Section", "Table", "as_text", "explain"]


USUAL = (  # section, passage
    ("Who", "subject"),
    ("Who", "sets"),
    ("Dates", "consent"),
    ("Dates", "treatment"),
    ("Dates", "end"),
    ("Doses", "doses"),
    ("Times to event", "times"),
    ("Imputations", "ages"),
    ("Imputations", "event dates"),
    ("Adverse events", "events"),
    ("Findings", "findings"),
)


@dataclass(frozen=True, repr=False)
class PatientNarrative:
    """All that an output says of one subject, in the order in which it is told."""

    study: str
    title: str
    cutoff: str
    subject: str  # as collected
    usubjid: str
    lead: str  # the narrative in one sentence
    sections: tuple[Section, ...]

    def __str__(self) -> str:
        return as_text(self)

    def __repr__(self) -> str:
        return f"<PatientNarrative of {self.usubjid}, {len(self.sections)} sections>"


def explain(out: str | Path, subject: str, *, study: str | Path | None = None) -> PatientNarrative:
    """The narrative of one subject of an output folder.

    What is missing, of the subject or in the output, is not told.

    Args:
        out: an output folder.
        subject: USUBJID, or the id as collected.
        study: bundled study or folder, if not the one that the output names.

    Returns:
        The narrative, section by section.

    Raises:
        CdiscError: there is no such subject.
        ExportError: the folder is no output, or a file in it cannot be read.
        SpecError: the study cannot be used.
    """
    opened = open_output(Path(out), study)
    found = find(opened, subject)
    passages = _passages(opened.study.narrative)
    return PatientNarrative(
        study=opened.study.id,
        title=opened.study.title,
        cutoff=opened.study.cutoff,
        subject=found.subjid,
        usubjid=found.usubjid,
        lead=lead(found, passages) or _usual_lead(found),
        sections=tuple(sections(found, passages)),
    )


def _usual_lead(subject: Subject) -> str:
    if subject.untreated:
        return untreated(subject)
    return sentence(f"{subject.subjid} of study {subject.opened.study.id}")


def _passages(said: Sequence[Passage] | None) -> Sequence[Passage]:
    """Those of the study, or what can be told of any."""
    if said is not None:
        return said
    nowhere = Place(file=Path("narrative.yaml"), line=1)
    usual = []
    for title, name in USUAL:
        entry = {"section": title, "general": name, "place": nowhere}
        usual.append(Passage.model_validate(entry))
    return usual


def as_text(narrative: PatientNarrative) -> str:
    """The narrative as paragraphs under headings.

    Args:
        narrative: one subject's narrative.

    Returns:
        Lines, the last of which says how numbers are shown.
    """
    lines = [f"{narrative.study}, subject {narrative.subject}", narrative.lead]
    for section in narrative.sections:
        lines += ["", section.title, *_indented(section.sentences, 2)]
        if section.table:
            lines += _indented(section.table.sentences, 4)
        lines += _indented(section.after, 2)
    return "\n".join([*lines, "", NUMBERS, ""])


def _indented(sentences: Sequence[str], blanks: int) -> list[str]:
    return [f"{' ' * blanks}{sentence}" for sentence in sentences]


NUMBERS = f"Numbers are shown with at most {number(6)} digits; the datasets hold them in full."
