"""Keys that are known before any records are read.

Those that the caller gives, and those of a study's specs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from .. import metadata, output
from ..errors import SpecError

HINT = "--study says where its keys are"


@dataclass(frozen=True)
class KnownKeys:
    """What is known of keys.

    given    what makes a record unique, as the caller says it
    study    whose specs are known
    specs    the keys that these have, by dataset
    facts    why an output's own specs are not known, one sentence each
    """

    given: tuple[str, ...] = ()
    study: str = ""
    specs: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    facts: tuple[str, ...] = ()


def known_keys(
    first: Path, second: Path, given: Sequence[str], study: str | Path | None
) -> KnownKeys:
    """What is known of the keys of two files or folders.

    study: a bundled one or its folder; otherwise the bundled one that an output of this program
        names, the first's before the second's. SpecError where the specs that are named cannot be
        used.
    """
    if given:
        return KnownKeys(tuple(given))
    if study is not None:
        return _of_specs(_loaded(study))
    facts = []
    for path in (first, second):
        for manifest in _manifests(path):
            found = _named(path, manifest)
            if isinstance(found, KnownKeys):
                return found
            facts.append(found)
    return KnownKeys(facts=tuple(facts))


def _of_specs(study: metadata.Study) -> KnownKeys:
    keys = {dataset.name: dataset.keys for dataset in study.datasets}
    return KnownKeys(study=study.id, specs=keys)


def _loaded(study: str | Path) -> metadata.Study:
    found, problems = metadata.load(study)
    if problems:
        raise SpecError(problems)
    return found


# ---------------------------------------------------------------- outputs of this program
def _manifests(path: Path) -> Iterator[Mapping[str, Any]]:
    """The manifest of the output that holds a file or folder of datasets, if one does."""
    whole = path.resolve()
    for folder in whole.parents[:2]:
        if output.is_output(folder):
            manifest = output.read_manifest(folder)
            inside = whole.relative_to(folder).as_posix()
            if _holds(manifest["outputs"], inside):
                yield manifest


def _holds(names: Iterable[str], inside: str) -> bool:
    """Whether one of the files is this one, or in this folder."""
    return any(PurePosixPath(name).is_relative_to(inside) for name in names)


def _named(path: Path, manifest: Mapping[str, Any]) -> KnownKeys | str:
    """The keys of the bundled study that a manifest names, or why these are not known."""
    name = str(manifest["study"])
    try:
        study = _loaded(metadata.study_folder(name))
    except SpecError:
        return f"{path}: was made with the study {name}, which is not bundled; {HINT}"
    if manifest.get("specs") != output.specs_digest(study):
        return f"{path}: was made with other specs of {name} than the bundled ones; {HINT}"
    return _of_specs(study)
