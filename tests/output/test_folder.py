"""The output folder: old or new, whole, and only ours."""

from __future__ import annotations

import errno
import json
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ivig_cdisc.errors import ExportError
from ivig_cdisc.output import altered, atomic_folder, carry, claim, exchange, write_file
from ivig_cdisc.output.claim import beside, claimed
from ivig_cdisc.output.manifest import read_manifest, why_not_replaced

from .folders import fill, manifest, state


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """An output that is there; nothing else is in its folder."""
    folder = tmp_path / "place" / "out"
    fill(folder)
    return folder


@pytest.fixture
def umask() -> Iterator[Callable[[int], int]]:
    before = os.umask(0o022)
    yield os.umask
    os.umask(before)


def left(out: Path) -> list[str]:
    return sorted(path.name for path in out.parent.iterdir() if path != out)


def mode(path: Path) -> str:
    return f"{path.stat().st_mode & 0o777:03o}"


# ---------------------------------------------------------------- only ours
NO_MANIFEST = "is not an output of ivig-cdisc (it has no manifest.json of ivig-cdisc)"


def test_an_output_can_be_replaced(out: Path) -> None:
    with atomic_folder(out, overwrite=True) as folder:
        fill(folder, "new")
    assert state(out) == "new"
    assert left(out) == []


@pytest.mark.parametrize(
    "content",
    [
        {"name": "web", "version": "1.0.0"},  # of a web project
        [1],
        {
            **{key: {} for key in ("study", "cutoff", "ivig-cdisc", "standards", "inputs")},
            "outputs": {},
        },
        {
            "study": "X",
            "cutoff": "2024-01-01",
            "ivig-cdisc": "0.1.0",
            "standards": {},
            "inputs": {},
            "outputs": {"a": 1},
        },
    ],
)
def test_a_manifest_of_another_program(tmp_path: Path, content: object) -> None:
    (tmp_path / "manifest.json").write_text(json.dumps(content), "utf-8")
    assert why_not_replaced(tmp_path) == NO_MANIFEST


@pytest.mark.parametrize("text", [b"", b"{", b"\xff\xfe", b"null"])
def test_a_manifest_that_is_none(tmp_path: Path, text: bytes) -> None:
    (tmp_path / "manifest.json").write_bytes(text)
    assert why_not_replaced(tmp_path) == NO_MANIFEST


@pytest.mark.parametrize(
    "stranger",
    [
        "notes.txt",
        "sdtm/stale.xpt",
        "validation/findings (answered).xlsx",
        "validation/suites/own.json",
        "a/b/c",
    ],
)
def test_a_stranger_is_named(out: Path, stranger: str) -> None:
    (out / stranger).parent.mkdir(parents=True, exist_ok=True)
    (out / stranger).write_bytes(b"mine")
    first = (
        "a" if stranger == "a/b/c" else stranger.replace("suites/own.json", "suites")
    )  # the folder is a stranger
    assert why_not_replaced(out) == f"holds {first}, which is not of ivig-cdisc"
    with pytest.raises(ExportError, match="it is not replaced"), atomic_folder(out, overwrite=True):
        pytest.fail("it must be refused before anything is made")
    assert (out / stranger).read_bytes() == b"mine"
    assert left(out) == []


def test_a_stranger_that_comes_while_it_is_written(out: Path) -> None:
    with pytest.raises(ExportError, match=r"holds notes\.txt"), atomic_folder(out, overwrite=True):
        (out / "notes.txt").write_bytes(b"mine")
    assert (out / "notes.txt").read_bytes() == b"mine"
    assert left(out) == []


def test_what_people_fill_in_is_no_stranger(out: Path) -> None:
    (out / "validation" / "findings.xlsx").write_bytes(b"answered")
    assert why_not_replaced(out) == ""


