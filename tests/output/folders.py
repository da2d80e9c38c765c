"""Output folders without a conversion: a few files, and the manifest that lists them."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path


def fill(folder: Path, mark: str = "old") -> None:
    """An output as a conversion leaves it; mark: stands in every file."""
    for name in (
        "sdtm/dm.xpt",
        "lineage/dm.parquet",
        "validation/ledger.json",
        "validation/findings.xlsx",
    ):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(f"{mark} {name}".encode())
    (folder / "manifest.json").write_text(json.dumps(manifest(folder)), "utf-8")


def manifest(folder: Path) -> dict[str, object]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    outputs = {
        p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in files
    }
    outputs.pop("manifest.json", None)
    head = {
        "study": "TINY",
        "cutoff": "2024-12-31",
        "ivig-cdisc": "0.1.0",
        "standards": {},
        "inputs": {},
    }
    return {**head, "outputs": outputs}


def state(folder: Path) -> str:
    """`old` or `new` where the folder is whole, `missing`, or what is wrong with it."""
    if not folder.exists():
        return "missing"
    known = json.loads((folder / "manifest.json").read_bytes())
    if known != manifest(folder):
        return "half"
    marks = {
        path.read_bytes().split()[0].decode()
        for path in folder.rglob("*.*")
        if path.name != "manifest.json"
    }
    return marks.pop() if len(marks) == 1 else "mixed"
