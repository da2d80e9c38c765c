"""The story of a subject as sections of sentences, and as text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ..output.reopen import reopen
from . import disposition, improvement, outcome, safety
from .phrases import number
from .sections import Section, Table
from .subject import find

__all__ = ["Section", "Story", "Table", "as_text", "explain"]


@dataclass(frozen=True)
class Story:
    """All that an output says of one subject, in the order in which it is told."""

    study: str
    title: str
    cutoff: str
    subject: str  # as collected
    usubjid: str
    lead: str  # the story in one sentence
    sections: tuple[Section, ...]


def explain(out: str | Path, subject: str, *, study: str | Path | None = None) -> Story:
    """The story of one subject of an output folder.

    What is missing, of the subject or in the output, is not told.

    Args:
        out: an output folder.
        subject: USUBJID, or the id as collected.
        study: bundled study or folder, if not the one that the output names.

    Returns:
        The story, section by section.

    Raises:
        CdiscError: there is no such subject.
        ExportError: the folder is no output, or a file in it cannot be read.
        SpecError: the study cannot be used.
    """
    opened = reopen(Path(out), study)
    person = find(opened, subject)
    told: Iterable[Section] = (
        disposition.who(person),
        disposition.dates(person),
        disposition.doses(person),
        disposition.rescue(person),
        *improvement.scores(person),
        outcome.response(person),
        outcome.times(person),
        improvement.imputed(person),
        safety.events(person),
        safety.found(person),
    )
    return Story(
        study=opened.study.id,
        title=opened.study.title,
        cutoff=opened.study.cutoff,
        subject=person.subjid,
        usubjid=person.usubjid,
        lead=outcome.lead(person),
        sections=tuple(section for section in told if section.told),
    )


def as_text(story: Story) -> str:
    """The story as paragraphs under headings."""
    lines = [f"{story.study}, subject {story.subject}", story.lead]
    for section in story.sections:
        lines += ["", section.title, *(f"  {text}" for text in section.sentences)]
        lines += [f"    {text}" for text in section.table.sentences] if section.table else []
        lines += [f"  {text}" for text in section.after]
    return "\n".join([*lines, "", NUMBERS, ""])


NUMBERS = f"Numbers are shown with at most {number(6)} digits; the datasets hold them in full."
