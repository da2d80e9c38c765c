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
# what stands beside it while a spreadsheet program has it open
OPENED = ("validation/~$findings.xlsx", "validation/.~lock.findings.xlsx#")
FOUND = "validation/findings.json"
# made anew by each examination
EXAMINED = ("validation/report.html", WORKBOOK, "validation/suites/", FOUND)
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
    """Write manifest.json: what the folder was made from, and SHA-256 of every file in it.

    Args:
        folder: the output folder, complete but for the manifest.
        study: the specs that it was made with.
        inputs: SHA-256 of each file of the raw export, by name.
        formats: names of the formats of the datasets.
    """
    outputs = [name for name in files(folder) if name != MANIFEST]
    content = {
        "study": study.id,
        "cutoff": study.cutoff,
        PROGRAM: version(PROGRAM),
        "standards": study.standards,
        "dictionaries": study.dictionaries,
        "specs": specs_digest(study),
        "formats": list(formats),
        "inputs": dict(sorted(inputs.items())),
        "outputs": _digests(folder, outputs),
    }
    _write(folder, content)


def sign_again(folder: Path, manifest: Mapping[str, Any]) -> None:
    """Write the manifest with new SHA-256 of what an examination makes anew, and of nothing else.

    Args:
        folder: the output folder.
        manifest: as it was; it is not changed.
    """
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
    """What an output folder was made from and what it holds.

    Args:
        folder: the output folder.

    Returns:
        The content of manifest.json: study, cutoff, version of the program, standards,
        dictionaries, specs, formats, and the SHA-256 of all inputs and outputs.

    Raises:
        ExportError: there is no manifest.json, or it is another program's.
    """
    try:
        content = orjson.loads((folder / MANIFEST).read_bytes())
    except (OSError, orjson.JSONDecodeError) as error:
        reason = f"{MANIFEST} cannot be read"
        raise ExportError(f"{folder} is not an output of ivig-cdisc: {reason}") from error
    if not _is_ours(content):
        reason = f"{MANIFEST} is of another program"
        raise ExportError(f"{folder} is not an output of ivig-cdisc: {reason}")
    return dict(content)


def formats_of(manifest: Mapping[str, Any]) -> tuple[str, ...]:
    """The formats of an output's datasets; one that does not say them has SAS XPORT files.

    Raises:
        ExportError: it has none that this program knows.
    """
    return known_formats(map(str, manifest.get("formats", ["xpt"])))


def is_output(folder: Path) -> bool:
    """Whether a folder is an output of a conversion.

    Args:
        folder: any path.

    Returns:
        Whether it has a manifest of ours.
    """
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
    """SHA-256 of what the study's folder says in YAML, and in CSV files of tables.

    Args:
        study: its folder is read.

    Returns:
        64 hexadecimal digits, of names and contents of its files.
    """
    whole = hashlib.sha256()
    for path in sorted([*study.folder.rglob("*.yaml"), *study.folder.glob("*.csv")]):
        name = path.relative_to(study.folder).as_posix()
        whole.update(f"{name} {digest(path)}\n".encode())
    return whole.hexdigest()


def digest(path: Path) -> str:
    """SHA-256 of a file.

    Args:
        path: of the file; it is read piece by piece.

    Returns:
        64 hexadecimal digits.
    """
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
        for name in names:
            yield (at / name).as_posix(), False


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
    allowed = {True: folders, False: known}
    strange = [name for name, is_folder in there.items() if name not in allowed[is_folder]]
    linked = [name for name in there if name in known and (folder / name).is_symlink()]
    found = [*strange, *linked]
    if not found:
        return ""
    return f"holds {found[0]}, which is not of ivig-cdisc"


# ---------------------------------------------------------------- what does not agree
def altered(folder: Path, manifest: Mapping[str, Any]) -> dict[str, str]:
    """The datasets, lineage and other files that are not as the manifest has them.

    What each examination makes anew is left out, but for the findings, of which the next one takes
    over a part; and so is a file in a folder of which the manifest lists nothing.

    Args:
        folder: the output folder.
        manifest: its manifest.

    Returns:
        CHANGED, MISSING or ADDED, by path in the folder, in order.
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
    is_there = path.is_file()
    if listed and not is_there:
        return MISSING
    if not is_there:
        return ""
    if listed is None:
        return ADDED
    if digest(path) != listed:
        return CHANGED
    return ""


def is_examined(name: str) -> bool:
    """Whether each examination makes a file anew.

    Args:
        name: its path in the output folder.

    Returns:
        Whether it is a page, a workbook, a suite or a list of findings.
    """
    return name.startswith(EXAMINED)
