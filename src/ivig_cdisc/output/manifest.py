"""manifest.json: what an output folder was made from and what it holds.

And what does not agree with it.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path, PurePosixPath
from typing import Any

import orjson

from ..errors import ExportError
from ..formats import known_formats
from ..metadata import Study

MANIFEST = "manifest.json"
PROGRAM = "ivig-cdisc"
WORKBOOK = "validation/findings.xlsx"  # people fill it in, so it may be in any state
OPENED = (
    "validation/~$findings.xlsx",
    "validation/.~lock.findings.xlsx#",
)  # while a spreadsheet program has it open
FOUND = "validation/findings.json"
EXAMINED = (
    "validation/report.html",
    WORKBOOK,
    "validation/suites/",
    FOUND,
)  # made anew by each examination
KEYS = {
    "study": str,
    "cutoff": str,
    PROGRAM: str,
    "standards": dict,
    "inputs": dict,
    "outputs": dict,
}
CHANGED, MISSING, ADDED = "was changed", "is missing", "was added"


# ---------------------------------------------------------------- written and read
def write_manifest(
    folder: Path, study: Study, inputs: Mapping[str, str], formats: Sequence[str]
) -> None:
    """manifest.json: what the folder was made from and what it holds, with SHA-256 of every file.

    inputs: SHA-256 of each file of the raw export, by name. formats: of the datasets.
    """
    content = {
        "study": study.id,
        "cutoff": study.cutoff,
        PROGRAM: version(PROGRAM),
        "standards": study.standards,
        "specs": specs_digest(study),
        "formats": list(formats),
        "inputs": dict(sorted(inputs.items())),
        "outputs": _digests(folder, [name for name in files(folder) if name != MANIFEST]),
    }
    _write(folder, content)


def sign_again(folder: Path, manifest: Mapping[str, Any]) -> None:
    """The manifest with new SHA-256 of what an examination makes anew, and of nothing else."""
    outputs = _digests(folder, filter(is_examined, files(folder)))
    for name, known in manifest["outputs"].items():
        if not is_examined(name):
            outputs[name] = known
    _write(folder, {**manifest, "outputs": dict(sorted(outputs.items()))})


def _digests(folder: Path, names: Iterable[str]) -> dict[str, str]:
    return {name: digest(folder / name) for name in names}


def _write(folder: Path, content: Mapping[str, Any]) -> None:
    (folder / MANIFEST).write_bytes(orjson.dumps(content, option=orjson.OPT_INDENT_2) + b"\n")


def read_manifest(folder: Path) -> dict[str, Any]:
    """manifest.json of an output folder; ExportError where there is none, or another program's."""
    try:
        content = orjson.loads((folder / MANIFEST).read_bytes())
    except (OSError, orjson.JSONDecodeError) as error:
        raise ExportError(
            f"{folder} is not an output of ivig-cdisc: {MANIFEST} cannot be read"
        ) from error
    if not _is_ours(content):
        raise ExportError(
            f"{folder} is not an output of ivig-cdisc: {MANIFEST} is of another program"
        )
    return dict(content)


def formats_of(manifest: Mapping[str, Any]) -> tuple[str, ...]:
    """The formats of an output's datasets; one that does not say them has SAS XPORT files.

    Raises:
        ExportError: it has none that this program knows.
    """
    return known_formats(map(str, manifest.get("formats", ["xpt"])))


def is_output(folder: Path) -> bool:
    """Whether the folder has a manifest of ours."""
    try:
        read_manifest(folder)
    except ExportError:
        return False
    return True


def _is_ours(content: Any) -> bool:
    if not isinstance(content, dict):
        return False
    for key, kind in KEYS.items():
        if not isinstance(content.get(key), kind):
            return False
    digests = (*content["inputs"].values(), *content["outputs"].values())
    return all(isinstance(known, str) for known in digests)


def specs_digest(study: Study) -> str:
    """SHA-256 of what the study's folder says in YAML: names and contents of its files."""
    whole = hashlib.sha256()
    for path in sorted(study.folder.rglob("*.yaml")):
        name = path.relative_to(study.folder).as_posix()
        whole.update(f"{name} {digest(path)}\n".encode())
    return whole.hexdigest()


def digest(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


# ---------------------------------------------------------------- what is there
def files(folder: Path) -> list[str]:
    """All files in a folder by their path in it, links too, in order."""
    return sorted(name for name, is_folder in entries(folder) if not is_folder)


def entries(folder: Path) -> Iterator[tuple[str, bool]]:
    """Everything in a folder by its path in it, and whether it is a folder; a link is none."""

    def refuse(error: OSError) -> None:
        raise error

    for place, folders, names in os.walk(folder, onerror=refuse):
        at = Path(place).relative_to(folder)
        for name in folders:
            yield (at / name).as_posix(), not (folder / at / name).is_symlink()
        yield from (((at / name).as_posix(), False) for name in names)


def why_not_replaced(folder: Path) -> str:
    """Why a folder is not one that a conversion may replace.

    Nothing if it is empty, or an output and nothing else.

    An output is known by its manifest, and holds the files that it lists, and the workbook that
    people fill in.
    """
    if not folder.is_dir():
        return "is not a folder"
    there = dict(sorted(entries(folder)))
    if not there:
        return ""
    try:
        listed = set(read_manifest(folder)["outputs"])
    except ExportError:
        return f"is not an output of ivig-cdisc (it has no {MANIFEST} of ivig-cdisc)"
    known = {*listed, MANIFEST, WORKBOOK, *OPENED}
    folders = {"sdtm", "adam"}
    for name in known:
        folders |= {parent.as_posix() for parent in PurePosixPath(name).parents}
    strange = ""
    for name, is_folder in there.items():
        if name not in (folders if is_folder else known):
            strange = strange or name
    linked = [name for name in there if name in known and (folder / name).is_symlink()]
    first = strange or next(iter(linked), "")
    return f"holds {first}, which is not of ivig-cdisc" if first else ""


# ---------------------------------------------------------------- what does not agree
def altered(folder: Path, manifest: Mapping[str, Any]) -> dict[str, str]:
    """The datasets, lineage and other files that are not as the manifest has them.

    CHANGED, MISSING or ADDED, by path.

    What each examination makes anew is left out, but for the findings, of which the next one takes
    over a part; and so is a file in a folder of which the manifest lists nothing.
    """
    there = set(files(folder))
    found = {}
    folders = set()
    for name in manifest["outputs"]:
        if is_examined(name) and name != FOUND:
            continue
        part, _, inside = name.partition("/")
        if inside and part != "validation":
            folders.add(part)
        if how := how_altered(folder, name, manifest):
            found[name] = how
    for name in there.difference(manifest["outputs"]):
        if name.partition("/")[0] in folders:
            found[name] = ADDED
    return dict(sorted(found.items()))


def how_altered(folder: Path, name: str, manifest: Mapping[str, Any]) -> str:
    """How one file is not as the manifest has it: CHANGED, MISSING or ADDED.

    Nothing where it is.
    """
    listed, path = manifest["outputs"].get(name), folder / name
    if not path.is_file():
        return MISSING if listed else ""
    if listed is None:
        return ADDED
    return "" if digest(path) == listed else CHANGED


def is_examined(name: str) -> bool:
    """Whether each examination makes a file anew."""
    return name.startswith(EXAMINED)
