"""A JSON schema of all kinds of files of a study, made of the models that read them.

Editors complete and check by it. It allows whatever the spec check allows as far as one file shows
it; what only the whole study shows (whether a column is there) is for the spec check.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, models_json_schema

from .. import results
from ..metadata import Analysis, CodelistsBy, Column, Join, Waiver
from ..metadata.differences import Explanation
from ..metadata.frozen import Frozen
from ..metadata.passages import PassageSource
from ..metadata.source import DatasetSource, FormSource, RuleSource, StudySource, VariableSource
from ..metadata.standard import standard
from .calls import SHARED, TEXT, TYPE_OF_TEXT, Schema, checks, derivations
from .documentation import documentation

FILE = "schema.json"  # beside study.yaml
DIALECT = "https://json-schema.org/draft/2020-12/schema"
DEFINITIONS = "#/$defs/"
OWN = ("place", "lines")  # fields of models that no file has
PLACE = "Place"

ENTRIES: Mapping[str, type[Frozen]] = MappingProxyType(
    {  # files that are lists, and their entries
        "rules": RuleSource,
        "results": Analysis,
        "narrative": PassageSource,
        "waivers": Waiver,
        "differences": Explanation,
    }
)
WHOLE: Mapping[str, type[Frozen]] = MappingProxyType(
    {"study": StudySource, "dataset": DatasetSource}
)
KINDS = (*WHOLE, "shared", *ENTRIES)  # of files, as definitions of the schema
FOLDERS = MappingProxyType(
    {"sdtm": "dataset", "adam": "dataset", "rules": "rules", "results": "results"}
)


def schema_text() -> str:
    """The schema as the content of a file.

    Returns:
        JSON.
    """
    return json.dumps(schema(), ensure_ascii=False, indent=1) + "\n"


def modeline(path: str) -> str:
    """The first line of a file, by which editors know its schema.

    Args:
        path: of the file inside of the study's folder, as sdtm/vs.yaml.

    Returns:
        A comment, without the end of the line.
    """
    up = "../" * (len(PurePosixPath(path).parts) - 1)
    return f"# yaml-language-server: $schema={up}{FILE}{DEFINITIONS}{kind_of(path)}"


def kind_of(path: str) -> str:
    """The kind of a file, one of KINDS, by its path inside of the study's folder."""
    parts = PurePosixPath(path)
    if parts.name == "shared.yaml":
        return "shared"
    return FOLDERS.get(parts.parts[0], parts.stem)


def schema() -> Schema:
    """The schema: one definition for each kind of file, and for all that is in them.

    Returns:
        Plain data, in the dialect of 2020-12.
    """
    models: list[type[BaseModel]] = [*WHOLE.values(), *ENTRIES.values(), Column, Join.With]
    _, found = models_json_schema(
        [(model, "validation") for model in models], schema_generator=_Words
    )
    definitions = _renamed(found["$defs"])
    for kind, model in WHOLE.items():
        definitions[kind] = definitions.pop(model.__name__)
    for kind, model in ENTRIES.items():
        definitions[kind] = {"type": ["array", "null"], "items": _ref(model)}
    definitions["shared"] = {
        "description": "Variables that several datasets wire alike, by name; -- is the domain.",
        "type": "object",
        "additionalProperties": _ref(VariableSource),
    }
    ordered = {kind: definitions.pop(kind) for kind in KINDS}
    return {
        "$schema": DIALECT,
        "title": "Specs of a study for ivig-cdisc",
        "$defs": {**ordered, **dict(sorted(definitions.items())), **SHARED},
    }


def _ref(model: type[Frozen]) -> Schema:
    return {"$ref": f"{DEFINITIONS}{model.__qualname__}"}


def _renamed(definitions: Schema) -> Schema:
    """Definitions by the names of their models (which are their titles), without modules."""
    text = json.dumps(definitions)
    names = {}
    for key, made in definitions.items():
        names[key] = made["title"]
        text = text.replace(f'"{DEFINITIONS}{key}"', f'"{DEFINITIONS}{made["title"]}"')
    return {names[key]: made for key, made in json.loads(text).items() if made["title"] != PLACE}


