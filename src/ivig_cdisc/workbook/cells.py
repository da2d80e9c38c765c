"""What one cell holds: plain text, or data as one line of YAML.

What is shown is read back as the same value.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from ..metadata.document import NUMBER, plain, scalar
from ..metadata.lengths import DATA
from ..metadata.written import scalar_text

DEEPEST = 20  # collections in one another; specs have five
WHOLE = re.compile(r"-?\d+")
# What a workbook does not give back as it was: control characters and what looks like its own
# escape for them.
SPOILED = re.compile(
    r"[^\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufdcf\ufdf0-\ufefe\uff00-\ufffd"
    r"\U00010000-\U0010ffff]"
    r"|_(?=x[0-9A-Fa-f]{4}_)|(?<=x005F)_"
)
WORD = re.compile(
    r"(?:[^\W_]|[_/(<=+^$;]|-(?=\w)|--(?=[A-Z]))(?:[\w ./()<>=+^$;~'%-]*[\w./()<>=+^$;~'%-])?"
)


@dataclass(frozen=True)
class Kind:
    """How a value is shown in a cell and read from it.

    `read` raises ValueError with what is wrong.
    """

    show: Callable[[Any], str]
    read: Callable[[str], Any]
    choices: tuple[str, ...] = ()
    is_number: bool = False
    takes_dates: bool = False


# ---------------------------------------------------------------- plain text
def escaped(text: str) -> str:
    """The text in double quotes, which JSON and YAML read alike."""
    return SPOILED.sub(lambda m: f"\\u{ord(m[0]):04x}", json.dumps(text, ensure_ascii=False))


def show_text(text: str) -> str:
    """The text itself; in quotes where a cell would not keep it, as with blanks at its ends."""
    if not text or text != text.strip() or text.startswith('"') or SPOILED.search(text):
        return escaped(text)
    return text


def read_text(cell: str) -> str:
    """The text of a cell, quotes around all of it removed."""
    if len(cell) > 1 and cell.startswith('"') and cell.endswith('"'):
        try:
            return str(json.loads(cell))
        except ValueError:
            return cell
    return cell


# ---------------------------------------------------------------- one line of YAML
def inline(data: Any) -> str:
    """The data as one line of YAML."""
    if isinstance(data, Mapping):
        entries = [f"{_key(str(key))}: {inline(value)}" for key, value in data.items()]
        return "{" + ", ".join(entries) + "}"
    if isinstance(data, list | tuple):
        return f"[{_items(data)}]"
    if isinstance(data, str) and not (_is_word(data) and plain(data) == data):
        return escaped(data)
    return scalar_text(data)


def _items(data: Iterable[Any]) -> str:
    return ", ".join(inline(item) for item in data)


def _is_word(text: str) -> bool:
    return bool(WORD.fullmatch(text)) and not SPOILED.search(text)


def _key(name: str) -> str:
    """Keys are text whatever they look like."""
    if _is_word(name) or NUMBER.fullmatch(name):
        return name
    return escaped(name)


def parsed(cell: str) -> Any:
    """The data of one line of YAML, scalars as everywhere in the specs."""
    try:
        _check(cell)
        node = yaml.compose(cell, Loader=yaml.CSafeLoader)
    except yaml.YAMLError as error:
        reason = getattr(error, "problem", None) or getattr(error, "reason", None) or "?"
        raise ValueError(f"is not valid YAML: {reason}") from error
    if node is None:
        return None
    return _data(node)


def _check(cell: str) -> None:
    """Refuse what makes a small text large or deep."""
    depth = 0
    for event in yaml.parse(cell, Loader=yaml.CSafeLoader):
        if isinstance(event, yaml.AliasEvent):
            reason = "refers to another place with *; write it out, or quote the text"
            raise ValueError(reason)  # noqa: TRY004  as below
        if isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        if depth > DEEPEST:
            raise ValueError(f"has more than {DEEPEST} brackets in one another")


def _data(node: yaml.Node) -> Any:
    if isinstance(node, yaml.SequenceNode):
        return [_data(item) for item in node.value]
    if isinstance(node, yaml.ScalarNode):
        return scalar(node)
    data: dict[str, Any] = {}
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            # what is wrong with a cell is a ValueError
            raise ValueError("has a key that is not a word")  # noqa: TRY004
        if key.value in data:
            raise ValueError(f"has {key.value} twice")
        data[key.value] = _data(value)
    return data


# ---------------------------------------------------------------- lists, yes and no, numbers, words
def read_names(cell: str) -> list[Any]:
    """A list without its brackets; with them is right too."""
    found = parsed(f"[{cell}]")
    names = found
    if len(found) == 1 and isinstance(found[0], list):
        names = found[0]
    for name in names:
        if name is None or isinstance(name, list | dict):
            raise ValueError(f"is a list as A, B, C, not '{_short(cell)}'")
    return list(names)


def show_kept(kept: Any) -> str:
    """What a dataset keeps: names, sets in braces, or the one word `all`."""
    if isinstance(kept, list | tuple):
        return _items(kept)
    return inline(kept)


def read_kept(cell: str) -> Any:
    """Names and sets; what is no name stands for itself where it is alone."""
    found = parsed(f"[{cell}]")
    if len(found) == 1 and (found[0] == "all" or isinstance(found[0], dict | list)):
        return found[0]
    return found


def show_codelist(codelist: Any) -> str:
    """A codelist, or in braces the variable that it depends on and the codelists."""
    if isinstance(codelist, dict):
        return inline(codelist)
    return show_text(codelist)


def read_codelist(cell: str) -> Any:
    """What is in braces as entries, all else as text."""
    if cell.startswith("{"):
        return read_entries(cell)
    return read_text(cell)


def read_entries(cell: str) -> Any:
    """Entries in braces."""
    found = parsed(cell)
    if not isinstance(found, dict):
        reason = f"is entries as {{a: b, c: d}}, not '{_short(cell)}'"
        raise ValueError(reason)  # noqa: TRY004  as above
    return found


def show_condition(where: Any) -> str:
    """An expression as it is; listed values in braces."""
    if isinstance(where, str):
        return show_text(where)
    return inline(where)


def read_condition(cell: str) -> Any:
    """An expression, or listed values in braces."""
    if cell.startswith("{"):
        return read_entries(cell)
    return read_text(cell)


def read_flag(cell: str) -> bool:
    """Yes or No; TRUE and FALSE are what a spreadsheet makes of them."""
    words = {"yes": True, "true": True, "y": True, "no": False, "false": False, "n": False}
    if cell.casefold() not in words:
        raise ValueError(f"is Yes or No, not '{_short(cell)}'")
    return words[cell.casefold()]


def read_whole(cell: str) -> int:
    """A whole number."""
    if not WHOLE.fullmatch(cell) or len(cell) > 15:
        raise ValueError(f"is a whole number, not '{_short(cell)}'")
    return int(cell)


def read_length(cell: str) -> int | str:
    """A whole number, or the word for what the data decide."""
    if cell.casefold() == DATA:
        return DATA
    if not WHOLE.fullmatch(cell) or len(cell) > 15:
        raise ValueError(f"is a whole number or {DATA}, not '{_short(cell)}'")
    return int(cell)


def one_of(*words: str) -> Kind:
    """A cell that holds one of a few words."""

    def read(cell: str) -> str:
        for word in words:
            if word.casefold() == cell.casefold():
                return word
        raise ValueError(f"is {', '.join(words[:-1])} or {words[-1]}, not '{_short(cell)}'")

    return Kind(str, read, words)


def _short(cell: str) -> str:
    if len(cell) <= 40:
        return cell
    return f"{cell[:39]}…"


def show_flag(flag: bool) -> str:  # noqa: FBT001  one cell
    """Yes or No."""
    if flag:
        return "Yes"
    return "No"


TEXT = Kind(show_text, read_text)
DAY = Kind(show_text, read_text, takes_dates=True)
AS_IS = Kind(str, str, takes_dates=True)  # what it is depends on another cell of the row
YAML = Kind(inline, parsed)
ENTRIES = Kind(inline, read_entries)
CONDITION = Kind(show_condition, read_condition)
NAMES = Kind(_items, read_names)
KEPT = Kind(show_kept, read_kept)
CODELIST = Kind(show_codelist, read_codelist)
FLAG = Kind(show_flag, read_flag, ("Yes", "No"))
WHOLE_NUMBER = Kind(str, read_whole, is_number=True)
LENGTH = Kind(str, read_length, is_number=True)