def test_links_lead_nowhere(out: Path, tmp_path: Path) -> None:
    """A listed name that has become a link, and a linked folder, are strangers; what they point at stays."""
    real = tmp_path / "real"
    real.mkdir()
    (real / "thesis.docx").write_bytes(b"years of work")
    (out / "linked").symlink_to(real)
    assert why_not_replaced(out) == "holds linked, which is not of ivig-cdisc"
    (out / "linked").unlink()
    (out / "sdtm" / "dm.xpt").rename(real / "dm.xpt")
    (out / "sdtm" / "dm.xpt").symlink_to(real / "dm.xpt")
    assert why_not_replaced(out) == "holds sdtm/dm.xpt, which is not of ivig-cdisc"


def test_an_output_that_is_a_link(out: Path, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(out)
    with atomic_folder(link, overwrite=True) as folder:
        fill(folder, "new")
    assert link.is_symlink()
    assert state(out) == "new"


def test_an_empty_folder(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    with atomic_folder(out, overwrite=True) as folder:
        fill(folder, "new")
    assert state(out) == "new"


# ---------------------------------------------------------------- old or new
def put(out: Path) -> None:
    with atomic_folder(out, overwrite=True) as folder:
        fill(folder, "new")


def unable(_one: Path, _other: Path) -> bool:
    """A system without an exchange at one stroke."""
    return False


@contextmanager
def failing(monkeypatch: pytest.MonkeyPatch, name: str, at: int, error: int) -> Iterator[None]:
    """The call of this number of a method of Path fails."""
    real, calls = getattr(Path, name), [0]

    def fail(path: Path, *arguments: object, **more: object) -> object:
        calls[0] += 1
        if calls[0] >= at:
            raise OSError(error, os.strerror(error), str(path))
        return real(path, *arguments, **more)

    with monkeypatch.context() as patched:
        patched.setattr(Path, name, fail)
        yield


ERRORS = [errno.EIO, errno.EACCES, errno.ENOSPC, errno.EBUSY, errno.EROFS, errno.EXDEV, errno.EPERM]


@pytest.mark.parametrize("error", ERRORS)
@pytest.mark.parametrize("step", ["exchange", "first rename", "second rename"])
def test_a_rename_fails(monkeypatch: pytest.MonkeyPatch, out: Path, step: str, error: int) -> None:
    """Each of the renames fails with each error; the second is put back."""
    if step == "exchange":

        def fail(_one: Path, _other: Path) -> bool:
            raise OSError(error, os.strerror(error), str(out))

        monkeypatch.setattr(exchange, "swap", fail)
        with pytest.raises(ExportError, match=os.strerror(error)):
            put(out)
    else:
        monkeypatch.setattr(exchange, "swap", unable)
        real = Path.rename

        def rename(path: Path, to: Path) -> Path:
            if path.name == (out.name if step == "first rename" else claim.NEW):
                raise OSError(error, os.strerror(error), str(path))
            return real(path, to)

        monkeypatch.setattr(Path, "rename", rename)
        with pytest.raises(ExportError, match=f"{os.strerror(error)}; {out} is as it was"):
            put(out)
    assert state(out) == "old"
    assert left(out) == []


def test_two_renames_do_as_well(monkeypatch: pytest.MonkeyPatch, out: Path) -> None:
    monkeypatch.setattr(exchange, "swap", unable)
    put(out)
    assert state(out) == "new"
    assert left(out) == []


def test_it_is_said_where_everything_is(monkeypatch: pytest.MonkeyPatch, out: Path) -> None:
    """Neither the new nor the old folder can be put there; the next run puts the old one back."""
    monkeypatch.setattr(exchange, "swap", unable)
    place = beside(out)
    said = f"it is whole in {place / 'old'}, and the new folder is whole in {place / 'new'}"
    with failing(monkeypatch, "rename", 2, errno.EIO), pytest.raises(ExportError, match=said):
        put(out)
    assert state(place / "old") == "old"
    assert state(place / "new") == "new"
    with pytest.raises(ExportError, match="say --overwrite"), atomic_folder(out, overwrite=False):
        pytest.fail("the old one is there again")
    assert state(out) == "old"
    assert left(out) == []


@pytest.mark.skipif(
    not hasattr(exchange.ctypes.CDLL(None), "renameat2"), reason="no renameat2 here"
)
def test_swap_is_at_one_stroke(tmp_path: Path) -> None:
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        (tmp_path / name / name).touch()
    if not exchange.swap(tmp_path / "one", tmp_path / "other"):
        pytest.skip("this file system cannot")
    assert (tmp_path / "one" / "other").exists()
    assert (tmp_path / "other" / "one").exists()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_waits_until_it_is_in_place(
    monkeypatch: pytest.MonkeyPatch, out: Path, number: int
) -> None:
    monkeypatch.setattr(exchange, "swap", unable)
    real = Path.rename

    def rename(path: Path, to: Path) -> Path:
        signal.raise_signal(number)
        return real(path, to)

    def stop(_number: int, _frame: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "rename", rename)
    before = signal.signal(number, stop)
    try:
        with pytest.raises(KeyboardInterrupt):
            put(out)
    finally:
        signal.signal(number, before)
    assert state(out) == "new"
    assert left(out) == []


# ---------------------------------------------------------------- one run at a time
def test_the_second_of_two_runs_refuses(tmp_path: Path) -> None:
    out = tmp_path / "out"
    with atomic_folder(out, overwrite=False) as folder:
        fill(folder, "new")
        with (
            pytest.raises(ExportError, match=f"another run is writing {out}; wait"),
            atomic_folder(out, overwrite=True),
        ):
            pytest.fail("two at a time")
    assert state(out) == "new"
    assert left(out) == []


def test_of_many_runs_at_once_one_wins(tmp_path: Path) -> None:
    out, ready, outcomes = tmp_path / "out", threading.Barrier(8), list[str]()

    def run() -> None:
        ready.wait()
        try:
            with atomic_folder(out, overwrite=False) as folder:
                fill(folder, "new")
        except ExportError as error:
            outcomes.append(str(error))
        else:
            outcomes.append("done")

    for _ in range(20):
        threads = [threading.Thread(target=run) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert outcomes.count("done") == 1, outcomes
        assert state(out) == "new"
        assert left(out) == []
        outcomes.clear()
        with claimed(out):
            out.rename(tmp_path / "away")
        for path in sorted((tmp_path / "away").rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() else path.unlink()
        (tmp_path / "away").rmdir()


@pytest.mark.parametrize(
    "inside", [(), ("lock",), ("lock", "new"), ("new",), ("lock", "new", "old")]
)
def test_what_a_killed_run_left(
    out: Path, inside: tuple[str, ...], caplog: pytest.LogCaptureFixture
) -> None:
    place = beside(out)
    place.mkdir()
    for name in inside:
        (place / name).touch() if name == "lock" else fill(place / name, name)
    put(out)
    assert state(out) == "new"
    assert left(out) == []
    told = f"{place}: left by a run that was killed; removed"
    assert [record.getMessage() for record in caplog.records] == (
        [told] if {"new", "old"} & set(inside) else []
    )


def test_what_is_not_ours_is_not_removed(out: Path) -> None:
    place = beside(out)
    place.mkdir()
    (place / "thesis.docx").write_bytes(b"years of work")
    with pytest.raises(ExportError, match="is in the way and not of ivig-cdisc"):
        put(out)
    assert (place / "thesis.docx").read_bytes() == b"years of work"
    assert state(out) == "old"


def test_without_locks_what_is_there_may_be_in_use(
    monkeypatch: pytest.MonkeyPatch, out: Path
) -> None:
    """As on some network file systems; a run with nothing beside it goes on."""
    monkeypatch.setattr(claim, "fcntl", None)
    put(out)
    assert state(out) == "new"
    beside(out).mkdir()
    with pytest.raises(ExportError, match="if no other run is writing"):
        put(out)


# ---------------------------------------------------------------- who may read it
@pytest.mark.parametrize(
    ("mask", "folder", "file"),
    [(0o022, "755", "644"), (0o077, "700", "600"), (0o027, "750", "640")],
)
def test_umask_is_honoured(
    tmp_path: Path, umask: Callable[[int], int], mask: int, folder: str, file: str
) -> None:
    umask(mask)
    out = tmp_path / "out"
    with atomic_folder(out, overwrite=False) as new:
        fill(new)
    write_file(tmp_path / "page.html", b"x")
    assert (mode(out), mode(out / "sdtm"), mode(out / "sdtm" / "dm.xpt")) == (folder, folder, file)
    assert mode(tmp_path / "page.html") == file


def test_what_was_narrow_stays_narrow(out: Path, umask: Callable[[int], int]) -> None:
    umask(0o022)
    out.chmod(0o750)
    put(out)
    assert mode(out) == "750"
    page = out.parent / "page.html"
    page.touch(0o600)
    write_file(page, b"page")
    assert mode(page) == "600"


# ---------------------------------------------------------------- one file
def test_a_file_appears_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = tmp_path / "page.html"
    page.write_bytes(b"page, old")
    with (
        failing(monkeypatch, "replace", 1, errno.EIO),
        pytest.raises(ExportError, match="Input/output error"),
    ):
        write_file(page, b"page, new")
    assert page.read_bytes() == b"page, old"
    write_file(page, b"page, new")
    assert page.read_bytes() == b"page, new"
    assert left(page) == []


def test_a_file_behind_a_link(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "page.html")
    write_file(tmp_path / "link", b"new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "page.html").read_bytes() == b"new"


def test_a_file_in_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="there is no folder"):
        write_file(tmp_path / "misspelt" / "page.html", b"x")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("there", [b"id: ABC123\n", b"USUBJID,AGE\n", b"PK\x03\x04"])
def test_a_file_of_another_kind_is_not_replaced(tmp_path: Path, there: bytes) -> None:
    page = tmp_path / "page.html"
    page.write_bytes(there)
    with pytest.raises(
        ExportError, match=r"page\.html exists and is a file of another kind; it is not replaced"
    ):
        write_file(page, b"<!doctype html>")
    assert page.read_bytes() == there


def test_no_file_is_written_into_an_output_folder(out: Path) -> None:
    with pytest.raises(
        ExportError, match=r"is in an output folder \(it has a manifest\.json\); write it elsewhere"
    ):
        write_file(out / "validation" / "page.html", b"<!doctype html>")
    assert not (out / "validation" / "page.html").exists()


def test_a_full_device() -> None:
    with pytest.raises(ExportError, match="No space left on device"):
        write_file(Path("/dev/full"), b"x")


# ---------------------------------------------------------------- what does not agree
def test_altered_files(out: Path) -> None:
    known = read_manifest(out)
    assert altered(out, known) == {}
    (out / "sdtm" / "dm.xpt").write_bytes(b"x")
    (out / "sdtm" / "ae.xpt").write_bytes(b"x")
    (out / "lineage" / "dm.parquet").unlink()
    (out / "validation" / "findings.xlsx").write_bytes(b"answered")
    (out / "notes.txt").write_bytes(b"of no dataset")
    assert altered(out, known) == {
        "lineage/dm.parquet": "is missing",
        "sdtm/ae.xpt": "was added",
        "sdtm/dm.xpt": "was changed",
    }


def test_what_is_carried_is_the_same_file(out: Path, tmp_path: Path) -> None:
    (out / "empty").mkdir()
    (out / "link").symlink_to("manifest.json")
    new = tmp_path / "new"
    new.mkdir()
    carry(out, new, leaving=lambda name: name.endswith(".json"))
    assert (new / "sdtm" / "dm.xpt").samefile(out / "sdtm" / "dm.xpt")
    assert (new / "link").readlink() == Path("manifest.json")
    assert (new / "empty").is_dir()
    assert list(manifest(new)["outputs"]) == [
        "lineage/dm.parquet",
        "sdtm/dm.xpt",
        "validation/findings.xlsx",
    ]  # type: ignore[call-overload]