class _Words(GenerateJsonSchema):
    """What pydantic makes of a model, with the words of its docstring and of the language."""

    def str_schema(self, schema: Any) -> Schema:
        return {**super().str_schema(schema), **TYPE_OF_TEXT}

    def model_schema(self, schema: Any) -> Schema:
        model: type[BaseModel] = schema["cls"]
        made = super().model_schema(schema)
        about = documentation(model)
        made["title"] = model.__qualname__
        described = " ".join(filter(None, (about.says, about.more)))
        if described:
            made["description"] = described
        properties = made.get("properties", {})
        for word in OWN:
            properties.pop(word, None)
        _require(made)
        for word, given in properties.items():
            _tidy(given, about.words.get(word, ""))
        for word in _one_or_several(model):
            properties[word] = _also_single(properties[word])
        for kind, complete in COMPLETED.items():
            if issubclass(model, kind):
                complete(made)
        return made


def _require(made: Schema) -> None:
    required = [word for word in made.pop("required", []) if word not in OWN]
    if required:
        made["required"] = required


def _tidy(given: Schema, meaning: str) -> None:
    """No names and defaults that Python has; what the docstring says of a word."""
    given.pop("title", None)
    if given.get("default") in (None, "", 0, [], {}):
        given.pop("default", None)
    if meaning:
        given["description"] = meaning


def _one_or_several(model: type[BaseModel]) -> list[str]:
    """The words of lists that may be one item by itself: a validator makes a list of it."""
    found = []
    for decorator in model.__pydantic_decorators__.field_validators.values():
        if decorator.info.mode == "before":
            found += [word for word in decorator.info.fields if word in model.model_fields]
    return found


def _also_single(given: Schema) -> Schema:
    """A list that may be one of its items; in a list of lists (stack) each may."""
    for choice in given.get("anyOf", [given]):
        if choice.get("type") == "array":
            items = choice["items"]
            if items.get("type") == "array":
                choice["items"] = {"anyOf": [items, items["items"]]}
            else:
                made: Schema = {"anyOf": [given, items]}
                if "description" in given:
                    made["description"] = given.pop("description")
                return made
    return given


# ---------------------------------------------------------------- names of the language
def _of_variables(made: Schema) -> None:
    known = derivations()
    made["properties"]["derive"] |= {"type": "string", "enum": list(known)}
    choices = [{"enum": _codelists()}, TEXT, _ref(CodelistsBy)]
    described = made["properties"]["codelist"]["description"]
    made["properties"]["codelist"] = {"description": described, "anyOf": choices}
    made["allOf"] = [_when("derive", name, then) for name, then in known.items()]
    made["dependentRequired"] = {"with": ["derive"]}


def _of_rules(made: Schema) -> None:
    known = checks()
    made["properties"]["check"] |= {"type": "string", "enum": list(known)}
    made["properties"]["join"]["items"] = _ref(Join.With)
    made["allOf"] = [_when("check", name, then) for name, then in known.items()]


def _of_results(made: Schema) -> None:
    made["properties"]["method"] |= {"type": "string", "enum": list(results.METHODS)}


def _of_forms(made: Schema) -> None:
    empty = {"type": "null"}
    made["properties"]["columns"]["additionalProperties"] = {"anyOf": [_ref(Column), empty]}


def _when(word: str, name: str, then: Schema) -> Schema:
    condition = {"properties": {word: {"const": name}}, "required": [word]}
    return {"if": condition, "then": then}


def _codelists() -> list[str]:
    return ["none", *sorted(standard().codelists)]


COMPLETED: Mapping[type[Frozen], Callable[[Schema], None]] = MappingProxyType(
    {
        VariableSource: _of_variables,
        RuleSource: _of_rules,
        Analysis: _of_results,
        FormSource: _of_forms,
    }
)
