"""Random changes of a study's YAML: nodes deleted, doubled, moved, or replaced by something of another type."""

from __future__ import annotations

import random
from copy import deepcopy
from typing import Any

ODD: tuple[Any, ...] = (
    *(
        "",
        "x",
        "--",
        "VS",
        "0",
        0,
        -1,
        10**17,
        1.5,
        True,
        None,
        [],
        {},
        [[]],
        [None],
        ["VS", "VS"],
        {"a": "b"},
    ),
    *(
        {"fact": "study"},
        {"terms": ["SEX"]},
        {"decode": 1},
        {"decode": ["C66741"]},
        {"from": {"value": ["a", 1]}},
    ),
    *(
        [{"take": "DM"}],
        [{"stack": [[]]}],
        {"derive": "copy"},
        {"derive": ["copy"]},
        "present",
        "N\u00e9",
        "a" * 300,
    ),
    *(  # expressions, and what holds them
        "AVAL >= 40 and",
        "1 / 0",
        "not not (USUBJID is missing)",
        "'",
        "AVAL = 'x' = 2",
        {"compute": "AVAL - BASE"},
        {"compute": 1},
        {"cases": [{"otherwise": 1}]},
        {"cases": [{"when": "X", "value": {"fact": "x"}}, {}]},
        {"value": "Y", "where": "SEX = 1"},
        {"where": ["SEX"]},
        [{"take": "DM", "where": "AGE > '1'"}, {"filter": "SEX ="}],
        [{"events": {}}],
        [
            {
                "events": {
                    "for": {"take": "DM"},
                    "start": "AGE",
                    "sources": {},
                    "parameters": {"A": {"event": "x"}},
                }
            }
        ],
    ),
)


def places(data: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The paths of all nodes but the root."""
    inner = (
        data.items()
        if isinstance(data, dict)
        else enumerate(data)
        if isinstance(data, list)
        else ()
    )
    return [place for key, value in inner for place in ((*path, key), *places(value, (*path, key)))]


def mutate(data: Any, chance: random.Random) -> None:
    """Change one node in place."""
    path = chance.choice(places(data))
    parent = data
    for key in path[:-1]:
        parent = parent[key]
    key = path[-1]
    how = chance.choice(("delete", "replace", "replace", "double", "wrap"))
    if how == "delete":
        del parent[key]
    elif how == "replace":
        parent[key] = deepcopy(chance.choice(ODD))
    elif how == "wrap":
        parent[key] = [parent[key]] if chance.random() < 0.5 else {"value": parent[key]}
    elif isinstance(parent, list):
        parent.insert(key, deepcopy(parent[key]))
    else:
        parent[f"{key}{chance.choice('XA_1-')}"] = deepcopy(parent[key])
