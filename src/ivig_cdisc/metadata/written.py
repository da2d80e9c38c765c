"""Plain data as YAML that `document` reads back as the same data.

Entries in their order, short ones on one line.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

import yaml

from ..text import number_text
from .document import Plain, plain

WIDTH = 120
TEXT = "tag:yaml.org,2002:str"
INLINE = 100  # characters of a collection on one line
NESTED = 2  # collections in collections that stay readable on one line; one more if it begins with a word


class _Writer(yaml.SafeDumper):
    """Every scalar is plain text or quoted; what plain text means is for `document` to say."""

    yaml_implicit_resolvers: dict[str, Any] = {}

    def increase_indent(self, *_: bool, **how: bool) -> None:
        """Lists are indented below their key."""
        super().increase_indent(flow=how.get("flow", False), indentless=False)


def written(data: Mapping[str, Any] | list[Any]) -> str:
    """The data as a YAML document.

    Keys are text, values text, numbers, booleans, None, lists and mappings of these.
    """
    root = _node(data)
    root.flow_style = False
    return yaml.serialize(root, Dumper=_Writer, width=WIDTH, allow_unicode=True)


def on_one_line(data: Mapping[str, Any] | list[Any]) -> str:
    """The data as YAML within brackets, on one line however long it is.

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
        return _laid_out(yaml.SequenceNode("tag:yaml.org,2002:seq", [_node(item) for item in data]))
    return _scalar(data)


def _scalar(value: Plain) -> yaml.ScalarNode:
    if isinstance(value, str):
        return yaml.ScalarNode(TEXT, value, style=None if plain(value) == value else '"')
    words = {None: "null", True: "true", False: "false"}
    if value is None or isinstance(value, bool):
        return yaml.ScalarNode(TEXT, words[value])
    return yaml.ScalarNode(TEXT, str(value) if isinstance(value, int) else _decimal(value))


def _decimal(value: float) -> str:
    """All digits without an exponent, and a point, which makes it a number with decimals."""
    digits = number_text(value)
    return digits if "." in digits else f"{digits}.0"


def _key(name: str) -> yaml.ScalarNode:
    """Keys are text whatever they look like, so they need no quotes."""
    return yaml.ScalarNode(TEXT, name, style=None if name else '"')


def _laid_out(node: Any) -> Any:
    """On one line if that stays readable; a collection with a block in it is a block too."""
    length, depth = _extent(node)
    node.flow_style = length <= INLINE and depth <= NESTED + _begins_with_word(node)
    return node


def _begins_with_word(node: Any) -> bool:
    return (
        isinstance(node, yaml.MappingNode)
        and bool(node.value)
        and isinstance(node.value[0][1], yaml.ScalarNode)
    )


def _extent(node: Any) -> tuple[int, int]:
    """Characters on one line, and collections in one another."""
    if isinstance(node, yaml.ScalarNode):
        return len(node.value), 0
    items = (
        [part for pair in node.value for part in pair]
        if isinstance(node, yaml.MappingNode)
        else node.value
    )
    inner = [_extent(item) for item in items]
    return sum(length + 2 for length, _ in inner), 1 + max((depth for _, depth in inner), default=0)
