"""Plain data as YAML that `document` reads back as the same data.

Entries in their order, short ones on one line.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from itertools import chain
from typing import Any

import yaml

from ..text import number_text
from .document import BLANKLESS, Plain, plain

WIDTH = 120
TEXT = "tag:yaml.org,2002:str"
NAMES_OF = {None: "null", True: "true", False: "false"}
INLINE = 100  # characters of a collection on one line
# collections in collections that stay readable on one line; one more if it begins with a word
NESTED = 2


class _Writer(yaml.SafeDumper):
    """Every scalar is plain text or quoted; what plain text means is for `document` to say."""

    yaml_implicit_resolvers: dict[str, Any] = {}

    def increase_indent(self, *_: bool, **how: bool) -> None:
        """Lists are indented below their key."""
        super().increase_indent(flow=how.get("flow", False), indentless=False)


def written(data: Mapping[str, Any] | list[Any]) -> str:
    """The data as a YAML document.

    Args:
        data: keys are text, values text, numbers, booleans, None, lists and mappings of these.

    Returns:
        Text that is read back as the same data, entries in their order; None is `null`.
    """
    root = _node(data)
    root.flow_style = False
    return yaml.serialize(root, Dumper=_Writer, width=WIDTH, allow_unicode=True)


def on_one_line(data: Mapping[str, Any] | list[Any]) -> str:
    """The data as YAML within brackets, on one line however long it is.

    Args:
        data: as `written` takes it.

    Returns:
        The line, without its end.

    >>> on_one_line({"derive": "recode", "from": {"value": "sex"}, "decimals": 1, "terms": ["1"]})
    '{derive: recode, from: {value: sex}, decimals: 1, terms: ["1"]}'
    """
    root = _node(data)
    root.flow_style = True
    return yaml.serialize(root, Dumper=_Writer, width=sys.maxsize, allow_unicode=True).rstrip("\n")


def _node(data: Any) -> Any:
    if isinstance(data, Mapping):
        pairs = [(_key(str(key)), _node(value)) for key, value in data.items()]
        return _laid_out(yaml.MappingNode("tag:yaml.org,2002:map", pairs))
    if isinstance(data, list | tuple):
        items = [_node(item) for item in data]
        return _laid_out(yaml.SequenceNode("tag:yaml.org,2002:seq", items))
    return _scalar(data)


def _scalar(value: Plain) -> yaml.ScalarNode:
    if not isinstance(value, str):
        return yaml.ScalarNode(TEXT, scalar_text(value))
    if plain(value) != value:
        return yaml.ScalarNode(TEXT, value, style='"')
    return yaml.ScalarNode(TEXT, value)


def scalar_text(value: Plain) -> str:
    """A number, true, false or null as it stands in YAML; text as it is.

    A float has all its digits without an exponent, and a point, which makes it a number with
    decimals.
    """
    if value is None or isinstance(value, bool):
        return NAMES_OF[value]
    if not isinstance(value, float):
        return str(value)
    digits = number_text(value)
    if "." in digits:
        return digits
    return f"{digits}.0"


def _key(name: str) -> yaml.ScalarNode:
    """Keys are text whatever they look like: quotes stand where `document` would read more."""
    if not name or name == "<<" or BLANKLESS.search(name):
        return yaml.ScalarNode(TEXT, name, style='"')
    return yaml.ScalarNode(TEXT, name)


def _laid_out(node: Any) -> Any:
    """On one line if that stays readable; a collection with a block in it is a block too."""
    length, depth = _extent(node)
    node.flow_style = length <= INLINE and depth <= NESTED + _begins_with_word(node)
    return node


def _begins_with_word(node: Any) -> bool:
    if not isinstance(node, yaml.MappingNode) or not node.value:
        return False
    _, value = node.value[0]
    return isinstance(value, yaml.ScalarNode)


def _extent(node: Any) -> tuple[int, int]:
    """Characters on one line, and collections in one another."""
    if isinstance(node, yaml.ScalarNode):
        return len(node.value), 0
    items = node.value
    if isinstance(node, yaml.MappingNode):
        items = chain.from_iterable(node.value)
    length = deepest = 0
    for item in items:
        inner_length, inner_depth = _extent(item)
        length += inner_length + 2
        deepest = max(deepest, inner_depth)
    return length, 1 + deepest
