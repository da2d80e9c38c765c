"""Nothing in the checkout says on which machine it was made, where packages came from, or how to get in."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

BEFORE = r"(?<![\w./-])"  # a path starts here; the same letters inside an address do not
LEAKS = {
    "a path of one machine": rf"{BEFORE}/(?:home|Users|root|work|workspace|builds|private|mnt)/[\w.-]+",
    "a path of one Windows machine": r"\b[A-Z]:\\+Users\\+\w+",
    "a package index": r"\b(?:extra[-_])?index[-_]url\b|\bfind[-_]links\b|\btrusted[-_]host\b",
    "a registry host": r"\b(?:pypi\.org|files\.pythonhosted\.org|registry\.npmjs\.org|[\w-]+\.jfrog\.io)\b"
    r"|https?://[^\s/]*(?:artifactory|nexus|devpi)",
    "a private key": r"-----BEGIN [A-Z ]*PRIVATE KEY",
    "an access key": r"\b(?:AKIA[0-9A-Z]{16}|gh[pousr]_\w{30,}|glpat-[\w-]{20,}|sk-[\w-]{24,}|xox[baprs]-[\w-]{10,})",
    "a password in an address": r"\w+://[^\s/:@\"']+:[^\s/:@\"']+@",
    "a password in the clear": r"(?i)\b(?:password|passwd|secret|api_?key|access_?token)\b[\"']?\s*[:=]\s*"
    r"[\"'][^\"'\s]{6,}",
}


def files(checkout: Path) -> Iterator[Path]:
    """What git tracks, and what it would if it were added now."""
    if not (checkout / ".git").exists() or not shutil.which("git"):
        pytest.skip("not a git checkout: there are no tracked files to look at")
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = (
        subprocess.run(listed, cwd=checkout, capture_output=True, check=True)
        .stdout.decode()
        .split("\0")
    )
    yield from (checkout / name for name in names if name and (checkout / name).is_file())


def read(path: Path) -> str:
    """The text of a file; of a binary file, what can be read of it."""
    return path.read_bytes().decode("utf-8", "replace")


@pytest.fixture(scope="module")
def texts(checkout: Path) -> dict[str, str]:
    return {str(path.relative_to(checkout)): read(path) for path in files(checkout)}


@pytest.mark.parametrize("leak", LEAKS)
def test_no_leak(texts: dict[str, str], leak: str) -> None:
    pattern = re.compile(LEAKS[leak])
    found = [
        f"{name}:{text.count(chr(10), 0, match.start()) + 1}: {match[0]}"
        for name, text in texts.items()
        for match in pattern.finditer(text)
    ]
    assert not found


def test_not_this_machine(texts: dict[str, str], checkout: Path) -> None:
    here = [str(place) for place in (checkout.resolve(), Path.home()) if len(place.parts) > 1]
    pattern = re.compile("|".join(rf"{BEFORE}{re.escape(place)}(?![\w-])" for place in here))
    assert not [name for name, text in texts.items() if pattern.search(text)]


@pytest.mark.parametrize("leak", LEAKS)
def test_each_pattern_finds_what_it_is_for(leak: str) -> None:
    """A pattern that finds nothing is worse than none; the samples are put together here so as not to be found."""
    samples = {
        "a path of one machine": "cd /" + "home/someone/study",
        "a path of one Windows machine": "C:" + r"\Users\someone",
        "a package index": "pip install --index" + "-url x",
        "a registry host": "https://pypi" + ".org/simple",
        "a private key": "-----BEGIN RSA " + "PRIVATE KEY-----",
        "an access key": "AKIA" + "ABCDEFGHIJKLMNOP",
        "a password in an address": "https://someone:" + "pass@example.org",
        "a password in the clear": "password" + ' = "open sesame"'.replace(" s", "-s"),
    }
    assert re.search(LEAKS[leak], samples[leak])
    assert not re.search(
        LEAKS[leak],
        "see https://www.cdisc.org/home/standards, out/work, /usr/bin/env and ../shared",
    )
