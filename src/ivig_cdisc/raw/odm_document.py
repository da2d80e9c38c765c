"""What the parser of an ODM file does whatever it holds: the document, and what is passed over.

The parser is expat, since it knows the line of every tag: that of libxml2 is right in the first
65,535 lines only. A document type is refused as soon as it begins, so there are no entities to
expand and nothing is ever fetched.
"""

from __future__ import annotations

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Callable
from xml.parsers import expat

from ..errors import RawError
from .odm_context import COMMENT, NAMESPACE, ODM, Attributes, OdmContext

Start = Callable[[Attributes], None]
End = Callable[[], None]
Pairs = list[str]  # of an element: names and values of its attributes by turns


def attributes_of(pairs: Pairs) -> Attributes:
    """The attributes of an element by name."""
    return dict(zip(pairs[::2], pairs[1::2], strict=True))


class Document(ABC):
    """One pass over a file.

    starts, ends: by element of ODM, what is done where it begins or ends. The parser gives the
    attributes of an element as pairs, which takes less time than to make a mapping of them.
    """

    def __init__(self, file: str, context: OdmContext) -> None:
        self.file, self.context = file, context
        self.encoding = "utf-8"
        self.hash = hashlib.sha256()  # of the bytes that were given to the parser
        self.starts: dict[str, Start] = {}
        self.ends: dict[str, End] = {}
        self.typed: str | None = None  # ItemOID of an item whose text is its content
        self.text: list[str] = []
        self.depth = 0  # within an element that is passed over
        self.passing: Callable[[str, Pairs], None] | None = None
        self.parser = expat.ParserCreate(namespace_separator="}")
        self.parser.buffer_text = True
        self.parser.ordered_attributes = True
        self.parser.StartElementHandler = self._root
        self.parser.EndElementHandler = self._end
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.XmlDeclHandler = self._declaration
        self.parser.StartNamespaceDeclHandler = self._namespace

    @abstractmethod
    def _start(self, name: str, pairs: Pairs) -> None:
        """An element begins."""

    @abstractmethod
    def _end(self, name: str) -> None:
        """An element ends."""

    @abstractmethod
    def _start_in_content(self, name: str, pairs: Pairs) -> None:
        """An element begins within the text of an item."""

    @property
    def at(self) -> int:
        """The line of the tag at hand."""
        return self.parser.CurrentLineNumber

    def refused(self, reason: str) -> RawError:
        return RawError(reason, file=self.file, line=self.at)

    def required(self, attributes: Attributes, name: str, element: str) -> str:
        if name not in attributes:
            raise self.refused(f"{element} has no {name}")
        return attributes[name]

    # ---------------------------------------------------------------- the document
    def _doctype(self, *_: object) -> None:
        raise self.refused(
            "has a DOCTYPE; a file with a document type or entities is not read, remove it"
        )

    def _declaration(self, _version: str, encoding: str | None, _standalone: int) -> None:
        self.encoding = (encoding or "utf-8").lower()

    def _namespace(self, prefix: str | None, space: str | None) -> None:
        if prefix and space:
            self.context.prefixes.setdefault(space, prefix)

    def _root(self, name: str, pairs: Pairs) -> None:
        if name != ODM + "ODM":
            space, _, local = name.rpartition("}")
            outermost = f"{local} without a namespace"
            if space:
                outermost = f"{local} of the namespace {space}"
            reason = f"is not ODM: the outermost element is {outermost}"
            raise self.refused(f"{reason}; expected ODM of {NAMESPACE}")
        kind = attributes_of(pairs).get("FileType", "Snapshot")
        if kind != "Snapshot":
            raise self.refused(f"is of FileType {kind}; export the study as a Snapshot")
        self.parser.StartElementHandler = self._start

    # ---------------------------------------------------------------- elements that are passed over
    def pass_over(self, seen: Callable[[str, Pairs], None] | None = None) -> None:
        """Leave out the element that has begun, with all that it holds.

        seen: is called with each element within.
        """
        self.depth, self.passing = 1, seen
        self.parser.StartElementHandler = self._start_within
        self.parser.EndElementHandler = self._end_within
        self.parser.CharacterDataHandler = None

    def _start_within(self, name: str, pairs: Pairs) -> None:
        self.depth += 1
        if self.passing:
            self.passing(name, pairs)

    def _end_within(self, _name: str) -> None:
        self.depth -= 1
        if not self.depth:
            self.resume()

    def resume(self) -> None:
        """Read on after an element that was passed over, or a content that has ended."""
        self.parser.EndElementHandler = self._end
        if self.typed is None:
            self.parser.StartElementHandler = self._start
            self.parser.CharacterDataHandler = None
        else:
            self.parser.StartElementHandler = self._start_in_content
            self.parser.CharacterDataHandler = self.text.append

    def comments(self, name: str, _pairs: Pairs) -> None:
        """Count the comments within an element that is passed over.

        What a site has written is reported.
        """
        if name == ODM + COMMENT:
            self.context.unread(COMMENT, self.at)
